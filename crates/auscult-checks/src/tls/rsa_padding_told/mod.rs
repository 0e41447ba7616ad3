//! A TLS service tells by its answers how a secret was padded.

use auscult_facts::tls_flaws::{RsaAnswers, TlsFlawsFacts};
use auscult_facts::{Answer, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct RsaPaddingTold;

impl Check for RsaPaddingTold {
    const META: Meta = Meta {
        id: CheckId::new("tls-rsa-padding-told"),
        covers: &[Covers::new("TLS-04", "rsa-padding")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFlawsFacts;

    fn judge(facts: &TlsFlawsFacts, _: &Subject) -> Judgement {
        if facts.old_version == Answer::Seen(false) {
            return Judgement::pass(Message::new("only-tls13"));
        }
        match said(&facts.rsa) {
            Err(unknown) => unknown,
            Ok(RsaAnswers::TellFaults) => Judgement::fail(Message::new("tell-faults")),
            Ok(RsaAnswers::TellRight) => Judgement::fail(Message::new("tell-right")),
            Ok(RsaAnswers::Alike) => Judgement::pass(Message::new("alike")),
            Ok(RsaAnswers::NoRsa) => Judgement::pass(Message::new("no-rsa")),
        }
    }
}
