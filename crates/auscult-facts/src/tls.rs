//! What a TLS endpoint offers, chooses, proves and demands.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// A version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Version {
    /// SSL 2.0 (prohibited by RFC 6176).
    #[serde(rename = "ssl-2")]
    Ssl2,
    /// SSL 3.0 (deprecated by RFC 7568).
    #[serde(rename = "ssl-3")]
    Ssl3,
    /// TLS 1.0 (deprecated by RFC 8996).
    #[serde(rename = "tls-1.0")]
    Tls10,
    /// TLS 1.1 (deprecated by RFC 8996).
    #[serde(rename = "tls-1.1")]
    Tls11,
    /// TLS 1.2 (RFC 5246).
    #[serde(rename = "tls-1.2")]
    Tls12,
    /// TLS 1.3 (RFC 8446).
    #[serde(rename = "tls-1.3")]
    Tls13,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 6] = [Self::Ssl2, Self::Ssl3, Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13];

    /// As people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ssl2 => "SSL 2",
            Self::Ssl3 => "SSL 3",
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        }
    }
}

/// What one TLS endpoint showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFacts {
    /// Whether each version was accepted; a version that is absent was not asked for.
    pub versions: BTreeMap<Version, Answer<bool>>,
    /// Version chosen when all from TLS 1.0 to 1.3 are offered together (with `touch` TLS 1.2 and 1.3, as an ordinary
    /// client does).
    pub chosen: Answer<Version>,
    /// Suites seen accepted, by version, the preferred one first.
    ///
    /// At verdict depth: the preferred one of each version and those of the probes below; at inventory depth all.
    pub suites: BTreeMap<Version, Vec<Suite>>,
    /// Whether `suites` is all that the server accepts.
    pub inventory: bool,
    /// Accepted suites out of an offer of broken ones only: anonymous, NULL, export, RC2, RC4, DES, 3DES, MD5 (up to TLS 1.2).
    ///
    /// Suites that an older version chose count, too. Empty where only TLS 1.3 is accepted.
    pub broken_suites: Answer<Vec<Suite>>,
    /// Accepted suites out of an offer without forward secrecy (static RSA, static DH) or without AEAD (CBC) in TLS 1.2.
    ///
    /// Suites that an older version chose count, too, broken ones never. Empty where only TLS 1.3 is accepted.
    pub dated_suites: Answer<Vec<Suite>>,
    /// Whether the server keeps its own order of suites.
    pub server_order: Answer<bool>,
    /// Key exchange groups seen accepted.
    pub groups: Answer<Vec<Group>>,
    /// Accepted groups out of an offer of curves below 255 bits only; without this answer `groups` shows no absence.
    #[serde(default = "not_asked")]
    pub weak_groups: Answer<Vec<Group>>,
    /// Size of the smallest finite-field Diffie-Hellman prime seen, in bits; `None` where no such suite is accepted.
    pub dh_bits: Answer<Option<u32>>,
    /// Whether X25519MLKEM768 or another hybrid with ML-KEM is accepted in TLS 1.3.
    pub post_quantum: Answer<bool>,
    /// Whether secure renegotiation is signalled (RFC 5746) up to TLS 1.2; `NoOccasion` where only TLS 1.3 is
    /// accepted, which has no renegotiation.
    pub secure_renegotiation: Answer<bool>,
    /// Whether a compression method other than null was chosen; `NoOccasion` where only TLS 1.3 is accepted, which
    /// has no compression.
    pub compression: Answer<bool>,
    /// Whether a fallback to an older version with TLS_FALLBACK_SCSV is refused (RFC 7507); `NoOccasion` with one version.
    ///
    /// Asked with the newest version but one that is accepted.
    pub fallback_refused: Answer<bool>,
    /// Whether a client certificate is asked for or demanded, by the most lenient version that is accepted.
    pub client_certificate: Answer<ClientCertificate>,
    /// Certificates as sent, the server's own first.
    pub chain: Answer<Vec<Certificate>>,
    /// What path building against the scenario's trust anchors found.
    pub path: Answer<Path>,
    /// Whether a certificate status was stapled up to TLS 1.2.
    pub stapled: Answer<bool>,
    /// What is known of whether the certificates are revoked.
    #[serde(default = "revocation_not_asked")]
    pub revocation: Answer<Revocation>,
    /// Protocol chosen by ALPN among `h2` and `http/1.1`.
    #[serde(default)]
    pub alpn: Option<String>,
}

fn not_asked() -> Answer<Vec<Group>> {
    Answer::NotAsked(crate::NotAsked::Depth)
}

fn revocation_not_asked() -> Answer<Revocation> {
    Answer::NotAsked(crate::NotAsked::Depth)
}

impl Facts for TlsFacts {
    const KIND: &'static str = "tls";
    const SCOPE: Scope = Scope::Tls;
}

/// A cipher suite.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// Code point (SSL 2 kinds have three bytes).
    pub code: u32,
    /// IANA name, or the code in hex where it has none.
    pub name: String,
}

/// A key exchange group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Code point.
    pub code: u16,
    /// IANA name.
    pub name: String,
    /// Size of the field in bits (256 for secp256r1, 2048 for ffdhe2048; 255 for x25519 and its hybrids).
    pub bits: u32,
}

/// How a server treats a client that shows no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientCertificate {
    /// It does not ask for one.
    NotAsked,
    /// It asks, and goes on without one.
    Asked,
    /// It refuses to go on without one.
    Demanded,
}

/// A certificate as data; strings are hostile and cut to 200 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// SHA-256 of the DER form, hex.
    pub sha256: String,
    /// SHA-256 of the public key (SubjectPublicKeyInfo), hex.
    pub key_sha256: String,
    /// Not valid before.
    pub not_before: Timestamp,
    /// Not valid after.
    pub not_after: Timestamp,
    /// DNS names and IP addresses of the subject alternative name, at most 100.
    pub names: Vec<String>,
    /// `rsa`, `ec`, `ed25519`, `dsa` or an object identifier.
    pub key_algorithm: String,
    /// Size of the key in bits.
    pub key_bits: u32,
    /// Signature algorithm, such as `sha256-rsa`, `sha1-rsa`, `md5-rsa`, `ecdsa-sha256`, `ed25519`, or an object identifier.
    pub signature: String,
    /// Subject and issuer are the same.
    pub self_issued: bool,
    /// Marked as an authority.
    pub ca: bool,
    /// Whether the extended key usage allows server authentication; `None` without that extension.
    #[serde(default)]
    pub server_auth: Option<bool>,
}

/// What path building found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Path {
    /// A path to one of the scenario's trust anchors, its times set aside (they are judged by themselves).
    Anchored,
    /// The server's own certificate is signed by itself and is no anchor.
    SelfSigned,
    /// No path to any of the anchors given.
    UnknownIssuer,
    /// A signature on the path does not verify, or a certificate could not be read.
    Broken,
    /// The scenario names no trust anchors, and the certificate is not self-signed.
    NoAnchors,
}

/// What is known of whether the certificates of a chain are revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Whether the server's own certificate demands that a status is stapled (RFC 7633).
    pub must_staple: bool,
    /// The status that was stapled when one was asked for; `None` where there was none.
    pub staple: Answer<Option<Staple>>,
    /// Lists of the scenario that speak for certificates of the chain and were signed by their issuers.
    pub lists: Vec<Listing>,
    /// Whether the certificate that issued the server's own is known: sent along, or an anchor of the scenario.
    pub issuer_known: bool,
}

/// A stapled status (RFC 6960).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staple {
    /// What it says of the server's own certificate.
    pub says: StapleSays,
    /// Who has signed it.
    pub signed: StapleSigned,
    /// When this was known to be so.
    #[serde(default)]
    pub this_update: Option<Timestamp>,
    /// When newer information will be there.
    #[serde(default)]
    pub next_update: Option<Timestamp>,
}

/// What a stapled status says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StapleSays {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked,
    /// Not known to the responder.
    Unknown,
    /// Nothing of this certificate.
    OtherCertificate,
    /// The responder had no answer.
    Refused,
    /// It cannot be read.
    Unreadable,
}

/// Who has signed a stapled status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StapleSigned {
    /// The authority that issued the certificate.
    Issuer,
    /// Somebody whom that authority made a responder.
    Delegate,
    /// Nobody who may.
    Nobody,
    /// It was not verified: the issuer is not known, the algorithm is not at hand, or there is no signature.
    Unverified,
}

/// What a list of revoked certificates says of one certificate of the chain (RFC 5280, section 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Which certificate; 0 is the server's own.
    pub certificate: u32,
    /// Whether it stands on the list.
    pub revoked: bool,
    /// Whether it stands there for the time being only.
    #[serde(default)]
    pub on_hold: bool,
    /// When the list was made.
    pub this_update: Timestamp,
    /// When the next one will be there.
    #[serde(default)]
    pub next_update: Option<Timestamp>,
}
