//! An authorisation server is to be reached in clear.

use auscult_facts::Subject;
use auscult_facts::smart::SmartFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct EndpointInClear;

impl Check for EndpointInClear {
    const META: Meta = Meta {
        id: CheckId::new("smart-endpoint-in-clear"),
        covers: &[Covers::new("MED-05", "endpoints")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SmartFacts;

    fn judge(facts: &SmartFacts, _: &Subject) -> Judgement {
        if let Err(why) = said(&facts.status) {
            return why;
        }
        let endpoints = facts.configuration.iter().flat_map(|c| &c.endpoints);
        let clear: Vec<&String> =
            endpoints.clone().filter(|(_, scheme)| *scheme == "http").map(|(name, _)| name).collect();
        if !clear.is_empty() {
            return Judgement::fail(Message::new("clear").with_list("endpoints", clear));
        }
        if endpoints.clone().count() == 0 {
            return Judgement::inconclusive(Message::new("none"));
        }
        match endpoints.clone().find(|(_, scheme)| *scheme != "https") {
            Some((name, scheme)) => {
                Judgement::inconclusive(Message::new("odd").with("endpoint", name).with("scheme", scheme))
            }
            None => Judgement::pass(Message::new("inside-tls").with("count", endpoints.count())),
        }
    }
}
