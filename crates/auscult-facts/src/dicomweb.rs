//! What a DICOMweb service (PS3.18) gives to a stranger.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one DICOMweb service showed to a client without a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DicomwebFacts {
    /// Base path that was asked.
    pub base: String,
    /// Searches (QIDO-RS) by level (`studies`, `series`, `instances`), each for one match.
    pub searches: BTreeMap<String, Answer<Reply>>,
    /// Retrieval (WADO-RS) of the metadata of one study.
    pub retrieval: Retrieval,
}

/// A retrieval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retrieval {
    /// Whether the study was one that a search gave away; else one of a UID that nobody has. It is never written down.
    pub known: bool,
    /// What it gave.
    pub reply: Answer<Reply>,
}

impl Facts for DicomwebFacts {
    const KIND: &'static str = "dicomweb";
    const SCOPE: Scope = Scope::Protocols(&["dicomweb"]);
}

/// An answer by its status and kind: counts, never contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// What the body is.
    pub body: Body,
    /// Data sets in it; a lower bound where it was cut.
    #[serde(default)]
    pub entries: u32,
    /// Whether it was longer than was read.
    #[serde(default)]
    pub cut: bool,
}

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// A list of data sets in the JSON model (PS3.18, annex F), or parts that hold them; it may be empty.
    Datasets,
    /// Nothing.
    Empty,
    /// Anything else.
    Other,
}

impl Reply {
    /// Whether a stranger was given what was asked for, be it an empty list: 204 is a search without a match
    /// (PS3.18, section 10.6.3.1).
    pub const fn given(&self) -> bool {
        match self.body {
            Body::Datasets => self.status >= 200 && self.status < 300,
            Body::Empty => self.status == 204,
            Body::Other => false,
        }
    }

    /// Whether it demanded authorisation: 401 or 403.
    pub const fn refused(&self) -> bool {
        matches!(self.status, 401 | 403)
    }

    /// Whether the server says that it does not offer this: 404, 405, 410 or 501.
    pub const fn not_offered(&self) -> bool {
        matches!(self.status, 404 | 405 | 410 | 501)
    }
}
