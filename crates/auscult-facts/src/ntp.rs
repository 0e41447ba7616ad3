//! What an NTP server tells strangers beside the time.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one server showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NtpFacts {
    /// How far it is from a clock, in answer to a client.
    pub stratum: Answer<u8>,
    /// What it said to a question for its variables (mode 6).
    pub variables: Answer<Told>,
    /// What it said to a question for its recent clients (mode 7).
    pub clients: Answer<Told>,
}

impl Facts for NtpFacts {
    const KIND: &'static str = "ntp";
    const SCOPE: Scope = Scope::Protocols(&["ntp"]);
}

/// What came of a question about the server itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Error code; 0 when it answered.
    pub error: u8,
    /// Bytes that were sent to it.
    pub asked: u64,
    /// Bytes that it sent.
    pub answered: u64,
}
