//! Strings of devices that would be active somewhere: through every field that a device controls and that reaches facts,
//! into terminal, HTML, JSON and the lines of the evidence, where they are nothing but letters.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use serde_json::Value;

use crate::behaviour::Does;
use crate::watched::auscult;
use crate::{OCTET, tls};

/// By this the strings are found again.
const MARK: &str = "PAYLOAD";

/// What would be active in a page, a formula, a log or a template, in letters that every protocol can carry.
const LETTERS: &str = "PAYLOAD/7.4.1 <script>alert(1)</script>\"'><img src=x onerror=alert(1)>${jndi:ldap://x/a}{{7*7}}]]>=1+1|";

/// What would be active in a terminal as well.
const CONTROLS: &str = "PAYLOAD/7.4.1 \u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}gnp\u{200b}\u{2028}\u{feff}<svg onload=alert(1)>";

/// A service whose every string is a payload.
struct Speaker {
    name: &'static str,
    port: u16,
    declared: &'static str,
    does: Does,
    /// Kinds of facts in which its strings must be found again; none where facts keep no text of it.
    kept_in: &'static [&'static str],
}

const fn speaker(
    name: &'static str,
    port: u16,
    declared: &'static str,
    does: Does,
    kept_in: &'static [&'static str],
) -> Speaker {
    Speaker { name, port, declared, does, kept_in }
}

const SPEAKERS: [Speaker; 18] = [
    speaker("http-letters", 8080, "protocol = \"http\"", Does::Tells(|h| page(h, LETTERS)), &["service"]),
    speaker("http-controls", 8080, "protocol = \"http\"", Does::Tells(|h| page(h, CONTROLS)), &[]),
    speaker("fhir-letters", 8090, "protocol = \"fhir\", base = \"/fhir\"", Does::Tells(|h| fhir(h, LETTERS)), &[]),
    speaker("fhir-controls", 8090, "protocol = \"fhir\", base = \"/fhir\"", Does::Tells(|h| fhir(h, CONTROLS)), &[]),
    speaker("https", 8443, "protocol = \"http\", tls = true", Does::Tells(certificate), &["tls"]),
    speaker("ssh", 2222, "protocol = \"ssh\"", Does::Greets(b"SSH-2.0-PAYLOAD\x1b[2J<script>alert(1)</script>\xe2\x80\xae\r\n"), &["service"]),
    speaker("ftp", 2121, "protocol = \"ftp\"", Does::Greets(b"220 PAYLOAD\x1b[2J<script>alert(1)</script>\xe2\x80\xae\xff ftp\r\n"), &["service"]),
    speaker("telnet", 2323, "protocol = \"telnet\"", Does::Greets(b"\xff\xfd\x18PAYLOAD\x1b[2J<script>alert(1)</script>\xe2\x80\xae\r\nlogin: "), &[]),
    speaker("smtp", 2525, "", Does::Greets(b"220 PAYLOAD\x1b]0;x\x07<script>alert(1)</script> ESMTP\r\n"), &["service"]),
    speaker("redis", 6379, "protocol = \"redis\"", Does::Tells(redis), &[]),
    speaker("memcached", 11211, "protocol = \"memcached\"", Does::Answers(b"VERSION PAYLOAD\x1b[2J<script>alert(1)</script>\r\n"), &[]),
    speaker("mysql", 3306, "protocol = \"mysql\"", Does::Greets(b"\x60\0\0\0\x0aPAYLOAD\x1b[2J<script>alert(1)</script>\xe2\x80\xae\0\x01\0\0\0aaaaaaaa\0\xff\xff\x08\x02\0\xff\xff\x15\0\0\0\0\0\0\0\0\0\0bbbbbbbbbbbb\0mysql_native\0"), &[]),
    speaker("nats", 4222, "protocol = \"nats\"", Does::Greets(b"INFO {\"server_id\":\"PAYLOAD\",\"version\":\"PAYLOAD<script>alert(1)</script>\\u001b[2J\\u202e\",\"max_payload\":1}\r\n"), &[]),
    speaker("mqtt", 1883, "protocol = \"mqtt\"", Does::TellsThenFloods(crate::scripts::mqtt_subscribed, b"\x31\x27\0\x22PAYLOAD\x1b[2J<script>alert(1)</scriptabc"), &[]),
    speaker("vnc", 5900, "protocol = \"vnc\"", Does::Tells(vnc), &[]),
    speaker("hl7", 2575, "protocol = \"hl7-mllp\"", Does::Answers(b"\x0bMSH|^~\\&|PAYLOAD\x1b[2J|<script>alert(1)</script>|Z|A|2026||ACK|1|P|2.5\rMSA|AR|1|PAYLOAD<script>alert(1)</script>\x1b[2J\r\x1c\r"), &[]),
    speaker("nobody-knows", 9999, "", Does::Greets(b"PAYLOAD\x1b[2J<script>alert(1)</script>\xe2\x80\xae\xff\xfe\0\0\0\x01"), &[]),
    speaker("amqp", 5672, "protocol = \"amqp\"", Does::Tells(amqp), &[]),
];

fn page(heard: &[u8], payload: &str) -> Vec<u8> {
    if !heard.ends_with(b"\r\n\r\n") {
        return Vec::new();
    }
    let body = format!(
        "<html><head><title>{payload}</title></head><body><form action=\"/{payload}\" method=post>\
         <input name=\"{payload}\"><input type=password name=\"{payload}\"></form>\
         <a href=\"javascript:alert(1)\">{payload}</a>\nContact: {payload}\nExpires: {payload}\n</body></html>"
    );
    format!(
        "HTTP/1.1 200 OK\r\nServer: {payload}\r\nSet-Cookie: PAYLOAD={payload}; Path=/\r\nX-Powered-By: {payload}\r\n\
         WWW-Authenticate: Basic realm=\"{payload}\"\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn fhir(heard: &[u8], payload: &str) -> Vec<u8> {
    if !heard.ends_with(b"\r\n\r\n") {
        return Vec::new();
    }
    let said = Value::String(payload.to_owned());
    let body = format!(
        "{{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":{said},\"software\":{{\"name\":{said},\"version\":{said}}},\
         \"authorization_endpoint\":{said},\"token_endpoint\":{said},\"capabilities\":[{said}],\
         \"code_challenge_methods_supported\":[{said}],\"rest\":[{{\"mode\":\"server\",\"security\":{{\"service\":[{{\"text\":{said}}}]}}}}]}}"
    );
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length:";
    format!("{head} {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn certificate(heard: &[u8]) -> Vec<u8> {
    let names = [LETTERS.as_bytes().to_vec(), CONTROLS.as_bytes().to_vec()];
    tls::with_chain(heard, &[tls::certificate(CONTROLS.as_bytes(), CONTROLS.as_bytes(), 256, &names)])
}

fn redis(heard: &[u8]) -> Vec<u8> {
    let info = "# Server\r\nredis_version:PAYLOAD\u{1b}[2J<script>alert(1)</script>\u{202e}\r\n";
    match heard.windows(4).any(|w| w.eq_ignore_ascii_case(b"INFO")) {
        true => format!("${}\r\n{info}\r\n", info.len()).into_bytes(),
        false => b"+PONG\r\n".to_vec(),
    }
}

fn vnc(heard: &[u8]) -> Vec<u8> {
    match heard {
        [b'R', b'F', b'B', ..] => b"\x01\x01".to_vec(),
        [1] if heard.len() == 1 => b"\0\0\0\0".to_vec(),
        _ => b"RFB 003.008\n".to_vec(),
    }
}

fn amqp(heard: &[u8]) -> Vec<u8> {
    if !heard.starts_with(b"AMQP") {
        return Vec::new();
    }
    let text = "PAYLOAD\u{1b}[2J<script>alert(1)</script>\u{202e}".as_bytes();
    let mut table = vec![];
    for key in [b"product".as_slice(), b"version"] {
        table.push(key.len() as u8);
        table.extend(key);
        table.push(b'S');
        table.extend((text.len() as u32).to_be_bytes());
        table.extend(text);
    }
    let mut body = vec![0, 10, 0, 10, 0, 9];
    body.extend((table.len() as u32).to_be_bytes());
    body.extend(table);
    for list in [b"PLAIN PAYLOAD".as_slice(), b"en_US"] {
        body.extend((list.len() as u32).to_be_bytes());
        body.extend(list);
    }
    let mut frame = vec![1, 0, 0];
    frame.extend((body.len() as u32).to_be_bytes());
    frame.extend(body);
    frame.push(0xce);
    frame
}

/// Characters that move, hide or turn round what a person sees.
fn is_active(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strings_of_devices_are_nothing_but_letters() {
    let mut text = "title = \"Strings\"\nstage = \"target\"\nsetting = \"homecare\"\n\
                    [authorisation]\nby = \"test\"\nuntil = 2099-12-31\nimpact = \"intrusive\"\npace = \"laboratory\"\n"
        .to_owned();
    for (n, speaker) in SPEAKERS.iter().enumerate() {
        let address = Ipv4Addr::new(127, OCTET, 200, u8::try_from(n + 1).expect("few"));
        speaker.does.serve(address, speaker.port).await;
        let _ = write!(
            text,
            "[device.{}]\nclass = \"III\"\naddress = \"{address}\"\nservices = [{{ name = \"it\", port = {}{}{} }}]\n",
            speaker.name,
            speaker.port,
            if speaker.declared.is_empty() { "" } else { ", " },
            speaker.declared
        );
    }
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("s.toml"), text).expect("a scenario");
    let folder = dir.path().to_owned();
    let told = tokio::task::spawn_blocking(move || {
        auscult(
            &folder,
            &[
                "check",
                "s.toml",
                "--declared-only",
                "--case",
                "s.case",
                "--reporter",
                "human",
                "--reporter",
                "html:s.html",
                "--reporter",
                "json:s.json",
            ],
        )
    })
    .await
    .expect("a run");
    assert!(matches!(told.code, Some(1 | 3)), "{:?}: {}", told.code, told.errors);
    let read =
        |name: &str| String::from_utf8(std::fs::read(dir.path().join(name)).expect(name)).expect("UTF-8");
    let terminal = String::from_utf8(told.output).expect("UTF-8");
    let (html, json, evidence) = (read("s.html"), read("s.json"), read("s.case/evidence.jsonl"));

    // Every sink is free of what moves, hides or turns round; JSON has it escaped.
    for (name, sink) in [("terminal", &terminal), ("standard error", &told.errors), ("html", &html)] {
        let active = sink.char_indices().find(|(_, c)| is_active(*c));
        assert!(active.is_none(), "{name} holds {active:?}");
    }
    for (name, sink) in [("json", &json), ("evidence", &evidence)] {
        assert!(!sink.chars().any(|c| c.is_control() && c != '\n'), "{name}");
    }
    for markup in
        ["<script>alert", "<img src=x", "<svg onload=alert", "href=\"javascript", "href='javascript"]
    {
        assert!(!html.contains(markup), "html holds {markup}");
    }
    let _: Value = serde_json::from_str(&json).expect("JSON");

    // The strings were there: otherwise this test would show nothing.
    let mut missing = Vec::new();
    let records: Vec<Value> = evidence.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    for speaker in &SPEAKERS {
        for kind in speaker.kept_in {
            let kept = records.iter().map(|r| &r["body"]["observation"]).any(|o| {
                o["target"]["node"] == speaker.name
                    && o["kind"] == *kind
                    && o["outcome"].to_string().contains(MARK)
            });
            if !kept {
                missing.push(format!("{} keeps nothing in {kind}", speaker.name));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    for (name, sink) in [("terminal", &terminal), ("html", &html), ("json", &json)] {
        assert!(sink.contains(MARK), "nothing of it reached {name}");
    }
}
