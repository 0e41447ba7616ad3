//! A TLS service compresses what it encrypts.

use auscult_facts::tls::TlsFacts;
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::tls::obsolete_version::only_tls13;
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct Compression;

impl Check for Compression {
    const META: Meta = Meta {
        id: CheckId::new("tls-compression"),
        covers: &[Covers::new("TLS-04", "compression")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, _: &Subject) -> Judgement {
        if facts.compression == Answer::NotAsked(NotAsked::NoOccasion) && only_tls13(facts) {
            return Judgement::pass(Message::new("only-tls13"));
        }
        match said(&facts.compression) {
            Err(unknown) => unknown,
            Ok(true) => Judgement::fail(Message::new("chosen")),
            Ok(false) => Judgement::pass(Message::new("refused")),
        }
    }
}
