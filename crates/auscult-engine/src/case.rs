//! A case file that a run writes to while others look on.

use std::io::{self, Read, Write};
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
        self.file().write_assessment(at, |out| write_json(assessment, out))
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

/// Writes an assessment as the bytes of `assessment.json`: the same assessment gives the same bytes.
///
/// They can be many (half a megabyte for each node of a large scenario), so that nobody holds them all.
///
/// # Errors
/// When they cannot be written.
pub fn write_json(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    // It holds strings, numbers, lists and maps with text keys, all of which can be written.
    serde_json::to_writer_pretty(&mut *out, assessment)?;
    out.write_all(b"\n")
}

/// The first byte at which an assessment differs from what was written of one; `None` when all are the same.
///
/// # Errors
/// When what was written cannot be read.
pub fn differs(assessment: &Assessment, written: impl Read) -> io::Result<Option<u64>> {
    let mut comparing = Comparing { written, same: 0, ended: false };
    match write_json(assessment, &mut comparing) {
        Ok(()) => {}
        Err(_) if comparing.ended => return Ok(Some(comparing.same)),
        Err(e) => return Err(e),
    }
    let more = comparing.written.read(&mut [0])? > 0;
    Ok(more.then_some(comparing.same))
}

/// Compares what is written into it with what is there; ends at the first difference.
struct Comparing<R> {
    written: R,
    same: u64,
    ended: bool,
}

impl<R: Read> Write for Comparing<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut there = [0; 4096];
        let part = bytes.get(..bytes.len().min(there.len())).unwrap_or_default();
        let n = self.written.read(there.get_mut(..part.len()).unwrap_or_default())?;
        let same = part.iter().zip(there.get(..n).unwrap_or_default()).take_while(|(a, b)| a == b).count();
        self.same += same as u64;
        if same < n || (n == 0 && !part.is_empty()) {
            self.ended = true;
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
pub(crate) fn to_json(assessment: &Assessment) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_json(assessment, &mut bytes).unwrap();
    bytes
}
