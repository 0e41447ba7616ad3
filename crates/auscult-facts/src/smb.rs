//! Which dialects of SMB a file server speaks, and whether messages have to be signed.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one SMB service showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmbFacts {
    /// What it made of `NT LM 0.12`, the dialect of SMB 1.
    pub first_version: Answer<FirstVersion>,
    /// What it chose of SMB 2 and 3.
    pub newer: Answer<Negotiated>,
}

/// What a server made of SMB 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstVersion {
    /// It chose it.
    Accepted,
    /// It said that it speaks it not.
    Refused,
    /// It ended the connection without a word, as servers without SMB 1 do.
    HungUp,
}

/// What a server chose when it was offered every dialect from SMB 2.0.2 to 3.0.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Negotiated {
    /// It chose one.
    Chose {
        /// Dialect, such as `0x0302`.
        dialect: u16,
        /// Whether it demands that messages are signed.
        signing_required: bool,
    },
    /// It refused all of them.
    Refused {
        /// Status of Windows NT.
        status: u32,
    },
}

impl Facts for SmbFacts {
    const KIND: &'static str = "smb";
    const SCOPE: Scope = Scope::Protocols(&["smb"]);
}
