//! Why a command ended early, and with which exit code (frozen, see the book).

use std::fmt;
use std::path::Path;

use auscult_casefile::CaseError;
use auscult_engine::{ProofError, RunError};

/// Usage, configuration or scenario at fault.
pub(crate) const USAGE: u8 = 2;
/// A chain, digest or recomputed verdict is wrong.
pub(crate) const INTEGRITY: u8 = 4;
/// Nothing could be reached, no permission, disk full.
pub(crate) const ENVIRONMENT: u8 = 5;
/// A bug in auscult.
pub(crate) const BUG: u8 = 70;
/// Interrupted from the keyboard.
pub(crate) const INTERRUPTED: u8 = 130;

/// An early end; its text is complete and says what to do next.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) code: u8,
    pub(crate) text: String,
}

/// What a command comes to: its exit code.
pub(crate) type Done = Result<u8, Stop>;

impl Stop {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { code: USAGE, text: text.into() }
    }

    pub(crate) fn environment(text: impl Into<String>) -> Self {
        Self { code: ENVIRONMENT, text: text.into() }
    }

    pub(crate) fn integrity(text: impl Into<String>) -> Self {
        Self { code: INTEGRITY, text: text.into() }
    }

    /// The system refused to read or write a file.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        let code = if error.kind() == std::io::ErrorKind::NotFound { USAGE } else { ENVIRONMENT };
        Self { code, text: format!("`{}`: {error}", path.display()) }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<CaseError> for Stop {
    fn from(error: CaseError) -> Self {
        let code = match &error {
            CaseError::NotEmpty(_) | CaseError::NotACase(_) => USAGE,
            CaseError::Tampered(_)
            | CaseError::NotAFile(_)
            | CaseError::TooLarge { .. }
            | CaseError::LongRecord { .. }
            | CaseError::NotCanonical { .. } => INTEGRITY,
            // What cannot be read because it is not there was named wrongly; what cannot be made is the system's word.
            CaseError::Io { doing, source, .. }
                if source.kind() == std::io::ErrorKind::NotFound && *doing != "create" =>
            {
                USAGE
            }
            CaseError::Io { .. } | CaseError::Locked { .. } | CaseError::Full(_) | CaseError::Broken(_) => {
                ENVIRONMENT
            }
        };
        Self { code, text: error.to_string() }
    }
}

impl From<RunError> for Stop {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Case(error) => error.into(),
        }
    }
}

impl From<ProofError> for Stop {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Case(error) => error.into(),
            // Scenario and catalog have the digests that the chain states: they are whole, and of another version.
            ProofError::Scenario(_) | ProofError::Catalog(_) => Self::usage(error.to_string()),
            ProofError::Verdicts { .. } => Self::integrity(error.to_string()),
        }
    }
}
