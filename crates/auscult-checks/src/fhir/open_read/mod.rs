//! A FHIR API gives single clinical resources without a token.

use auscult_facts::Subject;
use auscult_facts::fhir::{Body, FhirFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenRead;

impl Check for OpenRead {
    const META: Meta = Meta {
        id: CheckId::new("fhir-open-read"),
        covers: &[Covers::new("MED-04", "read")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = FhirFacts;

    fn judge(facts: &FhirFacts, _: &Subject) -> Judgement {
        let mut unanswered = None;
        let mut refused = 0usize;
        let mut others = Vec::new();
        for read in &facts.reads {
            match said(&read.reply) {
                Err(why) => unanswered = Some(why),
                Ok(reply)
                    if reply.given()
                        && reply.body == Body::Resource
                        && reply.resources.contains_key(&read.resource) =>
                {
                    return Judgement::fail(Message::new("given").with("resource", &read.resource));
                }
                Ok(reply) if reply.refused() => refused += 1,
                Ok(reply) => others.push(reply.status),
            }
        }
        if let Some(why) = unanswered {
            return why;
        }
        if refused > 0 && others.is_empty() {
            return Judgement::pass(Message::new("refused").with("refused", refused));
        }
        if others.is_empty() {
            return Judgement::inconclusive(Message::new("not-read"));
        }
        others.sort_unstable();
        others.dedup();
        Judgement::inconclusive(Message::new("unclear").with_list("statuses", others))
    }
}
