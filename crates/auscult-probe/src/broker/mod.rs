//! Looks at brokers of AMQP 0-9-1 and NATS as a stranger: a session without a login, and accounts that are shipped.

mod amqp;
mod nats;

use std::collections::BTreeSet;

use auscult_facts::broker::BrokerFacts;
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;

use crate::mqtt::door::{OPENING_PACKETS, Shut, Talk, inside_tls};
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Packets that one conversation may cost after it is opened.
const ALLOWANCE: u64 = 100;

/// What the last read and the goodbye may add to the allowance.
const SLACK: u64 = 30;

/// Conversations without a login: the greeting in clear, and a session.
const GENTLE: u64 = 2;

/// Logins at intrusive: one account, and two made up for this run.
const LOGINS: u64 = 3;

/// The observer of brokers.
#[derive(Debug)]
pub struct Broker;

impl Observer for Broker {
    type Facts = BrokerFacts;
    const NAME: &'static str = "broker/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, allowed: Impact) -> Bound {
        let connections = GENTLE + if allowed >= Impact::Intrusive { LOGINS } else { 0 };
        Bound { connections, packets: connections * (2 * OPENING_PACKETS + ALLOWANCE + SLACK) }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<BrokerFacts, Interrupted> {
        let protocol = subject.service.as_ref().and_then(|s| s.protocol()).unwrap_or_default();
        let visit = Visit { bench, subject, mark: &errand.mark };
        let facts = match protocol {
            "amqp" => amqp::look(&visit).await,
            "nats" => nats::look(&visit).await,
            _ => Err(Interrupted::InstrumentFault),
        }?;
        match facts.ways().trouble() {
            Some(why) => Err(why),
            None => Ok(facts),
        }
    }
}

/// One broker, visited by a stranger.
struct Visit<'a> {
    bench: &'a NodeBench,
    subject: &'a Subject,
    mark: &'a str,
}

impl Visit<'_> {
    async fn open(&self, step: Impact) -> Result<Talk, Shut> {
        Talk::open(self.bench, self.subject, step, ALLOWANCE).await
    }

    /// Facts in which nothing was asked yet.
    fn blank(&self, protocol: &str) -> BrokerFacts {
        BrokerFacts {
            protocol: protocol.to_owned(),
            tls: inside_tls(self.subject),
            client_certificate_demanded: false,
            offers_tls: Answer::NotAsked(NotAsked::NoOccasion),
            mechanisms: BTreeSet::new(),
            in_clear: Answer::NotAsked(NotAsked::NoOccasion),
            inside_tls: Answer::NotAsked(NotAsked::NoOccasion),
            accounts: Answer::NotAsked(NotAsked::NoOccasion),
        }
    }
}
