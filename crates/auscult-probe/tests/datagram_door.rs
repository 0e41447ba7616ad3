//! The door for datagrams: what may be sent, how fast, and what is made of answers, silence and refusal.

mod subject_of;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use auscult_facts::ports::PortState;
use auscult_facts::snmp::{Community, SnmpFacts};
use auscult_facts::{Answer, Interrupted, Subject};
use auscult_model::{Impact, Pace, Transport};
use auscult_probe::snmp::Snmp;
use auscult_probe::{Depth, Errand, Limits, NodeBench, Observer, Permit, datagram};
use auscult_wire::snmp as wire;
use tokio::net::UdpSocket;

const MARK: &str = "0badcafe";

/// What a listener was sent, and when.
type Heard = Arc<Mutex<Vec<(Instant, Vec<u8>)>>>;

/// A node at an address of its own that answers each datagram as the function says.
async fn node(address: &str, answer: impl Fn(&[u8]) -> Option<Vec<u8>> + Send + 'static) -> (u16, Heard) {
    let socket = UdpSocket::bind((address, 0)).await.unwrap();
    let port = socket.local_addr().unwrap().port();
    let heard = Heard::default();
    let keep = Arc::clone(&heard);
    tokio::spawn(async move {
        let mut bytes = vec![0u8; 65_536];
        while let Ok((n, from)) = socket.recv_from(&mut bytes).await {
            keep.lock().unwrap().push((Instant::now(), bytes[..n].to_vec()));
            if let Some(said) = answer(&bytes[..n]) {
                let _ = socket.send_to(&said, from).await;
            }
        }
    });
    (port, heard)
}

fn udp(address: &str, port: u16, protocol: &str) -> Subject {
    let mut subject = subject_of::subject(port, subject_of::declared(protocol, false));
    subject.address = Some(address.parse().unwrap());
    subject.service.as_mut().unwrap().transport = Transport::Udp;
    subject
}

fn errand() -> Errand {
    Errand {
        depth: Depth::Verdict,
        anchors: Vec::new(),
        crls: Vec::new(),
        mark: MARK.to_owned(),
        at: "2027-01-01T00:00:00Z".parse().unwrap(),
        health: auscult_probe::health::HealthCommands::default(),
        keys: Vec::new(),
        guard: auscult_probe::Guard::default(),
    }
}

fn bench(address: &str, impact: Impact, pace: Pace, port: u16) -> NodeBench {
    let bench = NodeBench::new(Permit {
        node: "node".into(),
        address: address.parse().unwrap(),
        impact,
        declared: Default::default(),
        limits: Limits::of(pace),
    });
    bench.declare_datagrams([port].into());
    bench
}

fn laboratory(address: &str, impact: Impact, port: u16) -> NodeBench {
    bench(address, impact, Pace::Laboratory, port)
}

/// An agent of version 2c that takes one name.
fn agent(community: &'static [u8]) -> impl Fn(&[u8]) -> Option<Vec<u8>> + Send + 'static {
    move |bytes| {
        let asked = wire::Message::read(bytes).ok()?;
        if asked.version != wire::Version::V2c || asked.community != community {
            return None;
        }
        // The answer has the form of the question but for the kind of its unit, and a value in place of nothing.
        let mut answer = bytes.to_vec();
        let unit = answer.iter().position(|b| *b == 0xa0)?;
        answer[unit] = 0xa2;
        let end = answer.len();
        answer[end - 2] = 0x04;
        Some(answer)
    }
}

#[tokio::test]
async fn silence_refusal_and_an_answer_are_three_things() {
    let at = "127.92.0.1";
    let (silent, heard) = node(at, |_| None).await;
    let bench = laboratory(at, Impact::Safe, silent);
    let said = datagram::recognise(&bench, &udp(at, silent, "ntp"), MARK).await;
    assert_eq!(said, Err(Interrupted::Silent));
    assert_eq!(heard.lock().unwrap().len(), 2, "asked again once, and no more");

    let free = UdpSocket::bind((at, 0)).await.unwrap().local_addr().unwrap().port();
    let closed = datagram::recognise(&laboratory(at, Impact::Safe, free), &udp(at, free, "ntp"), MARK).await;
    assert_eq!(closed.unwrap().state, PortState::Closed);

    let (strange, _) = node(at, |_| Some(b"\x1b[31mwho is there".to_vec())).await;
    let unknown =
        datagram::recognise(&laboratory(at, Impact::Safe, strange), &udp(at, strange, "ntp"), MARK).await;
    let unknown = unknown.unwrap();
    assert_eq!((unknown.state, unknown.protocol, unknown.tls), (PortState::Open, None, None));
    assert!(unknown.first_bytes.unwrap().starts_with("1b5b33316d77686f"));

    let (snmp, _) = node(at, agent(b"public")).await;
    let known = datagram::recognise(&laboratory(at, Impact::Safe, snmp), &udp(at, snmp, "snmp"), MARK).await;
    let known = known.unwrap();
    assert_eq!((known.protocol.as_deref(), known.by.as_deref()), (Some("snmp"), Some("snmp-v2c-get")));
}

#[tokio::test]
async fn a_touch_sends_nothing_and_neither_does_safe_beyond_its_step() {
    let at = "127.92.0.2";
    let (port, heard) = node(at, agent(b"public")).await;
    for impact in [Impact::Passive, Impact::Touch] {
        let bench = laboratory(at, impact, port);
        let said = datagram::recognise(&bench, &udp(at, port, "snmp"), MARK).await;
        assert_eq!(said, Err(Interrupted::NotAuthorised));
        assert_eq!(bench.total(), Default::default());
    }
    assert!(heard.lock().unwrap().is_empty());

    let bench = laboratory(at, Impact::Safe, port);
    let facts = Snmp::look(&bench, &udp(at, port, "snmp"), &errand()).await.unwrap();
    assert!(facts.communities.iter().all(|a| a.community == Community::Public));
    assert_eq!(facts.opened().count(), 1);
    let names: Vec<Vec<u8>> = heard
        .lock()
        .unwrap()
        .iter()
        .filter_map(|(_, b)| Some(wire::Message::read(b).ok()?.community))
        .collect();
    assert!(names.iter().all(|n| n.is_empty() || n == b"public"), "{names:?}");
}

#[tokio::test]
async fn what_is_spent_is_counted_and_below_what_was_announced() {
    let at = "127.92.0.3";
    let (port, heard) = node(at, agent(b"private")).await;
    for impact in [Impact::Safe, Impact::Intrusive] {
        heard.lock().unwrap().clear();
        let bench = laboratory(at, impact, port);
        let facts: Result<SnmpFacts, _> = Snmp::look(&bench, &udp(at, port, "snmp"), &errand()).await;
        let sent = heard.lock().unwrap().len() as u64;
        let cost = bench.total();
        assert!(sent <= cost.packets && cost.packets <= Snmp::bound(Depth::Verdict, impact).packets);
        assert_eq!(cost.connections, 0);
        let bytes: usize = heard.lock().unwrap().iter().map(|(_, b)| b.len()).sum();
        assert_eq!(cost.bytes_sent, bytes as u64);
        match impact {
            Impact::Safe => assert_eq!(facts, Err(Interrupted::Silent)),
            _ => {
                let facts = facts.unwrap();
                let taken: Vec<_> = facts.opened().map(|a| a.community).collect();
                assert_eq!(taken, [Community::Private]);
                assert!(matches!(facts.unauthenticated, Answer::NotAsked(_)));
            }
        }
    }
}

#[tokio::test]
async fn at_the_wards_pace_no_second_has_more_than_two_datagrams() {
    let at = "127.92.0.4";
    let (port, heard) = node(at, agent(b"public")).await;
    let bench = bench(at, Impact::Safe, Pace::Ward, port);
    Snmp::look(&bench, &udp(at, port, "snmp"), &errand()).await.unwrap();
    let times: Vec<Instant> = heard.lock().unwrap().iter().map(|(at, _)| *at).collect();
    assert!(times.len() >= 4, "{}", times.len());
    for three in times.windows(3) {
        assert!(three[2] - three[0] >= Duration::from_millis(990), "{:?}", three[2] - three[0]);
    }
}

#[tokio::test]
async fn nobody_else_can_answer_for_the_node() {
    // TFTP may be answered from another port, and only of the same address.
    let at = "127.92.0.5";
    for (from, open) in [("127.92.0.6", false), (at, true)] {
        let socket = UdpSocket::bind((at, 0)).await.unwrap();
        let port = socket.local_addr().unwrap().port();
        tokio::spawn(async move {
            let other = UdpSocket::bind((from, 0)).await.unwrap();
            let mut bytes = [0u8; 1024];
            while let Ok((_, asker)) = socket.recv_from(&mut bytes).await {
                let back: SocketAddr = asker;
                let _ = other.send_to(b"\0\x05\0\x01File not found\0", back).await;
            }
        });
        let said =
            datagram::recognise(&laboratory(at, Impact::Safe, port), &udp(at, port, "tftp"), MARK).await;
        match open {
            true => assert_eq!(said.unwrap().protocol.as_deref(), Some("tftp")),
            false => assert_eq!(said, Err(Interrupted::Silent)),
        }
    }
}

#[tokio::test]
async fn a_flood_of_answers_is_cut_off() {
    let at = "127.92.0.7";
    let socket = Arc::new(UdpSocket::bind((at, 0)).await.unwrap());
    let port = socket.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut bytes = [0u8; 1024];
        while let Ok((_, from)) = socket.recv_from(&mut bytes).await {
            for _ in 0..2000 {
                let _ = socket.send_to(&[0u8; 1400], from).await;
            }
        }
    });
    let bench = laboratory(at, Impact::Safe, port);
    let said = datagram::recognise(&bench, &udp(at, port, "ntp"), MARK).await.unwrap();
    assert_eq!((said.protocol, said.first_bytes.unwrap().len()), (None, 128));
    assert!(bench.total().bytes_received < 400 << 10, "{:?}", bench.total());
}

#[tokio::test]
async fn a_stopped_bench_sends_nothing_more() {
    let at = "127.92.0.8";
    let (port, heard) = node(at, |_| None).await;
    let bench = laboratory(at, Impact::Safe, port);
    let (asking, subject) = (bench.clone(), udp(at, port, "snmp"));
    let asked = tokio::spawn(async move { datagram::recognise(&asking, &subject, MARK).await });
    while heard.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    bench.stop();
    assert_eq!(asked.await.unwrap(), Err(Interrupted::SafetyStop));
    assert_eq!(heard.lock().unwrap().len(), 1);
}
