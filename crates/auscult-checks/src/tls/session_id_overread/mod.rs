//! A TLS service sends back a longer session id than it was sent.

use auscult_facts::tls_flaws::{Ticket, TlsFlawsFacts};
use auscult_facts::{Answer, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct SessionIdOverread;

impl Check for SessionIdOverread {
    const META: Meta = Meta {
        id: CheckId::new("tls-session-id-overread"),
        covers: &[Covers::new("TLS-04", "session-id")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFlawsFacts;

    fn judge(facts: &TlsFlawsFacts, _: &Subject) -> Judgement {
        if facts.old_version == Answer::Seen(false) {
            return Judgement::pass(Message::new("only-tls13"));
        }
        match said(&facts.ticket) {
            Err(unknown) => unknown,
            Ok(Ticket::Longer) => Judgement::fail(Message::new("longer")),
            Ok(Ticket::Declined) => Judgement::inconclusive(Message::new("declined")),
            Ok(Ticket::Echoed) => Judgement::pass(Message::new("echoed")),
            Ok(Ticket::None) => Judgement::pass(Message::new("no-tickets")),
        }
    }
}
