//! A client does not come back to the true server after it was shown false ones.

use auscult_facts::Subject;
use auscult_facts::client::{Act, ClientFacts, FarEnd, Play, Reached};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::towards::{is_client, kept, said, shared, without_control, worst_of};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct NoRecovery;

impl Check for NoRecovery {
    const META: Meta = Meta {
        id: CheckId::new("client-no-recovery"),
        covers: &[Covers::new("TLS-05", "recovers")],
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

/// How much longer than ever before the device has to have been waited for, to say that it stays away.
const TIMES: u64 = 3;

fn judge(end: &FarEnd) -> Judgement {
    if let Some(why) = kept(end) {
        return why;
    }
    if let Some(why) = without_control(end) {
        return why;
    }
    let false_ones = || end.acts.iter().filter(|a| !matches!(a.play, Play::Proper | Play::Again));
    let Some(last) = end.act(Play::Again) else { return open(end, Play::Again) };
    if !false_ones().any(|act| !act.meetings.is_empty()) {
        return open(end, false_ones().next().map_or(Play::SelfSigned, |act| act.play));
    }
    // What is said in clear is another matter, as long as it comes back in TLS as well.
    let reached = || last.meetings.iter().map(|m| m.reached);
    let went = reached().filter(|r| *r != Reached::InClear).max().or_else(|| reached().max());
    match (went, end.proper()) {
        (Some(now), Some(before)) if now >= before && now != Reached::InClear => {
            Judgement::pass(said(end, "came-back"))
        }
        (Some(Reached::Tcp | Reached::Noise), _) => {
            Judgement::inconclusive(shared("client-unclear").with("far", &end.far).with("play", "again"))
        }
        (Some(_), _) => Judgement::fail(said(end, "goes-no-more")),
        (None, _) => away(end, last),
    }
}

fn away(end: &FarEnd, last: &Act) -> Judgement {
    let came = end.acts.iter().filter(|act| !act.meetings.is_empty());
    let longest = came.map(|act| act.waited_millis).max().unwrap_or_default();
    let message = |id| {
        let seconds = said(end, id).with("seconds", last.waited_millis / 1000);
        seconds.with("longest", longest.div_ceil(1000))
    };
    // The clock of the waiting ends a little before or after the time that was asked for.
    if last.waited_millis.saturating_add(50) >= longest.saturating_mul(TIMES) {
        Judgement::fail(message("stayed-away"))
    } else {
        Judgement::inconclusive(message("too-short"))
    }
}

fn open(end: &FarEnd, play: Play) -> Judgement {
    Judgement::inconclusive(shared("client-not-played").with("far", &end.far).with("play", play.word()))
}
