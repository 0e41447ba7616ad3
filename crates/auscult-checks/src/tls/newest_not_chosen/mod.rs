//! A TLS service chooses an older version although it and the client both know a newer one.

use auscult_facts::Subject;
use auscult_facts::tls::{TlsFacts, Version};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::tls::obsolete_version::accepts;
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct NewestNotChosen;

impl Check for NewestNotChosen {
    const META: Meta = Meta {
        id: CheckId::new("tls-newest-not-chosen"),
        covers: &[Covers::new("TLS-02", "newest-chosen")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, _: &Subject) -> Judgement {
        let chosen = match said(&facts.chosen) {
            Ok(chosen) => *chosen,
            Err(unknown) => return unknown,
        };
        if accepts(facts, chosen) == Some(false) {
            return Judgement::inconclusive(Message::new("contradiction").with("chosen", chosen.name()));
        }
        let newer = || Version::ALL.into_iter().rev().take_while(|v| *v > chosen);
        if let Some(better) = newer().find(|v| accepts(facts, *v) == Some(true)) {
            let message = Message::new("older").with("chosen", chosen.name()).with("newer", better.name());
            return Judgement::fail(message);
        }
        if newer().any(|v| accepts(facts, v).is_none()) {
            return Judgement::inconclusive(Message::new("unanswered").with("chosen", chosen.name()));
        }
        Judgement::pass(Message::new("newest").with("chosen", chosen.name()))
    }
}
