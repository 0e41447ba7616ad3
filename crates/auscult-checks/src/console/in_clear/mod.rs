//! The HTTP interface of a data store, container host or dashboard is served without TLS.

use auscult_facts::console::ConsoleFacts;
use auscult_facts::{FlowInto, ServiceSubject, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct InClear;

impl Check for InClear {
    const META: Meta = Meta {
        id: CheckId::new("console-in-clear"),
        covers: &[Covers::new("NET-02", "consoles")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = ConsoleFacts;

    fn judge(facts: &ConsoleFacts, subject: &Subject) -> Judgement {
        let local = |s: &ServiceSubject| !s.flows.is_empty() && s.flows.iter().all(FlowInto::is_local);
        match &facts.product {
            _ if facts.tls => Judgement::pass(Message::new("tls")),
            Some(product) if subject.service.as_ref().is_some_and(local) => {
                Judgement::pass(Message::new("local").with("product", product))
            }
            Some(product) => Judgement::fail(Message::new("clear").with("product", product)),
            None if facts.front_demands_login => Judgement::inconclusive(Message::new("behind")),
            None if facts.shows_none() => Judgement::pass(Message::new("none")),
            None => Judgement::inconclusive(Message::new("untold")),
        }
    }
}
