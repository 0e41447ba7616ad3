//! A client hands its password or token to a server that proved nothing.

use std::collections::BTreeSet;

use auscult_facts::Subject;
use auscult_facts::client::{ClientFacts, FarEnd, Play, Reached, Stance};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::towards::{is_client, kept, said, shared, without_control, worst_of};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct CredentialsToImpostor;

impl Check for CredentialsToImpostor {
    const META: Meta = Meta {
        id: CheckId::new("client-credentials-to-impostor"),
        covers: &[Covers::new("TLS-05", "impostors-refused")],
        severity: Severity::Critical,
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

/// Those that stand in for the far end and are not it.
const IMPOSTORS: [Play; 5] =
    [Play::SelfSigned, Play::UnknownAuthority, Play::WrongName, Play::Expired, Play::NoTls];

fn judge(end: &FarEnd) -> Judgement {
    if let Some(why) = kept(end) {
        return why;
    }
    let handed = |play: Play| {
        end.act(play).is_some_and(|act| {
            act.meetings.iter().any(|m| m.said.as_ref().is_some_and(|said| said.credentials))
        })
    };
    let to: BTreeSet<&str> = IMPOSTORS.into_iter().filter(|play| handed(*play)).map(Play::word).collect();
    if !to.is_empty() {
        return Judgement::fail(said(end, "handed-over").with_list("plays", to));
    }
    if !end.tls {
        return Judgement::inconclusive(shared("client-in-clear").with("far", &end.far));
    }
    if let Some(why) = without_control(end) {
        return why;
    }
    for play in IMPOSTORS {
        let id = match end.stance(play) {
            Stance::Away => "client-stayed-away",
            Stance::NotPlayed => "client-not-played",
            Stance::Unclear if !spoke(end, play) => "client-unclear",
            _ => continue,
        };
        return Judgement::inconclusive(shared(id).with("far", &end.far).with("play", play.word()));
    }
    if handed(Play::Proper) || handed(Play::Again) {
        Judgement::pass(said(end, "kept"))
    } else {
        Judgement::pass(said(end, "none-at-all"))
    }
}

/// Whether the client came so far that it could have handed something over.
fn spoke(end: &FarEnd, play: Play) -> bool {
    end.act(play).is_some_and(|act| act.meetings.iter().any(|m| m.reached >= Reached::Hello))
}
