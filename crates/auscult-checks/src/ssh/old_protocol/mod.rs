//! An SSH server speaks the first version of the protocol.

use auscult_facts::Subject;
use auscult_facts::ssh::SshFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct OldProtocol;

impl Check for OldProtocol {
    const META: Meta = Meta {
        id: CheckId::new("ssh-old-protocol"),
        covers: &[Covers::new("SRV-07", "version")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SshFacts;

    fn judge(facts: &SshFacts, _: &Subject) -> Judgement {
        let message = |id: &str| Message::new(id).with("version", &facts.protocol);
        if facts.protocol == "1.99" {
            Judgement::fail(message("both"))
        } else if facts.protocol.starts_with("1.") {
            Judgement::fail(message("only"))
        } else if facts.protocol == "2.0" {
            Judgement::pass(message("second"))
        } else {
            Judgement::inconclusive(message("unknown"))
        }
    }
}
