//! The case file: an append-only chain of evidence that a stranger can verify.
//!
//! A case file is a folder: `scenario.toml`, `catalog.json`, `evidence.jsonl`, `artifacts/<sha256>`,
//! `assessment.json`, and later `attestation.dsse.json`. Each line of `evidence.jsonl` is one record in canonical
//! JSON that carries its own digest and the digest of the record before; the first one holds the digests of every
//! other file. Nothing is ever edited: a correction is a new record.

mod canonical;
mod digest;
mod error;
mod folder;
mod reader;
mod record;
mod verify;
mod writer;

pub use canonical::{NotCanonical, canonical};
pub use digest::{Hasher, digest};
pub use error::{CaseError, Tampered, What};
pub use reader::{Reader, Records};
pub use record::{Body, Header, Record, SCHEMA, Seal};
pub use verify::{Tail, Verified, verify};
pub use writer::{CaseFile, Torn, Written};

/// Longest record, in bytes with its line end.
pub const MAX_LINE: usize = 4 << 20;
/// Longest `evidence.jsonl`, in bytes.
pub const MAX_EVIDENCE: u64 = 1 << 30;
/// Most records.
pub const MAX_RECORDS: u64 = 5_000_000;
/// Longest scenario, catalog, assessment or artifact, in bytes.
pub const MAX_FILE: u64 = 256 << 20;
/// Most files and artifacts.
pub const MAX_FILES: usize = 100_000;
