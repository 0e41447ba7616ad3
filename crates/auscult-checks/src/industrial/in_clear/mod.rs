//! A server of Modbus or OPC UA is served without protection.

use auscult_facts::industrial::IndustrialFacts;
use auscult_facts::{Answer, FlowInto, NotAsked, ServiceSubject, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, not_asked, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct InClear;

impl Check for InClear {
    const META: Meta = Meta {
        id: CheckId::new("industrial-in-clear"),
        covers: &[Covers::new("NET-02", "industrial")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = IndustrialFacts;

    fn judge(facts: &IndustrialFacts, subject: &Subject) -> Judgement {
        let local = |s: &ServiceSubject| !s.flows.is_empty() && s.flows.iter().all(FlowInto::is_local);
        let local = subject.service.as_ref().is_some_and(local);
        if facts.protocol == "opcua" {
            return match said(&facts.endpoints) {
                Err(judgement) => judgement,
                Ok(seen) if seen.all == 0 => Judgement::inconclusive(Message::new("unclear")),
                Ok(seen) if seen.none + seen.sign == 0 => Judgement::pass(Message::new("encrypted")),
                Ok(_) if local => Judgement::pass(Message::new("local")),
                Ok(seen) => Judgement::fail(
                    Message::new("readable")
                        .with("none", seen.none)
                        .with("sign", seen.sign)
                        .with("all", seen.all),
                ),
            };
        }
        match facts.ways().serves_in_clear() {
            // That TLS is there is seen by an answer inside it, or by its demand for a certificate.
            Answer::Seen(false) if facts.client_certificate_demanded => Judgement::pass(Message::new("tls")),
            Answer::Seen(false) => match said(&facts.inside_tls) {
                Err(judgement) => judgement,
                Ok(_) => Judgement::pass(Message::new("tls")),
            },
            Answer::Seen(true) if local => Judgement::pass(Message::new("local")),
            Answer::Seen(true) => Judgement::fail(Message::new("clear")),
            Answer::NotAsked(NotAsked::NoOccasion) => Judgement::inconclusive(Message::new("unclear")),
            Answer::NotAsked(why) => Judgement::inconclusive(not_asked(why)),
            Answer::Interrupted(why) => Judgement::inconclusive(interrupted(why)),
        }
    }
}
