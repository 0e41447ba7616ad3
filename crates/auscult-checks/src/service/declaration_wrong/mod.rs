//! A service speaks something else than is declared.

use auscult_facts::ports::PortState;
use auscult_facts::service::{
    OVER_HTTP, RECOGNISABLE, SHOW_OVER_HTTP, ServiceFacts, protocol_word, word_means_tls,
};
use auscult_facts::{Interrupted, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted};

/// See the first line of the module.
pub struct DeclarationWrong;

impl Check for DeclarationWrong {
    const META: Meta = Meta {
        id: CheckId::new("service-declaration-wrong"),
        covers: &[Covers::new("SRV-01", "declaration-true")],
        severity: Severity::Medium,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = ServiceFacts;

    fn concerns(subject: &Subject) -> bool {
        subject.service.as_ref().is_some_and(|service| service.declared.is_some())
    }

    fn judge(facts: &ServiceFacts, subject: &Subject) -> Judgement {
        let Some(declared) = subject.service.as_ref().and_then(|s| s.declared.as_ref()) else {
            return Judgement::inconclusive(Message::new("undeclared"));
        };
        match facts.state {
            PortState::Open => {}
            PortState::Closed => return Judgement::inconclusive(interrupted(Interrupted::Closed)),
            PortState::Filtered => return Judgement::inconclusive(interrupted(Interrupted::Unreachable)),
        }
        let word = declared.protocol.as_deref();
        let tls = declared.tls || word.is_some_and(word_means_tls);
        match (tls, facts.tls) {
            (true, Some(false)) => return Judgement::fail(Message::new("no-tls")),
            (false, Some(true)) => return Judgement::fail(Message::new("tls")),
            (_, Some(_)) => {}
            (_, None) => return Judgement::inconclusive(Message::new("silent")),
        }
        let Some(seen) = facts.protocol.as_deref() else {
            let why = if facts.client_certificate_demanded { "certificate-demanded" } else { "unknown" };
            return Judgement::inconclusive(Message::new(why));
        };
        let Some(word) = word else {
            return Judgement::inconclusive(Message::new("no-word").with("seen", seen));
        };
        let message = |id: &str| Message::new(id).with("declared", word).with("seen", seen);
        let plain = protocol_word(word);
        let over_http = OVER_HTTP.contains(&plain);
        // A broker within WebSockets is one thing that is spoken over HTTP and within WebSockets.
        let within = seen == "mqtt-websocket";
        // A declared protocol over HTTP is taken for what is spoken wherever HTTP answers; only a few questions are
        // answered by nothing else.
        let shown = !over_http || facts.by.as_deref().is_some_and(|by| SHOW_OVER_HTTP.contains(&by));
        if (shown && seen == plain) || (within && plain == "websocket") {
            Judgement::pass(message("true"))
        } else if over_http && (seen == plain || seen == "http") {
            // HTTP is what it would look like, and no more than that was seen.
            Judgement::inconclusive(message("over-http").with("seen", "http"))
        } else if within && plain == "http" {
            Judgement::inconclusive(message("over-http"))
        } else if over_http || RECOGNISABLE.contains(&plain) {
            Judgement::fail(message("other"))
        } else {
            // A protocol that cannot be told apart may well be spoken over the one that was seen.
            Judgement::inconclusive(message("beyond"))
        }
    }
}
