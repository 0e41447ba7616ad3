//! A credential that was withdrawn is still let in.

use std::collections::BTreeSet;

use auscult_facts::access::{AccessFacts, Question, Reach, Try};
use auscult_facts::{Answer, Subject};
use auscult_model::scenario::Role;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::apart::{before, speaks};
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct WithdrawnCredential;

impl Check for WithdrawnCredential {
    const META: Meta = Meta {
        id: CheckId::new("access-withdrawn-credential"),
        covers: &[Covers::new("AUT-09", "declared-withdrawn")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = AccessFacts;

    fn concerns(subject: &Subject) -> bool {
        speaks(subject, &["fhir", "dicomweb", "http", "mqtt", "mqtt-websocket"])
    }

    fn judge(facts: &AccessFacts, _: &Subject) -> Judgement {
        let (mut works, mut refused, mut alike) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let (mut unclear, mut open) = (0, None);
        for one in facts.of(Question::Withdrawn) {
            let measure = measure(facts, one);
            match (&one.outcome, measure) {
                (Answer::Seen(Reach::Reached), Some(Reach::Refused | Reach::Absent)) => {
                    works.insert(&one.who);
                }
                (Answer::Seen(Reach::Reached), _) => _ = alike.insert(&one.who),
                (Answer::Seen(Reach::Refused), _) => _ = refused.insert(&one.who),
                (Answer::Seen(Reach::Absent | Reach::Unclear), _) => unclear += 1,
                (answer, _) => _ = open.get_or_insert(answer),
            }
        }
        if !works.is_empty() {
            return Judgement::fail(Message::new("works").with_list("names", works));
        }
        if let Some(why) = before(facts) {
            return why;
        }
        if let Some(Err(why)) = open.map(said) {
            return why;
        }
        let declared: BTreeSet<&str> = facts.with_role(Role::Withdrawn).collect();
        if declared.is_empty() {
            return Judgement::inconclusive(Message::new("nothing"));
        }
        if !alike.is_empty() {
            return Judgement::inconclusive(Message::new("opens-to-anything").with_list("names", alike));
        }
        if unclear > 0 || declared.iter().any(|name| !refused.iter().any(|r| r == name)) {
            return Judgement::inconclusive(Message::new("checks.access-unclear").with("n", unclear));
        }
        if !facts.holders.keys().any(|name| facts.works(name)) {
            return Judgement::inconclusive(Message::new("none-works"));
        }
        Judgement::pass(Message::new("refused").with_list("names", refused))
    }
}

/// How far a credential that was made up came with the same question.
fn measure(facts: &AccessFacts, one: &Try) -> Option<Reach> {
    let same = facts.of(Question::MadeUp).find(|m| m.who == one.who && m.item == one.item);
    same.and_then(|m| m.outcome.seen().copied())
}
