//! Listens to what a client says of its own, inside TLS or in clear, and answers as a far end would.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use auscult_facts::client::{Ended, Reached, Said};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::time::timeout;

use crate::meeting::{Met, ended};
use crate::secure::of_tls;
use crate::{http, mqtt};

/// How long a client may think before its first word.
pub(crate) const FIRST_WORD: Duration = Duration::from_secs(5);

/// Hears a client; `spoken` is how far it is once it has said something.
pub(crate) async fn hear<S>(mut stream: S, spoken: Reached) -> Met
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let before = if spoken == Reached::Inside { Reached::Handshake } else { Reached::Tcp };
    let mut chunk = vec![0; 4096];
    let n = match timeout(FIRST_WORD, stream.read(&mut chunk)).await {
        Err(_over) => return Met::of(before, Ended::TimeOver),
        Ok(Err(e)) => return broken(before, &e),
        Ok(Ok(0)) => return Met::of(before, Ended::Closed),
        Ok(Ok(n)) => n,
    };
    chunk.truncate(n);
    let protocol = protocol(&chunk);
    let stream = Again::of(chunk, stream);
    let said = match protocol {
        Some("mqtt") => mqtt::hear(stream).await,
        Some(_) => http::hear(stream).await,
        None => Said { bytes: n as u64, ..Said::default() },
    };
    // In clear only a protocol that is known is more than noise.
    let reached = if protocol.is_none() && spoken == Reached::InClear { Reached::Noise } else { spoken };
    let mut met = Met::of(reached, Ended::Seen);
    met.meeting.said = Some(Said { protocol: protocol.map(str::to_owned), ..said });
    met
}

fn broken(reached: Reached, error: &io::Error) -> Met {
    match of_tls(error) {
        Some(rustls::Error::AlertReceived(alert)) => Met::alerted(reached, u8::from(*alert)),
        _ => Met::of(reached, ended(error)),
    }
}

/// The protocol that the first bytes are of.
pub(crate) fn protocol(bytes: &[u8]) -> Option<&'static str> {
    const METHODS: [&[u8]; 8] =
        [b"GET ", b"POST ", b"PUT ", b"HEAD ", b"PATCH ", b"DELETE ", b"OPTIONS ", b"PRI "];
    match bytes {
        // CONNECT with a remaining length of at most four bytes (MQTT 5, section 3.1.1).
        [0x10, rest @ ..] => rest.iter().take(4).any(|b| b & 0x80 == 0).then_some("mqtt"),
        _ => METHODS.iter().any(|m| bytes.starts_with(m)).then_some("http"),
    }
}

/// A stream of which the first bytes were read already.
pub(crate) struct Again<S> {
    ahead: Vec<u8>,
    stream: S,
}

impl<S> Again<S> {
    pub(crate) const fn of(ahead: Vec<u8>, stream: S) -> Self {
        Self { ahead, stream }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Again<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.ahead.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        let n = self.ahead.len().min(buf.remaining());
        let rest = self.ahead.split_off(n);
        buf.put_slice(&self.ahead);
        self.ahead = rest;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Again<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
