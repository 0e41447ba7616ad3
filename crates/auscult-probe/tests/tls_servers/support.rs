//! What the tests of TLS share: a bench on loopback, servers by OpenSSL, scripted servers, a counting proxy.

use std::net::{IpAddr, Ipv4Addr};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use auscult_facts::tls::TlsFacts;
use auscult_facts::{Interrupted, ServiceSubject, Subject};
use auscult_model::{Impact, NodeId, NodeKind, Pace, RiskClass, ServiceName, Setting, Transport};
use auscult_probe::tls::Tls;
use auscult_probe::{Depth, Errand, Limits, NodeBench, Observer, Permit};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

pub(crate) fn limits() -> Limits {
    Limits { answer: Duration::from_millis(1500), ..Limits::of(Pace::Laboratory) }
}

pub(crate) fn bench(port: u16, impact: Impact, limits: Limits) -> NodeBench {
    let declared = std::iter::once(port).collect();
    NodeBench::new(Permit { node: NodeId::new("dut"), address: LOCALHOST, impact, declared, limits })
}

pub(crate) fn subject(port: u16, protocol: Option<&str>) -> Subject {
    Subject {
        node: NodeId::new("dut"),
        kind: NodeKind::Device,
        class: RiskClass::II,
        setting: Setting::Homecare,
        address: Some(LOCALHOST),
        host_names: vec!["dut.test".to_owned()],
        legacy: false,
        behind: None,
        wraps: Default::default(),
        declared_ports: std::iter::once(port).collect(),
        at: "2026-11-23T12:00:00Z".parse().unwrap(),
        keys_elsewhere: Default::default(),
        service: Some(ServiceSubject {
            name: ServiceName::new("tls"),
            port,
            transport: Transport::Tcp,
            declared: None,
            recognised: protocol.map(str::to_owned),
            tls_seen: Some(true),
            flows: Vec::new(),
            pages: Vec::new(),
        }),
    }
}

pub(crate) fn errand(depth: Depth, anchors: Vec<Vec<u8>>) -> Errand {
    let at = "2026-11-23T12:00:00Z".parse().unwrap();
    Errand {
        depth,
        anchors,
        crls: Vec::new(),
        mark: "abcd1234".to_owned(),
        at,
        keys: Vec::new(),
        guard: auscult_probe::Guard::default(),
        health: auscult_probe::health::HealthCommands::default(),
    }
}

/// One look, and what it took; fails when it takes more than the observer announced.
pub(crate) async fn look(
    port: u16,
    depth: Depth,
    impact: Impact,
    limits: Limits,
    protocol: Option<&str>,
) -> (Result<TlsFacts, Interrupted>, u64, Duration) {
    let bench = bench(port, impact, limits);
    let begun = Instant::now();
    let seen = Tls::look(&bench, &subject(port, protocol), &errand(depth, Vec::new())).await;
    let (cost, bound) = (bench.cost(), Tls::bound(depth, impact));
    assert!(cost.connections <= bound.connections, "{} connections", cost.connections);
    assert!(cost.packets <= bound.packets, "{} packets, bound {}", cost.packets, bound.packets);
    (seen, cost.connections, begun.elapsed())
}

/// A look for a verdict that must succeed.
pub(crate) async fn verdict(port: u16) -> TlsFacts {
    look(port, Depth::Verdict, Impact::Safe, limits(), None).await.0.expect("the port can be looked at")
}

/// A folder with keys and certificates, made by OpenSSL.
pub(crate) struct Shop {
    dir: TempDir,
}

impl Shop {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    /// Runs OpenSSL; `@name` stands for a file of this shop.
    pub(crate) fn openssl(&self, arguments: &str) {
        let done =
            Command::new("openssl").args(self.arguments(arguments)).output().expect("openssl is installed");
        assert!(done.status.success(), "{arguments}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn arguments(&self, arguments: &str) -> Vec<String> {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.path(name),
            None => word.to_owned(),
        };
        arguments.split_whitespace().map(word).collect()
    }

    /// A self-signed certificate `name.crt` with its key `name.key`.
    pub(crate) fn certificate(&self, name: &str, key: &str, more: &str) {
        self.openssl(&format!(
            "req -x509 -newkey {key} -nodes -keyout @{name}.key -out @{name}.crt -days 365 -subj /CN=dut.test {more}"
        ));
    }

    /// Starts a server on a free port and waits until it listens.
    pub(crate) fn serve(&self, arguments: &str) -> Server {
        let port = free_port();
        let child = Command::new("openssl")
            .args(self.arguments(&format!("s_server -accept {port} -quiet {arguments}")))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl is installed");
        let server = Server { child, port };
        server.wait();
        server
    }
}

/// A server by another program; it ends when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Waits until it listens, without a connection: some servers take only one at a time.
    fn wait(&self) {
        let wanted = format!(":{:04X} ", self.port);
        let listening = || {
            ["/proc/net/tcp", "/proc/net/tcp6"].iter().any(|table| {
                let table = std::fs::read_to_string(table).unwrap_or_default();
                table.lines().any(|l| l.contains(&wanted) && l.split_whitespace().nth(3) == Some("0A"))
            })
        };
        let end = Instant::now() + Duration::from_secs(10);
        while !listening() {
            assert!(Instant::now() < end, "the server does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind((LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A server that treats each connection by a script; its first argument counts connections from 0.
pub(crate) async fn scripted<F, Fut>(script: F) -> u16
where
    F: Fn(usize, TcpStream) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind((LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        for n in 0.. {
            let Ok((stream, _)) = listener.accept().await else { return };
            tokio::spawn(script(n, stream));
        }
    });
    port
}

/// The hello of a client, as one record of TLS or SSL 2.
pub(crate) async fn hear_hello(stream: &mut TcpStream) -> Vec<u8> {
    let mut heard = vec![0; 5];
    if stream.read_exact(&mut heard).await.is_err() {
        return Vec::new();
    }
    let rest = match heard[0] & 0x80 {
        0 => usize::from(u16::from_be_bytes([heard[3], heard[4]])),
        _ => usize::from(u16::from_be_bytes([heard[0] & 0x7f, heard[1]])) - 3,
    };
    let mut body = vec![0; rest];
    let _ = stream.read_exact(&mut body).await;
    heard.extend(body);
    heard
}

/// Counts the connections that go through it to a port.
pub(crate) async fn counting_proxy(to: u16) -> (u16, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let port = scripted(move |_, mut client| {
        counter.fetch_add(1, SeqCst);
        async move {
            if let Ok(mut server) = TcpStream::connect((LOCALHOST, to)).await {
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            }
        }
    })
    .await;
    (port, count)
}

/// Stands a round trip before a server: once for the connect, once for the question.
pub(crate) async fn slow_proxy(to: u16, round_trip: Duration) -> u16 {
    scripted(move |_, mut client| async move {
        tokio::time::sleep(round_trip).await;
        let hello = hear_hello(&mut client).await;
        tokio::time::sleep(round_trip).await;
        if let Ok(mut server) = TcpStream::connect((LOCALHOST, to)).await
            && server.write_all(&hello).await.is_ok()
        {
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
    })
    .await
}

/// A record.
pub(crate) fn record(kind: u8, version: u16, body: &[u8]) -> Vec<u8> {
    let mut out = vec![kind];
    out.extend(version.to_be_bytes());
    out.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
    out.extend(body);
    out
}

/// A fatal alert.
pub(crate) fn alert(description: u8) -> Vec<u8> {
    record(21, 0x0301, &[2, description])
}

/// A ServerHello that is not followed by anything but the end of the flight.
pub(crate) fn server_hello(version: u16, suite: u16, extensions: &[u8]) -> Vec<u8> {
    let mut body = version.min(0x0303).to_be_bytes().to_vec();
    body.extend([9; 32]);
    body.push(0);
    body.extend(suite.to_be_bytes());
    body.push(0);
    if !extensions.is_empty() {
        body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
        body.extend(extensions);
    }
    let mut message = vec![2, 0];
    message.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
    message.extend(body);
    if version <= 0x0303 {
        message.extend([14, 0, 0, 0]);
    }
    record(22, version.min(0x0303), &message)
}

/// The version that a hello asks for: from its extension, else from its old field.
pub(crate) fn asked_version(hello: &[u8]) -> u16 {
    let needle = [0, 43, 0];
    let told = |at: usize| hello.get(at + 5..at + 7).map(|v| u16::from_be_bytes([v[0], v[1]]));
    hello
        .windows(3)
        .enumerate()
        .filter(|(_, w)| *w == needle)
        .find_map(|(at, _)| told(at).filter(|v| *v == 0x0304))
        .unwrap_or_else(|| u16::from_be_bytes([hello[9], hello[10]]))
}

/// Says something and closes in peace.
pub(crate) async fn say(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
}
