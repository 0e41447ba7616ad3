//! A load that a few clients can make takes a service away.

use auscult_facts::Subject;
use auscult_facts::robustness::{RobustnessFacts, State};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct Load;

impl Check for Load {
    const META: Meta = Meta {
        id: CheckId::new("robustness-load"),
        covers: &[Covers::new("ROB-03", "bounded-load")],
        severity: Severity::Medium,
        impact: Impact::Disruptive,
        text: include_str!("en.ftl"),
    };
    type Facts = RobustnessFacts;

    fn judge(facts: &RobustnessFacts, _: &Subject) -> Judgement {
        if facts.before.is_none() {
            return Judgement::inconclusive(Message::new("unsteady"));
        }
        let load = match said(&facts.load) {
            Err(judgement) => return judgement,
            Ok(load) => load,
        };
        let told = |id| {
            Message::new(id)
                .with("at_once", load.at_once)
                .with("seconds", load.seconds)
                .with("asked", load.asked)
                .with("as_before", load.as_before)
        };
        match load.after {
            state if state.harmed() => Judgement::fail(told(state.word())),
            State::AsBefore if load.as_before == 0 => Judgement::inconclusive(told("never-answered")),
            State::AsBefore => Judgement::pass(told("borne")),
            state => Judgement::inconclusive(told(state.word())),
        }
    }
}
