//! Writes the seeds of every corpus: `cargo run --example seeds`. Seeds that are there stay as they are.
//!
//! They come from the writers of our own codecs, from the fixtures of the checks, and from what the unit tests of
//! the readers hold. The private keys of the certificates in `data/` are forgotten when this ends.

use std::fs;
use std::path::Path;

use auscult_wire::dicom::{
    AssociateAc, AssociateRq, Command, ContextAnswer, ContextOffer, Fragment, IMPLICIT_LITTLE_ENDIAN, Pdu,
    echo_request, find_request,
};
use auscult_wire::mllp::frame;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    PKCS_ECDSA_P384_SHA384, PKCS_ED25519,
};

type Seeds = Vec<(&'static str, Vec<u8>)>;

fn main() {
    certificates();
    let all: [(&str, Seeds); 18] = [
        ("catalog", catalog()),
        ("chain", chain()),
        ("dicom_pdu", dicom_pdu()),
        ("dicom_response", dicom_response()),
        ("evidence", evidence()),
        ("fhir", fhir()),
        ("hl7", hl7()),
        ("http", http()),
        ("mllp", mllp()),
        ("mqtt", mqtt()),
        ("report", report()),
        ("scenario", scenario()),
        ("security_txt", security_txt()),
        ("service", service()),
        ("smart", smart()),
        ("ssl2", ssl2()),
        ("tls_flight", tls_flight()),
        ("tls_offer", tls_offer()),
    ];
    for (target, seeds) in all {
        for (name, bytes) in seeds {
            put(target, name, &bytes);
        }
    }
    judgement();
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn put(target: &str, name: &str, bytes: &[u8]) {
    assert!(bytes.len() <= 4096, "{target}/{name} is too long");
    let folder = root().join("corpus").join(target);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    if !file.exists() {
        fs::write(file, bytes).unwrap();
    }
}

// --- TLS ---

fn record(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind, 3, 3][..], &u16::try_from(body.len()).unwrap().to_be_bytes(), body].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind, 0][..], &u16::try_from(body.len()).unwrap().to_be_bytes(), body].concat()
}

fn hello(random: [u8; 32], suite: [u8; 2], extensions: &[u8]) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend(random);
    body.push(0);
    body.extend(suite);
    body.push(0);
    if !extensions.is_empty() {
        body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
        body.extend(extensions);
    }
    message(2, &body)
}

fn tls_offer() -> Seeds {
    let body = |extensions: &[u8]| {
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.extend([0, 0, 6, 0x13, 0x01, 0xc0, 0x2f, 0x0a, 0x0a, 1, 0]);
        body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
        body.extend(extensions);
        message(1, &body)
    };
    let named = [0, 0, 0, 9, 0, 7, 0, 0, 4, b't', b'e', b's', b't', 0, 43, 0, 5, 4, 3, 4, 3, 3];
    let asks = [0, 16, 0, 5, 0, 3, 2, b'h', b'2', 0, 10, 0, 4, 0, 2, 0, 29, 0, 13, 0, 4, 0, 2, 4, 1];
    let crumbs: Vec<u8> = body(&asks).chunks(11).flat_map(|piece| record(22, piece)).collect();
    vec![
        ("named", record(22, &body(&named))),
        ("asks", record(22, &body(&asks))),
        ("in-crumbs", crumbs),
        ("cut", record(22, &body(&named))[..40].to_vec()),
        ("went-on", record(22, &message(16, &[0, 0]))),
        ("alert", record(21, &[2, 48])),
        ("warning-first", [record(21, &[1, 90]), record(22, &message(16, &[0]))].concat()),
        ("http", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
        ("too-long", vec![22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff]),
    ]
}

fn tls_flight() -> Seeds {
    const RETRY: [u8; 32] = [
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
        0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    ];
    let certificate = message(11, &[0, 0, 5, 0, 0, 2, 0x30, 0]);
    let flight = |suite: [u8; 2], exchange: &[u8]| {
        let extensions = [0xff, 1, 0, 1, 0, 0, 23, 0, 0, 0, 16, 0, 5, 0, 3, 2, b'h', b'2'];
        [
            hello([5; 32], suite, &extensions),
            certificate.clone(),
            message(22, &[1, 0, 0, 1, 0xff]),
            message(12, exchange),
            message(13, &[1, 1, 0, 0, 0, 0]),
            message(14, &[]),
        ]
        .concat()
    };
    let ec = flight([0xc0, 0x2f], &[3, 0, 23, 1, 4]);
    let crumbs: Vec<u8> = ec.chunks(9).flat_map(|piece| record(22, piece)).collect();
    let tls13 = [0, 43, 0, 2, 3, 4, 0, 51, 0, 4, 0x11, 0xec, 0, 0];
    let retry = [0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 29];
    vec![
        ("ec", record(22, &ec)),
        ("ec-in-crumbs", crumbs),
        ("finite-field", record(22, &flight([0, 0x9e], &[0, 3, 0, 0x40, 1, 0, 1, 2]))),
        ("export-rsa", record(22, &flight([0, 3], &[0, 2, 0x80, 1, 0, 1, 3]))),
        ("hinted", record(22, &flight([0, 0xaa], &[0, 1, b'h', 0, 1, 0x80]))),
        ("tls13", record(22, &hello([7; 32], [0x13, 1], &tls13))),
        ("retry", record(22, &hello(RETRY, [0x13, 2], &retry))),
        ("alert", record(21, &[2, 70])),
        ("warning-first", [record(21, &[1, 112]), record(22, &ec)].concat()),
        ("hello-requests", [record(22, &message(0, &[])), record(22, &ec)].concat()),
        ("no-extensions", record(22, &hello([1; 32], [0, 5], &[]))),
        ("ssl2", vec![0x80, 17, 4, 0, 1, 0, 2, 0, 2, 0, 3, 0, 1, 0xaa, 0xbb, 1, 0, 0x80, 9]),
        ("ssl2-refusal", vec![0x80, 3, 0, 0, 1]),
        ("http", b"HTTP/1.1 400 Bad Request\r\n".to_vec()),
        ("data-first", record(23, b"x")),
    ]
}

fn ssl2() -> Seeds {
    vec![
        ("hello", vec![4, 0, 1, 0, 2, 0, 2, 0, 3, 0, 1, 0xaa, 0xbb, 1, 0, 0x80, 9]),
        ("two-kinds", vec![4, 0, 1, 0, 2, 0, 0, 0, 6, 0, 0, 7, 0, 0xc0, 3, 0, 0x80]),
        ("refusal", vec![0, 0, 1]),
        ("too-long", vec![4, 0, 1, 0, 2, 0xff, 0xff, 0, 3, 0, 1, 0xaa]),
    ]
}

// --- HL7 ---

const HEAD: &str = "MSH|^~\\&|PUMP|WARD|AUSCULT|LAB|20260101||ACK^A19|9|T|2.3.1\r";

fn hl7() -> Seeds {
    let ack = |rest: &str| format!("{HEAD}{rest}").into_bytes();
    vec![
        ("accept", ack("MSA|AA|abcd1234\r")),
        ("sender-by-place", ack("MSA|AR|abcd1234\rERR|MSH^1^3^103\r")),
        ("sender-by-place-new", ack("MSA|AR|abcd1234\rERR||MSH^1^4|103\r")),
        ("sender-by-words", ack("MSA|AR|abcd1234|unknown sending application\r")),
        ("message", ack("MSA|AR|abcd1234\rERR|||201^Unsupported event\r")),
        ("by-text-code", ack("MSA|AE|abcd1234||||203^version\r")),
        ("receiver", ack("MSA|AR|abcd1234\rERR||MSH^1^5|103\r")),
        ("other", ack("MSA|AE|abcd1234|disk full\r")),
        ("no-id", ack("MSA|CA\r")),
        ("no-acknowledgement", ack("")),
        ("other-separators", b"MSH#*~\\&#A#B\rMSA#AA#abcd1234".to_vec()),
        ("http", b"HTTP/1.1 400 Bad Request".to_vec()),
    ]
}

fn mllp() -> Seeds {
    let ack = frame(format!("{HEAD}MSA|AA|abcd1234\r").as_bytes());
    vec![
        ("one", ack.clone()),
        ("two", [&ack[..], b"\r\n", &ack].concat()),
        ("empty", vec![0x0b, 0x1c, b'\r']),
        ("half-an-end", vec![0x0b, 0x1c, 0x1c, b'\r', 0x0b, b'x', 0x1c]),
        ("unfinished", ack[..20].to_vec()),
        ("rubbish-after", [&ack[..], b"HTTP"].concat()),
        ("bare-message", format!("{HEAD}MSA|AA|abcd1234").into_bytes()),
    ]
}

// --- DICOM ---

fn dicom_pdu() -> Seeds {
    let syntax = || IMPLICIT_LITTLE_ENDIAN.to_owned();
    let request = AssociateRq {
        called: "ANY-SCP".to_owned(),
        calling: "AUSCULT".to_owned(),
        max_pdu: 16384,
        contexts: vec![
            ContextOffer {
                id: 1,
                abstract_syntax: "1.2.840.10008.1.1".to_owned(),
                transfer_syntaxes: vec![syntax(), "1.2.840.10008.1.2.1".to_owned()],
            },
            ContextOffer { id: 3, abstract_syntax: String::new(), transfer_syntaxes: Vec::new() },
        ],
    };
    let answer = AssociateAc {
        called: "ANY-SCP".to_owned(),
        calling: "AUSCULT".to_owned(),
        max_pdu: 0,
        contexts: vec![
            ContextAnswer { id: 1, result: 0, transfer_syntax: syntax() },
            ContextAnswer { id: 3, result: 3, transfer_syntax: String::new() },
        ],
    };
    let part = |command, last, data: &[u8]| Fragment { context: 1, command, last, data: data.to_vec() };
    let mut many = Pdu::AssociateAc(AssociateAc {
        contexts: (0..126)
            .map(|n| ContextAnswer { id: 2 * n + 1, result: 4, transfer_syntax: String::new() })
            .collect(),
        ..answer.clone()
    })
    .write();
    many.truncate(4096);
    vec![
        ("request", Pdu::AssociateRq(request).write()),
        ("answer", Pdu::AssociateAc(answer).write()),
        ("many-answers", many),
        ("reject", Pdu::AssociateRj { result: 1, source: 1, reason: 7 }.write()),
        ("command", Pdu::Data(vec![part(true, true, &echo_request(1))]).write()),
        (
            "parts",
            Pdu::Data(vec![part(true, true, &find_request(1, "1.2")), part(false, false, b"")]).write(),
        ),
        ("release", Pdu::ReleaseRq.write()),
        ("released", Pdu::ReleaseRp.write()),
        ("abort", Pdu::Abort { source: 2, reason: 1 }.write()),
        ("four-gigabytes", vec![2, 0, 0xff, 0xff, 0xff, 0xff]),
        ("lying-part", vec![4, 0, 0, 0, 0, 6, 0, 0, 0, 9, 1, 3]),
    ]
}

fn dicom_response() -> Seeds {
    let found = |status| {
        Command::default()
            .text(0x0002, "1.2.840.10008.5.1.4.1.2.2.1")
            .number(0x0100, 0x8020)
            .number(0x0120, 7)
            .number(0x0800, 0)
            .number(0x0900, status)
            .write()
    };
    let long = Command::default().number(0x0100, 0x8030).text(0x0120, "four").number(0x0900, 0).write();
    vec![
        ("pending", found(0xff00)),
        ("success", found(0)),
        ("echo-request", echo_request(1)),
        ("wrong-length", long),
        ("lying-length", [&found(0)[..16], &[0xff; 8]].concat()),
    ]
}

// --- MQTT ---

fn mqtt() -> Seeds {
    vec![
        ("old", b"\x20\x02\0\x05\x90\x03\0\x01\x80\x30\x05\0\x01ahi".to_vec()),
        ("new", b"\x20\x03\0\x87\0\x90\x04\0\x01\0\x01\x30\x06\0\x01a\0hi\xe0\x01\x8e".to_vec()),
        ("ping-and-puback", b"\xd0\0\x40\x02\0\x01\x40\x03\0\x01\x87".to_vec()),
        ("qos-1", b"\x32\x09\0\x03a/b\0\x07hi".to_vec()),
        ("properties", b"\x30\x10\0\x01a\x09\x02\0\0\0\x3c\x26\0\x00\0\x00hello".to_vec()),
        ("announced-too-long", b"\x30\xff\xff\xff\x7f".to_vec()),
        ("no-length", b"\x20\xff\xff\xff\xff\x7f".to_vec()),
        ("others", b"\x50\x02\0\x01\x62\x02\0\x01\x70\x02\0\x01\xb0\x02\0\x01".to_vec()),
    ]
}

// --- HTTP ---

fn answer(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}\r\n\r\n{body}").into_bytes()
}

fn http() -> Seeds {
    let login = r#"<!-- <form><input type=password></form> --><script>"<input type=password>"</script>
        <TITLE> Device admin </TITLE><meta name=generator content="Maker 1.0"><FORM Action='/do?x=1&amp;y=2'
        method="POST"><input name=csrf type=hidden value="a&quot;b"><input NAME=username>
        <input type=PASSWORD name="pw"/><button>Go</button></FORM><input name=q>"#;
    let settings = "<title>Setup</title><form method=post><input name=wifiSsid><input name=mqtt_broker>\
        <input type=file name=firmware></form><a href=/admin/config.html>x</a><a href='reset'>y</a>\
        <img src=//other.example/a.png>";
    let html = "200 OK\r\nContent-Type: text/html; charset=utf-8";
    vec![
        ("login", answer(&format!("{html}\r\nServer: Boa/0.94\r\nX-Powered-By: PHP/5.2"), login)),
        ("settings", answer(html, settings)),
        (
            "settings-json",
            answer("200 OK\r\nContent-Type: application/json", r#"{"wifi":{"ssid":"x","psk":"y"}}"#),
        ),
        ("basic", answer("401 Unauthorized\r\nWWW-Authenticate: Digest a, Basic realm=\"\u{1b}[31mx\"", "")),
        ("moved", answer("302 Found\r\nLocation: https://pump.example/login.html?a=b#c", "")),
        ("refresh", answer(html, "<meta http-equiv=Refresh content=\"0; URL='/a b'\">")),
        ("listing", answer(html, "<title>Index of /</title><pre><a href=\"../\">../</a>")),
        ("listing-bare", answer(html, "<pre>\n<a href=\"x\">x</a>\n</pre>")),
        (
            "cookies",
            answer(
                "200 OK\r\nSet-Cookie: JSESSIONID=a; Path=/; HttpOnly; secure; SameSite=Strict\r\n\
             Set-Cookie: sid=; Max-Age=0\r\nSet-Cookie: \u{9b}token=x; Max-Age=5",
                "",
            ),
        ),
        (
            "policies",
            answer(
                "200 OK\r\nContent-Security-Policy: frame-ancestors 'none'\r\nStrict-Transport-Security: max-age=1\r\n\
             X-Frame-Options: DENY\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer",
                "<!doctype html>",
            ),
        ),
        (
            "signed-error",
            answer("404 Not Found\r\nContent-Type: text/html", "<hr><center>nginx/1.18.0</center>"),
        ),
        ("trace", answer("500 Internal Server Error", "Traceback (most recent call last)\n  File \"a.py\"")),
        ("git-head", answer("200 OK\r\nContent-Type: text/plain", "ref: refs/heads/main\n")),
        ("environment", answer("200 OK\r\nContent-Type: text/plain", "DB_HOST=x\nexport DB_PASSWORD=y\n")),
        ("passwords", answer("200 OK\r\nContent-Type: text/plain", "admin:$apr1$x$y\n")),
        ("folder-file", answer("200 OK\r\nContent-Type: text/plain", "\0\0\0\u{1}Bud1 ")),
        ("unclosed", b"<a ='<!--<script></<input type=\"".to_vec()),
        ("odd-letters", "<a/ /=é é=\u{a0}\u{2028}>< a><select id=İ><İ>".as_bytes().to_vec()),
    ]
}

fn security_txt() -> Seeds {
    let signed = "-----BEGIN PGP SIGNED MESSAGE-----\nContact: mailto:a@b.example\nContact: https://b.example\n\
        Policy: https://b.example/policy\nPreferred-Languages: de, en\nExpires: 2027-01-01T00:00:00.000Z\n";
    vec![
        (
            "tolerant",
            "\u{feff}# Contact: nobody\r\ncontact:mailto:psirt@maker.example\r\nEXPIRES: 2027-01-01T00:00:00z\r\nExpires: soon\r\n"
                .as_bytes()
                .to_vec(),
        ),
        ("signed", signed.as_bytes().to_vec()),
        ("page", b"<!doctype html>\nContact: us".to_vec()),
        ("escapes", b"Contact: \x1b[31m\xff\x9b\nExpires: 9999-12-31T23:59:60+25:59\n".to_vec()),
        ("far-times", b"Expires: -009999-01-01T00:00:00Z\nExpires: 2027-01-01T00:00:00+23:59[Europe/Berlin]\n".to_vec()),
    ]
}

fn fhir() -> Seeds {
    let json = |text: &str| text.as_bytes().to_vec();
    vec![
        (
            "bundle",
            json(
                r#"{"resourceType":"Bundle","total":7,"entry":[{"resource":{"resourceType":"Patient","id":"p-1","name":[{"family":"Invented"}]}}]}"#,
            ),
        ),
        (
            "capability",
            json(
                r#"{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","software":{"name":"x","version":"1"},"rest":[{"security":{"service":[{"coding":[{"code":"SMART-on-FHIR"}]}]}}]}"#,
            ),
        ),
        (
            "outcome",
            answer("403 Forbidden", r#"{"resourceType":"OperationOutcome","issue":[{"code":"forbidden"}]}"#),
        ),
        ("cut", json("{\"resourceType\" : \"Bundle\", \"entry\":[{\"fullUrl\":\"x\"")),
        ("xml", json("<?xml version=\"1.0\"?><Patient xmlns=\"http://hl7.org/fhir\"><id/>")),
        ("xml-bundle", json("<Bundle xmlns=\"http://hl7.org/fhir\"><entry></entry><entry></Bundle>")),
        ("hostile-id", json(r#"{"entry":[{"resource":{"resourceType":"Patient","id":"../../reset"}}]}"#)),
        ("empty", answer("204 No Content", "  ")),
    ]
}

fn smart() -> Seeds {
    vec![
        (
            "whole",
            br#"{"issuer":"https://a.test","token_endpoint":"http://a.test/t","jwks_uri":"data:x","capabilities":["launch-ehr",1],"code_challenge_methods_supported":["S256","plain"]}"#
                .to_vec(),
        ),
        ("hostile", b"{\"\\u001b_endpoint\":\"\\u001b:x\",\"capabilities\":[\"\\u009b\"]}".to_vec()),
        ("other", b"{\"error\":\"x\"}".to_vec()),
        ("deep", b"[".repeat(500)),
    ]
}

fn service() -> Seeds {
    let mut associated = vec![2, 0, 0, 0, 0, 80, 0, 1];
    associated.resize(74, 0);
    associated.extend([0x10, 0, 0, 1, b'1', 0x50, 0, 0, 10, 0x55, 0, 0, 6]);
    associated.extend(b"OFFIS\x07");
    let mut mongodb = vec![0x20, 0, 0, 0, 1, 2, 3, 4];
    mongodb.extend(b"ausc\x01\0\0\0");
    vec![
        ("ssh", b"a line before\r\nSSH-2.0-dropbear_2022.83\r\n".to_vec()),
        ("ftp", b"220 (vsFTPd 3.0.3)\r\n".to_vec()),
        ("smtp", b"220 mail.example ESMTP\r\n".to_vec()),
        ("ready", b"220 ready\r\n".to_vec()),
        ("ehlo", b"250 hello\r\n".to_vec()),
        ("telnet", b"\xff\xfb\x01".to_vec()),
        ("login", b"\r\nPump 7 login: ".to_vec()),
        ("http", b"HTTP/1.1 400 Bad Request\r\nServer: \x1b[31mx\r\n\r\n".to_vec()),
        ("rtsp", b"RTSP/1.0 200 OK\r\nServer: x\r\n\r\n".to_vec()),
        ("sip", b"SIP/2.0 200 OK\r\nUser-Agent: x\r\n\r\n".to_vec()),
        ("vnc", b"RFB 003.008\n".to_vec()),
        ("mysql", b"J\x00\x00\x00\x0a8.0.32\x00abcdefghijklmnop".to_vec()),
        ("tls-alert", vec![21, 3, 1, 0, 2, 2, 70]),
        ("tls-hello", vec![22, 3, 3, 0, 4, 2, 0, 0, 0]),
        ("dicom", associated),
        ("dicom-abort", vec![7, 0, 0, 0, 0, 4, 0, 0, 2, 1]),
        ("mqtt", vec![0x20, 2, 0, 5]),
        ("hl7", b"\x0bMSH|^~\\&|A\rMSA|AE|1\r\x1c\r".to_vec()),
        ("redis", b"-NOAUTH Authentication required.\r\n".to_vec()),
        ("mongodb", mongodb),
        ("amqp", b"AMQP\x03\x01\x00\x00".to_vec()),
        ("rdp", vec![3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0]),
        ("modbus", vec![0x41, 0x55, 0, 0, 0, 3, 0xff, 0xab, 1]),
        ("x11", vec![0, 3, 11, 0, 0, 0, 1, 0]),
        ("dns", vec![0, 12, 0x41, 0x55, 0x80, 5, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("pop3", b"+OK ready\r\n".to_vec()),
        ("imap", b"* OK ready\r\n".to_vec()),
        ("page", b"<!DOCTYPE html><html>".to_vec()),
    ]
}

// --- certificates ---

fn params(name: &str) -> CertificateParams {
    let mut params =
        CertificateParams::new(vec![format!("{name}.clinic.example"), "127.0.0.1".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params
}

/// Certificates of an authority that signs nothing else, and chains made of them and of strangers.
fn certificates() {
    let data = root().join("data");
    if fs::metadata(data.join("root.der")).map_or(0, |m| m.len()) == 0 {
        let authority = |name: &str| {
            let mut params = params(name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params
        };
        let (root_key, middle_key, leaf_key) =
            (KeyPair::generate().unwrap(), KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let top = authority("root").self_signed(&root_key).unwrap();
        let top_issuer = Issuer::new(authority("root"), root_key);
        let middle = authority("middle").signed_by(&middle_key, &top_issuer).unwrap();
        let middle_issuer = Issuer::new(authority("middle"), middle_key);
        let mut leaf = params("leaf");
        leaf.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
        let leaf = leaf.signed_by(&leaf_key, &middle_issuer).unwrap();
        fs::create_dir_all(&data).unwrap();
        for (name, certificate) in [("root", &top), ("middle", &middle), ("leaf", &leaf)] {
            fs::write(data.join(name).with_extension("der"), certificate.der()).unwrap();
        }
        let block = |c: &rcgen::Certificate| c.pem().into_bytes();
        put("pem", "one", &block(&top));
        put("pem", "two", &[&b"# the clinic's own\n"[..], &block(&top), b"\r\n", &block(&middle)].concat());
        put("pem", "cut", &block(&top)[..200]);
    }
    put("pem", "empty-block", b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
    put("pem", "other-block", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    let read = |name: &str| fs::read(data.join(name).with_extension("der")).unwrap();
    let (top, middle, leaf) = (read("root"), read("middle"), read("leaf"));
    let p384 =
        params("stranger").self_signed(&KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap()).unwrap();
    let ed25519 = params("stranger").self_signed(&KeyPair::generate_for(&PKCS_ED25519).unwrap()).unwrap();
    put("certificate", "chain", &chained(&[&leaf, &middle]));
    put("certificate", "chain-with-root", &chained(&[&leaf, &middle, &top]));
    put("certificate", "root", &chained(&[&top]));
    put("certificate", "middle", &chained(&[&middle]));
    put("certificate", "leaf-alone", &chained(&[&leaf]));
    put("certificate", "p384", &chained(&[p384.der(), &middle]));
    put("certificate", "ed25519", &chained(&[ed25519.der()]));
    put("certificate", "nonsense", &chained(&[b"no certificate", &top]));
}

fn chained(ders: &[&[u8]]) -> Vec<u8> {
    ders.iter().flat_map(|der| [&u16::try_from(der.len()).unwrap().to_be_bytes()[..], der].concat()).collect()
}

// --- files ---

fn scenario() -> Seeds {
    const HEAD: &str = "title = \"T\"\nstage = \"status-quo\"\nsetting = \"homecare\"\n";
    let with = |rest: &str| format!("{HEAD}{rest}").into_bytes();
    vec![
        ("least", with("")),
        (
            "whole",
            with(
                r#"trust_anchors = ["clinic.pem"]
[authorisation]
by = "Dr. A"
until = 2027-01-01
impact = "intrusive"
pace = "ward"
[device.cuff]
name = "Cuff"
class = "II"
address = "127.0.0.1"
host_names = ["cuff.example"]
product = { maker = "M", model = "X", version = "1" }
behind = "hub"
legacy = true
placed_on_market = 2020-02-29
service_life = "5 years"
support_until = "2030-12-31"
sbom = "sbom.json"
has = ["wifi"]
without = ["usb"]
services = [
  { name = "broker", port = 8883, protocol = "mqtt", tls = true, client_certificate = true },
  { name = "pacs", port = 104, protocol = "dicom", ae_title = "AE", purpose = "images" },
]
[gateway.hub]
address = "::1"
[network.home]
kind = "wifi"
[cloud.platform]
operator = "O"
region = "EU"
services = [{ name = "fhir", port = 443, protocol = "fhir", tls = true, base = "/fhir" }]
[process.maker]
[[flow]]
from = "cuff"
to = "platform/fhir"
data = ["vitals", "identity"]
over = ["home"]
"#,
            ),
        ),
        (
            "unknown-words",
            with(
                "stagee = 1\n[device.cuff]\nclass = \"V\"\nadress = \"x\"\n[[flow]]\nfrom = \"cufff\"\nto = \"cuff/x\"\n",
            ),
        ),
        (
            "wrong-types",
            with(
                "trust_anchors = 1\ndevice = [1]\n[gateway]\nhub = 2\n[cloud.a]\nservices = [3, { name = \"\", port = 70000 }]\n",
            ),
        ),
        (
            "bad-values",
            with(
                "[device.A]\n[device.b]\naddress = \"255.255.255.255\"\nbehind = \"b\"\nhost_names = [\"-\"]\nsbom = \"../x\"\nservice_life = \"9999999999 years\"\nplaced_on_market = \"2023-02-30\"\n",
            ),
        ),
        ("syntax", with("[device\nx = \"")),
        (
            "double",
            with(
                "[device.a]\n[gateway.a]\n[device.c]\nservices = [{ name = \"x\", port = 1 }, { name = \"x\", port = 1 }]\n",
            ),
        ),
        ("deep", with(&format!("x = {}", "[".repeat(900)))),
        ("deep-keys", with(&"a.".repeat(900))),
        ("odd-letters", "\u{feff}title = \"\u{202e}\u{1b}é\"\r\nüb = 1\r\n".as_bytes().to_vec()),
    ]
}

fn catalog() -> Seeds {
    let file = |choice: u8, text: &str| [&[choice], text.as_bytes()].concat();
    vec![
        (
            "requirement",
            file(
                0,
                r#"id = "OWN-01"
area = "OWN"
title = "T"
intent = """
Two
lines."""
roles = ["device", "cloud"]
tests = ["probe"]
automation = "auto"
gateway_may_wrap = true
remedy = "R"
cites = [{ framework = "own", clause = "1", relation = "equal", verified = true }]
[condition]
protocols = ["mqtt"]
traits = ["wifi"]
networks = ["5g"]
legacy = true
[applies]
homecare = "RMM-"
integrated-care = "MMMM"
[[aspects]]
id = "a"
title = "A"
by = "check"
[[aspects]]
id = "b"
title = "B"
by = "hand"
step = "Ask."
"#,
            ),
        ),
        (
            "wrong",
            file(
                0,
                "id = \"own\"\narea = 1\nroles = []\ntests = [\"prob\"]\ncites = [{ framework = \"ow\" }]\nx = 1\n",
            ),
        ),
        (
            "framework",
            file(1, "id = \"own\"\nname = \"N\"\npublisher = \"P\"\nedition = \"E\"\nabout = \"A\"\n"),
        ),
        (
            "perimeter",
            file(
                2,
                "[[test]]\nunit = \"5.1-1-1a\"\nkind = \"functional\"\nixit = \"1\"\ntest = \"t\"\nlevel = \"Z\"\nrequirements = [\"OWN-01\"]\n",
            ),
        ),
        ("version", file(3, "version = \"2026.1\"\n")),
        ("syntax", file(0, "id = \n[[aspects")),
        ("deep", file(0, &format!("x = {}", "[".repeat(900)))),
    ]
}

fn chain() -> Seeds {
    let facts = "{\"kind\":\"mqtt\",\"n\":1}\n[\"\u{fb33}\",{\"\u{10000}\":null}]\ntrue\n";
    vec![
        ("three", [&[1, 0, 9, 0, 30][..], facts.as_bytes()].concat()),
        ("line-end", [&[b'\n' ^ b' ', 1, 0xc0, 1, 0xc1][..], facts.as_bytes()].concat()),
        ("only-opened", vec![0x20, 0, 0, 0, 0]),
        ("numbers", b"\x02\0\xff\0\xff18446744073709551615\n-9223372036854775808\n1.5\n-0\n".to_vec()),
        ("deep", [&[1, 2, 3, 4, 5][..], &b"[".repeat(61), &b"]".repeat(61), b"\n"].concat()),
    ]
}

fn evidence() -> Seeds {
    use auscult_casefile::{canonical, digest};
    use serde_json::json;
    let header = json!({
        "schema": auscult_casefile::SCHEMA, "scenario": digest(b"s"), "catalog": digest(b"c"), "files": {},
    });
    let mut prev = digest(&canonical(&header).unwrap());
    let mut whole = Vec::new();
    let mut first = Vec::new();
    for (seq, body) in [
        json!({ "opened": header }),
        json!({ "observation": { "kind": "http" } }),
        json!({ "assessed": { "assessment": digest(b"a") } }),
    ]
    .into_iter()
    .enumerate()
    {
        let mut value = json!({ "seq": seq, "prev": prev, "at": "2026-01-01T00:00:00Z", "body": body });
        prev = digest(&canonical(&value).unwrap());
        value["digest"] = json!(prev);
        whole.extend(canonical(&value).unwrap());
        whole.push(b'\n');
        if seq == 0 {
            first = whole.clone();
        }
    }
    vec![
        ("whole", whole.clone()),
        ("opened", first),
        ("torn", whole[..whole.len() - 1].to_vec()),
        ("spaced", [b" ", &whole[..]].concat()),
        ("no-record", b"{}\n".to_vec()),
        ("deep", [&b"[".repeat(200)[..], b"\n"].concat()),
    ]
}

/// Drawn assessments are made of bytes that mean nothing by themselves; these hold what strangers like to send.
fn report() -> Seeds {
    let words: [&[u8]; 9] = [
        b"<script>alert(1)</script>",
        b"\" onmouseover=\"x",
        b"'><img src=x onerror=y>",
        b"\x1b[2J\x1b]0;x\x07",
        b"]]></style>--><!--",
        "\u{202e}\u{2066}\u{200b}\u{9b}31m".as_bytes(),
        b"javascript:x&#58;&lt;",
        b"a\r\n\tb\\u{1b}",
        "{ $n } e\u{301}\u{302}\u{303} p\u{430}y".as_bytes(),
    ];
    let filled = |start: usize, flags: &[u8]| {
        let mut bytes = vec![80];
        for turn in 0..90usize {
            let word = words[(start + turn) % words.len()];
            bytes.extend(flags);
            bytes.push(u8::try_from(word.len()).unwrap());
            bytes.extend(word);
        }
        bytes.truncate(4096);
        bytes
    };
    let mut seeds = vec![
        ("nothing", vec![80]),
        ("ones", vec![1; 600]),
        ("threes", vec![3; 2000]),
        ("fives", vec![5; 4096]),
        ("full", vec![0xff; 4096]),
    ];
    let names = ["words-0", "words-1", "words-2", "words-3", "words-4", "words-5", "words-6", "words-7"];
    for (start, name) in names.into_iter().enumerate() {
        let flags: &[u8] = [&[3][..], &[3, 1], &[1, 2, 3], &[]][start % 4];
        seeds.push((name, filled(start, flags)));
    }
    seeds
}

/// Fixtures of the checks, one of each kind of facts and some more; the short ones.
fn judgement() {
    let checks = root().join("../crates/auscult-checks/src");
    let mut taken = Vec::new();
    let folders = |path: &Path| -> Vec<std::path::PathBuf> {
        let mut found: Vec<_> = fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect();
        found.sort();
        found
    };
    for protocol in folders(&checks).iter().filter(|p| p.is_dir()) {
        for check in folders(protocol).iter().filter(|p| p.join("fixtures").is_dir()).step_by(3) {
            for wanted in ["fail-", "inconclusive-"] {
                let fixture = folders(&check.join("fixtures")).into_iter().find(|f| {
                    let name = f.file_name().unwrap().to_string_lossy();
                    name.starts_with(wanted)
                        && name.ends_with(".json")
                        && fs::metadata(f).unwrap().len() <= 4096
                });
                if let Some(fixture) = fixture {
                    let name = check.file_name().unwrap().to_string_lossy();
                    let name = format!(
                        "{}-{name}-{}",
                        protocol.file_name().unwrap().to_string_lossy(),
                        wanted.trim_end_matches('-')
                    );
                    taken.push((name, fs::read(fixture).unwrap()));
                }
            }
        }
    }
    for (name, bytes) in taken.into_iter().take(40) {
        put("judgement", &name, &bytes);
    }
}
