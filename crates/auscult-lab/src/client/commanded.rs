//! A device that takes commands from its far end, and one that takes an old one again.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::pki_types::ServerName;
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsConnector;

use super::updating::tell;
use super::{Client, ClientProtocol, PATIENCE, VERSION_PORT, mqtt_connect};
use crate::LabError;
use crate::mllp;
use crate::serve::within;

/// The topic at which it takes commands.
pub const COMMAND_TOPIC: &str = "edith/cuff/command";
/// The path at which it asks for commands.
pub const COMMAND_PATH: &str = "/command";
/// Longest answer that it reads.
const LONGEST: u64 = 8 << 10;

/// A command: a running number, and the pressure to which the cuff is pumped.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Command {
    number: u64,
    target: u64,
}

/// A device that asks for commands again and again, and tells what it is set to.
#[derive(Debug)]
pub struct Commanded {
    client: Client,
    takes_old: bool,
    set: Arc<Mutex<Command>>,
}

impl Commanded {
    /// A device that dials as the client does; with `takes_old` it does not look at the running number.
    pub fn new(client: Client, takes_old: bool) -> Self {
        Self { client, takes_old, set: Arc::new(Mutex::new(Command { number: 0, target: 160 })) }
    }

    /// Three commands in the order in which they are valid.
    pub const fn commands() -> [&'static str; 3] {
        [
            "{\"number\": 1, \"target\": 180}\n",
            "{\"number\": 2, \"target\": 140}\n",
            "{\"number\": 3, \"target\": 150}\n",
        ]
    }

    /// Runs for ever.
    ///
    /// # Errors
    /// When its own port is taken, or its authority cannot be read.
    pub async fn run(self) -> Result<(), LabError> {
        let config = self.client.config()?;
        let name = ServerName::try_from(self.client.name.clone())
            .map_err(|e| LabError::Tls(rustls::Error::General(e.to_string())))?;
        let address = SocketAddr::from((self.client.from, VERSION_PORT));
        let listener =
            TcpListener::bind(address).await.map_err(|source| LabError::Listen { address, source })?;
        let set = Arc::clone(&self.set);
        let telling = tokio::spawn(tell(listener, move || {
            format!("target {}\n", set.lock().unwrap_or_else(PoisonError::into_inner).target)
        }));
        let asking = async {
            loop {
                let connector = TlsConnector::from(Arc::clone(&config));
                if let Ok(Some(command)) = within(PATIENCE, self.ask(connector, name.clone())).await {
                    self.obey(&command);
                }
                tokio::time::sleep(self.client.pause).await;
            }
        };
        tokio::select! {
            () = asking => {}
            _ = telling => {}
        }
        Ok(())
    }

    /// One connection; what came as a command.
    async fn ask(&self, connector: TlsConnector, name: ServerName<'static>) -> io::Result<Option<Vec<u8>>> {
        let stream = mllp::connect(self.client.from, self.client.to).await?;
        let mut inside = connector.connect(name, stream).await?;
        match self.client.protocol {
            ClientProtocol::Fhir => {
                let request = format!("GET {COMMAND_PATH} HTTP/1.0\r\nHost: {}\r\n\r\n", self.client.name);
                inside.write_all(request.as_bytes()).await?;
                let mut answer = Vec::new();
                inside.take(LONGEST).read_to_end(&mut answer).await?;
                let body =
                    answer.windows(4).position(|w| w == b"\r\n\r\n").map(|end| answer.split_off(end + 4));
                Ok(body.filter(|_| answer.get(9..12) == Some(b"200")))
            }
            ClientProtocol::Mqtt => {
                inside.write_all(&mqtt_connect()).await?;
                let mut chunk = [0; 512];
                if inside.read(&mut chunk).await? < 4 {
                    return Ok(None);
                }
                inside.write_all(&subscribe()).await?;
                let mut heard = Vec::new();
                while heard.len() < 8 << 10 {
                    let n = inside.read(&mut chunk).await?;
                    if n == 0 {
                        break;
                    }
                    heard.extend_from_slice(&chunk[..n]);
                    if let Some(payload) = published(&heard) {
                        let payload = payload.to_vec();
                        let _ = inside.shutdown().await;
                        return Ok(Some(payload));
                    }
                }
                Ok(None)
            }
        }
    }

    fn obey(&self, text: &[u8]) {
        let Ok(command) = serde_json::from_slice::<Command>(text) else { return };
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        if self.takes_old || command.number > set.number {
            *set = command;
        }
    }
}

/// SUBSCRIBE of MQTT 3.1.1 to the topic of commands.
fn subscribe() -> Vec<u8> {
    let topic = COMMAND_TOPIC.as_bytes();
    let mut body = vec![0, 1];
    body.extend((topic.len() as u16).to_be_bytes());
    body.extend(topic);
    body.push(0);
    [vec![0x82, body.len() as u8], body].concat()
}

/// The payload of the first PUBLISH without acknowledgement among whole packets.
fn published(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        let (length, rest) = match bytes.get(1..)? {
            [low, rest @ ..] if *low < 0x80 => (usize::from(*low), rest),
            [low, high, rest @ ..] if *high < 0x80 => {
                (usize::from(low & 0x7f) + usize::from(*high) * 128, rest)
            }
            _ => return None,
        };
        let (packet, after) = rest.split_at_checked(length)?;
        if bytes.first()? >> 4 == 3 {
            let topic = usize::from(u16::from_be_bytes([*packet.first()?, *packet.get(1)?]));
            return packet.get(2 + topic..);
        }
        bytes = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_found_behind_other_packets_and_only_when_it_is_whole() {
        let bytes = b"\x90\x03\0\x01\0\x30\x05\0\x01ahi";
        assert_eq!(published(bytes), Some(&b"hi"[..]));
        for end in 0..bytes.len() {
            assert_eq!(published(&bytes[..end]), None, "{end}");
        }
    }
}
