//! A web service inside TLS does not tell browsers to come back by TLS only (HSTS, RFC 6797).

use auscult_facts::http::{HttpFacts, Page};
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct NoHsts;

impl Check for NoHsts {
    const META: Meta = Meta {
        id: CheckId::new("http-no-hsts"),
        covers: &[Covers::new("SRV-04", "hsts")],
        severity: Severity::Low,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    /// Services inside TLS: browsers heed the header only there (RFC 6797, 8.1).
    fn concerns(subject: &Subject) -> bool {
        subject.service.as_ref().is_some_and(|s| s.speaks_tls())
    }

    fn judge(facts: &HttpFacts, _: &Subject) -> Judgement {
        let front = match said(&facts.front) {
            Ok(front) => front,
            Err(why) => return why,
        };
        let landing = match &facts.landing {
            Answer::Seen(landing) => Some(landing),
            Answer::NotAsked(NotAsked::NoOccasion) => None,
            Answer::NotAsked(_) | Answer::Interrupted(_) if front.hsts.is_some() => None,
            other => match said(other) {
                Ok(landing) => Some(landing),
                Err(why) => return why,
            },
        };
        let pages: Vec<&Page> = landing.into_iter().chain([front]).collect();
        match pages.iter().find_map(|p| p.hsts.as_deref()) {
            Some(header) => on_header(header),
            None if pages.iter().any(|p| p.status < 400) => Judgement::fail(Message::new("missing")),
            None => Judgement::inconclusive(Message::new("no-page").with("status", front.status)),
        }
    }
}

const DAY: u64 = 86_400;

/// Shortest time that still covers a patient who opens the page twice a year.
const LEAST: u64 = 180 * DAY;

fn on_header(header: &str) -> Judgement {
    let age = header.split(';').find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("max-age")
            .then(|| value.trim().trim_matches('"').parse::<u64>().ok())?
    });
    match age {
        None => Judgement::fail(Message::new("unreadable").with("header", header)),
        Some(0) => Judgement::fail(Message::new("switched-off")),
        Some(age) if age < LEAST => Judgement::fail(Message::new("short").with("days", age / DAY)),
        Some(age) => Judgement::pass(Message::new("present").with("days", age / DAY)),
    }
}
