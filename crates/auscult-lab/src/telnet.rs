//! Ports that a product was shipped with and nobody declared: a telnet login, and a maker's own service port.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::serve::{Handler, Stream, within};

/// How long somebody may think.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest line that is read, in bytes.
const LINE: usize = 256;
/// Logins that one connection may try.
const TRIES: usize = 3;

/// The greeting: `IAC WILL ECHO`, `IAC WILL SUPPRESS-GO-AHEAD`, `IAC DO TERMINAL-TYPE` (RFC 854, 857, 858, 1091).
const GREETING: [u8; 9] = [255, 251, 1, 255, 251, 3, 255, 253, 24];

/// A telnet login that lets nobody in.
pub(crate) fn login() -> Handler {
    Arc::new(|stream: Stream| {
        Box::pin(async move {
            let _ = ask(stream).await;
        })
    })
}

async fn ask(mut stream: Stream) -> io::Result<()> {
    let mut greeting = Vec::from(GREETING);
    greeting.extend(b"\r\nExample Medical IP-7 infusion pump, BusyBox v1.21.1\r\n");
    within(PATIENCE, stream.write_all(&greeting)).await?;
    for _ in 0..TRIES {
        within(PATIENCE, stream.write_all(b"\r\nip7 login: ")).await?;
        within(PATIENCE, line(&mut stream)).await?;
        within(PATIENCE, stream.write_all(b"Password: ")).await?;
        within(PATIENCE, line(&mut stream)).await?;
        within(PATIENCE, stream.write_all(b"\r\nLogin incorrect\r\n")).await?;
    }
    within(PATIENCE, stream.shutdown()).await
}

/// Passes over one line; what was typed is not kept, commands of the protocol are not told from it.
async fn line(stream: &mut Stream) -> io::Result<()> {
    for _ in 0..LINE {
        if matches!(stream.read_u8().await?, b'\r' | b'\n') {
            return Ok(());
        }
    }
    Err(io::ErrorKind::InvalidData.into())
}

/// A maker's own protocol: says what it is in bytes that mean nothing to others, and hears nothing.
pub(crate) fn service_port() -> Handler {
    Arc::new(|mut stream: Stream| {
        Box::pin(async move {
            let speaking = async {
                stream.write_all(&[0x7e, 0x01, 0x00, 0x10, 0xe5, 0x0a, 0x7e]).await?;
                stream.read_u8().await?;
                stream.shutdown().await
            };
            let _ = within(PATIENCE, speaking).await;
        })
    })
}
