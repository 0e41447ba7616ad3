//! A client goes on with a server that itself says that its certificate is revoked.

use auscult_facts::Subject;
use auscult_facts::client::{Act, ClientFacts, FarEnd, Play, Stance};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::towards::{is_client, kept, refuses, said, worst_of};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct AcceptsRevoked;

impl Check for AcceptsRevoked {
    const META: Meta = Meta {
        id: CheckId::new("client-accepts-revoked"),
        covers: &[Covers::new("TLS-05", "revoked-refused")],
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
    // Whoever asks for no status was told nothing; it may ask the authority in a way that is not played here.
    let told = end.act(Play::Revoked).is_some_and(asked);
    if kept(end).is_none() && end.tls && end.stance(Play::Revoked) == Stance::WentOn && !told {
        return Judgement::inconclusive(said(end, "not-told"));
    }
    refuses(end, &[Play::Revoked])
}

/// Whether a connection that went furthest had asked for a status.
fn asked(act: &Act) -> bool {
    let furthest = act.meetings.iter().max_by_key(|meeting| meeting.reached);
    furthest.and_then(|meeting| meeting.hello.as_ref()).is_some_and(|hello| hello.status_asked)
}
