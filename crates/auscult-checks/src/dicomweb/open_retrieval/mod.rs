//! A DICOMweb service gives objects without a login.

use auscult_facts::Subject;
use auscult_facts::dicomweb::DicomwebFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenRetrieval;

impl Check for OpenRetrieval {
    const META: Meta = Meta {
        id: CheckId::new("dicomweb-open-retrieval"),
        covers: &[Covers::new("MED-01", "web-retrieval")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DicomwebFacts;

    fn judge(facts: &DicomwebFacts, _: &Subject) -> Judgement {
        let reply = match said(&facts.retrieval.reply) {
            Ok(reply) => reply,
            Err(why) => return why,
        };
        if reply.given() && reply.entries > 0 {
            return Judgement::fail(Message::new("given"));
        }
        if reply.refused() {
            // What is refused for a study that nobody has is refused before it is looked for.
            let id = if facts.retrieval.known { "refused" } else { "refused-made-up" };
            return Judgement::pass(Message::new(id));
        }
        let id = if facts.retrieval.known { "unclear" } else { "not-found" };
        Judgement::inconclusive(Message::new(id).with("status", reply.status))
    }
}
