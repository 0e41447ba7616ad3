//! The requests by which a service over UDP is recognised, and what proves the answer to be one.

use std::net::IpAddr;

use auscult_wire::{coap, dns, ntp, snmp, tftp};

use super::number;
use crate::bench::Replies;
use crate::service::clean;

/// A request of one protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Dns,
    Tftp,
    Ntp,
    SnmpV3,
    SnmpV2c,
    SnmpV1,
    Ssdp,
    WsDiscovery,
    Mdns,
    Coap,
    Dtls,
}

use Question::*;

/// What a request needs to know.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) address: IpAddr,
    pub(super) port: u16,
    pub(super) mark: &'a str,
}

/// What an answer proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) word: &'static str,
    pub(super) product: Option<String>,
}

impl Question {
    /// Version 3 of SNMP before the older ones: it needs no community name.
    pub(super) const ALL: [Self; 11] =
        [Dns, SnmpV3, SnmpV2c, SnmpV1, Coap, Dtls, Ntp, Mdns, Ssdp, WsDiscovery, Tftp];

    /// Its name in facts.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Dns => "dns-query",
            Tftp => "tftp-read",
            Ntp => "ntp-client",
            SnmpV3 => "snmp-v3-discovery",
            SnmpV2c => "snmp-v2c-get",
            SnmpV1 => "snmp-v1-get",
            Ssdp => "ssdp-search",
            WsDiscovery => "ws-discovery-probe",
            Mdns => "mdns-services",
            Coap => "coap-core",
            Dtls => "dtls-hello",
        }
    }

    /// The protocol that it speaks.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Dns => "dns",
            Tftp => "tftp",
            Ntp => "ntp",
            SnmpV3 | SnmpV2c | SnmpV1 => "snmp",
            Ssdp => "ssdp",
            WsDiscovery => "ws-discovery",
            Mdns => "mdns",
            Coap => "coap",
            Dtls => "dtls",
        }
    }

    /// Where its answers may come from.
    pub(super) const fn replies(self) -> Replies {
        match self {
            Tftp | Ssdp | WsDiscovery => Replies::FromNode,
            Dns | Ntp | SnmpV3 | SnmpV2c | SnmpV1 | Mdns | Coap | Dtls => Replies::FromPort,
        }
    }

    /// What is sent; empty where the request is not a message of its own.
    pub(super) fn bytes(self, call: &Call<'_>) -> Vec<u8> {
        let number = number(call.mark);
        let [_, _, high, low] = number.to_be_bytes();
        let id = u16::from_be_bytes([high, low]);
        match self {
            // A name that cannot exist (RFC 6761), and no wish that others be asked.
            Dns => dns::question(id, &format!("{}.invalid", call.mark), dns::A, dns::IN, false),
            Tftp => tftp::read_request(&format!("auscult-{}", call.mark)),
            Ntp => ntp::client(u64::from(number)),
            SnmpV3 => snmp::get_v3(&snmp::Engine::default(), b"", number, None),
            SnmpV2c => snmp::get(snmp::Version::V2c, b"public", number, snmp::SYS_DESCR),
            SnmpV1 => snmp::get(snmp::Version::V1, b"public", number, snmp::SYS_DESCR),
            Ssdp => search(call.address, call.port),
            WsDiscovery => probe(call.mark),
            Mdns => mdns_services(),
            Coap => coap::get(id, &number.to_be_bytes(), "/.well-known/core", true),
            Dtls => Vec::new(),
        }
    }

    /// What an answer proves; `None` when it is no answer to this request.
    pub(super) fn tell(self, sent: &[u8], heard: &[u8]) -> Option<Told> {
        let told = |word| Some(Told { word, product: None });
        match self {
            Dns => {
                let answer = dns::Answer::read(heard).ok()?;
                (Some(&answer.id.to_be_bytes()[..]) == sent.get(..2)).then_some(())?;
                told("dns")
            }
            Mdns => {
                dns::Answer::read(heard).ok()?;
                told("mdns")
            }
            Tftp => tftp::answer(heard).and_then(|_| told("tftp")),
            Ntp => {
                let time = ntp::time(heard)?;
                (sent.get(40..) == Some(&time.origin.to_be_bytes()[..])).then_some(())?;
                told("ntp")
            }
            SnmpV3 | SnmpV2c | SnmpV1 => {
                let (asked, answer) = (snmp::Message::read(sent).ok()?, snmp::Message::read(heard).ok()?);
                let answers = matches!(answer.kind, snmp::Kind::Response | snmp::Kind::Report);
                (answers && asked.id == answer.id).then_some(())?;
                let product = answer.bindings.iter().find_map(|b| match &b.value {
                    snmp::Value::Octets(text) if b.name == snmp::SYS_DESCR => clean(text),
                    _ => None,
                });
                Some(Told { word: "snmp", product })
            }
            Ssdp => {
                let text = String::from_utf8_lossy(heard);
                (text.starts_with("HTTP/1.1 200") && header(&text, "st").is_some()).then_some(())?;
                Some(Told {
                    word: "ssdp",
                    product: header(&text, "server").and_then(|s| clean(s.as_bytes())),
                })
            }
            WsDiscovery => {
                let text = String::from_utf8_lossy(heard);
                (text.contains("ProbeMatches") && text.contains("discovery")).then_some(())?;
                told("ws-discovery")
            }
            Coap => {
                let (asked, answer) = (coap::Message::read(sent).ok()?, coap::Message::read(heard).ok()?);
                let empty = answer.kind >= 2 && answer.code == 0 && asked.id == answer.id;
                let carried = answer.code >= 0x40 && answer.token == asked.token;
                (empty || carried).then_some(())?;
                told("coap")
            }
            Dtls => None,
        }
    }
}

/// A header's value in a message that looks like one of HTTP; the name in lower case.
pub(crate) fn header<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().take(64).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// A search of SSDP, sent to one node and not to the group (UPnP Device Architecture 1.1, section 1.3.2).
pub(crate) fn search(address: IpAddr, port: u16) -> Vec<u8> {
    let host = match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    };
    format!(
        "M-SEARCH * HTTP/1.1\r\nHOST: {host}:{port}\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n"
    )
    .into_bytes()
}

/// The question of mDNS for every kind of service, with the wish to be answered alone.
fn mdns_services() -> Vec<u8> {
    // The upper bit of the class asks for an answer to this socket only (RFC 6762, section 5.4).
    dns::question(0, "_services._dns-sd._udp.local", dns::PTR, dns::IN | 0x8000, false)
}

/// A probe of WS-Discovery for anything.
pub(crate) fn probe(mark: &str) -> Vec<u8> {
    let id = format!("urn:uuid:a05c0171-0000-4000-8000-0000{mark:0>8.8}");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" \
         xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" \
         xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\">\
         <s:Header><a:MessageID>{id}</a:MessageID>\
         <a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>\
         <a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action></s:Header>\
         <s:Body><d:Probe/></s:Body></s:Envelope>"
    )
    .into_bytes()
}

/// What bytes show as the answer to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Name of the request.
    pub asked: &'static str,
    /// Protocol that the answer proves.
    pub protocol: Option<&'static str>,
    /// Product as it states it, at most 120 characters.
    pub product: Option<String>,
}

/// Reads bytes as the answer to every request that there is, without asking.
pub fn read(heard: &[u8]) -> Vec<Reading> {
    let call = Call { address: IpAddr::from([127, 0, 0, 1]), port: 1, mark: "auscult0" };
    let read = |question: Question| {
        let told = question.tell(&question.bytes(&call), heard);
        Reading {
            asked: question.name(),
            protocol: told.as_ref().map(|t| t.word),
            product: told.and_then(|t| t.product),
        }
    };
    Question::ALL.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Call<'_> =
        Call { address: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), port: 1900, mark: "0123abcd" };

    #[test]
    fn no_request_proves_itself_and_each_fits_one_packet() {
        for question in Question::ALL {
            let sent = question.bytes(&CALL);
            assert!(sent.len() < 1000, "{question:?}");
            assert_eq!(question.tell(&sent, &sent), None, "{question:?}: an echo is no answer");
        }
    }

    #[test]
    fn answers_of_others_are_not_taken_for_ours() {
        let sent = Question::Dns.bytes(&CALL);
        let mut answer = sent.clone();
        answer[2] = 0x80;
        assert_eq!(Question::Dns.tell(&sent, &answer).map(|t| t.word), Some("dns"));
        answer[0] ^= 1;
        assert_eq!(Question::Dns.tell(&sent, &answer), None);
        let ssdp = b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nServer: Linux UPnP/1.0 x/1\x1b\r\n\r\n";
        let told = Question::Ssdp.tell(b"", ssdp).unwrap();
        assert_eq!((told.word, told.product.as_deref()), ("ssdp", Some("Linux UPnP/1.0 x/1")));
        assert_eq!(Question::Ssdp.tell(b"", b"HTTP/1.1 200 OK\r\n\r\n"), None);
    }
}
