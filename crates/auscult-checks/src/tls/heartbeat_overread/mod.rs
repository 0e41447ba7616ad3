//! A TLS service sends back more than it was sent in a heartbeat.

use auscult_facts::tls_flaws::{Heartbeat, TlsFlawsFacts};
use auscult_facts::{Answer, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct HeartbeatOverread;

impl Check for HeartbeatOverread {
    const META: Meta = Meta {
        id: CheckId::new("tls-heartbeat-overread"),
        covers: &[Covers::new("TLS-04", "heartbeat")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFlawsFacts;

    fn judge(facts: &TlsFlawsFacts, _: &Subject) -> Judgement {
        if facts.old_version == Answer::Seen(false) {
            return Judgement::pass(Message::new("only-tls13"));
        }
        match said(&facts.heartbeat) {
            Err(unknown) => unknown,
            Ok(Heartbeat::LengthIgnored) => Judgement::fail(Message::new("length-ignored")),
            Ok(Heartbeat::Unanswered) => Judgement::inconclusive(Message::new("unanswered")),
            Ok(Heartbeat::NotOffered) => Judgement::pass(Message::new("not-offered")),
            Ok(Heartbeat::LengthChecked) => Judgement::pass(Message::new("length-checked")),
            Ok(Heartbeat::PaddingIgnored) => Judgement::pass(Message::new("padding-ignored")),
        }
    }
}
