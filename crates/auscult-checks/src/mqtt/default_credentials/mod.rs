//! An MQTT broker accepts an account that products are shipped with.

use auscult_facts::Subject;
use auscult_facts::mqtt::MqttFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct DefaultCredentials;

impl Check for DefaultCredentials {
    const META: Meta = Meta {
        id: CheckId::new("mqtt-default-credentials"),
        covers: &[Covers::new("AUT-01", "mqtt-login")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = MqttFacts;

    fn judge(facts: &MqttFacts, _: &Subject) -> Judgement {
        if facts.client_certificate_demanded && facts.tls {
            return Judgement::pass(Message::new("no-certificate"));
        }
        match said(&facts.accounts) {
            Err(judgement) => judgement,
            Ok(accounts) if accounts.accepts_any_password => {
                Judgement::inconclusive(Message::new("any-password"))
            }
            Ok(accounts) => match &accounts.accepted {
                Some(name) => Judgement::fail(Message::new("accepted").with("name", name)),
                None if accounts.tried == 0 => Judgement::inconclusive(Message::new("untried")),
                None => Judgement::pass(Message::new("refused").with("tried", accounts.tried)),
            },
        }
    }
}
