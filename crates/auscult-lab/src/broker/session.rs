//! One MQTT connection, from CONNECT to its end.

use std::io;
use std::time::Duration;

use mqtt_protocol_core::mqtt::common::Cursor;
use mqtt_protocol_core::mqtt::connection::{ConnectionOptions, Event};
use mqtt_protocol_core::mqtt::packet::{
    AssignedClientIdentifier, GenericPacketTrait, MaximumQos, Packet, Property, Qos, v3_1_1, v5_0,
};
use mqtt_protocol_core::mqtt::result_code::{
    ConnectReasonCode, ConnectReturnCode, DisconnectReasonCode, MqttError, PubackReasonCode,
    SubackReasonCode, SubackReturnCode, UnsubackReasonCode,
};
use mqtt_protocol_core::mqtt::{Connection, Version, role};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{Broker, Letter, Message, Name, rules};
use crate::serve::{Stream, within};
use crate::web;

/// How long a client may take to say who it is, and to take what it is sent.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a client that wants no keep-alive may be silent.
const SILENCE: Duration = Duration::from_secs(300);
/// Longest packet that is read, in bytes.
const PACKET: u32 = 64 << 10;
/// Filters of one session.
const FILTERS: usize = 64;

/// Serves one connection until it ends.
pub(super) async fn serve(broker: &Broker, stream: Stream) {
    let options = ConnectionOptions::new().maximum_packet_size_recv(PACKET).receive_maximum(64);
    let mut session = Session {
        broker,
        stream,
        protocol: Connection::with_options(Version::Undetermined, options),
        seat: None,
        silence: PATIENCE,
        ended: false,
    };
    session.protocol.set_auto_ping_response(true);
    // How a client leaves is its own affair.
    let _ = session.run().await;
    if let Some(seat) = session.seat {
        broker.leave(&seat.client_id, seat.number);
    }
}

struct Session<'a> {
    broker: &'a Broker,
    stream: Stream,
    protocol: Connection<role::Server>,
    seat: Option<Seated>,
    /// How long the client may be silent.
    silence: Duration,
    ended: bool,
}

/// What a client has once it is let in.
struct Seated {
    client_id: String,
    number: u64,
    name: Name,
    letters: mpsc::Receiver<Letter>,
    filters: usize,
}

impl Session<'_> {
    async fn run(&mut self) -> io::Result<()> {
        let mut chunk = vec![0; 4096];
        let mut deadline = Instant::now() + self.silence;
        while !self.ended {
            let letters = self.seat.as_mut().map(|seat| &mut seat.letters);
            tokio::select! {
                read = self.stream.read(&mut chunk) => {
                    let n = read?;
                    if n == 0 {
                        break;
                    }
                    self.heard(chunk.get(..n).unwrap_or_default()).await?;
                    deadline = Instant::now() + self.silence;
                }
                letter = next(letters) => match letter {
                    Some(Letter::Message(message)) => self.deliver(&message).await?,
                    Some(Letter::Leave) | None => self.taken_over().await?,
                },
                () = tokio::time::sleep_until(deadline) => break,
            }
        }
        within(PATIENCE, self.stream.shutdown()).await
    }

    async fn heard(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut cursor = Cursor::new(bytes);
        while !self.ended && (cursor.position() as usize) < bytes.len() {
            let events = self.protocol.recv(&mut cursor);
            self.act(events).await?;
        }
        Ok(())
    }

    /// Does what the protocol asks for.
    async fn act(&mut self, events: Vec<Event>) -> io::Result<()> {
        for event in events {
            match event {
                Event::NotifyPacketReceived(packet) => {
                    if let Some(answer) = self.answer(packet).map_err(io::Error::other)? {
                        self.send(answer).await?;
                    }
                }
                Event::RequestSendPacket { packet, .. } => {
                    within(PATIENCE, self.stream.write_all(&packet.to_continuous_buffer())).await?;
                }
                Event::RequestClose | Event::NotifyError(_) => self.ended = true,
                // Keep-alive is counted here, from the last byte heard.
                Event::RequestTimerReset { .. }
                | Event::RequestTimerCancel(_)
                | Event::NotifyPacketIdReleased(_) => {}
            }
        }
        Ok(())
    }

    async fn send(&mut self, packet: Packet) -> io::Result<()> {
        for event in self.protocol.send(packet) {
            match event {
                Event::RequestSendPacket { packet, .. } => {
                    within(PATIENCE, self.stream.write_all(&packet.to_continuous_buffer())).await?;
                    within(PATIENCE, self.stream.flush()).await?;
                }
                Event::RequestClose => self.ended = true,
                // What may not be sent, such as a message longer than the client takes, is left out.
                _ => {}
            }
        }
        Ok(())
    }

    async fn deliver(&mut self, message: &Message) -> io::Result<()> {
        let payload = message.payload.as_ref();
        let packet: Result<Packet, MqttError> = match self.protocol.get_protocol_version() {
            Version::V5_0 => (|| {
                let publish = v5_0::Publish::builder().topic_name(message.topic.as_str())?;
                Ok(publish.qos(Qos::AtMostOnce).retain(message.retained).payload(payload).build()?.into())
            })(),
            _ => (|| {
                let publish = v3_1_1::Publish::builder().topic_name(message.topic.as_str())?;
                Ok(publish.qos(Qos::AtMostOnce).retain(message.retained).payload(payload).build()?.into())
            })(),
        };
        self.send(packet.map_err(io::Error::other)?).await
    }

    async fn taken_over(&mut self) -> io::Result<()> {
        if self.protocol.get_protocol_version() == Version::V5_0 {
            let bye = v5_0::Disconnect::builder().reason_code(DisconnectReasonCode::SessionTakenOver).build();
            self.send(bye.map_err(io::Error::other)?.into()).await?;
        }
        self.ended = true;
        Ok(())
    }

    /// The answer to a packet, if it has one.
    fn answer(&mut self, packet: Packet) -> Result<Option<Packet>, MqttError> {
        Ok(Some(match packet {
            Packet::V3_1_1Connect(c) => {
                let admission = self.admit(c.client_id(), c.user_name(), c.password(), c.keep_alive());
                let code = match admission {
                    Ok(_) => ConnectReturnCode::Accepted,
                    Err(Refusal::Stranger) => ConnectReturnCode::NotAuthorized,
                    Err(Refusal::Password) => ConnectReturnCode::BadUserNameOrPassword,
                    Err(Refusal::Id) => ConnectReturnCode::IdentifierRejected,
                };
                v3_1_1::Connack::builder().return_code(code).session_present(false).build()?.into()
            }
            Packet::V5_0Connect(c) => {
                let admission = self.admit(c.client_id(), c.user_name(), c.password(), c.keep_alive());
                let mut properties = vec![];
                let code = match admission {
                    Ok(assigned) => {
                        // QoS 2 is not offered (MQTT 5 section 3.2.2.3.4).
                        properties.push(Property::MaximumQos(MaximumQos::new(1)?));
                        if let Some(id) = assigned {
                            let id = AssignedClientIdentifier::new(id)?;
                            properties.push(Property::AssignedClientIdentifier(id));
                        }
                        ConnectReasonCode::Success
                    }
                    Err(Refusal::Stranger) => ConnectReasonCode::NotAuthorized,
                    Err(Refusal::Password) => ConnectReasonCode::BadUserNameOrPassword,
                    Err(Refusal::Id) => ConnectReasonCode::ClientIdentifierNotValid,
                };
                let connack = v5_0::Connack::builder().reason_code(code).session_present(false);
                connack.props(properties).build()?.into()
            }
            Packet::V3_1_1Subscribe(s) => {
                let codes = s.entries().iter().map(|entry| {
                    if self.subscribe(entry.topic_filter()) {
                        SubackReturnCode::SuccessMaximumQos0
                    } else {
                        SubackReturnCode::Failure
                    }
                });
                let codes = codes.collect();
                v3_1_1::Suback::builder().packet_id(s.packet_id()).return_codes(codes).build()?.into()
            }
            Packet::V5_0Subscribe(s) => {
                let codes = s.entries().iter().map(|entry| {
                    if self.subscribe(entry.topic_filter()) {
                        SubackReasonCode::GrantedQos0
                    } else {
                        SubackReasonCode::NotAuthorized
                    }
                });
                let codes = codes.collect();
                v5_0::Suback::builder().packet_id(s.packet_id()).reason_codes(codes).build()?.into()
            }
            Packet::V3_1_1Unsubscribe(u) => {
                u.entries().iter().for_each(|filter| self.unsubscribe(filter.as_str()));
                v3_1_1::Unsuback::builder().packet_id(u.packet_id()).build()?.into()
            }
            Packet::V5_0Unsubscribe(u) => {
                u.entries().iter().for_each(|filter| self.unsubscribe(filter.as_str()));
                let codes = vec![UnsubackReasonCode::Success; u.entries().len()];
                v5_0::Unsuback::builder().packet_id(u.packet_id()).reason_codes(codes).build()?.into()
            }
            Packet::V3_1_1Publish(p) => {
                // 3.1.1 cannot say no to a message: it is taken and thrown away (section 3.3.5).
                self.publish(p.topic_name(), p.payload().as_slice(), p.retain());
                match (p.qos(), p.packet_id()) {
                    (Qos::AtLeastOnce, Some(id)) => v3_1_1::Puback::builder().packet_id(id).build()?.into(),
                    _ => return self.no_answer(p.qos()),
                }
            }
            Packet::V5_0Publish(p) => {
                let taken = self.publish(p.topic_name(), p.payload().as_slice(), p.retain());
                let code = if taken { PubackReasonCode::Success } else { PubackReasonCode::NotAuthorized };
                match (p.qos(), p.packet_id()) {
                    (Qos::AtLeastOnce, Some(id)) => {
                        v5_0::Puback::builder().packet_id(id).reason_code(code).build()?.into()
                    }
                    _ => return self.no_answer(p.qos()),
                }
            }
            Packet::V3_1_1Disconnect(_) | Packet::V5_0Disconnect(_) | Packet::V5_0Auth(_) => {
                self.ended = true;
                return Ok(None);
            }
            _ => return Ok(None),
        }))
    }

    /// QoS 2 is not offered; 3.1.1 can only say so by ending the session.
    fn no_answer(&mut self, qos: Qos) -> Result<Option<Packet>, MqttError> {
        self.ended |= qos == Qos::ExactlyOnce;
        Ok(None)
    }

    /// Lets a client in; gives back the id that it was given because it brought none.
    fn admit(
        &mut self,
        client_id: &str,
        user: Option<&str>,
        password: Option<&[u8]>,
        keep_alive: u16,
    ) -> Result<Option<String>, Refusal> {
        let admitted = self.seat_for(client_id, user, password);
        match &admitted {
            // One and a half times what the client promised ([MQTT-3.1.2-22]).
            Ok(_) if keep_alive > 0 => self.silence = Duration::from_millis(u64::from(keep_alive) * 1500),
            Ok(_) => self.silence = SILENCE,
            // The refusal is still sent, then the connection ends.
            Err(_) => self.ended = true,
        }
        admitted
    }

    fn seat_for(
        &mut self,
        client_id: &str,
        user: Option<&str>,
        password: Option<&[u8]>,
    ) -> Result<Option<String>, Refusal> {
        let rules = &self.broker.rules;
        let certificate = self.stream.client_certificate();
        let name = rules.name(certificate, user, password).ok_or(match user {
            Some(_) => Refusal::Password,
            None => Refusal::Stranger,
        })?;
        let assigned = client_id.is_empty().then(web::token);
        let client_id = assigned.as_deref().unwrap_or(client_id);
        let fit = client_id.len() <= 128 && !client_id.contains(['#', '+', '/', '\0']);
        if !fit || !rules.may_call_itself(&name, client_id) {
            return Err(Refusal::Id);
        }
        let (number, letters) = self.broker.seat(client_id, &name).ok_or(Refusal::Id)?;
        self.seat = Some(Seated { client_id: client_id.to_owned(), number, name, letters, filters: 0 });
        Ok(assigned)
    }

    fn subscribe(&mut self, filter: &str) -> bool {
        let Some(seat) = &mut self.seat else { return false };
        let allowed = rules::is_filter(filter)
            && seat.filters < FILTERS
            && self.broker.rules.may_hear(&seat.name, &seat.client_id, filter);
        if allowed {
            seat.filters += 1;
            self.broker.subscribe(&seat.client_id, seat.number, filter);
        }
        allowed
    }

    fn unsubscribe(&mut self, filter: &str) {
        if let Some(seat) = &mut self.seat {
            self.broker.unsubscribe(&seat.client_id, seat.number, filter);
        }
    }

    fn publish(&mut self, topic: &str, payload: &[u8], retain: bool) -> bool {
        let Some(seat) = &self.seat else { return false };
        let allowed = topic.len() <= 256 && self.broker.rules.may_speak(&seat.name, &seat.client_id, topic);
        if allowed {
            self.broker.publish(topic, payload, retain);
        }
        allowed
    }
}

/// Why a client is not let in.
enum Refusal {
    /// It does not say who it is.
    Stranger,
    /// What it says does not fit.
    Password,
    /// Its id belongs to somebody else.
    Id,
}

/// The next letter; never, before there is somebody to write to.
async fn next(letters: Option<&mut mpsc::Receiver<Letter>>) -> Option<Letter> {
    match letters {
        Some(letters) => letters.recv().await,
        None => std::future::pending().await,
    }
}
