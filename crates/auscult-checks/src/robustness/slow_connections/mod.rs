//! A few slow or half-open connections keep everybody else out.

use auscult_facts::Subject;
use auscult_facts::robustness::RobustnessFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct SlowConnections;

impl Check for SlowConnections {
    const META: Meta = Meta {
        id: CheckId::new("robustness-slow-connections"),
        covers: &[Covers::new("ROB-03", "slow-connections")],
        severity: Severity::Medium,
        impact: Impact::Disruptive,
        text: include_str!("en.ftl"),
    };
    type Facts = RobustnessFacts;

    fn judge(facts: &RobustnessFacts, _: &Subject) -> Judgement {
        if facts.before.is_none() {
            return Judgement::inconclusive(Message::new("unsteady"));
        }
        let series = match said(&facts.slow) {
            Err(judgement) => return judgement,
            Ok(series) => series,
        };
        if let Some(step) = series.missed() {
            let state = step.state();
            let told = Message::new(state.word()).with("input", &step.input);
            return if state.harmed() { Judgement::fail(told) } else { Judgement::inconclusive(told) };
        }
        if !series.complete() {
            let told = Message::new("unfinished").with("taken", series.steps.len()).with("of", series.of);
            return Judgement::inconclusive(told);
        }
        Judgement::pass(Message::new("borne"))
    }
}
