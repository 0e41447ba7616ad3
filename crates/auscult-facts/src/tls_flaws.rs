//! Flaws that implementations of the TLS handshake are known for, as far as a stranger can show them.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one TLS endpoint did when it was asked as if it had a known flaw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFlawsFacts {
    /// Whether TLS 1.2 or an older version is accepted; all that follows belongs to those.
    pub old_version: Answer<bool>,
    /// What became of heartbeats (RFC 6520).
    pub heartbeat: Answer<Heartbeat>,
    /// Whether a ChangeCipherSpec message was taken before there was a key (CVE-2014-0224).
    pub early_change: Answer<bool>,
    /// What the answers tell about a secret that is encrypted with RSA.
    pub rsa: Answer<RsaAnswers>,
    /// What became of a session id of 31 bytes beside a session ticket.
    pub ticket: Answer<Ticket>,
}

impl Facts for TlsFlawsFacts {
    const KIND: &'static str = "tls-flaws";
    const SCOPE: Scope = Scope::Tls;
}

/// What became of heartbeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Heartbeat {
    /// It does not agree to heartbeats.
    NotOffered,
    /// It agrees to them and did not answer a right one.
    Unanswered,
    /// It answered a right one, and dropped one that announced more than it held.
    LengthChecked,
    /// It answered one that had too little padding, and dropped one that announced more than it held.
    PaddingIgnored,
    /// It answered one that announced four bytes more than it held with as many (CVE-2014-0160).
    LengthIgnored,
}

/// What the answers to well and badly padded secrets tell about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RsaAnswers {
    /// It refuses every suite that encrypts the secret with RSA.
    NoRsa,
    /// All were answered alike.
    Alike,
    /// Only a secret with right padding and length was answered differently.
    TellRight,
    /// Different faults of the padding were answered differently.
    TellFaults,
}

/// What became of a session id of 31 bytes beside a session ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ticket {
    /// It gives no session tickets.
    None,
    /// It sent back just these 31 bytes.
    Echoed,
    /// It did not take the ticket, and sent another session id or none.
    Declined,
    /// It sent these 31 bytes back with another one behind them (CVE-2016-9244).
    Longer,
}
