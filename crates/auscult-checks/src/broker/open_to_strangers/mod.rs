//! A broker of AMQP or NATS gives a session to a client that has not said who it is.

use auscult_facts::broker::BrokerFacts;
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, not_asked};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenToStrangers;

impl Check for OpenToStrangers {
    const META: Meta = Meta {
        id: CheckId::new("broker-open-to-strangers"),
        covers: &[Covers::new("AUT-03", "broker")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = BrokerFacts;

    fn judge(facts: &BrokerFacts, _: &Subject) -> Judgement {
        let message = |id: &str| Message::new(id).with("protocol", &facts.protocol);
        let any_password = facts.accounts.seen().is_some_and(|a| a.accepts_any_password);
        match facts.ways().admits_strangers() {
            Answer::Seen(true) => Judgement::fail(message("open")),
            _ if any_password => Judgement::fail(message("any-password")),
            Answer::Seen(false) if facts.client_certificate_demanded => {
                Judgement::pass(message("no-certificate"))
            }
            Answer::Seen(false) => Judgement::pass(message("refused")),
            Answer::NotAsked(NotAsked::NoOccasion) => Judgement::inconclusive(message("unclear")),
            Answer::NotAsked(why) => Judgement::inconclusive(not_asked(why)),
            Answer::Interrupted(why) => Judgement::inconclusive(interrupted(why)),
        }
    }
}
