//! A client speaks in clear with a server that is declared to speak TLS.

use auscult_facts::Subject;
use auscult_facts::client::{ClientFacts, FarEnd, Play, Reached, Stance};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::towards::{is_client, kept, said, shared, without_control, worst_of};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct SendsInClear;

impl Check for SendsInClear {
    const META: Meta = Meta {
        id: CheckId::new("client-sends-in-clear"),
        covers: &[Covers::new("TLS-05", "never-in-clear")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = ClientFacts;

    fn concerns(subject: &Subject) -> bool {
        is_client(subject)
    }

    fn judge(facts: &ClientFacts, _: &Subject) -> Judgement {
        worst_of(facts, judge)
    }
}

fn judge(end: &FarEnd) -> Judgement {
    if let Some(why) = kept(end) {
        return why;
    }
    if !end.tls {
        return Judgement::inconclusive(shared("client-in-clear").with("far", &end.far));
    }
    let in_clear = |play: Play| {
        end.act(play).is_some_and(|act| act.meetings.iter().any(|m| m.reached == Reached::InClear))
    };
    if in_clear(Play::Proper) {
        return Judgement::fail(said(end, "at-once"));
    }
    if end.acts.iter().any(|act| in_clear(act.play)) {
        return Judgement::fail(said(end, "fell-back"));
    }
    if let Some(why) = without_control(end) {
        return why;
    }
    match end.stance(Play::NoTls) {
        // Only who came again after the refusal had the occasion.
        _ if came_again(end) => Judgement::pass(said(end, "refused")),
        Stance::NotPlayed => open(end, "client-not-played"),
        _ => open(end, "client-stayed-away"),
    }
}

fn open(end: &FarEnd, id: &str) -> Judgement {
    Judgement::inconclusive(shared(id).with("far", &end.far).with("play", Play::NoTls.word()))
}

/// Whether the client came again after its handshake had been refused, and spoke TLS again.
fn came_again(end: &FarEnd) -> bool {
    let act = end.acts.iter().skip_while(|act| act.play != Play::NoTls).flat_map(|act| &act.meetings);
    act.filter(|m| m.reached >= Reached::Hello).count() >= 2
}
