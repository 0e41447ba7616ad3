//! Looks at a FHIR API as a stranger.

use std::collections::BTreeMap;

use auscult_facts::fhir::{Body, FhirFacts, IdFrom, Metadata, Read, Reply};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use hyper::Method;
use hyper::header::{ACCEPT, CONTENT_LOCATION, HeaderName};
use serde_json::Value;

use crate::http::ask::{Answered, Client, Question, bound, noted};
use crate::http::base;
use crate::http::page::cut;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

pub use crate::smart::Smart;

/// Looks at a FHIR API without a token: what it lets a stranger search, read and export.
///
/// Only kinds and counts are kept; an id that a search gives away is used for one read and forgotten.
#[derive(Debug)]
pub struct Fhir;

/// Resource types that are searched: four that hold the care of patients, and one that holds names of staff.
const SEARCHED: [&str; 5] = ["Patient", "Observation", "Condition", "MedicationRequest", "Practitioner"];

/// Resource types that are read when a search gave an id away.
const READ: [&str; 2] = ["Patient", "Observation"];

/// Ids that examples and first records have.
const GUESSED: [&str; 2] = ["1", "example"];

/// Most bytes of an answer that are read; what is longer is recognised by its beginning.
const MOST: usize = 64 << 10;

/// Metadata at two places, searches, reads, `$everything`, `_history`, `$export` and its end.
const QUESTIONS: u64 = 2 + (SEARCHED.len() + READ.len() + GUESSED.len()) as u64 + 2;

const FHIR_JSON: &str = "application/fhir+json, application/json;q=0.9";

impl Observer for Fhir {
    type Facts = FhirFacts;
    const NAME: &'static str = "fhir/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, allowed: Impact) -> Bound {
        let export = if allowed >= Impact::Intrusive { 2 } else { 0 };
        bound(QUESTIONS + export, QUESTIONS * 106)
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<FhirFacts, Interrupted> {
        let mut client = Client::new(bench, subject, Self::bound(errand.depth, bench.allowed()))?;
        let (base, metadata) = find_base(&mut client, subject).await;
        let mut first_failure = None;
        let metadata = noted(metadata.map(|a| read_metadata(&a)).inspect_err(|e| first_failure = Some(*e)));
        let root = base.trim_end_matches('/').to_owned();
        let mut searches = BTreeMap::new();
        let mut ids: BTreeMap<&str, String> = BTreeMap::new();
        for resource in SEARCHED {
            let answered = ask(&mut client, format!("{root}/{resource}?_count=1")).await;
            if let Ok(answered) = &answered
                && let Some(id) = id_in(answered, resource)
            {
                ids.insert(resource, id);
            }
            searches.insert(resource.to_owned(), noted(answered.map(|a| read_reply(&a))));
        }
        let nothing =
            matches!(metadata, Answer::Interrupted(_)) && searches.values().all(|s| s.seen().is_none());
        if let Some(why) = first_failure.filter(|_| nothing) {
            return Err(why);
        }
        let mut reads = Vec::new();
        for resource in READ {
            if let Some(id) = ids.get(resource) {
                let reply = read(&mut client, format!("{root}/{resource}/{id}")).await;
                reads.push(Read { resource: resource.to_owned(), id: IdFrom::Search, reply });
            }
        }
        for id in GUESSED {
            let reply = read(&mut client, format!("{root}/Patient/{id}")).await;
            reads.push(Read { resource: "Patient".to_owned(), id: IdFrom::Guess, reply });
        }
        let everything = match ids.get("Patient") {
            Some(id) => read(&mut client, format!("{root}/Patient/{id}/$everything?_count=1")).await,
            None => Answer::NotAsked(NotAsked::NoOccasion),
        };
        let history = read(&mut client, format!("{root}/_history?_count=1")).await;
        let export = if bench.allowed() >= Impact::Intrusive {
            export(&mut client, &root, errand).await
        } else {
            Answer::NotAsked(NotAsked::Impact)
        };
        Ok(FhirFacts { base, metadata, searches, reads, everything, history, export })
    }
}

/// The base path at which a capability statement stands, or the declared one, with the answer to it.
pub(crate) async fn find_base(
    client: &mut Client<'_>,
    subject: &Subject,
) -> (String, Result<Answered, Interrupted>) {
    let declared = base(subject, "/fhir");
    let first = ask(client, format!("{}/metadata", declared.trim_end_matches('/'))).await;
    if declared != "/" && first.as_ref().is_ok_and(|a| a.status == 404) {
        let second = ask(client, "/metadata".to_owned()).await;
        if second.as_ref().is_ok_and(|a| read_metadata(a).capability) {
            return ("/".to_owned(), second);
        }
    }
    (declared, first)
}

async fn ask(client: &mut Client<'_>, path: String) -> Result<Answered, Interrupted> {
    client.ask(Question::get(path).with(ACCEPT, FHIR_JSON).most(MOST)).await
}

async fn read(client: &mut Client<'_>, path: String) -> Answer<Reply> {
    noted(ask(client, path).await.map(|a| read_reply(&a)))
}

/// Kicks off an export of what changes from now on, which is nothing, and cancels it.
async fn export(client: &mut Client<'_>, root: &str, errand: &Errand) -> Answer<Reply> {
    const PREFER: HeaderName = HeaderName::from_static("prefer");
    let path = format!("{root}/$export?_type=Patient&_since={}", errand.at.strftime("%Y-%m-%dT%H:%M:%SZ"));
    let question = Question::get(path.clone())
        .with(ACCEPT, "application/fhir+json")
        .with(PREFER, "respond-async")
        .step(Impact::Intrusive);
    let answered = match client.ask(question).await {
        Ok(answered) => answered,
        Err(why) => return Answer::Interrupted(why),
    };
    let job = answered.header(&CONTENT_LOCATION).and_then(|job| client.origin.path_here(&path, &job));
    if let Some(job) = job.filter(|_| answered.given()) {
        // Whatever it answers, there is nothing more to do: the job is empty and ends by itself.
        let _ = client.ask(Question::new(Method::DELETE, job).step(Impact::Intrusive)).await;
    }
    Answer::Seen(read_reply(&answered))
}

/// What a capability statement says; strings are cut to 120 characters.
pub fn read_metadata(answered: &Answered) -> Metadata {
    let value: Option<Value> = serde_json::from_slice(&answered.body).ok();
    let text = |pointer: &str| -> Option<String> {
        value.as_ref()?.pointer(pointer)?.as_str().map(|s| cut(s, 120)).filter(|s| !s.is_empty())
    };
    let security = value
        .as_ref()
        .and_then(|v| v.pointer("/rest/0/security/service")?.as_array())
        .map(|services| {
            services
                .iter()
                .filter_map(|s| s.pointer("/coding/0/code")?.as_str())
                .map(|code| cut(code, 60))
                .take(8)
                .collect()
        })
        .unwrap_or_default();
    let software = match (text("/software/name"), text("/software/version")) {
        (Some(name), Some(version)) => Some(cut(&format!("{name} {version}"), 120)),
        (name, version) => name.or(version),
    };
    Metadata {
        status: answered.status,
        capability: answered.given()
            && matches!(
                kind_of(answered, value.as_ref()).as_deref(),
                Some("CapabilityStatement" | "Conformance")
            ),
        fhir_version: text("/fhirVersion"),
        software,
        security,
    }
}

/// What an answer is, by kinds and counts.
pub fn read_reply(answered: &Answered) -> Reply {
    let value: Option<Value> = serde_json::from_slice(&answered.body).ok();
    let kind = kind_of(answered, value.as_ref());
    let body = match kind.as_deref() {
        Some("Bundle") => Body::Bundle,
        Some("OperationOutcome") => Body::OperationOutcome,
        Some(_) => Body::Resource,
        None if answered.body.iter().all(u8::is_ascii_whitespace) && !answered.cut => Body::Empty,
        None => Body::Other,
    };
    let mut reply = Reply {
        status: answered.status,
        body,
        entries: 0,
        total: None,
        resources: BTreeMap::new(),
        issues: Vec::new(),
        cut: answered.cut,
    };
    let Some(value) = value else {
        // XML, or JSON that was cut: entries are counted by their mark.
        if body == Body::Bundle {
            let text = answered.text();
            let marks = text.matches("<entry>").count() + text.matches("\"fullUrl\"").count();
            reply.entries = u32::try_from(marks).unwrap_or(u32::MAX);
        }
        if let Some(kind) = kind.filter(|_| body == Body::Resource) {
            reply.resources.insert(kind, 1);
        }
        return reply;
    };
    match body {
        Body::Bundle => {
            let entries = value.get("entry").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            reply.entries = u32::try_from(entries.len()).unwrap_or(u32::MAX);
            reply.total = value.get("total").and_then(Value::as_u64);
            for entry in entries {
                let kind = entry.pointer("/resource/resourceType").and_then(Value::as_str);
                count(&mut reply.resources, kind.unwrap_or("unknown"));
            }
        }
        Body::Resource => count(&mut reply.resources, kind.as_deref().unwrap_or("unknown")),
        Body::OperationOutcome => {
            let issues = value.get("issue").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            reply.issues =
                issues.iter().filter_map(|i| i.get("code")?.as_str()).map(|c| cut(c, 40)).take(4).collect();
        }
        Body::Empty | Body::Other => {}
    }
    reply
}

/// Counts a resource type; what is no type, and what is too many, is `other`.
fn count(resources: &mut BTreeMap<String, u32>, kind: &str) {
    let named = is_type(kind) && (resources.len() < 20 || resources.contains_key(kind));
    *resources.entry(if named { kind } else { "other" }.to_owned()).or_default() += 1;
}

fn is_type(kind: &str) -> bool {
    (1..=40).contains(&kind.len()) && kind.chars().all(|c| c.is_ascii_alphabetic())
}

/// The resource type of a body, in JSON, in JSON that was cut, or in XML.
fn kind_of(answered: &Answered, value: Option<&Value>) -> Option<String> {
    let kind = match value {
        Some(value) => value.get("resourceType")?.as_str()?.to_owned(),
        None => {
            let start: String =
                answered.text().trim_start_matches('\u{feff}').trim_start().chars().take(2_000).collect();
            if start.starts_with('{') {
                let after = start.split_once("\"resourceType\"")?.1.trim_start().strip_prefix(':')?;
                after.trim_start().strip_prefix('"')?.split('"').next()?.to_owned()
            } else if start.starts_with('<') && start.contains("http://hl7.org/fhir") {
                let root = start.split('<').find(|t| t.starts_with(|c: char| c.is_ascii_uppercase()))?;
                root.split(|c: char| c.is_ascii_whitespace() || c == '>').next()?.to_owned()
            } else {
                return None;
            }
        }
    };
    is_type(&kind).then_some(kind)
}

/// The id of the first resource of a type in a bundle, when it is one that FHIR allows.
pub fn id_in(answered: &Answered, resource: &str) -> Option<String> {
    let value: Value = answered.given().then(|| serde_json::from_slice(&answered.body).ok()).flatten()?;
    value.get("entry")?.as_array()?.iter().take(10).find_map(|entry| {
        let found = entry.get("resource")?;
        let id = (found.get("resourceType")?.as_str()? == resource)
            .then(|| found.get("id")?.as_str())
            .flatten()?;
        let allowed = (1..=64).contains(&id.len())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
            && !id.starts_with('.');
        allowed.then(|| id.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str, cut: bool) -> Answered {
        Answered {
            status,
            headers: hyper::HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            cut,
            short: None,
        }
    }

    #[test]
    fn bundles_are_counted_and_not_kept() {
        let bundle = r#"{"resourceType":"Bundle","total":7,"entry":[{"resource":{"resourceType":"Patient","id":"p-1","name":[{"family":"Invented"}]}}]}"#;
        let reply = read_reply(&answer(200, bundle, false));
        assert!(reply.bundle());
        assert_eq!((reply.entries, reply.total), (1, Some(7)));
        assert!(!serde_json::to_string(&reply).unwrap().contains("Invented"));
        assert_eq!(id_in(&answer(200, bundle, false), "Patient").as_deref(), Some("p-1"));
    }

    #[test]
    fn cut_json_and_xml_are_recognised() {
        let cut = answer(200, "{\"resourceType\" : \"Bundle\", \"entry\":[{\"fullUrl\":\"x\"", true);
        assert_eq!(read_reply(&cut).body, Body::Bundle);
        let xml = answer(200, "<?xml version=\"1.0\"?><Patient xmlns=\"http://hl7.org/fhir\"><id/>", false);
        assert_eq!(read_reply(&xml).resources.get("Patient"), Some(&1));
        assert_eq!(read_reply(&answer(200, "<html>", false)).body, Body::Other);
        assert_eq!(read_reply(&answer(204, "", false)).body, Body::Empty);
    }

    #[test]
    fn a_bundle_of_errors_only_is_no_answer() {
        let bundle =
            r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"OperationOutcome"}}]}"#;
        assert!(!read_reply(&answer(200, bundle, false)).bundle());
    }

    #[test]
    fn hostile_ids_are_not_used() {
        for id in ["../../reset", "a b", "", "..", "a/b", &"x".repeat(65)] {
            let bundle = serde_json::json!({"entry": [{"resource": {"resourceType": "Patient", "id": id}}]});
            assert_eq!(id_in(&answer(200, &bundle.to_string(), false), "Patient"), None, "{id}");
        }
    }
}
