//! A client takes a wrong time from the network, and an expired certificate is valid again.

use auscult_facts::Subject;
use auscult_facts::client::{ClientFacts, FarEnd, Play, Stance};
use auscult_model::{CheckId, Impact, Judgement, Severity, Verdict};

use crate::towards::{is_client, kept, refuses, said, without_control, worst_of};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct AcceptsWrongTime;

impl Check for AcceptsWrongTime {
    const META: Meta = Meta {
        id: CheckId::new("client-accepts-wrong-time"),
        covers: &[Covers::new("TLS-05", "time-not-turned-back")],
        severity: Severity::Medium,
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
    if let Some(why) = kept(end).or_else(|| without_control(end)) {
        return why;
    }
    let Some(act) = end.act(Play::WrongTime) else {
        return Judgement::inconclusive(said(end, "no-time-server"));
    };
    match (end.stance(Play::Expired), end.stance(Play::WrongTime)) {
        (Stance::WentOn, _) => Judgement::inconclusive(said(end, "expired-anyway")),
        (Stance::Refused, Stance::WentOn) if act.time_asked => Judgement::fail(said(end, "turned-back")),
        (Stance::Refused, Stance::Refused) if act.time_asked => Judgement::pass(said(end, "kept")),
        (_, Stance::WentOn | Stance::Refused) if !act.time_asked => {
            Judgement::inconclusive(said(end, "not-asked"))
        }
        // Whichever of the two is open says why.
        _ => match refuses(end, &[Play::Expired, Play::WrongTime]) {
            undecided if undecided.verdict == Verdict::Inconclusive => undecided,
            _ => Judgement::inconclusive(said(end, "not-asked")),
        },
    }
}
