//! What the devices do by themselves: the cuff, the glucose sensor and the hub publish to the platform's broker.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use mqtt_protocol_core::mqtt::common::Cursor;
use mqtt_protocol_core::mqtt::connection::Event;
use mqtt_protocol_core::mqtt::packet::{GenericPacketTrait, Packet, Qos, v3_1_1};
use mqtt_protocol_core::mqtt::result_code::{ConnectReturnCode, MqttError};
use mqtt_protocol_core::mqtt::{Connection, Version, role};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio_rustls::TlsConnector;

use crate::mllp;
use crate::serve::within;

/// How long the broker may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pause before a lost connection is opened again.
const AGAIN: Duration = Duration::from_secs(2);
/// Name by which the platform's certificate is checked.
const PLATFORM: &str = "platform.edith.test";

/// A device that publishes.
pub(crate) struct Publisher {
    /// Its account, which is its client id too.
    pub(crate) name: &'static str,
    /// Its password, where the broker takes passwords.
    pub(crate) password: Option<&'static str>,
    /// Its own address.
    pub(crate) from: Ipv4Addr,
    /// The broker.
    pub(crate) to: SocketAddr,
    /// How it speaks TLS, if it does.
    pub(crate) tls: Option<Arc<ClientConfig>>,
    /// Last part of its topic.
    pub(crate) topic: &'static str,
}

trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Readings, as often as it is paused for; an invented patient each.
pub(crate) fn readings(
    pause: Duration,
    reading: &'static str,
) -> (mpsc::Receiver<Vec<u8>>, impl Future<Output = ()> + Send) {
    let (send, receive) = mpsc::channel(1);
    let measuring = async move {
        let mut number = 0u32;
        loop {
            number = number.wrapping_add(1);
            let text = format!(
                "{{\"patient\":{{\"id\":\"TEST-0001\",\"name\":\"Edith TESTPATIENT\"}},\"number\":{number},{reading}}}"
            );
            if send.send(text.into_bytes()).await.is_err() {
                return;
            }
            tokio::time::sleep(pause).await;
        }
    };
    (receive, measuring)
}

impl Publisher {
    /// Publishes what comes, for ever; what could not be sent is lost.
    pub(crate) async fn publish(self, mut what: mpsc::Receiver<Vec<u8>>) {
        loop {
            // The platform may be down, or not up yet.
            let _ = self.session(&mut what).await;
            if what.is_closed() {
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn session(&self, what: &mut mpsc::Receiver<Vec<u8>>) -> io::Result<()> {
        let mut line = Line {
            wire: within(PATIENCE, self.connect()).await?,
            protocol: Connection::new(Version::V3_1_1),
            chunk: vec![0; 4096],
        };
        within(PATIENCE, line.ask(self.hello().map_err(io::Error::other)?)).await?;
        let topic = format!("edith/{}/{}", self.name, self.topic);
        while let Some(payload) = what.recv().await {
            let id = line.protocol.acquire_packet_id().map_err(io::Error::other)?;
            let message = (|| -> Result<Packet, MqttError> {
                let publish = v3_1_1::Publish::builder().topic_name(topic.as_str())?;
                Ok(publish.qos(Qos::AtLeastOnce).retain(true).packet_id(id).payload(payload).build()?.into())
            })();
            within(PATIENCE, line.ask(message.map_err(io::Error::other)?)).await?;
        }
        Ok(())
    }

    async fn connect(&self) -> io::Result<Box<dyn Wire>> {
        let stream = mllp::connect(self.from, self.to).await?;
        let Some(tls) = &self.tls else { return Ok(Box::new(stream)) };
        let name = ServerName::try_from(PLATFORM).map_err(io::Error::other)?;
        Ok(Box::new(TlsConnector::from(Arc::clone(tls)).connect(name, stream).await?))
    }

    fn hello(&self) -> Result<Packet, MqttError> {
        // Readings come every ten seconds, so that no ping is needed.
        let mut hello = v3_1_1::Connect::builder().client_id(self.name)?.clean_session(true).keep_alive(60);
        if let Some(password) = self.password {
            hello = hello.user_name(self.name)?.password(password.as_bytes().to_vec())?;
        }
        Ok(hello.build()?.into())
    }
}

/// A connection to the broker.
struct Line {
    wire: Box<dyn Wire>,
    protocol: Connection<role::Client>,
    chunk: Vec<u8>,
}

impl Line {
    /// Sends a packet that has an answer, and waits for it.
    async fn ask(&mut self, packet: Packet) -> io::Result<()> {
        let events = self.protocol.send(packet);
        let mut answered = self.act(events).await?;
        while !answered {
            let n = self.wire.read(&mut self.chunk).await?;
            let heard = self.chunk.get(..n).unwrap_or_default().to_vec();
            if heard.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let mut cursor = Cursor::new(heard.as_slice());
            while (cursor.position() as usize) < heard.len() {
                let events = self.protocol.recv(&mut cursor);
                answered |= self.act(events).await?;
            }
        }
        Ok(())
    }

    async fn act(&mut self, events: Vec<Event>) -> io::Result<bool> {
        let mut answered = false;
        for event in events {
            match event {
                Event::RequestSendPacket { packet, .. } => {
                    self.wire.write_all(&packet.to_continuous_buffer()).await?;
                    self.wire.flush().await?;
                }
                Event::NotifyPacketReceived(Packet::V3_1_1Connack(connack)) => {
                    if connack.return_code() != ConnectReturnCode::Accepted {
                        return Err(io::ErrorKind::PermissionDenied.into());
                    }
                    answered = true;
                }
                Event::NotifyPacketReceived(Packet::V3_1_1Puback(_)) => answered = true,
                Event::NotifyError(why) => return Err(io::Error::other(why)),
                Event::RequestClose => return Err(io::ErrorKind::ConnectionAborted.into()),
                _ => {}
            }
        }
        Ok(answered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::{Broker, Rules};
    use crate::hello::TLS_1_3;
    use crate::pki::{Authority, Usage, Wish};
    use crate::serve::{Front, House, Server, TlsFront};

    #[tokio::test]
    async fn a_device_is_let_in_by_its_certificate_and_nobody_elses() {
        let at = Ipv4Addr::new(127, 209, 1, 1);
        let authority = Authority::new().unwrap();
        let client = Wish { usage: Usage::Client, ..Wish::default() };
        let cuff = authority.issue("cuff.edith.test", None, client).unwrap();
        let glucose = authority.issue("glucose.edith.test", None, client).unwrap();
        let rules = Rules { certificates: vec![(cuff.leaf().unwrap().clone(), "cuff")], ..Rules::default() };
        let broker = Arc::new(Broker::new(rules));
        let platform = authority.issue(PLATFORM, Some(at.into()), Wish::default()).unwrap();
        let config = authority.server(&platform, &[&rustls::version::TLS13], true).unwrap();
        let front = Front::Tls(TlsFront { config, newest: TLS_1_3, obsolete: None });
        let server = Server::bind(at, 8883, front, Arc::clone(&broker).handler()).await.unwrap();
        let mut house = House::new();
        house.open(server);

        let publisher = |name, identity| Publisher {
            name,
            password: None,
            from: Ipv4Addr::new(127, 209, 0, 11),
            to: (at, 8883).into(),
            tls: Some(authority.client(Some(identity)).unwrap()),
            topic: "vitals",
        };
        let one = || {
            let (send, receive) = mpsc::channel(1);
            send.try_send(b"reading".to_vec()).unwrap();
            receive
        };
        publisher("cuff", &cuff).session(&mut one()).await.unwrap();
        let refused = publisher("glucose", &glucose).session(&mut one()).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        assert!(broker.kept().iter().any(|topic| topic == "edith/cuff/vitals"));
        assert!(!broker.kept().iter().any(|topic| topic == "edith/glucose/vitals"));
        house.end().await;
    }
}
