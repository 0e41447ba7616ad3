//! An RDP server begins sessions before anybody has logged in.

use auscult_facts::Subject;
use auscult_facts::rdp::{Choice, RdpFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct WithoutNla;

impl Check for WithoutNla {
    const META: Meta = Meta {
        id: CheckId::new("rdp-without-nla"),
        covers: &[Covers::new("SRV-02", "rdp-nla")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = RdpFacts;

    fn judge(facts: &RdpFacts, _: &Subject) -> Judgement {
        for (answer, id) in [(&facts.tls, "tls"), (&facts.standard, "standard")] {
            if let Some(Choice::Chose(0 | 1) | Choice::Unnamed) = answer.seen() {
                return Judgement::fail(Message::new(id));
            }
        }
        for answer in [&facts.tls, &facts.standard] {
            match said(answer) {
                Ok(Choice::Refused(_)) => {}
                Ok(_) => return Judgement::inconclusive(Message::new("other")),
                Err(unknown) => return unknown,
            }
        }
        match said(&facts.nla) {
            Ok(Choice::Chose(2 | 8)) => Judgement::pass(Message::new("demanded")),
            Ok(_) => Judgement::inconclusive(Message::new("other")),
            Err(unknown) => unknown,
        }
    }
}
