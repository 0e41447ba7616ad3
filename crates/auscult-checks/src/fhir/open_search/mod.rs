//! A FHIR API answers searches for clinical resources without a token.

use auscult_facts::Subject;
use auscult_facts::fhir::{FhirFacts, Reply};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenSearch;

impl Check for OpenSearch {
    const META: Meta = Meta {
        id: CheckId::new("fhir-open-search"),
        covers: &[Covers::new("MED-04", "search")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = FhirFacts;

    fn judge(facts: &FhirFacts, _: &Subject) -> Judgement {
        let mut open = Vec::new();
        let (mut clinical_open, mut refused, mut unclear) = (false, 0, Vec::new());
        let mut unanswered = None;
        for (resource, answer) in &facts.searches {
            let reply: &Reply = match said(answer) {
                Ok(reply) => reply,
                Err(why) => {
                    unanswered = Some(why);
                    continue;
                }
            };
            if reply.bundle() {
                clinical_open |= !DIRECTORY.contains(&resource.as_str());
                open.push(format!("{resource} ({})", reply.total.unwrap_or(u64::from(reply.entries))));
            } else if reply.refused() {
                refused += 1;
            } else if !reply.not_offered() {
                unclear.push(reply.status);
            }
        }
        if clinical_open {
            return Judgement::fail(Message::new("answered").with_list("resources", open));
        }
        if let Some(why) = unanswered {
            return why;
        }
        if !open.is_empty() {
            return Judgement::inconclusive(Message::new("directory").with_list("resources", open));
        }
        if !unclear.is_empty() {
            unclear.sort_unstable();
            unclear.dedup();
            return Judgement::inconclusive(Message::new("unclear").with_list("statuses", unclear));
        }
        if refused == 0 {
            return Judgement::inconclusive(Message::new("not-offered").with("base", &facts.base));
        }
        Judgement::pass(Message::new("refused").with("refused", refused))
    }
}

/// Resource types that name staff and places; some of them are public on purpose.
const DIRECTORY: [&str; 1] = ["Practitioner"];
