//! An RDP server accepts sessions without TLS.

use auscult_facts::Subject;
use auscult_facts::rdp::{Choice, RdpFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct StandardSecurity;

impl Check for StandardSecurity {
    const META: Meta = Meta {
        id: CheckId::new("rdp-standard-security"),
        covers: &[Covers::new("SRV-02", "cleartext-administration"), Covers::new("AUT-05", "rdp-login")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = RdpFacts;

    fn judge(facts: &RdpFacts, _: &Subject) -> Judgement {
        match said(&facts.standard) {
            Ok(Choice::Chose(0) | Choice::Unnamed) => Judgement::fail(Message::new("accepted")),
            Ok(Choice::Refused(code)) => Judgement::pass(Message::new("refused").with("code", code)),
            Ok(Choice::Chose(_)) => Judgement::inconclusive(Message::new("other")),
            Err(unknown) => unknown,
        }
    }
}
