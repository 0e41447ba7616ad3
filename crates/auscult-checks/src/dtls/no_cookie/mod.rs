//! A DTLS service works for clients that have not shown that they can be reached.

use auscult_facts::Subject;
use auscult_facts::dtls::DtlsFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity, Transport};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct NoCookie;

impl Check for NoCookie {
    const META: Meta = Meta {
        id: CheckId::new("dtls-no-cookie"),
        covers: &[Covers::new("NET-07", "amplification")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DtlsFacts;

    fn concerns(subject: &Subject) -> bool {
        subject.service.as_ref().is_some_and(|s| s.transport == Transport::Udp)
    }

    fn judge(facts: &DtlsFacts, _: &Subject) -> Judgement {
        let proof = match said(&facts.proof) {
            Ok(proof) => proof,
            Err(judgement) => return judgement,
        };
        if proof.cookie {
            return Judgement::pass(Message::new("cookie"));
        }
        if !facts.agrees() {
            return Judgement::inconclusive(Message::new("refused"));
        }
        let message = Message::new("no-cookie").with("asked", proof.asked).with("answered", proof.answered);
        Judgement::fail(message)
    }
}
