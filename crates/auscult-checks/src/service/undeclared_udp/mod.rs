//! A UDP port that is usual for one protocol answers, and nobody has declared it.

use auscult_facts::Subject;
use auscult_facts::datagrams::{DatagramState, DatagramsFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct UndeclaredUdp;

impl Check for UndeclaredUdp {
    const META: Meta = Meta {
        id: CheckId::new("service-undeclared-udp"),
        covers: &[Covers::new("SRV-01", "undeclared-udp")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DatagramsFacts;

    fn judge(facts: &DatagramsFacts, _: &Subject) -> Judgement {
        let in_state = |state| facts.ports(state).collect::<Vec<u16>>();
        let open = in_state(DatagramState::Open);
        if !open.is_empty() {
            let named = open.iter().map(|port| match &facts.undeclared[port].protocol {
                Some(protocol) => format!("{port} ({protocol})"),
                None => port.to_string(),
            });
            let message = Message::new("open").with("count", open.len());
            return Judgement::fail(message.with_list("ports", named.collect::<Vec<_>>()));
        }
        let (silent, unasked) = (in_state(DatagramState::Silent), in_state(DatagramState::Unasked));
        if !unasked.is_empty() {
            return Judgement::inconclusive(Message::new("unasked").with_list("ports", unasked));
        }
        if !silent.is_empty() {
            return Judgement::inconclusive(Message::new("silent").with_list("ports", silent));
        }
        if facts.undeclared.is_empty() {
            return Judgement::inconclusive(Message::new("none-asked"));
        }
        Judgement::pass(Message::new("none").with_list("ports", in_state(DatagramState::Closed)))
    }
}
