//! A TCP connection whose every byte is counted.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use auscult_facts::Interrupted;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use super::NodeBench;

/// A counted connection; dropping it closes it and frees its place on the bench.
#[derive(Debug)]
pub struct Wire {
    /// Always there but while it is dropped.
    stream: Option<TcpStream>,
    bench: NodeBench,
    allowance: Option<Allowance>,
    tap: Option<Tap>,
    /// Gone only when the connection has ended.
    place: Option<Place>,
    /// Whether the other end has ended its side.
    ended: bool,
}

/// How long a fragile device is given to end its side of a connection.
const ENDING: Duration = Duration::from_secs(2);

/// Bytes, and reads, that are taken in meanwhile.
const ENDING_BYTES: usize = 64 << 10;

/// See [`ENDING_BYTES`].
const ENDING_READS: u32 = 64;

/// How much one connection may still take in.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    reads: u32,
    bytes: usize,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, bench: NodeBench, place: Place) -> Self {
        Self { stream: Some(stream), bench, allowance: None, tap: None, place: Some(place), ended: false }
    }

    /// Takes in no more than that, give or take the last read: a reader that is fed byte by byte would answer each with a packet.
    pub(crate) fn hearing_at_most(mut self, reads: u32, bytes: usize) -> Self {
        self.allowance = Some(Allowance { reads, bytes });
        self
    }

    /// The port that it was opened to.
    pub(crate) fn port(&self) -> u16 {
        self.place.as_ref().map_or(0, |place| place.port)
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

impl Drop for Wire {
    /// Ends the connection; one to a fragile device in order, by taking in what it still says until it ends its side.
    ///
    /// A connection that is closed with bytes unread is reset, and some devices do not survive that.
    fn drop(&mut self) {
        let (Some(place), false) = (self.place.take(), self.ended) else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if !self.bench.gentle() || self.bench.stopped() {
            return;
        }
        // The stream is needed beyond this, and a closed one is all that is left behind.
        let Some(stream) = self.stream.take() else { return };
        let bench = self.bench.clone();
        runtime.spawn(async move {
            end_in_order(stream, &bench).await;
            drop(place);
        });
    }
}

/// Ends a connection by taking in what the other end still says, until it ends its side.
pub(super) async fn end_in_order(stream: TcpStream, bench: &NodeBench) {
    let _ = tokio::time::timeout(ENDING, end(stream, bench)).await;
}

async fn end(mut stream: TcpStream, bench: &NodeBench) -> io::Result<()> {
    stream.shutdown().await?;
    let mut left = ENDING_BYTES;
    let mut chunk = vec![0; 4096];
    for _ in 0..ENDING_READS {
        let n = stream.read(&mut chunk).await?;
        bench.count(|m| m.received(n as u64));
        left = left.saturating_sub(n);
        if n == 0 || left == 0 || bench.stopped() {
            break;
        }
    }
    Ok(())
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

fn pinned(stream: &mut Option<TcpStream>) -> io::Result<Pin<&mut TcpStream>> {
    stream.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
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
        let polled = pinned(&mut self.stream)?.poll_read(cx, buf);
        let bytes = buf.filled().get(before..).unwrap_or_default();
        let ended = matches!(polled, Poll::Ready(Ok(()))) && bytes.is_empty() && buf.remaining() > 0;
        if !bytes.is_empty() {
            self.took(bytes);
        }
        self.ended |= ended || matches!(polled, Poll::Ready(Err(_)));
        polled
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.bench.stopped() {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::QuotaExceeded, Stopped)));
        }
        let polled = pinned(&mut self.stream)?.poll_write(cx, buf);
        if let Poll::Ready(Ok(n)) = polled {
            self.bench.count(|m| m.sent(n as u64));
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        pinned(&mut self.stream)?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        pinned(&mut self.stream)?.poll_shutdown(cx)
    }
}
