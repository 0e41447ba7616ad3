//! Sessions: a connection in clear or inside TLS, as the target speaks, and how to ask over it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use auscult_facts::{Interrupted, Subject};
use auscult_model::Impact;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, IpAddr, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::NodeBench;
use super::wire::{Wire, why_not};

/// How long to wait for the other end to close.
const PARTING: Duration = Duration::from_millis(250);

/// How often to read what it still sends meanwhile.
const PARTING_READS: usize = 16;

/// A connection over which a protocol is spoken.
#[derive(Debug)]
pub enum Session {
    /// In clear.
    Plain(Wire),
    /// Inside TLS.
    Tls(Box<TlsStream<Wire>>),
}

/// What the other end showed of itself during a handshake.
#[derive(Clone, Debug, Default)]
pub struct Peer {
    /// Certificates as sent, DER, the server's own first.
    pub certificates: Vec<Vec<u8>>,
    /// Whether it asked for a client certificate.
    pub asked_for_certificate: bool,
    /// Protocol version, as on the wire (`0x0304` is TLS 1.3).
    pub version: u16,
    /// Cipher suite, as on the wire.
    pub suite: u16,
    /// Protocol agreed by ALPN.
    pub alpn: Option<Vec<u8>>,
}

impl NodeBench {
    /// Opens a session as the service speaks: TLS where it speaks TLS, else in clear.
    ///
    /// # Errors
    /// As [`connect`](Self::connect) and [`handshake`](Self::handshake).
    pub async fn dial(&self, subject: &Subject, step: Impact) -> Result<Session, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        let wire = self.connect(service.port, step).await?;
        if service.speaks_tls() {
            Ok(self.handshake(wire, subject, &[]).await?.0)
        } else {
            Ok(Session::Plain(wire))
        }
    }

    /// Makes a TLS handshake over a connection, believing any certificate and showing none.
    ///
    /// With TLS 1.3 a server that demands a certificate says so only after the handshake: the first read fails.
    ///
    /// # Errors
    /// `AccessRefused` when the server ends the handshake, `TimedOut`, `NotUnderstood` when it is not TLS,
    /// `BeyondInstrument` when only obsolete versions or suites are offered.
    pub async fn handshake(
        &self,
        wire: Wire,
        subject: &Subject,
        alpn: &[&[u8]],
    ) -> Result<(Session, Peer), Interrupted> {
        self.shake(wire, subject, alpn).await.map_err(|refusal| refusal.why)
    }

    /// As [`handshake`](Self::handshake), telling more of a handshake that failed.
    pub(crate) async fn shake(
        &self,
        wire: Wire,
        subject: &Subject,
        alpn: &[&[u8]],
    ) -> Result<(Session, Peer), Refusal> {
        let port = wire.port();
        let (config, seen) = stranger(alpn, self.offers_old_tls_only(port));
        let name = match subject.host_names.first().and_then(|n| ServerName::try_from(n.clone()).ok()) {
            Some(name) => name,
            None => ServerName::IpAddress(IpAddr::from(self.address())),
        };
        let asked = || seen.lock().is_ok_and(|noted| noted.asked);
        let shaken = TlsConnector::from(config).connect(name, wire);
        let stream = match tokio::time::timeout(self.patience(), shaken).await {
            Err(_) => return Err(Refusal { why: Interrupted::TimedOut, asked_for_certificate: asked() }),
            Ok(Err(e)) => {
                if refused_for_version(&e) {
                    self.note_newer_tls(port);
                }
                return Err(Refusal { why: why_no_tls(&e), asked_for_certificate: asked() });
            }
            Ok(Ok(stream)) => stream,
        };
        let connection = stream.get_ref().1;
        let peer = Peer {
            certificates: connection
                .peer_certificates()
                .map(|chain| chain.iter().map(|c| c.to_vec()).collect())
                .unwrap_or_default(),
            asked_for_certificate: asked(),
            version: connection.protocol_version().map_or(0, u16::from),
            suite: connection.negotiated_cipher_suite().map_or(0, |s| u16::from(s.suite())),
            alpn: connection.alpn_protocol().map(<[u8]>::to_vec),
        };
        Ok((Session::Tls(Box::new(stream)), peer))
    }
}

/// A handshake that came to nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    /// What came in between.
    pub(crate) why: Interrupted,
    /// Whether the server had asked for a client certificate before.
    pub(crate) asked_for_certificate: bool,
}

/// Whether a server has refused all versions that it was offered, as one.
pub(crate) fn refused_for_version(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>());
    matches!(inner, Some(rustls::Error::AlertReceived(rustls::AlertDescription::ProtocolVersion)))
}

fn why_no_tls(error: &io::Error) -> Interrupted {
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::PeerIncompatible(_)) => Interrupted::BeyondInstrument,
        Some(rustls::Error::AlertReceived(alert)) => match alert {
            rustls::AlertDescription::ProtocolVersion
            | rustls::AlertDescription::HandshakeFailure
            | rustls::AlertDescription::InsufficientSecurity => Interrupted::BeyondInstrument,
            _ => Interrupted::AccessRefused,
        },
        Some(_) => Interrupted::NotUnderstood,
        None => why_not(error),
    }
}

/// What fragile devices are offered.
const OLD: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS12];

/// A TLS client that believes any certificate, shows none, and notes whether one was asked for and what was stapled.
///
/// The certificate is judged afterwards as data; a client that refused it would see nothing to judge. With `old` it
/// offers TLS 1.2 alone, else TLS 1.3 beside it.
#[expect(clippy::expect_used, reason = "fails only if the library were built without any TLS version")]
pub fn stranger(alpn: &[&[u8]], old: bool) -> (Arc<ClientConfig>, Arc<Mutex<Noted>>) {
    let mut provider = rustls::crypto::aws_lc_rs::default_provider();
    // A key share is sent for the first group only: with X25519 first the hello stays under 300 bytes (some devices
    // fall over one that does not fit a segment), and a server that wants another group asks for it.
    provider.kx_groups.sort_by_key(|group| group.name() != rustls::NamedGroup::X25519);
    let provider = Arc::new(provider);
    let noted = Arc::new(Mutex::new(Noted::default()));
    let schemes = provider.signature_verification_algorithms.supported_schemes();
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(if old { OLD } else { rustls::DEFAULT_VERSIONS })
        .expect("the provider serves TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Believer { schemes, noted: Arc::clone(&noted) }))
        .with_client_cert_resolver(Arc::new(NoCertificate { noted: Arc::clone(&noted) }));
    config.alpn_protocols = alpn.iter().map(|p| p.to_vec()).collect();
    config.resumption = rustls::client::Resumption::disabled();
    (Arc::new(config), noted)
}

/// What a believing client noted of a handshake.
#[derive(Clone, Debug, Default)]
pub struct Noted {
    /// Whether a client certificate was asked for.
    pub asked: bool,
    /// The OCSP response that was stapled, DER, at most 32 KiB.
    pub staple: Option<Vec<u8>>,
}

/// Longest certificate status kept.
const LONGEST_STAPLE: usize = auscult_wire::ocsp::LONGEST;

#[derive(Debug)]
struct Believer {
    schemes: Vec<SignatureScheme>,
    noted: Arc<Mutex<Noted>>,
}

impl ServerCertVerifier for Believer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        staple: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Ok(mut noted) = self.noted.lock() {
            let kept = !staple.is_empty() && staple.len() <= LONGEST_STAPLE;
            noted.staple = kept.then(|| staple.to_vec());
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

#[derive(Debug)]
struct NoCertificate {
    noted: Arc<Mutex<Noted>>,
}

impl rustls::client::ResolvesClientCert for NoCertificate {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<rustls::sign::CertifiedKey>> {
        if let Ok(mut noted) = self.noted.lock() {
            noted.asked = true;
        }
        None
    }

    fn has_certs(&self) -> bool {
        true
    }
}

impl Session {
    /// Sends a question.
    ///
    /// # Errors
    /// What came in between.
    pub async fn send(&mut self, bytes: &[u8], patience: Duration) -> Result<(), Interrupted> {
        let sending = async {
            self.write_all(bytes).await?;
            self.flush().await
        };
        match tokio::time::timeout(patience, sending).await {
            Err(_) => Err(Interrupted::TimedOut),
            Ok(done) => done.map_err(|e| why_not(&e)),
        }
    }

    /// Ends the session as its protocol asks for, and waits a moment for the other end to close too.
    ///
    /// A connection that is dropped with bytes unread ends by a reset, which some devices do not survive.
    pub async fn part(mut self) {
        let parting = async {
            let _ = self.shutdown().await;
            let mut rest = [0u8; 2048];
            for _ in 0..PARTING_READS {
                if !matches!(self.read(&mut rest).await, Ok(n) if n > 0) {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(PARTING, parting).await;
    }

    /// Reads until `enough` is satisfied, the other end closes, `most` bytes are there or patience ends.
    ///
    /// What was read so far is given back even when patience ends or the other end closes, as long as it is
    /// not empty; whether it suffices is for the caller to say.
    ///
    /// # Errors
    /// What came in between, when nothing was read.
    pub async fn hear(
        &mut self,
        most: usize,
        patience: Duration,
        mut enough: impl FnMut(&[u8]) -> bool + Send,
    ) -> Result<Vec<u8>, Interrupted> {
        let mut heard = Vec::new();
        let end = tokio::time::Instant::now() + patience;
        let mut chunk = vec![0u8; 8192];
        while heard.len() < most && !enough(&heard) {
            match tokio::time::timeout_at(end, self.read(&mut chunk)).await {
                Err(_) if heard.is_empty() => return Err(Interrupted::TimedOut),
                Ok(Err(e)) if heard.is_empty() => return Err(why_not(&e)),
                Ok(Ok(0)) if heard.is_empty() => return Err(Interrupted::AccessRefused),
                Err(_) | Ok(Err(_) | Ok(0)) => break,
                Ok(Ok(n)) => heard.extend_from_slice(chunk.get(..n).unwrap_or_default()),
            }
        }
        heard.truncate(most);
        Ok(heard)
    }
}

impl AsyncRead for Session {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_read(cx, buf),
            Self::Tls(tls) => Pin::new(tls.as_mut()).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Session {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_write(cx, buf),
            Self::Tls(tls) => Pin::new(tls.as_mut()).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_flush(cx),
            Self::Tls(tls) => Pin::new(tls.as_mut()).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_shutdown(cx),
            Self::Tls(tls) => Pin::new(tls.as_mut()).poll_shutdown(cx),
        }
    }
}
