//! The certificate of a service ends soon and has not been renewed.

use auscult_facts::Subject;
use auscult_facts::tls::TlsFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};
use jiff::SignedDuration;

use crate::certificate::expired::day;
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct Expiring;

impl Check for Expiring {
    const META: Meta = Meta {
        id: CheckId::new("certificate-expiring"),
        covers: &[Covers::new("PKI-01", "expiry-window")],
        severity: Severity::Low,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, subject: &Subject) -> Judgement {
        let chain = match said(&facts.chain) {
            Ok(chain) => chain,
            Err(unknown) => return unknown,
        };
        let Some(own) = chain.first() else {
            return Judgement::inconclusive(Message::new("no-certificate"));
        };
        let left = own.not_after.duration_since(subject.at);
        let lifetime = own.not_after.duration_since(own.not_before);
        if left.is_negative() {
            return Judgement::fail(Message::new("over").with("date", day(own.not_after)));
        }
        let days = left.as_hours() / 24;
        let message = |id: &str| Message::new(id).with("date", day(own.not_after)).with("days", days);
        // Certificates that live for weeks are renewed late by design.
        if left < WINDOW.min(lifetime / 3) {
            Judgement::fail(message("soon"))
        } else {
            Judgement::pass(message("far"))
        }
    }
}

/// Time in which a certificate should have been renewed: 30 days.
const WINDOW: SignedDuration = SignedDuration::from_hours(30 * 24);
