//! A node has an open TCP port that nobody has declared.

use auscult_facts::Subject;
use auscult_facts::ports::{PortState, PortsFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct Undeclared;

impl Check for Undeclared {
    const META: Meta = Meta {
        id: CheckId::new("service-undeclared"),
        covers: &[Covers::new("SRV-01", "undeclared-tcp")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = PortsFacts;

    fn judge(facts: &PortsFacts, subject: &Subject) -> Judgement {
        let open = facts.states.iter().filter(|(_, state)| **state == PortState::Open).map(|(port, _)| *port);
        let undeclared: Vec<u16> = open.filter(|port| !subject.declared_ports.contains(port)).collect();
        if !undeclared.is_empty() {
            let message = Message::new("open").with("count", undeclared.len());
            return Judgement::fail(message.with_list("ports", undeclared));
        }
        if !facts.complete() {
            return Judgement::inconclusive(Message::new("incomplete"));
        }
        if facts.closed == 0 && facts.states.is_empty() {
            return Judgement::inconclusive(Message::new("nothing-answered"));
        }
        Judgement::pass(Message::new("none").with("filtered", facts.filtered))
    }
}
