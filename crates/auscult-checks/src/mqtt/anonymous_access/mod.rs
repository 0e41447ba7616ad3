//! An MQTT broker lets a client in that has not said who it is.

use auscult_facts::mqtt::{Admission, MqttFacts};
use auscult_facts::{Answer, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted};

/// See the first line of the module.
#[derive(Debug)]
pub struct AnonymousAccess;

impl Check for AnonymousAccess {
    const META: Meta = Meta {
        id: CheckId::new("mqtt-anonymous-access"),
        covers: &[Covers::new("MSG-01", "anonymous"), Covers::new("AUT-03", "mqtt")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = MqttFacts;

    fn judge(facts: &MqttFacts, _: &Subject) -> Judgement {
        let any_password = facts.accounts.seen().is_some_and(|a| a.accepts_any_password);
        match facts.admits_strangers() {
            Answer::Seen(true) => {
                let versions = facts.anonymous.iter().filter(|(_, a)| a.seen() == Some(&Admission::Accepted));
                Judgement::fail(
                    Message::new("accepted").with_list("versions", versions.map(|(v, _)| v.name())),
                )
            }
            _ if any_password => Judgement::fail(Message::new("any-password")),
            Answer::Seen(false) if facts.client_certificate_demanded => {
                Judgement::pass(Message::new("no-certificate"))
            }
            Answer::Seen(false) => {
                Judgement::pass(Message::new("refused").with_list("codes", facts.refusals()))
            }
            Answer::NotAsked(_) if facts.refusals().is_empty() => {
                Judgement::inconclusive(Message::new("untold"))
            }
            Answer::NotAsked(_) => {
                Judgement::inconclusive(Message::new("unclear").with_list("codes", facts.refusals()))
            }
            Answer::Interrupted(why) => Judgement::inconclusive(interrupted(why)),
        }
    }
}
