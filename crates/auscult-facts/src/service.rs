//! What a service is, told by its answers and not by its port number.

use serde::{Deserialize, Serialize};

use crate::ports::PortState;
use crate::{Facts, Scope};

/// One service as recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceFacts {
    /// State of its port.
    pub state: PortState,
    /// Whether it speaks TLS from the first byte; `false` only where it was seen to speak in clear.
    #[serde(default)]
    pub tls: Option<bool>,
    /// Whether it answers in TLS records, but neither made a handshake, nor said a server hello, nor refused us for
    /// want of a certificate: whether anything is protected there is not known.
    #[serde(default)]
    pub tls_unfinished: bool,
    /// Protocol word (inside TLS where it speaks TLS), when its answer proves it.
    #[serde(default)]
    pub protocol: Option<String>,
    /// How it was recognised: the question that it answered, such as `banner`, `http-get`, `mqtt-connect`.
    #[serde(default)]
    pub by: Option<String>,
    /// Product and version as it states them, at most 120 characters, hostile.
    #[serde(default)]
    pub product: Option<String>,
    /// First bytes of an unknown service, hex, at most 64 bytes.
    #[serde(default)]
    pub first_bytes: Option<String>,
    /// Whether it closed every connection before it could be spoken to.
    #[serde(default)]
    pub closes_at_once: bool,
    /// Whether it refused to go on inside TLS without a client certificate, so that nothing could be asked there.
    #[serde(default)]
    pub client_certificate_demanded: bool,
    /// Questions asked, in order; those inside TLS have `tls:` in front.
    #[serde(default)]
    pub asked: Vec<String>,
}

impl ServiceFacts {
    /// A service of which no more is known than the state of its port.
    pub const fn at(state: PortState) -> Self {
        Self {
            state,
            tls: None,
            tls_unfinished: false,
            protocol: None,
            by: None,
            product: None,
            first_bytes: None,
            closes_at_once: false,
            client_certificate_demanded: false,
            asked: Vec::new(),
        }
    }
}

impl Facts for ServiceFacts {
    const KIND: &'static str = "service";
    const SCOPE: Scope = Scope::EveryService;
}

/// Protocols that are spoken over HTTP: an HTTP answer is what they look like from outside.
pub const OVER_HTTP: &[&str] =
    &["fhir", "dicomweb", "hl7-http", "mqtt-websocket", "websocket", "soap", "rest"];

/// Questions whose answers show a protocol over HTTP, and not only HTTP.
pub const SHOW_OVER_HTTP: &[&str] = &["fhir-metadata", "hl7-http", "mqtt-websocket"];

/// Protocols that recognition can tell; whether a service speaks another one it cannot say.
pub const RECOGNISABLE: &[&str] = &[
    "amqp",
    "coap",
    "dicom",
    "dns",
    "echo",
    "ftp",
    "hl7-mllp",
    "http",
    "imap",
    "mdns",
    "memcached",
    "modbus",
    "mongodb",
    "mqtt",
    "mqtt-websocket",
    "mysql",
    "nats",
    "ntp",
    "opcua",
    "pop3",
    "postgresql",
    "rdp",
    "redis",
    "rtsp",
    "sip",
    "smb",
    "smtp",
    "smux",
    "snmp",
    "ssdp",
    "ssh",
    "telnet",
    "tftp",
    "vnc",
    "ws-discovery",
    "x11",
];

/// The word by which recognition knows a protocol that people also call otherwise.
pub fn protocol_word(word: &str) -> &str {
    match word {
        "https" => "http",
        "mqtts" => "mqtt",
        "hl7" | "hl7v2" | "mllp" | "mllps" => "hl7-mllp",
        "hl7-over-http" => "hl7-http",
        "dimse" => "dicom",
        "sftp" | "scp" => "ssh",
        "ftps" => "ftp",
        "imaps" => "imap",
        "pop3s" => "pop3",
        "smtps" => "smtp",
        "postgres" => "postgresql",
        "mariadb" => "mysql",
        "mongo" => "mongodb",
        "amqps" => "amqp",
        "rtsps" => "rtsp",
        "sips" => "sip",
        "cifs" => "smb",
        "opc-ua" => "opcua",
        "modbus-tcp" => "modbus",
        "coaps" => "coap",
        "sntp" => "ntp",
        "upnp" => "ssdp",
        "wsd" | "sdc" => "ws-discovery",
        word => word,
    }
}

/// Whether the word itself says that TLS is spoken.
pub fn word_means_tls(word: &str) -> bool {
    ["https", "mqtts", "mllps", "ftps", "imaps", "pop3s", "smtps", "amqps", "rtsps", "sips", "coaps"]
        .contains(&word)
}
