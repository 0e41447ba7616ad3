//! Benches and subjects for tests on loopback.
#![expect(dead_code, unreachable_pub, reason = "each test takes what it needs")]

use auscult_facts::{Declared, ServiceSubject, Subject};
use auscult_model::{Impact, NodeKind, Pace, RiskClass, Setting, Transport};
use auscult_probe::{Limits, NodeBench, Permit};

pub fn bench(impact: Impact, pace: Pace, declared: impl IntoIterator<Item = u16>) -> NodeBench {
    bench_at("127.0.0.1", impact, pace, declared)
}

pub fn bench_at(
    address: &str,
    impact: Impact,
    pace: Pace,
    declared: impl IntoIterator<Item = u16>,
) -> NodeBench {
    NodeBench::new(Permit {
        node: "node".into(),
        address: address.parse().unwrap(),
        impact,
        declared: declared.into_iter().collect(),
        limits: Limits::of(pace),
    })
}

pub fn subject(port: u16, declared: Option<Declared>) -> Subject {
    Subject {
        node: "node".into(),
        kind: NodeKind::Device,
        class: RiskClass::II,
        setting: Setting::Homecare,
        address: Some("127.0.0.1".parse().unwrap()),
        host_names: Vec::new(),
        legacy: false,
        behind: None,
        wraps: Default::default(),
        declared_ports: Default::default(),
        at: "2027-01-01T00:00:00Z".parse().unwrap(),
        service: Some(ServiceSubject {
            name: "service".into(),
            port,
            transport: Transport::Tcp,
            declared,
            recognised: None,
            tls_seen: None,
            flows: Vec::new(),
        }),
    }
}

pub fn declared(protocol: &str, tls: bool) -> Option<Declared> {
    Some(Declared { protocol: Some(protocol.into()), tls, ..Declared::default() })
}
