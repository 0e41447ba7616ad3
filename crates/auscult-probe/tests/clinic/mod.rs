//! What the tests of the MQTT, HL7 and DICOM observers share: a bench on loopback, other people's programs, hostile peers.

#![expect(dead_code, reason = "every test file uses a part of it")]

use std::collections::BTreeSet;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use auscult_facts::{Interrupted, ServiceSubject, Subject};
use auscult_model::{Impact, Pace};
use auscult_probe::{Depth, Errand, Limits, NodeBench, Observer, Permit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

pub(crate) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The mark of every run in these tests.
pub(crate) const MARK: &str = "t3stm4rk";

/// A service on loopback, as declared.
pub(crate) fn subject(protocol: &str, port: u16, tls: bool, ae_title: Option<&str>) -> Subject {
    let service: ServiceSubject = serde_json::from_value(serde_json::json!({
        "name": "svc", "port": port, "transport": "tcp",
        "declared": { "protocol": protocol, "tls": tls, "ae_title": ae_title },
        "tls_seen": tls,
    }))
    .unwrap();
    serde_json::from_value(serde_json::json!({
        "node": "node", "kind": "cloud", "class": "II", "setting": "homecare", "address": HERE,
        "at": "2026-11-09T10:00:00Z", "service": service,
    }))
    .unwrap()
}

pub(crate) fn errand() -> Errand {
    Errand {
        depth: Depth::Verdict,
        anchors: Vec::new(),
        crls: Vec::new(),
        mark: MARK.to_owned(),
        at: "2026-11-09T10:00:00Z".parse().unwrap(),
        keys: Vec::new(),
        guard: auscult_probe::Guard::default(),
        health: auscult_probe::health::HealthCommands::default(),
    }
}

pub(crate) fn bench(port: u16, impact: Impact, patience: Duration) -> NodeBench {
    let mut limits = Limits::of(Pace::Laboratory);
    limits.answer = patience;
    bench_within(port, impact, limits)
}

pub(crate) fn bench_within(port: u16, impact: Impact, limits: Limits) -> NodeBench {
    NodeBench::new(Permit {
        node: "node".into(),
        address: HERE,
        impact,
        declared: BTreeSet::from([port]),
        limits,
    })
}

/// Looks, and proves that what was announced was not exceeded.
pub(crate) async fn look<O: Observer>(subject: &Subject, impact: Impact) -> Result<O::Facts, Interrupted> {
    look_patiently::<O>(subject, impact, Duration::from_secs(4)).await
}

pub(crate) async fn look_patiently<O: Observer>(
    subject: &Subject,
    impact: Impact,
    patience: Duration,
) -> Result<O::Facts, Interrupted> {
    let bench = bench(subject.service.as_ref().unwrap().port, impact, patience);
    let seen = <O as Observer>::look(&bench, subject, &errand()).await;
    let (cost, bound) = (bench.cost(), O::bound(Depth::Verdict, impact));
    assert!(
        cost.connections <= bound.connections && cost.packets <= bound.packets,
        "{cost:?} exceeds {bound:?}"
    );
    seen
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((HERE, 0)).unwrap().local_addr().unwrap().port()
}

/// Whether a program is installed; tests of absent programs have nothing to say and say so.
pub(crate) fn have(program: &str) -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
        || Path::new("/usr/sbin").join(program).is_file();
    if !found {
        eprintln!("`{program}` is not installed: nothing is tested against it");
    }
    found
}

/// Somebody else's program; ends with the test.
pub(crate) struct Running(Child);

impl Running {
    /// Starts it and waits until its port is open.
    pub(crate) fn start(program: &str, arguments: &[&str], port: u16) -> Self {
        let child = Command::new(program)
            .args(arguments)
            .env("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let running = Self(child);
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((HERE, port)).is_err() {
            assert!(Instant::now() < end, "`{program}` does not open its port");
            std::thread::sleep(Duration::from_millis(30));
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a hostile peer does with every connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Hostile {
    /// Reads and says nothing.
    Silent,
    /// Closes at once.
    Closes,
    /// Reads one question and closes.
    ReadsAndCloses,
    /// Answers with these bytes and keeps the connection open.
    Says(&'static [u8]),
    /// Answers with these bytes, one at a time, for ever and again.
    Dribbles(&'static [u8]),
    /// Answers with the first bytes and then the second without end.
    Floods(&'static [u8], &'static [u8]),
}

/// A peer on loopback; gives its port.
pub(crate) async fn hostile(how: Hostile) -> u16 {
    serve(move |mut stream| async move {
        let mut question = [0u8; 1024];
        match how {
            Hostile::Closes => return,
            Hostile::Silent => {}
            _ => {
                let _ = stream.read(&mut question).await;
            }
        }
        match how {
            Hostile::ReadsAndCloses | Hostile::Closes => return,
            Hostile::Silent => {}
            Hostile::Says(bytes) => {
                let _ = stream.write_all(bytes).await;
            }
            Hostile::Dribbles(bytes) => {
                for byte in bytes.iter().cycle() {
                    if stream.write_all(&[*byte]).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            Hostile::Floods(first, then) => {
                let mut bytes = first.to_vec();
                bytes.extend(then.repeat(4096 / then.len()));
                while stream.write_all(&bytes).await.is_ok() {
                    bytes = then.repeat(4096 / then.len());
                }
                return;
            }
        }
        while stream.read(&mut question).await.is_ok_and(|n| n > 0) {}
    })
    .await
}

/// A peer on loopback that treats every connection so; gives its port.
pub(crate) async fn serve<F, S>(serve: S) -> u16
where
    S: Fn(tokio::net::TcpStream) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = tokio::net::TcpListener::bind((HERE, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    port
}

/// A certificate for loopback signed by itself, and its key, written to a folder: `(certificate, key)`.
pub(crate) fn certificate(folder: &Path) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (cert.display().to_string(), key.display().to_string())
}
