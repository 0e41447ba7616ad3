//! Looks at a data store as a stranger: whether it gives anything without a login, and whether in clear.
//!
//! Each protocol has one reading question that only those get answered who are in; nothing is written, and no
//! record is read: databases are counted and their names forgotten. Where a protocol knows a user before its
//! password (MySQL), naming one is a login and needs an intrusive run.

mod memcached;
mod mongodb;
mod mysql;
mod postgresql;
mod redis;

use auscult_facts::store::{Entry, StoreFacts};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_wire::store::Error;

use crate::mqtt::door::{OPENING_PACKETS, Shut, Talk, answer, inside_tls};
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Packets that one conversation may cost after it is opened.
const ALLOWANCE: u64 = 200;

/// What the last read and the goodbye may add to the allowance.
const SLACK: u64 = 30;

/// Conversations at most: in clear and inside TLS.
const CONVERSATIONS: u64 = 2;

/// The observer of data stores.
#[derive(Debug)]
pub struct Store;

impl Observer for Store {
    type Facts = StoreFacts;
    const NAME: &'static str = "store/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound {
            connections: CONVERSATIONS,
            // A conversation that goes over to TLS opens twice.
            packets: CONVERSATIONS * (2 * OPENING_PACKETS + ALLOWANCE + SLACK),
        }
    }

    async fn look(bench: &NodeBench, subject: &Subject, _: &Errand) -> Result<StoreFacts, Interrupted> {
        let protocol = subject.service.as_ref().and_then(|s| s.protocol()).unwrap_or_default();
        let visit = Visit { bench, subject };
        let facts = match protocol {
            "redis" => redis::look(&visit).await,
            "memcached" => memcached::look(&visit).await,
            "mongodb" => mongodb::look(&visit).await,
            "postgresql" => postgresql::look(&visit).await,
            "mysql" => mysql::look(&visit).await,
            _ => Err(Interrupted::InstrumentFault),
        }?;
        match facts.ways().trouble() {
            Some(why) => Err(why),
            None => Ok(facts),
        }
    }
}

/// One service, visited by a stranger.
struct Visit<'a> {
    bench: &'a NodeBench,
    subject: &'a Subject,
}

impl Visit<'_> {
    async fn open(&self) -> Result<Talk, Shut> {
        Talk::open(self.bench, self.subject, Impact::Safe, ALLOWANCE).await
    }

    /// Facts in which nothing was asked yet.
    fn blank(&self, protocol: &str) -> StoreFacts {
        StoreFacts {
            protocol: protocol.to_owned(),
            tls: inside_tls(self.subject),
            client_certificate_demanded: false,
            offers_tls: Answer::NotAsked(NotAsked::NoOccasion),
            in_clear: Answer::NotAsked(NotAsked::NoOccasion),
            inside_tls: Answer::NotAsked(NotAsked::NoOccasion),
            databases: Answer::NotAsked(NotAsked::NoOccasion),
        }
    }
}

/// What one conversation told: how far it came, and how many databases it was told.
type Told = (Entry, Option<u64>);

/// Puts down what a conversation told, on the side of the wall on which it was held.
fn put(facts: &mut StoreFacts, inside: bool, told: Result<Told, Interrupted>) {
    let databases = told.as_ref().ok().and_then(|(_, databases)| *databases);
    if let Some(databases) = databases {
        facts.databases = Answer::Seen(databases);
    }
    let entry = answer(told.map(|(entry, _)| entry));
    if inside {
        facts.inside_tls = entry;
    } else {
        facts.in_clear = entry;
    }
}

/// A protocol that speaks either in clear or inside TLS from the first byte: one conversation tells all.
async fn one_way<F>(visit: &Visit<'_>, protocol: &str, converse: F) -> Result<StoreFacts, Interrupted>
where
    F: AsyncFn(&mut Talk) -> Result<Told, Interrupted>,
{
    let mut facts = visit.blank(protocol);
    let inside = facts.tls;
    match visit.open().await {
        Err(Shut::Other(why)) => return Err(why),
        Err(Shut::CertificateDemanded) => facts.client_certificate_demanded = true,
        Ok(mut talk) => {
            let told = converse(&mut talk).await;
            talk.close().await;
            put(&mut facts, inside, told);
        }
    }
    Ok(facts)
}

/// Asks one question and hears its answer, of which everything that came is taken.
async fn ask<T>(
    talk: &mut Talk,
    question: &[u8],
    read: impl Fn(&[u8]) -> Result<Option<T>, Error>,
) -> Result<T, Interrupted> {
    talk.send(question).await?;
    let mut held = Vec::new();
    talk.whole(&mut held, |bytes| Ok::<_, Error>(read(bytes)?.map(|whole| (whole, bytes.len())))).await
}
