//! The cookie of a session still opens what it did before its owner logged out.

use auscult_facts::Subject;
use auscult_facts::access::{AccessFacts, Question, Tally, tally};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::apart::{before, speaks, undecided};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct SessionAfterLogout;

impl Check for SessionAfterLogout {
    const META: Meta = Meta {
        id: CheckId::new("access-session-after-logout"),
        covers: &[Covers::new("ACC-03", "declared-logout")],
        severity: Severity::Medium,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = AccessFacts;

    fn concerns(subject: &Subject) -> bool {
        speaks(subject, &["http"])
    }

    fn judge(facts: &AccessFacts, _: &Subject) -> Judgement {
        let result = tally(facts.of(Question::AfterLogout));
        if let Tally::Reached(pairs) = &result {
            let names = pairs.iter().map(|(who, _)| who);
            return Judgement::fail(Message::new("reached").with_list("names", names));
        }
        if let Some(why) = before(facts) {
            return why;
        }
        match result {
            Tally::KeptOut(_) => {
                let seen = facts.of(Question::AfterLogout).filter(|t| t.outcome.seen().is_some());
                Judgement::pass(Message::new("ended").with_list("names", seen.map(|t| &t.who)))
            }
            other => undecided(&other),
        }
    }
}
