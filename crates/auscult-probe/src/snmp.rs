//! Looks at an SNMP agent as somebody who has no credentials.
//!
//! Only the text with which an agent describes itself is read, and nothing is ever set. At safe that is a discovery of
//! version 3 and the community name `public`; at intrusive also two other usual names and one that nobody can know,
//! and one user of version 3 without a password.

use auscult_facts::snmp::{Asked, Community, Engine, Reply, SnmpFacts, Version};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::{Impact, Transport};
use auscult_wire::snmp::{self, Kind, Message, SYS_DESCR, Value};

use crate::bench::DATAGRAM;
use crate::datagram::number;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// How often a question is asked that must be told apart from a lost datagram.
const TRIES: u32 = 2;

/// The user that many agents are shipped with.
const USER: &[u8] = b"initial";

/// Names that are tried at intrusive.
const ROUGH: [Community; 3] = [Community::Private, Community::Admin, Community::MadeUp];

/// The observer of SNMP agents.
#[derive(Debug)]
pub struct Snmp;

impl Observer for Snmp {
    type Facts = SnmpFacts;
    const NAME: &'static str = "snmp/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, allowed: Impact) -> Bound {
        // Discovery and `public` in both versions; the other names in both, and the user.
        let rough = if allowed >= Impact::Intrusive { ROUGH.len() as u64 * 2 + u64::from(TRIES) } else { 0 };
        Bound { connections: 0, packets: (3 * u64::from(TRIES) + rough) * DATAGRAM }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<SnmpFacts, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        if service.transport != Transport::Udp {
            return Err(Interrupted::BeyondInstrument);
        }
        let mut agent = Agent { bench, port: service.port, mark: &errand.mark, id: number(&errand.mark) };
        let found = agent.discover().await;
        if let Err(why) = found
            && !matches!(why, Interrupted::Silent | Interrupted::NotUnderstood)
        {
            return Err(why);
        }
        let mut communities = Vec::new();
        for version in [Version::V2c, Version::V1] {
            communities.push(agent.community(version, Community::Public, TRIES).await);
        }
        let rough = bench.allowed() >= Impact::Intrusive;
        let mut unauthenticated = Answer::NotAsked(NotAsked::Impact);
        if rough {
            for community in ROUGH {
                for version in [Version::V2c, Version::V1] {
                    communities.push(agent.community(version, community, 1).await);
                }
            }
            unauthenticated = match &found {
                Ok(engine) => answer(agent.user(engine).await),
                Err(_) => Answer::NotAsked(NotAsked::NoOccasion),
            };
        }
        let discovery = answer(found.map(|e| Engine { enterprise: e.enterprise(), boots: e.boots }));
        let facts = SnmpFacts { communities, discovery, unauthenticated };
        match (facts.answers(), facts.broken()) {
            (true, _) => Ok(facts),
            (false, Some(why)) => Err(why),
            (false, None) => Err(Interrupted::Silent),
        }
    }
}

fn answer<T>(asked: Result<T, Interrupted>) -> Answer<T> {
    match asked {
        Ok(seen) => Answer::Seen(seen),
        Err(why) => Answer::Interrupted(why),
    }
}

struct Agent<'a> {
    bench: &'a NodeBench,
    port: u16,
    mark: &'a str,
    id: u32,
}

impl Agent<'_> {
    fn next(&mut self) -> u32 {
        self.id = self.id.wrapping_add(1) & 0x7fff_ffff;
        self.id
    }

    async fn discover(&mut self) -> Result<snmp::Engine, Interrupted> {
        let id = self.next();
        let question = snmp::get_v3(&snmp::Engine::default(), b"", id, None);
        self.bench
            .ask_datagram(self.port, Impact::Safe, TRIES, &question, |heard| {
                let message = answers(heard, id)?;
                message.engine.filter(|e| !e.id.is_empty())
            })
            .await
    }

    async fn community(&mut self, version: Version, community: Community, tries: u32) -> Asked {
        let id = self.next();
        let wire = match version {
            Version::V1 => snmp::Version::V1,
            Version::V2c => snmp::Version::V2c,
        };
        let name = match community {
            Community::MadeUp => format!("auscult-{}", self.mark),
            usual => usual.word().to_owned(),
        };
        let step = if community == Community::Public { Impact::Safe } else { Impact::Intrusive };
        let question = snmp::get(wire, name.as_bytes(), id, SYS_DESCR);
        let asked = self
            .bench
            .ask_datagram(self.port, step, tries, &question, |heard| {
                answers(heard, id).filter(|m| m.version == wire).map(|m| reply(&m))
            })
            .await;
        Asked { version, community, answer: answer(asked) }
    }

    async fn user(&mut self, engine: &snmp::Engine) -> Result<Reply, Interrupted> {
        let id = self.next();
        let question = snmp::get_v3(engine, USER, id, Some(SYS_DESCR));
        self.bench
            .ask_datagram(self.port, Impact::Intrusive, TRIES, &question, |heard| {
                answers(heard, id).map(|m| reply(&m))
            })
            .await
    }
}

/// The answer to the question with that number.
fn answers(heard: &[u8], id: u32) -> Option<Message> {
    let message = Message::read(heard).ok()?;
    (message.id == u64::from(id) && !matches!(message.kind, Kind::Other(_))).then_some(message)
}

fn reply(message: &Message) -> Reply {
    let told = message.bindings.iter().find(|b| b.name == SYS_DESCR);
    match (message.kind, message.error, told) {
        (Kind::Report, _, _) => Reply::Report,
        (_, 0, Some(binding)) if matches!(binding.value, Value::Octets(_)) => Reply::Value,
        (_, 0, _) => Reply::NoValue,
        (_, status, _) => Reply::Error { status },
    }
}
