//! A session that was left alone for longer than the declared idle time still opens what it did before.

use auscult_facts::Subject;
use auscult_facts::access::{AccessFacts, Question, Tally, tally};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::apart::{before, speaks, undecided};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct SessionAfterIdle;

impl Check for SessionAfterIdle {
    const META: Meta = Meta {
        id: CheckId::new("access-session-after-idle"),
        covers: &[Covers::new("ACC-03", "declared-idle")],
        severity: Severity::Medium,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = AccessFacts;

    fn concerns(subject: &Subject) -> bool {
        speaks(subject, &["http"])
    }

    fn judge(facts: &AccessFacts, _: &Subject) -> Judgement {
        let result = tally(facts.of(Question::AfterIdle));
        if let Tally::Reached(pairs) = &result {
            let names = pairs.iter().map(|(who, _)| who);
            return Judgement::fail(Message::new("reached").with_list("names", names));
        }
        if let Some(why) = before(facts) {
            return why;
        }
        match result {
            Tally::KeptOut(_) => {
                let seen = facts.of(Question::AfterIdle).filter(|t| t.outcome.seen().is_some());
                Judgement::pass(Message::new("ended").with_list("names", seen.map(|t| &t.who)))
            }
            other => undecided(&other),
        }
    }
}
