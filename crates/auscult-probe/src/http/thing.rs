//! Things that belong to somebody, as FHIR, DICOMweb and plain web services name them, and what an answer holds of them.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use auscult_facts::access::Reach;
use hyper::StatusCode;
use serde_json::Value;

use super::ask::Answered;
use super::door::refuses;
use super::origin::Origin;

/// Entries that a search without restriction asks for.
const PAGE: usize = 50;

/// What a service speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Fhir,
    Dicomweb,
    Plain,
}

/// One thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    /// `Patient/a1` of a FHIR API.
    Resource { kind: String, id: String },
    /// A study of DICOMweb by its UID.
    Study(String),
    /// Whatever stands at a path.
    Page(String),
}

impl Dialect {
    /// The thing that a scenario names.
    pub(super) fn thing(self, root: &str, named: &str) -> Thing {
        if named.starts_with('/') {
            return Thing::Page(named.to_owned());
        }
        match (self, named.split('/').collect::<Vec<_>>().as_slice()) {
            (Self::Fhir, [kind, id]) => Thing::Resource { kind: (*kind).to_owned(), id: (*id).to_owned() },
            (Self::Dicomweb, ["studies", uid]) => Thing::Study((*uid).to_owned()),
            _ => Thing::Page(format!("{root}/{named}")),
        }
    }

    /// What answers are wanted as.
    pub(super) fn accepts(self) -> &'static str {
        match self {
            Self::Fhir => "application/fhir+json, application/json;q=0.9",
            Self::Dicomweb => "application/dicom+json, application/json;q=0.9",
            Self::Plain => "*/*",
        }
    }

    /// Searches without any restriction.
    pub(super) fn lists(self, root: &str) -> Vec<String> {
        match self {
            Self::Fhir => {
                ["Patient", "Observation"].map(|kind| format!("{root}/{kind}?_count={PAGE}")).to_vec()
            }
            Self::Dicomweb => vec![format!("{root}/studies?limit={PAGE}")],
            Self::Plain => Vec::new(),
        }
    }
}

impl Thing {
    /// Where it is read.
    pub(super) fn path(&self, root: &str) -> String {
        match self {
            Self::Resource { kind, id } => format!("{root}/{kind}/{id}"),
            Self::Study(uid) => format!("{root}/studies/{uid}/metadata"),
            Self::Page(path) => path.clone(),
        }
    }

    /// A search for what belongs to it.
    pub(super) fn search(&self, root: &str) -> Option<String> {
        match self {
            Self::Resource { kind, id } if kind == "Patient" => {
                Some(format!("{root}/Observation?patient={id}&_count=5"))
            }
            Self::Study(uid) => Some(format!("{root}/studies?StudyInstanceUID={uid}")),
            Self::Resource { .. } | Self::Page(_) => None,
        }
    }

    /// Whether it can be told from other things by what an answer holds.
    pub(super) fn tells_itself(&self) -> bool {
        !matches!(self, Self::Page(_))
    }

    /// How far a read came; of a page only that something was given is known.
    pub(super) fn read(&self, path: &str, answered: &Answered, origin: &Origin) -> Reach {
        if let Some(kept_out) = kept_out(path, answered, origin) {
            return kept_out;
        }
        if !answered.given() {
            return Reach::Unclear;
        }
        let value: Option<Value> = serde_json::from_slice(&answered.body).ok();
        let text = |pointer: &str| value.as_ref().and_then(|v| v.pointer(pointer)?.as_str());
        match self {
            Self::Page(_) => Reach::Reached,
            Self::Resource { kind, id } => {
                let cut = value.is_none() && answered.cut && is_within(answered, &[kind, id]);
                let whole = text("/resourceType") == Some(kind) && text("/id") == Some(id);
                if whole || cut { Reach::Reached } else { Reach::Unclear }
            }
            Self::Study(uid) => match value {
                Some(Value::Array(all)) if all.is_empty() => Reach::Absent,
                Some(Value::Array(all)) if all.iter().any(|one| is_of_study(one, uid)) => Reach::Reached,
                None if answered.status == StatusCode::NO_CONTENT.as_u16() => Reach::Absent,
                None if answered.cut && is_within(answered, &[uid]) => Reach::Reached,
                _ => Reach::Unclear,
            },
        }
    }

    /// How far a search came; `whole` says that an answer without it must show that it is at its end.
    pub(super) fn found(&self, path: &str, answered: &Answered, origin: &Origin, whole: bool) -> Reach {
        if let Some(kept_out) = kept_out(path, answered, origin) {
            return kept_out;
        }
        if !answered.given() {
            return Reach::Unclear;
        }
        if let Self::Study(_) = self
            && answered.status == StatusCode::NO_CONTENT.as_u16()
        {
            return Reach::Absent;
        }
        let Ok(value) = serde_json::from_slice::<Value>(&answered.body) else { return Reach::Unclear };
        let (entries, at_end) = match (self, &value) {
            (Self::Resource { .. }, Value::Object(_)) if value["resourceType"] == "Bundle" => {
                let entries = value["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
                let total = value["total"].as_u64().unwrap_or(0);
                let next =
                    value["link"].as_array().is_some_and(|l| l.iter().any(|l| l["relation"] == "next"));
                (entries, !next && total <= entries.len() as u64)
            }
            (Self::Study(_), Value::Array(all)) => (all.as_slice(), all.len() < PAGE),
            _ => return Reach::Unclear,
        };
        let holds = |entry: &Value| match self {
            Self::Resource { kind, id } => refers(&entry["resource"], kind, id),
            Self::Study(uid) => is_of_study(entry, uid),
            Self::Page(_) => false,
        };
        if entries.iter().any(holds) {
            Reach::Reached
        } else if whole && !at_end {
            Reach::Unclear
        } else {
            Reach::Absent
        }
    }
}

/// A refusal, or the word that there is no such thing.
fn kept_out(path: &str, answered: &Answered, origin: &Origin) -> Option<Reach> {
    match answered.status {
        407 => Some(Reach::Refused),
        404 | 410 => Some(Reach::Absent),
        _ => refuses(path, answered, origin).then_some(Reach::Refused),
    }
}

/// Whether a resource is the one, or is about it.
fn refers(resource: &Value, kind: &str, id: &str) -> bool {
    let is_it = resource["resourceType"] == kind && resource["id"] == id;
    let about = ["subject", "patient", "beneficiary", "individual"].iter().any(|member| {
        let reference = resource[*member]["reference"].as_str().unwrap_or_default();
        let mut parts = reference.rsplit('/');
        parts.next() == Some(id) && parts.next() == Some(kind)
    });
    is_it || about
}

/// Whether an object in DICOM's JSON is of a study (PS3.18 annex F).
fn is_of_study(object: &Value, uid: &str) -> bool {
    object["0020000D"]["Value"][0] == uid
}

/// Whether all of the words stand in quotes in a body that was cut.
fn is_within(answered: &Answered, words: &[&str]) -> bool {
    let text = answered.text();
    words.iter().all(|word| text.contains(&format!("\"{word}\"")))
}

/// A body as it can be compared and not read.
pub(super) fn print_of(answered: &Answered) -> u64 {
    let mut hasher = DefaultHasher::new();
    answered.body.hash(&mut hasher);
    hasher.finish()
}

/// Whether an answer shows that the service slows down or locks.
pub(super) fn slows(answered: &Answered) -> bool {
    let waits = answered.headers.contains_key(hyper::header::RETRY_AFTER);
    matches!(answered.status, 423 | 429) || (waits && answered.status >= 400)
}
