//! A TLS service does not notice when a client was talked into an older version.

use auscult_facts::tls::{TlsFacts, Version};
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::tls::obsolete_version::{accepts, accepts_any, none_before};
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct DowngradeUnnoticed;

impl Check for DowngradeUnnoticed {
    const META: Meta = Meta {
        id: CheckId::new("tls-downgrade-unnoticed"),
        covers: &[Covers::new("TLS-04", "downgrade")],
        severity: Severity::Low,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, _: &Subject) -> Judgement {
        if facts.fallback_refused == Answer::NotAsked(NotAsked::NoOccasion) {
            let answered = [Version::Tls12, Version::Tls13].iter().all(|v| accepts(facts, *v).is_some());
            if answered && none_before(facts, Version::Tls12) && accepts_any(facts) {
                // TLS 1.3 marks a downgrade in the random of the server by itself (RFC 8446, 4.1.3).
                return Judgement::pass(Message::new("no-occasion"));
            }
        }
        match said(&facts.fallback_refused) {
            Err(unknown) => unknown,
            Ok(true) => Judgement::pass(Message::new("refused")),
            Ok(false) => Judgement::fail(Message::new("accepted")),
        }
    }
}
