//! Opens and writes files inside the folder: ordinary files only, bounded, on disk before anybody is told so.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use crate::CaseError;
use crate::digest::Hasher;

pub(crate) const SCENARIO: &str = "scenario.toml";
pub(crate) const CATALOG: &str = "catalog.json";
pub(crate) const EVIDENCE: &str = "evidence.jsonl";
pub(crate) const ASSESSMENT: &str = "assessment.json";
pub(crate) const ARTIFACTS: &str = "artifacts";
pub(crate) const LOCK: &str = "lock";

/// Makes an error of the system one that says what was tried on what.
pub(crate) fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> CaseError {
    let path = path.to_owned();
    move |source| CaseError::Io { doing, path, source }
}

/// Whether something of that name is there, be it a file or not.
pub(crate) fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Opens an ordinary file; a link, also one put there meanwhile, is refused.
pub(crate) fn open(path: &Path, options: &OpenOptions) -> Result<File, CaseError> {
    // Looked at before, because opening a pipe would wait for ever.
    let before = fs::symlink_metadata(path).map_err(failed("open", path))?;
    if !before.is_file() {
        return Err(CaseError::NotAFile(path.to_owned()));
    }
    let file = options.open(path).map_err(failed("open", path))?;
    let after = file.metadata().map_err(failed("open", path))?;
    if !same(&before, &after) {
        return Err(CaseError::NotAFile(path.to_owned()));
    }
    Ok(file)
}

#[cfg(unix)]
fn same(a: &fs::Metadata, b: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn same(_: &fs::Metadata, b: &fs::Metadata) -> bool {
    b.is_file()
}

/// The bytes of an ordinary file, at most `limit` of them.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, CaseError> {
    let file = open(path, OpenOptions::new().read(true))?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(failed("read", path))?;
    if bytes.len() as u64 > limit {
        return Err(CaseError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

/// Writes a file that is not there yet and waits until it is on disk.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), CaseError> {
    let mut file =
        OpenOptions::new().write(true).create_new(true).open(path).map_err(failed("create", path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed("write", path))
}

/// Puts bytes in the place of a file so that a crash leaves the old or the new one, never a mixture.
///
/// They are written beside `evidence.jsonl` first, where a rest of a crash disturbs nobody.
pub(crate) fn replace(dir: &Path, path: &Path, bytes: &[u8]) -> Result<(), CaseError> {
    let limit = bytes.len() as u64;
    replace_with(dir, path, limit, |out| out.write_all(bytes)).map(drop)
}

/// As [`replace`], with bytes that are written piece by piece, at most `limit` of them; gives their digest.
pub(crate) fn replace_with(
    dir: &Path,
    path: &Path,
    limit: u64,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<String, CaseError> {
    let aside = dir.join("unfinished");
    if exists(&aside) {
        fs::remove_file(&aside).map_err(failed("remove", &aside))?;
    }
    let file =
        OpenOptions::new().write(true).create_new(true).open(&aside).map_err(failed("create", &aside))?;
    let mut out = BufWriter::new(Digested { file, hasher: Hasher::default(), left: limit });
    let written = write(&mut out).and_then(|()| out.flush());
    let digested = match written.and_then(|()| out.into_inner().map_err(io::IntoInnerError::into_error)) {
        Ok(digested) => digested,
        Err(e) if e.kind() == io::ErrorKind::FileTooLarge => {
            return Err(CaseError::TooLarge { path: path.to_owned(), limit });
        }
        Err(e) => return Err(failed("write", &aside)(e)),
    };
    digested.file.sync_all().map_err(failed("write", &aside))?;
    fs::rename(&aside, path).map_err(failed("write", path))?;
    if let Some(parent) = path.parent() {
        sync_folder(parent)?;
    }
    Ok(digested.hasher.finish())
}

/// A file of bounded size that takes the digest of what goes into it.
struct Digested {
    file: File,
    hasher: Hasher,
    left: u64,
}

impl Write for Digested {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() as u64 > self.left {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let n = self.file.write(bytes)?;
        self.hasher.update(bytes.get(..n).unwrap_or_default());
        self.left -= n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Waits until the entries of a folder are on disk.
pub(crate) fn sync_folder(path: &Path) -> Result<(), CaseError> {
    if cfg!(unix) {
        File::open(path).and_then(|f| f.sync_all()).map_err(failed("write", path))?;
    }
    Ok(())
}
