//! One session with a broker, from CONNECT to DISCONNECT.

use std::collections::VecDeque;
use std::time::Duration;

use auscult_facts::mqtt::{Acknowledged, Admission, Subscription, Version};
use auscult_facts::{Interrupted, Subject};
use auscult_model::Impact;
use mqtt_protocol_core::mqtt::result_code::MqttError;
use tokio::time::Instant;

use super::door::{Shut, Talk};
use super::packets::{self, Packet, PacketError, Packets};
use crate::NodeBench;

/// A session that the broker granted.
#[derive(Debug)]
pub(super) struct Client {
    talk: Talk,
    packets: Packets,
    waiting: VecDeque<Packet>,
    broken: Option<PacketError>,
    version: Version,
}

/// What came next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A packet.
    Packet(Packet),
    /// One that is longer than any that is read.
    TooLong,
    /// The end of the connection.
    Closed,
}

fn ours(_: MqttError) -> Interrupted {
    Interrupted::InstrumentFault
}

impl Client {
    /// Asks for a session; `allowance` is what it may cost in packets after it is opened.
    pub(super) async fn connect(
        bench: &NodeBench,
        subject: &Subject,
        step: Impact,
        allowance: u64,
        (version, id, login): (Version, &str, Option<(&str, &str)>),
    ) -> Result<(Admission, Option<Self>), Shut> {
        let talk = Talk::open(bench, subject, step, allowance).await?;
        let mut client =
            Self { talk, packets: Packets::new(version), waiting: VecDeque::new(), broken: None, version };
        client.talk.send(&packets::connect(version, id, login).map_err(ours)?).await?;
        let until = client.talk.deadline();
        // Whatever else comes before a CONNACK is no MQTT; its first byte tells, however long it claims to be.
        match client.talk.hear(until).await? {
            Some(bytes) if bytes.first() == Some(&packets::CONNACK) => {
                client.broken = client.packets.take(&bytes, &mut client.waiting).err();
            }
            Some(_) => return Err(Interrupted::NotUnderstood.into()),
            None => return Err(Interrupted::AccessRefused.into()),
        }
        match client.next(until).await? {
            Next::Packet(Packet::Connack(0)) => Ok((Admission::Accepted, Some(client))),
            Next::Packet(Packet::Connack(code)) => {
                client.talk.close().await;
                Ok((Admission::Refused { code }, None))
            }
            Next::Packet(_) | Next::TooLong => Err(Interrupted::NotUnderstood.into()),
            Next::Closed => Err(Interrupted::AccessRefused.into()),
        }
    }

    /// The next packet.
    pub(super) async fn next(&mut self, until: Instant) -> Result<Next, Interrupted> {
        loop {
            if let Some(packet) = self.waiting.pop_front() {
                return Ok(Next::Packet(packet));
            }
            // What came before a broken packet is still heard; after it nothing is.
            match self.broken {
                Some(PacketError::TooLong) => return Ok(Next::TooLong),
                Some(PacketError::Malformed) => return Err(Interrupted::NotUnderstood),
                None => {}
            }
            let Some(bytes) = self.talk.hear(until).await? else { return Ok(Next::Closed) };
            self.broken = self.packets.take(&bytes, &mut self.waiting).err();
        }
    }

    /// Asks for a subscription; messages that arrive meanwhile are kept for [`next`](Self::next).
    pub(super) async fn subscribe(&mut self, filter: &str) -> Result<Subscription, Interrupted> {
        self.talk.send(&packets::subscribe(self.version, filter).map_err(ours)?).await?;
        let until = self.talk.deadline();
        let mut kept = VecDeque::new();
        let answer = loop {
            match self.next(until).await? {
                Next::Packet(Packet::Suback(codes)) => match codes.as_slice() {
                    [code] if *code < 0x80 => break Subscription::Granted,
                    [code] => break Subscription::Refused { code: *code },
                    _ => return Err(Interrupted::NotUnderstood),
                },
                Next::Packet(Packet::Disconnect(code)) if code >= 0x80 => {
                    break Subscription::Refused { code };
                }
                Next::Packet(message @ Packet::Publish { .. }) => kept.push_back(message),
                Next::Packet(_) => {}
                Next::TooLong => return Err(Interrupted::NotUnderstood),
                Next::Closed => return Err(Interrupted::AccessRefused),
            }
        };
        kept.append(&mut self.waiting);
        self.waiting = kept;
        Ok(answer)
    }

    /// Publishes and waits for what the broker says to it.
    pub(super) async fn publish(&mut self, topic: &str, payload: &str) -> Result<Acknowledged, Interrupted> {
        let question = packets::publish(self.version, topic, payload).map_err(ours)?;
        match self.talk.send(&question).await {
            Err(Interrupted::AccessRefused) => return Ok(Acknowledged::Closed),
            sent => sent?,
        }
        let until = self.talk.deadline();
        loop {
            match self.next(until).await? {
                Next::Packet(Packet::Puback(code) | Packet::Disconnect(code)) if code >= 0x80 => {
                    return Ok(Acknowledged::Refused { code });
                }
                Next::Packet(Packet::Puback(_)) => return Ok(Acknowledged::Taken),
                Next::Packet(_) => {}
                Next::TooLong => return Err(Interrupted::NotUnderstood),
                Next::Closed => return Ok(Acknowledged::Closed),
            }
        }
    }

    /// Waits for a message on one topic.
    pub(super) async fn hears(&mut self, topic: &str, patience: Duration) -> Result<bool, Interrupted> {
        let until = Instant::now() + patience;
        loop {
            match self.next(until).await {
                Ok(Next::Packet(Packet::Publish { topic: heard, .. })) if heard == topic => return Ok(true),
                Ok(Next::Packet(_)) => {}
                Ok(Next::TooLong) => return Err(Interrupted::NotUnderstood),
                Ok(Next::Closed) => return Err(Interrupted::AccessRefused),
                Err(Interrupted::TimedOut) => return Ok(false),
                Err(why) => return Err(why),
            }
        }
    }

    /// Whether the session is still there.
    pub(super) async fn lives(&mut self) -> Result<bool, Interrupted> {
        match self.talk.send(&packets::PINGREQ).await {
            Err(Interrupted::AccessRefused) => return Ok(false),
            sent => sent?,
        }
        let until = self.talk.deadline();
        loop {
            match self.next(until).await? {
                Next::Packet(Packet::Pingresp) => return Ok(true),
                Next::Packet(Packet::Disconnect(_)) | Next::Closed => return Ok(false),
                Next::Packet(_) => {}
                Next::TooLong => return Err(Interrupted::NotUnderstood),
            }
        }
    }

    /// Says goodbye.
    pub(super) async fn disconnect(mut self) {
        let _ = self.talk.send(&packets::DISCONNECT).await;
        self.talk.close().await;
    }
}
