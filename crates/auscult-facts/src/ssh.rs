//! What an SSH server offers to somebody who only knocks.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::credentials::Accounts;
use crate::{Answer, Facts, Scope};

/// What one SSH service showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SshFacts {
    /// Version of the protocol in its identification: `2.0`, or `1.99` where it speaks 1 as well.
    pub protocol: String,
    /// Software in its identification, at most 120 characters, hostile.
    #[serde(default)]
    pub software: Option<String>,
    /// What it offers; names are hostile, printable, and at most 96 characters long.
    pub algorithms: Answer<Algorithms>,
    /// Its host keys, one for each kind that it offers and that could be asked for.
    #[serde(default)]
    pub host_keys: BTreeMap<KeyKind, Answer<HostKey>>,
    /// What it said to a login as `root` that shows nothing.
    pub root: Answer<Login>,
    /// What it said to accounts that products are shipped with.
    pub accounts: Answer<Accounts>,
}

impl Facts for SshFacts {
    const KIND: &'static str = "ssh";
    const SCOPE: Scope = Scope::Protocols(&["ssh"]);
}

/// The lists of a server; where the two directions differ, both are in one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Algorithms {
    /// Key exchange methods, with the names by which extensions are announced.
    pub key_exchange: Vec<String>,
    /// Kinds of host key and signature.
    pub host_key: Vec<String>,
    /// Ciphers.
    pub cipher: Vec<String>,
    /// MACs.
    pub mac: Vec<String>,
    /// Compression.
    pub compression: Vec<String>,
}

/// A kind of host key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// RSA.
    Rsa,
    /// DSA.
    Dsa,
    /// ECDSA on a curve of NIST.
    Ecdsa,
    /// Ed25519.
    Ed25519,
}

impl KeyKind {
    /// All, in the order in which they are asked for.
    pub const ALL: [Self; 4] = [Self::Ed25519, Self::Ecdsa, Self::Rsa, Self::Dsa];

    /// As people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Dsa => "DSA",
            Self::Ecdsa => "ECDSA",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// Names under which it is offered, with those of the signatures made by it.
    pub const fn offered_as(self) -> &'static [&'static str] {
        match self {
            Self::Rsa => &["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"],
            Self::Dsa => &["ssh-dss"],
            Self::Ecdsa => &["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"],
            Self::Ed25519 => &["ssh-ed25519"],
        }
    }
}

/// A public host key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostKey {
    /// Bits of modulus, prime or curve.
    pub bits: u32,
    /// SHA-256 of the key as ssh-keygen shows it: Base64 without padding.
    pub sha256: String,
}

/// What a server says to a login without any proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Login {
    /// It let us in.
    Open,
    /// It wants one of these methods.
    Wants(BTreeSet<String>),
}
