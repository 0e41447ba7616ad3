//! mDNS, SSDP and WS-Discovery against scripted nodes: what they tell, and that nobody else is asked.

mod subject_of;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use auscult_facts::{Answer, Subject};
use auscult_model::{Impact, Pace, Transport};
use auscult_probe::mdns::Mdns;
use auscult_probe::ssdp::Ssdp;
use auscult_probe::ws_discovery::WsDiscovery;
use auscult_probe::{Depth, Errand, Limits, NodeBench, Observer, Permit};
use axum::Router;
use axum::routing::get;
use tokio::net::{TcpListener, UdpSocket};

fn udp(address: &str, port: u16, protocol: &str) -> Subject {
    let mut subject = subject_of::subject(port, subject_of::declared(protocol, false));
    subject.address = Some(address.parse().unwrap());
    subject.service.as_mut().unwrap().transport = Transport::Udp;
    subject
}

fn bench(address: &str, port: u16) -> NodeBench {
    let bench = NodeBench::new(Permit {
        node: "node".into(),
        address: address.parse().unwrap(),
        impact: Impact::Safe,
        declared: Default::default(),
        limits: Limits::of(Pace::Laboratory),
    });
    bench.declare_datagrams([port].into());
    bench
}

fn errand() -> Errand {
    Errand {
        depth: Depth::Verdict,
        anchors: Vec::new(),
        crls: Vec::new(),
        mark: "0badcafe".to_owned(),
        at: "2027-01-01T00:00:00Z".parse().unwrap(),
        health: auscult_probe::health::HealthCommands::default(),
        keys: Vec::new(),
        guard: auscult_probe::Guard::default(),
    }
}

/// Looks, and sees that no more was spent than was announced.
async fn look<O: Observer>(address: &str, port: u16, protocol: &str) -> O::Facts {
    let bench = bench(address, port);
    let facts = O::look(&bench, &udp(address, port, protocol), &errand()).await.unwrap();
    let (cost, bound) = (bench.total(), O::bound(Depth::Verdict, Impact::Safe));
    assert!(cost.connections <= bound.connections && cost.packets <= bound.packets, "{cost:?} {bound:?}");
    facts
}

/// Answers each datagram from a socket of its own, as many devices do.
async fn node(address: &str, answer: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> u16 {
    let socket = UdpSocket::bind((address, 0)).await.unwrap();
    let port = socket.local_addr().unwrap().port();
    let address = address.to_owned();
    tokio::spawn(async move {
        let mut bytes = vec![0u8; 4096];
        while let Ok((n, from)) = socket.recv_from(&mut bytes).await {
            let mdns = bytes[..n].windows(5).any(|w| w == b"local");
            for said in answer(&bytes[..n]) {
                if mdns {
                    let _ = socket.send_to(&said, from).await;
                } else {
                    let other = UdpSocket::bind((address.as_str(), 0)).await.unwrap();
                    let _ = other.send_to(&said, from).await;
                }
            }
        }
    });
    port
}

fn name(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for label in text.split('.') {
        out.push(u8::try_from(label.len()).unwrap());
        out.extend(label.as_bytes());
    }
    out.push(0);
    out
}

fn record(owner: &str, kind: u16, body: &[u8]) -> Vec<u8> {
    let mut out = name(owner);
    out.extend(kind.to_be_bytes());
    out.extend([0x80, 1, 0, 0, 0, 10]);
    out.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
    out.extend(body);
    out
}

fn answer(records: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![0, 0, 0x84, 0, 0, 0, 0, u8::try_from(records.len()).unwrap(), 0, 0, 0, 0];
    out.extend(records.concat());
    out
}

#[tokio::test]
async fn kinds_and_ports_are_kept_and_names_are_not() {
    let at = "127.92.1.21";
    let port = node(at, |asked| {
        let told = if asked.windows(9).any(|w| w == b"_services") {
            let all = "_services._dns-sd._udp.local";
            answer(&[
                record(all, 12, &name("_http._tcp.local")),
                record(all, 12, &name("_ssh._tcp.local")),
                record(all, 12, b"\x04\x1b[2J\0"),
            ])
        } else if asked.windows(4).any(|w| w == b"_ssh") {
            let instance = "Pump of Invented Edith._ssh._tcp.local";
            let srv = [&[0, 0, 0, 0, 0, 22][..], &name("pump.local")].concat();
            answer(&[record("_ssh._tcp.local", 12, &name(instance)), record(instance, 33, &srv)])
        } else {
            answer(&[])
        };
        vec![told]
    })
    .await;
    let facts = look::<Mdns>(at, port, "mdns").await;
    let told: Vec<_> = facts.services.iter().map(|s| (s.kind.as_str(), s.ports.as_slice())).collect();
    assert_eq!(told, [("_http._tcp", &[][..]), ("_ssh._tcp", &[22][..])]);
    assert!(!serde_json::to_string(&facts).unwrap().contains("Edith"));
}

const GATEWAY: &str = "<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device>\
    <deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><serialNumber>17</serialNumber>\
    <serviceList><service><serviceType>urn:schemas-upnp-org:service:WANPPPConnection:1</serviceType>\
    <SCPDURL>/ppp.xml</SCPDURL></service>\
    <service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>\
    <controlURL>/control</controlURL><SCPDURL>ip.xml</SCPDURL></service></serviceList></device></root>";

fn actions(name: &str) -> String {
    format!("<scpd><actionList><action><name>{name}</name></action></actionList></scpd>")
}

#[tokio::test]
async fn a_gateway_that_maps_ports_is_seen_and_no_action_is_called() {
    for (action, offered) in [("AddPortMapping", true), ("GetExternalIPAddress", false)] {
        let at = "127.92.1.22";
        let listener = TcpListener::bind((at, 0)).await.unwrap();
        let web = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&asked);
        let app = Router::new()
            .route("/d/root.xml", get(|| async { GATEWAY }))
            .route("/ppp.xml", get(|| async { actions("GetStatusInfo") }))
            .route("/d/ip.xml", get(move || async move { actions(action) }))
            .fallback(move || {
                count.fetch_add(1, Ordering::SeqCst);
                async { "no" }
            });
        tokio::spawn(async move { axum::serve(listener, app).await });
        let port = node(at, move |asked| {
            assert!(asked.starts_with(b"M-SEARCH * HTTP/1.1\r\nHOST: 127.92.1.22:"));
            let location = format!("http://{at}:{web}/d/root.xml");
            vec![
                format!("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: {location}\r\n\r\n")
                    .into_bytes(),
            ]
        })
        .await;
        let facts = look::<Ssdp>(at, port, "ssdp").await;
        let description = facts.description.seen().unwrap();
        assert_eq!(description.port_mapping, Answer::Seen(offered));
        assert!(description.serial_told && facts.unread == 0 && facts.answers == 2);
        assert_eq!(description.types[..2], ["WANPPPConnection:1", "WANIPConnection:1"]);
        assert_eq!(asked.load(Ordering::SeqCst), 0);
    }
}

#[tokio::test]
async fn a_description_elsewhere_is_not_read() {
    let elsewhere = TcpListener::bind("127.92.1.24:0").await.unwrap();
    let port_elsewhere = elsewhere.local_addr().unwrap().port();
    let port = node("127.92.1.23", move |_| {
        let location = format!("http://127.92.1.24:{port_elsewhere}/d.xml");
        vec![format!("HTTP/1.1 200 OK\r\nST: x\r\nLocation: {location}\r\n\r\n").into_bytes()]
    })
    .await;
    let facts = look::<Ssdp>("127.92.1.23", port, "ssdp").await;
    assert!(facts.unread == 1 && matches!(facts.description, Answer::NotAsked(_)));
    let nobody = tokio::time::timeout(std::time::Duration::from_millis(200), elsewhere.accept()).await;
    assert!(nobody.is_err(), "somebody else was asked");
}

#[tokio::test]
async fn a_medical_device_and_its_endpoints_are_seen() {
    let at = "127.92.1.25";
    let port = node(at, |asked| {
        assert!(asked.windows(8).any(|w| w == b"d:Probe/"));
        vec![
            b"garbage".to_vec(),
            b"<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' \
              xmlns:d='http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01' \
              xmlns:m='http://standards.ieee.org/downloads/11073/11073-20702-2016'><s:Body><d:ProbeMatches>\
              <d:ProbeMatch><d:Types>m:MedicalDevice d:Device</d:Types><d:XAddrs>http://127.92.1.25:1/a</d:XAddrs>\
              </d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
                .to_vec(),
        ]
    })
    .await;
    let facts = look::<WsDiscovery>(at, port, "ws-discovery").await;
    assert!(facts.medical && facts.types.contains("MedicalDevice"));
    assert_eq!((facts.clear, facts.protected, facts.matches), (1, 0, 1));
}
