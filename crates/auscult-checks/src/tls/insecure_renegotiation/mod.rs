//! A TLS service does not signal secure renegotiation.

use auscult_facts::tls::TlsFacts;
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::tls::obsolete_version::only_tls13;
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct InsecureRenegotiation;

impl Check for InsecureRenegotiation {
    const META: Meta = Meta {
        id: CheckId::new("tls-insecure-renegotiation"),
        covers: &[Covers::new("TLS-04", "renegotiation")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, _: &Subject) -> Judgement {
        if facts.secure_renegotiation == Answer::NotAsked(NotAsked::NoOccasion) && only_tls13(facts) {
            return Judgement::pass(Message::new("only-tls13"));
        }
        match said(&facts.secure_renegotiation) {
            Err(unknown) => unknown,
            Ok(false) => Judgement::fail(Message::new("not-signalled")),
            Ok(true) => Judgement::pass(Message::new("signalled")),
        }
    }
}
