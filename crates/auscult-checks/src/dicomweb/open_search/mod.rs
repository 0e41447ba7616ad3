//! A DICOMweb service answers searches without a login.

use auscult_facts::Subject;
use auscult_facts::dicomweb::DicomwebFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenSearch;

impl Check for OpenSearch {
    const META: Meta = Meta {
        id: CheckId::new("dicomweb-open-search"),
        covers: &[Covers::new("MED-01", "web-search")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DicomwebFacts;

    fn judge(facts: &DicomwebFacts, _: &Subject) -> Judgement {
        let (mut open, mut refused, mut unclear) = (Vec::new(), 0, Vec::new());
        let mut unanswered = None;
        for (level, answer) in &facts.searches {
            match said(answer) {
                Err(why) => unanswered = Some(why),
                Ok(reply) if reply.given() => open.push(format!("{level} ({})", reply.entries)),
                Ok(reply) if reply.refused() => refused += 1,
                Ok(reply) if reply.not_offered() => {}
                Ok(reply) => unclear.push(reply.status),
            }
        }
        if !open.is_empty() {
            return Judgement::fail(Message::new("answered").with_list("levels", open));
        }
        if let Some(why) = unanswered {
            return why;
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
