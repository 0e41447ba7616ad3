//! Reads what a command is given: scenario, the files it names, catalog, assessments.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use auscult_catalog::Catalog;
use auscult_engine::Authorities;
use auscult_facts::update::Image;
use auscult_impostor::{
    Authority, AuthorityError, Bytes, Images, LARGEST_IMAGE, LONGEST_MESSAGE, altered, cut_off,
};
use auscult_model::Message;
use auscult_model::assessment::{Assessment, SCHEMA};
use auscult_model::scenario::{LARGEST, Node, Scenario};
use auscult_text::Catalogue;

use crate::console;
use crate::stop::{Stop, USAGE};

/// Largest file that a scenario may name.
const LARGEST_FILE: u64 = 256 << 20;

/// A scenario with its text and the files that it names.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) scenario: Scenario,
    pub(crate) text: String,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Empty until [`authorities`] has read them: their keys are no files of the case.
    pub(crate) authorities: Authorities,
    /// The folder that it lies in.
    pub(crate) folder: PathBuf,
}

/// Reads a scenario and every file that it names.
pub(crate) fn scenario(path: &Path, catalogue: &Catalogue) -> Result<Given, Stop> {
    let bytes = read(path, LARGEST as u64)?;
    let (scenario, text) = parsed(path, bytes, catalogue)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let of_node =
        |n: &Node| n.sbom.iter().chain(n.impostors.iter().map(|i| &i.ca)).cloned().collect::<Vec<_>>();
    let of_all = scenario.trust_anchors.iter().chain(&scenario.crls).cloned();
    let named = of_all.chain(scenario.nodes.iter().flat_map(of_node));
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for name in named {
        if !files.iter().any(|(known, _)| *known == name) {
            let bytes = read(&folder.join(&name), LARGEST_FILE)?;
            files.push((name, bytes));
        }
    }
    Ok(Given { scenario, text, files, authorities: Authorities::new(), folder: folder.to_owned() })
}

fn parsed(path: &Path, bytes: Vec<u8>, catalogue: &Catalogue) -> Result<(Scenario, String), Stop> {
    let name = path.display().to_string();
    let text = String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        Stop::usage(catalogue.say(&Message::new("cli.not-utf8").with("file", &name).with("byte", at)))
    })?;
    match auscult_model::scenario::parse(&text) {
        Ok(scenario) => Ok((scenario, text)),
        Err(found) => {
            let shown = auscult_model::scenario::covered(&text);
            Err(Stop { code: USAGE, text: console::mistakes(&name, &shown, &found, catalogue) })
        }
    }
}

/// The certificates of the authorities that a scenario trusts, DER.
pub(crate) fn anchors(given: &Given, catalogue: &Catalogue) -> Result<Vec<Vec<u8>>, Stop> {
    let mut anchors = Vec::new();
    for (name, bytes) in given.files.iter().filter(|(name, _)| given.scenario.trust_anchors.contains(name)) {
        match auscult_probe::certificates_in_pem(bytes) {
            Some(found) if !found.is_empty() => anchors.extend(found),
            _ => {
                return Err(Stop::usage(
                    catalogue.say(&Message::new("cli.no-certificates").with("file", name)),
                ));
            }
        }
    }
    Ok(anchors)
}

/// The lists of revoked certificates that a scenario names, DER.
pub(crate) fn revocation_lists(given: &Given, catalogue: &Catalogue) -> Result<Vec<Vec<u8>>, Stop> {
    let mut lists = Vec::new();
    for (name, bytes) in given.files.iter().filter(|(name, _)| given.scenario.crls.contains(name)) {
        match auscult_probe::revocation_lists(bytes) {
            Some(found) => lists.extend(found),
            None => {
                return Err(Stop::usage(
                    catalogue.say(&Message::new("cli.no-revocation-list").with("file", name)),
                ));
            }
        }
    }
    Ok(lists)
}

/// The authorities that impostors may sign with; their keys are read here and written nowhere.
pub(crate) fn authorities(path: &Path, given: &mut Given, catalogue: &Catalogue) -> Result<(), Stop> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut authorities = Authorities::new();
    for impostor in given.scenario.nodes.iter().flat_map(|n| &n.impostors) {
        let files = (impostor.ca.clone(), impostor.ca_key.clone());
        if authorities.contains_key(&files) {
            continue;
        }
        let certificate = read(&folder.join(&impostor.ca), LARGEST_FILE)?;
        let key = read(&folder.join(&impostor.ca_key), LARGEST_FILE)?;
        let authority = Authority::from_pem(&certificate, &key).map_err(|e| {
            let message = Message::new(match e {
                AuthorityError::Certificate => "cli.authority-certificate",
                AuthorityError::Key => "cli.authority-key",
                AuthorityError::NotAPair => "cli.authority-no-pair",
            });
            let message = message.with("ca", &impostor.ca).with("key", &impostor.ca_key);
            Stop::usage(catalogue.say(&message))
        })?;
        authorities.insert(files, Arc::new(authority));
    }
    given.authorities = authorities;
    Ok(())
}

/// The images that are offered as updates, by the folder that the scenario names.
///
/// A genuine image of which one bit is turned, and one without its end, are made here where the folder has none.
pub(crate) fn images(
    path: &Path,
    given: &Given,
    catalogue: &Catalogue,
) -> Result<BTreeMap<String, Images>, Stop> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut all = BTreeMap::new();
    for update in given.scenario.nodes.iter().filter_map(|n| n.update.as_ref()) {
        let dir = folder.join(&update.images);
        let mut images = Images::new();
        for image in Image::ALL {
            let of_kind = dir.join(image.word());
            if !of_kind.is_dir() {
                continue;
            }
            let mut files = BTreeMap::new();
            let mut left = LARGEST_IMAGE;
            served(&of_kind, "", 0, &mut left, &mut files)?;
            if left == 0 {
                let message = Message::new("cli.images-too-large").with("dir", of_kind.display());
                return Err(Stop::usage(catalogue.say(&message.with("most", LARGEST_IMAGE))));
            }
            images.insert(image, Arc::new(files));
        }
        if let Some(genuine) = images.get(&Image::Genuine).cloned() {
            images.entry(Image::Altered).or_insert_with(|| Arc::new(altered(&genuine)));
            images.entry(Image::CutOff).or_insert_with(|| Arc::new(cut_off(&genuine)));
        }
        if images.is_empty() {
            return Err(Stop::usage(
                catalogue.say(&Message::new("cli.no-images").with("dir", dir.display())),
            ));
        }
        all.insert(update.images.clone(), images);
    }
    Ok(all)
}

/// The messages that are sent to devices, one of them twice, by the file that the scenario names.
///
/// They are no files of the case: a message can hold a password.
pub(crate) fn messages(path: &Path, given: &Given) -> Result<BTreeMap<String, Bytes>, Stop> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let replays = given.scenario.nodes.iter().filter_map(|n| n.replay.as_ref());
    let named = replays.flat_map(|r| &r.messages);
    named.map(|name| Ok((name.clone(), Bytes::from(read(&folder.join(name), LONGEST_MESSAGE)?)))).collect()
}

/// Files of a folder by their paths, four levels deep; links are not followed.
fn served(
    dir: &Path,
    prefix: &str,
    depth: u32,
    left: &mut u64,
    files: &mut BTreeMap<String, Bytes>,
) -> Result<(), Stop> {
    for entry in std::fs::read_dir(dir).map_err(|e| Stop::io(dir, &e))? {
        let entry = entry.map_err(|e| Stop::io(dir, &e))?;
        let path = entry.path();
        let kind = entry.file_type().map_err(|e| Stop::io(&path, &e))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if kind.is_dir() && depth < 4 {
            served(&path, &format!("{name}/"), depth + 1, left, files)?;
        } else if kind.is_file() && *left > 0 {
            let bytes = read(&path, LARGEST_FILE)?;
            *left = left.saturating_sub(bytes.len() as u64);
            files.insert(name, Bytes::from(bytes));
        }
    }
    Ok(())
}

/// The embedded catalog, with a user's files laid over it.
pub(crate) fn catalog(dir: Option<&Path>, catalogue: &Catalogue) -> Result<Catalog, Stop> {
    let embedded = Catalog::embedded();
    let Some(dir) = dir else { return Ok(embedded) };
    let mut files = Vec::new();
    gather(dir, "", 0, &mut files)?;
    if files.is_empty() {
        let message = Message::new("cli.empty-catalog").with("dir", dir.display());
        return Err(Stop::usage(catalogue.say(&message)));
    }
    embedded.overlay(files).map_err(|found| {
        let mut text = String::new();
        for mistake in &found {
            let place = format!("{}:{}:{}", dir.join(&mistake.file).display(), mistake.line, mistake.column);
            text += &format!("error: {}\n  --> {place}\n", catalogue.say(&mistake.message));
            if let Some(hint) = &mistake.hint {
                text += &format!("help: {}\n", catalogue.say(hint));
            }
        }
        text +=
            &catalogue.say(&Message::new("cli.mistakes").with("n", found.len()).with("file", dir.display()));
        Stop::usage(console::harmless(&text))
    })
}

/// TOML files of a folder, two levels deep as the catalog itself; links are not followed.
fn gather(dir: &Path, prefix: &str, depth: u32, files: &mut Vec<(String, String)>) -> Result<(), Stop> {
    let listing = std::fs::read_dir(dir).map_err(|e| Stop::io(dir, &e))?;
    let mut entries: Vec<_> = listing.collect::<Result<_, _>>().map_err(|e| Stop::io(dir, &e))?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().map_err(|e| Stop::io(&path, &e))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if kind.is_dir() && depth < 2 {
            gather(&path, &format!("{name}/"), depth + 1, files)?;
        } else if kind.is_file() && name.ends_with(".toml") && files.len() <= auscult_catalog::MAX_FILES {
            let bytes = read(&path, auscult_catalog::MAX_FILE as u64)?;
            files.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(())
}

/// An assessment: `assessment.json` of a case file, or a file of that form.
pub(crate) fn assessment(path: &Path, catalogue: &Catalogue) -> Result<Assessment, Stop> {
    let file = if path.is_dir() { path.join("assessment.json") } else { path.to_owned() };
    let bytes = read(&file, LARGEST_FILE)?;
    let say = |detail: String| {
        let message =
            Message::new("cli.not-an-assessment").with("file", file.display()).with("detail", detail);
        Stop::usage(catalogue.say(&message))
    };
    let assessment: Assessment = serde_json::from_slice(&bytes).map_err(|e| say(e.to_string()))?;
    if assessment.schema != SCHEMA {
        return Err(say(assessment.schema));
    }
    Ok(assessment)
}

/// Reads a file of bounded size.
pub(crate) fn read(path: &Path, most: u64) -> Result<Vec<u8>, Stop> {
    let file = File::open(path).map_err(|e| Stop::io(path, &e))?;
    let meta = file.metadata().map_err(|e| Stop::io(path, &e))?;
    if !meta.is_file() {
        return Err(Stop::usage(format!("`{}` is not a file", path.display())));
    }
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|e| Stop::io(path, &e))?;
    if bytes.len() as u64 > most {
        return Err(Stop::usage(format!("`{}` is larger than {most} bytes", path.display())));
    }
    Ok(bytes)
}
