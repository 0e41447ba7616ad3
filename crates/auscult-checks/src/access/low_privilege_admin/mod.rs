//! A low-privilege credential reaches an administrative function.

use auscult_facts::Subject;
use auscult_facts::access::{AccessFacts, Question};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::apart::{decided, speaks};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct LowPrivilegeAdmin;

impl Check for LowPrivilegeAdmin {
    const META: Meta = Meta {
        id: CheckId::new("access-low-privilege-admin"),
        covers: &[Covers::new("ACC-01", "declared-functions")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = AccessFacts;

    fn concerns(subject: &Subject) -> bool {
        speaks(subject, &["fhir", "dicomweb", "http"])
    }

    fn judge(facts: &AccessFacts, _: &Subject) -> Judgement {
        decided(facts, facts.of(Question::Function))
    }
}
