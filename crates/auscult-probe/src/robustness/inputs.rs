//! What is malformed: for each protocol a short list, the same in every run, of which nothing can be stored.
//!
//! An input is cut, or its lengths lie, or its letters are none, so that no reader can take it for a whole message that
//! asks for something to be kept. Each has a name that stands in evidence.

use auscult_facts::Subject;
use auscult_wire::dicom::{ContextOffer, Pdu};
use auscult_wire::mllp;

use super::speech::{self, Speech};
use crate::Errand;

/// Most steps of all series but the slow ones and the load.
pub(super) const MOST: u64 = 40;

/// A name and the bytes.
pub(super) type Input = (&'static str, Vec<u8>);

/// The longest part of an input.
const LONG: usize = 12 << 10;

/// The malformed messages of a protocol.
pub(super) fn of(speech: &Speech<'_>, subject: &Subject, errand: &Errand) -> Vec<Input> {
    match speech.protocol {
        "mqtt" => mqtt(),
        "hl7-mllp" => hl7(errand),
        "dicom" => dicom(subject, errand),
        "fhir" => [http(speech), fhir(speech)].concat(),
        _ => http(speech),
    }
}

fn http(speech: &Speech<'_>) -> Vec<Input> {
    let host = speech.host();
    let base = speech.base();
    let get = |head: String| format!("GET {base}/ HTTP/1.1\r\nHost: {host}\r\n{head}\r\n").into_bytes();
    let long = "a".repeat(LONG);
    vec![
        ("request-line-of-noise", b"\xff\xfe\x00\x01\x02\r\n\r\n".to_vec()),
        ("request-line-alone", b"GET\r\n\r\n".to_vec()),
        ("version-unheard-of", format!("GET / HTTP/9.9\r\nHost: {host}\r\n\r\n").into_bytes()),
        ("path-too-long", format!("GET /{long} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()),
        ("path-badly-coded", format!("GET /%zz%%00%u HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()),
        ("header-too-long", get(format!("X-Long: {long}\r\n"))),
        ("headers-too-many", get("X-Many: 1\r\n".repeat(1_000))),
        ("header-without-colon", get("this is no header\r\n".to_owned())),
        ("length-negative", get("Content-Length: -1\r\n".to_owned())),
        ("length-too-great", get("Content-Length: 99999999999999999999\r\n".to_owned())),
        ("lengths-that-differ", get("Content-Length: 3\r\nContent-Length: 5\r\n".to_owned())),
        ("chunk-of-letters", get("Transfer-Encoding: chunked\r\n\r\nzz\r\n".to_owned())),
        ("cut-in-the-head", format!("GET / HTTP/1.1\r\nHost: {host}\r\nX-Cut: ").into_bytes()),
    ]
}

fn fhir(speech: &Speech<'_>) -> Vec<Input> {
    let (host, base) = (speech.host(), speech.base());
    // None of these bodies is JSON to its end, so that none can be stored.
    let post = |body: &[u8]| {
        let mut bytes = format!(
            "POST {base}/Patient/$validate HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Type: application/fhir+json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        bytes
    };
    vec![
        ("json-cut", post(br#"{"resourceType":"Patient","name":[{"family":"#)),
        ("json-too-deep", post("[".repeat(LONG).as_bytes())),
        ("json-not-letters", post(b"{\"resourceType\":\"\xff\xfe\xc0\"")),
        ("json-number-too-long", post(format!("{{\"a\":{}", "9".repeat(LONG)).as_bytes())),
        (
            "search-without-sense",
            format!(
                "GET {base}/Patient?_count=-1&_id=%00&:::=%ff HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            )
            .into_bytes(),
        ),
    ]
}

fn mqtt() -> Vec<Input> {
    let mut inputs = vec![
        ("connect-cut", b"\x10\x20\0\x04MQTT\x04".to_vec()),
        ("length-without-end", b"\x10\xff\xff\xff\xff\xff\xff\xff".to_vec()),
        ("length-of-256-megabytes", b"\x10\xff\xff\xff\x7f\0\x04MQTT\x04\x02\0\x05".to_vec()),
        ("protocol-unheard-of", b"\x10\x0c\0\x04QTTM\x04\x02\0\x05\0\0".to_vec()),
        ("version-unheard-of", b"\x10\x0c\0\x04MQTT\xff\x02\0\x05\0\0".to_vec()),
        ("flags-reserved", b"\x1f\x0c\0\x04MQTT\x04\xff\0\x05\0\0".to_vec()),
        ("packet-type-zero", b"\0\0".to_vec()),
        ("packet-type-fifteen-empty", b"\xf0\0".to_vec()),
        ("client-id-longer-than-packet", b"\x10\x0c\0\x04MQTT\x04\x02\0\x05\xff\xff".to_vec()),
        ("client-id-not-letters", b"\x10\x10\0\x04MQTT\x04\x02\0\x05\0\x04\xff\xfe\0\xc0".to_vec()),
        ("publish-before-connect", b"\x36\x05\0\x01a\0\0".to_vec()),
        ("subscribe-before-connect-empty", b"\x82\x02\0\0".to_vec()),
    ];
    let mut properties = b"\x10\xff\x7f\0\x04MQTT\x05\x02\0\x05\xf0\x7f".to_vec();
    properties.extend(b"\x26\0\x01a\0\x01b".repeat(500));
    inputs.push(("properties-cut", properties));
    inputs
}

fn hl7(errand: &Errand) -> Vec<Input> {
    let good = speech::query(errand);
    let long = "a".repeat(LONG);
    let with = |more: &str| mllp::frame(format!("{good}{more}").as_bytes());
    let mut without_end = mllp::frame(good.as_bytes());
    without_end.truncate(without_end.len() / 2);
    vec![
        ("block-empty", b"\x0b\x1c\r".to_vec()),
        ("block-without-end", without_end),
        ("block-without-beginning", b"MSA|AA|1\r\x1c\r".to_vec()),
        ("head-of-one-letter", mllp::frame(b"M")),
        ("head-without-separators", mllp::frame(b"MSH\r")),
        ("head-of-noise", mllp::frame(b"MSH\xff\xfe\xfd\xfc\x00\x01\r")),
        ("head-of-separators", mllp::frame(format!("MSH|^~\\&{}\r", "|".repeat(LONG)).as_bytes())),
        ("no-head", mllp::frame(b"QRD|1|R|I\r")),
        ("segment-too-long", with(&format!("ZZZ|{long}\r"))),
        ("segments-too-many", with(&"ZZZ|1\r".repeat(2_000))),
        ("escapes-without-end", with("ZZZ|\\E\\\\X\\\\Xzz\\\\F|\\\\\\\r")),
        ("type-without-sense", mllp::frame(good.replace("QRY^A19", "^^^^^^").as_bytes())),
    ]
}

fn dicom(subject: &Subject, errand: &Errand) -> Vec<Input> {
    let request = speech::association(subject, errand);
    let good = Pdu::AssociateRq(request.clone()).write();
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = good.clone();
        for (place, byte) in changed.iter_mut().skip(at).zip(bytes) {
            *place = *byte;
        }
        changed
    };
    let mut many = request;
    many.contexts = (0..127)
        .map(|n| ContextOffer {
            id: n * 2 + 1,
            abstract_syntax: "9".repeat(64),
            transfer_syntaxes: vec![String::new()],
        })
        .collect();
    let cut = good.iter().take(good.len() / 2).copied().collect();
    vec![
        ("unit-of-unknown-type", b"\xff\0\0\0\0\x04\0\0\0\0".to_vec()),
        ("request-cut", cut),
        ("length-of-four-gigabytes", with(2, b"\xff\xff\xff\xff")),
        ("length-too-short", with(2, b"\0\0\0\x10")),
        ("length-zero", with(2, b"\0\0\0\0")),
        ("version-zero", with(6, b"\0\0")),
        ("titles-of-noise", with(10, &[0xff; 32])),
        ("item-longer-than-request", with(76, b"\xff\xff")),
        ("item-of-unknown-type", with(74, b"\xee")),
        ("contexts-without-sense", Pdu::AssociateRq(many).write()),
        ("data-before-request", b"\x04\0\0\0\0\x0a\xff\xff\xff\xff\x01\x03\0\0\0\0".to_vec()),
        ("release-before-request", b"\x05\0\0\0\0\x04\0\0\0\0".to_vec()),
    ]
}

/// Malformed and cut records of TLS.
pub(super) fn tls() -> Vec<Input> {
    let hello = |body: &[u8]| {
        let mut record = b"\x16\x03\x01".to_vec();
        let length = u16::try_from(body.len()).unwrap_or(u16::MAX);
        record.extend(length.to_be_bytes());
        record.extend_from_slice(body);
        record
    };
    let mut lying = b"\x01\0\0\x2d\x03\x03".to_vec();
    lying.extend([7; 32]);
    lying.extend(b"\0\xff\xff\x13\x01\x01\0");
    vec![
        ("record-of-unknown-type", b"\x63\x03\x03\0\x04aaaa".to_vec()),
        ("record-too-long", [b"\x16\x03\x01\xff\xff\x01".as_slice(), &[0; 1024]].concat()),
        ("records-empty", b"\x16\x03\x01\0\0".repeat(64)),
        ("hello-cut", b"\x16\x03\x01\0\xc8\x01\0\0\xc4\x03\x03".to_vec()),
        ("hello-of-16-megabytes", hello(b"\x01\xff\xff\xff\x03\x03")),
        ("hello-whose-suites-lie", hello(&lying)),
        ("data-before-hello", b"\x17\x03\x03\0\x04aaaa".to_vec()),
        ("alert-of-unknown-kind", b"\x15\x03\x03\0\x02\x09\xff".to_vec()),
    ]
}

/// Marks in paths and queries: a file of the system below, and a header of our own.
pub(super) fn marks(speech: &Speech<'_>) -> Vec<Input> {
    let host = speech.host();
    let base = speech.base();
    let get = |path: &str| {
        format!("GET {base}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").into_bytes()
    };
    vec![
        ("path-up", get("/../../../../../../../../etc/passwd")),
        ("path-up-coded", get("/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd")),
        ("path-up-coded-twice", get("/%252e%252e/%252e%252e/%252e%252e/%252e%252e/etc/passwd")),
        ("path-up-backwards", get("/..%5c..%5c..%5c..%5c..%5cetc/passwd")),
        ("file-in-query", get("/?file=../../../../../../../../etc/passwd&page=/etc/passwd")),
        ("header-in-path", get("/%0d%0aX-Auscult-Mark:%20set")),
        ("header-in-query", get("/?next=%0d%0aX-Auscult-Mark:%20set&url=%0d%0aX-Auscult-Mark:%20set")),
    ]
}

/// Whether an answer holds the list of accounts of a Unix system.
pub(super) fn is_account_file(answer: &[u8]) -> bool {
    String::from_utf8_lossy(answer).lines().any(|line| {
        let fields: Vec<&str> = line.trim().split(':').collect();
        matches!(fields.as_slice(), ["root", _, "0", "0", _, home, _] if home.starts_with('/'))
    })
}

/// Whether the head of an answer holds the header that a mark would have made.
pub(super) fn has_our_header(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer).to_ascii_lowercase();
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    head.lines().any(|line| line.trim_end() == "x-auscult-mark: set")
}

/// The beginning of a good question, without its end.
pub(super) fn begun(speech: &Speech<'_>, errand: &Errand) -> Vec<u8> {
    match speech.protocol {
        "mqtt" => b"\x10\x20\0\x04MQTT\x04\x02\0\x05".to_vec(),
        "hl7-mllp" => [b"\x0b".as_slice(), speech::query(errand).as_bytes()].concat(),
        "dicom" => b"\x01\0\0\0\0\xcc\0\x01\0\0AUSCULT-SLOW".to_vec(),
        _ => format!("GET {}/ HTTP/1.1\r\nHost: {}\r\nX-Slow: ", speech.base(), speech.host()).into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_known_by_what_they_bring_about() {
        assert!(is_account_file(b"HTTP/1.1 200 OK\r\n\r\nroot:x:0:0:root:/root:/bin/bash\nbin:x:1:1::/:\n"));
        assert!(!is_account_file(b"HTTP/1.1 404 Not Found\r\n\r\nno /etc/passwd here, root:x:0:0 neither\n"));
        assert!(has_our_header(b"HTTP/1.1 302 Found\r\nLocation: /\r\nX-Auscult-Mark: set\r\n\r\n"));
        assert!(!has_our_header(b"HTTP/1.1 200 OK\r\n\r\nX-Auscult-Mark: set\r\n"));
        assert!(!has_our_header(b"HTTP/1.1 302 Found\r\nLocation: /%0d%0aX-Auscult-Mark: set\r\n\r\n"));
    }
}
