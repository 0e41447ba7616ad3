//! A search with the credential of one patient finds another patient.

use auscult_facts::Subject;
use auscult_facts::access::{AccessFacts, Question};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::apart::{decided, speaks};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct OtherInSearches;

impl Check for OtherInSearches {
    const META: Meta = Meta {
        id: CheckId::new("access-other-in-searches"),
        covers: &[Covers::new("ACC-02", "declared-searches")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = AccessFacts;

    fn concerns(subject: &Subject) -> bool {
        speaks(subject, &["fhir", "dicomweb"])
    }

    fn judge(facts: &AccessFacts, _: &Subject) -> Judgement {
        let searched = facts.between(Question::Search, false);
        decided(facts, searched.chain(facts.between(Question::List, false)))
    }
}
