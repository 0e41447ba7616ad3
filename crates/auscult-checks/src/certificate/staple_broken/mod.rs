//! A service staples no valid status of its certificate, though it sends or promises one.

use auscult_facts::Subject;
use auscult_facts::tls::{Revocation, Staple, StapleSays, StapleSigned, TlsFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::certificate::revoked::holds;
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct StapleBroken;

impl Check for StapleBroken {
    const META: Meta = Meta {
        id: CheckId::new("certificate-staple-broken"),
        covers: &[Covers::new("PKI-01", "stapling")],
        severity: Severity::Medium,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, subject: &Subject) -> Judgement {
        let known: &Revocation = match said(&facts.revocation) {
            Ok(known) => known,
            Err(unknown) => return unknown,
        };
        match said(&known.staple) {
            Err(unknown) => unknown,
            Ok(None) if known.must_staple => Judgement::fail(Message::new("missing")),
            Ok(None) => Judgement::pass(Message::new("not-promised")),
            Ok(Some(staple)) => judged(staple, holds(staple, subject.at)),
        }
    }
}

fn judged(staple: &Staple, holds: bool) -> Judgement {
    match (staple.says, staple.signed) {
        (StapleSays::Refused, _) => Judgement::fail(Message::new("refused")),
        (StapleSays::Unreadable, _) => Judgement::fail(Message::new("unreadable")),
        (_, StapleSigned::Unverified) => Judgement::inconclusive(Message::new("unverified")),
        (_, StapleSigned::Nobody) => Judgement::fail(Message::new("not-signed")),
        (StapleSays::OtherCertificate, _) => Judgement::fail(Message::new("other-certificate")),
        _ if !holds => Judgement::fail(Message::new("stale")),
        (StapleSays::Unknown, _) => Judgement::fail(Message::new("unknown")),
        (StapleSays::Good | StapleSays::Revoked, _) => Judgement::pass(Message::new("valid")),
    }
}
