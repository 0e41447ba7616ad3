//! A case file that a run writes to while others look on.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use auscult_casefile::{Body, CaseError, CaseFile, Reader, Written};
use auscult_catalog::Catalog;
use auscult_model::assessment::Assessment;
use jiff::Timestamp;

use crate::Evidence;

/// A handle on a case file open for writing; clones write to the same one.
#[derive(Clone, Debug)]
pub struct Case(Arc<Mutex<CaseFile>>);

impl From<CaseFile> for Case {
    fn from(file: CaseFile) -> Self {
        Self(Arc::new(Mutex::new(file)))
    }
}

impl Case {
    /// Begins a case file for a scenario and a catalog; `files` are those that the scenario names.
    ///
    /// # Errors
    /// As [`CaseFile::create`].
    pub fn create(
        dir: &Path,
        scenario: &[u8],
        catalog: &Catalog,
        files: &[(String, Vec<u8>)],
        at: Timestamp,
    ) -> Result<Self, CaseError> {
        let catalog = catalog.canonical_json();
        Ok(CaseFile::create(dir, scenario, catalog.as_bytes(), files, at)?.into())
    }

    /// The file itself, for as long as nobody else needs it.
    pub fn file(&self) -> MutexGuard<'_, CaseFile> {
        // A panic while it was held cannot have left half a record: `append` takes back what it could not finish.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes `assessment.json`.
    ///
    /// # Errors
    /// As [`CaseFile::write_assessment`].
    pub fn write_assessment(&self, at: Timestamp, assessment: &Assessment) -> Result<(), CaseError> {
        self.file().write_assessment(at, &to_json(assessment))
    }

    /// The evidence written so far.
    ///
    /// # Errors
    /// When it cannot be read back.
    pub fn evidence(&self) -> Result<Evidence, CaseError> {
        let dir = self.file().dir().to_owned();
        Evidence::read(Reader::open(&dir)?.records()?)
    }

    /// Adds records away from the threads that wait for answers of devices: a disk can take its time.
    pub(crate) async fn append(&self, bodies: Vec<(Timestamp, Body)>) -> Result<Vec<Written>, CaseError> {
        let case = self.clone();
        let path = self.file().dir().to_owned();
        let appended = tokio::task::spawn_blocking(move || case.file().append(bodies)).await;
        appended.unwrap_or(Err(CaseError::Broken(path)))
    }
}

/// An assessment as the bytes of `assessment.json`: the same assessment gives the same bytes.
pub fn to_json(assessment: &Assessment) -> Vec<u8> {
    // It holds strings, numbers, lists and maps with text keys, all of which can be written.
    let mut bytes = serde_json::to_vec_pretty(assessment).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
