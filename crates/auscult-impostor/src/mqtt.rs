//! A broker that lets in whoever comes, for as long as it takes to count what is handed over, or to hand something over.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use auscult_facts::client::Said;
use mqtt_protocol_core::mqtt::common::Cursor;
use mqtt_protocol_core::mqtt::connection::{ConnectionOptions, Event};
use mqtt_protocol_core::mqtt::packet::{GenericPacketTrait, Packet, v3_1_1, v5_0};
use mqtt_protocol_core::mqtt::result_code::{
    ConnectReasonCode, ConnectReturnCode, MqttError, SubackReasonCode, SubackReturnCode,
};
use mqtt_protocol_core::mqtt::{Connection, Version, role};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};

use crate::replay::Counter;

/// How long the client is listened to.
const LISTENING: Duration = Duration::from_millis(1_500);
/// Longest packet that is read, in bytes.
const PACKET: u32 = 16 << 10;

/// Listens to a client until it has been quiet, gone, or heard for long enough.
pub(crate) async fn hear<S: AsyncRead + AsyncWrite + Unpin>(stream: S) -> Said {
    let mut broker = Broker::new(stream, Instant::now() + LISTENING, None);
    // How a client leaves is its own affair.
    let _ = broker.run().await;
    let parting = Instant::now() + Duration::from_millis(300);
    let _ = timeout_at(parting, broker.stream.shutdown()).await;
    broker.said
}

/// Keeps a client until it goes, and hands over what the counter holds once it has subscribed to that.
pub(crate) async fn keep<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    counter: Arc<Counter>,
    until: Instant,
) {
    // How a client leaves is its own affair.
    let _ = Broker::new(stream, until, Some(counter)).run().await;
}

struct Broker<S> {
    stream: S,
    protocol: Connection<role::Server>,
    said: Said,
    over: bool,
    until: Instant,
    counter: Option<Arc<Counter>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Broker<S> {
    fn new(stream: S, until: Instant, counter: Option<Arc<Counter>>) -> Self {
        let options = ConnectionOptions::new().maximum_packet_size_recv(PACKET).receive_maximum(16);
        let mut protocol = Connection::with_options(Version::Undetermined, options);
        protocol.set_auto_ping_response(true);
        protocol.set_auto_pub_response(true);
        Self { stream, protocol, said: Said::default(), over: false, until, counter }
    }

    async fn run(&mut self) -> io::Result<()> {
        let deadline = self.until;
        let mut chunk = vec![0; 4096];
        while !self.over {
            let Ok(read) = timeout_at(deadline, self.stream.read(&mut chunk)).await else { return Ok(()) };
            let n = read?;
            if n == 0 {
                return Ok(());
            }
            self.said.bytes = self.said.bytes.saturating_add(n as u64);
            let bytes = chunk.get(..n).unwrap_or_default();
            let mut cursor = Cursor::new(bytes);
            while !self.over && (cursor.position() as usize) < bytes.len() {
                let events = self.protocol.recv(&mut cursor);
                let acting = self.act(events);
                let Ok(acted) = timeout_at(deadline, acting).await else { return Ok(()) };
                acted?;
            }
        }
        Ok(())
    }

    async fn act(&mut self, events: Vec<Event>) -> io::Result<()> {
        for event in events {
            match event {
                Event::NotifyPacketReceived(packet) => {
                    if let Some(answer) = self.heard(&packet).map_err(io::Error::other)? {
                        for event in self.protocol.send(answer) {
                            self.write(event).await?;
                        }
                    }
                    self.hand_over(&packet).await?;
                }
                event => self.write(event).await?,
            }
        }
        Ok(())
    }

    /// Hands over what lies ready for a topic that was just subscribed to.
    async fn hand_over(&mut self, packet: &Packet) -> io::Result<()> {
        let Some(counter) = self.counter.clone() else { return Ok(()) };
        let wanted = match packet {
            Packet::V3_1_1Subscribe(s) => s.entries().iter().any(|e| covers(e.topic_filter(), counter.at())),
            Packet::V5_0Subscribe(s) => s.entries().iter().any(|e| covers(e.topic_filter(), counter.at())),
            _ => false,
        };
        let Some(message) = wanted.then(|| counter.take()).flatten() else { return Ok(()) };
        let payload = message.to_vec();
        let version = matches!(packet, Packet::V5_0Subscribe(_));
        let publish = (|| -> Result<Packet, MqttError> {
            Ok(if version {
                v5_0::Publish::builder().topic_name(counter.at())?.payload(payload).build()?.into()
            } else {
                v3_1_1::Publish::builder().topic_name(counter.at())?.payload(payload).build()?.into()
            })
        })();
        for event in self.protocol.send(publish.map_err(io::Error::other)?) {
            self.write(event).await?;
        }
        counter.handed();
        Ok(())
    }

    async fn write(&mut self, event: Event) -> io::Result<()> {
        match event {
            Event::RequestSendPacket { packet, .. } => {
                self.stream.write_all(&packet.to_continuous_buffer()).await?;
                self.stream.flush().await?;
            }
            Event::RequestClose | Event::NotifyError(_) => self.over = true,
            _ => {}
        }
        Ok(())
    }

    /// Counts what came, and gives the answer to it; nothing of its contents is kept.
    fn heard(&mut self, packet: &Packet) -> Result<Option<Packet>, MqttError> {
        let said = &mut self.said;
        Ok(Some(match packet {
            Packet::V3_1_1Connect(c) => {
                said.identity = !c.client_id().is_empty() || c.user_name().is_some();
                said.credentials = c.password().is_some();
                let accepted = v3_1_1::Connack::builder().return_code(ConnectReturnCode::Accepted);
                accepted.session_present(false).build()?.into()
            }
            Packet::V5_0Connect(c) => {
                said.identity = !c.client_id().is_empty() || c.user_name().is_some();
                said.credentials = c.password().is_some();
                let accepted = v5_0::Connack::builder().reason_code(ConnectReasonCode::Success);
                accepted.session_present(false).build()?.into()
            }
            Packet::V3_1_1Subscribe(s) => {
                let codes = s.entries().iter().map(|_| SubackReturnCode::SuccessMaximumQos0).collect();
                v3_1_1::Suback::builder().packet_id(s.packet_id()).return_codes(codes).build()?.into()
            }
            Packet::V5_0Subscribe(s) => {
                let codes = s.entries().iter().map(|_| SubackReasonCode::GrantedQos0).collect();
                v5_0::Suback::builder().packet_id(s.packet_id()).reason_codes(codes).build()?.into()
            }
            Packet::V3_1_1Publish(p) => return Ok(self.published(p.payload().as_slice().len())),
            Packet::V5_0Publish(p) => return Ok(self.published(p.payload().as_slice().len())),
            Packet::V3_1_1Disconnect(_) | Packet::V5_0Disconnect(_) => {
                self.over = true;
                return Ok(None);
            }
            _ => return Ok(None),
        }))
    }

    /// The library acknowledges by itself.
    fn published(&mut self, bytes: usize) -> Option<Packet> {
        self.said.messages = self.said.messages.saturating_add(1);
        self.said.payload = self.said.payload.saturating_add(bytes as u64);
        None
    }
}

/// Whether a filter of a subscription covers a topic (MQTT 5, sections 4.7 and 4.8.2).
fn covers(filter: &str, topic: &str) -> bool {
    let filter = match filter.strip_prefix("$share/") {
        Some(shared) => shared.split_once('/').map_or("", |(_group, filter)| filter),
        None => filter,
    };
    let mut levels = topic.split('/');
    for wanted in filter.split('/') {
        match (wanted, levels.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (wanted, Some(level)) if wanted == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_covers_what_the_protocol_says() {
        for filter in ["a/b", "a/+", "+/b", "a/#", "#", "a/b/#", "$share/g/a/b"] {
            assert!(covers(filter, "a/b"), "{filter}");
        }
        for filter in ["a", "a/b/c", "a/c", "+", "b/#", "", "$share/g", "a/b/"] {
            assert!(!covers(filter, "a/b"), "{filter}");
        }
    }
}
