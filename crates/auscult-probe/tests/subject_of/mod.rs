//! Subjects for tests of services on loopback.

use auscult_facts::{Declared, ServiceSubject, Subject};
use auscult_model::{NodeKind, RiskClass, Setting, Transport};

pub(crate) fn subject(port: u16, declared: Option<Declared>) -> Subject {
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
        keys_elsewhere: Default::default(),
        service: Some(ServiceSubject {
            name: "service".into(),
            port,
            transport: Transport::Tcp,
            declared,
            recognised: None,
            tls_seen: None,
            flows: Vec::new(),
            pages: Vec::new(),
        }),
    }
}

pub(crate) fn declared(protocol: &str, tls: bool) -> Option<Declared> {
    Some(Declared { protocol: Some(protocol.into()), tls, ..Declared::default() })
}
