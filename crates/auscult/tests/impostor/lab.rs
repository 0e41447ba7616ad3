//! The lab's own clients.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use auscult_lab::{Client, ClientFault, ClientProtocol};

use crate::field::{Bench, CHECKS, compare};

/// Everything but those named.
fn all_but(known: &[&'static str]) -> Vec<&'static str> {
    CHECKS.into_iter().filter(|c| !known.contains(c)).collect()
}

fn checked(octet: u8, protocol: ClientProtocol, fault: Option<ClientFault>) -> Vec<String> {
    let bench = Bench::new(octet);
    let (port, word) = match protocol {
        ClientProtocol::Mqtt => (8883, "mqtt"),
        ClientProtocol::Fhir => (8443, "fhir"),
    };
    let client = Client {
        from: bench.device(),
        to: SocketAddr::from((bench.listen(), port)),
        name: "platform.test".to_owned(),
        authority: bench.authority(),
        time: Some(SocketAddr::from((bench.listen(), 123))),
        protocol,
        fault,
        pause: Duration::from_millis(100),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let dialling = runtime.spawn(client.run());
    let verdicts = bench.check(port, word, &format!("wait = \"4 s\"\nntp = \"{}:123\"", bench.listen()));
    dialling.abort();
    let fails = fault.map_or(&[][..], ClientFault::fails);
    // Who gives up at the first false certificate has shown nothing of the others, and who speaks no TLS of none.
    let undecided = match fault {
        Some(ClientFault::GivesUp) => all_but(&["client-no-recovery", "client-accepts-self-signed"]),
        Some(ClientFault::SpeaksInClear) => all_but(fails),
        // It takes expired certificates at any time.
        Some(ClientFault::BelievesExpired) => vec!["client-accepts-wrong-time"],
        _ => Vec::new(),
    };
    compare(
        &format!("{protocol:?} {}", fault.map_or("proper", ClientFault::name)),
        &verdicts,
        fails,
        &undecided,
    )
}

fn matrix(first_octet: u8, protocol: ClientProtocol) {
    let faults = std::iter::once(None).chain(ClientFault::ALL.map(Some));
    let wrong: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = (first_octet..)
            .zip(faults)
            .map(|(octet, fault)| scope.spawn(move || checked(octet, protocol, fault)))
            .collect();
        running.into_iter().flat_map(|r| r.join().expect("a thread that ends")).collect()
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_flaw_of_an_mqtt_client_is_found_and_no_other() {
    matrix(10, ClientProtocol::Mqtt);
}

#[test]
fn every_flaw_of_a_fhir_client_is_found_and_no_other() {
    matrix(30, ClientProtocol::Fhir);
}
