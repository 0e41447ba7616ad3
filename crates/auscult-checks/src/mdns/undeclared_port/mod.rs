//! A node announces by mDNS a TCP port that nobody has declared.

use auscult_facts::Subject;
use auscult_facts::mdns::MdnsFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct UndeclaredPort;

impl Check for UndeclaredPort {
    const META: Meta = Meta {
        id: CheckId::new("mdns-undeclared-port"),
        covers: &[Covers::new("SRV-05", "announced-ports")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = MdnsFacts;

    fn judge(facts: &MdnsFacts, subject: &Subject) -> Judgement {
        let tcp = || facts.services.iter().filter(|s| s.over_tcp());
        let undeclared: Vec<String> = tcp()
            .flat_map(|s| s.ports.iter().map(move |port| (s, *port)))
            .filter(|(_, port)| !subject.declared_ports.contains(port))
            .map(|(service, port)| format!("{port} ({})", service.kind))
            .collect();
        if !undeclared.is_empty() {
            let message = Message::new("undeclared").with("count", undeclared.len());
            return Judgement::fail(message.with_list("ports", undeclared));
        }
        let untold: Vec<&str> = tcp().filter(|s| s.ports.is_empty()).map(|s| s.kind.as_str()).collect();
        if !untold.is_empty() {
            return Judgement::inconclusive(Message::new("untold").with_list("kinds", untold));
        }
        if facts.more {
            return Judgement::inconclusive(Message::new("more"));
        }
        Judgement::pass(Message::new("declared").with("count", tcp().count()))
    }
}
