//! A FHIR API does not tell apps where and how to get a token (SMART App Launch, "Conformance").

use auscult_facts::Subject;
use auscult_facts::smart::SmartFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct ConfigurationMissing;

impl Check for ConfigurationMissing {
    const META: Meta = Meta {
        id: CheckId::new("smart-configuration-missing"),
        covers: &[Covers::new("MED-05", "present")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SmartFacts;

    fn judge(facts: &SmartFacts, _: &Subject) -> Judgement {
        let status = match said(&facts.status) {
            Ok(status) => *status,
            Err(why) => return why,
        };
        if facts.configuration.is_some() {
            return Judgement::pass(Message::new("present"));
        }
        let about = |id: &str| Message::new(id).with("base", &facts.base).with("status", status);
        match status {
            404 | 410 => Judgement::fail(about("missing")),
            200..=299 => Judgement::fail(about("not-one")),
            _ => Judgement::inconclusive(about("kept-back")),
        }
    }
}
