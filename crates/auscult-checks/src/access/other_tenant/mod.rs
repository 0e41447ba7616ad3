//! A credential of one tenant reaches data of another.

use auscult_facts::Subject;
use auscult_facts::access::{AccessFacts, Question};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::apart::{decided, speaks};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct OtherTenant;

impl Check for OtherTenant {
    const META: Meta = Meta {
        id: CheckId::new("access-other-tenant"),
        covers: &[Covers::new("CLD-03", "declared-data")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = AccessFacts;

    fn concerns(subject: &Subject) -> bool {
        speaks(subject, &["fhir", "dicomweb", "http"])
    }

    fn judge(facts: &AccessFacts, _: &Subject) -> Judgement {
        let read = facts.between(Question::Read, true).chain(facts.between(Question::Search, true));
        decided(facts, read.chain(facts.between(Question::List, true)))
    }
}
