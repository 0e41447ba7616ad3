//! A WebSocket inside a session, as brokers speak it to browsers: the upgrade, and bytes in frames.

use auscult_facts::{Interrupted, Subject};
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::packets::MAX_PACKET;
use crate::http::base;
use crate::http::origin::Origin;
use crate::{NodeBench, Session};

/// The subprotocol that is asked for (MQTT 5, 6; MQTT 3.1.1, 6).
const SUBPROTOCOL: &str = "mqtt";

/// Where brokers usually serve it, if no path is declared.
const USUAL_PATH: &str = "/mqtt";

/// Bytes read at once; the bench counts one packet for each read.
const CHUNK: usize = 4096;

/// A WebSocket over which MQTT is spoken.
#[derive(Debug)]
pub(super) struct Socket(WebSocketStream<Session>);

impl Socket {
    /// Asks a web server to go over to MQTT.
    ///
    /// # Errors
    /// `AccessRefused` where it says 401 or 403, `NotUnderstood` where it says anything but 101 with our subprotocol.
    pub(super) async fn open(
        bench: &NodeBench,
        subject: &Subject,
        session: Session,
    ) -> Result<Self, Interrupted> {
        let origin = Origin::of(subject, bench.address())?;
        let scheme = if origin.scheme() == "https" { "wss" } else { "ws" };
        let url = format!("{scheme}://{}{}", origin.authority(), base(subject, USUAL_PATH));
        let request = hyper::Request::builder()
            .uri(url)
            .header("Host", origin.authority())
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", tokio_tungstenite::tungstenite::handshake::client::generate_key())
            .header("Sec-WebSocket-Protocol", SUBPROTOCOL)
            .body(())
            .map_err(|_| Interrupted::InstrumentFault)?;
        let most = usize::try_from(MAX_PACKET).unwrap_or(usize::MAX);
        let config = WebSocketConfig::default()
            .read_buffer_size(CHUNK)
            .write_buffer_size(0)
            .max_message_size(Some(most))
            .max_frame_size(Some(most));
        let asking = client_async_with_config(request, session, Some(config));
        match tokio::time::timeout(bench.patience(), asking).await {
            Err(_) => Err(Interrupted::TimedOut),
            Ok(Err(e)) => Err(why(&e)),
            Ok(Ok((socket, _))) => Ok(Self(socket)),
        }
    }

    /// Sends bytes in a frame of their own.
    pub(super) async fn send(&mut self, bytes: &[u8]) -> Result<(), Interrupted> {
        self.0.send(Message::Binary(Bytes::copy_from_slice(bytes))).await.map_err(|e| why(&e))
    }

    /// The bytes of the next frame, empty for one that carries none of MQTT; `None` at the end.
    pub(super) async fn hear(&mut self) -> Result<Option<Vec<u8>>, Interrupted> {
        match self.0.next().await {
            None | Some(Ok(Message::Close(_))) => Ok(None),
            Some(Ok(Message::Binary(bytes))) => Ok(Some(bytes.to_vec())),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(Some(Vec::new())),
            // MQTT comes in binary frames alone.
            Some(Ok(Message::Text(_))) => Err(Interrupted::NotUnderstood),
            Some(Err(e)) => match why(&e) {
                Interrupted::AccessRefused => Ok(None),
                why => Err(why),
            },
        }
    }

    /// Says goodbye.
    pub(super) async fn close(mut self) {
        let _ = self.0.close(None).await;
    }
}

fn why(error: &Error) -> Interrupted {
    match error {
        Error::Io(e) => super::door::word(e),
        Error::ConnectionClosed | Error::AlreadyClosed => Interrupted::AccessRefused,
        Error::Protocol(e) if ended(e) => Interrupted::AccessRefused,
        Error::Http(answer) if matches!(answer.status().as_u16(), 401 | 403) => Interrupted::AccessRefused,
        _ => Interrupted::NotUnderstood,
    }
}

/// Whether a breach of the protocol is no more than an end without a goodbye.
fn ended(error: &tokio_tungstenite::tungstenite::error::ProtocolError) -> bool {
    use tokio_tungstenite::tungstenite::error::ProtocolError as E;
    matches!(error, E::ResetWithoutClosingHandshake | E::HandshakeIncomplete | E::SendAfterClosing)
}
