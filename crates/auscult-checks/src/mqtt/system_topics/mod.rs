//! An MQTT broker tells a stranger about itself.

use auscult_facts::mqtt::{MqttFacts, Subscription};
use auscult_facts::{Answer, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct SystemTopics;

impl Check for SystemTopics {
    const META: Meta = Meta {
        id: CheckId::new("mqtt-system-topics"),
        covers: &[Covers::new("SRV-03", "mqtt-system-topics")],
        severity: Severity::Low,
        impact: Impact::Safe,
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
        let messages = facts.heard.seen().map_or(0, |h| h.system_messages);
        match said(&facts.system_topics) {
            Err(judgement) => judgement,
            _ if messages > 0 => Judgement::fail(Message::new("heard").with("messages", messages)),
            Ok(Subscription::Refused { code }) => {
                Judgement::pass(Message::new("refused").with("code", format!("{code:#04x}")))
            }
            Ok(Subscription::Granted) => Judgement::inconclusive(Message::new("silent")),
        }
    }
}
