//! What comes in files: scenarios, catalog files, anchors, case files, facts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use auscult_casefile::{Body, CaseError, Header, Record, Records, SCHEMA, canonical, digest};
use auscult_catalog::{Catalog, Framework};
use auscult_facts::Subject;
use auscult_model::{Message, scenario as scenarios};
use auscult_probe::certificates_in_pem;
use auscult_text::Catalogue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::draw::Draw;

/// Every text that judging and reading can say.
pub(crate) static WORDS: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut texts = vec![auscult_report::texts(), scenarios::texts()];
    texts.extend(auscult_catalog::texts());
    texts.extend(auscult_engine::texts());
    texts.extend(auscult_checks::texts());
    Catalogue::english(&texts)
});

/// Asserts that there are words for a message.
fn assert_said(message: &Message) {
    assert!(message.args.values().all(|value| value.chars().count() <= 301), "{message:?}");
    assert!(WORDS.has(&message.id), "no words for {message:?}");
    assert_ne!(WORDS.say(message), format!("[{}]", message.id), "an argument is missing in {message:?}");
}

/// A scenario file.
pub fn scenario(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match scenarios::parse(&text) {
        Ok(scenario) => {
            for node in &scenario.nodes {
                assert!(node.behind.as_ref().is_none_or(|id| scenario.node(id.as_str()).is_some()));
            }
            for page in scenario.nodes.iter().flat_map(|node| &node.pages) {
                let host = scenario.node(page.on.node.as_str()).expect("every name resolves");
                assert!(page.on.service.as_ref().is_some_and(|name| host.service(name.as_str()).is_some()));
                assert!(
                    page.path.starts_with('/') && page.path.is_ascii() && !page.path.contains([' ', '#'])
                );
            }
            for end in scenario.flows.iter().flat_map(|flow| [&flow.from, &flow.to]) {
                let node = scenario.node(end.node.as_str()).expect("every name resolves");
                assert!(end.service.as_ref().is_none_or(|name| node.service(name.as_str()).is_some()));
            }
            let written = serde_json::to_value(&scenario).and_then(serde_json::from_value);
            assert_eq!(written.ok(), Some(scenario));
        }
        Err(mistakes) => {
            assert!((1..=101).contains(&mistakes.len()));
            for mistake in mistakes {
                assert!(mistake.span.start <= mistake.span.end && mistake.span.start <= text.len());
                assert!(mistake.place.line >= 1 && mistake.place.column >= 1);
                assert_said(&mistake.message);
                mistake.hint.iter().for_each(assert_said);
            }
        }
    }
}

/// A user's catalog file; its first byte chooses what it holds.
pub fn catalog(bytes: &[u8]) {
    let (choice, text) = bytes.split_first().unwrap_or((&0, &[]));
    let name = match choice % 4 {
        0 => "own/OWN-01.toml",
        1 => "frameworks/own.toml",
        2 => "ts103701.toml",
        _ => "catalog.toml",
    };
    let text = String::from_utf8_lossy(text).into_owned();
    let framework = Framework {
        id: "own".to_owned(),
        name: "Own".to_owned(),
        publisher: "Nobody".to_owned(),
        edition: "1".to_owned(),
        about: "Invented.".to_owned(),
    };
    let small = Catalog {
        version: "1".to_owned(),
        requirements: BTreeMap::new(),
        frameworks: BTreeMap::from([(framework.id.clone(), framework)]),
        perimeter: Vec::new(),
    };
    match small.overlay([(name.to_owned(), text)]) {
        Ok(catalog) => {
            let written = catalog.canonical_json();
            let read: Catalog = serde_json::from_str(&written).expect("what was written can be read");
            assert_eq!(read.canonical_json(), written);
            assert_eq!(read.digest(), catalog.digest());
        }
        Err(mistakes) => {
            assert!((1..=1_000).contains(&mistakes.len()));
            for mistake in mistakes {
                assert!(mistake.line >= 1 && mistake.column >= 1 && mistake.file == name);
                assert_said(&mistake.message);
                mistake.hint.iter().for_each(assert_said);
            }
        }
    }
}

/// A PEM file with anchors; what was read must go there and back.
pub fn pem(bytes: &[u8]) {
    let Some(certificates) = certificates_in_pem(bytes) else { return };
    assert!(certificates.iter().map(Vec::len).sum::<usize>() <= bytes.len());
    let written: String = certificates
        .iter()
        .map(|der| {
            format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der))
        })
        .collect();
    assert_eq!(certificates_in_pem(written.as_bytes()), Some(certificates));
}

/// The bytes of an `evidence.jsonl`: what is taken for a chain must be written as we would write it.
pub fn evidence(bytes: &[u8]) {
    for line in bytes.split(|b| *b == b'\n') {
        if serde_json::from_slice::<Record>(line).is_ok()
            && let Ok(value) = serde_json::from_slice(line)
            && let Ok(line) = canonical(&value)
        {
            assert!(serde_json::from_slice::<Record>(&line).is_ok());
        }
    }
    let mut written = Vec::new();
    for record in Records::within(bytes) {
        let Ok(record) = record else { return };
        written.extend(line(&record));
    }
    assert_eq!(written, bytes);
}

fn line(record: &Record) -> Vec<u8> {
    let value = serde_json::to_value(record).expect("records can always be written");
    let mut line = canonical(&value).expect("it was canonical");
    line.push(b'\n');
    line
}

/// Lines of JSON as observations of a whole chain, of which one byte is changed and which is cut.
///
/// The first five bytes say where and how. Any change must be found, and in the record in which it is.
pub fn chain(bytes: &[u8]) {
    let mut draw = Draw::new(bytes);
    let (change, at, cut) = (draw.byte(), usize::from(draw.word()), usize::from(draw.word()));
    let values = draw.rest().split(|b| *b == b'\n').filter_map(|l| serde_json::from_slice::<Value>(l).ok());
    let bodies = std::iter::once(opened()).chain(values.take(20).map(Body::Observation));

    let mut evidence = Vec::new();
    let mut prev = header_digest();
    let mut ends = Vec::new();
    for body in bodies {
        let Some((written, own)) = record(ends.len(), &prev, &body) else { continue };
        evidence.extend(written);
        ends.push(evidence.len());
        prev = own;
    }
    let read: Vec<Record> =
        Records::within(&evidence).collect::<Result<_, _>>().expect("it was well written");
    assert_eq!(read.len(), ends.len());
    assert_eq!(read.last().map(|r| r.digest.as_str()), Some(prev.as_str()));

    let record_at = |at: usize| ends.iter().take_while(|end| **end <= at).count() as u64;
    let at = at % evidence.len();
    let mut changed = evidence.clone();
    changed[at] ^= change.max(1);
    let found = Records::within(&changed).find_map(Result::err).expect("every change is found");
    assert_eq!(place(&found), record_at(at), "byte {at} became {:?}: {found}", changed[at]);

    let cut = cut % evidence.len();
    let found = Records::within(&evidence[..cut]).find_map(Result::err);
    match found {
        Some(found) => assert_eq!(place(&found), record_at(cut)),
        None => assert!(ends.contains(&cut), "a record that was cut was taken for a whole one"),
    }
}

fn place(found: &CaseError) -> u64 {
    match found {
        CaseError::Tampered(tampered) => tampered.record,
        other => panic!("bytes in memory cannot fail so: {other}"),
    }
}

fn header() -> Header {
    Header {
        schema: SCHEMA.to_owned(),
        scenario: digest(b"scenario"),
        catalog: digest(b"catalog"),
        files: BTreeMap::new(),
    }
}

fn opened() -> Body {
    Body::Opened(header())
}

fn header_digest() -> String {
    let value = serde_json::to_value(header()).expect("headers can always be written");
    digest(&canonical(&value).expect("there is no float in it"))
}

/// The line of a record and its digest; `None` for what has no canonical form.
fn record(seq: usize, prev: &str, body: &Body) -> Option<(Vec<u8>, String)> {
    let mut value = json!({ "seq": seq, "prev": prev, "at": "2026-01-01T00:00:00Z", "body": body });
    let own = digest(&canonical(&value).ok()?);
    value.as_object_mut()?.insert("digest".to_owned(), Value::String(own.clone()));
    let mut line = canonical(&value).ok()?;
    line.push(b'\n');
    Some((line, own))
}

/// Facts of any kind with their subject, as a stranger's case file may hold them, before every check.
///
/// They stand in an object or in a pair.
pub fn judgement(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    let Some(subject) = value.get("subject").or_else(|| value.get(0)) else { return };
    let Ok(subject) = serde_json::from_value::<Subject>(subject.clone()) else { return };
    let facts = value.get("facts").or_else(|| value.get(1)).unwrap_or(&Value::Null);
    for check in auscult_checks::all() {
        let _ = check.selects(&subject);
        let Ok(judgement) = check.judge(facts, &subject) else { continue };
        assert_said(&auscult_checks::global(&check.meta().id, &judgement.because));
        assert_eq!(check.judge(facts, &subject).ok(), Some(judgement));
    }
}
