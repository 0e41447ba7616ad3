//! A DICOM node lets a peer store that it does not know.

use auscult_facts::dicom::{Context, ContextResult, DicomFacts};
use auscult_facts::{Answer, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenStore;

impl Check for OpenStore {
    const META: Meta = Meta {
        id: CheckId::new("dicom-open-store"),
        covers: &[Covers::new("MED-01", "storage")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DicomFacts;

    fn judge(facts: &DicomFacts, _: &Subject) -> Judgement {
        match facts.admits_strangers() {
            Answer::Seen(true) => {}
            Answer::Seen(false) if facts.client_certificate_demanded => {
                return Judgement::pass(Message::new("no-certificate"));
            }
            Answer::Seen(false) => return Judgement::pass(Message::new("no-association")),
            Answer::NotAsked(_) => return Judgement::inconclusive(Message::new("unclear")),
            Answer::Interrupted(why) => return Judgement::inconclusive(interrupted(why)),
        }
        let stores: Vec<(&Context, &ContextResult)> =
            facts.contexts.iter().filter(|(context, _)| context.stores()).collect();
        let granted = || stores.iter().filter(|(_, r)| **r == ContextResult::Granted).map(|(c, _)| c.name());
        // PS3.8 table 9-18: 1 to 3 refuse the service itself, 4 only how it was offered.
        let refused = |r: &ContextResult| matches!(r, ContextResult::Refused { result: 1..=3 });
        let asked = Context::ALL.iter().filter(|context| context.stores()).count();
        if granted().next().is_some() {
            Judgement::fail(Message::new("granted").with_list("contexts", granted()))
        } else if stores.len() == asked && stores.iter().all(|(_, r)| refused(r)) {
            Judgement::pass(Message::new("no-store"))
        } else {
            Judgement::inconclusive(Message::new("ungranted"))
        }
    }
}
