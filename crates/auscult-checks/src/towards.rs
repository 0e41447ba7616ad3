//! How a client stood towards what was played: the judgement that all checks of clients share.

use std::collections::BTreeSet;

use auscult_facts::Subject;
use auscult_facts::client::{ClientFacts, FarEnd, Kept, Play, Stance};
use auscult_model::{Judgement, Message, NodeKind, Verdict};

/// Whether a subject can be a client that is worth playing to.
pub(crate) fn is_client(subject: &Subject) -> bool {
    matches!(subject.kind, NodeKind::Device | NodeKind::Gateway)
}

/// Judges every far end that was played and lets the worst speak; of nothing played nothing is known.
pub(crate) fn worst_of(facts: &ClientFacts, judge: impl Fn(&FarEnd) -> Judgement) -> Judgement {
    let mut worst: Option<Judgement> = None;
    for judgement in facts.ends.iter().map(judge) {
        let rank = |j: &Judgement| match j.verdict {
            Verdict::Pass => 0,
            Verdict::Inconclusive => 1,
            Verdict::Fail => 2,
        };
        if worst.as_ref().is_none_or(|w| rank(&judgement) > rank(w)) {
            worst = Some(judgement);
        }
    }
    worst.unwrap_or_else(|| Judgement::inconclusive(shared("client-nothing-played")))
}

/// Judges acts of a far end that speaks TLS: whoever goes on with one of them fails, and only who was seen to go on
/// with the proper far end and to refuse all of them passes.
///
/// The check says `went-on` and `refused` itself.
pub(crate) fn refuses(end: &FarEnd, plays: &[Play]) -> Judgement {
    if let Some(why) = kept(end) {
        return why;
    }
    if !end.tls {
        return Judgement::inconclusive(shared("client-in-clear").with("far", &end.far));
    }
    let of = |wanted: Stance| plays.iter().copied().filter(move |play| end.stance(*play) == wanted);
    let went_on: BTreeSet<&str> = of(Stance::WentOn).map(Play::word).collect();
    if !went_on.is_empty() {
        return Judgement::fail(said(end, "went-on").with_list("plays", went_on));
    }
    if let Some(why) = without_control(end) {
        return why;
    }
    for (stance, id) in [
        (Stance::Away, "client-stayed-away"),
        (Stance::NotPlayed, "client-not-played"),
        (Stance::Unclear, "client-unclear"),
        (Stance::Beyond, "client-beyond"),
    ] {
        if let Some(play) = of(stance).next() {
            return Judgement::inconclusive(shared(id).with("far", &end.far).with("play", play.word()));
        }
    }
    Judgement::pass(said(end, "refused"))
}

/// Why nothing can be said of a far end that was not played.
pub(crate) fn kept(end: &FarEnd) -> Option<Judgement> {
    let id = match end.kept? {
        Kept::CannotListen => "client-cannot-listen",
        Kept::AuthorityUnusable => "client-authority-unusable",
    };
    Some(Judgement::inconclusive(shared(id).with("far", &end.far)))
}

/// Why nothing can be said of a client that was not seen to go on with the proper far end.
pub(crate) fn without_control(end: &FarEnd) -> Option<Judgement> {
    if end.proper().is_some() {
        return None;
    }
    let dialled = end.act(Play::Proper).is_some_and(|act| !act.meetings.is_empty());
    let id = if dialled { "client-not-with-proper" } else { "client-did-not-dial" };
    Some(Judgement::inconclusive(shared(id).with("far", &end.far)))
}

/// A message of the check itself, with the far end.
pub(crate) fn said(end: &FarEnd, id: &'static str) -> Message {
    Message::new(id).with("far", &end.far)
}

/// A message that all checks share.
pub(crate) fn shared(id: &str) -> Message {
    Message::new(format!("checks.{id}"))
}
