//! Hostile bytes for every parser: one function for each fuzz target, so that an ordinary test can replay the corpora.

use std::sync::LazyLock;

use auscult_casefile::Record;
use auscult_catalog::Catalog;
use auscult_facts::Subject;
use auscult_model::assessment::Assessment;
use auscult_probe::mqtt::{Packet, Packets};
use auscult_text::Catalogue;
use auscult_wire::{dicom, mllp, tls};

/// What a target does with its bytes.
pub type Target = fn(&[u8]);

/// Every target by name; a corpus stands under `corpus/NAME`.
pub const TARGETS: [(&str, Target); 14] = [
    ("tls_flight", tls_flight),
    ("certificate", certificate),
    ("mllp_frames", mllp_frames),
    ("hl7_message", hl7_message),
    ("dicom_pdu", dicom_pdu),
    ("dicom_response", dicom_response),
    ("mqtt_packets", mqtt_packets),
    ("html_page", html_page),
    ("scenario", scenario),
    ("catalog", catalog),
    ("pem_anchors", pem_anchors),
    ("case_record", case_record),
    ("facts", facts),
    ("assessment", assessment),
];

/// What a server says to a TLS hello; read at once and byte by byte it must be the same.
pub fn tls_flight(bytes: &[u8]) {
    let whole = tls::read_flight(bytes);
    let mut reader = tls::FlightReader::new();
    let pieces = bytes.chunks(3).try_for_each(|piece| reader.push(piece));
    if whole.is_ok() && pieces.is_ok() {
        assert_eq!(format!("{:?}", whole.ok()), format!("{:?}", Some(reader.into_flight())));
    }
}

/// A certificate in DER.
pub fn certificate(der: &[u8]) {
    if let Some(certificate) = auscult_probe::tls::read_certificate(der) {
        assert!(certificate.subject.chars().count() <= 201 && certificate.names.len() <= 100);
    }
}

/// Frames of MLLP, in pieces of any size.
pub fn mllp_frames(bytes: &[u8]) {
    let (size, bytes) =
        bytes.split_first().map_or((1, bytes), |(size, rest)| (usize::from(*size).max(1), rest));
    let mut frames = mllp::Frames::default();
    let mut given = 0;
    for piece in bytes.chunks(size) {
        match frames.take(piece) {
            Ok(Some(message)) => given += message.len(),
            Ok(None) => {}
            Err(_) => return,
        }
    }
    assert!(given <= bytes.len());
}

/// A message of HL7 v2 and the acknowledgement in it.
pub fn hl7_message(bytes: &[u8]) {
    let _ = mllp::Message::read(bytes);
    let _ = auscult_probe::hl7::read(bytes, "AUSCULT1");
}

/// A protocol data unit of DICOM; what was read is written and read again.
pub fn dicom_pdu(bytes: &[u8]) {
    if let Ok(Some((pdu, taken))) = dicom::Pdu::read(bytes) {
        assert!(taken <= bytes.len());
        let written = pdu.write();
        if let Ok(Some((again, length))) = dicom::Pdu::read(&written) {
            assert_eq!((again, length), (pdu, written.len()));
        }
    }
}

/// A response message of DICOM.
pub fn dicom_response(bytes: &[u8]) {
    let _ = dicom::Response::read(bytes);
}

/// Packets of MQTT in both versions.
pub fn mqtt_packets(bytes: &[u8]) {
    for version in auscult_facts::mqtt::Version::ALL {
        let mut packets: Vec<Packet> = Vec::new();
        let _ = Packets::new(version).take(bytes, &mut packets);
        assert!(packets.len() <= bytes.len());
    }
}

/// A page of HTML.
pub fn html_page(bytes: &[u8]) {
    let page = String::from_utf8_lossy(bytes);
    let (tags, forms, links) = auscult_probe::http::read_page(&page);
    assert!(tags <= page.len() && forms <= tags && links <= tags);
}

/// A scenario from a stranger; what is right can be written down and read back.
pub fn scenario(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match auscult_model::scenario::parse(&text) {
        Ok(scenario) => {
            let json = serde_json::to_string(&scenario).unwrap_or_default();
            assert_eq!(serde_json::from_str::<auscult_model::scenario::Scenario>(&json).ok(), Some(scenario));
        }
        Err(mistakes) => assert!(!mistakes.is_empty() && mistakes.len() <= 101),
    }
}

/// A file that a user lays over the catalog.
pub fn catalog(bytes: &[u8]) {
    static EMBEDDED: LazyLock<Catalog> = LazyLock::new(Catalog::embedded);
    let text = String::from_utf8_lossy(bytes).into_owned();
    if let Err(mistakes) = EMBEDDED.clone().overlay([("tls/TLS-90.toml".to_owned(), text)]) {
        assert!(!mistakes.is_empty());
    }
}

/// Trust anchors in PEM.
pub fn pem_anchors(bytes: &[u8]) {
    let _ = auscult_probe::certificates_in_pem(bytes);
}

/// A line of `evidence.jsonl`; what is a record has a canonical form.
pub fn case_record(bytes: &[u8]) {
    if serde_json::from_slice::<Record>(bytes).is_ok()
        && let Ok(value) = serde_json::from_slice(bytes)
        && let Ok(line) = auscult_casefile::canonical(&value)
    {
        assert!(serde_json::from_slice::<Record>(&line).is_ok());
    }
}

/// Facts from evidence, before every check; what is not of its kind is refused, and nothing falls over.
pub fn facts(bytes: &[u8]) {
    let Ok((subject, facts)) = serde_json::from_slice::<(Subject, serde_json::Value)>(bytes) else { return };
    for check in auscult_checks::all() {
        if check.selects(&subject) {
            let _ = check.judge(&facts, &subject);
        }
    }
}

/// An assessment with any strings: nothing in its reports is active.
pub fn assessment(bytes: &[u8]) {
    static WORDS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::english(&[auscult_report::texts()]));
    let Ok(assessment) = serde_json::from_slice::<Assessment>(bytes) else { return };
    let options = auscult_report::terminal::TerminalOptions { width: 80, color: false };
    let terminal = auscult_report::terminal::write(&assessment, &WORDS, &options);
    assert!(terminal.chars().all(|c| c == '\n' || !c.is_control()));
    let html = auscult_report::html::write(&assessment, None, &WORDS).to_lowercase();
    assert!(!html.contains("<script") && !html.contains("javascript:\""));
    assert!(serde_json::from_str::<Assessment>(&auscult_report::json::write(&assessment)).is_ok());
}
