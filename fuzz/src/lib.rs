//! The bodies of the fuzz targets: one function for each reader of foreign bytes.
//!
//! A body asserts more than that nothing panics: what is read is no more than what came, pieces give what the whole
//! gives, what is written reads back the same, and text from a stranger arrives harmless. `fuzz_targets/` hands them
//! to the fuzzer; `tests/replay.rs` runs them over everything that was ever found.

mod admin;
mod draw;
mod files;
mod probe;
mod report;
mod store;
mod udp;
mod wire;

pub use admin::{ftp, rdp, rfb, smb, ssh, telnet};
pub use files::{catalog, chain, evidence, judgement, pem, scenario};
pub use probe::{
    certificate, console, crawl, dicomweb, fhir, hl7, http, mqtt, ocsp, pages, security_txt, service, smart,
};
pub use report::{assessment, report};
pub use store::{store, stranger};
pub use udp::{coap, datagram, discovery, dns, dtls, snmp};
pub use wire::{dicom_pdu, dicom_response, mllp, ssl2, tls_after, tls_flight, tls_offer};

/// The body of a target.
pub type Target = fn(&[u8]);

/// Every target by the name of its binary and of its folder under `corpus/`.
pub const TARGETS: &[(&str, Target)] = &[
    ("assessment", assessment),
    ("catalog", catalog),
    ("certificate", certificate),
    ("chain", chain),
    ("coap", coap),
    ("datagram", datagram),
    ("console", console),
    ("crawl", crawl),
    ("dicom_pdu", dicom_pdu),
    ("dicom_response", dicom_response),
    ("discovery", discovery),
    ("dns", dns),
    ("dtls", dtls),
    ("evidence", evidence),
    ("dicomweb", dicomweb),
    ("fhir", fhir),
    ("ftp", ftp),
    ("hl7", hl7),
    ("http", http),
    ("judgement", judgement),
    ("mllp", mllp),
    ("mqtt", mqtt),
    ("ocsp", ocsp),
    ("pages", pages),
    ("pem", pem),
    ("rdp", rdp),
    ("report", report),
    ("rfb", rfb),
    ("scenario", scenario),
    ("security_txt", security_txt),
    ("service", service),
    ("smart", smart),
    ("snmp", snmp),
    ("smb", smb),
    ("ssh", ssh),
    ("ssl2", ssl2),
    ("telnet", telnet),
    ("store", store),
    ("stranger", stranger),
    ("tls_after", tls_after),
    ("tls_flight", tls_flight),
    ("tls_offer", tls_offer),
];

/// Size of the pieces into which an input is cut; by its length, so that no byte of it is lost to the choice.
fn piece(bytes: &[u8]) -> usize {
    1 + bytes.len() % 7
}

/// Asserts that text from a stranger was made harmless and short enough to keep.
fn assert_tame(text: &str, most: usize) {
    assert!(!text.contains(char::is_control), "a control character was kept: {text:?}");
    assert!(text.chars().count() <= most, "more than {most} characters were kept: {text:?}");
}

/// Asserts that every text in facts is harmless and short.
fn assert_tame_facts(facts: serde_json::Result<serde_json::Value>, most: usize) {
    fn walk(value: &serde_json::Value, most: usize) {
        match value {
            serde_json::Value::String(text) => assert_tame(text, most),
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, most)),
            serde_json::Value::Object(members) => members.iter().for_each(|(name, item)| {
                assert_tame(name, most);
                walk(item, most);
            }),
            _ => {}
        }
    }
    walk(&facts.expect("facts can always be written"), most);
}
