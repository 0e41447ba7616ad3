//! Looks at an MQTT broker as a stranger.
//!
//! Gentle questions: a CONNECT without name and password in both versions, two subscriptions, two seconds of
//! listening. Rough ones, where they are allowed: a message to a topic that carries the mark of this run, a second
//! session with our own client id, and a few accounts that products are shipped with. Nobody else's topic is
//! written to, nobody else's client id is used, nothing is retained, and every session ends with DISCONNECT.
//! Over TCP, TLS and WebSockets the questions are the same.

pub(crate) mod apart;
mod client;
pub(crate) mod door;
mod kinds;
mod packets;
mod rough;
mod socket;

use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use auscult_facts::mqtt::{Admission, Heard, MqttFacts, Subscription, Version};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use tokio::time::Instant;

pub use packets::{Packet, PacketError, Packets};

use crate::{Bound, Depth, Errand, NodeBench, Observer};
use client::{Client, Next};
use door::{OPENING_PACKETS, Shut, UPGRADE_PACKETS, answer, inside_tls};

/// How long to listen to what a subscription brings.
const LISTENING: Duration = Duration::from_secs(2);

/// Most messages that are counted.
const MAX_HEARD: u64 = 500;

/// Packets that a session without a subscription may cost after it is opened.
const SHORT: u64 = 40;

/// Packets that a session that listens may cost after it is opened.
const LONG: u64 = 600;

/// What the last read and the goodbye may add to an allowance.
const SLACK: u64 = 30;

/// The observer of MQTT brokers.
#[derive(Debug)]
pub struct Mqtt;

impl Observer for Mqtt {
    type Facts = MqttFacts;
    const NAME: &'static str = "mqtt/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, allowed: Impact) -> Bound {
        let session = OPENING_PACKETS + UPGRADE_PACKETS + SLACK;
        let gentle = Bound { connections: 2, packets: 2 * session + SHORT + LONG };
        if allowed < Impact::Intrusive {
            return gentle;
        }
        let logins = rough::MAX_LOGINS;
        Bound {
            connections: gentle.connections + 3 + logins,
            packets: gentle.packets + 3 * session + LONG + 2 * SHORT + logins * (session + SHORT),
        }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<MqttFacts, Interrupted> {
        let mark = own_mark(bench, subject, &errand.mark)?;
        let id = format!("auscult-{mark}");
        let mut facts = MqttFacts {
            tls: inside_tls(subject),
            client_certificate_demanded: false,
            anonymous: Version::ALL.map(|v| (v, Answer::NotAsked(NotAsked::NoOccasion))).into(),
            wildcard: Answer::NotAsked(NotAsked::NoOccasion),
            system_topics: Answer::NotAsked(NotAsked::NoOccasion),
            heard: Answer::NotAsked(NotAsked::NoOccasion),
            foreign_publish: Answer::NotAsked(NotAsked::NoOccasion),
            takeover: Answer::NotAsked(NotAsked::NoOccasion),
            accounts: Answer::NotAsked(NotAsked::NoOccasion),
        };
        let mut first_trouble = None;
        let mut listened = false;
        for version in Version::ALL {
            let asked =
                Client::connect(bench, subject, Impact::Safe, LONG, (version, id.as_str(), None)).await;
            let answer = match asked {
                Ok((admission, session)) => {
                    if let Some(mut session) = session {
                        if !listened {
                            listen(&mut session, &mut facts).await;
                            listened = true;
                        }
                        session.disconnect().await;
                    }
                    Answer::Seen(admission)
                }
                Err(Shut::CertificateDemanded) => {
                    facts.client_certificate_demanded = true;
                    break;
                }
                Err(Shut::Other(why)) => {
                    first_trouble.get_or_insert(why);
                    Answer::Interrupted(why)
                }
            };
            facts.anonymous.insert(version, answer);
        }
        let answered = facts.anonymous.values().any(|a| a.seen().is_some());
        if !answered && !facts.client_certificate_demanded {
            return Err(first_trouble.unwrap_or(Interrupted::InstrumentFault));
        }
        if facts.client_certificate_demanded {
            return Ok(facts);
        }
        if bench.allowed() >= Impact::Intrusive {
            rough::ask(bench, subject, (errand, &mark), &mut facts).await;
        } else {
            facts.accounts = Answer::NotAsked(NotAsked::Impact);
            if facts.admits_strangers() == Answer::Seen(true) {
                facts.foreign_publish = Answer::NotAsked(NotAsked::Impact);
                facts.takeover = Answer::NotAsked(NotAsked::Impact);
            }
        }
        Ok(facts)
    }
}

/// The mark of this run at this endpoint, short enough for a client id of 23 characters (MQTT 3.1.1, 3.1.3.1).
///
/// Two endpoints are often one broker, in clear and inside TLS, and are looked at side by side: with one client id
/// they would end each other's sessions, and with one topic hear each other's message.
fn own_mark(bench: &NodeBench, subject: &Subject, mark: &str) -> Result<String, Interrupted> {
    let port = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?.port;
    let mut hasher = DefaultHasher::new();
    (bench.address(), port).hash(&mut hasher);
    Ok(format!("{mark}{:04x}", hasher.finish() & 0xffff))
}

/// Versions in which a stranger was given a session.
fn admitted(facts: &MqttFacts) -> impl Iterator<Item = Version> + '_ {
    facts.anonymous.iter().filter(|(_, a)| a.seen() == Some(&Admission::Accepted)).map(|(v, _)| *v)
}

async fn listen(session: &mut Client, facts: &mut MqttFacts) {
    facts.wildcard = answer(session.subscribe("#").await);
    facts.system_topics = answer(session.subscribe("$SYS/#").await);
    let granted =
        [&facts.wildcard, &facts.system_topics].into_iter().any(|a| a.seen() == Some(&Subscription::Granted));
    if granted {
        facts.heard = answer(count(session).await);
    }
}

/// Counts what arrives; topics are told apart by a hash and forgotten.
async fn count(session: &mut Client) -> Result<Heard, Interrupted> {
    let mut heard = Heard::default();
    let mut topics = BTreeSet::new();
    let until = Instant::now() + LISTENING;
    loop {
        match session.next(until).await {
            Ok(Next::Packet(Packet::Publish { topic, payload })) => {
                if topic.starts_with('$') {
                    heard.system_messages += 1;
                } else {
                    heard.messages += 1;
                    let mut hasher = DefaultHasher::new();
                    topic.hash(&mut hasher);
                    topics.insert(hasher.finish());
                    heard.kinds.extend(kinds::kinds(&topic, &payload));
                }
                heard.cut = heard.messages + heard.system_messages >= MAX_HEARD;
            }
            Ok(Next::Packet(_)) => {}
            Ok(Next::TooLong) | Err(Interrupted::BudgetSpent) => heard.cut = true,
            Err(Interrupted::TimedOut) => break,
            // Two seconds of silence cannot be told from a session that was ended in them, unless something came.
            Ok(Next::Closed) if heard.messages + heard.system_messages == 0 => {
                return Err(Interrupted::AccessRefused);
            }
            Ok(Next::Closed) => break,
            Err(why) if heard.messages + heard.system_messages == 0 => return Err(why),
            Err(_) => break,
        }
        if heard.cut {
            break;
        }
    }
    heard.topics = topics.len() as u64;
    Ok(heard)
}
