//! Simulated devices, each of which dies on one thing that a published device died on.
//!
//! A device that dies closes its door and everything that is open, and remembers of what. What cannot be seen from
//! above TCP, such as half of a handshake that the kernel makes by itself, is simulated by the nearest thing that can.

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;

/// What a device dies of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weakness {
    /// A connection while another one is open.
    SecondConnection,
    /// More than five connections within a second.
    FasterThanFive,
    /// A connection that ends without a word by a reset, as a scan with half of a handshake leaves it.
    HalfOpen,
    /// A hello that offers TLS 1.3.
    Tls13Hello,
    /// A hello of more than 512 bytes.
    LongHello,
    /// A line of an HTTP request of more than 128 bytes.
    LongHeader,
    /// A connection that ends by a reset.
    Reset,
    /// Bytes of a protocol that it does not speak.
    ForeignProtocol,
    /// A datagram to a port on which nothing listens.
    Datagram,
    /// Bytes to its printer port.
    Printing,
    /// A DICOM association from a caller that it does not know.
    UnknownCaller,
    /// Nothing that is tried here.
    None,
    /// The third connection: what no run can be gentle enough for.
    ThirdConnection,
}

/// What a device says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// A web page.
    Http,
    /// A web page inside TLS 1.2.
    Https,
    /// A greeting, and nothing further.
    Banner,
    /// Nothing.
    Nothing,
    /// DICOM, to callers that it knows.
    Dicom,
}

/// A device that is there until it dies or is dropped.
pub(crate) struct Device {
    state: Arc<State>,
}

struct State {
    weakness: Weakness,
    speaks: Speaks,
    tls: Option<Arc<ServerConfig>>,
    dead: Mutex<Option<String>>,
    gone: AtomicBool,
    accepted: AtomicU64,
    open: AtomicU64,
    recent: Mutex<Vec<Instant>>,
}

/// UDP ports that are asked most often.
const UDP: [u16; 9] = [53, 69, 123, 161, 1900, 3702, 5353, 5683, 5684];

impl Device {
    /// Opens the device's door.
    pub(crate) fn up(address: IpAddr, port: u16, speaks: Speaks, weakness: Weakness) -> Self {
        let state = Arc::new(State {
            weakness,
            speaks,
            tls: (speaks == Speaks::Https).then(|| identity(address)),
            dead: Mutex::default(),
            gone: AtomicBool::new(false),
            accepted: AtomicU64::new(0),
            open: AtomicU64::new(0),
            recent: Mutex::default(),
        });
        let listener = TcpListener::bind(SocketAddr::new(address, port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let serving = Arc::clone(&state);
        thread::spawn(move || serving.serve(&listener));
        if weakness == Weakness::Datagram {
            for port in UDP {
                let socket = UdpSocket::bind((address, port)).unwrap();
                socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
                let listening = Arc::clone(&state);
                thread::spawn(move || {
                    while !listening.over() {
                        if socket.recv_from(&mut [0; 64]).is_ok() {
                            listening.dies(&format!("a datagram came to {port}"));
                        }
                    }
                });
            }
        }
        Self { state }
    }

    /// What it died of, if it did.
    pub(crate) fn died(&self) -> Option<String> {
        self.state.dead.lock().unwrap().clone()
    }

    /// Connections that it took.
    pub(crate) fn accepted(&self) -> u64 {
        self.state.accepted.load(SeqCst)
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.state.gone.store(true, SeqCst);
    }
}

impl State {
    fn over(&self) -> bool {
        self.gone.load(SeqCst) || self.dead.lock().unwrap().is_some()
    }

    fn dies(&self, of: &str) {
        self.dead.lock().unwrap().get_or_insert_with(|| of.to_owned());
    }

    fn serve(self: Arc<Self>, listener: &TcpListener) {
        while !self.over() {
            match listener.accept() {
                Ok((stream, _)) => {
                    let count = self.accepted.fetch_add(1, SeqCst) + 1;
                    let others = self.open.fetch_add(1, SeqCst);
                    let mut recent = self.recent.lock().unwrap();
                    recent.retain(|at| at.elapsed() < Duration::from_secs(1));
                    recent.push(Instant::now());
                    match self.weakness {
                        Weakness::SecondConnection if others > 0 => self.dies("a second connection"),
                        Weakness::FasterThanFive if recent.len() > 5 => {
                            self.dies("six connections in a second")
                        }
                        Weakness::ThirdConnection if count == 3 => self.dies("its third connection"),
                        _ => {}
                    }
                    drop(recent);
                    let talking = Arc::clone(&self);
                    thread::spawn(move || {
                        stream.set_nonblocking(false).unwrap();
                        talking.talk(stream);
                        talking.open.fetch_sub(1, SeqCst);
                    });
                }
                Err(e) if e.kind() == ErrorKind::WouldBlock => thread::sleep(Duration::from_millis(2)),
                Err(e) => panic!("{e}"),
            }
        }
    }

    /// Takes in and answers until the other end goes.
    fn talk(&self, mut stream: TcpStream) {
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        if self.speaks == Speaks::Banner {
            let _ = stream.write_all(b"\xff\xfb\x01Pump 7\r\nlogin: ");
        }
        let mut tls = self.tls.clone().map(|config| rustls::ServerConnection::new(config).unwrap());
        let mut heard = Vec::new();
        let mut chunk = [0; 4096];
        while !self.over() {
            match stream.read(&mut chunk) {
                Ok(0) => break,
                Ok(n) => {
                    heard.extend_from_slice(&chunk[..n]);
                    self.suffers(&heard);
                    let said = match &mut tls {
                        Some(tls) => answer_inside(tls, &chunk[..n], &mut stream),
                        None => self.answer(&heard),
                    };
                    if let Some(said) = said {
                        let _ = stream.write_all(&said);
                        if self.speaks == Speaks::Http {
                            break;
                        }
                        heard.clear();
                    }
                }
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => {
                    match self.weakness {
                        Weakness::Reset => self.dies("a reset"),
                        Weakness::HalfOpen if heard.is_empty() => {
                            self.dies("a connection reset without a word")
                        }
                        _ => {}
                    }
                    return;
                }
            }
        }
        let _ = stream.shutdown(Shutdown::Write);
        // It waits for the other end to go, and suffers from how it goes.
        for _ in 0..100 {
            match stream.read(&mut chunk) {
                Ok(0) => break,
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) if self.weakness == Weakness::Reset => return self.dies("a reset"),
                Ok(_) | Err(_) => {}
            }
        }
    }

    /// What it heard may be too much.
    fn suffers(&self, heard: &[u8]) {
        let is_hello = heard.first() == Some(&22);
        match self.weakness {
            Weakness::Tls13Hello if is_hello && offers_tls13(heard) => {
                self.dies("a hello with TLS 1.3");
            }
            Weakness::LongHello if is_hello && heard.len() > 512 => self.dies("a long hello"),
            Weakness::LongHeader if heard.split(|b| *b == b'\n').any(|line| line.len() > 128) => {
                self.dies("a long line");
            }
            Weakness::ForeignProtocol => self.dies("bytes of a protocol that it does not speak"),
            Weakness::Printing => self.dies("a page that nobody wanted"),
            // The calling AE title stands in bytes 26 to 41 of the request (PS3.8, section 9.3.2).
            Weakness::UnknownCaller if heard.len() >= 42 && !heard[26..42].starts_with(b"MODALITY1") => {
                self.dies("an unknown caller");
            }
            _ => {}
        }
    }

    fn answer(&self, heard: &[u8]) -> Option<Vec<u8>> {
        (self.speaks == Speaks::Http && heard.windows(4).any(|w| w == b"\r\n\r\n")).then(page)
    }
}

/// Whether the extension `supported_versions` holds TLS 1.3 (RFC 8446, section 4.2.1).
fn offers_tls13(hello: &[u8]) -> bool {
    let places = hello.windows(5).enumerate().filter(|(_, w)| w[..3] == [0, 43, 0] && w[3] == w[4] + 1);
    places.into_iter().any(|(at, w)| {
        let versions = &hello[at + 5..hello.len().min(at + 5 + usize::from(w[4]))];
        versions.chunks(2).any(|version| version == [3, 4])
    })
}

fn page() -> Vec<u8> {
    let body = "<html><title>Pump 7</title><body>running</body></html>";
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Takes TLS records in, and gives what is to be sent back.
fn answer_inside(
    tls: &mut rustls::ServerConnection,
    mut records: &[u8],
    stream: &mut TcpStream,
) -> Option<Vec<u8>> {
    let mut said = Vec::new();
    while !records.is_empty() {
        let Ok(_) = tls.read_tls(&mut records) else { break };
        if tls.process_new_packets().is_err() {
            break;
        }
        let mut inside = [0; 4096];
        if let Ok(n) = tls.reader().read(&mut inside)
            && n > 0
        {
            let _ = tls.writer().write_all(&page());
            tls.send_close_notify();
        }
    }
    while tls.wants_write() {
        if tls.write_tls(&mut said).is_err() {
            break;
        }
    }
    let _ = stream.write_all(&said);
    None
}

/// A certificate of its own, and TLS 1.2 alone.
fn identity(address: IpAddr) -> Arc<ServerConfig> {
    let made = rcgen::generate_simple_self_signed([address.to_string()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS12])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    Arc::new(config)
}
