//! A web server lets any foreign page read its answers with the visitor's own session.

use auscult_facts::Subject;
use auscult_facts::http::{AllowedOrigin, HttpFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenCors;

impl Check for OpenCors {
    const META: Meta = Meta {
        id: CheckId::new("http-open-cors"),
        covers: &[Covers::new("SRV-04", "cross-origin")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    fn judge(facts: &HttpFacts, _: &Subject) -> Judgement {
        let seen = match said(&facts.foreign_origin) {
            Ok(seen) => seen,
            Err(why) => return why,
        };
        match (seen.allowed, seen.credentials) {
            (AllowedOrigin::Ours, true) => Judgement::fail(Message::new("reflected")),
            _ if seen.status >= 400 => {
                Judgement::inconclusive(Message::new("no-page").with("status", seen.status))
            }
            (AllowedOrigin::None, _) => Judgement::pass(Message::new("none")),
            (AllowedOrigin::Other, _) => Judgement::pass(Message::new("other")),
            (AllowedOrigin::Any, _) => Judgement::pass(Message::new("any")),
            (AllowedOrigin::Ours, false) => Judgement::pass(Message::new("without-session")),
        }
    }
}
