//! A credential of one tenant hears the topics of another.

use auscult_facts::Subject;
use auscult_facts::access::{AccessFacts, Question};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::apart::{decided, speaks};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct OtherTenantTopics;

impl Check for OtherTenantTopics {
    const META: Meta = Meta {
        id: CheckId::new("access-other-tenant-topics"),
        covers: &[Covers::new("CLD-03", "declared-topics")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = AccessFacts;

    fn concerns(subject: &Subject) -> bool {
        speaks(subject, &["mqtt", "mqtt-websocket"])
    }

    fn judge(facts: &AccessFacts, _: &Subject) -> Judgement {
        decided(facts, facts.between(Question::Topic, true))
    }
}
