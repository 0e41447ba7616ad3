//! Opens a session as a stranger and tells a door that is shut to strangers from one that is merely shut.
//!
//! A server that demands a client certificate says so in the middle of the handshake (TLS 1.2) or right after it
//! (TLS 1.3). Both are its answer to a stranger, not a mishap.

use std::io;
use std::time::Duration;

use auscult_facts::{Answer, Interrupted, Subject};
use auscult_model::Impact;
use rustls::pki_types::{IpAddr, ServerName};
use tokio::io::AsyncReadExt;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;

use super::socket::Socket;
use crate::{NodeBench, Session, stranger};

/// How long a server that asked for a certificate may take to refuse its absence before it is spoken to.
const SECOND_THOUGHTS: Duration = Duration::from_millis(1500);

/// Most bytes that are kept of answers that are not whole.
const MOST_HELD: usize = 512 << 10;

/// How often a reader looks at what its conversation has cost.
const GLANCE: Duration = Duration::from_millis(50);

/// Packets that opening a session may cost at most, in clear or with a TLS handshake.
///
/// The bench counts one for each read, however small; a handshake takes six reads or fewer where records are not
/// torn, and a long chain comes in a dozen.
pub(crate) const OPENING_PACKETS: u64 = 60;

/// Packets that the upgrade to a WebSocket may cost on top of it.
pub(crate) const UPGRADE_PACKETS: u64 = 60;

/// The protocol that is spoken within a WebSocket.
const OVER_WEBSOCKET: &str = "mqtt-websocket";

/// Why no session was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shut {
    /// The server asked for a client certificate and ended the connection when it got none.
    CertificateDemanded,
    /// Something else.
    Other(Interrupted),
}

impl From<Interrupted> for Shut {
    fn from(why: Interrupted) -> Self {
        Self::Other(why)
    }
}

/// Whether a service is spoken to inside TLS.
pub(crate) fn inside_tls(subject: &Subject) -> bool {
    subject.service.as_ref().is_some_and(|s| s.speaks_tls())
}

/// The outcome of one question as a fact.
pub(crate) fn answer<T>(asked: Result<T, Interrupted>) -> Answer<T> {
    match asked {
        Ok(seen) => Answer::Seen(seen),
        Err(why) => Answer::Interrupted(why),
    }
}

/// A conversation with an allowance of packets.
#[derive(Debug)]
pub(crate) struct Talk {
    line: Line,
    /// A byte that came while a refusal was waited for: the server speaks first.
    early: Option<u8>,
    bench: NodeBench,
    allowance: u64,
}

/// What a conversation is held over.
#[derive(Debug)]
enum Line {
    Session(Session),
    Socket(Box<Socket>),
}

impl Talk {
    /// Opens a session as the service speaks; `allowance` is what the conversation after that may cost, in packets.
    pub(crate) async fn open(
        bench: &NodeBench,
        subject: &Subject,
        step: Impact,
        allowance: u64,
    ) -> Result<Self, Shut> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        let over_websocket = service.protocol() == Some(OVER_WEBSOCKET);
        let mut wire = bench.connect(service.port, step).await?;
        if over_websocket {
            // The upgrade is read by a library, so that the wire itself knows when it is enough: each read and each
            // 500 bytes are a packet.
            let reads = u32::try_from(OPENING_PACKETS + allowance / 2).unwrap_or(u32::MAX);
            wire = wire.hearing_at_most(reads, reads as usize * 400);
        }
        let (session, early) = if service.speaks_tls() {
            shake(bench, subject, wire).await?
        } else {
            (Session::Plain(wire), None)
        };
        let line = match (over_websocket, early) {
            (false, _) => Line::Session(session),
            (true, None) => Line::Socket(Box::new(Socket::open(bench, subject, session).await?)),
            // No web server speaks first.
            (true, Some(_)) => return Err(Interrupted::NotUnderstood.into()),
        };
        Ok(Self { line, early, bench: bench.clone(), allowance: bench.cost().packets + allowance })
    }

    /// Goes over to TLS within the connection, as protocols do that begin in clear.
    pub(crate) async fn protect(self, subject: &Subject) -> Result<Self, Shut> {
        let Line::Session(Session::Plain(wire)) = self.line else {
            return Err(Interrupted::InstrumentFault.into());
        };
        let (session, early) = shake(&self.bench, subject, wire).await?;
        let line = Line::Session(session);
        Ok(Self { line, early, bench: self.bench, allowance: self.allowance + OPENING_PACKETS })
    }

    /// Sends a question.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), Interrupted> {
        let patience = self.bench.patience();
        match &mut self.line {
            Line::Session(session) => session.send(bytes, patience).await,
            Line::Socket(socket) => {
                timeout(patience, socket.send(bytes)).await.unwrap_or(Err(Interrupted::TimedOut))
            }
        }
    }

    /// When patience for an answer to a question asked now ends.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.bench.patience()
    }

    /// Reads what is there next; `Ok(None)` when the other end closed.
    ///
    /// Ends by `TimedOut` at the deadline and by `BudgetSpent` when the allowance is used up.
    pub(crate) async fn hear(&mut self, until: Instant) -> Result<Option<Vec<u8>>, Interrupted> {
        let mut chunk = vec![0u8; 4096];
        if let Some(byte) = self.early.take() {
            return Ok(Some(vec![byte]));
        }
        loop {
            if self.bench.stopped() {
                return Err(Interrupted::SafetyStop);
            }
            if self.bench.cost().packets >= self.allowance {
                return Err(Interrupted::BudgetSpent);
            }
            let glance = until.min(Instant::now() + GLANCE);
            let session = match &mut self.line {
                Line::Session(session) => session,
                Line::Socket(socket) => match timeout_at(glance, socket.hear()).await {
                    Err(_) if Instant::now() >= until => return Err(Interrupted::TimedOut),
                    Err(_) => continue,
                    Ok(Ok(Some(bytes))) if bytes.is_empty() => continue,
                    Ok(heard) => return heard,
                },
            };
            match timeout_at(glance, session.read(&mut chunk)).await {
                Err(_) if Instant::now() >= until => return Err(Interrupted::TimedOut),
                Err(_) => {}
                Ok(Ok(0)) => return Ok(None),
                Ok(Ok(n)) => {
                    chunk.truncate(n);
                    return Ok(Some(chunk));
                }
                Ok(Err(e)) if ended(&e) => return Ok(None),
                Ok(Err(e)) => return Err(word(&e)),
            }
        }
    }

    /// Reads until an answer is whole, by what the reader says of all that came; what follows it is kept in `held`.
    pub(crate) async fn whole<T, E>(
        &mut self,
        held: &mut Vec<u8>,
        read: impl Fn(&[u8]) -> Result<Option<(T, usize)>, E>,
    ) -> Result<T, Interrupted> {
        let until = self.deadline();
        loop {
            if let Some((whole, took)) = read(held).map_err(|_| Interrupted::NotUnderstood)? {
                held.drain(..took.min(held.len()));
                return Ok(whole);
            }
            if held.len() > MOST_HELD {
                return Err(Interrupted::NotUnderstood);
            }
            match self.hear(until).await? {
                Some(bytes) => held.extend(bytes),
                None => return Err(Interrupted::AccessRefused),
            }
        }
    }

    /// Ends the session in order, so that the other end sees neither a reset nor a cut TLS stream.
    pub(crate) async fn close(self) {
        use tokio::io::AsyncWriteExt;
        let parting = async {
            match self.line {
                Line::Session(mut session) => drop(session.shutdown().await),
                Line::Socket(socket) => socket.close().await,
            }
        };
        let _ = timeout(Duration::from_millis(250), parting).await;
    }
}

async fn shake(
    bench: &NodeBench,
    subject: &Subject,
    wire: crate::Wire,
) -> Result<(Session, Option<u8>), Shut> {
    let port = wire.port();
    let (config, noted) = stranger(&[], bench.offers_old_tls_only(port));
    let name = match subject.host_names.first().and_then(|n| ServerName::try_from(n.clone()).ok()) {
        Some(name) => name,
        None => ServerName::IpAddress(IpAddr::from(bench.address())),
    };
    let asked = || noted.lock().is_ok_and(|noted| noted.asked);
    let stream = match timeout(bench.patience(), TlsConnector::from(config).connect(name, wire)).await {
        Err(_) => return Err(Interrupted::TimedOut.into()),
        // Nothing but the missing certificate comes between the request for it and the end of the handshake.
        Ok(Err(e)) if asked() && (alert(&e) || ended(&e)) => return Err(Shut::CertificateDemanded),
        Ok(Err(e)) => return Err(word(&e).into()),
        Ok(Ok(stream)) => stream,
    };
    let mut session = Session::Tls(Box::new(stream));
    if asked() {
        // Nothing was said yet: an end is the refusal, and a byte is the greeting of a server that speaks first.
        let mut byte = [0u8; 1];
        match timeout(SECOND_THOUGHTS.min(bench.patience()), session.read(&mut byte)).await {
            Err(_) => {}
            Ok(Ok(0)) => return Err(Shut::CertificateDemanded),
            Ok(Err(e)) if alert(&e) || ended(&e) => return Err(Shut::CertificateDemanded),
            Ok(Err(e)) => return Err(word(&e).into()),
            Ok(Ok(_)) => return Ok((session, byte.first().copied())),
        }
    }
    Ok((session, None))
}

fn tls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|e| e.downcast_ref())
}

fn alert(error: &io::Error) -> bool {
    matches!(tls(error), Some(rustls::Error::AlertReceived(_)))
}

fn ended(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(
        error.kind(),
        K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::UnexpectedEof | K::NotConnected
    )
}

pub(super) fn word(error: &io::Error) -> Interrupted {
    use rustls::AlertDescription as A;
    match tls(error) {
        Some(rustls::Error::PeerIncompatible(_)) => return Interrupted::BeyondInstrument,
        Some(rustls::Error::AlertReceived(
            A::ProtocolVersion | A::HandshakeFailure | A::InsufficientSecurity,
        )) => return Interrupted::BeyondInstrument,
        Some(rustls::Error::AlertReceived(_)) => return Interrupted::AccessRefused,
        Some(_) => return Interrupted::NotUnderstood,
        None => {}
    }
    match error.kind() {
        io::ErrorKind::QuotaExceeded => Interrupted::BudgetSpent,
        io::ErrorKind::InvalidData => Interrupted::NotUnderstood,
        io::ErrorKind::TimedOut | io::ErrorKind::HostUnreachable => Interrupted::Unreachable,
        _ if ended(error) => Interrupted::AccessRefused,
        _ => Interrupted::InstrumentFault,
    }
}
