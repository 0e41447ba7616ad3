//! What a FHIR API tells and grants to a stranger.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one FHIR API showed to a client without a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FhirFacts {
    /// Base path that was asked.
    pub base: String,
    /// The capability statement, which is meant to be open.
    pub metadata: Answer<Metadata>,
    /// Searches by resource type, each for one entry.
    pub searches: BTreeMap<String, Answer<Reply>>,
    /// Reads of single resources.
    pub reads: Vec<Read>,
    /// `$everything` of a patient whose id a search gave away; `NoOccasion` where none did.
    pub everything: Answer<Reply>,
    /// History of the whole system.
    pub history: Answer<Reply>,
    /// Kick-off of a bulk export; a job that starts is cancelled at once.
    pub export: Answer<Reply>,
}

impl Facts for FhirFacts {
    const KIND: &'static str = "fhir";
    const SCOPE: Scope = Scope::Protocols(&["fhir"]);
}

/// What the capability statement says, as far as it matters here; strings are cut to 120 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// Status code.
    pub status: u16,
    /// Whether it is a capability statement.
    pub capability: bool,
    /// Version of FHIR.
    #[serde(default)]
    pub fhir_version: Option<String>,
    /// Software and its version.
    #[serde(default)]
    pub software: Option<String>,
    /// Codes of `rest.security.service`, at most 8.
    #[serde(default)]
    pub security: Vec<String>,
}

/// A read of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Resource type.
    pub resource: String,
    /// Where its id came from; the id itself is never written down.
    pub id: IdFrom,
    /// What it gave.
    pub reply: Answer<Reply>,
}

/// Where an id came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdFrom {
    /// A search without a token gave it away.
    Search,
    /// A usual id was guessed.
    Guess,
}

/// An answer by its status and kind: counts and types, never contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// What the body is.
    pub body: Body,
    /// Entries of a bundle.
    #[serde(default)]
    pub entries: u32,
    /// `total` of a bundle.
    #[serde(default)]
    pub total: Option<u64>,
    /// Resource types in it, and how many of each.
    #[serde(default)]
    pub resources: BTreeMap<String, u32>,
    /// Issue codes of an operation outcome, such as `login`, at most 4.
    #[serde(default)]
    pub issues: Vec<String>,
    /// Whether it was longer than was read; then the counts are lower bounds.
    #[serde(default)]
    pub cut: bool,
}

impl Reply {
    /// Whether it was answered: status 2xx.
    pub fn given(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether it demanded authorisation: 401 or 403.
    pub fn refused(&self) -> bool {
        matches!(self.status, 401 | 403)
    }

    /// Whether the server says that it does not offer this: 404, 405, 410 or 501.
    pub fn not_offered(&self) -> bool {
        matches!(self.status, 404 | 405 | 410 | 501)
    }

    /// Whether a bundle was given that is more than a message about an error.
    pub fn bundle(&self) -> bool {
        let outcomes = self.resources.get("OperationOutcome").copied().unwrap_or(0);
        self.given() && self.body == Body::Bundle && (self.entries == 0 || self.entries > outcomes)
    }
}

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// A FHIR bundle.
    Bundle,
    /// A FHIR resource other than a bundle or an outcome.
    Resource,
    /// A FHIR operation outcome.
    OperationOutcome,
    /// Nothing.
    Empty,
    /// Anything else.
    Other,
}
