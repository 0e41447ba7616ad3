//! Proves that a case file is as it was written, or names the first place where it is not.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use serde::Deserialize;

use crate::digest::{Hasher, is_hex};
use crate::folder::{self, ARTIFACTS, ASSESSMENT, EVIDENCE};
use crate::reader::{Records, tampered};
use crate::{Body, CaseError, Header, MAX_FILE, MAX_FILES, Reader, Seal, What, digest};

/// A case file that is as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What the chain is about.
    pub header: Header,
    /// Number of records.
    pub records: u64,
    /// Digest of the last one.
    pub head: String,
    /// Number of artifacts.
    pub artifacts: u64,
    /// Whether records taken away from the end would have been noticed.
    pub tail: Tail,
}

/// Whether records taken away from the end would have been noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Yes: the assessment was made from all of them.
    Sealed,
    /// Not those after the first `assessed`: they are younger than the assessment.
    SealedUpTo {
        /// Number of records that the assessment was made from.
        assessed: u64,
    },
    /// No: without an assessment nothing says how many there were.
    Open,
}

/// The part of an assessment that ties it to the chain.
#[derive(Deserialize)]
struct Tie {
    evidence: TieEvidence,
}

#[derive(Deserialize)]
struct TieEvidence {
    records: u64,
    head: String,
}

/// Proves that every file of a case file is as it was written.
///
/// It follows the chain and takes the digest of each file again. That the verdicts follow from the evidence is
/// proved by judging again, which this crate cannot do.
///
/// # Errors
/// `Tampered` names the first place that differs; other errors say why it could not be looked at.
pub fn verify(dir: &Path) -> Result<Verified, CaseError> {
    let reader = Reader::open(dir)?;
    reader.scenario()?;
    reader.catalog()?;
    for stated in reader.header().files.values() {
        reader.artifact(stated)?;
    }
    let assessment = match reader.open_assessment()? {
        Some(file) => Some(tie(&reader, file)?),
        None => None,
    };

    let mut records = reader.records()?;
    let mut seal: Option<(u64, Seal)> = None;
    let mut tied = false;
    let mut evidence = 0;
    while let Some(record) = records.next().transpose()? {
        if let Some((_, tie)) = &assessment
            && record.seq + 1 == tie.records
        {
            tied = record.digest == tie.head;
        }
        match record.body {
            Body::Assessed(by) => seal = Some((record.seq, by)),
            Body::Opened(_) | Body::Observation(_) => evidence = record.seq + 1,
        }
    }
    let tail = sealed(&records, assessment.as_ref(), seal, tied, evidence)?;
    Ok(Verified {
        header: reader.header().clone(),
        records: records.place().seq,
        head: records.place().head.clone(),
        artifacts: artifacts(&reader)?,
        tail,
    })
}

/// The digest of an assessment, and what ties it to the chain.
fn tie(reader: &Reader, file: impl Read) -> Result<(String, TieEvidence), CaseError> {
    let mut file = Digesting { file, hasher: Hasher::default() };
    let tie: Tie = serde_json::from_reader(&mut file).map_err(|e| {
        if e.is_io() {
            let path = reader.dir().join(ASSESSMENT);
            folder::failed("read", &path)(e.into())
        } else {
            tampered(0, ASSESSMENT, 0, What::NotAnAssessment).into()
        }
    })?;
    Ok((file.hasher.finish(), tie.evidence))
}

/// Takes the digest of what is read.
struct Digesting<R> {
    file: R,
    hasher: Hasher,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buf)?;
        self.hasher.update(buf.get(..n).unwrap_or_default());
        Ok(n)
    }
}

fn sealed(
    records: &Records,
    assessment: Option<&(String, TieEvidence)>,
    seal: Option<(u64, Seal)>,
    tied: bool,
    evidence: u64,
) -> Result<Tail, CaseError> {
    let end = records.place();
    match (assessment, seal) {
        (None, None) => Ok(Tail::Open),
        (None, Some((seq, _))) => Err(tampered(seq, ASSESSMENT, 0, What::Missing).into()),
        (Some((_, tie)), _) if tie.records > end.seq => {
            Err(tampered(end.seq, EVIDENCE, end.bytes, What::Truncated).into())
        }
        (Some(_), None) => Err(tampered(end.seq, ASSESSMENT, 0, What::Unsealed).into()),
        (Some((written, tie)), Some((seq, seal))) => {
            if *written != seal.assessment {
                return Err(tampered(seq, ASSESSMENT, 0, What::File).into());
            }
            if !tied {
                return Err(tampered(tie.records.saturating_sub(1), EVIDENCE, 0, What::Truncated).into());
            }
            Ok(if evidence <= tie.records {
                Tail::Sealed
            } else {
                Tail::SealedUpTo { assessed: tie.records }
            })
        }
    }
}

/// Takes the digest of every artifact and counts them.
fn artifacts(reader: &Reader) -> Result<u64, CaseError> {
    let dir = reader.dir().join(ARTIFACTS);
    if !folder::exists(&dir) {
        return Ok(0);
    }
    let is_folder = fs::symlink_metadata(&dir).map_err(folder::failed("read", &dir))?.is_dir();
    if !is_folder {
        return Err(CaseError::NotAFile(dir));
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&dir).map_err(folder::failed("read", &dir))? {
        names.push(entry.map_err(folder::failed("read", &dir))?.file_name());
        if names.len() > MAX_FILES {
            return Err(CaseError::TooLarge { path: dir, limit: MAX_FILES as u64 });
        }
    }
    names.sort();
    for name in &names {
        let shown = format!("{ARTIFACTS}/{}", name.to_string_lossy());
        let hex = name
            .to_str()
            .filter(|n| is_hex(n))
            .ok_or_else(|| tampered(0, &shown, 0, What::ForeignArtifact))?;
        let bytes = folder::read(&dir.join(hex), MAX_FILE)?;
        if digest(&bytes).strip_prefix("sha256:") != Some(hex) {
            return Err(tampered(0, &shown, 0, What::File).into());
        }
    }
    Ok(names.len() as u64)
}
