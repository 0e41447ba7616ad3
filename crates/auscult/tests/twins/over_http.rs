//! What is spoken within HTTP. Receivers of HL7 v2: one that takes what anybody sends in clear, one that looks at the
//! sender, and one that wants to know who it is. A FHIR API that shows what it is and nothing else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 4] = [
    Twin {
        name: "hl7-web-careless",
        address: [127, 186, 1, 1],
        everywhere: &[],
        start: careless,
        scenario: r#"
[gateway.hub]
class = "II"
address = "{address}"
services = [{ name = "results", port = 17501, protocol = "hl7-http", base = "/hl7" }]
[device.pump]
class = "II"
[network.ward]
kind = "wifi"
[[flow]]
from = "pump"
to = "hub/results"
data = ["therapy"]
over = ["ward"]
"#,
        must: Must::Fail(&[
            ("MED-02", "hub/results", "hl7-in-clear"),
            ("MED-02", "hub/results", "hl7-sender-unchecked"),
            ("TLS-01", "hub/results", "flow-in-clear"),
            ("TLS-01", "pump > hub/results", "flow-in-clear"),
        ]),
    },
    Twin {
        name: "hl7-web-that-looks",
        address: [127, 186, 1, 2],
        everywhere: &[],
        start: looks,
        scenario: CABLE,
        must: Must::Hold(&["hl7-in-clear", "hl7-sender-unchecked", "service-declaration-wrong"]),
    },
    Twin {
        name: "hl7-web-with-login",
        address: [127, 186, 1, 3],
        everywhere: &[],
        start: login,
        scenario: CABLE,
        must: Must::Hold(&["hl7-sender-unchecked"]),
    },
    Twin {
        name: "fhir-with-statement",
        address: [127, 186, 1, 4],
        everywhere: &[],
        start: fhir,
        scenario: r#"
[gateway.hub]
class = "II"
address = "{address}"
services = [{ name = "fhir", port = 17501, protocol = "fhir", base = "/fhir" }]
[device.pump]
class = "II"
[network.cable]
kind = "direct-cable"
[[flow]]
from = "pump"
to = "hub/fhir"
data = ["vitals"]
over = ["cable"]
"#,
        must: Must::Hold(&["service-declaration-wrong", "fhir-open-read", "fhir-open-search"]),
    },
];

const CABLE: &str = r#"
[gateway.hub]
class = "II"
address = "{address}"
services = [{ name = "results", port = 17501, protocol = "hl7-http", base = "/hl7" }]
[device.pump]
class = "II"
[network.cable]
kind = "direct-cable"
[[flow]]
from = "pump"
to = "hub/results"
data = ["therapy"]
over = ["cable"]
"#;

/// Answers a request, by its first line and the control id of the message in it, with status, media type and body.
type Answer = fn(&str, &str) -> (&'static str, &'static str, String);

const HL7: &str = "application/hl7-v2; charset=utf-8";

fn careless(ground: &Ground) -> Vec<Running> {
    serve(ground, |asked, id| match asked.starts_with("POST /hl7 ") {
        true => ("200 OK", HL7, acknowledged("AA", id, "")),
        false => ("404 Not Found", "text/plain", String::new()),
    })
}

fn looks(ground: &Ground) -> Vec<Running> {
    serve(ground, |asked, id| match asked.starts_with("POST /hl7 ") {
        true => ("400 Bad Request", HL7, acknowledged("AR", id, "unknown sending application")),
        false => ("404 Not Found", "text/plain", String::new()),
    })
}

fn login(ground: &Ground) -> Vec<Running> {
    serve(ground, |_, _| ("401 Unauthorized", "text/plain", String::new()))
}

fn fhir(ground: &Ground) -> Vec<Running> {
    serve(ground, |asked, _| {
        match asked.split(' ').nth(1).unwrap_or_default() {
        "/fhir/metadata" => (
            "200 OK",
            "application/fhir+json",
            "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\"}".to_owned(),
        ),
        "/fhir/.well-known/smart-configuration" => (
            "200 OK",
            "application/json",
            "{\"token_endpoint\":\"https://hub.test/token\",\"authorization_endpoint\":\
             \"https://hub.test/authorize\",\"code_challenge_methods_supported\":[\"S256\"],\"capabilities\":[]}"
                .to_owned(),
        ),
        _ => ("401 Unauthorized", "text/plain", String::new()),
    }
    })
}

fn acknowledged(code: &str, id: &str, why: &str) -> String {
    format!("MSH|^~\\&|HUB|WARD|AUSCULT|AUSCULT|20260101||ACK|1|T|2.3.1\rMSA|{code}|{id}|{why}\r")
}

/// Serves the port of the twin from a thread that ends with the test.
fn serve(ground: &Ground, answer: Answer) -> Vec<Running> {
    let listener = TcpListener::bind((ground.address, 17501)).expect("a port");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || meet(stream, answer));
        }
    });
    Vec::new()
}

fn meet(stream: TcpStream, answer: Answer) -> std::io::Result<()> {
    let mut writing = stream.try_clone()?;
    let mut reading = BufReader::new(stream);
    let mut line = String::new();
    reading.read_line(&mut line)?;
    let asked = line.clone();
    let mut length = 0;
    while reading.read_line(&mut line)? > 0 {
        let header = line.lines().next_back().unwrap_or_default().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(said) = header.strip_prefix("content-length:") {
            length = said.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reading.read_exact(&mut body)?;
    let message = String::from_utf8_lossy(&body).into_owned();
    let id = message.split('|').nth(9).unwrap_or_default();
    let (status, kind, body) = answer(&asked, id);
    write!(
        writing,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
