//! Services that do not bear what they should: scripted, since nobody ships them on purpose.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::{Mutex, Notify};

/// A file that is there as long as a device does its duty.
pub(crate) static SIGN: OnceLock<PathBuf> = OnceLock::new();

/// How often a service that must not be treated badly was.
static BADLY: AtomicUsize = AtomicUsize::new(0);

pub(crate) fn badly_treated() -> usize {
    BADLY.load(Ordering::SeqCst)
}

/// What a service does not bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weak {
    /// Bears everything.
    Never,
    /// Bears everything, and counts malformed requests.
    Counts,
    /// Its port is gone after a header that is too long.
    Dies,
    /// Answers nobody any more after a chunk that is none.
    Hangs,
    /// Answers everybody with an error of its own after a length that is negative.
    Forgets,
    /// Goes on serving pages, while what it is there for has stopped.
    StopsTherapy,
    /// Serves one connection until it has ended.
    OneAtATime,
    /// Its port is gone after 200 good questions.
    DiesOfLoad,
    /// Gives every file that a path leads to.
    GivesFiles,
    /// Writes what stands in the path into a header.
    WritesHeaders,
    /// A broker that answers nobody any more after reserved flags.
    BrokerHangs,
    /// A receiver of HL7 whose port is gone after a segment that is too long.
    ReceiverDies,
    /// A CoAP server whose port is gone after a token that is too long.
    SensorDies,
    /// A CoAP server that answers nobody any more after an option that is longer than the message.
    SensorHangs,
    /// A CoAP server that answers everybody with an error of its own after a block of reserved size.
    SensorForgets,
}

/// A weak service, and the checks that must fail on it: these and no others.
pub(crate) struct Twin {
    pub(crate) name: &'static str,
    pub(crate) declared: &'static str,
    pub(crate) weak: Weak,
    pub(crate) fails: &'static [&'static str],
}

const WEB: &str = "protocol = \"http\"";

const COAP: &str = "protocol = \"coap\", transport = \"udp\"";

pub(crate) const TWINS: [Twin; 13] = [
    Twin { name: "dies", declared: WEB, weak: Weak::Dies, fails: &["robustness-malformed-input"] },
    Twin { name: "hangs", declared: WEB, weak: Weak::Hangs, fails: &["robustness-malformed-input"] },
    Twin { name: "forgets", declared: WEB, weak: Weak::Forgets, fails: &["robustness-malformed-input"] },
    Twin {
        name: "stops-therapy",
        declared: WEB,
        weak: Weak::StopsTherapy,
        fails: &["robustness-malformed-input"],
    },
    Twin {
        name: "one-at-a-time",
        declared: WEB,
        weak: Weak::OneAtATime,
        fails: &["robustness-slow-connections"],
    },
    Twin { name: "dies-of-load", declared: WEB, weak: Weak::DiesOfLoad, fails: &["robustness-load"] },
    Twin { name: "gives-files", declared: WEB, weak: Weak::GivesFiles, fails: &["robustness-injection"] },
    Twin {
        name: "writes-headers",
        declared: WEB,
        weak: Weak::WritesHeaders,
        fails: &["robustness-injection"],
    },
    Twin {
        name: "broker-hangs",
        declared: "protocol = \"mqtt\"",
        weak: Weak::BrokerHangs,
        fails: &["robustness-malformed-input"],
    },
    Twin {
        name: "receiver-dies",
        declared: "protocol = \"hl7-mllp\"",
        weak: Weak::ReceiverDies,
        fails: &["robustness-clinical-input", "robustness-malformed-input"],
    },
    Twin { name: "sensor-dies", declared: COAP, weak: Weak::SensorDies, fails: &["coap-malformed-input"] },
    Twin { name: "sensor-hangs", declared: COAP, weak: Weak::SensorHangs, fails: &["coap-malformed-input"] },
    Twin {
        name: "sensor-forgets",
        declared: COAP,
        weak: Weak::SensorForgets,
        fails: &["coap-malformed-input"],
    },
];

/// What the connections of one service share.
#[derive(Default)]
struct Shared {
    harmed: AtomicBool,
    asked: AtomicUsize,
    gone: Notify,
    turn: Mutex<()>,
}

/// What came of one question.
enum Next {
    Say(Vec<u8>),
    Hang,
    Die,
    End,
}

impl Weak {
    pub(crate) async fn serve(self, at: Ipv4Addr, port: u16) {
        if matches!(self, Self::SensorDies | Self::SensorHangs | Self::SensorForgets) {
            let socket = UdpSocket::bind((at, port)).await.unwrap_or_else(|e| panic!("{at}:{port}: {e}"));
            tokio::spawn(self.sense(socket));
            return;
        }
        let listener = TcpListener::bind((at, port)).await.unwrap_or_else(|e| panic!("{at}:{port}: {e}"));
        let shared = Arc::new(Shared::default());
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    () = shared.gone.notified() => break,
                };
                let Ok((stream, _)) = accepted else { break };
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    let _ = self.meet(stream, &shared).await;
                });
            }
        });
    }

    /// Answers each GET with a list of one resource, until it is harmed.
    async fn sense(self, socket: UdpSocket) {
        let mut forgetful = false;
        let mut room = [0u8; 2048];
        while let Ok((length, from)) = socket.recv_from(&mut room).await {
            let (head, rest) = match &room[..length] {
                [first, 0x01, high, low, rest @ ..] if first >> 4 == 4 => ([*first, *high, *low], rest),
                _ => continue,
            };
            let token = usize::from(head[0] & 15);
            match self {
                Self::SensorDies if token > 8 => return,
                Self::SensorHangs if rest.starts_with(&[0xbe, 0xff]) => std::future::pending::<()>().await,
                Self::SensorForgets if rest.ends_with(&[0xc1, 0x07]) => forgetful = true,
                _ => {}
            }
            let Some(token) = rest.get(..token).filter(|t| t.len() <= 8) else { continue };
            let code = if forgetful { 0xa0 } else { 0x45 };
            let mut answer = vec![0x60 | (head[0] & 15), code, head[1], head[2]];
            answer.extend(token);
            answer.extend(b"\xff</value>");
            let _ = socket.send_to(&answer, from).await;
        }
    }

    async fn meet(self, mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
        let _turn = match self {
            Self::OneAtATime => Some(shared.turn.lock().await),
            _ => None,
        };
        let mut heard = Vec::new();
        loop {
            let mut more = vec![0u8; 64 << 10];
            let length = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut more)).await??;
            if length == 0 {
                return Ok(());
            }
            heard.extend_from_slice(&more[..length]);
            if shared.harmed.load(Ordering::SeqCst) && matches!(self, Self::Hangs | Self::BrokerHangs) {
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
            let next = match self {
                Self::BrokerHangs => broker(&heard),
                Self::ReceiverDies => receiver(&heard),
                _ if heard.ends_with(b"\r\n\r\n") || heard.len() > 8 << 10 => self.web(&heard, shared),
                // A chunk that is none comes after the head.
                _ if heard.ends_with(b"\r\nzz\r\n") => self.web(&heard, shared),
                _ => continue,
            };
            match next {
                Next::Say(words) => {
                    stream.write_all(&words).await?;
                    heard.clear();
                }
                Next::Hang => {
                    shared.harmed.store(true, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_secs(60)).await;
                }
                Next::Die => {
                    shared.gone.notify_one();
                    return Ok(());
                }
                Next::End => return stream.shutdown().await,
            }
        }
    }

    fn web(self, heard: &[u8], shared: &Shared) -> Next {
        let text = String::from_utf8_lossy(heard);
        let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
        let bad = heard.len() > 8 << 10
            || text.contains("Content-Length: -1")
            || text.contains("\r\nzz\r\n")
            || !(text.starts_with("GET /") || text.starts_with("OPTIONS") || text.starts_with("TRACE"));
        let asked = shared.asked.fetch_add(1, Ordering::SeqCst);
        match self {
            Self::Counts => _ = BADLY.fetch_add(usize::from(bad && heard.len() > 8 << 10), Ordering::SeqCst),
            Self::Dies if text.contains("X-Long:") => return Next::Die,
            Self::Hangs if text.contains("\r\nzz\r\n") => return Next::Hang,
            Self::Forgets if text.contains("Content-Length: -1") => {
                shared.harmed.store(true, Ordering::SeqCst)
            }
            Self::StopsTherapy if text.contains("X-Many:") => {
                if let Some(sign) = SIGN.get() {
                    let _ = std::fs::remove_file(sign);
                }
            }
            Self::DiesOfLoad if asked > 200 => return Next::Die,
            Self::GivesFiles if path.contains("/../") && path.ends_with("etc/passwd") => {
                return Next::Say(answer("200 OK", "", "root:x:0:0:root:/root:/bin/sh\n"));
            }
            Self::WritesHeaders if path.contains("%0d%0a") => {
                let header = path.replace("%0d%0a", "\r\n").replace("%20", " ");
                let header = header.split("&").next().unwrap_or_default().to_owned();
                return Next::Say(answer("302 Found", &format!("Location: {header}\r\n"), ""));
            }
            _ => {}
        }
        if bad {
            return Next::Say(answer("400 Bad Request", "", ""));
        }
        match shared.harmed.load(Ordering::SeqCst) {
            true => Next::Say(answer("500 Internal Server Error", "", "")),
            false => Next::Say(answer("200 OK", "", "<html>fine</html>")),
        }
    }
}

fn answer(status: &str, header: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{header}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}

fn broker(heard: &[u8]) -> Next {
    match heard {
        [0x1f, ..] => Next::Hang,
        [0x10, length, 0, 4, b'M', b'Q', b'T', b'T', 4, ..] if heard.len() == usize::from(*length) + 2 => {
            Next::Say(vec![0x20, 2, 0, 5])
        }
        [0x10, ..] if heard.len() < 16 => Next::Say(Vec::new()),
        _ => Next::End,
    }
}

fn receiver(heard: &[u8]) -> Next {
    if !heard.ends_with(b"\x1c\r") {
        return Next::Say(Vec::new());
    }
    let text = String::from_utf8_lossy(heard);
    if text.contains("ZZZ|aaaa") {
        return Next::Die;
    }
    Next::Say(
        b"\x0bMSH|^~\\&|A|B|C|D|1||ACK|1|T|2.3.1\rMSA|AR|1|sending application unknown\r\x1c\r".to_vec(),
    )
}
