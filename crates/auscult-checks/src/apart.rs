//! What all checks of credentials from the scenario judge alike.

use std::collections::BTreeSet;

use auscult_facts::Subject;
use auscult_facts::access::{AccessFacts, Tally, Try, tally};
use auscult_model::{Judgement, Message};

use crate::said;

/// Whether a service speaks one of these.
pub(crate) fn speaks(subject: &Subject, words: &[&str]) -> bool {
    subject.service.as_ref().and_then(|s| s.protocol()).is_some_and(|p| words.contains(&p))
}

/// What forbids every judgement but a failure: nothing was declared, or trying ended early.
pub(crate) fn before(facts: &AccessFacts) -> Option<Judgement> {
    if facts.holders.is_empty() {
        return Some(Judgement::inconclusive(Message::new("checks.access-no-credentials")));
    }
    facts.stopped.map(|_| Judgement::inconclusive(Message::new("checks.access-stopped")))
}

/// Fails by one try that reached what it must not, and passes only where every credential that was tried works and
/// every try was kept out. The check has the words `reached`, `kept-out` and `nothing`.
pub(crate) fn decided<'f>(facts: &AccessFacts, tries: impl Iterator<Item = &'f Try>) -> Judgement {
    let tries: Vec<&Try> = tries.collect();
    let result = tally(tries.iter().copied());
    if let Tally::Reached(pairs) = &result {
        let pairs = pairs.iter().map(|(who, whose)| {
            // Of a thing that anybody got only its owner is named.
            if who == whose { whose.clone() } else { format!("{who} → {whose}") }
        });
        return Judgement::fail(Message::new("reached").with_list("pairs", pairs));
    }
    if let Some(why) = before(facts) {
        return why;
    }
    let tried: BTreeSet<&str> = tries.iter().flat_map(|t| [t.who.as_str(), t.whose.as_str()]).collect();
    let idle: Vec<&str> = facts.idle().into_iter().filter(|name| tried.contains(name)).collect();
    if !idle.is_empty() {
        return Judgement::inconclusive(Message::new("checks.access-idle").with_list("names", idle));
    }
    match result {
        Tally::KeptOut(n) => Judgement::pass(Message::new("kept-out").with("n", n)),
        other => undecided(&other),
    }
}

/// Why tries that came neither through nor were all kept out decide nothing.
pub(crate) fn undecided(result: &Tally) -> Judgement {
    match result {
        Tally::Unclear(n) => Judgement::inconclusive(Message::new("checks.access-unclear").with("n", n)),
        Tally::Open(answer) => match said(answer) {
            Err(why) => why,
            Ok(_) => Judgement::inconclusive(Message::new("nothing")),
        },
        Tally::Nothing | Tally::Reached(_) | Tally::KeptOut(_) => {
            Judgement::inconclusive(Message::new("nothing"))
        }
    }
}
