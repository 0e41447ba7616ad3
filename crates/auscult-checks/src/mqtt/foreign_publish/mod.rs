//! An MQTT broker passes a stranger's message on to others.

use auscult_facts::mqtt::{Acknowledged, MqttFacts};
use auscult_facts::{Answer, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct ForeignPublish;

impl Check for ForeignPublish {
    const META: Meta = Meta {
        id: CheckId::new("mqtt-foreign-publish"),
        covers: &[Covers::new("MSG-01", "publish")],
        severity: Severity::Critical,
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
        match said(&facts.foreign_publish) {
            Err(judgement) => judgement,
            Ok(publish) if publish.delivered => Judgement::fail(Message::new("delivered")),
            Ok(publish) => match publish.acknowledged {
                Acknowledged::Refused { code } => {
                    Judgement::pass(Message::new("refused").with("code", format!("{code:#04x}")))
                }
                Acknowledged::Closed => Judgement::pass(Message::new("closed")),
                // Taken and not delivered may mean that only our listening is forbidden.
                Acknowledged::Taken => Judgement::inconclusive(Message::new("taken")),
            },
        }
    }
}
