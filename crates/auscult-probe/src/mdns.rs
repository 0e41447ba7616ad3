//! Asks one node by mDNS, alone and not the group, which kinds of service it announces, and at which ports.

use std::collections::BTreeSet;

use auscult_facts::mdns::{Announced, MdnsFacts};
use auscult_facts::{Interrupted, Subject};
use auscult_model::{Impact, Transport};
use auscult_wire::dns::{Answer, Data, IN, PTR, question};

use crate::bench::DATAGRAM;
use crate::service::clean;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Kinds of service of which the ports are asked for.
const KINDS: usize = 12;

/// How often one question is asked.
const TRIES: u32 = 2;

/// Longest kind that is kept.
const LONGEST: usize = 60;

/// Asks for an answer to this socket alone (RFC 6762, section 5.4).
const ALONE: u16 = IN | 0x8000;

/// The observer of mDNS responders.
#[derive(Debug)]
pub struct Mdns;

impl Observer for Mdns {
    type Facts = MdnsFacts;
    const NAME: &'static str = "mdns/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound { connections: 0, packets: (1 + KINDS as u64) * u64::from(TRIES) * DATAGRAM }
    }

    async fn look(bench: &NodeBench, subject: &Subject, _: &Errand) -> Result<MdnsFacts, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        if service.transport != Transport::Udp {
            return Err(Interrupted::BeyondInstrument);
        }
        let told = ask(bench, service.port, "_services._dns-sd._udp.local").await?;
        let kinds = kinds(&told);
        let mut services = Vec::new();
        for kind in kinds.iter().take(KINDS) {
            let told = match ask(bench, service.port, &format!("{kind}.local")).await {
                Ok(told) => told,
                // That an instance was not told leaves its port unknown, no more.
                Err(Interrupted::Silent | Interrupted::NotUnderstood) => Vec::new(),
                Err(why) => return Err(why),
            };
            services.push(Announced { kind: kind.clone(), ports: ports(&told, kind) });
        }
        Ok(MdnsFacts { services, more: kinds.len() > KINDS })
    }
}

async fn ask(
    bench: &NodeBench,
    port: u16,
    name: &str,
) -> Result<Vec<auscult_wire::dns::Record>, Interrupted> {
    let question = question(0, name, PTR, ALONE, false);
    bench
        .ask_datagram(port, Impact::Safe, TRIES, &question, |heard| {
            Answer::read(heard).ok().map(|a| a.records)
        })
        .await
}

/// Kinds of service, such as `_http._tcp`, in an answer to the question for all of them.
fn kinds(records: &[auscult_wire::dns::Record]) -> BTreeSet<String> {
    let name = |record: &auscult_wire::dns::Record| match &record.data {
        Data::Name(name) => clean(name.trim_end_matches(".local").as_bytes()),
        _ => None,
    };
    let right = |kind: &String| {
        let plain = kind.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
        plain && kind.len() <= LONGEST && (kind.ends_with("._tcp") || kind.ends_with("._udp"))
    };
    records.iter().filter(|r| r.name.starts_with("_services.")).filter_map(name).filter(right).collect()
}

/// Ports of the instances of a kind.
fn ports(records: &[auscult_wire::dns::Record], kind: &str) -> Vec<u16> {
    let of_kind = format!(".{kind}.local");
    let port = |record: &auscult_wire::dns::Record| match record.data {
        Data::Port(port) if record.name.ends_with(&of_kind) => Some(port),
        _ => None,
    };
    let all: BTreeSet<u16> = records.iter().filter_map(port).collect();
    all.into_iter().take(16).collect()
}

/// Reads a datagram as an answer for all kinds, and the ports of each, without asking.
pub fn read(heard: &[u8]) -> Vec<Announced> {
    let Ok(answer) = Answer::read(heard) else { return Vec::new() };
    let announced = |kind: String| Announced { ports: ports(&answer.records, &kind), kind };
    kinds(&answer.records).into_iter().take(KINDS).map(announced).collect()
}
