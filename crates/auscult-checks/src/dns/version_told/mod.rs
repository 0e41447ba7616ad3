//! A DNS server tells strangers its version.

use auscult_facts::Subject;
use auscult_facts::dns::DnsFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity, Transport};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct VersionTold;

impl Check for VersionTold {
    const META: Meta = Meta {
        id: CheckId::new("dns-version-told"),
        covers: &[Covers::new("SRV-03", "dns-version")],
        severity: Severity::Low,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DnsFacts;

    fn concerns(subject: &Subject) -> bool {
        subject.service.as_ref().is_some_and(|s| s.transport == Transport::Udp)
    }

    fn judge(facts: &DnsFacts, _: &Subject) -> Judgement {
        match said(&facts.version) {
            Err(judgement) => judgement,
            Ok(Some(text)) if text.contains(|c: char| c.is_ascii_digit()) => {
                Judgement::fail(Message::new("told").with("version", text))
            }
            Ok(Some(text)) => Judgement::pass(Message::new("no-number").with("version", text)),
            Ok(None) => Judgement::pass(Message::new("untold")),
        }
    }
}
