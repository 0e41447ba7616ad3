//! A session id of 31 bytes beside a session ticket (CVE-2016-9244).
//!
//! A server that takes the ticket sends the session id back (RFC 5077, section 3.4); one with the flaw sends 32 bytes
//! whatever their number was. The one byte too many is counted and not kept.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use auscult_facts::Interrupted;
use auscult_facts::tls_flaws::Ticket;
use auscult_wire::tls::session_ticket;
use rustls::client::Resumption;
use rustls::pki_types::{IpAddr, ServerName};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::{timeout, timeout_at};
use tokio_rustls::TlsConnector;

use super::super::ask::{Asker, random};
use super::talk::{Talk, hello};
use super::why;
use crate::{Wire, stranger};

/// Most bytes taken in and kept of one handshake.
pub(super) const MOST_BYTES: usize = 64 << 10;

/// Most reads of one handshake.
pub(super) const MOST_READS: u64 = 100;

/// Handshakes made to their end.
pub(super) const HANDSHAKES: u64 = 2;

/// Bytes of the session id: one less than every server takes for granted.
const SESSION: usize = 31;

/// How long to wait for the farewell.
const FAREWELL: Duration = Duration::from_millis(200);

/// What becomes of the session id; asked twice where it comes back too long.
pub(super) async fn ask(asker: &Asker) -> Result<Ticket, Interrupted> {
    let first = once(asker).await?;
    if first != Ticket::Longer {
        return Ok(first);
    }
    match once(asker).await? {
        Ticket::Longer => Ok(Ticket::Longer),
        _ => Err(Interrupted::NotUnderstood),
    }
}

async fn once(asker: &Asker) -> Result<Ticket, Interrupted> {
    let Some(ticket) = session_ticket(&overheard(asker).await?) else { return Ok(Ticket::None) };
    let session: Vec<u8> = random().into_iter().take(SESSION).collect();
    let mut offer = hello(asker, |_| true);
    offer.session = Some(session.clone());
    offer.ticket = Some(ticket);
    // A server that resumes goes on with encrypted records, behind which its flight has no end.
    let talk = Talk::begin(asker, &offer).await?;
    let told = talk.hello().map(|hello| match hello.session.strip_prefix(session.as_slice()) {
        Some([]) => Ticket::Echoed,
        Some(_) => Ticket::Longer,
        None => Ticket::Declined,
    });
    talk.end().await;
    told.ok_or(Interrupted::AccessRefused)
}

/// Makes a handshake in TLS 1.2 and gives back everything that the server sent in it.
async fn overheard(asker: &Asker) -> Result<Vec<u8>, Interrupted> {
    let wire = asker.connect(false).await.map_err(|outcome| why(&outcome))?;
    let (config, _) = stranger(&[], true);
    let mut config = Arc::unwrap_or_clone(config);
    // Without a memory for sessions no ticket is asked for.
    config.resumption = Resumption::in_memory_sessions(1);
    let name = match asker.name().and_then(|name| ServerName::try_from(name.to_owned()).ok()) {
        Some(name) => name,
        None => ServerName::IpAddress(IpAddr::from(asker.bench().address())),
    };
    let wire = Overheard { wire, asker, heard: Vec::new(), reads: 0 };
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, wire);
    let mut stream = match timeout_at(asker.until(), connecting).await {
        Err(_) => return Err(Interrupted::TimedOut),
        Ok(Err(_)) if asker.bench().stopped() => return Err(Interrupted::SafetyStop),
        Ok(Err(error)) => return Err(why_not(&error)),
        Ok(Ok(stream)) => stream,
    };
    let heard = std::mem::take(&mut stream.get_mut().0.heard);
    let _ = timeout(FAREWELL, stream.shutdown()).await;
    Ok(heard)
}

fn why_not(error: &io::Error) -> Interrupted {
    match error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>()) {
        // It speaks only what the library does not, or demands a certificate.
        Some(rustls::Error::AlertReceived(_) | rustls::Error::PeerIncompatible(_)) => {
            Interrupted::BeyondInstrument
        }
        Some(_) => Interrupted::NotUnderstood,
        None if error.kind() == io::ErrorKind::QuotaExceeded => Interrupted::BudgetSpent,
        None => Interrupted::AccessRefused,
    }
}

/// A connection that remembers what it heard, up to a limit at which it ends.
struct Overheard<'a> {
    wire: Wire,
    asker: &'a Asker,
    heard: Vec<u8>,
    reads: u64,
}

impl AsyncRead for Overheard<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.reads >= MOST_READS || self.heard.len() >= MOST_BYTES {
            return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.wire).poll_read(cx, buf);
        let got = buf.filled().get(before..).unwrap_or_default();
        if !got.is_empty() {
            let got = got.to_vec();
            self.reads += 1;
            self.asker.took(got.len());
            self.heard.extend(got);
        }
        polled
    }
}

impl AsyncWrite for Overheard<'_> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.wire).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}
