//! What a DTLS server agrees to, as far as it says so before keys are agreed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// A version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Version {
    /// DTLS 1.0, which is TLS 1.1 in datagrams.
    #[serde(rename = "1.0")]
    V10,
    /// DTLS 1.2.
    #[serde(rename = "1.2")]
    V12,
}

impl Version {
    /// As people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V10 => "1.0",
            Self::V12 => "1.2",
        }
    }
}

/// What one server showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DtlsFacts {
    /// What it did before the client had shown that it can be reached at its address.
    pub proof: Answer<Proof>,
    /// What it said to a hello that offers one version, with all suites that are not broken.
    pub versions: BTreeMap<Version, Answer<Reply>>,
    /// What it said to a hello that offers only suites that give next to no protection.
    pub broken: Answer<Reply>,
}

impl DtlsFacts {
    /// Whether it agreed to any hello: without that, refusals prove nothing.
    pub fn agrees(&self) -> bool {
        self.versions.values().any(|v| matches!(v.seen(), Some(Reply::Agreed { .. })))
    }
}

impl Facts for DtlsFacts {
    const KIND: &'static str = "dtls";
    const SCOPE: Scope = Scope::Tls;
}

/// What a server does before the client has shown that it can be reached at its address (RFC 6347, section 4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Whether it asks for its cookie back.
    pub cookie: bool,
    /// Bytes that were sent to it.
    pub asked: u64,
    /// Bytes that it sent before.
    pub answered: u64,
}

/// What a server said to a hello.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// It said hello.
    Agreed {
        /// Version, as on the wire.
        version: u16,
        /// Suite, as on the wire.
        suite: u16,
        /// Name of the suite at IANA, where it is known.
        name: String,
    },
    /// It refused with an alert.
    Refused {
        /// Description of the alert.
        alert: u8,
    },
    /// It asked for its cookie back and then said nothing.
    Dropped,
}
