//! A DICOM node gives an association to a calling AE title that it does not know.

use auscult_facts::Subject;
use auscult_facts::dicom::{Association, ContextResult, DicomFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct UnknownPeer;

impl Check for UnknownPeer {
    const META: Meta = Meta {
        id: CheckId::new("dicom-unknown-peer"),
        covers: &[Covers::new("MED-01", "association")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DicomFacts;

    fn judge(facts: &DicomFacts, _: &Subject) -> Judgement {
        if facts.tls && facts.client_certificate_demanded {
            return Judgement::pass(Message::new("no-certificate"));
        }
        let association = match said(&facts.association) {
            Err(judgement) => return judgement,
            Ok(association) => association,
        };
        let granted =
            || facts.contexts.iter().filter(|(_, r)| **r == ContextResult::Granted).map(|(c, _)| c.name());
        match *association {
            Association::Accepted if granted().next().is_none() => {
                Judgement::fail(Message::new("accepted-bare"))
            }
            Association::Accepted => {
                Judgement::fail(Message::new("accepted").with_list("contexts", granted()))
            }
            // PS3.8 table 9-21; a rejection that also grants something is not to be believed.
            Association::Rejected { .. } if granted().next().is_some() => {
                Judgement::inconclusive(Message::new("contradiction"))
            }
            Association::Rejected { result: 1, source: 1, reason: 3 } => {
                Judgement::pass(Message::new("not-recognised"))
            }
            Association::Rejected { result: 1, source: 1, reason: 1 } => {
                Judgement::pass(Message::new("rejected"))
            }
            Association::Rejected { result: 1, source: 1, reason: 7 } => {
                let id = if facts.called_declared { "called-declared" } else { "called-undeclared" };
                Judgement::inconclusive(Message::new(id))
            }
            Association::Rejected { result, source, reason } => Judgement::inconclusive(
                Message::new("rejected-otherwise")
                    .with("result", result)
                    .with("source", source)
                    .with("reason", reason),
            ),
            Association::Aborted { .. } => Judgement::inconclusive(Message::new("aborted")),
        }
    }
}
