//! A bench, a subject and a server of our own on loopback.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use auscult_facts::{Cost, Declared, Interrupted, ServiceSubject, Subject};
use auscult_model::{Impact, NodeKind, Pace, RiskClass, Setting, Transport};
use auscult_probe::access::Key;
use auscult_probe::{Bound, Depth, Errand, Limits, NodeBench, Observer, Permit};

/// Serves a router on a free port of loopback until the test ends.
pub(crate) async fn serve(router: axum::Router) -> u16 {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    port
}

/// Looks at a service with short patience, and proves that it cost no more than was announced.
pub(crate) async fn look<O: Observer>(
    subject: &Subject,
    impact: Impact,
) -> (Result<O::Facts, Interrupted>, Cost) {
    look_with::<O>(subject, impact, Vec::new()).await
}

/// The same with credentials.
pub(crate) async fn look_with<O: Observer>(
    subject: &Subject,
    impact: Impact,
    keys: Vec<Key>,
) -> (Result<O::Facts, Interrupted>, Cost) {
    let port = subject.service.as_ref().unwrap().port;
    let mut limits = Limits::of(Pace::Laboratory);
    limits.answer = Duration::from_millis(600);
    limits.observation = Duration::from_secs(12);
    let bench = NodeBench::new(Permit {
        node: subject.node.clone(),
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        impact,
        declared: BTreeSet::from([port]),
        limits,
    });
    let errand = errand(keys);
    let looked = tokio::time::timeout(Duration::from_secs(12), O::look(&bench, subject, &errand)).await;
    let cost = bench.cost();
    let Bound { connections, packets } = O::bound(Depth::Verdict, impact);
    assert!(cost.connections <= connections, "{} connections of {connections}", cost.connections);
    assert!(cost.packets <= packets, "{} packets of {packets}", cost.packets);
    assert!(cost.bytes_received < 24 << 20, "{} bytes", cost.bytes_received);
    (looked.expect("ends by its deadline"), cost)
}

/// An errand with credentials.
pub(crate) fn errand(keys: Vec<Key>) -> Errand {
    Errand {
        depth: Depth::Verdict,
        anchors: Vec::new(),
        crls: Vec::new(),
        mark: "k3j9x2qa".to_owned(),
        at: "2026-10-10T08:00:00Z".parse().unwrap(),
        keys,
        guard: auscult_probe::Guard::default(),
        health: auscult_probe::health::HealthCommands::default(),
    }
}

/// A service on loopback.
pub(crate) fn subject(port: u16, protocol: &str, tls: bool) -> Subject {
    Subject {
        node: "cuff".into(),
        kind: NodeKind::Device,
        class: RiskClass::II,
        setting: Setting::Homecare,
        address: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        host_names: Vec::new(),
        legacy: false,
        behind: None,
        wraps: BTreeSet::new(),
        declared_ports: BTreeSet::from([port]),
        at: "2026-10-10T08:00:00Z".parse().unwrap(),
        keys_elsewhere: Default::default(),
        service: Some(ServiceSubject {
            name: "web".into(),
            port,
            transport: Transport::Tcp,
            declared: Some(Declared { protocol: Some(protocol.to_owned()), tls, ..Declared::default() }),
            recognised: Some(protocol.to_owned()),
            tls_seen: Some(tls),
            flows: Vec::new(),
            pages: Vec::new(),
        }),
    }
}
