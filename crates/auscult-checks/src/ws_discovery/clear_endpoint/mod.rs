//! A node announces by WS-Discovery an endpoint in clear.

use auscult_facts::Subject;
use auscult_facts::ws_discovery::WsDiscoveryFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct ClearEndpoint;

impl Check for ClearEndpoint {
    const META: Meta = Meta {
        id: CheckId::new("ws-discovery-clear-endpoint"),
        covers: &[Covers::new("SRV-05", "announced-endpoints")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = WsDiscoveryFacts;

    fn judge(facts: &WsDiscoveryFacts, _: &Subject) -> Judgement {
        let message =
            |id: &str| Message::new(id).with("clear", facts.clear).with("protected", facts.protected);
        match (facts.clear, facts.protected) {
            (0, 0) => Judgement::inconclusive(Message::new("none")),
            (0, _) => Judgement::pass(message("protected")),
            _ if facts.medical => Judgement::fail(message("medical")),
            _ => Judgement::fail(message("clear")),
        }
    }
}
