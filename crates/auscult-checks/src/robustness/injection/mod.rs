//! A web server hands marks in paths and queries on to the file system or into its headers.

use auscult_facts::Subject;
use auscult_facts::robustness::{RobustnessFacts, State};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct Injection;

impl Check for Injection {
    const META: Meta = Meta {
        id: CheckId::new("robustness-injection"),
        covers: &[Covers::new("ROB-02", "path-and-header")],
        severity: Severity::High,
        impact: Impact::Disruptive,
        text: include_str!("en.ftl"),
    };
    type Facts = RobustnessFacts;

    fn concerns(subject: &Subject) -> bool {
        let protocol = subject.service.as_ref().and_then(|s| s.protocol());
        protocol.is_some_and(|p| ["http", "fhir"].contains(&p))
    }

    fn judge(facts: &RobustnessFacts, _: &Subject) -> Judgement {
        let marks = match said(&facts.marks) {
            Err(judgement) => return judgement,
            Ok(marks) => marks,
        };
        if !marks.read_files.is_empty() {
            return Judgement::fail(Message::new("read-file").with_list("marks", &marks.read_files));
        }
        if !marks.became_headers.is_empty() {
            return Judgement::fail(Message::new("became-header").with_list("marks", &marks.became_headers));
        }
        let told = |id| Message::new(id).with("answered", marks.answered).with("asked", marks.asked);
        match marks.after {
            state if state.harmed() => Judgement::fail(told("harmed")),
            State::AsBefore if marks.asked > 0 && marks.answered == marks.asked => {
                Judgement::pass(told("borne"))
            }
            _ => Judgement::inconclusive(told("unanswered")),
        }
    }
}
