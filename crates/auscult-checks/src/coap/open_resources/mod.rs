//! A CoAP server gives resources to somebody who has not said who he is.

use auscult_facts::coap::{CoapFacts, is_given, is_refused};
use auscult_facts::{Answer, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, said};

/// See the first line of the module.
pub struct OpenResources;

impl Check for OpenResources {
    const META: Meta = Meta {
        id: CheckId::new("coap-open-resources"),
        covers: &[Covers::new("MSG-03", "clear"), Covers::new("AUT-03", "coap")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = CoapFacts;

    fn judge(facts: &CoapFacts, _: &Subject) -> Judgement {
        let core = match said(&facts.core) {
            Ok(core) => core,
            Err(judgement) => return judgement,
        };
        let codes = || facts.resources.iter().filter_map(|r| r.answer.seen().copied());
        let given = facts.resources.iter().filter(|r| r.answer.seen().is_some_and(|code| is_given(*code)));
        let given: Vec<&str> = given.map(|r| r.path.as_str()).collect();
        if !given.is_empty() {
            let message = Message::new("given").with("count", given.len());
            return Judgement::fail(message.with_list("paths", given));
        }
        let unanswered = facts.resources.iter().find_map(|r| match r.answer {
            Answer::Interrupted(why) => Some(why),
            _ => None,
        });
        if is_refused(core.code) && facts.resources.is_empty() {
            return Judgement::pass(Message::new("list-refused"));
        }
        if let Some(why) = unanswered {
            return Judgement::inconclusive(interrupted(why));
        }
        if core.more || core.links as usize > facts.resources.len().max(1) {
            return Judgement::inconclusive(Message::new("not-all").with("asked", facts.resources.len()));
        }
        if !facts.resources.is_empty() && codes().all(is_refused) {
            return Judgement::pass(Message::new("refused").with("count", facts.resources.len()));
        }
        let nothing = facts.resources.is_empty();
        Judgement::inconclusive(Message::new(if nothing { "nothing-listed" } else { "unclear" }))
    }
}
