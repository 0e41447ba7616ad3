//! A login neither locks nor slows down when passwords are guessed.

use auscult_facts::Subject;
use auscult_facts::access::{AccessFacts, GUESSES};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::apart::speaks;
use crate::{Check, Covers, Meta, interrupted};

/// See the first line of the module.
#[derive(Debug)]
pub struct GuessingUnbounded;

impl Check for GuessingUnbounded {
    const META: Meta = Meta {
        id: CheckId::new("access-guessing-unbounded"),
        covers: &[Covers::new("AUT-04", "declared-throttled")],
        severity: Severity::Medium,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = AccessFacts;

    fn concerns(subject: &Subject) -> bool {
        speaks(subject, &["fhir", "dicomweb", "http", "mqtt", "mqtt-websocket"])
    }

    fn judge(facts: &AccessFacts, _: &Subject) -> Judgement {
        let mut held = None;
        let mut open = None;
        for (name, guesses) in &facts.guesses {
            let about = |id: &str| Message::new(id).with("names", name).with("n", guesses.refused);
            if guesses.locked {
                held.get_or_insert(about("locks"));
            } else if guesses.slowed() {
                let times = about("slows").with("first", guesses.first_millis);
                held.get_or_insert(times.with("last", guesses.last_millis));
            } else if guesses.refused < GUESSES {
                open.get_or_insert(match guesses.ended_by {
                    Some(why) => interrupted(why),
                    None => about("too-few"),
                });
            } else if guesses.named {
                return Judgement::fail(about("unbounded"));
            } else {
                open.get_or_insert(about("made-up-name"));
            }
        }
        match (open, held) {
            (Some(open), _) => Judgement::inconclusive(open),
            (None, Some(held)) => Judgement::pass(held),
            (None, None) => Judgement::inconclusive(Message::new("nothing")),
        }
    }
}
