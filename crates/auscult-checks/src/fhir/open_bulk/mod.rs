//! A FHIR API gives whole records, its history or an export of everything without a token.

use auscult_facts::fhir::{FhirFacts, Reply};
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenBulk;

impl Check for OpenBulk {
    const META: Meta = Meta {
        id: CheckId::new("fhir-open-bulk"),
        covers: &[Covers::new("MED-04", "bulk")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = FhirFacts;

    fn judge(facts: &FhirFacts, _: &Subject) -> Judgement {
        let answers =
            [("$everything", &facts.everything), ("_history", &facts.history), (EXPORT, &facts.export)];
        let open: Vec<&str> = answers
            .iter()
            .filter(|(name, answer)| answer.seen().is_some_and(|reply| is_open(name, reply)))
            .map(|(name, _)| *name)
            .collect();
        if !open.is_empty() {
            return Judgement::fail(Message::new("open").with_list("operations", open));
        }
        let mut refused = 0;
        for (name, answer) in answers {
            if *answer == Answer::NotAsked(NotAsked::NoOccasion) {
                continue;
            }
            match said(answer) {
                Err(why) => return why,
                Ok(reply) if reply.refused() => refused += 1,
                Ok(reply) if reply.not_offered() => {}
                Ok(reply) => {
                    return Judgement::inconclusive(
                        Message::new("unclear").with("operation", name).with("status", reply.status),
                    );
                }
            }
        }
        if refused == 0 {
            return Judgement::inconclusive(Message::new("not-offered").with("base", &facts.base));
        }
        Judgement::pass(Message::new("refused").with("refused", refused))
    }
}

const EXPORT: &str = "$export";

/// Whether an operation was granted: a bundle, or for an export 202, since a page for every path has 200.
fn is_open(name: &str, reply: &Reply) -> bool {
    if name == EXPORT { reply.status == 202 || reply.bundle() } else { reply.bundle() }
}
