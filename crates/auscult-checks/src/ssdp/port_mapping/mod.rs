//! A gateway lets anybody on its network open ports to the Internet.

use auscult_facts::Subject;
use auscult_facts::ssdp::SsdpFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct PortMapping;

impl Check for PortMapping {
    const META: Meta = Meta {
        id: CheckId::new("ssdp-port-mapping"),
        covers: &[Covers::new("SRV-05", "mapping-closed")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SsdpFacts;

    fn judge(facts: &SsdpFacts, _: &Subject) -> Judgement {
        let description = match said(&facts.description) {
            Ok(description) => description,
            Err(_) if facts.unread > 0 => return Judgement::inconclusive(Message::new("elsewhere")),
            Err(judgement) => return judgement,
        };
        let maps = description.types.iter().any(|t| MAPPING.iter().any(|name| t.contains(name)));
        match (maps, description.port_mapping.seen()) {
            (_, Some(true)) => Judgement::fail(Message::new("offered")),
            _ if facts.unread > 0 => Judgement::inconclusive(Message::new("elsewhere")),
            (_, Some(false)) => Judgement::pass(Message::new("not-offered")),
            (true, None) => Judgement::inconclusive(Message::new("unread")),
            (false, None) => {
                Judgement::pass(Message::new("other").with_list("types", description.types.iter().take(4)))
            }
        }
    }
}

/// Services of a gateway that map ports.
const MAPPING: [&str; 3] = ["WANIPConnection", "WANPPPConnection", "WANIPv6FirewallControl"];
