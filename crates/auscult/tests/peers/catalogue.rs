//! The catalogue of hostile peers: what each is called, which protocols it can be met under, and how it behaves.

use crate::behaviour::{Does, Moment};
use crate::{scripts, tls};

/// One behaviour.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The services under which it is met, by their names in [`SERVICES`]; empty for all of them.
    pub(crate) fits: &'static [&'static str],
    pub(crate) does: Does,
    /// Checks that may pass or fail by what it really answers, or their first words; all others must stay undecided.
    pub(crate) shows: &'static [&'static str],
}

/// What is declared of the one port of a peer.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    pub(crate) declared: &'static str,
    /// Which run looks at it.
    pub(crate) group: usize,
}

const fn service(group: usize, name: &'static str, port: u16, declared: &'static str) -> Service {
    Service { name, port, declared, group }
}

/// How many runs there are at the same time.
pub(crate) const GROUPS: usize = 8;

pub(crate) const SERVICES: [Service; 23] = [
    service(
        0,
        "http",
        8080,
        "protocol = \"http\", apis = [], logins = [{ path = \"/login\", by = \"form\" }]",
    ),
    service(
        1,
        "https",
        8443,
        "protocol = \"http\", tls = true, apis = [], logins = [{ path = \"/login\", by = \"form\" }]",
    ),
    service(2, "fhir", 8090, "protocol = \"fhir\", base = \"/fhir\""),
    service(3, "mqtt", 1883, "protocol = \"mqtt\""),
    service(4, "mqtts", 8883, "protocol = \"mqtt\", tls = true, client_certificate = true"),
    service(5, "mqtt-websocket", 9001, "protocol = \"mqtt-websocket\""),
    service(5, "hl7", 2575, "protocol = \"hl7-mllp\""),
    service(4, "dicom", 11112, "protocol = \"dicom\", ae_title = \"ARCHIVE\""),
    service(3, "ssh", 2222, "protocol = \"ssh\""),
    service(3, "telnet", 2323, "protocol = \"telnet\""),
    service(4, "ftp", 2121, "protocol = \"ftp\""),
    service(5, "vnc", 5900, "protocol = \"vnc\""),
    service(6, "rdp", 3389, "protocol = \"rdp\""),
    service(6, "smb", 4450, "protocol = \"smb\""),
    service(6, "redis", 6379, "protocol = \"redis\""),
    service(6, "postgresql", 5432, "protocol = \"postgresql\""),
    service(6, "mysql", 3306, "protocol = \"mysql\""),
    service(7, "mongodb", 27017, "protocol = \"mongodb\""),
    service(7, "memcached", 11211, "protocol = \"memcached\""),
    service(7, "amqp", 5672, "protocol = \"amqp\""),
    service(7, "nats", 4222, "protocol = \"nats\""),
    service(7, "modbus", 5020, "protocol = \"modbus\""),
    service(7, "opcua", 4840, "protocol = \"opcua\""),
];

const EVERYTHING: &[&str] = &[];
const WEB: &[&str] = &["http", "fhir", "mqtt-websocket"];
const INSIDE_TLS: &[&str] = &["https", "mqtts"];

const fn row(name: &'static str, fits: &'static [&'static str], does: Does) -> Row {
    Row { name, fits, does, shows: &[] }
}

const fn shows(
    name: &'static str,
    fits: &'static [&'static str],
    does: Does,
    shows: &'static [&'static str],
) -> Row {
    Row { name, fits, does, shows }
}

const LETTERS: &[u8] = &[b'a'; 1024];
const ZEROS: &[u8] = &[0; 1024];

/// What an answer of HTTP shows by its head, whatever is in its body.
const BY_HEAD: &[&str] = &["http-", "security-txt-", "console-", SERVICE];

/// What the recognition of a protocol shows: whether it is the declared one, and none of those for administration.
const SERVICE: &str = "service-";
const RECOGNISED: &[&str] = &[SERVICE];

/// What a server hello shows, whatever comes after it.
const BY_HELLO: &[&str] = &[
    "tls-compression",
    "tls-insecure-renegotiation",
    "tls-client-certificate-not-demanded",
    "tls-heartbeat-overread",
];

/// What a certificate shows, though nobody signed it: but never that it is to be trusted.
const BY_CERTIFICATE: &[&str] = &[
    "tls-compression",
    "tls-insecure-renegotiation",
    "tls-client-certificate-not-demanded",
    "tls-heartbeat-overread",
    "tls-weak-key",
    "certificate-expir",
    "certificate-staple-broken",
    "certificate-weak-signature",
    "certificate-wrong-purpose",
    "certificate-name-mismatch",
];

pub(crate) const ROWS: &[Row] = &[
    // What fits everything.
    row("says-nothing", EVERYTHING, Does::Silent),
    row("serves-one-at-a-time", EVERYTHING, Does::OneAtATime),
    row("never-reads", EVERYTHING, Does::NeverReads),
    row("one-byte-in-ten-seconds", EVERYTHING, Does::Dribbles),
    row("resets-at-once", EVERYTHING, Does::Resets(Moment::Accepted)),
    row("resets-when-asked", EVERYTHING, Does::Resets(Moment::Asked)),
    row("closes-at-once", EVERYTHING, Does::Closes(Moment::Accepted)),
    row("closes-when-asked", EVERYTHING, Does::Closes(Moment::Asked)),
    row("half-closes-at-once", EVERYTHING, Does::HalfCloses(Moment::Accepted)),
    row("half-closes-when-asked", EVERYTHING, Does::HalfCloses(Moment::Asked)),
    row("endless-banner", EVERYTHING, Does::Floods(b"", LETTERS)),
    row("endless-lines", EVERYTHING, Does::Floods(b"", b"220-welcome to nowhere\r\n")),
    row("endless-zeros", EVERYTHING, Does::Floods(b"", ZEROS)),
    row("noise", EVERYTHING, Does::Endless(b"\x93\x07\xf1", b"\x8e\x11\xc2\xf9\x01\x07\x9d\xbb")),
    shows("echoes", EVERYTHING, Does::Echoes, &["service-cleartext-administration"]),
    shows("speaks-ssh", EVERYTHING, Does::Greets(b"SSH-2.0-OpenSSH_9.2\r\n"), &["service-", "ssh-old-protocol", "flow-in-clear"]),
    shows("speaks-smtp", EVERYTHING, Does::Greets(b"220 mail.example ESMTP\r\n"), &["service-cleartext-administration"]),
    // HTTP.
    shows("http-endless-header", WEB, Does::Endless(b"HTTP/1.1 200 OK\r\nX: ", LETTERS), RECOGNISED),
    shows("http-endless-headers", WEB, Does::Endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n"), RECOGNISED),
    shows(
        "http-million-headers",
        WEB,
        Does::Many(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 1_000_000, b"Content-Length: 0\r\n\r\n"), RECOGNISED),
    shows(
        "http-endless-body",
        WEB,
        Does::Endless(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9223372036854775807\r\n\r\n",
            b"<a href=x><form><input type=password name=p>",
        ),
        BY_HEAD,
    ),
    shows(
        "http-endless-chunks",
        WEB,
        Does::Endless(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"10\r\n{\"resourceType\":\r\n",
        ),
        BY_HEAD,
    ),
    shows(
        "http-endless-trailers",
        WEB,
        Does::Endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
        BY_HEAD,
    ),
    shows(
        "http-nonsense-chunks",
        WEB,
        Does::Answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nffffffffffffffffffff\r\n"),
        BY_HEAD,
    ),
    shows("http-bomb", WEB, Does::Tells(scripts::bomb), BY_HEAD),
    shows(
        "http-length-and-chunks",
        WEB,
        Does::Answers(
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
        BY_HEAD,
    ),
    shows(
        "http-two-lengths",
        WEB,
        Does::Answers(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 30000\r\n\r\n<html>"), RECOGNISED),
    shows("http-negative-length", WEB, Does::Answers(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n<html>"), RECOGNISED),
    shows(
        "http-length-too-great",
        WEB,
        Does::Answers(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n<html>"), RECOGNISED),
    shows("http-endless-continue", WEB, Does::Endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), RECOGNISED),
    shows("http-endless-hints", WEB, Does::Endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), RECOGNISED),
    shows(
        "http-redirect-loop",
        WEB,
        Does::Answers(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"),
        BY_HEAD,
    ),
    shows("http-leads-away", WEB, Does::Tells(scripts::leads_away), BY_HEAD),
    row("http-two-instead-of-one", WEB, Does::Answers(b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\x04\0\0\xff\xff\0\x05\0\0@\0")),
    shows("http-without-head", WEB, Does::Answers(b"<html><title>Router</title></html>"), RECOGNISED),
    row("http-status-of-letters", WEB, Does::Answers(b"HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n")),
    shows("http-nul-in-head", WEB, Does::Answers(b"HTTP/1.1 200 OK\0\r\nServer: a\0b\x1b[2J\r\nContent-Length: 0\r\n\r\n"), RECOGNISED),
    shows(
        "http-closes-in-body",
        WEB,
        Does::Closes(Moment::Answering(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html>")),
        BY_HEAD,
    ),
    shows(
        "http-resets-in-body",
        WEB,
        Does::Resets(Moment::Answering(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html>")),
        BY_HEAD,
    ),
    shows("http-resets-in-head", WEB, Does::Resets(Moment::Answering(b"HTTP/1.1 200 OK\r\nServer: a")), RECOGNISED),
    shows("fhir-deep-json", &["fhir"], Does::Tells(scripts::deep_json), BY_HEAD),
    shows(
        "websocket-endless-upgrade",
        &["mqtt-websocket"],
        Does::Endless(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
            b"X: y\r\n",
        ), RECOGNISED),
    shows(
        "websocket-foreign-proof",
        &["mqtt-websocket"],
        Does::Answers(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
              Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
        ), RECOGNISED),
    // TLS.
    row("tls-endless-hello", INSIDE_TLS, Does::Endless(b"\x16\x03\x03\0\x06\x02\xff\xff\xff\x03\x03", b"\x16\x03\x03\0\x08aaaaaaaa")),
    row("tls-alert-flood", INSIDE_TLS, Does::Endless(b"", b"\x15\x03\x03\0\x02\x01\x5a")),
    row("tls-empty-records", INSIDE_TLS, Does::Endless(b"", b"\x16\x03\x03\0\0")),
    row("tls-record-too-long", INSIDE_TLS, Does::Endless(b"\x16\x03\x03\xff\xff\x02\0\0\x26\x03\x03", LETTERS)),
    row("tls-record-shorter-than-said", INSIDE_TLS, Does::Closes(Moment::Answering(b"\x16\x03\x03\x40\0\x02\0\0\x26\x03\x03"))),
    row("tls-application-data-first", INSIDE_TLS, Does::Endless(b"", b"\x17\x03\x03\0\x04aaaa")),
    row("tls-lying-extensions", INSIDE_TLS, Does::Tells(tls::lying_extensions)),
    shows("tls-retry-loop", INSIDE_TLS, Does::Tells(tls::retry_for_ever), &["tls-current-version-missing", "tls-newest-not-chosen"]),
    shows("tls-huge-certificate", INSIDE_TLS, Does::TellsThenFloods(tls::hello_alone, b"\x16\x03\x03\0\x08\x0b\xff\xff\xf0\xff\xff\xed\0"), BY_HELLO),
    shows("tls-looping-chain", INSIDE_TLS, Does::Tells(tls::looping_chain), BY_CERTIFICATE),
    shows("tls-ten-thousand-names", INSIDE_TLS, Does::Tells(tls::many_names), BY_CERTIFICATE),
    shows("tls-giant-key", INSIDE_TLS, Does::Tells(tls::giant_key), BY_CERTIFICATE),
    shows("tls-no-certificate", INSIDE_TLS, Does::Tells(tls::empty_chain), BY_HELLO),
    shows("tls-torn-certificate", INSIDE_TLS, Does::Tells(tls::torn_certificate), BY_HELLO),
    shows("tls-hello-then-alerts", INSIDE_TLS, Does::TellsThenFloods(tls::hello_alone, b"\x15\x03\x03\0\x02\x01\x5a"), BY_HELLO),
    // MQTT.
    row("mqtt-greatest-length", &["mqtt"], Does::Endless(b"\x20\xff\xff\xff\x7f\0\0", LETTERS)),
    row("mqtt-endless-length", &["mqtt"], Does::Endless(b"\x20", b"\xff\xff\xff\xff\xff\xff\xff\xff")),
    row("mqtt-publish-before-connack", &["mqtt"], Does::Answers(b"\x30\x05\0\x01ahi")),
    row("mqtt-connack-reserved", &["mqtt"], Does::Answers(b"\x20\x02\xff\xee")),
    shows("mqtt-endless-connacks", &["mqtt"], Does::Endless(b"\x20\x02\0\x05", b"\x20\x02\0\x05"), &["mqtt-", SERVICE]),
    shows(
        "mqtt-retained-flood",
        &["mqtt"],
        Does::TellsThenFloods(scripts::mqtt_subscribed, b"\x31\x0d\0\x08patients12\x2e"),
        &["mqtt-", SERVICE],
    ),
    shows(
        "mqtt-topic-without-letters",
        &["mqtt"],
        Does::TellsThenFloods(scripts::mqtt_subscribed, b"\x30\x06\0\x03\xff\xfe\0x"),
        &["mqtt-", SERVICE],
    ),
    shows("mqtt-property-bomb", &["mqtt"], Does::Tells(scripts::mqtt_properties), &["mqtt-", SERVICE]),
    // HL7.
    shows("hl7-no-end", &["hl7"], Does::Endless(b"\x0bMSH|^~\\&|X|Y|Z|A|20260101||ACK|1|P|2.5\rMSA|AA|1\r", b"OBX|1|ST|a||b\r"), RECOGNISED),
    shows("hl7-endless-segment", &["hl7"], Does::Endless(b"\x0bMSH|^~\\&|X|Y|Z|A|20260101||ACK|1|P|2.5\rMSA|AA|", LETTERS), RECOGNISED),
    row("hl7-nested-escapes", &["hl7"], Does::Endless(b"\x0bMSH|^~\\&|X", b"\\E\\T\\F\\R\\S\\")),
    row("hl7-no-beginning", &["hl7"], Does::Answers(b"MSA|AA|1\r\x1c\r")),
    row("hl7-endless-empty-blocks", &["hl7"], Does::Endless(b"", b"\x0b\x1c\r")),
    shows("hl7-other-message", &["hl7"], Does::Answers(b"\x0bMSH|^~\\&|X|Y|Z|A|20260101||ADT^A01|1|P|2.5\r\x1c\r"), &["hl7-in-clear"]),
    // DICOM.
    row("dicom-four-gigabytes", &["dicom"], Does::Endless(b"\x02\0\xff\xff\xff\xff\0\x01\0\0", LETTERS)),
    row("dicom-data-before-association", &["dicom"], Does::Answers(b"\x04\0\0\0\0\x06\0\0\0\x02\x01\x03")),
    shows("dicom-item-too-long", &["dicom"], Does::Answers(b"\x02\0\0\0\0\x48\0\x01\0\0aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10\0\xff\xff"), RECOGNISED),
    shows("dicom-endless-aborts", &["dicom"], Does::Endless(b"", b"\x07\0\0\0\0\x04\0\0\0\0"), &["dicom-in-clear"]),
    shows("dicom-endless-answer", &["dicom"], Does::TellsThenFloods(scripts::dicom_accepted, b"\x04\0\0\0\0\x08\0\0\0\x04\x01\0aa"), &["dicom-", SERVICE]),
    shows("dicom-nested-sequences", &["dicom"], Does::Tells(scripts::dicom_nested), &["dicom-", SERVICE]),
    // SSH.
    row("ssh-no-line-end", &["ssh"], Does::Floods(b"SSH-2.0-", LETTERS)),
    row("ssh-endless-lines-before", &["ssh"], Does::Floods(b"", b"this is not an identification\r\n")),
    shows("ssh-packet-of-four-gigabytes", &["ssh"], Does::Floods(b"SSH-2.0-OpenSSH_9.2\r\n\xff\xff\xff\xff\x04\x14", LETTERS), &["service-", "ssh-old-protocol", "flow-in-clear"]),
    shows("ssh-empty-packets", &["ssh"], Does::Floods(b"SSH-2.0-OpenSSH_9.2\r\n", b"\0\0\0\x0c\x0a\x02\0\0\0\0\0\0\0\0\0\0"), &["service-", "ssh-old-protocol", "flow-in-clear"]),
    shows("ssh-list-longer-than-packet", &["ssh"], Does::Greets(b"SSH-2.0-OpenSSH_9.2\r\n\0\0\0\x1c\x04\x14aaaaaaaaaaaaaaaa\xff\xff\xff\xff\0\0\0\0\0\0"), &["service-", "ssh-old-protocol", "flow-in-clear"]),
    // Terminals, screens and shares.
    shows("telnet-endless-options", &["telnet"], Does::Floods(b"", b"\xff\xfd\x18\xff\xfb\x01"), RECOGNISED),
    shows("telnet-endless-subnegotiation", &["telnet"], Does::Floods(b"\xff\xfa\x18", LETTERS), RECOGNISED),
    shows("telnet-asks-for-ever", &["telnet"], Does::Answers(b"login: "), &["telnet-", SERVICE]),
    row("ftp-endless-greeting", &["ftp"], Does::Floods(b"220-\r\n", b" and more\r\n")),
    shows("ftp-data-elsewhere", &["ftp"], Does::Tells(scripts::ftp_elsewhere), &["ftp-", SERVICE]),
    shows("vnc-reason-of-four-gigabytes", &["vnc"], Does::Floods(b"RFB 003.008\n\0\xff\xff\xff\xff", LETTERS), RECOGNISED),
    shows("vnc-endless-versions", &["vnc"], Does::Floods(b"", b"RFB 003.008\n"), RECOGNISED),
    row("rdp-endless-answer", &["rdp"], Does::Endless(b"\x03\0\xff\xff\x0e\xd0", ZEROS)),
    row("smb-sixteen-megabytes", &["smb"], Does::Endless(b"\0\xff\xff\xff\xfeSMB", ZEROS)),
    // Data stores, brokers and industrial servers.
    row("redis-two-gigabytes", &["redis"], Does::Endless(b"$2147483647\r\n", LETTERS)),
    row("redis-endless-arrays", &["redis"], Does::Endless(b"", b"*1\r\n")),
    row("redis-negative-length", &["redis"], Does::Answers(b"$-9223372036854775808\r\n")),
    row("postgresql-four-gigabytes", &["postgresql"], Does::Endless(b"R\xff\xff\xff\xff", ZEROS)),
    row("postgresql-no-length", &["postgresql"], Does::Endless(b"", b"S\0\0\0\0")),
    row("mysql-sixteen-megabytes", &["mysql"], Does::Floods(b"\xff\xff\xff\0\x0a", LETTERS)),
    row("mysql-version-without-end", &["mysql"], Does::Greets(b"\x08\0\0\0\x0a8.0.333")),
    row("mongodb-two-gigabytes", &["mongodb"], Does::Endless(b"\xff\xff\xff\x7f\x01\0\0\0\x01\0\0\0\xdd\x07\0\0\0\0\0\0\0", ZEROS)),
    row("mongodb-negative-length", &["mongodb"], Does::Answers(b"\xff\xff\xff\xff\x01\0\0\0\x01\0\0\0\xdd\x07\0\0")),
    row("memcached-endless-statistics", &["memcached"], Does::Endless(b"", b"STAT pid 1\r\n")),
    row("amqp-frame-of-four-gigabytes", &["amqp"], Does::Endless(b"\x01\0\0\xff\xff\xff\xff\0\x0a\0\x0a\0\x09", LETTERS)),
    row("amqp-endless-heartbeats", &["amqp"], Does::Endless(b"", b"\x08\0\0\0\0\0\0\xce")),
    shows("nats-endless-info", &["nats"], Does::Floods(b"INFO {\"server_id\":\"", LETTERS), RECOGNISED),
    row("nats-deep-info", &["nats"], Does::Floods(b"INFO ", b"[[[[[[[[[[[[[[[[")),
    row("modbus-longest-answer", &["modbus"], Does::Endless(b"\0\x01\0\0\xff\xff\x01\x2b", LETTERS)),
    row("opcua-chunk-of-four-gigabytes", &["opcua"], Does::Endless(b"ACKF\xff\xff\xff\xff", ZEROS)),
    shows("opcua-endless-errors", &["opcua"], Does::Endless(b"ACKF\x1c\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0", b"ERRF\x10\0\0\0\0\0\0\x80\0\0\0\0"), RECOGNISED),
];
