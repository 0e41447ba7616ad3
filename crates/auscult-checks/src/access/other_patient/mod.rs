//! A patient reaches what belongs to another patient.

use auscult_facts::Subject;
use auscult_facts::access::{AccessFacts, Question};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::apart::{decided, speaks};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct OtherPatient;

impl Check for OtherPatient {
    const META: Meta = Meta {
        id: CheckId::new("access-other-patient"),
        covers: &[Covers::new("ACC-02", "declared-references")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = AccessFacts;

    fn concerns(subject: &Subject) -> bool {
        speaks(subject, &["fhir", "dicomweb", "http", "mqtt", "mqtt-websocket"])
    }

    fn judge(facts: &AccessFacts, _: &Subject) -> Judgement {
        let read = facts.between(Question::Read, false);
        decided(facts, read.chain(facts.between(Question::Topic, false)))
    }
}
