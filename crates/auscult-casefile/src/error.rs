//! What can be wrong with a case file: what, where, and what to do next.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::NotCanonical;

/// Why a case file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// The system refused.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder for a new case file has something in it.
    #[error("`{}` is not empty; name a new folder for the case file", .0.display())]
    NotEmpty(PathBuf),
    /// The folder is no case file.
    #[error("`{}` is not a case file: it has no `evidence.jsonl`; name the folder that `auscult check` wrote", .0.display())]
    NotACase(PathBuf),
    /// Another process writes to it.
    #[error("`{}` is being written by process {by}; wait until it ends", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
        /// Process id as the lock file states it.
        by: String,
    },
    /// Something in it is a link, a device or a pipe.
    #[error("`{}` is not an ordinary file; a case file holds no links, copy the file itself there", .0.display())]
    NotAFile(PathBuf),
    /// Something in it is larger than its bound.
    #[error("`{}` is larger than {limit} bytes; it was not written by auscult, or begin a new case file", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound.
        limit: u64,
    },
    /// The chain has reached its bound.
    #[error("`{}` holds as many records as a case file can; begin a new one", .0.display())]
    Full(PathBuf),
    /// A record has no canonical form.
    #[error("record {seq} cannot be written: {why}")]
    NotCanonical {
        /// Its place in the chain.
        seq: u64,
        /// Why.
        why: NotCanonical,
    },
    /// A record is longer than 4 MiB.
    #[error(
        "record {seq} would take {bytes} bytes; a record holds at most 4 MiB, keep the rest as an artifact"
    )]
    LongRecord {
        /// Its place in the chain.
        seq: u64,
        /// Its length.
        bytes: usize,
    },
    /// A write failed earlier and the file could not be put back; nothing more is written.
    #[error("an earlier write to `{}` failed; open it again", .0.display())]
    Broken(PathBuf),
    /// It is not as it was written.
    #[error(transparent)]
    Tampered(#[from] Tampered),
}

/// The first place at which a case file is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tampered {
    /// The first record that differs, or that states what another file should be.
    pub record: u64,
    /// The file that differs, relative to the folder.
    pub file: String,
    /// Where in that file, in bytes: the difference itself where it can be told, else where the record begins.
    pub byte: u64,
    /// What is wrong there.
    pub what: What,
}

/// What is wrong with a record or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The line is not a record in JSON, or one of a newer version.
    NotARecord,
    /// It is a record, but not in the one form in which records are written.
    NotCanonical,
    /// Its contents do not give the digest that it states.
    Digest,
    /// It does not follow the record before.
    Chain,
    /// It is not the record that must stand at this place.
    Place,
    /// The file ends within a record.
    Torn,
    /// The file does not have the digest that the chain states.
    File,
    /// The file is named in the chain and not there.
    Missing,
    /// The assessment counts more records than there are, or another head: records at the end were taken away.
    Truncated,
    /// `assessment.json` is there and no record says that it was written.
    Unsealed,
    /// It is not an assessment.
    NotAnAssessment,
    /// A name among the artifacts is not a digest.
    ForeignArtifact,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotARecord => "this is not a record",
            Self::NotCanonical => "the record is not written as auscult writes it",
            Self::Digest => "the record does not have the digest that it states",
            Self::Chain => "the record does not follow the one before",
            Self::Place => "another record must stand here",
            Self::Torn => "the file ends within a record; opening it for writing cuts the rest off",
            Self::File => "the file is not the one that the chain states",
            Self::Missing => "the file is not there",
            Self::Truncated => "records at the end are missing: the assessment was made from more",
            Self::Unsealed => {
                "no record says that this assessment was written; `auscult judge` writes it anew"
            }
            Self::NotAnAssessment => "this is not an assessment",
            Self::ForeignArtifact => "the name of an artifact must be its digest",
        })
    }
}

impl fmt::Display for Tampered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {}, `{}` byte {}: {}", self.record, self.file, self.byte, self.what)
    }
}

impl std::error::Error for Tampered {}
