//! Reads a case file record by record and checks each link of the chain on the way.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::digest::file_name;
use crate::folder::{self, EVIDENCE};
use crate::record::digest_without;
use crate::{
    Body, CaseError, Header, MAX_EVIDENCE, MAX_FILE, MAX_LINE, MAX_RECORDS, Record, SCHEMA, Tampered, What,
    canonical, digest,
};

/// A case file that is read.
#[derive(Debug)]
pub struct Reader {
    dir: PathBuf,
    header: Header,
}

impl Reader {
    /// Opens a case file and reads its first record.
    ///
    /// # Errors
    /// When the folder is no case file or its first record is not as it was written.
    pub fn open(dir: &Path) -> Result<Self, CaseError> {
        let mut records = Records::open(dir)?;
        match records.next().transpose()?.map(|r| r.body) {
            Some(Body::Opened(header)) => Ok(Self { dir: dir.to_owned(), header }),
            _ => Err(tampered(0, EVIDENCE, 0, What::Place).into()),
        }
    }

    /// What the chain is about.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The text of `scenario.toml`, as the chain states it.
    ///
    /// # Errors
    /// When it is missing or not the one of the chain.
    pub fn scenario(&self) -> Result<Vec<u8>, CaseError> {
        self.stated(folder::SCENARIO, &self.header.scenario)
    }

    /// The text of `catalog.json`, as the chain states it.
    ///
    /// # Errors
    /// When it is missing or not the one of the chain.
    pub fn catalog(&self) -> Result<Vec<u8>, CaseError> {
        self.stated(folder::CATALOG, &self.header.catalog)
    }

    /// The file that the scenario names so; `None` when it names no such file.
    ///
    /// # Errors
    /// When it is missing or not the one of the chain.
    pub fn file(&self, name: &str) -> Result<Option<Vec<u8>>, CaseError> {
        self.header.files.get(name).map(|digest| self.artifact(digest)).transpose()
    }

    /// The artifact of that digest.
    ///
    /// # Errors
    /// When it is missing or has another digest.
    pub fn artifact(&self, digest: &str) -> Result<Vec<u8>, CaseError> {
        let name = file_name(digest).ok_or_else(|| tampered(0, EVIDENCE, 0, What::ForeignArtifact))?;
        self.stated(&format!("{}/{name}", folder::ARTIFACTS), digest)
    }

    /// `assessment.json`, if it was written; it is not compared with the chain here (see [`verify`](crate::verify())).
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn assessment(&self) -> Result<Option<Vec<u8>>, CaseError> {
        let path = self.dir.join(folder::ASSESSMENT);
        if folder::exists(&path) { folder::read(&path, MAX_FILE).map(Some) } else { Ok(None) }
    }

    /// As [`assessment`](Self::assessment), to be read piece by piece.
    ///
    /// # Errors
    /// When it cannot be opened, or is too large.
    pub fn open_assessment(&self) -> Result<Option<impl Read + use<>>, CaseError> {
        let path = self.dir.join(folder::ASSESSMENT);
        if !folder::exists(&path) {
            return Ok(None);
        }
        let file = folder::open(&path, OpenOptions::new().read(true))?;
        if file.metadata().map_err(folder::failed("read", &path))?.len() > MAX_FILE {
            return Err(CaseError::TooLarge { path, limit: MAX_FILE });
        }
        Ok(Some(BufReader::new(file.take(MAX_FILE))))
    }

    /// Every record from the first one on.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn records(&self) -> Result<Records, CaseError> {
        Records::open(&self.dir)
    }

    /// A file of which the first record states the digest.
    fn stated(&self, file: &str, stated: &str) -> Result<Vec<u8>, CaseError> {
        let path = self.dir.join(file);
        if !folder::exists(&path) {
            return Err(tampered(0, file, 0, What::Missing).into());
        }
        let bytes = folder::read(&path, MAX_FILE)?;
        if digest(&bytes) != stated {
            return Err(tampered(0, file, 0, What::File).into());
        }
        Ok(bytes)
    }
}

pub(crate) fn tampered(record: u64, file: &str, byte: u64, what: What) -> Tampered {
    Tampered { record, file: file.to_owned(), byte, what }
}

/// The records of a case file in order; ends at the first one that is not as it was written.
#[derive(Debug)]
pub struct Records<R = File> {
    path: PathBuf,
    from: BufReader<R>,
    line: Vec<u8>,
    chain: Chain,
    ended: bool,
}

impl Records {
    pub(crate) fn open(dir: &Path) -> Result<Self, CaseError> {
        let path = dir.join(EVIDENCE);
        if !folder::exists(&path) {
            return Err(CaseError::NotACase(dir.to_owned()));
        }
        let file = folder::open(&path, OpenOptions::new().read(true))?;
        Self::of(file, path)
    }

    pub(crate) fn of(file: File, path: PathBuf) -> Result<Self, CaseError> {
        if file.metadata().map_err(folder::failed("read", &path))?.len() > MAX_EVIDENCE {
            return Err(CaseError::TooLarge { path, limit: MAX_EVIDENCE });
        }
        Ok(Self::over(file, path))
    }
}

impl<'a> Records<&'a [u8]> {
    /// The records of a chain that is in memory: the bytes of an `evidence.jsonl`.
    pub fn within(evidence: &'a [u8]) -> Self {
        Self::over(evidence, PathBuf::from(EVIDENCE))
    }
}

impl<R: Read> Records<R> {
    fn over(from: R, path: PathBuf) -> Self {
        Self {
            path,
            from: BufReader::with_capacity(64 << 10, from),
            line: Vec::new(),
            chain: Chain::default(),
            ended: false,
        }
    }

    /// How far the chain was followed.
    pub(crate) fn place(&self) -> &Chain {
        &self.chain
    }

    fn read(&mut self) -> Result<Option<Record>, CaseError> {
        self.line.clear();
        let mut bounded = (&mut self.from).take(MAX_LINE as u64);
        bounded.read_until(b'\n', &mut self.line).map_err(folder::failed("read", &self.path))?;
        if self.line.is_empty() {
            if self.chain.seq == 0 {
                return Err(self.chain.wrong(0, What::Torn).into());
            }
            return Ok(None);
        }
        if self.line.last() != Some(&b'\n') {
            let what = if self.line.len() == MAX_LINE { What::NotARecord } else { What::Torn };
            return Err(self.chain.wrong(0, what).into());
        }
        Ok(Some(self.chain.step(&self.line)?))
    }
}

impl<R: Read> Iterator for Records<R> {
    type Item = Result<Record, CaseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.read().transpose();
        self.ended = !matches!(read, Some(Ok(_)));
        read
    }
}

/// A place in the chain: everything before it holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chain {
    /// Number of records before.
    pub(crate) seq: u64,
    /// Digest of the record before.
    pub(crate) head: String,
    /// Number of bytes before.
    pub(crate) bytes: u64,
}

impl Chain {
    fn wrong(&self, offset: usize, what: What) -> Tampered {
        tampered(self.seq, EVIDENCE, self.bytes + offset as u64, what)
    }

    /// Follows the chain over one line, which ends with a line end.
    fn step(&mut self, line: &[u8]) -> Result<Record, Tampered> {
        let (_, text) = line.split_last().ok_or_else(|| self.wrong(0, What::Torn))?;
        if self.seq >= MAX_RECORDS {
            return Err(self.wrong(0, What::Place));
        }
        let mut value: Value = serde_json::from_slice(text).map_err(|e| {
            // Columns count bytes from 1 within the only line.
            self.wrong(e.column().saturating_sub(1), What::NotARecord)
        })?;
        let written = canonical(&value).map_err(|_| self.wrong(0, What::NotCanonical))?;
        if written != text {
            let same = written.iter().zip(text).take_while(|(a, b)| a == b).count();
            return Err(self.wrong(same, What::NotCanonical));
        }
        let record: Record =
            serde_json::from_value(value.clone()).map_err(|_| self.wrong(0, What::NotARecord))?;
        let computed = digest_without(&mut value).map_err(|_| self.wrong(0, What::NotCanonical))?;
        if computed != record.digest {
            return Err(self.wrong(0, What::Digest));
        }
        let opening = match &record.body {
            Body::Opened(header) if header.schema != SCHEMA => {
                return Err(self.wrong(0, What::NotARecord));
            }
            Body::Opened(header) => Some(header.digest().map_err(|_| self.wrong(0, What::NotCanonical))?),
            Body::Observation(_) | Body::Assessed(_) => None,
        };
        if record.seq != self.seq || opening.is_some() != (self.seq == 0) {
            return Err(self.wrong(0, What::Place));
        }
        if record.prev != opening.unwrap_or_else(|| std::mem::take(&mut self.head)) {
            return Err(self.wrong(0, What::Chain));
        }
        self.advance(&record, line.len());
        Ok(record)
    }

    pub(crate) fn advance(&mut self, record: &Record, bytes: usize) {
        self.seq += 1;
        self.head.clone_from(&record.digest);
        self.bytes += bytes as u64;
    }
}
