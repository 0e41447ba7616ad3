//! A service does not bear malformed messages: it goes away, hangs or answers wrongly afterwards.

use auscult_facts::Subject;
use auscult_facts::robustness::RobustnessFacts;
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::{Check, Covers, Meta, borne};

/// See the first line of the module.
#[derive(Debug)]
pub struct MalformedInput;

impl Check for MalformedInput {
    const META: Meta = Meta {
        id: CheckId::new("robustness-malformed-input"),
        covers: &[Covers::new("ROB-01", "malformed-messages")],
        severity: Severity::High,
        impact: Impact::Disruptive,
        text: include_str!("en.ftl"),
    };
    type Facts = RobustnessFacts;

    fn judge(facts: &RobustnessFacts, _: &Subject) -> Judgement {
        borne::input(facts)
    }
}
