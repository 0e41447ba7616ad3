//! An MQTT broker is spoken to without TLS.

use auscult_facts::mqtt::MqttFacts;
use auscult_facts::{FlowInto, ServiceSubject, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct InClear;

impl Check for InClear {
    const META: Meta = Meta {
        id: CheckId::new("mqtt-in-clear"),
        covers: &[Covers::new("MSG-02", "clear"), Covers::new("AUT-05", "mqtt-login")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = MqttFacts;

    fn judge(facts: &MqttFacts, subject: &Subject) -> Judgement {
        if facts.tls && facts.client_certificate_demanded {
            return Judgement::pass(Message::new("tls"));
        }
        // Without one CONNACK it was not seen that MQTT is spoken here at all.
        let mut answers = facts.anonymous.values().map(said);
        if !answers.clone().any(|answer| answer.is_ok()) {
            let why = answers.find_map(Result::err);
            return why.unwrap_or_else(|| Judgement::inconclusive(Message::new("unspoken")));
        }
        let local = |s: &ServiceSubject| !s.flows.is_empty() && s.flows.iter().all(FlowInto::is_local);
        if facts.tls {
            Judgement::pass(Message::new("tls"))
        } else if subject.service.as_ref().is_some_and(local) {
            Judgement::pass(Message::new("local"))
        } else {
            Judgement::fail(Message::new("clear"))
        }
    }
}
