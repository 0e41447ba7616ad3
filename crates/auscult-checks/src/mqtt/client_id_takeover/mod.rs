//! An MQTT broker ends a client's session when a stranger comes with the same client id.

use auscult_facts::mqtt::{Admission, MqttFacts};
use auscult_facts::{Answer, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct ClientIdTakeover;

impl Check for ClientIdTakeover {
    const META: Meta = Meta {
        id: CheckId::new("mqtt-client-id-takeover"),
        covers: &[Covers::new("MSG-01", "takeover")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = MqttFacts;

    fn judge(facts: &MqttFacts, _: &Subject) -> Judgement {
        match facts.admits_strangers() {
            Answer::Seen(true) => {}
            Answer::Seen(false) if facts.client_certificate_demanded => {
                return Judgement::pass(Message::new("no-certificate"));
            }
            Answer::Seen(false) => return Judgement::pass(Message::new("no-session")),
            Answer::NotAsked(_) => return Judgement::inconclusive(Message::new("unclear")),
            Answer::Interrupted(why) => return Judgement::inconclusive(interrupted(why)),
        }
        match said(&facts.takeover) {
            Err(judgement) => judgement,
            Ok(takeover) => match (takeover.second, takeover.first_ended) {
                (Admission::Accepted, true) => Judgement::fail(Message::new("ended")),
                (Admission::Accepted, false) => Judgement::pass(Message::new("both")),
                (Admission::Refused { code }, false) => {
                    Judgement::pass(Message::new("refused").with("code", format!("{code:#04x}")))
                }
                (Admission::Refused { .. }, true) => Judgement::inconclusive(Message::new("neither")),
            },
        }
    }
}
