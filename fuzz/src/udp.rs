//! What comes in datagrams: SNMP, DNS, CoAP, DTLS, and the answers by which a service over UDP is recognised.

use auscult_probe::{datagram, mdns, ssdp, ws_discovery};
use auscult_wire::{coap, dns, snmp, tls};

use crate::assert_tame;

/// A message of SNMP; what it holds is no more than what came.
pub fn snmp(bytes: &[u8]) {
    let Ok(message) = snmp::Message::read(bytes) else { return };
    let octets = |value: &snmp::Value| match value {
        snmp::Value::Octets(text) => text.len(),
        _ => 0,
    };
    let held: usize = message.bindings.iter().map(|b| octets(&b.value)).sum();
    let engine = message.engine.as_ref().map_or(0, |e| e.id.len());
    assert!(held + engine + message.community.len() <= bytes.len());
    let (Ok(id), [binding]) = (u32::try_from(message.id), message.bindings.as_slice()) else { return };
    if id < 1 << 31 && binding.name.len() >= 2 && message.version == snmp::Version::V2c {
        let again = snmp::Message::read(&snmp::get(message.version, &message.community, id, &binding.name));
        let again = again.expect("what was read can be written");
        assert_eq!(
            (again.id, &again.community, &again.bindings[0].name),
            (message.id, &message.community, &binding.name)
        );
    }
}

/// An answer of DNS; names and texts are bounded.
pub fn dns(bytes: &[u8]) {
    let Ok(answer) = dns::Answer::read(bytes) else { return };
    assert!(answer.records.len() <= 256 && answer.records.len() * 11 <= bytes.len());
    for record in &answer.records {
        assert!(record.name.len() <= 1024);
        match &record.data {
            dns::Data::Name(name) => assert!(name.len() <= 1024),
            dns::Data::Text(text) => assert!(text.len() <= bytes.len()),
            dns::Data::Port(_) => assert_eq!(record.kind, dns::SRV),
            dns::Data::Other(length) => assert!(*length <= bytes.len()),
        }
    }
}

/// A message of CoAP, and its payload as a list of links.
pub fn coap(bytes: &[u8]) {
    for link in coap::links(bytes, 20) {
        assert_tame(&link.path, 200);
    }
    let Ok(message) = coap::Message::read(bytes) else { return };
    assert!(message.payload.len() + message.token.len() + 4 <= bytes.len());
}

/// A datagram of a DTLS server.
pub fn dtls(bytes: &[u8]) {
    let Some(answer) = tls::DtlsAnswer::read(bytes) else { return };
    assert!(answer.cookie.is_some() || answer.hello.is_some() || answer.alert.is_some());
    assert!(answer.cookie.map_or(0, |c| c.len()) <= 255);
}

/// The answer to every request of recognition over UDP.
pub fn datagram(heard: &[u8]) {
    for reading in datagram::read(heard) {
        if let Some(product) = &reading.product {
            assert_tame(product, 120);
            assert!(!product.is_empty() && reading.protocol.is_some());
        }
        assert!(!heard.is_empty() || reading.protocol.is_none(), "{reading:?}");
    }
}

/// Descriptions of UPnP, lists of actions, answers of WS-Discovery and of mDNS.
pub fn discovery(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some((description, lists)) = ssdp::read(&text) {
        assert!(description.types.len() <= 24 && lists.len() <= 3);
        description.types.iter().for_each(|t| assert_tame(t, 60));
    }
    let _ = ssdp::offers_mapping(&text);
    if let Some(facts) = ws_discovery::read(&text) {
        assert!(facts.types.len() <= 20);
        facts.types.iter().for_each(|t| assert_tame(t, 60));
    }
    for announced in mdns::read(bytes) {
        assert_tame(&announced.kind, 60);
        assert!(announced.ports.len() <= 16);
    }
}
