//! An MQTT broker lets a stranger listen to every topic at once.

use auscult_facts::mqtt::{MqttFacts, Subscription};
use auscult_facts::{Answer, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct WildcardSubscribe;

impl Check for WildcardSubscribe {
    const META: Meta = Meta {
        id: CheckId::new("mqtt-wildcard-subscribe"),
        covers: &[Covers::new("MSG-01", "wildcard")],
        severity: Severity::Critical,
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
        let messages = facts.heard.seen().map_or(0, |h| h.messages);
        match said(&facts.wildcard) {
            Err(judgement) => judgement,
            Ok(Subscription::Refused { .. }) if messages > 0 => {
                Judgement::inconclusive(Message::new("contradiction"))
            }
            Ok(Subscription::Refused { code }) => {
                Judgement::pass(Message::new("refused").with("code", format!("{code:#04x}")))
            }
            Ok(Subscription::Granted) => granted(facts),
        }
    }
}

/// A grant counts once it has brought something: some brokers grant every filter and hold the messages back.
fn granted(facts: &MqttFacts) -> Judgement {
    if let Some(heard) = facts.heard.seen().filter(|h| h.messages > 0) {
        let reason = Message::new(if heard.kinds.is_empty() { "heard" } else { "heard-kinds" })
            .with("messages", heard.messages)
            .with("topics", heard.topics);
        return Judgement::fail(match heard.kinds.is_empty() {
            true => reason,
            false => reason.with_list("kinds", &heard.kinds),
        });
    }
    let own = facts.foreign_publish.seen().and_then(|p| p.delivered_to_wildcard);
    if own == Some(true) {
        return Judgement::fail(Message::new("own-heard"));
    }
    Judgement::inconclusive(Message::new("silent"))
}
