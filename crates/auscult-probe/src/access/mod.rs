//! Tries what credentials of the scenario reach: each must reach what is its own, and nothing else.
//!
//! Only reading requests are sent, and subscriptions; nothing is changed or published. A credential that reaches
//! nothing of its own shows nothing, so its own things come first, and what belongs to another is tried only where
//! the other reaches it. A withdrawn credential is shown at most twice to a login.

pub(crate) mod guess;
mod key;

use std::time::Duration;

use auscult_facts::access::{AccessFacts, Holder, Question, Reach, Try};
use auscult_facts::credentials::Stopped;
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_model::scenario::{CredentialKind, Role};

pub use key::{Key, Secret};

use crate::http::apart as web;
use crate::mqtt::apart as broker;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Things of one credential that are tried: two tell whether the first was an exception.
pub(crate) const THINGS: usize = 2;

/// Administrative functions of one credential that are tried.
pub(crate) const FUNCTIONS: usize = 4;

/// The observer of what credentials reach.
#[derive(Debug)]
pub struct Access;

impl Observer for Access {
    type Facts = AccessFacts;
    const NAME: &'static str = "access/1";
    const IMPACT: Impact = Impact::Intrusive;

    fn bound(_: Depth, _: Impact) -> Bound {
        let (web, broker) = (web::bound(), broker::bound());
        Bound {
            connections: web.connections.max(broker.connections),
            packets: web.packets.max(broker.packets),
        }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<AccessFacts, Interrupted> {
        let over_mqtt = subject
            .service
            .as_ref()
            .and_then(|s| s.protocol())
            .is_some_and(|word| matches!(word, "mqtt" | "mqtt-websocket"));
        let fits = |kind| (kind == CredentialKind::Mqtt) == over_mqtt;
        let keys: Vec<&Key> =
            errand.keys.iter().filter(|k| k.is_for(subject) && fits(k.credential.kind)).collect();
        let mut ledger = Ledger::of(&keys);
        // Without a credential there is nothing to ask, and not one packet is sent.
        if !keys.is_empty() {
            if over_mqtt {
                broker::ask(bench, subject, errand, &keys, &mut ledger).await?;
            } else {
                web::ask(bench, subject, errand, &keys, &mut ledger).await?;
            }
        }
        Ok(ledger.facts)
    }
}

/// How much longer than usual looking at a service takes: sessions are left alone for the declared idle time.
pub(crate) fn waits(errand: &Errand, subject: &Subject) -> Duration {
    web::longest_idle(errand.keys.iter().filter(|key| key.is_for(subject)))
}

/// What was asked so far.
pub(crate) struct Ledger {
    pub(crate) facts: AccessFacts,
}

/// Why nothing more is asked.
#[derive(Debug)]
pub(crate) struct Enough;

impl Ledger {
    fn of(keys: &[&Key]) -> Self {
        let holders = keys.iter().map(|key| {
            let c = &key.credential;
            let owns = u32::try_from(c.owns.len() + c.topics.len()).unwrap_or(u32::MAX);
            (c.name.clone(), Holder { kind: c.kind, role: c.role, tenant: c.tenant.clone(), owns })
        });
        Self { facts: AccessFacts { holders: holders.collect(), ..AccessFacts::default() } }
    }

    /// Notes one try.
    pub(crate) fn note(
        &mut self,
        who: &Key,
        question: Question,
        (whose, item): (&Key, usize),
        outcome: Answer<Reach>,
    ) {
        self.facts.tries.push(Try {
            who: who.credential.name.clone(),
            question,
            whose: whose.credential.name.clone(),
            item: u32::try_from(item).unwrap_or(u32::MAX),
            outcome,
        });
    }

    /// Notes that something was not asked because its owner does not reach it.
    pub(crate) fn no_occasion(&mut self, who: &Key, question: Question, whose: (&Key, usize)) {
        self.note(who, question, whose, Answer::NotAsked(NotAsked::NoOccasion));
    }

    /// Whether a credential was seen to reach one of its own things.
    pub(crate) fn reaches(&self, who: &Key, question: Question, item: usize) -> bool {
        self.facts.tries.iter().any(|t| {
            t.who == who.credential.name
                && t.whose == t.who
                && t.question == question
                && usize::try_from(t.item) == Ok(item)
                && t.outcome.seen() == Some(&Reach::Reached)
        })
    }

    /// Whether a credential was seen to work.
    pub(crate) fn works(&self, who: &Key) -> bool {
        self.facts.works(&who.credential.name)
    }

    /// Ends trying: the service slows down or locks.
    pub(crate) fn locked(&mut self) -> Enough {
        self.facts.stopped = Some(Stopped::Locked);
        Enough
    }
}

/// Whether what belongs to one must be kept from the other: both are patients, or they are of different tenants.
pub(crate) fn apart(one: &Key, other: &Key) -> bool {
    let (one, other) = (&one.credential, &other.credential);
    let differ = matches!((&one.tenant, &other.tenant), (Some(a), Some(b)) if a != b);
    let let_in = one.role.is_let_in() && other.role.is_let_in();
    one.name != other.name && let_in && (differ || (one.role == Role::Patient && other.role == Role::Patient))
}
