//! Looks at servers of Modbus TCP and OPC UA as a stranger; everything asked is read, and nothing can be written.

use auscult_facts::entry::Entry;
use auscult_facts::industrial::{Endpoints, IndustrialFacts};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_wire::industrial::modbus::{self, Question, Reply};
use auscult_wire::industrial::opcua::{self, Chunk};
use auscult_wire::store::MAX_ANSWER;

use crate::http::origin::Origin;
use crate::mqtt::door::{OPENING_PACKETS, Shut, Talk, answer, inside_tls};
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Packets that the conversation may cost after it is opened.
const ALLOWANCE: u64 = 400;

/// What the last read and the goodbye may add to the allowance.
const SLACK: u64 = 30;

/// What is asked of Modbus, and at which unit: the device itself, and the first one behind it.
const ASKED: [(u8, Question); 3] =
    [(255, Question::Identification), (1, Question::Identification), (1, Question::Register)];

/// The observer of industrial servers.
#[derive(Debug)]
pub struct Industrial;

impl Observer for Industrial {
    type Facts = IndustrialFacts;
    const NAME: &'static str = "industrial/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound { connections: 1, packets: OPENING_PACKETS + ALLOWANCE + SLACK }
    }

    async fn look(bench: &NodeBench, subject: &Subject, _: &Errand) -> Result<IndustrialFacts, Interrupted> {
        let protocol = subject.service.as_ref().and_then(|s| s.protocol()).unwrap_or_default();
        let mut facts = IndustrialFacts {
            protocol: protocol.to_owned(),
            tls: inside_tls(subject),
            client_certificate_demanded: false,
            in_clear: Answer::NotAsked(NotAsked::NoOccasion),
            inside_tls: Answer::NotAsked(NotAsked::NoOccasion),
            endpoints: Answer::NotAsked(NotAsked::NoOccasion),
        };
        let mut talk = match Talk::open(bench, subject, Impact::Safe, ALLOWANCE).await {
            Err(Shut::Other(why)) => return Err(why),
            Err(Shut::CertificateDemanded) => {
                facts.client_certificate_demanded = true;
                return Ok(facts);
            }
            Ok(talk) => talk,
        };
        let entry = if protocol == "opcua" {
            let url = opcua_url(bench, subject)?;
            let seen = endpoints(&mut talk, &url).await;
            facts.endpoints = answer(seen);
            seen.map(|seen| if seen.anonymous > 0 { Entry::Open } else { Entry::LoginDemanded })
        } else {
            registers(&mut talk).await
        };
        talk.close().await;
        let entry = answer(entry);
        if facts.tls {
            facts.inside_tls = entry;
        } else {
            facts.in_clear = entry;
        }
        match facts.ways().trouble() {
            Some(why) => Err(why),
            None => Ok(facts),
        }
    }
}

/// Asks a Modbus server who it is, and for one register where it does not say.
async fn registers(talk: &mut Talk) -> Result<Entry, Interrupted> {
    let mut held = Vec::new();
    for (transaction, (unit, question)) in (1u16..).zip(ASKED) {
        talk.send(&modbus::request(transaction, unit, question)).await?;
        match talk.whole(&mut held, |bytes| modbus::reply(bytes, transaction, question)).await {
            Ok(Reply::Given) => return Ok(Entry::Open),
            // A function, an address or a unit that it does not have: it was not asked who we are.
            Ok(Reply::Exception(_)) => {}
            Err(why) if transaction == 1 => return Err(why),
            Err(Interrupted::TimedOut | Interrupted::AccessRefused) => break,
            Err(why) => return Err(why),
        }
    }
    Ok(Entry::Unclear)
}

fn opcua_url(bench: &NodeBench, subject: &Subject) -> Result<String, Interrupted> {
    let port = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?.port;
    let authority = Origin::of(subject, bench.address())?.authority();
    let host = authority.strip_suffix(&format!(":{port}")).unwrap_or(&authority);
    Ok(format!("opc.tcp://{host}:{port}"))
}

/// Opens a channel without security, as every client does to learn what is offered, and asks for the endpoints.
async fn endpoints(talk: &mut Talk, url: &str) -> Result<Endpoints, Interrupted> {
    let mut held = Vec::new();
    talk.send(&opcua::hello(url)).await?;
    match talk.whole(&mut held, opcua::chunk).await? {
        Chunk::Acknowledge => {}
        Chunk::Error(_) => return Err(Interrupted::AccessRefused),
        _ => return Err(Interrupted::NotUnderstood),
    }
    talk.send(&opcua::open()).await?;
    let channel = match talk.whole(&mut held, opcua::chunk).await? {
        Chunk::Open(body) => opcua::opened(&body).map_err(|_| Interrupted::NotUnderstood)?,
        Chunk::Error(_) => return Err(Interrupted::AccessRefused),
        _ => return Err(Interrupted::NotUnderstood),
    };
    talk.send(&opcua::endpoints(channel, url)).await?;
    let mut body = Vec::new();
    loop {
        match talk.whole(&mut held, opcua::chunk).await? {
            Chunk::Message(part, last) => {
                body.extend(part);
                if last {
                    break;
                }
                if body.len() > MAX_ANSWER {
                    return Err(Interrupted::NotUnderstood);
                }
            }
            Chunk::Error(_) => return Err(Interrupted::AccessRefused),
            _ => return Err(Interrupted::NotUnderstood),
        }
    }
    let seen = opcua::offered(&body).map_err(|_| Interrupted::NotUnderstood)?;
    if seen.all == 0 {
        return Err(Interrupted::NotUnderstood);
    }
    let opcua::Endpoints { all, none, sign, encrypt, anonymous } = seen;
    Ok(Endpoints { all, none, sign, encrypt, anonymous })
}
