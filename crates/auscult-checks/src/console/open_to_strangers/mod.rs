//! A data store, container host or dashboard gives its inner functions over HTTP to whoever asks.

use auscult_facts::console::{ConsoleFacts, Inner};
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, not_asked};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenToStrangers;

impl Check for OpenToStrangers {
    const META: Meta = Meta {
        id: CheckId::new("console-open-to-strangers"),
        covers: &[Covers::new("AUT-03", "console"), Covers::new("CLD-01", "consoles")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = ConsoleFacts;

    fn judge(facts: &ConsoleFacts, _: &Subject) -> Judgement {
        let Some(product) = &facts.product else {
            return if !facts.shows_none() {
                Judgement::inconclusive(Message::new("untold"))
            } else if facts.front_demands_login {
                Judgement::pass(Message::new("front"))
            } else {
                Judgement::pass(Message::new("none"))
            };
        };
        let message = |id: &str, inner: Option<&Inner>| {
            let what = inner.map_or("", |inner| inner.what.as_str());
            let items = inner.and_then(|inner| inner.items).unwrap_or(0);
            Message::new(id).with("product", product).with("what", what).with("items", items)
        };
        let inner = facts.inner.seen();
        match facts.admits_strangers() {
            Answer::Seen(true) if inner.is_some_and(|inner| inner.items.is_some()) => {
                Judgement::fail(message("counted", inner))
            }
            Answer::Seen(true) => Judgement::fail(message("open", inner)),
            Answer::Seen(false) => Judgement::pass(message("refused", inner)),
            Answer::NotAsked(NotAsked::NoOccasion) => Judgement::inconclusive(message("unclear", inner)),
            Answer::NotAsked(why) => Judgement::inconclusive(not_asked(why)),
            Answer::Interrupted(why) => Judgement::inconclusive(interrupted(why)),
        }
    }
}
