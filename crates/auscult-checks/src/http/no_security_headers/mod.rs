//! A page lacks the headers by which browsers guard it: content policy, framing, guessing of types.

use auscult_facts::http::{HttpFacts, Page};
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct NoSecurityHeaders;

impl Check for NoSecurityHeaders {
    const META: Meta = Meta {
        id: CheckId::new("http-no-security-headers"),
        covers: &[Covers::new("SRV-04", "headers")],
        severity: Severity::Low,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    fn judge(facts: &HttpFacts, subject: &Subject) -> Judgement {
        let shown = match &facts.landing {
            Answer::NotAsked(NotAsked::NoOccasion) => &facts.front,
            landing => landing,
        };
        let page = match said(shown) {
            Ok(page) => page,
            Err(why) => return why,
        };
        let in_clear = subject.service.as_ref().is_some_and(|s| !s.speaks_tls());
        if in_clear && page.to_tls() {
            // Browsers show nothing of it; the page is that of another service.
            return Judgement::pass(Message::new("sent-to-tls"));
        }
        if !page.html || !page.given() {
            return Judgement::inconclusive(Message::new("no-page").with("status", page.status));
        }
        let missing = missing(page);
        if missing.is_empty() {
            Judgement::pass(Message::new("present"))
        } else {
            Judgement::fail(Message::new("missing").with("path", &page.path).with_list("headers", missing))
        }
    }
}

fn missing(page: &Page) -> Vec<&'static str> {
    let is = |header: &Option<String>, values: &[&str]| {
        header.as_ref().is_some_and(|h| values.iter().any(|v| h.trim().eq_ignore_ascii_case(v)))
    };
    let mut missing = Vec::new();
    if page.content_security_policy.is_none() {
        missing.push("Content-Security-Policy");
    }
    if !page.frame_ancestors && !is(&page.frame_options, &["deny", "sameorigin"]) {
        missing.push("frame-ancestors");
    }
    if !is(&page.content_type_options, &["nosniff"]) {
        missing.push("X-Content-Type-Options: nosniff");
    }
    missing
}
