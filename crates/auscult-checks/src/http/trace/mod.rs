//! A web server answers TRACE by sending the request back, secrets included.

use auscult_facts::Subject;
use auscult_facts::http::HttpFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct Trace;

impl Check for Trace {
    const META: Meta = Meta {
        id: CheckId::new("http-trace"),
        covers: &[Covers::new("SRV-04", "trace")],
        severity: Severity::Low,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    fn judge(facts: &HttpFacts, _: &Subject) -> Judgement {
        let trace = match said(&facts.trace) {
            Ok(trace) => trace,
            Err(why) => return why,
        };
        if trace.reflected {
            Judgement::fail(Message::new("reflected"))
        } else if trace.status >= 500 && trace.status != 501 {
            Judgement::inconclusive(Message::new("in-trouble").with("status", trace.status))
        } else {
            Judgement::pass(Message::new("not-reflected").with("status", trace.status))
        }
    }
}
