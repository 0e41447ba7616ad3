//! A broker of AMQP accepts the account that it is shipped with.

use auscult_facts::Subject;
use auscult_facts::broker::BrokerFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct DefaultCredentials;

impl Check for DefaultCredentials {
    const META: Meta = Meta {
        id: CheckId::new("broker-default-credentials"),
        covers: &[Covers::new("AUT-01", "broker-login")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = BrokerFacts;

    fn concerns(subject: &Subject) -> bool {
        // NATS is shipped with no account.
        subject.service.as_ref().is_some_and(|s| s.protocol() == Some("amqp"))
    }

    fn judge(facts: &BrokerFacts, _: &Subject) -> Judgement {
        if facts.client_certificate_demanded && facts.tls {
            return Judgement::pass(Message::new("no-certificate"));
        }
        if !facts.mechanisms.is_empty() && !facts.mechanisms.contains("PLAIN") {
            return Judgement::pass(Message::new("no-password"));
        }
        match said(&facts.accounts) {
            Err(judgement) => judgement,
            Ok(accounts) if accounts.accepts_any_password => {
                Judgement::inconclusive(Message::new("any-password"))
            }
            Ok(accounts) => match &accounts.accepted {
                Some(name) => Judgement::fail(Message::new("accepted").with("name", name)),
                None if accounts.tried == 0 => Judgement::inconclusive(Message::new("untried")),
                None => Judgement::pass(Message::new("refused")),
            },
        }
    }
}
