//! A record of the chain, and what it can hold.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{NotCanonical, canonical, digest};

/// The name of this form of the case file.
pub const SCHEMA: &str = "auscult/case/v1";

/// What the chain is about; its digest is the `prev` of the first record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Digest of `scenario.toml`.
    pub scenario: String,
    /// Digest of `catalog.json`.
    pub catalog: String,
    /// Digests of the files that the scenario names, by the name it gives them; each is kept as an artifact.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
}

impl Header {
    /// Its digest.
    pub(crate) fn digest(&self) -> Result<String, NotCanonical> {
        let value = serde_json::to_value(self).map_err(|_| NotCanonical::Unwritable)?;
        Ok(digest(&canonical(&value)?))
    }
}

/// What a record holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// The first record: what the chain is about.
    Opened(Header),
    /// What an observer saw, or what came in between.
    Observation(Value),
    /// `assessment.json` was written from the records before this one.
    Assessed(Seal),
}

/// Ties an assessment to the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Digest of `assessment.json`.
    pub assessment: String,
}

/// One line of `evidence.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Place in the chain, from 0.
    pub seq: u64,
    /// Digest of the record before; of the header for the first.
    pub prev: String,
    /// When it was written.
    pub at: Timestamp,
    /// What it holds.
    pub body: Body,
    /// Digest of this record in canonical form without this member.
    pub digest: String,
}

impl Record {
    /// Makes a record and the line that holds it, with its line end.
    pub(crate) fn make(
        seq: u64,
        prev: String,
        at: Timestamp,
        body: Body,
    ) -> Result<(Self, Vec<u8>), NotCanonical> {
        let mut record = Self { seq, prev, at, body, digest: String::new() };
        let mut value = serde_json::to_value(&record).map_err(|_| NotCanonical::Unwritable)?;
        record.digest = digest_without(&mut value)?;
        if let Some(members) = value.as_object_mut() {
            members.insert("digest".to_owned(), Value::String(record.digest.clone()));
        }
        let mut line = canonical(&value)?;
        line.push(b'\n');
        Ok((record, line))
    }
}

/// The digest of a record as a value; leaves it without its `digest` member.
pub(crate) fn digest_without(record: &mut Value) -> Result<String, NotCanonical> {
    if let Some(members) = record.as_object_mut() {
        members.remove("digest");
    }
    Ok(digest(&canonical(record)?))
}
