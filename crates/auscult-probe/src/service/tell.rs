//! Tells a protocol by what a server says, whatever it was asked.

use super::question::{MONGODB_REQUEST, Question};

/// What an answer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It speaks this protocol.
    Protocol {
        /// Protocol word.
        word: &'static str,
        /// Product as it states it.
        product: Option<String>,
    },
    /// It speaks TLS.
    Tls,
    /// It greets with `220` as FTP and SMTP both do.
    Greeting220,
}

/// Longest answer that a server of a binary protocol may announce to a first question, in bytes: what announces
/// gigabytes has not answered in the protocol.
const LONGEST: u32 = 1 << 20;

/// Longest product kept, in characters.
const MAX_PRODUCT: usize = 120;

/// Tells the protocol by an answer to a question; `None` when it proves nothing.
pub(super) fn tell(question: Question, sent: &[u8], heard: &[u8]) -> Option<Told> {
    if sent.len() >= 8 && heard.starts_with(sent) {
        return is("echo", None);
    }
    asked_for(question, sent, heard).or_else(|| by_itself(heard))
}

/// Whether an answer is whole, so that no more need be waited for.
pub(super) fn whole(question: Question, sent: &[u8], heard: &[u8]) -> bool {
    if heard.starts_with(b"HTTP/") {
        let Some(head) = find(heard, b"\r\n\r\n") else { return false };
        let says = |part: &[u8]| {
            let kind = header(heard, b"content-type:").unwrap_or_default().to_ascii_lowercase();
            find(kind.as_bytes(), part).is_some() && heard.len() < head + LONGEST_BEGINNING
        };
        // Of these two the body tells, and its beginning is enough.
        return match question {
            Question::FhirMetadata => !says(b"json") || gives_metadata(heard),
            Question::Hl7Http => !says(b"hl7-v2") || gives_hl7(heard),
            _ => true,
        };
    }
    if heard.starts_with(b"SSH-") || heard.starts_with(b"220") {
        return heard.contains(&b'\n');
    }
    if let [2, 0, a, b, c, d, ..] = heard {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        return heard.len().saturating_sub(6) >= length;
    }
    // An echo may still be coming in, and must not be taken for an answer.
    !sent.starts_with(heard) && tell(question, sent, heard).is_some()
}

fn is(word: &'static str, product: Option<String>) -> Option<Told> {
    Some(Told::Protocol { word, product })
}

/// Answers that prove something only as answers to their question.
fn asked_for(question: Question, sent: &[u8], heard: &[u8]) -> Option<Told> {
    let word = match (question, heard) {
        (Question::MqttConnect, [0x20, 2, 0 | 1, 0..=5, ..])
        | (Question::MqttConnect | Question::Mqtt5Connect, [0x20, 2..=127, 0 | 1, 0 | 0x80..=0x9f, ..]) => {
            "mqtt"
        }
        (Question::RedisPing, _) if heard.starts_with(b"-") => "redis",
        (Question::PostgresqlSsl, [b'S' | b'N']) => "postgresql",
        (Question::PostgresqlSsl, [b'E', 0, 0, _, ..]) if find(heard, b"FATAL").is_some() => "postgresql",
        (Question::MongodbHello, _)
            if heard.get(8..12) == Some(&MONGODB_REQUEST) && heard.get(12..16) == Some(&[1, 0, 0, 0]) =>
        {
            "mongodb"
        }
        (Question::AmqpHeader, [b'A', b'M', b'Q', b'P', _, _, _, _, ..]) if !heard.starts_with(sent) => {
            "amqp"
        }
        // Method frame on channel 0 with Connection.Start.
        (Question::AmqpHeader, [1, 0, 0, a, b, c, d, 0, 10, 0, 10, ..])
            if u32::from_be_bytes([*a, *b, *c, *d]) <= LONGEST =>
        {
            "amqp"
        }
        // A response of SMB 2 has the flag SERVER_TO_REDIR.
        (Question::SmbNegotiate, [0, _, _, _, 0xfe, b'S', b'M', b'B', ..])
            if heard.get(20).is_some_and(|flags| flags & 1 == 1) =>
        {
            "smb"
        }
        (Question::SmbNegotiate, [0, _, _, _, 0xff, b'S', b'M', b'B', ..])
            if heard.get(13).is_some_and(|flags| flags & 0x80 != 0) =>
        {
            "smb"
        }
        (Question::RdpConnect, [3, 0, 0, _, _, 0xd0, ..]) => "rdp",
        (
            Question::OpcuaHello,
            [b'A', b'C', b'K', b'F', a, b, c, d, ..] | [b'E', b'R', b'R', b'F', a, b, c, d, ..],
        ) if (16..=LONGEST).contains(&u32::from_le_bytes([*a, *b, *c, *d])) => "opcua",
        (Question::DnsQuery, [_, _, 0x41, 0x55, flags, ..]) if flags & 0x80 != 0 => "dns",
        // Our transaction and the function, with or without the bit that marks an exception.
        (Question::ModbusDeviceId, [0x41, 0x55, 0, 0, _, _, _, 0x2b | 0xab, ..])
            if !sent.starts_with(heard) =>
        {
            "modbus"
        }
        (Question::X11Setup, [0..=2, _, 11, 0, ..]) => "x11",
        (Question::MqttWebsocket, _) if goes_over_to_mqtt(heard) => "mqtt-websocket",
        (Question::FhirMetadata, _) if gives_metadata(heard) => "fhir",
        (Question::Hl7Http, _) if gives_hl7(heard) => "hl7-http",
        (Question::SmtpEhlo, [b'2', b'5', b'0', ..]) => "smtp",
        (Question::SmtpEhlo, [b'5', b'0' | b'3', ..]) => "ftp",
        _ => return None,
    };
    is(word, None)
}

/// What a server makes of the key in the question for MQTT within a WebSocket (RFC 6455, 4.2.2): who answers otherwise
/// has not understood it.
const ACCEPT: &str = "U3L07T36CdveVT1VLwKHoMRonSg=";

/// Whether a web server goes over to WebSockets and speaks MQTT within.
fn goes_over_to_mqtt(heard: &[u8]) -> bool {
    let says = |name, value: &str| header(heard, name).is_some_and(|said| said == value);
    heard.starts_with(b"HTTP/1.1 101")
        && says(b"sec-websocket-protocol:", "mqtt")
        && says(b"sec-websocket-accept:", ACCEPT)
}

/// Longest beginning of a body that is waited for, in bytes.
const LONGEST_BEGINNING: usize = 2 << 10;

/// The body of an HTTP answer, as far as it is there; pieces in which it may come are not put together.
fn body_of(heard: &[u8]) -> Option<&[u8]> {
    heard.get(find(heard, b"\r\n\r\n")? + 4..)
}

/// Whether an answer holds the statement of what a FHIR server can do, under its names of today and before (FHIR R4,
/// section 2.21.0.1).
fn gives_metadata(heard: &[u8]) -> bool {
    let names = |body: &[u8]| {
        let rest = body.get(find(body, RESOURCE_TYPE)? + RESOURCE_TYPE.len()..)?.trim_ascii_start();
        let rest = rest.strip_prefix(b":")?.trim_ascii_start();
        Some(rest.starts_with(b"\"CapabilityStatement\"") || rest.starts_with(b"\"Conformance\""))
    };
    heard.starts_with(b"HTTP/1.")
        && http_status(heard) == Some(200)
        && body_of(heard).and_then(names) == Some(true)
}

const RESOURCE_TYPE: &[u8] = b"\"resourceType\"";

/// Whether an answer holds an HL7 message with an acknowledgement, under the media type for it.
fn gives_hl7(heard: &[u8]) -> bool {
    let kind = header(heard, b"content-type:").unwrap_or_default().to_ascii_lowercase();
    let acknowledges = |body: &[u8]| {
        let message = body.get(find(body, b"MSH")?..)?;
        Some(find(message, b"\rMSA").is_some() || find(message, b"\nMSA").is_some())
    };
    heard.starts_with(b"HTTP/1.")
        && kind.starts_with("application/hl7-v2")
        && body_of(heard).and_then(acknowledges) == Some(true)
}

/// What proves itself, whatever was asked.
fn by_itself(heard: &[u8]) -> Option<Told> {
    binary(heard).or_else(|| text(heard))
}

fn binary(heard: &[u8]) -> Option<Told> {
    match heard {
        // A TLS alert or handshake record; one that carries a ClientHello is our own, sent back.
        [21, 3, 0..=4, 0, 2, ..] => Some(Told::Tls),
        [22, 3, 0..=4, high, _, kind, ..] if *high <= 0x40 && *kind != 1 => Some(Told::Tls),
        // IAC with a negotiation.
        [255, 250..=254, ..] => is("telnet", None),
        [7, 0, 0, 0, 0, 4, 0, 0, 0..=2, 0..=6] | [3, 0, 0, 0, 0, 4, 0, 1..=2, 1..=3, _] => is("dicom", None),
        [2, 0, a, b, c, d, 0, 1, ..]
            if heard.len() >= 74 && u32::from_be_bytes([*a, *b, *c, *d]) <= LONGEST =>
        {
            is("dicom", implementation(heard))
        }
        // Greeting of version 10, or an error packet before one.
        [_, _, 0, 0, 10, rest @ ..] if heard.len() > 20 => {
            let version = rest.split(|b| *b == 0).next().unwrap_or_default();
            let plausible = version.first().is_some_and(u8::is_ascii_digit);
            plausible.then(|| Told::Protocol { word: "mysql", product: clean(version) })
        }
        [_, _, 0, 0, 0xff, _, 4, ..] if find(heard, b"Host").is_some() => is("mysql", None),
        // SMUX (RFC 1227) closes with a reason.
        [0x41, 1, 0..=5, ..] => is("smux", None),
        [0x0b, b'M', b'S', b'H', ..] if find(heard, b"\rMSA").is_some() => is("hl7-mllp", None),
        _ => None,
    }
}

fn text(heard: &[u8]) -> Option<Told> {
    let line = heard.split(|b| *b == b'\n' || *b == b'\r').next().unwrap_or_default();
    let starts = |with: &[u8]| heard.starts_with(with);
    // An SSH server may send other lines first (RFC 4253, 4.2).
    if let Some(ident) = heard.split_inclusive(|b| *b == b'\n').find(|line| line.starts_with(b"SSH-")) {
        // What never comes to the end of its line is no identification.
        return if ident.ends_with(b"\n") { is("ssh", clean(ident)) } else { None };
    }
    if (starts(b"HTTP/1.") || starts(b"HTTP/2") || starts(b"HTTP/0.9")) && http_status(heard).is_some() {
        return is("http", header(heard, b"server:"));
    }
    if starts(b"RTSP/1.0 ") || starts(b"RTSP/2.0 ") {
        return is("rtsp", header(heard, b"server:"));
    }
    if starts(b"SIP/2.0 ") {
        return is("sip", header(heard, b"server:").or_else(|| header(heard, b"user-agent:")));
    }
    if starts(b"RFB 0") {
        return is("vnc", clean(line));
    }
    if [&b"220"[..], b"230", b"421 ", b"500 ", b"530 ", b"554 "].into_iter().any(starts) {
        let upper = heard.to_ascii_uppercase();
        let product = || clean(line.get(4..).unwrap_or_default());
        // SFTP is no service that greets so; ESMTP contains SMTP.
        return if find(&upper, b"FTP").is_some() {
            is("ftp", product())
        } else if find(&upper, b"SMTP").is_some() || find(&upper, b"MAIL").is_some() {
            is("smtp", product())
        } else {
            starts(b"220").then_some(Told::Greeting220)
        };
    }
    if starts(b"+OK") {
        return is("pop3", clean(line.get(4..).unwrap_or_default()));
    }
    if starts(b"* OK") || starts(b"* PREAUTH") || starts(b"* BYE") {
        return is("imap", clean(line.get(5..).unwrap_or_default()));
    }
    if starts(b"+PONG") || starts(b"-NOAUTH") || starts(b"-DENIED") {
        return is("redis", None);
    }
    if starts(b"-ERR")
        && (find(line, b"unknown command").is_some() || find(line, b"wrong number of").is_some())
    {
        return is("redis", None);
    }
    if starts(b"VERSION ") {
        return is("memcached", clean(line));
    }
    if starts(b"CLIENT_ERROR unauthenticated") {
        return is("memcached", None);
    }
    if starts(b"INFO {\"server_id\"") {
        return is("nats", None);
    }
    let lower = heard.to_ascii_lowercase();
    if lower.starts_with(b"<!doctype html") || lower.starts_with(b"<html") {
        return is("http", None);
    }
    if lower.trim_ascii_end().ends_with(b"login:") || lower.trim_ascii_end().ends_with(b"username:") {
        return is("telnet", None);
    }
    None
}

/// The status of an HTTP answer.
pub(super) fn http_status(heard: &[u8]) -> Option<u16> {
    let status = heard.strip_prefix(b"HTTP/")?.split(|b| *b == b' ').nth(1)?.get(..3)?;
    std::str::from_utf8(status).ok()?.parse().ok()
}

/// A header's value; the name in lower case with its colon.
fn header(heard: &[u8], name: &[u8]) -> Option<String> {
    let head = heard.get(..find(heard, b"\r\n\r\n").unwrap_or(heard.len()))?;
    let line = head
        .split(|b| *b == b'\n')
        .find(|line| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))?;
    clean(line.get(name.len()..).unwrap_or_default())
}

/// Implementation version name (item 0x55 of the user information) of an A-ASSOCIATE-AC.
fn implementation(heard: &[u8]) -> Option<String> {
    let mut items = items(heard.get(74..)?);
    let (_, user) = items.find(|(kind, _)| *kind == 0x50)?;
    let (_, name) = self::items(user).find(|(kind, _)| *kind == 0x55)?;
    clean(name)
}

/// The items of an association PDU: kind and body.
fn items(mut bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (head, rest) = bytes.split_at_checked(4)?;
        let [kind, _, high, low] = *head else { return None };
        let (body, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([high, low])))?;
        bytes = rest;
        Some((kind, body))
    })
}

/// Text of a device without control characters, cut to 120 characters.
pub(crate) fn clean(bytes: &[u8]) -> Option<String> {
    let text: String = String::from_utf8_lossy(bytes)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_PRODUCT)
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(question: Question, heard: &[u8]) -> Option<&'static str> {
        match tell(question, b"", heard) {
            Some(Told::Protocol { word, .. }) => Some(word),
            Some(Told::Tls) => Some("tls"),
            Some(Told::Greeting220) => Some("220"),
            None => None,
        }
    }

    #[test]
    fn banners_are_told() {
        let banner = |heard: &[u8]| word(Question::Banner, heard);
        assert_eq!(banner(b"SSH-2.0-dropbear_2022.83\r\n"), Some("ssh"));
        assert_eq!(banner(b"a line before\r\nSSH-2.0-x\r\n"), Some("ssh"));
        assert_eq!(banner(b"220 (vsFTPd 3.0.3)\r\n"), Some("ftp"));
        assert_eq!(banner(b"220 mail.example ESMTP\r\n"), Some("smtp"));
        assert_eq!(banner(b"220 ready\r\n"), Some("220"));
        assert_eq!(banner(b"\xff\xfb\x01"), Some("telnet"));
        assert_eq!(banner(b"\r\nPump 7 login: "), Some("telnet"));
        assert_eq!(banner(b"RFB 003.008\n"), Some("vnc"));
        assert_eq!(banner(b"J\x00\x00\x00\x0a8.0.32\x00abcdefghijklmnop"), Some("mysql"));
        assert_eq!(banner(b"hello"), None);
        assert_eq!(banner(b""), None);
    }

    #[test]
    fn answers_count_for_their_question_alone() {
        assert_eq!(word(Question::MqttConnect, &[0x20, 2, 0, 5]), Some("mqtt"));
        assert_eq!(word(Question::MqttConnect, &[0x20, 2, 0, 0x84]), Some("mqtt"), "version 5 only");
        assert_eq!(word(Question::HttpGet, &[0x20, 2, 0, 5]), None);
        assert_eq!(word(Question::PostgresqlSsl, b"N"), Some("postgresql"));
        assert_eq!(word(Question::HttpGet, b"N"), None);
        assert_eq!(word(Question::MemcachedVersion, b"CLIENT_ERROR unauthenticated\r\n"), Some("memcached"));
        assert_eq!(word(Question::HttpGet, &[0x41, 1, 2, 0]), Some("smux"));
        let upgrade = |accept: &str| {
            format!(
                "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: mqtt\r\n\
                 Sec-WebSocket-Accept: {accept}\r\n\r\n"
            )
        };
        let understood = word(Question::MqttWebsocket, upgrade(ACCEPT).as_bytes());
        assert_eq!(understood, Some("mqtt-websocket"));
        let foreign = word(Question::MqttWebsocket, upgrade("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=").as_bytes());
        assert_eq!(foreign, Some("http"));
        assert_eq!(word(Question::MqttWebsocket, b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), Some("http"));
        assert_eq!(word(Question::MqttWebsocket, b"HTTP/1.1 404 Not Found\r\n\r\n"), Some("http"));
        assert_eq!(word(Question::TlsHello, b"HTTP/1.1 400 Bad Request\r\n\r\n"), Some("http"));
        let fhir = |status: &str, body: &str| {
            let text = format!("HTTP/1.1 {status}\r\nContent-Type: application/fhir+json\r\n\r\n{body}");
            word(Question::FhirMetadata, text.as_bytes())
        };
        let statement = "{\n  \"resourceType\" : \"CapabilityStatement\",";
        assert_eq!(fhir("200 OK", statement), Some("fhir"));
        assert_eq!(fhir("401 Unauthorized", statement), Some("http"));
        assert_eq!(fhir("200 OK", "{\"resourceType\":\"OperationOutcome\"}"), Some("http"));
        assert_eq!(fhir("200 OK", "{\"resourceType\""), Some("http"));
        let hl7 = |kind: &str| {
            let body = "MSH|^~\\&|A|B|C|D|1||ACK|1|T|2.5\rMSA|AR|x\r";
            let text = format!("HTTP/1.1 400 Bad Request\r\nContent-Type: {kind}\r\n\r\n{body}");
            word(Question::Hl7Http, text.as_bytes())
        };
        assert_eq!(hl7("application/hl7-v2; charset=utf-8"), Some("hl7-http"));
        assert_eq!(hl7("text/plain"), Some("http"));
        assert_eq!(word(Question::TlsHello, &[7, 0, 0, 0, 0, 4, 0, 0, 2, 1]), Some("dicom"));
        assert_eq!(word(Question::HttpGet, &[21, 3, 1, 0, 2, 2, 70]), Some("tls"));
    }

    #[test]
    fn a_beginning_whose_end_is_a_lie_tells_nothing() {
        let mut accept = vec![2, 0, 0xff, 0xff, 0xff, 0xff, 0, 1];
        accept.resize(80, 0);
        assert_eq!(word(Question::DicomAssociate, &accept), None);
        assert_eq!(word(Question::OpcuaHello, b"ACKF\xff\xff\xff\xff"), None);
        assert_eq!(word(Question::OpcuaHello, b"ACKF\x1c\0\0\0"), Some("opcua"));
        assert_eq!(word(Question::AmqpHeader, b"\x01\0\0\xff\xff\xff\xff\0\x0a\0\x0a"), None);
        assert_eq!(word(Question::AmqpHeader, b"\x01\0\0\0\0\x02\0\0\x0a\0\x0a"), Some("amqp"));
        assert_eq!(word(Question::Banner, b"SSH-2.0-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), None);
        assert_eq!(word(Question::HttpGet, b"HTTP/1.1 abc OK\r\n\r\n"), None);
        assert_eq!(word(Question::HttpGet, b"HTTP/1.1 "), None);
    }

    #[test]
    fn an_echo_is_an_echo_and_never_an_answer() {
        let call = super::super::question::Call {
            address: "127.0.0.1".parse().unwrap(),
            port: 1,
            host_name: None,
            ae_title: None,
            base: None,
            mark: "abcd1234",
        };
        for question in super::super::question::order(None, 1) {
            let sent = question.bytes(&call);
            match tell(question, &sent, &sent) {
                None | Some(Told::Protocol { word: "echo", .. }) => {}
                other => panic!("{question:?} told {other:?} of its echo"),
            }
            for length in 1..sent.len() {
                assert!(!whole(question, &sent, &sent[..length]), "{question:?}, {length} bytes");
            }
        }
        assert_eq!(word(Question::TlsHello, &[22, 3, 1, 1, 0, 1, 0, 0]), None, "a hello sent back");
    }

    #[test]
    fn an_association_names_the_product() {
        let mut accept = vec![2, 0, 0, 0, 0, 0, 0, 1];
        accept.resize(74, 0);
        accept.extend([0x10, 0, 0, 1, b'1', 0x50, 0, 0, 10, 0x55, 0, 0, 6]);
        accept.extend(b"OFFIS\x07");
        assert_eq!(
            tell(Question::DicomAssociate, b"", &accept),
            Some(Told::Protocol { word: "dicom", product: Some("OFFIS".into()) })
        );
    }

    #[test]
    fn products_are_clean_and_short() {
        let shown = clean(format!(" \x1b[31m{}", "x".repeat(500)).as_bytes()).unwrap();
        assert!(shown.starts_with("[31m") && shown.chars().count() <= MAX_PRODUCT);
        assert_eq!(clean(b"\r\n\x00"), None);
    }

    #[test]
    fn any_bytes_are_endured() {
        // xorshift; starts of real answers with rubbish behind them go deeper than rubbish alone.
        let mut state = 0x2545_f491_4f6c_dd1du64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let starts: [&[u8]; 6] =
            [b"", b"HTTP/1.1 ", b"\x02\x00\x00\x00", b"220 ", b"\x0bMSH|", b"\x16\x03\x01"];
        for round in 0..20_000 {
            let mut heard = starts[round % starts.len()].to_vec();
            heard.extend((0..next() % 120).map(|_| next() as u8));
            let declared = [Question::FhirMetadata, Question::Hl7Http];
            for question in super::super::question::order(Some("mqtt"), 1).into_iter().chain(declared) {
                let _ = tell(question, b"", &heard);
                let _ = whole(question, b"", &heard);
            }
            let _ = http_status(&heard);
        }
    }
}
