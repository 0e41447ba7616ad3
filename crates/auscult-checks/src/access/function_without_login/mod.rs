//! An administrative function answers without any credential.

use auscult_facts::Subject;
use auscult_facts::access::AccessFacts;
use auscult_model::scenario::Role;
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::apart::{decided, speaks};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct FunctionWithoutLogin;

impl Check for FunctionWithoutLogin {
    const META: Meta = Meta {
        id: CheckId::new("access-function-without-login"),
        covers: &[Covers::new("AUT-03", "declared-functions")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = AccessFacts;

    fn concerns(subject: &Subject) -> bool {
        speaks(subject, &["fhir", "dicomweb", "http"])
    }

    fn judge(facts: &AccessFacts, _: &Subject) -> Judgement {
        decided(facts, facts.of_anybody(|role| role == Role::Admin))
    }
}
