//! A TCP connection whose every byte is counted.

use std::io;
use std::pin::Pin;
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
    _place: OwnedSemaphorePermit,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, bench: NodeBench, place: OwnedSemaphorePermit) -> Self {
        Self { stream, bench, _place: place }
    }
}

/// The word for an error of the network.
pub(crate) fn why_not(error: &io::Error) -> Interrupted {
    use io::ErrorKind as K;
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
        if self.bench.stopped() || self.bench.received_left() == 0 {
            return Poll::Ready(Err(io::ErrorKind::QuotaExceeded.into()));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        let got = buf.filled().len().saturating_sub(before) as u64;
        if got > 0 {
            self.bench.count(|m| m.received(got));
        }
        polled
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.bench.stopped() {
            return Poll::Ready(Err(io::ErrorKind::QuotaExceeded.into()));
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
