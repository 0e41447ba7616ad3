//! An HL7 v2 receiver takes messages from anybody.

use auscult_facts::Subject;
use auscult_facts::hl7::{Hl7Facts, Reason};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct SenderUnchecked;

impl Check for SenderUnchecked {
    const META: Meta = Meta {
        id: CheckId::new("hl7-sender-unchecked"),
        covers: &[Covers::new("MED-02", "sender")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = Hl7Facts;

    fn judge(facts: &Hl7Facts, _: &Subject) -> Judgement {
        if facts.tls && facts.client_certificate_demanded {
            return Judgement::pass(Message::new("no-certificate"));
        }
        if facts.credentials_demanded {
            return Judgement::pass(Message::new("no-credentials"));
        }
        let reply = match said(&facts.stranger) {
            Err(judgement) => return judgement,
            Ok(reply) => reply,
        };
        let Some(code) = reply.code else { return Judgement::inconclusive(Message::new("no-code")) };
        if !reply.answers_query {
            return Judgement::inconclusive(Message::new("other-message"));
        }
        let told = |id| Message::new(id).with("code", code.word());
        match reply.reason {
            _ if code.accepts() => Judgement::fail(told("accepted")),
            Reason::Sender if code.rejects() => Judgement::pass(told("rejected")),
            Reason::Message if code.rejects() => Judgement::inconclusive(told("rejected-message")),
            Reason::Receiver if code.rejects() => Judgement::inconclusive(told("rejected-receiver")),
            _ if code.rejects() => Judgement::inconclusive(told("rejected-unsaid")),
            _ => Judgement::inconclusive(told("error")),
        }
    }
}
