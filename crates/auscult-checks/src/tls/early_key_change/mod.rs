//! A TLS service goes over to its keys before there are any.

use auscult_facts::tls_flaws::TlsFlawsFacts;
use auscult_facts::{Answer, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct EarlyKeyChange;

impl Check for EarlyKeyChange {
    const META: Meta = Meta {
        id: CheckId::new("tls-early-key-change"),
        covers: &[Covers::new("TLS-04", "early-key-change")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFlawsFacts;

    fn judge(facts: &TlsFlawsFacts, _: &Subject) -> Judgement {
        if facts.old_version == Answer::Seen(false) {
            return Judgement::pass(Message::new("only-tls13"));
        }
        match said(&facts.early_change) {
            Err(unknown) => unknown,
            Ok(true) => Judgement::fail(Message::new("taken")),
            Ok(false) => Judgement::pass(Message::new("refused")),
        }
    }
}
