//! A server of Modbus or OPC UA answers clients that have not said who they are.

use auscult_facts::industrial::IndustrialFacts;
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, not_asked};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenToStrangers;

impl Check for OpenToStrangers {
    const META: Meta = Meta {
        id: CheckId::new("industrial-open-to-strangers"),
        covers: &[Covers::new("AUT-03", "industrial")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = IndustrialFacts;

    fn judge(facts: &IndustrialFacts, _: &Subject) -> Judgement {
        match facts.ways().admits_strangers() {
            Answer::Seen(true) => match facts.endpoints.seen() {
                Some(seen) => Judgement::fail(
                    Message::new("anonymous").with("anonymous", seen.anonymous).with("all", seen.all),
                ),
                None => Judgement::fail(Message::new("open")),
            },
            Answer::Seen(false) if facts.client_certificate_demanded => {
                Judgement::pass(Message::new("no-certificate"))
            }
            Answer::Seen(false) => Judgement::pass(Message::new("refused")),
            Answer::NotAsked(NotAsked::NoOccasion) => Judgement::inconclusive(Message::new("unclear")),
            Answer::NotAsked(why) => Judgement::inconclusive(not_asked(why)),
            Answer::Interrupted(why) => Judgement::inconclusive(interrupted(why)),
        }
    }
}
