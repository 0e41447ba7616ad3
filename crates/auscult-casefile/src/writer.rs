//! Writes a case file: what `append` acknowledged is on disk, and one process writes at a time.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::digest::file_name;
use crate::folder::{self, ARTIFACTS, ASSESSMENT, CATALOG, EVIDENCE, LOCK, SCENARIO, failed};
use crate::reader::{Chain, Records};
use crate::record::SCHEMA;
use crate::{
    Body, CaseError, Header, MAX_EVIDENCE, MAX_FILE, MAX_FILES, MAX_LINE, MAX_RECORDS, Record, Seal, What,
    digest,
};

/// A case file that this process writes; nobody else can until it is dropped.
#[derive(Debug)]
pub struct CaseFile {
    dir: PathBuf,
    header: Header,
    evidence: File,
    chain: Chain,
    /// Digest of the assessment that the last seal names.
    sealed: Option<String>,
    /// A write failed and could not be taken back.
    broken: bool,
    _lock: Lock,
}

/// A record that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its place in the chain.
    pub seq: u64,
    /// Its digest.
    pub digest: String,
}

/// What a crash had left of a record that nobody was told was written; it was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Torn {
    /// The place that the record would have had.
    pub record: u64,
    /// Number of bytes cut off.
    pub bytes: u64,
}

impl CaseFile {
    /// Begins a case file in a folder that is not there yet, or empty.
    ///
    /// `files` are those that the scenario names (trust anchors, bills of materials …), by the name it gives them.
    ///
    /// # Errors
    /// When the folder holds something, a file is too large, or the system refuses.
    pub fn create(
        dir: &Path,
        scenario: &[u8],
        catalog: &[u8],
        files: &[(String, Vec<u8>)],
        at: Timestamp,
    ) -> Result<Self, CaseError> {
        fs::create_dir_all(dir).map_err(failed("create", dir))?;
        if fs::read_dir(dir).map_err(failed("read", dir))?.next().is_some() {
            return Err(CaseError::NotEmpty(dir.to_owned()));
        }
        if files.len() > MAX_FILES {
            return Err(CaseError::TooLarge { path: dir.join(ARTIFACTS), limit: MAX_FILES as u64 });
        }
        let lock = Lock::take(dir)?;
        let artifacts = dir.join(ARTIFACTS);
        fs::create_dir(&artifacts).map_err(failed("create", &artifacts))?;
        write_bounded(&dir.join(SCENARIO), scenario)?;
        write_bounded(&dir.join(CATALOG), catalog)?;
        let mut named = BTreeMap::new();
        for (name, bytes) in files {
            named.insert(name.clone(), keep(dir, bytes)?);
        }
        let header = Header {
            schema: SCHEMA.to_owned(),
            scenario: digest(scenario),
            catalog: digest(catalog),
            files: named,
        };
        let unwritable = |why| CaseError::NotCanonical { seq: 0, why };
        let prev = header.digest().map_err(unwritable)?;
        let (record, line) = Record::make(0, prev, at, Body::Opened(header.clone())).map_err(unwritable)?;
        if line.len() > MAX_LINE {
            return Err(CaseError::LongRecord { seq: 0, bytes: line.len() });
        }
        // INVARIANT: `evidence.jsonl` comes last and whole, so that a folder with it is a whole case file.
        let path = dir.join(EVIDENCE);
        folder::replace(dir, &path, &line)?;
        if let Some(parent) = dir.parent().filter(|p| !p.as_os_str().is_empty()) {
            folder::sync_folder(parent)?;
        }
        let mut evidence = folder::open(&path, OpenOptions::new().read(true).write(true))?;
        evidence.seek(SeekFrom::End(0)).map_err(failed("open", &path))?;
        let mut chain = Chain::default();
        chain.advance(&record, line.len());
        Ok(Self { dir: dir.to_owned(), header, evidence, chain, sealed: None, broken: false, _lock: lock })
    }

    /// Opens a case file to add records; follows its whole chain first and cuts off a record torn by a crash.
    ///
    /// # Errors
    /// When another process writes to it, or a record is not as it was written.
    pub fn open_for_append(dir: &Path) -> Result<(Self, Option<Torn>), CaseError> {
        let path = dir.join(EVIDENCE);
        if !folder::exists(&path) {
            return Err(CaseError::NotACase(dir.to_owned()));
        }
        let lock = Lock::take(dir)?;
        let mut evidence = folder::open(&path, OpenOptions::new().read(true).write(true))?;
        let length = evidence.metadata().map_err(failed("read", &path))?.len();
        let reading = evidence.try_clone().map_err(failed("open", &path))?;
        let mut records = Records::of(reading, path.clone())?;
        let mut header = None;
        let mut sealed = None;
        let mut torn = None;
        while let Some(record) = records.next() {
            match record {
                Ok(Record { body: Body::Opened(opened), .. }) => header = Some(opened),
                Ok(Record { body: Body::Assessed(seal), .. }) => sealed = Some(seal.assessment),
                Ok(Record { body: Body::Observation(_), .. }) => {}
                Err(CaseError::Tampered(t)) if t.what == What::Torn && t.record > 0 => {
                    torn =
                        Some(Torn { record: t.record, bytes: length.saturating_sub(records.place().bytes) });
                }
                Err(other) => return Err(other),
            }
        }
        let chain = records.place().clone();
        drop(records);
        let header = header.ok_or_else(|| CaseError::NotACase(dir.to_owned()))?;
        if torn.is_some() {
            evidence
                .set_len(chain.bytes)
                .and_then(|()| evidence.sync_all())
                .map_err(failed("cut the torn end off", &path))?;
        }
        evidence.seek(SeekFrom::Start(chain.bytes)).map_err(failed("open", &path))?;
        let case = Self { dir: dir.to_owned(), header, evidence, chain, sealed, broken: false, _lock: lock };
        Ok((case, torn))
    }

    /// What the chain is about.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Number of records.
    pub fn records(&self) -> u64 {
        self.chain.seq
    }

    /// Digest of the last record.
    pub fn head(&self) -> &str {
        &self.chain.head
    }

    /// Adds records; when it returns, all of them are on disk, and when it fails, none of them is in the chain.
    ///
    /// # Errors
    /// When a body has no canonical form, the file is full, or the system refuses.
    pub fn append(
        &mut self,
        bodies: impl IntoIterator<Item = (Timestamp, Body)>,
    ) -> Result<Vec<Written>, CaseError> {
        let path = self.dir.join(EVIDENCE);
        if self.broken {
            return Err(CaseError::Broken(path));
        }
        let mut chain = self.chain.clone();
        let mut lines = Vec::new();
        let mut written = Vec::new();
        for (at, body) in bodies {
            let seq = chain.seq;
            let (record, line) = Record::make(seq, chain.head.clone(), at, body)
                .map_err(|why| CaseError::NotCanonical { seq, why })?;
            if line.len() > MAX_LINE {
                return Err(CaseError::LongRecord { seq, bytes: line.len() });
            }
            chain.advance(&record, line.len());
            if chain.seq > MAX_RECORDS || chain.bytes > MAX_EVIDENCE {
                return Err(CaseError::Full(path));
            }
            lines.extend_from_slice(&line);
            written.push(Written { seq, digest: record.digest });
        }
        if written.is_empty() {
            return Ok(written);
        }
        if let Err(source) = self.evidence.write_all(&lines).and_then(|()| self.evidence.sync_data()) {
            self.take_back();
            return Err(CaseError::Io { doing: "write", path, source });
        }
        self.chain = chain;
        Ok(written)
    }

    /// Keeps bytes as an artifact and gives their digest, by which a record can name them.
    ///
    /// # Errors
    /// When they are too many, or the system refuses.
    pub fn keep(&mut self, bytes: &[u8]) -> Result<String, CaseError> {
        keep(&self.dir, bytes)
    }

    /// Writes `assessment.json` and a record that names it.
    ///
    /// The same bytes again add no record.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn write_assessment(
        &mut self,
        at: Timestamp,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CaseError> {
        let path = self.dir.join(ASSESSMENT);
        let assessment = folder::replace_with(&self.dir, &path, MAX_FILE, write)?;
        if self.sealed.as_ref() != Some(&assessment) {
            self.append([(at, Body::Assessed(Seal { assessment: assessment.clone() }))])?;
            self.sealed = Some(assessment);
        }
        Ok(())
    }

    /// Puts the file back to the last record that was acknowledged.
    fn take_back(&mut self) {
        let put_back = self
            .evidence
            .set_len(self.chain.bytes)
            .and_then(|()| self.evidence.seek(SeekFrom::Start(self.chain.bytes)).map(drop))
            .and_then(|()| self.evidence.sync_all());
        self.broken = put_back.is_err();
    }
}

fn write_bounded(path: &Path, bytes: &[u8]) -> Result<(), CaseError> {
    if bytes.len() as u64 > MAX_FILE {
        return Err(CaseError::TooLarge { path: path.to_owned(), limit: MAX_FILE });
    }
    folder::write_new(path, bytes)
}

fn keep(dir: &Path, bytes: &[u8]) -> Result<String, CaseError> {
    let name = digest(bytes);
    let folder = dir.join(ARTIFACTS);
    if let Some(hex) = file_name(&name) {
        let path = folder.join(hex);
        if !folder::exists(&path) {
            if bytes.len() as u64 > MAX_FILE {
                return Err(CaseError::TooLarge { path, limit: MAX_FILE });
            }
            folder::replace(dir, &path, bytes)?;
        }
    }
    Ok(name)
}

/// The right to write: a lock of the operating system, which ends with the process that holds it.
///
/// The file states who holds it, for the message to the second one; it is empty when nobody does.
#[derive(Debug)]
struct Lock(File);

impl Lock {
    fn take(dir: &Path) -> Result<Self, CaseError> {
        let path = dir.join(LOCK);
        if !folder::exists(&path) {
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(_) => {}
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(failed("create", &path)(e)),
            }
        }
        let mut file = folder::open(&path, OpenOptions::new().read(true).write(true))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut by = String::new();
                let _ = file.take(20).read_to_string(&mut by);
                let by = if by.trim().is_empty() { "?".to_owned() } else { by.trim().to_owned() };
                return Err(CaseError::Locked { path: dir.to_owned(), by });
            }
            Err(TryLockError::Error(e)) => return Err(failed("lock", &path)(e)),
        }
        file.set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(failed("lock", &path))?;
        Ok(Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.set_len(0);
        let _ = self.0.unlock();
    }
}
