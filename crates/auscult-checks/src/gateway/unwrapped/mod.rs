//! A gateway in front of legacy devices passes their traffic on in clear.

use std::collections::BTreeSet;

use auscult_facts::ports::PortState;
use auscult_facts::service::ServiceFacts;
use auscult_facts::{FlowInto, Interrupted, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::flow::in_clear::{MAY_SWITCH, OWN_ENCRYPTION};
use crate::{Check, Covers, Meta, Side, interrupted};

/// See the first line of the module.
pub struct Unwrapped;

impl Check for Unwrapped {
    const META: Meta = Meta {
        id: CheckId::new("gateway-unwrapped"),
        covers: &[Covers::new("GWY-02", "wrapped")],
        severity: Severity::High,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = ServiceFacts;
    const SIDE: Side = Side::Caller;

    fn concerns(subject: &Subject) -> bool {
        beyond(subject).next().is_some()
    }

    fn judge(facts: &ServiceFacts, subject: &Subject) -> Judgement {
        match facts.state {
            PortState::Open => {}
            PortState::Closed => return Judgement::inconclusive(interrupted(Interrupted::Closed)),
            PortState::Filtered => return Judgement::inconclusive(interrupted(Interrupted::Unreachable)),
        }
        let from: BTreeSet<&str> = beyond(subject).map(|f| f.from.as_str()).collect();
        let message = |id: &str| Message::new(id).with_list("from", &from);
        match (facts.tls, facts.protocol.as_deref()) {
            (Some(true), _) if facts.tls_unfinished => Judgement::inconclusive(Message::new("unfinished")),
            (Some(true), _) => Judgement::pass(message("wrapped")),
            (_, Some(word)) if OWN_ENCRYPTION.contains(&word) => {
                // As for flows: a greeting is no key exchange.
                Judgement::inconclusive(message("own-encryption").with("protocol", word))
            }
            (_, Some(word)) if MAY_SWITCH.contains(&word) => {
                Judgement::inconclusive(message("may-switch").with("protocol", word))
            }
            (Some(false), Some(word)) => Judgement::fail(message("clear").with("protocol", word)),
            (_, _) => Judgement::inconclusive(Message::new("unknown")),
        }
    }
}

/// Flows that a gateway sends on; what it says to a device on a cable of their own is what it is there for.
fn beyond(subject: &Subject) -> impl Iterator<Item = &FlowInto> {
    let flows = subject.service.iter().flat_map(|s| &s.flows);
    flows.filter(|f| f.from_wrapping_gateway && !f.is_local())
}
