//! A node can be administered or watched over a protocol that protects nothing.

use auscult_facts::ports::PortState;
use auscult_facts::service::ServiceFacts;
use auscult_facts::{Interrupted, ServiceSubject, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity, Transport};

use crate::{Check, Covers, Meta, interrupted};

/// See the first line of the module.
pub struct CleartextAdministration;

impl Check for CleartextAdministration {
    const META: Meta = Meta {
        id: CheckId::new("service-cleartext-administration"),
        covers: &[Covers::new("SRV-02", "cleartext-administration")],
        severity: Severity::High,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = ServiceFacts;

    fn concerns(subject: &Subject) -> bool {
        // These can protect what they carry, and are asked whether they do.
        let word = subject.service.as_ref().and_then(|s| s.protocol());
        let snmp = |s: &ServiceSubject| s.transport == Transport::Udp && s.protocol() == Some("snmp");
        !word.is_some_and(|word| ["vnc", "rdp"].contains(&word))
            && !subject.service.as_ref().is_some_and(snmp)
    }

    fn judge(facts: &ServiceFacts, _: &Subject) -> Judgement {
        match facts.state {
            PortState::Open => {}
            PortState::Closed => return Judgement::inconclusive(interrupted(Interrupted::Closed)),
            PortState::Filtered => return Judgement::inconclusive(interrupted(Interrupted::Unreachable)),
        }
        if facts.tls_unfinished {
            return Judgement::inconclusive(Message::new("unfinished"));
        }
        if facts.tls == Some(true) {
            return Judgement::pass(Message::new("inside-tls"));
        }
        match facts.protocol.as_deref() {
            Some(word) if CLEARTEXT.contains(&word) => {
                Judgement::fail(Message::new("offered").with("protocol", word))
            }
            Some(word) => Judgement::pass(Message::new("other").with("protocol", word)),
            None => Judgement::inconclusive(Message::new("unknown")),
        }
    }
}

/// Protocols that give a screen, a shell, files or settings, and protect neither the login nor the contents.
const CLEARTEXT: [&str; 8] = ["telnet", "ftp", "tftp", "rsh", "rlogin", "rexec", "snmp", "x11"];
