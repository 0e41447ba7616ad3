//! The catalog as a whole: the embedded one, a user's files laid over it, and its digest.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use auscult_model::Message;
use include_dir::{Dir, include_dir};

use crate::mistake::Mistakes;
use crate::parse::{self, Mention};
use crate::read::{Source, nearest};
use crate::{Catalog, CatalogMistake, Requirement, canonical};

/// Longest catalog file, in bytes.
pub const MAX_FILE: usize = 64 * 1024;

/// Most files laid over the embedded catalog.
pub const MAX_FILES: usize = 10_000;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../catalog");

impl Catalog {
    /// The catalog that is part of the binary; read on first use.
    pub fn embedded() -> Self {
        static EMBEDDED: OnceLock<Catalog> = OnceLock::new();
        // INVARIANT: the embedded files hold no mistake; a test of this crate reads each of them.
        EMBEDDED.get_or_init(|| read(Self::empty(), embedded_files()).0).clone()
    }

    /// The catalog with a user's files laid over it: a file adds what has a new id and replaces what has a known one.
    ///
    /// Names are relative to the user's folder, with `/` between the parts; the crate documentation says what a
    /// name means. Files that do not end in `.toml` are left alone. At most [`MAX_FILES`] files of at most
    /// [`MAX_FILE`] bytes are read.
    ///
    /// # Errors
    /// Every mistake in every file, in the order of files and places; the first thousand of them.
    pub fn overlay(
        self,
        files: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<CatalogMistake>> {
        match read(self, files) {
            (catalog, mistakes) if mistakes.is_empty() => Ok(catalog),
            (_, mistakes) => Err(mistakes),
        }
    }

    /// The requirement of that id.
    pub fn get(&self, id: &str) -> Option<&Requirement> {
        self.requirements.get(id)
    }

    /// The catalog as JSON with sorted keys and no space between tokens: equal catalogs give equal bytes.
    ///
    /// It deserialises to an equal catalog.
    pub fn canonical_json(&self) -> String {
        // Strings, flags and maps with string keys: there is nothing in a catalog that JSON cannot hold.
        let value = serde_json::to_value(self).unwrap_or_default();
        let mut text = String::new();
        canonical::write(&value, &mut text);
        text
    }

    /// The SHA-256 of [`canonical_json`](Self::canonical_json), as `sha256:` and 64 hexadecimal digits.
    pub fn digest(&self) -> String {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.canonical_json().as_bytes());
        let mut text = String::from("sha256:");
        for byte in digest.as_ref() {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    fn empty() -> Self {
        Self {
            version: String::new(),
            requirements: BTreeMap::new(),
            frameworks: BTreeMap::new(),
            perimeter: Vec::new(),
        }
    }
}

/// The embedded files: frameworks first, so that a requirement finds what it cites; then in the order of names.
fn embedded_files() -> Vec<(&'static str, &'static str)> {
    fn gather(dir: &Dir<'static>, files: &mut Vec<(&'static str, &'static str)>) {
        for file in dir.files() {
            if let (Some(name), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
                files.push((name, text));
            }
        }
        for dir in dir.dirs() {
            gather(dir, files);
        }
    }
    let mut files = Vec::new();
    gather(&FILES, &mut files);
    files.sort_by_key(|(name, _)| (!name.starts_with("frameworks/"), *name));
    files
}

/// What a file of that name holds.
enum Holds {
    Framework,
    Perimeter,
    Version,
    Requirement,
}

impl Holds {
    fn of(name: &str) -> Option<Self> {
        let mut parts = name.rsplit('/');
        let file = parts.next()?;
        let folder = parts.next();
        match (folder, file) {
            _ if !file.ends_with(".toml") => None,
            (Some("frameworks"), _) => Some(Self::Framework),
            (None, "ts103701.toml") => Some(Self::Perimeter),
            (None, "catalog.toml") => Some(Self::Version),
            _ => Some(Self::Requirement),
        }
    }
}

/// The catalog with the files laid over it, and the mistakes of the files; what is mistaken is left out.
fn read<N, T>(mut catalog: Catalog, files: impl IntoIterator<Item = (N, T)>) -> (Catalog, Vec<CatalogMistake>)
where
    N: AsRef<str>,
    T: AsRef<str>,
{
    let mut mistakes = Mistakes::default();
    let mut frameworks = Vec::new();
    let mut requirements = Vec::new();
    let mut said_by = BTreeMap::new();
    let mut count = 0;
    for (name, text) in files {
        let (name, text) = (name.as_ref(), text.as_ref());
        let Some(holds) = Holds::of(name) else { continue };
        count += 1;
        if count > MAX_FILES {
            mistakes.push(whole_file(name, Message::new("catalog.too-many-files").with("most", MAX_FILES)));
            break;
        }
        if text.len() > MAX_FILE {
            let message =
                Message::new("catalog.file-too-long").with("bytes", text.len()).with("most", MAX_FILE);
            mistakes.push(whole_file(name, message));
            continue;
        }
        let mut source = Source::new(name, text, &mut mistakes);
        match holds {
            Holds::Requirement => {
                let known = |id: &str| catalog.frameworks.contains_key(id);
                if let Some((requirement, mentions)) = parse::requirement(&mut source, known) {
                    frameworks.extend(mentions);
                    let id = requirement.id.clone();
                    note_twice(&mut mistakes, &mut said_by, name, id.as_str());
                    catalog.requirements.insert(id, requirement);
                }
            }
            Holds::Framework => {
                if let Some(framework) = parse::framework(&mut source) {
                    note_twice(&mut mistakes, &mut said_by, name, &framework.id);
                    catalog.frameworks.insert(framework.id.clone(), framework);
                }
            }
            Holds::Perimeter => {
                let known = |id: &str| catalog.requirements.contains_key(id);
                if let Some((tests, mentions)) = parse::perimeter(&mut source, known) {
                    requirements.extend(mentions);
                    for test in tests {
                        match catalog.perimeter.iter_mut().find(|old| old.unit == test.unit) {
                            Some(old) => *old = test,
                            None => catalog.perimeter.push(test),
                        }
                    }
                }
            }
            Holds::Version => {
                if let Some(version) = parse::version(&mut source) {
                    catalog.version = version;
                }
            }
        }
        if mistakes.full() {
            break;
        }
    }
    note_absent(&mut mistakes, frameworks, || catalog.frameworks.keys().map(String::as_str).collect());
    note_absent(&mut mistakes, requirements, || catalog.requirements.keys().map(|id| id.as_str()).collect());
    (catalog, mistakes.sorted())
}

fn whole_file(name: &str, message: Message) -> CatalogMistake {
    CatalogMistake { file: name.to_owned(), line: 1, column: 1, message, hint: None }
}

/// Notes an id that an earlier file of the same folder has already given.
fn note_twice(mistakes: &mut Mistakes, said_by: &mut BTreeMap<String, String>, name: &str, id: &str) {
    if let Some(other) = said_by.insert(id.to_owned(), name.to_owned()) {
        let message = Message::new("catalog.id-twice").with("id", id).with("other", other);
        mistakes.push(whole_file(name, message));
    }
}

/// Notes each mention of a name that is in no file.
fn note_absent<'n>(mistakes: &mut Mistakes, mentions: Vec<Mention>, known: impl Fn() -> Vec<&'n str>) {
    let known = if mentions.is_empty() { Vec::new() } else { known() };
    for Mention { name, mistake } in mentions {
        if !known.contains(&name.as_str()) {
            let hint = nearest(&name, known.iter().copied());
            mistakes.push(CatalogMistake { hint, ..mistake });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_files_hold_no_mistake() {
        let (_, mistakes) = read(Catalog::empty(), embedded_files());
        assert_eq!(mistakes, [], "the embedded catalog has mistakes");
    }

    #[test]
    fn each_embedded_file_is_named_by_what_it_holds() {
        for (name, text) in embedded_files() {
            let stem = name.rsplit('/').next().unwrap().strip_suffix(".toml").unwrap();
            match Holds::of(name) {
                Some(Holds::Requirement) => {
                    let area = stem.split('-').next().unwrap().to_lowercase();
                    assert_eq!(name, format!("{area}/{stem}.toml"));
                    assert!(text.starts_with(&format!("id = \"{stem}\"\n")), "{name}");
                }
                Some(Holds::Framework) => {
                    assert!(text.starts_with(&format!("id = \"{stem}\"\n")), "{name}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn the_whole_laid_over_itself_is_itself() {
        let files = embedded_files().into_iter().map(|(name, text)| (name.to_owned(), text.to_owned()));
        let laid = Catalog::embedded().overlay(files).unwrap();
        assert_eq!(laid.digest(), Catalog::embedded().digest());
    }
}
