//! A TCP connection whose every byte is counted.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use auscult_facts::Interrupted;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use super::NodeBench;

/// A counted connection; dropping it closes it and frees its place on the bench.
#[derive(Debug)]
pub struct Wire {
    stream: TcpStream,
    bench: NodeBench,
    allowance: Option<Allowance>,
    tap: Option<Tap>,
    _place: Place,
}

/// How much one connection may still take in.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    reads: u32,
    bytes: usize,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, bench: NodeBench, place: Place) -> Self {
        Self { stream, bench, allowance: None, tap: None, _place: place }
    }

    /// Takes in no more than that, give or take the last read: a reader that is fed byte by byte would answer each with a packet.
    pub(crate) fn hearing_at_most(mut self, reads: u32, bytes: usize) -> Self {
        self.allowance = Some(Allowance { reads, bytes });
        self
    }

    /// Keeps the first bytes that come in, also when a handshake cannot read them.
    pub(crate) fn tapped(mut self, tap: &Tap) -> Self {
        self.tap = Some(tap.clone());
        self
    }

    /// Why nothing more may be taken in.
    fn spent(&self) -> Option<io::Error> {
        if self.bench.stopped() {
            return Some(io::Error::new(io::ErrorKind::QuotaExceeded, Stopped));
        }
        let used = self.allowance.is_some_and(|a| a.reads == 0 || a.bytes == 0);
        (used || self.bench.received_left() == 0).then(|| io::ErrorKind::QuotaExceeded.into())
    }

    fn took(&mut self, bytes: &[u8]) {
        self.bench.count(|m| m.received(bytes.len() as u64));
        if let Some(allowance) = &mut self.allowance {
            allowance.reads = allowance.reads.saturating_sub(1);
            allowance.bytes = allowance.bytes.saturating_sub(bytes.len());
        }
        if let Some(tap) = &self.tap {
            tap.keep(bytes);
        }
    }
}

/// The first bytes that came in over a connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tap(Arc<Mutex<Vec<u8>>>);

/// Bytes that a tap keeps.
const TAPPED: usize = 1024;

impl Tap {
    fn keep(&self, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = TAPPED.saturating_sub(kept.len());
        kept.extend(bytes.iter().take(room));
    }

    /// What came in so far.
    pub(crate) fn heard(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A place on the bench, with the port for which it was taken.
#[derive(Debug)]
pub(super) struct Place {
    bench: NodeBench,
    port: u16,
    _permit: OwnedSemaphorePermit,
}

impl Place {
    pub(super) fn take(bench: &NodeBench, port: u16, permit: OwnedSemaphorePermit) -> Self {
        let mut held = bench.shared.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held.entry(port).or_default() += 1;
        drop(held);
        Self { bench: bench.clone(), port, _permit: permit }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.bench.shared.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.port) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.port);
            }
        }
    }
}

/// The bench was stopped while the connection was open.
#[derive(Debug, thiserror::Error)]
#[error("the bench was stopped")]
struct Stopped;

/// The word for an error of the network.
pub(crate) fn why_not(error: &io::Error) -> Interrupted {
    use io::ErrorKind as K;
    if error.get_ref().is_some_and(|e| e.is::<Stopped>()) {
        return Interrupted::SafetyStop;
    }
    match error.kind() {
        K::ConnectionRefused => Interrupted::Closed,
        K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::UnexpectedEof | K::NotConnected => {
            Interrupted::AccessRefused
        }
        K::TimedOut | K::HostUnreachable | K::NetworkUnreachable => Interrupted::Unreachable,
        K::QuotaExceeded => Interrupted::BudgetSpent,
        K::InvalidData => Interrupted::NotUnderstood,
        _ => Interrupted::InstrumentFault,
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(why) = self.spent() {
            return Poll::Ready(Err(why));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        let bytes = buf.filled().get(before..).unwrap_or_default();
        if !bytes.is_empty() {
            self.took(bytes);
        }
        polled
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.bench.stopped() {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::QuotaExceeded, Stopped)));
        }
        let polled = Pin::new(&mut self.stream).poll_write(cx, buf);
        if let Poll::Ready(Ok(n)) = polled {
            self.bench.count(|m| m.sent(n as u64));
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
