//! A data store lets in a client that shows no password.

use auscult_facts::store::StoreFacts;
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, not_asked};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenToStrangers;

impl Check for OpenToStrangers {
    const META: Meta = Meta {
        id: CheckId::new("store-open-to-strangers"),
        covers: &[Covers::new("AUT-03", "store"), Covers::new("CLD-01", "stores")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = StoreFacts;

    fn judge(facts: &StoreFacts, _: &Subject) -> Judgement {
        let message = |id: &str| Message::new(id).with("protocol", &facts.protocol);
        match facts.admits_strangers() {
            Answer::Seen(true) => match facts.databases.seen() {
                Some(databases) => Judgement::fail(message("counted").with("databases", *databases)),
                None => Judgement::fail(message("open")),
            },
            Answer::Seen(false) if facts.client_certificate_demanded && facts.in_clear.seen().is_none() => {
                Judgement::pass(message("no-certificate"))
            }
            Answer::Seen(false) => Judgement::pass(message("refused")),
            Answer::NotAsked(NotAsked::NoOccasion) => Judgement::inconclusive(message("unclear")),
            Answer::NotAsked(why) => Judgement::inconclusive(not_asked(why)),
            Answer::Interrupted(why) => Judgement::inconclusive(interrupted(why)),
        }
    }
}
