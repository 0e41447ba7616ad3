//! A connection that the device opened: everything on it is counted and bounded.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};

use auscult_facts::Cost;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Most bytes that one connection is sent, and most that are read from it.
const BYTES: u64 = 32 << 10;
/// Most pieces in which they are written, and read.
const PIECES: u64 = 64;
/// Packets of opening and closing one connection that we send: SYN with ACK, FIN, last ACK, and one to spare.
const PER_CONNECTION: u64 = 4;
/// Packets that one answer of the name server is.
pub(crate) const PER_DATAGRAM: u64 = 1;
/// Smallest segment counted as one packet, in bytes: below any path's real segment size.
const SEGMENT: u64 = 500;

/// Most packets that one connection costs: what is written, and acknowledgements of what is read.
pub(crate) const MOST_PACKETS: u64 = Caps::ACT.most_packets();

/// What may go over one connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caps {
    bytes: u64,
    pieces: u64,
}

impl Caps {
    /// For an act, in which little is said.
    const ACT: Self = Self { bytes: BYTES, pieces: PIECES };

    /// For files of this size, each of which may be fetched twice, with what TLS and HTTP put around them.
    pub(crate) const fn for_files(bytes: u64) -> Self {
        let bytes = BYTES + bytes * 2 + bytes / 16;
        Self { bytes, pieces: PIECES + bytes / 512 }
    }

    /// Most packets of one connection: what is written, and acknowledgements of what is read.
    pub(crate) const fn most_packets(self) -> u64 {
        PER_CONNECTION + 2 * (self.pieces + self.bytes / SEGMENT + 1)
    }
}

/// What was sent and received on all connections.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    packets: AtomicU64,
    sent: AtomicU64,
    received: AtomicU64,
}

impl Meter {
    /// The cost so far; connections are those that we open, of which there are none.
    pub(crate) fn cost(&self) -> Cost {
        Cost {
            connections: 0,
            packets: self.packets.load(Relaxed),
            bytes_sent: self.sent.load(Relaxed),
            bytes_received: self.received.load(Relaxed),
            millis: 0,
        }
    }
}

impl Meter {
    /// A datagram that was received and one that answers it.
    pub(crate) fn datagram(&self, received: usize, sent: usize) {
        self.received.fetch_add(received as u64, Relaxed);
        self.sent.fetch_add(sent as u64, Relaxed);
        self.packets.fetch_add(PER_DATAGRAM, Relaxed);
    }
}

/// One direction of a connection.
#[derive(Debug, Default)]
struct Used {
    bytes: u64,
    pieces: u64,
}

impl Used {
    /// How many bytes may still go, or nothing.
    fn room(&self, caps: Caps) -> io::Result<usize> {
        if self.bytes >= caps.bytes || self.pieces >= caps.pieces {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        usize::try_from(caps.bytes.saturating_sub(self.bytes)).map_err(io::Error::other)
    }

    fn take(&mut self, bytes: u64) -> u64 {
        self.bytes = self.bytes.saturating_add(bytes);
        self.pieces = self.pieces.saturating_add(1);
        1 + bytes / SEGMENT
    }
}

/// A connection of the device; bytes that were read ahead come first.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    ahead: Vec<u8>,
    meter: Arc<Meter>,
    caps: Caps,
    sent: Used,
    received: Used,
}

impl Wire {
    pub(crate) fn new(stream: TcpStream, meter: &Arc<Meter>) -> Self {
        Self::with_caps(stream, meter, Caps::ACT)
    }

    pub(crate) fn with_caps(stream: TcpStream, meter: &Arc<Meter>, caps: Caps) -> Self {
        meter.packets.fetch_add(PER_CONNECTION, Relaxed);
        let _ = stream.set_nodelay(true);
        let (sent, received) = Default::default();
        Self { stream, ahead: Vec::new(), meter: Arc::clone(meter), caps, sent, received }
    }

    /// Puts bytes back that were read.
    pub(crate) fn put_back(&mut self, bytes: Vec<u8>) {
        self.ahead = [bytes, std::mem::take(&mut self.ahead)].concat();
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.ahead.is_empty() {
            let n = self.ahead.len().min(buf.remaining());
            let rest = self.ahead.split_off(n);
            buf.put_slice(&self.ahead);
            self.ahead = rest;
            return Poll::Ready(Ok(()));
        }
        let room = match self.received.room(self.caps) {
            Ok(room) => room.min(buf.remaining()),
            Err(spent) => return Poll::Ready(Err(spent)),
        };
        let mut part = buf.take(room);
        std::task::ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
        let read = part.filled().len();
        // The part shares its memory with the whole, into which exactly these bytes were read.
        let bytes = part.filled().to_vec();
        buf.put_slice(&bytes);
        if read > 0 {
            let packets = self.received.take(read as u64);
            self.meter.received.fetch_add(read as u64, Relaxed);
            self.meter.packets.fetch_add(packets, Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let room = match self.sent.room(self.caps) {
            Ok(room) => room,
            Err(spent) => return Poll::Ready(Err(spent)),
        };
        let piece = buf.get(..room.min(buf.len())).unwrap_or_default();
        let written = std::task::ready!(Pin::new(&mut self.stream).poll_write(cx, piece))?;
        let packets = self.sent.take(written as u64);
        self.meter.sent.fetch_add(written as u64, Relaxed);
        self.meter.packets.fetch_add(packets, Relaxed);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
