//! Doors of remote administration for tests: servers that follow a script, and a look at them.

use std::time::Duration;

use auscult_facts::Interrupted;
use auscult_model::{Impact, Pace};
use auscult_probe::{Depth, Errand, Limits, NodeBench, Observer, Permit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::subject_of::{declared, subject};

/// Looks at a port of an address; what it costs must stay within what is announced.
pub(crate) async fn look<O: Observer>(
    protocol: &str,
    (address, port): (&str, u16),
    impact: Impact,
) -> Result<O::Facts, Interrupted> {
    let bench = NodeBench::new(Permit {
        node: "node".into(),
        address: address.parse().unwrap(),
        impact,
        declared: [port].into(),
        limits: Limits::of(Pace::Laboratory),
    });
    let errand = Errand {
        depth: Depth::Verdict,
        anchors: Vec::new(),
        crls: Vec::new(),
        mark: "abcd1234".into(),
        at: "2027-01-01T00:00:00Z".parse().unwrap(),
        keys: Vec::new(),
        guard: auscult_probe::Guard::default(),
        health: auscult_probe::health::HealthCommands::default(),
    };
    let subject = subject(port, declared(protocol, false));
    let looking = O::look(&bench, &subject, &errand);
    let facts = tokio::time::timeout(Duration::from_secs(60), looking).await.expect("it comes to an end");
    let (cost, bound) = (bench.cost(), O::bound(Depth::Verdict, impact));
    assert!(cost.connections <= bound.connections && cost.packets <= bound.packets, "{cost:?} {bound:?}");
    facts
}

/// Serves every connection by a script: the first entry at once, each next one after something was heard; then it
/// hears on until the other end closes.
pub(crate) async fn scripted(address: &'static str, script: Vec<Vec<u8>>) -> (&'static str, u16) {
    let listener = TcpListener::bind((address, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let script = script.clone();
            tokio::spawn(async move {
                let mut heard = [0u8; 4096];
                for (place, entry) in script.iter().enumerate() {
                    if place > 0 && !matches!(stream.read(&mut heard).await, Ok(1..)) {
                        return;
                    }
                    if stream.write_all(entry).await.is_err() {
                        return;
                    }
                }
                let _ = stream.read_to_end(&mut Vec::new()).await;
            });
        }
    });
    (address, port)
}
