//! Looks at a UPnP device: what it tells of itself, and whether anybody may map ports on it.
//!
//! A search is sent to the node alone. Its description and the lists of actions that map ports are read over HTTP,
//! from the node's own address and from nowhere else; no action is ever called.

use std::net::IpAddr;

use auscult_facts::ssdp::{Description, SsdpFacts};
use auscult_facts::{Answer, Interrupted, NotAsked, ServiceSubject, Subject};
use auscult_model::{Impact, Transport};
use roxmltree::{Document, Node, ParsingOptions};
use tokio::time::Instant;
use url::Url;

use crate::bench::{DATAGRAM, Replies};
use crate::datagram::{header, search};
use crate::http::Client;
use crate::service::clean;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// How often the search is sent.
const TRIES: u64 = 2;

/// Lists of actions that are read.
const LISTS: usize = 3;

/// Descriptions that are read.
const DESCRIPTIONS: usize = 3;

/// Descriptions that are told apart; there may be one for each device that stands in the node.
const LOCATIONS: usize = 8;

/// Pages that are read for one description: itself, and the actions of services.
const PAGES: u64 = 1 + LISTS as u64;

/// Packets that reading these may take.
const PACKETS: u64 = 1000;

/// Types that are kept.
const TYPES: usize = 24;

/// Nodes of a page that are read.
const NODES: u32 = 4096;

/// Services of a gateway that map ports.
const MAPPING: [&str; 3] = ["WANIPConnection", "WANPPPConnection", "WANIPv6FirewallControl"];

/// Actions that open a way in.
const OPENING: [&str; 3] = ["AddPortMapping", "AddAnyPortMapping", "AddPinhole"];

/// The observer of UPnP devices.
#[derive(Debug)]
pub struct Ssdp;

impl Observer for Ssdp {
    type Facts = SsdpFacts;
    const NAME: &'static str = "ssdp/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        let descriptions = DESCRIPTIONS as u64;
        Bound { connections: PAGES * descriptions, packets: TRIES * DATAGRAM + PACKETS * descriptions }
    }

    async fn look(bench: &NodeBench, subject: &Subject, _: &Errand) -> Result<SsdpFacts, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        if service.transport != Transport::Udp {
            return Err(Interrupted::BeyondInstrument);
        }
        let (answers, locations) = found(bench, service.port).await?;
        let mut facts = SsdpFacts { answers, unread: 0, description: Answer::NotAsked(NotAsked::NoOccasion) };
        for (n, location) in locations.iter().enumerate() {
            let here = place(location, bench.address()).filter(|_| n < DESCRIPTIONS);
            let Some((port, path)) = here else {
                facts.unread += 1;
                continue;
            };
            match (describe(bench, subject, port, &path).await, &mut facts.description) {
                (Ok(more), Answer::Seen(all)) => together(all, more),
                (Ok(first), nothing) => *nothing = Answer::Seen(first),
                (Err(why), nothing @ Answer::NotAsked(_)) => {
                    *nothing = Answer::Interrupted(why);
                    facts.unread += 1;
                }
                (Err(_), _) => facts.unread += 1,
            }
        }
        Ok(facts)
    }
}

/// Adds one more description to what was read before.
fn together(all: &mut Description, more: Description) {
    for kind in more.types {
        if all.types.len() < TYPES && !all.types.contains(&kind) {
            all.types.push(kind);
        }
    }
    all.serial_told |= more.serial_told;
    let mapping = std::mem::replace(&mut all.port_mapping, Answer::NotAsked(NotAsked::NoOccasion));
    all.port_mapping = worse(mapping, more.port_mapping);
}

/// One service that offers it decides; one that could not be read leaves it open.
fn worse(one: Answer<bool>, other: Answer<bool>) -> Answer<bool> {
    let rank = |answer: &Answer<bool>| match answer {
        Answer::Seen(true) => 3,
        Answer::Interrupted(_) => 2,
        Answer::Seen(false) => 1,
        Answer::NotAsked(_) => 0,
    };
    if rank(&other) > rank(&one) { other } else { one }
}

/// Searches twice, because a lost answer would hide a device; gives how many answers came and the descriptions told.
async fn found(bench: &NodeBench, port: u16) -> Result<(u32, Vec<String>), Interrupted> {
    let (mut answers, mut locations) = (0u32, Vec::new());
    for _ in 0..TRIES {
        let mut talk = bench.datagrams(port, Impact::Safe, Replies::FromNode).await?;
        talk.send(&search(bench.address(), port)).await?;
        let until = Instant::now() + bench.datagram_patience();
        loop {
            match talk.hear(until).await {
                Ok(heard) => {
                    let text = String::from_utf8_lossy(&heard);
                    if text.starts_with("HTTP/1.1 200") {
                        answers = answers.saturating_add(1);
                        let told = header(&text, "location").unwrap_or_default();
                        if locations.len() < LOCATIONS && !locations.iter().any(|l| l == told) {
                            locations.push(told.to_owned());
                        }
                    }
                }
                Err(Interrupted::Silent) => break,
                Err(why) => return Err(why),
            }
        }
    }
    if answers > 0 { Ok((answers, locations)) } else { Err(Interrupted::Silent) }
}

/// Port and path of an address that lies on the node itself.
fn place(location: &str, address: IpAddr) -> Option<(u16, String)> {
    let url = Url::parse(location).ok()?;
    let host: IpAddr = url.host_str()?.trim_matches(['[', ']']).parse().ok()?;
    let same = host == address && url.scheme() == "http";
    let port = url.port_or_known_default().filter(|p| *p != 0)?;
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    (same && path.len() <= 512).then_some((port, path))
}

async fn describe(
    bench: &NodeBench,
    subject: &Subject,
    port: u16,
    path: &str,
) -> Result<Description, Interrupted> {
    // The web server of the description is a place of its own on the same node.
    let web = Subject {
        host_names: Vec::new(),
        service: Some(ServiceSubject {
            name: "description".into(),
            port,
            transport: Transport::Tcp,
            declared: None,
            recognised: Some("http".to_owned()),
            tls_seen: Some(false),
            flows: Vec::new(),
            pages: Vec::new(),
        }),
        ..subject.clone()
    };
    let mut client = Client::new(bench, &web, Bound { connections: PAGES, packets: PACKETS })?;
    let page = client.get(path).await?;
    let (mut description, lists) = read(&page.text()).ok_or(Interrupted::NotUnderstood)?;
    for list in &lists {
        let offered = match list_here(list, bench.address(), port, path) {
            None => Answer::NotAsked(NotAsked::NoOccasion),
            Some(path) => match client.get(&path).await {
                Ok(page) => offers_mapping(&page.text())
                    .map_or(Answer::Interrupted(Interrupted::NotUnderstood), Answer::Seen),
                Err(why) => Answer::Interrupted(why),
            },
        };
        let before = std::mem::replace(&mut description.port_mapping, Answer::NotAsked(NotAsked::NoOccasion));
        // A service that maps ports and whose list lies elsewhere leaves it open too.
        let offered = match offered {
            Answer::NotAsked(_) => Answer::Interrupted(Interrupted::BeyondInstrument),
            offered => offered,
        };
        description.port_mapping = worse(before, offered);
    }
    Ok(description)
}

/// Path of a list of actions, where it lies beside its description.
fn list_here(list: &str, address: IpAddr, port: u16, page: &str) -> Option<String> {
    if list.contains("://") {
        return place(list, address).filter(|(p, _)| *p == port).map(|(_, path)| path);
    }
    let base = Url::parse(&format!("http://node:{port}{page}")).ok()?;
    let url = base.join(list).ok()?;
    let here = url.host_str() == Some("node") && url.port_or_known_default() == Some(port);
    (here && url.path().len() <= 512).then(|| url.path().to_owned())
}

fn document(text: &str) -> Option<Document<'_>> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).ok()
}

/// Reads a description: what is kept of it, and where the actions of services that map ports are listed.
pub fn read(text: &str) -> Option<(Description, Vec<String>)> {
    let document = document(text)?;
    let named = |name: &'static str| {
        document.descendants().filter(move |n| n.is_element() && n.tag_name().name() == name)
    };
    let kept = |node: Node<'_, '_>| {
        let text = node.text()?;
        // urn:schemas-upnp-org:service:WANIPConnection:1
        let short = text.trim().splitn(4, ':').nth(3).unwrap_or(text);
        clean(short.as_bytes()).map(|t| t.chars().take(60).collect::<String>())
    };
    let maps = |service: &Node<'_, '_>| {
        let of = child(*service, "serviceType").unwrap_or_default();
        MAPPING.iter().any(|name| of.contains(name))
    };
    let services: Vec<Node<'_, '_>> = named("service").filter(maps).take(LISTS).collect();
    // Those that map ports first, so that none of them is cut off.
    let first = services.iter().flat_map(|s| s.children().filter(|n| n.tag_name().name() == "serviceType"));
    let mut types: Vec<String> = Vec::new();
    for kind in first.chain(named("deviceType")).chain(named("serviceType")).filter_map(kept) {
        if types.len() < TYPES && !types.contains(&kind) {
            types.push(kind);
        }
    }
    if types.is_empty() {
        return None;
    }
    let list = |service: &Node<'_, '_>| child(*service, "SCPDURL").unwrap_or_default().trim().to_owned();
    let lists = services.iter().map(list).collect();
    let serial_told = named("serialNumber").any(|n| n.text().is_some_and(|t| !t.trim().is_empty()));
    let port_mapping = Answer::NotAsked(NotAsked::NoOccasion);
    Some((Description { types, serial_told, port_mapping }, lists))
}

fn child<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.children().find(|n| n.tag_name().name() == name)?.text()
}

/// Whether a list of actions holds one that opens a way in; `None` when it is no such list.
pub fn offers_mapping(text: &str) -> Option<bool> {
    let document = document(text)?;
    let mut actions = document.descendants().filter(|n| n.tag_name().name() == "action").peekable();
    actions.peek()?;
    let opens = |n: Node<'_, '_>| child(n, "name").is_some_and(|name| OPENING.contains(&name.trim()));
    Some(actions.any(opens))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_nodes_own_address_is_a_place_to_read() {
        let at: IpAddr = "192.0.2.7".parse().unwrap();
        assert_eq!(place("http://192.0.2.7:5000/d.xml?x=1", at), Some((5000, "/d.xml?x=1".to_owned())));
        for other in [
            "http://192.0.2.8/d.xml",
            "https://192.0.2.7/",
            "http://evil.test/",
            "file:///etc/passwd",
            "",
            "http://192.0.2.7:0/",
        ] {
            assert_eq!(place(other, at), None, "{other}");
        }
    }

    #[test]
    fn a_description_with_a_document_type_is_not_read() {
        assert!(read("<!DOCTYPE a [<!ENTITY b 'c'>]><root><deviceType>x</deviceType></root>").is_none());
        assert!(read("not xml").is_none());
        assert_eq!(offers_mapping("<scpd/>"), None);
    }
}
