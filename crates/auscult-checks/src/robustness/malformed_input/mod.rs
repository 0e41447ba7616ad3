//! A service does not bear malformed messages: it goes away, hangs or answers wrongly afterwards.

use auscult_facts::Subject;
use auscult_facts::robustness::RobustnessFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

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
        if facts.before.is_none() {
            return Judgement::inconclusive(Message::new("unsteady"));
        }
        if facts.healthy_before == Some(false) {
            return Judgement::inconclusive(Message::new("unhealthy-before"));
        }
        let mut taken = 0;
        let tls = facts.tls.then_some(&facts.tls_malformed);
        for answer in std::iter::once(&facts.malformed).chain(tls) {
            let series = match said(answer) {
                Err(judgement) => return judgement,
                Ok(series) => series,
            };
            if let Some(step) = series.missed() {
                let state = step.state();
                let told =
                    Message::new(state.word()).with("input", &step.input).with("protocol", &facts.protocol);
                return if state.harmed() { Judgement::fail(told) } else { Judgement::inconclusive(told) };
            }
            if !series.complete() {
                let told = Message::new("unfinished").with("taken", series.steps.len()).with("of", series.of);
                return Judgement::inconclusive(told);
            }
            taken += series.steps.len();
        }
        Judgement::pass(Message::new("borne").with("count", taken).with("protocol", &facts.protocol))
    }
}
