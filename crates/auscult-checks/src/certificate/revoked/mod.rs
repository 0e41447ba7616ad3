//! The certificate of a service, or one that it rests on, is revoked.

use auscult_facts::Subject;
use auscult_facts::tls::{Revocation, Staple, StapleSays, StapleSigned, TlsFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};
use jiff::{SignedDuration, Timestamp};

use crate::certificate::expired::day;
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct Revoked;

impl Check for Revoked {
    const META: Meta = Meta {
        id: CheckId::new("certificate-revoked"),
        covers: &[Covers::new("PKI-01", "revocation")],
        severity: Severity::High,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, subject: &Subject) -> Judgement {
        let known = match said(&facts.revocation) {
            Ok(known) => known,
            Err(unknown) => return unknown,
        };
        let own = facts.chain.seen().and_then(|chain| chain.first());
        revoked(known, subject.at)
            .or_else(|| sound(known, subject.at))
            .unwrap_or_else(|| undecided(known, own.is_some_and(|own| own.self_issued)))
    }
}

/// How long a status without an end counts as fresh.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// By how much a clock may go wrong.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Whether information of one time holds at another, until newer one is there.
pub(crate) fn fresh(this_update: Timestamp, next_update: Option<Timestamp>, at: Timestamp) -> bool {
    let begun = this_update.duration_since(at) <= HOUR;
    begun
        && match next_update {
            Some(next) => at < next,
            None => at.duration_since(this_update) <= WEEK,
        }
}

/// Whether the authority has signed a status, itself or by somebody whom it made a responder.
pub(crate) fn authentic(staple: &Staple) -> bool {
    matches!(staple.signed, StapleSigned::Issuer | StapleSigned::Delegate)
}

/// Whether a status holds at a time.
pub(crate) fn holds(staple: &Staple, at: Timestamp) -> bool {
    staple.this_update.is_some_and(|this_update| fresh(this_update, staple.next_update, at))
}

fn staple(known: &Revocation) -> Option<&Staple> {
    known.staple.seen().and_then(Option::as_ref)
}

/// Revoked is for ever, so that no age excuses it; what is on hold can come back.
fn revoked(known: &Revocation, at: Timestamp) -> Option<Judgement> {
    let listed = known
        .lists
        .iter()
        .find(|list| list.revoked && (!list.on_hold || fresh(list.this_update, list.next_update, at)));
    if let Some(list) = listed {
        let id = if list.certificate == 0 { "listed" } else { "listed-authority" };
        return Some(Judgement::fail(Message::new(id).with("date", day(list.this_update))));
    }
    let staple = staple(known).filter(|staple| staple.says == StapleSays::Revoked)?;
    Some(match authentic(staple) {
        true => Judgement::fail(Message::new("stapled-revoked")),
        false => Judgement::inconclusive(Message::new("revoked-unverified")),
    })
}

fn sound(known: &Revocation, at: Timestamp) -> Option<Judgement> {
    // What was on hold when an old list was made may be so still.
    if known.lists.iter().any(|list| list.revoked) {
        return Some(Judgement::inconclusive(Message::new("stale")));
    }
    let good = staple(known).filter(|s| s.says == StapleSays::Good && authentic(s) && holds(s, at));
    if let Some(staple) = good {
        return Some(Judgement::pass(match (staple.next_update, staple.this_update) {
            (Some(next), _) => Message::new("stapled-good").with("date", day(next)),
            (None, this) => Message::new("stapled-good-now").with("date", this.map(day).unwrap_or_default()),
        }));
    }
    let own = known.lists.iter().find(|l| l.certificate == 0 && fresh(l.this_update, l.next_update, at))?;
    Some(Judgement::pass(Message::new("not-listed").with("date", day(own.this_update))))
}

/// Why nothing follows from what is known.
fn undecided(known: &Revocation, self_issued: bool) -> Judgement {
    let has_list = known.lists.iter().any(|list| list.certificate == 0);
    Judgement::inconclusive(Message::new(match staple(known) {
        _ if self_issued => "own-signature",
        Some(staple) if staple.says == StapleSays::Good && !authentic(staple) => "unverified",
        Some(staple) if staple.says != StapleSays::Good && !has_list => "unknown",
        None if !has_list => "nothing-known",
        _ => "stale",
    }))
}
