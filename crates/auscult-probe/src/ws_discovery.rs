//! Sends one node a probe of WS-Discovery and reads what it tells: types, and addresses in clear or inside TLS.

use auscult_facts::ws_discovery::WsDiscoveryFacts;
use auscult_facts::{Interrupted, Subject};
use auscult_model::{Impact, Transport};
use roxmltree::{Document, ParsingOptions};
use tokio::time::Instant;

use crate::bench::{DATAGRAM, Replies};
use crate::datagram::probe;
use crate::service::clean;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// How often the probe is sent.
const TRIES: u64 = 2;

/// Nodes of one answer that are read.
const NODES: u32 = 2048;

/// Types that are kept.
const TYPES: usize = 20;

/// The name of a medical device's type, in the name space of IEEE 11073-20702.
const MEDICAL: (&str, &str) = ("http://standards.ieee.org/downloads/11073/11073-20702-2016", "MedicalDevice");

/// The observer of WS-Discovery.
#[derive(Debug)]
pub struct WsDiscovery;

impl Observer for WsDiscovery {
    type Facts = WsDiscoveryFacts;
    const NAME: &'static str = "ws-discovery/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound { connections: 0, packets: TRIES * DATAGRAM }
    }

    async fn look(
        bench: &NodeBench,
        subject: &Subject,
        errand: &Errand,
    ) -> Result<WsDiscoveryFacts, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        if service.transport != Transport::Udp {
            return Err(Interrupted::BeyondInstrument);
        }
        for _ in 0..TRIES {
            let mut talk = bench.datagrams(service.port, Impact::Safe, Replies::FromNode).await?;
            talk.send(&probe(&errand.mark)).await?;
            let until = Instant::now() + bench.datagram_patience();
            let mut facts: Option<WsDiscoveryFacts> = None;
            loop {
                match talk.hear(until).await {
                    Ok(heard) => {
                        if let Some(more) = read(&String::from_utf8_lossy(&heard)) {
                            facts = Some(facts.map_or_else(|| more.clone(), |f| together(f, more.clone())));
                        }
                    }
                    Err(Interrupted::Silent) => break,
                    Err(why) => return Err(why),
                }
            }
            if let Some(facts) = facts {
                return Ok(facts);
            }
        }
        Err(Interrupted::Silent)
    }
}

fn together(mut all: WsDiscoveryFacts, more: WsDiscoveryFacts) -> WsDiscoveryFacts {
    all.matches = all.matches.saturating_add(more.matches);
    let room = TYPES.saturating_sub(all.types.len());
    all.types.extend(more.types.into_iter().take(room));
    all.medical |= more.medical;
    all.clear = all.clear.saturating_add(more.clear);
    all.protected = all.protected.saturating_add(more.protected);
    all
}

/// Reads the answer to a probe; `None` when it is none.
pub fn read(text: &str) -> Option<WsDiscoveryFacts> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).ok()?;
    let named = |name: &'static str| document.descendants().filter(move |n| n.tag_name().name() == name);
    named("ProbeMatches").next()?;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut facts = WsDiscoveryFacts {
        matches: count(named("ProbeMatch").count()),
        types: Default::default(),
        medical: false,
        clear: 0,
        protected: 0,
    };
    for list in named("Types") {
        for word in list.text().unwrap_or_default().split_whitespace().take(64) {
            let (prefix, local) = word.split_once(':').map_or((None, word), |(p, l)| (Some(p), l));
            facts.medical |= (list.lookup_namespace_uri(prefix), local) == (Some(MEDICAL.0), MEDICAL.1);
            if facts.types.len() < TYPES
                && let Some(local) = clean(local.as_bytes())
            {
                facts.types.insert(local.chars().take(60).collect());
            }
        }
    }
    for list in named("XAddrs") {
        let begins = |address: &&str, scheme: &str| {
            address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        let with = |scheme: &str| {
            let addresses = list.text().unwrap_or_default().split_whitespace();
            count(addresses.filter(|a| begins(a, scheme)).count())
        };
        facts.clear = facts.clear.saturating_add(with("http://"));
        facts.protected = facts.protected.saturating_add(with("https://"));
    }
    Some(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medical_device_is_known_by_its_name_space() {
        let answer = |space: &str| {
            format!(
                "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' \
                 xmlns:d='http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01' xmlns:m='{space}'><s:Body>\
                 <d:ProbeMatches><d:ProbeMatch><d:Types>m:MedicalDevice</d:Types>\
                 <d:XAddrs>https://192.0.2.7:6464/x http://192.0.2.7:6465/x</d:XAddrs>\
                 </d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
            )
        };
        let facts = read(&answer(MEDICAL.0)).unwrap();
        assert_eq!((facts.matches, facts.medical, facts.clear, facts.protected), (1, true, 1, 1));
        assert!(!read(&answer("urn:other")).unwrap().medical);
        assert_eq!(read("<a/>"), None);
    }
}
