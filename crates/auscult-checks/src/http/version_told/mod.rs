//! A web server tells strangers which version of which product it runs.

use auscult_facts::Subject;
use auscult_facts::http::HttpFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct VersionTold;

impl Check for VersionTold {
    const META: Meta = Meta {
        id: CheckId::new("http-version-told"),
        covers: &[Covers::new("SRV-03", "http-version")],
        severity: Severity::Low,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    fn judge(facts: &HttpFacts, _: &Subject) -> Judgement {
        let pages = [&facts.front, &facts.landing, &facts.unknown];
        let mut told: Vec<&str> = pages
            .iter()
            .filter_map(|answer| answer.seen())
            .flat_map(|p| [&p.server, &p.powered_by, &p.generator, &p.signature])
            .flatten()
            .map(String::as_str)
            .filter(|words| has_version(words))
            .collect();
        told.sort_unstable();
        told.dedup();
        if !told.is_empty() {
            return Judgement::fail(Message::new("told").with_list("versions", told));
        }
        match said(&facts.front).and_then(|_| said(&facts.unknown)) {
            Ok(_) => Judgement::pass(Message::new("untold")),
            Err(why) => why,
        }
    }
}

/// Whether words hold a version: digits around a dot, or a digit after a slash.
fn has_version(words: &str) -> bool {
    let bytes = words.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        b'.' => at > 0 && digit(at - 1) && digit(at + 1),
        b'/' => digit(at + 1),
        _ => false,
    })
}
