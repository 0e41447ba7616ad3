//! Reads a case file back and proves it: the chain, every file, and every verdict computed again.

use std::path::Path;

use auscult_casefile::{CaseError, Reader, Tampered, Verified, What};
use auscult_catalog::Catalog;
use auscult_model::assessment::{EvidenceRef, VersionRef};
use auscult_model::scenario::{Mistake, Scenario, parse};
use serde::Deserialize;

use crate::case::differs;
use crate::{Evidence, checks_version, judge};

/// A case file read back, ready to be judged.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario as it was when the case file was begun.
    pub scenario: Scenario,
    /// The catalog as it was then.
    pub catalog: Catalog,
    /// All evidence.
    pub evidence: Evidence,
}

/// What was proved.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The chain and the files.
    pub case: Verified,
    /// The verdicts.
    pub verdicts: Verdicts,
}

/// Whether the verdicts follow from the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdicts {
    /// Computed again, they gave the same bytes.
    Same,
    /// There is no assessment yet.
    None,
    /// They were computed with other checks than those of this program, which cannot repeat it.
    OtherChecks(VersionRef),
}

/// Why a case file was not proved.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The chain or a file is not as it was written, or cannot be read.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The scenario in it cannot be read by this version.
    #[error("`scenario.toml` of the case file has {} mistakes; read it with the version that wrote it", .0.len())]
    Scenario(Vec<Mistake>),
    /// The catalog in it cannot be read by this version.
    #[error("`catalog.json` of the case file cannot be read: {0}; read it with the version that wrote it")]
    Catalog(serde_json::Error),
    /// The verdicts do not follow from the evidence.
    #[error("`assessment.json` byte {byte}: the verdicts do not follow from the evidence")]
    Verdicts {
        /// First byte that differs.
        byte: u64,
    },
}

/// The part of an assessment that says what it was made from.
#[derive(Deserialize)]
struct Stated {
    checks: VersionRef,
    evidence: EvidenceRef,
}

/// Reads a case file back; checks each link of the chain and the digests of scenario and catalog on the way.
///
/// # Errors
/// The first thing that is not as it was written, or cannot be read.
pub fn load(dir: &Path) -> Result<Loaded, ProofError> {
    load_first(dir, u64::MAX)
}

/// The first so many records, with the scenario and the catalog.
fn load_first(dir: &Path, records: u64) -> Result<Loaded, ProofError> {
    let reader = Reader::open(dir)?;
    let scenario = reader.scenario()?;
    let wrong = |file: &str, byte: usize| {
        let at = Tampered { record: 0, file: file.to_owned(), byte: byte as u64, what: What::NotARecord };
        ProofError::Case(at.into())
    };
    let text = std::str::from_utf8(&scenario).map_err(|e| wrong("scenario.toml", e.valid_up_to()))?;
    let scenario = parse(text).map_err(ProofError::Scenario)?;
    let catalog = serde_json::from_slice(&reader.catalog()?).map_err(ProofError::Catalog)?;
    let records = usize::try_from(records).unwrap_or(usize::MAX);
    let evidence = Evidence::read(reader.records()?.take(records))?;
    Ok(Loaded { scenario, catalog, evidence })
}

/// Proves a case file: chain, files, and verdicts computed again.
///
/// # Errors
/// The first place that differs, or why it could not be looked at.
pub fn prove(dir: &Path) -> Result<Proof, ProofError> {
    let case = auscult_casefile::verify(dir)?;
    let reader = Reader::open(dir)?;
    let Some(written) = reader.open_assessment()? else {
        return Ok(Proof { case, verdicts: Verdicts::None });
    };
    let Ok(stated) = serde_json::from_reader::<_, Stated>(written) else {
        return Err(ProofError::Verdicts { byte: 0 });
    };
    if stated.checks != checks_version() {
        return Ok(Proof { case, verdicts: Verdicts::OtherChecks(stated.checks) });
    }
    // Evidence that is younger than the assessment does not count for it.
    let Loaded { scenario, catalog, evidence } = load_first(dir, stated.evidence.records)?;
    let computed = judge(&scenario, &catalog, &evidence);
    drop(evidence);
    let Some(written) = reader.open_assessment()? else {
        return Err(ProofError::Verdicts { byte: 0 });
    };
    match differs(&computed, written) {
        Ok(None) => Ok(Proof { case, verdicts: Verdicts::Same }),
        Ok(Some(byte)) => Err(ProofError::Verdicts { byte }),
        Err(source) => {
            let path = dir.join("assessment.json");
            Err(CaseError::Io { doing: "read", path, source }.into())
        }
    }
}
