//! MQTT packets: those that a stranger sends, and what of the broker's answers is looked at.

use auscult_facts::mqtt::Version;
use mqtt_protocol_core::mqtt::common::Cursor;
use mqtt_protocol_core::mqtt::connection::{PacketBuildResult, PacketBuilder, PacketData, RawPacket};
use mqtt_protocol_core::mqtt::packet::{MaximumPacketSize, Property, Qos, SubEntry, SubOpts, v3_1_1, v5_0};
use mqtt_protocol_core::mqtt::result_code::MqttError;

/// Longest packet that is read; with MQTT 5 the broker is told so.
pub(super) const MAX_PACKET: u32 = 256 << 10;

/// Packet identifier of every SUBSCRIBE and PUBLISH: one is open at a time.
const PACKET_ID: u16 = 1;

/// What a packet of the broker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet {
    /// CONNACK with its code.
    Connack(u8),
    /// SUBACK with its codes.
    Suback(Vec<u8>),
    /// PUBLISH.
    Publish {
        /// Topic.
        topic: String,
        /// Payload.
        payload: Vec<u8>,
    },
    /// PUBACK with its code.
    Puback(u8),
    /// PINGRESP.
    Pingresp,
    /// DISCONNECT with its code (MQTT 5).
    Disconnect(u8),
    /// Anything else.
    Other(u8),
}

/// Why bytes are no MQTT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    /// A packet announces more than 256 KiB.
    #[error("a packet is longer than {MAX_PACKET} bytes")]
    TooLong,
    /// A packet is not built as the standard says.
    #[error("a packet is not well-formed")]
    Malformed,
}

impl From<MqttError> for PacketError {
    fn from(error: MqttError) -> Self {
        if error == MqttError::PacketTooLarge { Self::TooLong } else { Self::Malformed }
    }
}

/// Collects bytes until packets are whole.
pub struct Packets {
    builder: PacketBuilder,
    version: Version,
}

impl std::fmt::Debug for Packets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packets").field("version", &self.version).finish_non_exhaustive()
    }
}

impl Packets {
    /// Reads packets of one version.
    pub fn new(version: Version) -> Self {
        Self { builder: PacketBuilder::with_maximum_packet_size(MAX_PACKET), version }
    }

    /// Takes in bytes and adds every packet that became whole.
    ///
    /// # Errors
    /// When a packet is too long or malformed; those before it were added.
    pub fn take(&mut self, bytes: &[u8], into: &mut impl Extend<Packet>) -> Result<(), PacketError> {
        let mut cursor = Cursor::new(bytes);
        loop {
            match self.builder.feed(&mut cursor) {
                PacketBuildResult::Incomplete => return Ok(()),
                PacketBuildResult::Error(error) => return Err(error.into()),
                PacketBuildResult::Complete(raw) => into.extend([self.read(&raw)?]),
            }
        }
    }

    fn read(&self, raw: &RawPacket) -> Result<Packet, PacketError> {
        let body = raw.data_as_slice();
        let five = self.version == Version::V5;
        Ok(match raw.packet_type() {
            // A broker of 3.1.1 answers a CONNECT of 5 in its own form, without properties: the code stands in both
            // at the same place.
            2 => match body {
                [0 | 1, code, ..] => Packet::Connack(*code),
                _ => return Err(PacketError::Malformed),
            },
            3 => {
                let PacketData::Publish(data) = &raw.data else { return Err(PacketError::Malformed) };
                let (flags, data) = (raw.flags(), data.clone());
                let (topic, payload) = if five {
                    let (publish, _) = v5_0::Publish::parse(flags, data)?;
                    (publish.topic_name().to_owned(), publish.payload().as_slice().to_vec())
                } else {
                    let (publish, _) = v3_1_1::Publish::parse(flags, data)?;
                    (publish.topic_name().to_owned(), publish.payload().as_slice().to_vec())
                };
                Packet::Publish { topic, payload }
            }
            4 => match body {
                [_, _] => Packet::Puback(0),
                [_, _, code, ..] if five => Packet::Puback(*code),
                _ => return Err(PacketError::Malformed),
            },
            9 => {
                let codes = body.get(2..).ok_or(PacketError::Malformed)?;
                let codes = if five { after_properties(codes)? } else { codes };
                if codes.is_empty() {
                    return Err(PacketError::Malformed);
                }
                Packet::Suback(codes.to_vec())
            }
            13 => Packet::Pingresp,
            14 if five => Packet::Disconnect(body.first().copied().unwrap_or(0)),
            kind @ (5..=7 | 11 | 15) => Packet::Other(kind),
            _ => return Err(PacketError::Malformed),
        })
    }
}

/// What follows the properties (MQTT 5, section 2.2.2).
fn after_properties(bytes: &[u8]) -> Result<&[u8], PacketError> {
    let mut length = 0usize;
    for (place, byte) in bytes.iter().enumerate().take(4) {
        length |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return bytes.get(place + 1 + length..).ok_or(PacketError::Malformed);
        }
    }
    Err(PacketError::Malformed)
}

/// CONNECT with a clean session, 60 s keep-alive and no will.
pub(super) fn connect(version: Version, id: &str, login: Option<(&str, &str)>) -> Result<Vec<u8>, MqttError> {
    Ok(match version {
        Version::V311 => {
            let mut packet = v3_1_1::Connect::builder().client_id(id)?.clean_session(true).keep_alive(60);
            if let Some((name, password)) = login {
                packet = packet.user_name(name)?.password(password)?;
            }
            packet.build()?.to_continuous_buffer()
        }
        Version::V5 => {
            let mut packet = v5_0::Connect::builder()
                .client_id(id)?
                .clean_start(true)
                .keep_alive(60)
                .props(vec![Property::MaximumPacketSize(MaximumPacketSize::new(MAX_PACKET)?)]);
            if let Some((name, password)) = login {
                packet = packet.user_name(name)?.password(password)?;
            }
            packet.build()?.to_continuous_buffer()
        }
    })
}

/// SUBSCRIBE to one filter at most once (QoS 0), so that nothing has to be acknowledged.
pub(super) fn subscribe(version: Version, filter: &str) -> Result<Vec<u8>, MqttError> {
    let entry = SubEntry::new(filter, SubOpts::new().set_qos(Qos::AtMostOnce))?;
    Ok(match version {
        Version::V311 => v3_1_1::Subscribe::builder()
            .packet_id(PACKET_ID)
            .entries(vec![entry])
            .build()?
            .to_continuous_buffer(),
        Version::V5 => v5_0::Subscribe::builder()
            .packet_id(PACKET_ID)
            .entries(vec![entry])
            .build()?
            .to_continuous_buffer(),
    })
}

/// PUBLISH at least once (QoS 1), not retained: the answer tells what became of it, and nothing stays behind.
pub(super) fn publish(version: Version, topic: &str, payload: &str) -> Result<Vec<u8>, MqttError> {
    Ok(match version {
        Version::V311 => v3_1_1::Publish::builder()
            .topic_name(topic)?
            .qos(Qos::AtLeastOnce)
            .packet_id(PACKET_ID)
            .payload(payload)
            .build()?
            .to_continuous_buffer(),
        Version::V5 => v5_0::Publish::builder()
            .topic_name(topic)?
            .qos(Qos::AtLeastOnce)
            .packet_id(PACKET_ID)
            .payload(payload)
            .build()?
            .to_continuous_buffer(),
    })
}

/// First byte of a CONNACK; the same in both versions.
pub(super) const CONNACK: u8 = 0x20;

/// PINGREQ; the same in both versions.
pub(super) const PINGREQ: [u8; 2] = [0xc0, 0];

/// DISCONNECT, normal; the short form is the same in both versions.
pub(super) const DISCONNECT: [u8; 2] = [0xe0, 0];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(version: Version, bytes: &[u8]) -> Result<Vec<Packet>, PacketError> {
        let mut packets = Vec::new();
        Packets::new(version).take(bytes, &mut packets).map(|()| packets)
    }

    #[test]
    fn answers_are_read_in_both_versions() {
        let heard = read(Version::V311, b"\x20\x02\0\x05\x90\x03\0\x01\x80\x30\x05\0\x01ahi").unwrap();
        let publish = Packet::Publish { topic: "a".into(), payload: b"hi".to_vec() };
        assert_eq!(heard, [Packet::Connack(5), Packet::Suback(vec![0x80]), publish.clone()]);
        let heard = read(Version::V5, b"\x20\x03\0\x87\0\x90\x04\0\x01\0\x01\x30\x06\0\x01a\0hi\xe0\x01\x8e")
            .unwrap();
        assert_eq!(
            heard,
            [Packet::Connack(0x87), Packet::Suback(vec![1]), publish, Packet::Disconnect(0x8e)]
        );
        assert_eq!(read(Version::V5, b"\x20\x02\0\x01").unwrap(), [Packet::Connack(1)]);
        assert_eq!(read(Version::V5, b"\x40\x03\0\x01\x87").unwrap(), [Packet::Puback(0x87)]);
    }

    #[test]
    fn packets_may_come_byte_by_byte() {
        let mut packets = Packets::new(Version::V311);
        let mut heard = Vec::new();
        for byte in b"\x20\x02\0\0\xd0\0" {
            packets.take(&[*byte], &mut heard).unwrap();
        }
        assert_eq!(heard, [Packet::Connack(0), Packet::Pingresp]);
    }

    #[test]
    fn what_is_too_long_is_refused_at_its_header() {
        assert_eq!(read(Version::V311, b"\x30\xff\xff\xff\x7f"), Err(PacketError::TooLong));
        assert_eq!(read(Version::V5, b"\x20\xff\xff\xff\xff\x7f"), Err(PacketError::Malformed));
    }

    #[test]
    fn what_is_no_mqtt_is_refused() {
        for bytes in
            [&b"\x20\x01\0"[..], b"\x90\x02\0\x01", b"\x40\x01\0", b"\0\0", b"\x30\x01\0", b"\x20\x02\x07\0"]
        {
            assert_eq!(read(Version::V311, bytes), Err(PacketError::Malformed), "{bytes:?}");
        }
        assert_eq!(read(Version::V5, b"\x90\x07\0\x01\xff\xff\xff\xff\x01"), Err(PacketError::Malformed));
        assert_eq!(read(Version::V5, b"\x90\x04\0\x01\x7f\x01"), Err(PacketError::Malformed));
    }

    #[test]
    fn any_short_bytes_are_read_or_refused() {
        let mut seed = 0x9e37_79b9_7f4a_7c15u64;
        for round in 0..20_000usize {
            let bytes: Vec<u8> = (0..round % 24)
                .map(|place| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let byte = seed.to_be_bytes()[0];
                    if place == 1 { byte % 24 } else { byte }
                })
                .collect();
            let _ = (read(Version::V311, &bytes), read(Version::V5, &bytes));
        }
    }
}
