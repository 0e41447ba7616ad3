//! One handshake to its end, as an ordinary client makes it: for what TLS 1.3 encrypts and for what comes after.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use auscult_facts::tls::ClientCertificate;
use auscult_facts::{Answer, Interrupted, Subject};
use rustls::AlertDescription as Alert;
use rustls::pki_types::{IpAddr, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::{timeout, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::ask::{Asker, Outcome};
use crate::bench::refused_for_version;
use crate::{Wire, stranger};

/// What a whole handshake showed.
#[derive(Clone, Debug)]
pub(super) struct Real {
    /// Version, as on the wire.
    pub(super) version: u16,
    /// Suite, as on the wire.
    pub(super) suite: u16,
    /// Certificates as sent, DER.
    pub(super) certificates: Vec<Vec<u8>>,
    /// The certificate status that was stapled; one is always asked for.
    pub(super) staple: Option<Vec<u8>>,
    /// What became of a client without a certificate.
    pub(super) client: Answer<ClientCertificate>,
    /// Application protocol.
    pub(super) alpn: Option<Vec<u8>>,
}

/// What a handshake gave that went wrong.
#[derive(Clone, Debug)]
pub(super) struct Failed {
    /// Why.
    pub(super) why: Interrupted,
    /// Whether it went wrong because no client certificate was shown.
    pub(super) demanded: bool,
    /// Whether it went wrong because of the application protocols offered.
    protocols: bool,
    /// Whether the connection ended without a word after a client certificate was asked for.
    cut: bool,
}

impl From<Interrupted> for Failed {
    fn from(why: Interrupted) -> Self {
        Self { why, demanded: false, protocols: false, cut: false }
    }
}

/// Most bytes taken in during one handshake and after it.
pub(super) const MOST_BYTES: u64 = 128 << 10;

/// Most reads of one handshake and after it.
pub(super) const MOST_READS: u64 = 200;

/// HTTP/2 in the words of ALPN.
const H2: &[u8] = b"h2";

/// How long to wait for the farewell.
const FAREWELL: Duration = Duration::from_millis(200);

impl Asker {
    /// Makes the handshake; `gently` does nothing beyond it. A server that bears none of the application
    /// protocols offered is asked again without.
    pub(super) async fn shake(&self, subject: &Subject, gently: bool) -> Result<Real, Failed> {
        let mut first = self.shake_once(subject, self.alpn(), gently).await;
        if matches!(&first, Err(failed) if failed.cut) && !gently && self.left() > 0 {
            // A server that closes while we still write takes its alert with it: the next time we may be quicker.
            first = self.shake_once(subject, self.alpn(), gently).await;
        }
        let mut real = match first {
            Err(failed) if failed.protocols && !gently => return self.shake_once(subject, &[], gently).await,
            Err(failed) => return Err(failed),
            Ok(real) => real,
        };
        let asked = real.client == Answer::Seen(ClientCertificate::Asked);
        if asked && !gently && speaks_http(subject) && real.alpn.as_deref() == Some(H2) {
            // A request can be made in HTTP/1 only.
            real.client = match self.shake_once(subject, &[b"http/1.1"], gently).await {
                Ok(second) => second.client,
                Err(failed) if failed.demanded => Answer::Seen(ClientCertificate::Demanded),
                Err(failed) => Answer::Interrupted(failed.why),
            };
        }
        Ok(real)
    }

    async fn shake_once(&self, subject: &Subject, alpn: &[&[u8]], gently: bool) -> Result<Real, Failed> {
        let _lane = self.lane().await;
        let wire = match self.connect(false).await {
            Ok(wire) => wire,
            Err(Outcome::Interrupted(why)) => return Err(why.into()),
            Err(_) => return Err(Interrupted::BudgetSpent.into()),
        };
        let began = self.tick();
        let (config, noted) = stranger(alpn, self.gently());
        let name = match self.name().and_then(|name| ServerName::try_from(name.to_owned()).ok()) {
            Some(name) => name,
            None => ServerName::IpAddress(IpAddr::from(self.bench().address())),
        };
        let was_asked = || noted.lock().is_ok_and(|noted| noted.asked);
        let wire = Measured { wire, asker: self, reads: 0, bytes: 0 };
        let end = self.until();
        let mut stream = match timeout_at(end, TlsConnector::from(config).connect(name, wire)).await {
            Err(_) => return Err(Interrupted::TimedOut.into()),
            Ok(Err(error)) => {
                if refused_for_version(&error) {
                    self.is_newer();
                }
                return Err(why_not(&error, was_asked()));
            }
            Ok(Ok(stream)) => stream,
        };
        self.served(began);
        let connection = stream.get_ref().1;
        let mut real = Real {
            version: connection.protocol_version().map_or(0, u16::from),
            suite: connection.negotiated_cipher_suite().map_or(0, |s| u16::from(s.suite())),
            certificates: connection
                .peer_certificates()
                .map(|chain| chain.iter().take(32).map(|c| c.to_vec()).collect())
                .unwrap_or_default(),
            staple: noted.lock().ok().and_then(|noted| noted.staple.clone()),
            client: Answer::Seen(ClientCertificate::NotAsked),
            alpn: connection.alpn_protocol().map(<[u8]>::to_vec),
        };
        if was_asked() {
            let http = !gently && speaks_http(subject) && real.alpn.as_deref() != Some(H2);
            real.client = self.afterwards(&mut stream, real.version, http).await;
        }
        let _ = timeout(FAREWELL, stream.shutdown()).await;
        Ok(real)
    }

    /// Whether a server that asked for a certificate goes on without one.
    ///
    /// In TLS 1.3 it says so only after the client's last message (RFC 8446, section 4.4.2.4). Some web servers
    /// go on and then refuse each request, so one is made where HTTP is spoken.
    async fn afterwards(
        &self,
        stream: &mut TlsStream<Measured<'_>>,
        version: u16,
        http: bool,
    ) -> Answer<ClientCertificate> {
        if http {
            let _ = timeout_at(self.until(), stream.write_all(b"GET / HTTP/1.0\r\n\r\n")).await;
        } else if version < 0x0304 {
            return Answer::Seen(ClientCertificate::Asked);
        }
        let mut answer = vec![0; 4096];
        match timeout_at(self.until(), stream.read(&mut answer)).await {
            Err(_) => Answer::Seen(ClientCertificate::Asked),
            Ok(Ok(0)) => Answer::Interrupted(Interrupted::AccessRefused),
            Ok(Ok(n)) => Answer::Seen(match http && refuses(&answer[..n]) {
                true => ClientCertificate::Demanded,
                false => ClientCertificate::Asked,
            }),
            Ok(Err(error)) => {
                let failed = why_not(&error, true);
                match failed.demanded {
                    true => Answer::Seen(ClientCertificate::Demanded),
                    false => Answer::Interrupted(failed.why),
                }
            }
        }
    }
}

/// Whether HTTP may be spoken here.
pub(super) fn speaks_http(subject: &Subject) -> bool {
    let protocol = subject.service.as_ref().and_then(|s| s.protocol());
    matches!(protocol, Some("http" | "https" | "fhir" | "dicomweb" | "hl7-http" | "mqtt-websocket"))
}

/// Whether an HTTP answer refuses for want of a certificate: status 400 or 496 that speaks of certificates.
fn refuses(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer).to_ascii_lowercase();
    let status = text.split_ascii_whitespace().nth(1).unwrap_or_default();
    text.starts_with("http/") && matches!(status, "400" | "496") && text.contains("ssl certificate")
}

fn why_not(error: &io::Error, asked: bool) -> Failed {
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>());
    let alert = match inner {
        Some(rustls::Error::AlertReceived(alert)) => Some(*alert),
        _ => None,
    };
    let demanded = asked
        && matches!(
            alert,
            Some(
                Alert::CertificateRequired
                    | Alert::NoCertificate
                    | Alert::BadCertificate
                    | Alert::CertificateUnknown
                    | Alert::UnsupportedCertificate
                    | Alert::UnknownCA
                    | Alert::AccessDenied
                    | Alert::HandshakeFailure
            )
        );
    let why = match (inner, alert) {
        (_, Some(Alert::ProtocolVersion | Alert::HandshakeFailure | Alert::InsufficientSecurity))
            if !demanded =>
        {
            Interrupted::BeyondInstrument
        }
        (_, Some(_)) => Interrupted::AccessRefused,
        (Some(rustls::Error::PeerIncompatible(_)), _) => Interrupted::BeyondInstrument,
        (Some(_), _) => Interrupted::NotUnderstood,
        (None, _) => match error.kind() {
            io::ErrorKind::InvalidData => Interrupted::NotUnderstood,
            io::ErrorKind::QuotaExceeded => Interrupted::BudgetSpent,
            _ => Interrupted::AccessRefused,
        },
    };
    let cut =
        asked && inner.is_none() && (ended_by_peer(error) || error.kind() == io::ErrorKind::UnexpectedEof);
    Failed { why, demanded, protocols: alert == Some(Alert::NoApplicationProtocol), cut }
}

/// Whether the other side has closed the connection under our hands.
fn ended_by_peer(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(error.kind(), K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe)
}

/// A connection that takes in only so much.
struct Measured<'a> {
    wire: Wire,
    asker: &'a Asker,
    reads: u64,
    bytes: u64,
}

impl AsyncRead for Measured<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.reads >= MOST_READS || self.bytes >= MOST_BYTES {
            return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.wire).poll_read(cx, buf);
        let got = buf.filled().len().saturating_sub(before);
        if got > 0 {
            self.reads += 1;
            self.bytes += got as u64;
            self.asker.took(got);
        }
        polled
    }
}

impl AsyncWrite for Measured<'_> {
    /// A server that refuses says why and closes while we still write; what it said waits to be read, and would be
    /// lost if the handshake ended with the write. So a closed connection swallows what is written, and reading tells.
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.wire).poll_write(cx, buf) {
            Poll::Ready(Err(error)) if ended_by_peer(&error) => Poll::Ready(Ok(buf.len())),
            polled => polled,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_for_want_of_a_certificate_counts() {
        assert!(refuses(b"HTTP/1.1 400 Bad Request\r\n\r\nNo required SSL certificate was sent"));
        assert!(!refuses(b"HTTP/1.1 400 Bad Request\r\n\r\nMissing Host"));
        assert!(!refuses(b"HTTP/1.1 200 OK\r\n\r\nabout SSL certificates"));
        assert!(!refuses(b"\xff\xfe"));
    }
}
