//! What the observers read: answers of brokers, receivers and web servers, certificates, greetings.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use auscult_facts::console::Gate;
use auscult_facts::mqtt::Version;
use auscult_facts::pages::{Form, Said};
use auscult_facts::tls::{Path, StapleSigned};
use auscult_facts::{Answer, Subject};
use auscult_model::scenario::PageKind;
use auscult_probe::http::Answered;
use auscult_probe::mqtt::{Packet, Packets};
use auscult_probe::{
    console as interface, dicomweb as dicomweb_service, fhir as fhir_api, hl7 as receiver, http as web,
    pages as makers, security_txt as contact, smart as authority,
};
use auscult_probe::{service as recognition, tls};
use auscult_wire::mllp::{Frames, frame};
use auscult_wire::ocsp::{Response, read as read_ocsp};
use serde_json::{json, to_value};

use crate::{assert_tame, assert_tame_facts, piece};

/// Packets of a broker in both versions; whole and in pieces they must say the same.
pub fn mqtt(bytes: &[u8]) {
    for version in [Version::V311, Version::V5] {
        let (mut whole, mut heard) = (Packets::new(version), Vec::new());
        let at_once = whole.take(bytes, &mut heard);
        let (mut pieces, mut again) = (Packets::new(version), Vec::new());
        let in_pieces = bytes.chunks(piece(bytes)).try_for_each(|piece| pieces.take(piece, &mut again));
        assert_eq!(at_once, in_pieces, "{version:?}");
        assert_eq!(heard, again, "{version:?}");
        let kept = heard.iter().map(|packet| match packet {
            Packet::Publish { topic, payload } => topic.len() + payload.len() + 4,
            Packet::Suback(codes) => codes.len() + 4,
            _ => 2,
        });
        assert!(kept.sum::<usize>() <= bytes.len());
    }
}

/// An acknowledgement of HL7.
pub fn hl7(message: &[u8]) {
    let read = receiver::read(message, "abcd1234");
    if let Ok(Some(reply)) = &read {
        let told = serde_json::to_string(reply).expect("facts can always be written");
        assert!(told.len() <= 200, "kinds, never contents: {told}");
    }
    if !message.windows(2).any(|w| w == [0x1c, b'\r']) {
        let framed = Frames::default().take(&frame(message));
        let framed = framed.expect("a frame is a frame").expect("a whole frame is whole");
        assert_eq!(receiver::read(&framed, "abcd1234"), read);
    }
}

/// A stapled status and a list of revoked certificates; nobody has signed it, so that it decides nothing.
pub fn ocsp(bytes: &[u8]) {
    let chain = [include_bytes!("../data/leaf.der").to_vec(), include_bytes!("../data/middle.der").to_vec()];
    let anchors = [include_bytes!("../data/root.der").to_vec()];
    let lists = [bytes.to_vec()];
    let authorities = tls::Authorities { anchors: &anchors, lists: &lists, at: jiff::Timestamp::UNIX_EPOCH };
    let staple = Answer::Seen(Some(bytes.to_vec()));
    let found = tls::judge_revocation(&chain, &staple, authorities).expect("the chain can be read");
    let staple = found.staple.seen().and_then(Option::as_ref).expect("a staple was given");
    assert!(matches!(staple.signed, StapleSigned::Nobody | StapleSigned::Unverified), "{staple:?}");
    assert!(found.lists.is_empty(), "{found:?}");
    if let Some(Response::Basic(basic)) = read_ocsp(bytes) {
        let kept = basic.signed.len() + basic.signature.len() + basic.certificates.concat().len();
        assert!(kept <= bytes.len() && basic.single.len() <= 16);
    }
    let _ = auscult_probe::revocation_lists(bytes);
}

/// An answer of HTTP as text: status line, headers, an empty line, the body.
pub fn http(bytes: &[u8]) {
    static SUBJECT: LazyLock<Subject> = LazyLock::new(|| {
        serde_json::from_value(json!({
            "node": "pump", "kind": "device", "class": "II", "setting": "homecare",
            "address": "127.0.0.1", "host_names": ["pump.example"], "at": "2026-01-01T00:00:00Z",
            "service": { "name": "web", "port": 8080, "transport": "tcp" },
        }))
        .expect("a subject as the engine makes it")
    });
    let (tags, forms, links) = web::read_page(&String::from_utf8_lossy(bytes));
    assert!(forms <= tags + 1 && links <= tags, "{forms} forms and {links} links in {tags} tags");
    let answered = answered(bytes);
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let reading =
        web::read(&SUBJECT, address, "/admin/index.html", &answered).expect("the subject is a service");
    assert_tame_facts(to_value(&reading.page), 200);
    assert_tame_facts(to_value(&reading.cookies), 120);
    assert_tame_facts(to_value(&reading.login), 120);
    let page = to_value(&reading.page).and_then(serde_json::from_value);
    assert_eq!(page.ok().as_ref(), Some(&reading.page));
    assert!(reading.cookies.len() <= 20 && reading.links.len() <= 64);
    for link in &reading.links {
        assert!(link.starts_with('/') && link.is_ascii() && !link.contains([' ', '\r', '\n']), "{link:?}");
    }
    let filled = reading.filled.unwrap_or_default();
    assert!(filled.is_ascii() && !filled.contains(['\r', '\n', ' ']), "{filled:?}");
}

/// A page, a script or a list of pages, and what an answer shows of logins and APIs.
pub fn crawl(bytes: &[u8]) {
    static SUBJECT: LazyLock<Subject> = LazyLock::new(|| {
        serde_json::from_value(json!({
            "node": "pump", "kind": "device", "class": "II", "setting": "homecare",
            "address": "127.0.0.1", "at": "2026-01-01T00:00:00Z",
            "service": { "name": "web", "port": 8080, "transport": "tcp" },
        }))
        .expect("a subject as the engine makes it")
    });
    let (all, asked) = web::read_addresses(&String::from_utf8_lossy(bytes));
    assert!(all.len() <= 5 * 400 && asked.len() <= all.len(), "{} addresses", all.len());
    assert!(all.iter().all(|address| address.len() <= 200), "a long address was taken");
    let acts = |address: &String| ["reboot", "delete"].iter().any(|word| address.contains(word));
    assert!(!asked.iter().any(acts), "what acts would be asked for");
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let crawl =
        web::read_sight(&SUBJECT, address, "/setup", &answered(bytes)).expect("the subject is a service");
    assert!(crawl.logins.len() <= 32 && crawl.apis.len() <= 200);
    assert_tame_facts(to_value(&crawl), 120);
    let again = to_value(&crawl).and_then(serde_json::from_value);
    assert_eq!(again.ok(), Some(crawl));
}

/// The answer that stands in bytes; status 200 and no headers where they do not begin as one.
fn answered(bytes: &[u8]) -> Answered {
    let split = bytes.windows(4).position(|w| w == b"\r\n\r\n").filter(|_| bytes.starts_with(b"HTTP/1."));
    let Some(split) = split else { return Answered::of(200, &[], bytes.to_vec()) };
    let (head, body) = (&bytes[..split], &bytes[split + 4..]);
    let mut lines = head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let status = lines.next().and_then(|line| line.split(|b| *b == b' ').nth(1));
    let status = status.and_then(|s| std::str::from_utf8(s).ok()?.parse().ok()).unwrap_or(200);
    let headers: Vec<(&[u8], &[u8])> = lines
        .filter_map(|line| {
            let colon = line.iter().position(|b| *b == b':')?;
            Some((&line[..colon], line[colon + 1..].trim_ascii()))
        })
        .collect();
    Answered::of(status, &headers, body.to_vec())
}

/// A page of a maker, read for every subject.
pub fn pages(bytes: &[u8]) {
    let answered = answered(bytes);
    for kind in PageKind::ALL {
        let page = makers::read(*kind, Some("BP-2"), &answered);
        assert_tame_facts(to_value(&page), 40);
        assert!(
            page.letters as usize <= 8 * bytes.len(),
            "{} letters in {} bytes",
            page.letters,
            bytes.len()
        );
        assert_eq!(page.said.is_some(), matches!(page.form, Form::Html | Form::Text));
        if let Some(Said::Support(support)) = &page.said {
            assert!(support.periods.len() <= 50);
            for period in &support.periods {
                assert!(period.until.is_some() != period.months.is_some(), "{period:?}");
                assert!(period.until.is_none_or(|u| (1990..=2099).contains(&u.year)), "{period:?}");
            }
        }
        let again = to_value(&page).and_then(serde_json::from_value);
        assert_eq!(again.ok(), Some(page));
    }
}

/// A `security.txt`.
pub fn security_txt(body: &[u8]) {
    let file = contact::read(&Answered::of(200, &[], body.to_vec()));
    assert!(file.contacts.len() <= 10 && file.expires.len() <= 10 && file.policies.len() <= 10);
    assert_tame_facts(to_value(&file), 200);
    let again = to_value(&file).and_then(serde_json::from_value);
    assert_eq!(again.ok(), Some(file));
}

/// An answer of a DICOMweb service.
pub fn dicomweb(bytes: &[u8]) {
    let answered = answered(bytes);
    let reply = dicomweb_service::read_reply(&answered);
    assert!(reply.entries <= 1000);
    assert!(!reply.given() || (200..300).contains(&reply.status));
    assert_tame_facts(to_value(&reply), 40);
    if let Some(uid) = dicomweb_service::study_in(&answered) {
        assert!(uid.len() <= 64 && uid.bytes().all(|b| b.is_ascii_digit() || b == b'.'), "{uid:?}");
    }
}

/// An answer of a FHIR API.
pub fn fhir(bytes: &[u8]) {
    let answered = answered(bytes);
    let reply = fhir_api::read_reply(&answered);
    assert!(reply.resources.len() <= 21 && reply.issues.len() <= 4);
    assert!(reply.resources.keys().all(|kind| kind.bytes().all(|b| b.is_ascii_alphabetic())));
    assert_tame_facts(to_value(&reply), 40);
    assert_tame_facts(to_value(fhir_api::read_metadata(&answered)), 120);
    if let Some(id) = fhir_api::id_in(&answered, "Patient") {
        let safe = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
        assert!(id.bytes().all(safe) && !id.starts_with('.') && id.len() <= 64, "{id:?}");
    }
}

/// A SMART configuration.
pub fn smart(body: &[u8]) {
    let Some(document) = authority::configuration(&Answered::of(200, &[], body.to_vec())) else { return };
    assert!(document.capabilities.len() <= 50 && document.endpoints.len() <= 50);
    assert_tame_facts(to_value(&document), 120);
}

/// An answer of an HTTP interface, before every product and every inner function.
pub fn console(bytes: &[u8]) {
    let answered = answered(bytes);
    for path in ["/", "/version", "/-/healthy", "/api/health", "/pods"] {
        let _ = interface::recognise(path, &answered);
    }
    for place in interface::PRODUCTS.iter().flat_map(|product| product.places()) {
        let seen = interface::inner(place, &answered);
        assert!(seen.items.is_none() || seen.gate == Gate::Open);
        assert_tame_facts(to_value(&seen), 40);
    }
}

/// An authority of which only the certificates are left; see `examples/seeds.rs`.
const ROOT: &[u8] = include_bytes!("../data/root.der");
const MIDDLE: &[u8] = include_bytes!("../data/middle.der");
const LEAF: &[u8] = include_bytes!("../data/leaf.der");

/// Certificates, each behind its length in two bytes: a chain, and its last one as an anchor too.
///
/// No chain may end at our own authority but with what that authority really signed.
pub fn certificate(bytes: &[u8]) {
    let mut chain = Vec::new();
    let mut rest = bytes;
    while let Some(([high, low], after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(after.len());
        let (certificate, after) = after.split_at(length);
        chain.push(certificate.to_vec());
        rest = after;
        if chain.len() == 4 {
            break;
        }
    }
    for der in &chain {
        let Some(read) = tls::read_certificate(der) else { continue };
        assert_tame_facts(to_value(&read), 200);
        assert!(read.names.len() <= 100 && read.sha256.len() == 64 && read.key_sha256.len() == 64);
        let again = to_value(&read).and_then(serde_json::from_value);
        assert_eq!(again.ok(), Some(read));
    }
    let anchors = chain.last().cloned().into_iter().collect::<Vec<_>>();
    let _ = tls::judge_path(&chain, &anchors);
    let _ = tls::judge_path(&chain, &[]);
    if tls::judge_path(&chain, &[ROOT.to_vec()]) == Answer::Seen(Path::Anchored) {
        let leaf = &chain[0];
        let genuine = [ROOT, MIDDLE, LEAF].map(signed_part);
        let is_genuine = genuine.iter().any(|part| leaf.windows(part.len()).any(|w| w == *part));
        assert!(is_genuine, "a certificate that was never signed is anchored");
    }
}

/// What the issuer of one of our certificates signed: the first element within the outer one.
fn signed_part(der: &[u8]) -> &[u8] {
    let (_, inside) = der_element(der);
    der_element(inside).0
}

/// The first element of DER that is well-formed, as a whole, and what is inside it.
fn der_element(der: &[u8]) -> (&[u8], &[u8]) {
    let (header, length) = match der[1] {
        short @ ..=0x7f => (2, usize::from(short)),
        0x80 | 0x81 => (3, usize::from(der[2])),
        _ => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
    };
    (&der[..header + length], &der[header..header + length])
}

/// What any service answers to any question of recognition.
pub fn service(heard: &[u8]) {
    let readings = recognition::read(heard);
    for reading in &readings {
        if let Some(product) = &reading.product {
            assert_tame(product, 120);
            assert!(!product.is_empty());
        }
        assert!(!(reading.tls && reading.protocol.is_some()));
        assert!(!heard.is_empty() || (reading.protocol.is_none() && !reading.tls), "{reading:?}");
    }
}
