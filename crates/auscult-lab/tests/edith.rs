//! Edith's world as strangers see it: the target grants them nothing, and each fault what it says.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use auscult_lab::{Edith, LabError, Options, Variant, fault, faults};
use auscult_model::Stage;
use auscult_model::scenario::{self, Scenario};
use dicom_ul::pdu::{AssociationRQ, Pdu, PresentationContextProposed};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

type Answer = Result<Vec<u8>, String>;

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

async fn world(octet: u8, variant: Variant, on: &[&str]) -> Edith {
    let mut options = Options { octet, ..Options::new(variant) };
    options.faults.extend(on.iter().map(|name| fault(name).unwrap().name));
    Edith::up(options).await.unwrap()
}

/// A stranger with the world's trust anchor.
struct Stranger {
    octet: u8,
    tls: Arc<rustls::ClientConfig>,
}

impl Stranger {
    fn of(edith: &Edith, octet: u8) -> Self {
        let (_, pem) = edith.files().into_iter().find(|(name, _)| name == "trust.pem").unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder =
            rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let tls = builder.unwrap().with_root_certificates(roots).with_no_client_auth();
        Self { octet, tls: Arc::new(tls) }
    }

    fn at(&self, (net, host, port): (u8, u8, u16)) -> SocketAddr {
        (Ipv4Addr::new(127, self.octet, net, host), port).into()
    }

    async fn wire(&self, to: (u8, u8, u16), name: Option<&str>) -> Result<Box<dyn Wire>, String> {
        let stream = TcpStream::connect(self.at(to)).await.map_err(|e| e.to_string())?;
        let Some(name) = name else { return Ok(Box::new(stream)) };
        let name = ServerName::try_from(format!("{name}.edith.test")).unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::clone(&self.tls));
        Ok(Box::new(connector.connect(name, stream).await.map_err(|e| e.to_string())?))
    }

    /// Sends, and hears until the other end closes or `enough` bytes are there.
    async fn ask(&self, to: (u8, u8, u16), name: Option<&str>, bytes: &[u8], enough: usize) -> Answer {
        let mut wire = self.wire(to, name).await?;
        say(&mut wire, bytes, enough).await
    }

    async fn get(&self, to: (u8, u8, u16), name: Option<&str>, path: &str) -> String {
        self.http(to, name, &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).await
    }

    async fn http(&self, to: (u8, u8, u16), name: Option<&str>, request: &str) -> String {
        String::from_utf8(self.ask(to, name, request.as_bytes(), usize::MAX).await.unwrap()).unwrap()
    }

    async fn login(&self, to: (u8, u8, u16), name: Option<&str>, user: &str, password: &str) -> String {
        let body = format!("username={user}&password={password}");
        let kind = "application/x-www-form-urlencoded";
        let request = format!(
            "POST /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.http(to, name, &request).await
    }
}

async fn say(wire: &mut Box<dyn Wire>, bytes: &[u8], enough: usize) -> Answer {
    let asking = async {
        wire.write_all(bytes).await.map_err(|e| e.to_string())?;
        let mut heard = Vec::new();
        let mut chunk = [0; 4096];
        while heard.len() < enough {
            match wire.read(&mut chunk).await {
                Ok(0) => break,
                Ok(n) => heard.extend(&chunk[..n]),
                Err(e) if heard.is_empty() => return Err(e.to_string()),
                Err(_) => break,
            }
        }
        Ok(heard)
    };
    tokio::time::timeout(Duration::from_secs(10), asking).await.map_err(|e| e.to_string())?
}

const CUFF: (u8, u8, u16) = (0, 11, 8443);
const CUFF_CLEAR: (u8, u8, u16) = (0, 11, 8080);
const HUB: (u8, u8, u16) = (0, 20, 8443);
const FHIR: (u8, u8, u16) = (1, 1, 8443);
const BROKER: (u8, u8, u16) = (1, 1, 8883);
const BROKER_CLEAR: (u8, u8, u16) = (1, 1, 1883);
const ARCHIVE: (u8, u8, u16) = (1, 2, 2762);
const ARCHIVE_CLEAR: (u8, u8, u16) = (1, 2, 11112);
const MAKER: (u8, u8, u16) = (1, 9, 9443);

/// CONNECT of MQTT 3.1.1 with a clean session.
fn connect(client_id: &str, login: Option<(&str, &str)>) -> Vec<u8> {
    let text = |t: &str| [&(t.len() as u16).to_be_bytes()[..], t.as_bytes()].concat();
    let mut body = [&text("MQTT")[..], &[4, if login.is_some() { 0xc2 } else { 2 }, 0, 60]].concat();
    body.extend(text(client_id));
    if let Some((user, password)) = login {
        body.extend([text(user), text(password)].concat());
    }
    [&[0x10, body.len() as u8][..], &body].concat()
}

fn subscribe(filter: &str) -> Vec<u8> {
    let body = [&[0, 1, 0, filter.len() as u8][..], filter.as_bytes(), &[0]].concat();
    [&[0x82, body.len() as u8][..], &body].concat()
}

fn hl7(sender: &str) -> Vec<u8> {
    format!("\x0bMSH|^~\\&|{sender}|X|Y|Z|20260101||QBP^Q11|42|P|2.5.1\r\x1c\r").into_bytes()
}

fn association(calling: &str) -> Vec<u8> {
    let proposed = |id, class: &str| PresentationContextProposed {
        id,
        abstract_syntax: class.to_owned(),
        transfer_syntaxes: vec!["1.2.840.10008.1.2".to_owned()],
    };
    let request = AssociationRQ {
        protocol_version: 1,
        calling_ae_title: calling.to_owned(),
        called_ae_title: "PRACTICE".to_owned(),
        application_context_name: "1.2.840.10008.3.1.1.1".to_owned(),
        presentation_contexts: vec![
            proposed(1, "1.2.840.10008.1.1"),
            proposed(3, "1.2.840.10008.5.1.4.1.2.1.1"),
            proposed(5, "1.2.840.10008.5.1.4.1.1.2"),
        ],
        user_variables: vec![],
    };
    let mut bytes = Vec::new();
    dicom_ul::write_pdu(&mut bytes, &Pdu::AssociationRQ(request)).unwrap();
    bytes
}

/// Which contexts are granted; `None` when the association is not opened.
fn granted(answer: &[u8]) -> Option<Vec<u8>> {
    match dicom_ul::read_pdu(answer, 16 << 10, true).unwrap() {
        Some(Pdu::AssociationAC(ac)) => Some(
            ac.presentation_contexts
                .iter()
                .filter(|c| c.reason == dicom_ul::pdu::PresentationContextResultReason::Acceptance)
                .map(|c| c.id)
                .collect(),
        ),
        Some(Pdu::AssociationRJ(_)) => None,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_target_grants_nothing_to_strangers() {
    let edith = world(201, Variant::Target, &[]).await;
    let stranger = Stranger::of(&edith, 201);
    assert!(edith.truth().is_empty());

    let front = stranger.get(CUFF, Some("cuff"), "/").await.to_lowercase();
    for header in [
        "strict-transport-security: ",
        "content-security-policy: ",
        "x-frame-options: ",
        "; secure; httponly",
    ] {
        assert!(front.contains(header), "{header} is not in {front}");
    }
    assert!(!front.contains("\r\nserver:"));
    assert!(stranger.get(CUFF, Some("cuff"), "/admin/network").await.starts_with("HTTP/1.1 303"));
    assert!(stranger.get(CUFF, Some("cuff"), "/files/").await.starts_with("HTTP/1.1 403"));
    assert!(stranger.get(CUFF, Some("cuff"), "/actuator/env").await.starts_with("HTTP/1.1 404"));
    assert!(stranger.login(CUFF, Some("cuff"), "admin", "admin").await.starts_with("HTTP/1.1 401"));
    assert!(stranger.login(CUFF, Some("cuff"), "owner", "label-7Q4M-R2XK").await.starts_with("HTTP/1.1 303"));
    let trace = "TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert!(stranger.http(CUFF, Some("cuff"), trace).await.starts_with("HTTP/1.1 405"));
    let clear = stranger.get(CUFF_CLEAR, None, "/a?b").await;
    assert!(clear.contains("location: https://127.201.0.11:8443/a?b"), "{clear}");
    assert!(stranger.get(HUB, Some("hub"), "/admin").await.starts_with("HTTP/1.1 303"));

    for path in
        ["Patient/1", "Patient", "Observation?_count=1", "_history", "$export", "Patient/1/$everything"]
    {
        let answer = stranger.get(FHIR, Some("platform"), &format!("/fhir/{path}")).await;
        assert!(answer.starts_with("HTTP/1.1 401"), "{path}: {answer}");
    }
    assert!(stranger.get(FHIR, Some("platform"), "/fhir/metadata").await.contains("CapabilityStatement"));
    let smart = stranger.get(FHIR, Some("platform"), "/fhir/.well-known/smart-configuration").await;
    assert!(smart.contains("[\"S256\"]") && !smart.contains("\"http://"));

    // TLS 1.3 tells a client that its certificate is missing only after its first words.
    let refused = stranger.ask(BROKER, Some("platform"), &connect("x", None), 4).await;
    assert!(refused.unwrap_err().contains("CertificateRequired"));

    let refusal = stranger.ask((0, 20, 2575), None, &hl7("STRANGER"), 40).await.unwrap();
    assert!(String::from_utf8(refusal).unwrap().contains("MSA|AR|42"));
    let rejection = stranger.ask(ARCHIVE, Some("practice"), &association("STRANGER"), 10).await.unwrap();
    assert_eq!(granted(&rejection), None);
    let acceptance = stranger.ask(ARCHIVE, Some("practice"), &association("PLATFORM"), 100).await.unwrap();
    assert_eq!(granted(&acceptance), Some(vec![1, 3, 5]));
    let contact = stranger.get(MAKER, Some("maker"), "/.well-known/security.txt").await;
    assert!(contact.contains("Contact: ") && contact.contains("Expires: "));
    for port in [23, 2323, 2575, 5555] {
        assert!(TcpStream::connect(stranger.at((0, 13, port))).await.is_err(), "{port}");
    }
    edith.down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_quo_tells_strangers_everything() {
    let edith = world(202, Variant::StatusQuo, &[]).await;
    let stranger = Stranger::of(&edith, 202);

    let front = stranger.get(CUFF_CLEAR, None, "/").await;
    assert!(front.contains("server: ExampleHTTPd/1.4.2") && front.contains("; Path=/\r\n"), "{front}");
    assert!(!front.contains("x-frame-options"));
    assert!(stranger.get(CUFF_CLEAR, None, "/admin/network").await.contains("name=\"ssid\""));
    assert!(stranger.get(CUFF_CLEAR, None, "/files/").await.contains("<title>Index of /files/</title>"));
    assert!(stranger.get(CUFF_CLEAR, None, "/actuator/env").await.contains("propertySources"));
    assert!(stranger.login(CUFF_CLEAR, None, "admin", "admin").await.starts_with("HTTP/1.1 303"));
    let foreign = "TRACE / HTTP/1.1\r\nHost: x\r\nOrigin: https://foreign.test\r\nConnection: close\r\n\r\n";
    let trace = stranger.http(CUFF_CLEAR, None, foreign).await;
    assert!(trace.contains("access-control-allow-origin: https://foreign.test"), "{trace}");
    assert!(trace.ends_with("connection: close\r\n\r\n"), "{trace}");

    let telnet = stranger.ask((0, 13, 2323), None, b"", 3).await.unwrap();
    assert!(telnet.starts_with(&[255, 251, 1]));
    for receiver in [(0, 13, 2575), (0, 20, 2575)] {
        let answer = stranger.ask(receiver, None, &hl7("STRANGER"), 40).await.unwrap();
        assert!(String::from_utf8(answer).unwrap().contains("MSA|AA|42"));
    }
    let acceptance = stranger.ask(ARCHIVE_CLEAR, None, &association("STRANGER"), 100).await.unwrap();
    assert_eq!(granted(&acceptance), Some(vec![1, 3, 5]));

    // The devices have published by then, and the broker keeps their last words.
    let mut wire = stranger.wire(BROKER_CLEAR, None).await.unwrap();
    assert_eq!(say(&mut wire, &connect("stranger", None), 4).await.unwrap(), [0x20, 2, 0, 0]);
    let mut heard = say(&mut wire, &subscribe("#"), 5).await.unwrap();
    assert_eq!(heard[..5], [0x90, 3, 0, 1, 0]);
    while !["edith/cuff/vitals", "edith/glucose/vitals", "edith/hub/pump"]
        .iter()
        .all(|topic| heard.windows(topic.len()).any(|w| w == topic.as_bytes()))
    {
        heard.extend(say(&mut wire, b"", 1).await.unwrap());
    }
    let default = stranger.ask(BROKER_CLEAR, None, &connect("x", Some(("admin", "admin"))), 4).await.unwrap();
    assert_eq!(default, [0x20, 2, 0, 0]);
    let wrong = stranger.ask(BROKER_CLEAR, None, &connect("x", Some(("admin", "other"))), 4).await.unwrap();
    assert_eq!(wrong, [0x20, 2, 0, 4]);
    edith.down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_is_let_in_has_only_topics_of_his_own() {
    let edith = world(203, Variant::Target, &["broker-anonymous"]).await;
    let stranger = Stranger::of(&edith, 203);
    let mut wire = stranger.wire(BROKER, Some("platform")).await.unwrap();
    assert_eq!(say(&mut wire, &connect("mine", None), 4).await.unwrap(), [0x20, 2, 0, 0]);
    for filter in ["#", "$SYS/#", "edith/cuff/vitals"] {
        assert_eq!(say(&mut wire, &subscribe(filter), 5).await.unwrap(), [0x90, 3, 0, 1, 0x80], "{filter}");
    }
    // Neither the id of a session nor that of a device can be taken.
    for id in ["mine", "cuff"] {
        let second = stranger.ask(BROKER, Some("platform"), &connect(id, None), 4).await.unwrap();
        assert_eq!(second, [0x20, 2, 0, 2], "{id}");
    }
    assert_eq!(say(&mut wire, &[0xc0, 0], 2).await.unwrap(), [0xd0, 0], "the first session is still there");
    edith.down().await;

    let edith = world(203, Variant::Target, &["broker-takeover"]).await;
    let stranger = Stranger::of(&edith, 203);
    let mut wire = stranger.wire(BROKER, Some("platform")).await.unwrap();
    assert_eq!(say(&mut wire, &connect("mine", None), 4).await.unwrap(), [0x20, 2, 0, 0]);
    let second = stranger.ask(BROKER, Some("platform"), &connect("mine", None), 4).await.unwrap();
    assert_eq!(second, [0x20, 2, 0, 0]);
    assert_eq!(say(&mut wire, b"", 1).await.unwrap_or_default(), b"", "the first session has ended");
    edith.down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_1_0_is_really_seen() {
    // Versions up to TLS 1.0, suites of an elliptic curve key, no extensions.
    let body = [&[3, 1][..], &[5; 32], &[0, 0, 4, 0xc0, 0x0a, 0xc0, 0x09, 1, 0]].concat();
    let hello = [&[22, 3, 1, 0, body.len() as u8 + 4, 1, 0, 0, body.len() as u8][..], &body].concat();
    for (on, first) in [(&["fhir-tls-1.0"][..], 22), (&[], 21)] {
        let edith = world(204, Variant::Target, on).await;
        let stranger = Stranger::of(&edith, 204);
        let answer = stranger.ask(FHIR, None, &hello, usize::MAX).await.unwrap();
        assert_eq!(answer[0], first);
        if first == 22 {
            assert_eq!((answer[5], &answer[9..11]), (2, &[3, 1][..]), "a server hello of TLS 1.0");
            assert!(stranger.get(FHIR, Some("platform"), "/fhir/metadata").await.starts_with("HTTP/1.1 200"));
        }
        edith.down().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hub_takes_a_group_against_quantum_computers() {
    let edith = world(210, Variant::Target, &[]).await;
    let stranger = Stranger::of(&edith, 210);
    let stream = TcpStream::connect(stranger.at(HUB)).await.unwrap();
    let name = ServerName::try_from("hub.edith.test").unwrap();
    let wire =
        tokio_rustls::TlsConnector::from(Arc::clone(&stranger.tls)).connect(name, stream).await.unwrap();
    let session = wire.get_ref().1;
    assert_eq!(session.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_3));
    let group = session.negotiated_key_exchange_group().unwrap().name();
    assert_eq!(group, rustls::NamedGroup::X25519MLKEM768);
    edith.down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_certificates_are_real() {
    for (on, why) in [
        ("hub-self-signed", "unknownissuer"),
        ("hub-expired", "expired"),
        ("hub-wrong-name", "not valid for name"),
        ("hub-wrong-purpose", "extended key usage"),
    ] {
        let edith = world(205, Variant::Target, &[on]).await;
        let refused = Stranger::of(&edith, 205).wire(HUB, Some("hub")).await.err().unwrap_or_default();
        assert!(refused.to_lowercase().contains(why), "{on}: {refused}");
        edith.down().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_comes_up_alone_and_goes_down() {
    for fault in faults() {
        let options =
            Options { faults: BTreeSet::from([fault.name]), octet: 206, ..Options::new(Variant::Target) };
        let edith = Edith::up(options).await.unwrap_or_else(|e| panic!("{}: {e}", fault.name));
        let found: Vec<_> = edith.truth().iter().map(|t| (t.requirement, t.node)).collect();
        assert_eq!(found, fault.fails, "{}", fault.name);
        declared(&edith);
        edith.down().await;
    }
}

/// Reads the scenario of a world, and sees that it declares every service that is there, where it is.
fn declared(edith: &Edith) -> Scenario {
    let text = edith.scenario();
    let scenario = scenario::parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes:?}\n{text}"));
    for truth in edith.truth() {
        assert!(scenario.node(truth.node).is_some(), "{}", truth.node);
    }
    for anchor in &scenario.trust_anchors {
        assert!(edith.files().iter().any(|(name, _)| name == anchor));
    }
    for list in &scenario.crls {
        assert!(edith.files().iter().any(|(name, _)| name == list));
    }
    for service in scenario.nodes.iter().flat_map(|node| {
        node.services.iter().map(move |service| SocketAddr::from((node.address.unwrap(), service.port)))
    }) {
        std::net::TcpStream::connect(service).unwrap_or_else(|e| panic!("{service}: {e}"));
    }
    scenario
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scenarios_declare_the_worlds() {
    let quo = world(208, Variant::StatusQuo, &[]).await;
    let scenario = declared(&quo);
    assert_eq!(scenario.stage, Stage::StatusQuo);
    assert_eq!(scenario.node("platform").unwrap().service("broker").unwrap().port, 1883);
    let folder = std::env::temp_dir().join(format!("auscult-lab-{}", std::process::id()));
    let path = quo.write(&folder).unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), quo.scenario());
    assert!(folder.join("trust.pem").is_file());
    std::fs::remove_dir_all(folder).unwrap();
    quo.down().await;

    let target = world(208, Variant::Target, &[]).await;
    let scenario = declared(&target);
    assert_eq!(scenario.stage, Stage::Target);
    let broker = scenario.node("platform").unwrap().service("broker").unwrap();
    assert!(broker.tls && broker.client_certificate && broker.port == 8883);
    assert!(scenario.node("pump").unwrap().services.is_empty());
    target.down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_world_does_not_share_its_ports() {
    let edith = world(207, Variant::Target, &[]).await;
    let again = Edith::up(Options { octet: 207, ..Options::new(Variant::StatusQuo) }).await;
    assert!(matches!(again, Err(LabError::PortInUse(address)) if address.to_string() == "127.207.0.11:8080"));
    edith.down().await;
    world(207, Variant::StatusQuo, &[]).await.down().await;
    let none = Edith::up(Options { octet: 0, ..Options::new(Variant::Target) }).await;
    assert!(matches!(none, Err(LabError::Octet(0))));
}
