//! The questions by which a service is recognised: well formed, harmless, and in which order they are asked.

use std::net::IpAddr;

/// Something said to a service so that it shows what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Nothing is said: servers that greet do so by themselves.
    Banner,
    TlsHello,
    DicomAssociate,
    HttpGet,
    MqttConnect,
    Mqtt5Connect,
    MllpMessage,
    RedisPing,
    RtspOptions,
    SipOptions,
    PostgresqlSsl,
    MongodbHello,
    AmqpHeader,
    SmbNegotiate,
    RdpConnect,
    MemcachedVersion,
    OpcuaHello,
    DnsQuery,
    ModbusDeviceId,
    X11Setup,
    SmtpEhlo,
    MqttWebsocket,
    /// Where FHIR is declared: the statement of what it can do.
    FhirMetadata,
    /// Where HL7 within HTTP is declared: the message of `MllpMessage`.
    Hl7Http,
}

use Question::*;

/// Asked one after the other where nothing better is known: DICOM before HTTP, since some DICOM servers take the
/// first bytes of an HTTP request for a length and wait for the rest of it.
const IN_TURN: [Question; 18] = [
    DicomAssociate,
    HttpGet,
    MqttConnect,
    MllpMessage,
    RedisPing,
    RtspOptions,
    SipOptions,
    PostgresqlSsl,
    MongodbHello,
    AmqpHeader,
    SmbNegotiate,
    RdpConnect,
    MemcachedVersion,
    OpcuaHello,
    DnsQuery,
    ModbusDeviceId,
    X11Setup,
    MqttWebsocket,
];

/// Most questions that one layer can be asked: all in turn, and MQTT 5.
pub(super) const MOST: u64 = IN_TURN.len() as u64 + 1;

/// What one question needs to know.
#[derive(Clone, Debug)]
pub(super) struct Call<'a> {
    pub(super) address: IpAddr,
    pub(super) port: u16,
    pub(super) host_name: Option<&'a str>,
    pub(super) ae_title: Option<&'a str>,
    /// Base path of an API.
    pub(super) base: Option<&'a str>,
    pub(super) mark: &'a str,
}

impl Question {
    /// Its name in facts.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Banner => "banner",
            TlsHello => "tls-hello",
            DicomAssociate => "dicom-associate",
            HttpGet => "http-get",
            MqttConnect => "mqtt-connect",
            Mqtt5Connect => "mqtt5-connect",
            MllpMessage => "mllp-message",
            RedisPing => "redis-ping",
            RtspOptions => "rtsp-options",
            SipOptions => "sip-options",
            PostgresqlSsl => "postgresql-ssl-request",
            MongodbHello => "mongodb-hello",
            AmqpHeader => "amqp-header",
            SmbNegotiate => "smb-negotiate",
            RdpConnect => "rdp-connect",
            MemcachedVersion => "memcached-version",
            OpcuaHello => "opcua-hello",
            DnsQuery => "dns-query",
            ModbusDeviceId => "modbus-device-id",
            X11Setup => "x11-setup",
            SmtpEhlo => "smtp-ehlo",
            MqttWebsocket => "mqtt-websocket",
            FhirMetadata => "fhir-metadata",
            Hl7Http => "hl7-http",
        }
    }

    /// What is sent; empty where the question is to listen or is not a message of its own.
    pub(super) fn bytes(self, call: &Call<'_>) -> Vec<u8> {
        match self {
            Banner | TlsHello => Vec::new(),
            DicomAssociate => dicom_associate(call.ae_title.unwrap_or("ANY-SCP")),
            HttpGet => format!(
                "GET / HTTP/1.1\r\nHost: {}\r\nUser-Agent: auscult\r\nAccept: */*\r\nConnection: close\r\n\r\n",
                call.host()
            )
            .into_bytes(),
            MqttConnect => mqtt_connect(call.mark, 4),
            Mqtt5Connect => mqtt_connect(call.mark, 5),
            MllpMessage => format!("\x0b{}\x1c\r", hl7_message(call.mark)).into_bytes(),
            RedisPing => b"PING\r\n".to_vec(),
            RtspOptions => b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: auscult\r\n\r\n".to_vec(),
            SipOptions => sip_options(call),
            PostgresqlSsl => vec![0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f],
            MongodbHello => mongodb_hello(),
            AmqpHeader => b"AMQP\x00\x00\x09\x01".to_vec(),
            SmbNegotiate => smb_negotiate(),
            RdpConnect => {
                vec![3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0]
            }
            MemcachedVersion => b"version\r\n".to_vec(),
            OpcuaHello => opcua_hello(call),
            // The name servers of the root, without recursion: no server asks another one for it.
            DnsQuery => vec![0, 17, 0x41, 0x55, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1],
            // MEI 0x0E, basic identification, to the device itself (unit 255).
            ModbusDeviceId => vec![0x41, 0x55, 0, 0, 0, 5, 0xff, 0x2b, 0x0e, 1, 0],
            X11Setup => vec![b'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            SmtpEhlo => b"EHLO auscult.invalid\r\n".to_vec(),
            // The key is sixteen bytes that need not be secret (RFC 6455, 4.1).
            MqttWebsocket => format!(
                "GET /mqtt HTTP/1.1\r\nHost: {}\r\nUser-Agent: auscult\r\nConnection: Upgrade\r\n\
                 Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                 Sec-WebSocket-Key: YXVzY3VsdC1hc2tzLXlvdQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n",
                call.host()
            )
            .into_bytes(),
            FhirMetadata => format!(
                "GET {}/metadata HTTP/1.1\r\nHost: {}\r\nUser-Agent: auscult\r\n\
                 Accept: application/fhir+json\r\nConnection: close\r\n\r\n",
                call.path("/fhir").trim_end_matches('/'),
                call.host()
            )
            .into_bytes(),
            Hl7Http => {
                let message = hl7_message(call.mark);
                format!(
                    "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: auscult\r\nAccept: application/hl7-v2\r\n\
                     Content-Type: application/hl7-v2; charset=utf-8\r\nContent-Length: {}\r\n\
                     Connection: close\r\n\r\n{message}",
                    call.path("/"),
                    call.host(),
                    message.len()
                )
                .into_bytes()
            }
        }
    }

    /// What is said before leaving, where leaving without a word would be rude.
    pub(super) const fn farewell(self) -> &'static [u8] {
        match self {
            // DISCONNECT; the form with no reason is the same in 3.1.1 and 5.
            MqttConnect | Mqtt5Connect => &[0xe0, 0],
            // A-RELEASE-RQ (PS3.8, 9.3.6).
            DicomAssociate => &[5, 0, 0, 0, 0, 4, 0, 0, 0, 0],
            SmtpEhlo => b"QUIT\r\n",
            // An empty Close, masked with zeros.
            MqttWebsocket => &[0x88, 0x80, 0, 0, 0, 0],
            _ => &[],
        }
    }

    /// The question that a protocol answers; `None` where its servers speak first or auscult cannot ask it.
    fn of_protocol(word: &str) -> Option<Self> {
        Some(match word {
            "http" | "dicomweb" | "websocket" | "soap" | "rest" => HttpGet,
            "fhir" => FhirMetadata,
            "hl7-http" => Hl7Http,
            "mqtt-websocket" => MqttWebsocket,
            "dicom" => DicomAssociate,
            "mqtt" => MqttConnect,
            "hl7-mllp" => MllpMessage,
            "redis" => RedisPing,
            "rtsp" => RtspOptions,
            "sip" => SipOptions,
            "postgresql" => PostgresqlSsl,
            "mongodb" => MongodbHello,
            "amqp" => AmqpHeader,
            "smb" => SmbNegotiate,
            "rdp" => RdpConnect,
            "memcached" => MemcachedVersion,
            "opcua" => OpcuaHello,
            "dns" => DnsQuery,
            "modbus" => ModbusDeviceId,
            "x11" => X11Setup,
            _ => return None,
        })
    }

    /// The question to begin with on a port number; it decides nothing but the order.
    const fn of_port(port: u16) -> Option<Self> {
        Some(match port {
            53 => DnsQuery,
            80 | 443 | 8000 | 8008 | 8042 | 8080 | 8443 | 8888 => HttpGet,
            104 | 2761 | 2762 | 4242 | 11112 => DicomAssociate,
            445 => SmbNegotiate,
            502 => ModbusDeviceId,
            554 | 8554 => RtspOptions,
            1883 | 8883 => MqttConnect,
            2575 => MllpMessage,
            3389 => RdpConnect,
            4840 => OpcuaHello,
            5060 | 5061 => SipOptions,
            5432 => PostgresqlSsl,
            5671 | 5672 => AmqpHeader,
            6000..=6009 => X11Setup,
            6379 => RedisPing,
            11211 => MemcachedVersion,
            27017 => MongodbHello,
            _ => return None,
        })
    }
}

/// Whether whatever is sent to a port comes out on paper, so that nothing is sent that is not declared.
pub(super) fn prints(port: u16) -> bool {
    matches!(port, 515 | 9100..=9107)
}

/// Whether the servers of a declared protocol wait for the client to speak.
pub(super) fn client_speaks_first(word: &str) -> bool {
    Question::of_protocol(word).is_some()
}

/// The questions in the order in which a service is asked: declared first, then by port number, then in turn.
pub(super) fn order(declared: Option<&str>, port: u16) -> Vec<Question> {
    let mut order = Vec::with_capacity(IN_TURN.len() + 1);
    let declared = declared.and_then(Question::of_protocol);
    for question in declared.into_iter().chain(Question::of_port(port)).chain(IN_TURN) {
        if !order.contains(&question) {
            order.push(question);
            if question == MqttConnect && declared == Some(MqttConnect) {
                // A broker for version 5 alone may close without a word on 3.1.1.
                order.push(Mqtt5Connect);
            }
        }
    }
    order
}

impl Call<'_> {
    fn host(&self) -> String {
        match (self.host_name, self.address) {
            (Some(name), _) => name.to_owned(),
            (None, IpAddr::V6(address)) => format!("[{address}]"),
            (None, IpAddr::V4(address)) => address.to_string(),
        }
    }

    /// The declared base path, or the usual one.
    fn path(&self, usual: &'static str) -> String {
        let base = self.base.unwrap_or(usual);
        // The scenario is not ours: what cannot stand in a request line is left out.
        let base: String = base.chars().filter(char::is_ascii_graphic).collect();
        if base.starts_with('/') { base } else { format!("/{base}") }
    }
}

/// An association for verification alone (PS3.8, 9.3.2), from the calling AE `AUSCULT`.
fn dicom_associate(called: &str) -> Vec<u8> {
    let item = |kind: u8, body: &[u8]| {
        let mut item = vec![kind, 0];
        item.extend(u16::try_from(body.len()).unwrap_or(u16::MAX).to_be_bytes());
        item.extend(body);
        item
    };
    let title = |name: &str| {
        let ascii = name.bytes().filter(|b| b.is_ascii_graphic() || *b == b' ');
        ascii.chain(std::iter::repeat(b' ')).take(16).collect::<Vec<u8>>()
    };
    let mut context = vec![1, 0, 0, 0];
    context.extend(item(0x30, b"1.2.840.10008.1.1"));
    context.extend(item(0x40, b"1.2.840.10008.1.2"));
    let mut user = item(0x51, &16_384u32.to_be_bytes());
    user.extend(item(0x52, b"2.25.73911861190157"));
    user.extend(item(0x55, b"AUSCULT"));
    let mut body = vec![0, 1, 0, 0];
    body.extend(title(called));
    body.extend(title("AUSCULT"));
    body.extend([0; 32]);
    body.extend(item(0x10, b"1.2.840.10008.3.1.1.1"));
    body.extend(item(0x20, &context));
    body.extend(item(0x50, &user));
    let mut pdu = vec![1, 0];
    pdu.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes());
    pdu.extend(body);
    pdu
}

/// A clean session without will, name or password.
fn mqtt_connect(mark: &str, version: u8) -> Vec<u8> {
    let id: Vec<u8> = b"auscult-".iter().copied().chain(mark.bytes().take(16)).collect();
    let mut body = b"\x00\x04MQTT".to_vec();
    body.extend([version, 2, 0, 30]);
    if version == 5 {
        body.push(0);
    }
    body.extend([0, u8::try_from(id.len()).unwrap_or(0)]);
    body.extend(id);
    let mut packet = vec![0x10, u8::try_from(body.len()).unwrap_or(0)];
    packet.extend(body);
    packet
}

/// A network management query for the clock of the receiver, marked as debugging.
///
/// It names no patient and orders nothing; a receiver that does not know it answers with a rejection.
fn hl7_message(mark: &str) -> String {
    let now = jiff::Timestamp::now().strftime("%Y%m%d%H%M%S").to_string();
    format!("MSH|^~\\&|AUSCULT|AUSCULT|||{now}||NMQ^N01^NMQ_N01|{mark}|D|2.5\rNCK|{now}\r")
}

/// `Max-Forwards: 0` keeps it from being passed on.
fn sip_options(call: &Call<'_>) -> Vec<u8> {
    let (host, mark) = (call.host(), call.mark);
    format!(
        "OPTIONS sip:{host} SIP/2.0\r\nVia: SIP/2.0/TCP auscult.invalid;branch=z9hG4bK{mark}\r\n\
         Max-Forwards: 0\r\nFrom: <sip:auscult@auscult.invalid>;tag={mark}\r\nTo: <sip:{host}>\r\n\
         Call-ID: {mark}@auscult.invalid\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    )
    .into_bytes()
}

/// Request id of our MongoDB question; its answer must repeat it.
pub(super) const MONGODB_REQUEST: [u8; 4] = *b"ausc";

/// `isMaster` as OP_QUERY: the one form that servers of every age answer before a login.
fn mongodb_hello() -> Vec<u8> {
    let mut body = MONGODB_REQUEST.to_vec();
    body.extend([0; 4]);
    body.extend(2004u32.to_le_bytes());
    body.extend([0; 4]);
    body.extend(b"admin.$cmd\0");
    body.extend([0; 4]);
    body.extend((-1i32).to_le_bytes());
    body.extend(19u32.to_le_bytes());
    body.extend(b"\x10isMaster\0");
    body.extend(1u32.to_le_bytes());
    body.push(0);
    let mut message = u32::try_from(body.len() + 4).unwrap_or(0).to_le_bytes().to_vec();
    message.extend(body);
    message
}

/// SMB 2 NEGOTIATE with the dialects 2.0.2 and 2.1 (MS-SMB2, 2.2.3).
fn smb_negotiate() -> Vec<u8> {
    let mut message = b"\xfeSMB".to_vec();
    message.extend([64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    message.resize(64, 0);
    message.extend([36, 0, 2, 0, 1, 0, 0, 0]);
    message.resize(64 + 36, 0);
    message.extend([0x02, 0x02, 0x10, 0x02]);
    let mut packet = vec![0, 0, 0, u8::try_from(message.len()).unwrap_or(0)];
    packet.extend(message);
    packet
}

fn opcua_hello(call: &Call<'_>) -> Vec<u8> {
    let url = format!("opc.tcp://{}:{}", call.host(), call.port);
    let mut body = 0u32.to_le_bytes().to_vec();
    for size in [65_535u32, 65_535, 0, 0, u32::try_from(url.len()).unwrap_or(0)] {
        body.extend(size.to_le_bytes());
    }
    body.extend(url.as_bytes());
    let mut message = b"HELF".to_vec();
    message.extend(u32::try_from(body.len() + 8).unwrap_or(0).to_le_bytes());
    message.extend(body);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Call<'static> {
        Call {
            address: "127.0.0.1".parse().unwrap(),
            port: 4840,
            host_name: None,
            ae_title: Some("A TITLE THAT IS FAR TOO LONG"),
            base: Some("/api"),
            mark: "abcd1234",
        }
    }

    #[test]
    fn lengths_say_what_follows() {
        let dicom = DicomAssociate.bytes(&call());
        assert_eq!(u32::from_be_bytes(dicom[2..6].try_into().unwrap()) as usize, dicom.len() - 6);
        assert_eq!(&dicom[10..26], b"A TITLE THAT IS ");
        assert_eq!(&dicom[26..42], b"AUSCULT         ");
        for mqtt in [MqttConnect, Mqtt5Connect] {
            let packet = mqtt.bytes(&call());
            assert_eq!(packet[1] as usize, packet.len() - 2);
        }
        let mongodb = MongodbHello.bytes(&call());
        assert_eq!(u32::from_le_bytes(mongodb[..4].try_into().unwrap()) as usize, mongodb.len());
        let smb = SmbNegotiate.bytes(&call());
        assert_eq!(smb[3] as usize, smb.len() - 4);
        let opcua = OpcuaHello.bytes(&call());
        assert_eq!(u32::from_le_bytes(opcua[4..8].try_into().unwrap()) as usize, opcua.len());
        let dns = DnsQuery.bytes(&call());
        assert_eq!(dns[1] as usize, dns.len() - 2);
        let modbus = ModbusDeviceId.bytes(&call());
        assert_eq!(modbus[5] as usize, modbus.len() - 6);
        let hl7 = String::from_utf8(Hl7Http.bytes(&call())).unwrap();
        let (head, body) = hl7.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /api HTTP/1.1\r\n"), "{head}");
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{head}");
    }

    #[test]
    fn what_is_declared_comes_first_and_nothing_twice() {
        let order = super::order(Some("mqtt"), 443);
        assert_eq!(order[..4], [MqttConnect, Mqtt5Connect, HttpGet, DicomAssociate]);
        assert_eq!(order.len() as u64, MOST);
        assert_eq!(super::order(None, 9)[..2], [DicomAssociate, HttpGet]);
        assert_eq!(super::order(Some("ssh"), 9), super::order(None, 9));
        for (word, first) in [("fhir", FhirMetadata), ("hl7-http", Hl7Http)] {
            let order = super::order(Some(word), 9);
            assert_eq!((order[0], order.len() as u64), (first, MOST));
        }
    }

    #[test]
    fn a_base_path_stays_within_its_line() {
        let call = Call { base: Some("fhir/r4 HTTP/1.1\r\nX: y"), ..call() };
        let asked = String::from_utf8(FhirMetadata.bytes(&call)).unwrap();
        assert!(asked.starts_with("GET /fhir/r4HTTP/1.1X:y/metadata HTTP/1.1\r\nHost: "), "{asked}");
    }
}
