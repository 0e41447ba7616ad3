//! What an HL7 v2 receiver takes from a stranger, over MLLP or within HTTP.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// The word for HL7 v2 in bodies of HTTP.
pub const WITHIN_HTTP: &str = "hl7-http";

/// What one receiver showed to a sender it does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hl7Facts {
    /// Whether it was spoken to inside TLS.
    pub tls: bool,
    /// Whether the TLS session was ended because no client certificate was shown.
    #[serde(default)]
    pub client_certificate_demanded: bool,
    /// Whether HTTP refused the message for want of credentials (status 401 or 403).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub credentials_demanded: bool,
    /// What it said to a query of an unknown application of an unknown facility.
    pub stranger: Answer<Reply>,
}

impl Facts for Hl7Facts {
    const KIND: &'static str = "hl7";
    const SCOPE: Scope = Scope::Protocols(&["hl7-mllp", WITHIN_HTTP]);
}

/// One HL7 message in answer; codes and kinds only, never its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// MSA-1; `None` when the message has no acknowledgement.
    pub code: Option<AckCode>,
    /// What it names as its reason.
    pub reason: Reason,
    /// Whether MSA-2 repeats the control id of the query.
    pub answers_query: bool,
}

/// An acknowledgement code (HL7 table 0008).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AckCode {
    /// Application accept.
    #[serde(rename = "AA")]
    ApplicationAccept,
    /// Application error.
    #[serde(rename = "AE")]
    ApplicationError,
    /// Application reject.
    #[serde(rename = "AR")]
    ApplicationReject,
    /// Commit accept.
    #[serde(rename = "CA")]
    CommitAccept,
    /// Commit error.
    #[serde(rename = "CE")]
    CommitError,
    /// Commit reject.
    #[serde(rename = "CR")]
    CommitReject,
}

impl AckCode {
    /// As it stands in MSA-1.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ApplicationAccept => "AA",
            Self::ApplicationError => "AE",
            Self::ApplicationReject => "AR",
            Self::CommitAccept => "CA",
            Self::CommitError => "CE",
            Self::CommitReject => "CR",
        }
    }

    /// The code that a word stands for.
    pub fn from_word(word: &[u8]) -> Option<Self> {
        match word {
            b"AA" => Some(Self::ApplicationAccept),
            b"AE" => Some(Self::ApplicationError),
            b"AR" => Some(Self::ApplicationReject),
            b"CA" => Some(Self::CommitAccept),
            b"CE" => Some(Self::CommitError),
            b"CR" => Some(Self::CommitReject),
            _ => None,
        }
    }

    /// Whether the message was taken.
    pub const fn accepts(self) -> bool {
        matches!(self, Self::ApplicationAccept | Self::CommitAccept)
    }

    /// Whether it was turned down as a whole.
    pub const fn rejects(self) -> bool {
        matches!(self, Self::ApplicationReject | Self::CommitReject)
    }
}

/// What an acknowledgement names as its reason, told from error codes, error locations and words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It names none.
    Unsaid,
    /// The sending application or facility.
    Sender,
    /// The receiving application or facility.
    Receiver,
    /// The message type, event, version or processing id.
    Message,
    /// Something else.
    Other,
}
