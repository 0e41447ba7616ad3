//! Looks at a DNS server over UDP: whether it asks others for strangers, and whether it tells its version.
//!
//! The name that is asked for cannot exist (RFC 6761): a server that asks others for it learns that at the root.

use auscult_facts::dns::{DnsFacts, Recursion};
use auscult_facts::{Answer, Interrupted, Subject};
use auscult_model::{Impact, Transport};
use auscult_wire::dns::{self, Data};

use crate::bench::DATAGRAM;
use crate::datagram::number;
use crate::service::clean;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// How often each question is asked.
const TRIES: u32 = 2;

/// The observer of DNS servers.
#[derive(Debug)]
pub struct Dns;

impl Observer for Dns {
    type Facts = DnsFacts;
    const NAME: &'static str = "dns/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound { connections: 0, packets: 2 * u64::from(TRIES) * DATAGRAM }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<DnsFacts, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        if service.transport != Transport::Udp {
            return Err(Interrupted::BeyondInstrument);
        }
        let id = u16::try_from(number(&errand.mark) & 0x7fff).unwrap_or(1);
        let name = format!("{}.invalid", errand.mark);
        let recursion = ask(bench, service.port, id, &name, dns::A, dns::IN, true, |answer| Recursion {
            code: answer.code,
            available: answer.recursion_available,
        })
        .await?;
        let version = ask(bench, service.port, id + 1, "version.bind", dns::TXT, dns::CH, false, |answer| {
            answer.records.iter().find_map(|record| match &record.data {
                Data::Text(text) if record.class == dns::CH => clean(text),
                _ => None,
            })
        })
        .await?;
        let seen = recursion.seen().is_some() || version.seen().is_some();
        if seen { Ok(DnsFacts { recursion, version }) } else { Err(Interrupted::Silent) }
    }
}

#[expect(clippy::too_many_arguments, reason = "they are the fields of one question")]
async fn ask<T>(
    bench: &NodeBench,
    port: u16,
    id: u16,
    name: &str,
    kind: u16,
    class: u16,
    recurse: bool,
    read: impl Fn(&dns::Answer) -> T,
) -> Result<Answer<T>, Interrupted> {
    let question = dns::question(id, name, kind, class, recurse);
    let asked = bench
        .ask_datagram(port, Impact::Safe, TRIES, &question, |heard| {
            dns::Answer::read(heard).ok().filter(|a| a.id == id).map(|a| read(&a))
        })
        .await;
    match asked {
        Ok(seen) => Ok(Answer::Seen(seen)),
        Err(why @ (Interrupted::Silent | Interrupted::NotUnderstood)) => Ok(Answer::Interrupted(why)),
        Err(why) => Err(why),
    }
}
