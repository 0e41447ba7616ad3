//! An HL7 v2 receiver is spoken to without TLS.

use auscult_facts::hl7::{Hl7Facts, WITHIN_HTTP};
use auscult_facts::{FlowInto, ServiceSubject, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct InClear;

impl Check for InClear {
    const META: Meta = Meta {
        id: CheckId::new("hl7-in-clear"),
        covers: &[Covers::new("MED-02", "clear")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = Hl7Facts;

    fn judge(facts: &Hl7Facts, subject: &Subject) -> Judgement {
        if facts.tls && (facts.client_certificate_demanded || facts.credentials_demanded) {
            return Judgement::pass(Message::new("tls"));
        }
        // Without one HL7 message it was not seen that HL7 is spoken here at all.
        if let Err(judgement) = said(&facts.stranger) {
            return judgement;
        }
        let local = |s: &ServiceSubject| !s.flows.is_empty() && s.flows.iter().all(FlowInto::is_local);
        if facts.tls {
            Judgement::pass(Message::new("tls"))
        } else if subject.service.as_ref().is_some_and(local) {
            Judgement::pass(Message::new("local"))
        } else if subject.service.as_ref().and_then(|s| s.protocol()) == Some(WITHIN_HTTP) {
            Judgement::fail(Message::new("clear-http"))
        } else {
            Judgement::fail(Message::new("clear"))
        }
    }
}
