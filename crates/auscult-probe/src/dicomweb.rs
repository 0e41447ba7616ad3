//! Looks at a DICOMweb service as a stranger.

use std::collections::BTreeMap;

use auscult_facts::dicomweb::{Body, DicomwebFacts, Reply, Retrieval};
use auscult_facts::{Answer, Interrupted, Subject};
use auscult_model::Impact;
use hyper::header::{ACCEPT, CONTENT_TYPE};
use serde_json::Value;

use crate::http::ask::{Answered, Client, Question, bound, noted};
use crate::http::base;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Looks at a DICOMweb service without a login: what it lets a stranger search and retrieve.
///
/// Only kinds and counts are kept; a study that a search gives away is asked for once and forgotten.
#[derive(Debug)]
pub struct Dicomweb;

/// Where most archives have it.
const USUAL: &str = "/dicom-web";

/// Levels that are searched.
const LEVELS: [&str; 3] = ["studies", "series", "instances"];

/// A UID below the root for UIDs that are derived from UUIDs (PS3.5, annex B.2): nobody's.
const NO_SUCH: &str = "2.25.0";

/// Longest UID (PS3.5, section 9.1).
const LONGEST_UID: usize = 64;

/// Study Instance UID.
const STUDY_UID: &str = "0020000D";

/// Most bytes of an answer that are read.
const MOST: usize = 64 << 10;

/// Most data sets that are counted.
const COUNTED: u32 = 1000;

const QUESTIONS: u64 = LEVELS.len() as u64 + 1;

const DICOM_JSON: &str = "application/dicom+json";

impl Observer for Dicomweb {
    type Facts = DicomwebFacts;
    const NAME: &'static str = "dicomweb/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        bound(QUESTIONS, QUESTIONS * 106)
    }

    async fn look(
        bench: &NodeBench,
        subject: &Subject,
        errand: &Errand,
    ) -> Result<DicomwebFacts, Interrupted> {
        let mut client = Client::new(bench, subject, Self::bound(errand.depth, bench.allowed()))?;
        let base = base(subject, USUAL);
        let root = base.trim_end_matches('/').to_owned();
        let mut searches = BTreeMap::new();
        let mut study = None;
        let mut failure = None;
        for level in LEVELS {
            let answered = ask(&mut client, format!("{root}/{level}?limit=1")).await;
            match &answered {
                Ok(answered) => study = study.or_else(|| study_in(answered)),
                Err(why) => failure = failure.or(Some(*why)),
            }
            searches.insert(level.to_owned(), noted(answered.map(|a| read_reply(&a))));
        }
        if let Some(why) = failure.filter(|_| searches.values().all(|answer| answer.seen().is_none())) {
            return Err(why);
        }
        let known = study.is_some();
        let uid = study.unwrap_or_else(|| NO_SUCH.to_owned());
        let answered = ask(&mut client, format!("{root}/studies/{uid}/metadata")).await;
        let reply: Answer<Reply> = noted(answered.map(|a| read_reply(&a)));
        Ok(DicomwebFacts { base, searches, retrieval: Retrieval { known, reply } })
    }
}

async fn ask(client: &mut Client<'_>, path: String) -> Result<Answered, Interrupted> {
    client.ask(Question::get(path).with(ACCEPT, DICOM_JSON).most(MOST)).await
}

/// What an answer is, by kind and count.
pub fn read_reply(answered: &Answered) -> Reply {
    let (body, entries) = match datasets(answered) {
        Some(entries) => (Body::Datasets, entries),
        None if answered.body.iter().all(u8::is_ascii_whitespace) && !answered.cut => (Body::Empty, 0),
        None => (Body::Other, 0),
    };
    Reply { status: answered.status, body, entries, cut: answered.cut }
}

/// How many data sets an answer holds; `None` where it is no list of them.
fn datasets(answered: &Answered) -> Option<u32> {
    let kind = answered.header(&CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("multipart/related") {
        return (kind.contains("dicom") && !answered.body.is_empty()).then_some(1);
    }
    if answered.cut {
        // A list that is too long to be read: one data set is known by the tag that it begins with.
        let start: Vec<u8> =
            answered.body.iter().copied().filter(|b| !b.is_ascii_whitespace()).take(12).collect();
        let tag = start.strip_prefix(b"[{\"").is_some_and(|tag| is_tag(&String::from_utf8_lossy(tag)));
        return tag.then_some(1);
    }
    match serde_json::from_slice(&answered.body).ok()? {
        Value::Array(all) => {
            let tagged = |set: &Value| set.as_object().is_some_and(|set| set.keys().any(|key| is_tag(key)));
            let count = all.iter().filter(|set| tagged(set)).count();
            (all.is_empty() || count > 0).then(|| u32::try_from(count).unwrap_or(COUNTED).min(COUNTED))
        }
        _ => None,
    }
}

/// Whether a key is a tag of the JSON model: eight digits in hex.
fn is_tag(key: &str) -> bool {
    key.len() >= 8 && key.bytes().take(8).all(|b| b.is_ascii_hexdigit())
}

/// A study that an answer gives away, if its UID is well formed.
pub fn study_in(answered: &Answered) -> Option<String> {
    if !answered.given() {
        return None;
    }
    let value: Value = serde_json::from_slice(&answered.body).ok()?;
    let uid = value.get(0)?.get(STUDY_UID)?.pointer("/Value/0")?.as_str()?;
    let well_formed = uid.len() <= LONGEST_UID && uid.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (well_formed && !uid.is_empty()).then(|| uid.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, kind: &str, body: &str) -> Reply {
        let headers = [(&b"content-type"[..], kind.as_bytes())];
        read_reply(&Answered::of(status, &headers, body.as_bytes().to_vec()))
    }

    #[test]
    fn data_sets_are_counted_and_nothing_else_is_one() {
        let one = r#"[{"0020000D":{"vr":"UI","Value":["1.2.3"]}}]"#;
        assert_eq!(answer(200, "application/dicom+json", one).entries, 1);
        assert!(answer(200, "application/dicom+json", "[]").given());
        assert!(answer(204, "text/plain", "").given());
        assert!(!answer(200, "text/html", "<html></html>").given());
        assert!(!answer(200, "application/json", r#"[{"name":"x"}]"#).given());
        assert!(!answer(200, "application/json", r#"{"0020000D":{}}"#).given());
        assert!(!answer(200, "text/plain", "").given(), "nothing with 200 is no answer to a search");
        assert!(!answer(401, "application/json", "[]").given());
    }

    #[test]
    fn only_a_well_formed_uid_goes_into_a_path() {
        let study = |uid: &str| {
            let body = format!(r#"[{{"0020000D":{{"vr":"UI","Value":["{uid}"]}}}}]"#);
            study_in(&Answered::of(200, &[], body.into_bytes()))
        };
        assert_eq!(study("1.2.840.7").as_deref(), Some("1.2.840.7"));
        for bad in ["", "../admin", "1.2?x=1", &"1".repeat(65)] {
            assert_eq!(study(bad), None, "{bad}");
        }
    }
}
