//! The ciphers and MACs under which a login is asked for (RFC 4253 section 6, RFC 4344, RFC 5647, RFC 6668).

use auscult_facts::Interrupted;
use auscult_wire::ssh::{KexInit, Packet, seal};
use aws_lc_rs::aead::chacha20_poly1305_openssh::{OpeningKey, SealingKey};
use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, AES_256, EncryptionContext, StreamingEncryptingKey, UnboundCipherKey};
use aws_lc_rs::{hmac, iv};

use super::agree::Agreed;

/// Bytes of the tag of both kinds of authenticated encryption.
const TAG: usize = 16;

/// Size to which packets are padded.
const BLOCK: usize = 16;

/// What protects packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    ChaCha,
    Gcm { key: usize },
    Ctr { key: usize },
}

/// Ciphers that we speak, best first.
const CIPHERS: [(&str, Kind); 5] = [
    ("chacha20-poly1305@openssh.com", Kind::ChaCha),
    ("aes128-gcm@openssh.com", Kind::Gcm { key: 16 }),
    ("aes256-gcm@openssh.com", Kind::Gcm { key: 32 }),
    ("aes128-ctr", Kind::Ctr { key: 16 }),
    ("aes256-ctr", Kind::Ctr { key: 32 }),
];

/// A MAC that we speak.
#[derive(Clone, Copy, Debug)]
struct MacKind {
    name: &'static str,
    hash: hmac::Algorithm,
    /// Over what was encrypted, instead of what is.
    after: bool,
}

/// MACs that we speak, best first.
static MACS: [MacKind; 6] = [
    MacKind { name: "hmac-sha2-256-etm@openssh.com", hash: hmac::HMAC_SHA256, after: true },
    MacKind { name: "hmac-sha2-512-etm@openssh.com", hash: hmac::HMAC_SHA512, after: true },
    MacKind { name: "hmac-sha2-256", hash: hmac::HMAC_SHA256, after: false },
    MacKind { name: "hmac-sha2-512", hash: hmac::HMAC_SHA512, after: false },
    MacKind { name: "hmac-sha1-etm@openssh.com", hash: hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, after: true },
    MacKind { name: "hmac-sha1", hash: hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, after: false },
];

/// Names of the ciphers, for our list.
pub(super) fn cipher_names() -> impl Iterator<Item = &'static str> {
    CIPHERS.iter().map(|(name, _)| *name)
}

/// Names of the MACs, for our list.
pub(super) fn mac_names() -> impl Iterator<Item = &'static str> {
    MACS.iter().map(|m| m.name)
}

/// What both sides speak, for one direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    kind: Kind,
    mac: Option<MacKind>,
}

impl Choice {
    /// The first of ours that the server has too; towards it, or from it.
    pub(super) fn common(theirs: &KexInit, to_server: bool) -> Option<Self> {
        let (ciphers, macs) = if to_server {
            (&theirs.cipher_to_server, &theirs.mac_to_server)
        } else {
            (&theirs.cipher_to_client, &theirs.mac_to_client)
        };
        let (_, kind) = CIPHERS.iter().find(|(name, _)| ciphers.iter().any(|c| c == name))?;
        if !matches!(kind, Kind::Ctr { .. }) {
            return Some(Self { kind: *kind, mac: None });
        }
        let mac = MACS.iter().find(|m| macs.iter().any(|name| name == m.name))?;
        Some(Self { kind: *kind, mac: Some(*mac) })
    }
}

enum Engine {
    ChaChaOut(Box<SealingKey>),
    ChaChaIn(Box<OpeningKey>),
    Gcm { key: Box<LessSafeKey>, nonce: [u8; 12] },
    Ctr { stream: Box<StreamingEncryptingKey>, mac: Box<hmac::Key>, after: bool },
}

/// One direction under keys.
pub(super) struct Direction {
    engine: Engine,
    /// Number of the next packet; the packets before keys count.
    sequence: u32,
    /// The first block of a packet that was decrypted to learn its length.
    begun: Vec<u8>,
}

impl Direction {
    /// The direction from us to the server.
    pub(super) fn out(choice: Choice, agreed: &Agreed, sequence: u32) -> Result<Self, Interrupted> {
        Self::new(choice, agreed, sequence, *b"ACE", true)
    }

    /// The direction from the server to us.
    pub(super) fn back(choice: Choice, agreed: &Agreed, sequence: u32) -> Result<Self, Interrupted> {
        Self::new(choice, agreed, sequence, *b"BDF", false)
    }

    fn new(
        choice: Choice,
        agreed: &Agreed,
        sequence: u32,
        [initial, key_letter, integrity]: [u8; 3],
        out: bool,
    ) -> Result<Self, Interrupted> {
        let fault = Interrupted::InstrumentFault;
        let engine = match choice.kind {
            Kind::ChaCha => {
                let key: [u8; 64] = agreed.key(key_letter, 64).try_into().map_err(|_| fault)?;
                if out {
                    Engine::ChaChaOut(Box::new(SealingKey::new(&key)))
                } else {
                    Engine::ChaChaIn(Box::new(OpeningKey::new(&key)))
                }
            }
            Kind::Gcm { key } => {
                let algorithm = if key == 16 { &aead::AES_128_GCM } else { &aead::AES_256_GCM };
                let key = UnboundKey::new(algorithm, &agreed.key(key_letter, key)).map_err(|_| fault)?;
                let nonce = agreed.key(initial, 12).try_into().map_err(|_| fault)?;
                Engine::Gcm { key: Box::new(LessSafeKey::new(key)), nonce }
            }
            Kind::Ctr { key } => {
                let algorithm = if key == 16 { &AES_128 } else { &AES_256 };
                let key =
                    UnboundCipherKey::new(algorithm, &agreed.key(key_letter, key)).map_err(|_| fault)?;
                let counter: [u8; 16] = agreed.key(initial, 16).try_into().map_err(|_| fault)?;
                let context = EncryptionContext::Iv128(iv::FixedLength::from(counter));
                // Counter mode decrypts as it encrypts.
                let stream = StreamingEncryptingKey::less_safe_ctr(key, context).map_err(|_| fault)?;
                let mac = choice.mac.ok_or(fault)?;
                let length = mac.hash.digest_algorithm().output_len();
                let mac_key = Box::new(hmac::Key::new(mac.hash, &agreed.key(integrity, length)));
                Engine::Ctr { stream: Box::new(stream), mac: mac_key, after: mac.after }
            }
        };
        Ok(Self { engine, sequence, begun: Vec::new() })
    }

    /// Puts a payload into a protected packet.
    pub(super) fn seal(&mut self, payload: &[u8]) -> Result<Vec<u8>, Interrupted> {
        let fault = Interrupted::InstrumentFault;
        let sequence = self.sequence;
        self.sequence = sequence.wrapping_add(1);
        match &mut self.engine {
            Engine::ChaChaOut(key) => {
                let mut packet = seal(payload, 8, 4);
                let mut tag = [0u8; TAG];
                key.seal_in_place(sequence, &mut packet, &mut tag);
                packet.extend_from_slice(&tag);
                Ok(packet)
            }
            Engine::ChaChaIn(_) => Err(fault),
            Engine::Gcm { key, nonce } => {
                let mut packet = seal(payload, BLOCK, 4);
                let (length, body) = packet.split_at_mut_checked(4).ok_or(fault)?;
                let tag = key
                    .seal_in_place_separate_tag(
                        Nonce::assume_unique_for_key(*nonce),
                        Aad::from(&*length),
                        body,
                    )
                    .map_err(|_| fault)?;
                step(nonce);
                packet.extend_from_slice(tag.as_ref());
                Ok(packet)
            }
            Engine::Ctr { stream, mac, after } => {
                let clear = if *after { 4 } else { 0 };
                let mut packet = seal(payload, BLOCK, clear);
                let before = tag(mac, sequence, &packet);
                let hidden = apply(stream, packet.get(clear..).unwrap_or_default())?;
                packet.truncate(clear);
                packet.extend(hidden);
                let tag = if *after { tag(mac, sequence, &packet) } else { before };
                packet.extend_from_slice(tag.as_ref());
                Ok(packet)
            }
        }
    }

    /// Takes the next payload out of what came in; `None` while it is not whole.
    pub(super) fn open(&mut self, held: &mut Vec<u8>) -> Result<Option<Vec<u8>>, Interrupted> {
        let wrong = Interrupted::NotUnderstood;
        let Some(head) = held.first_chunk::<4>().copied() else { return Ok(None) };
        let sequence = self.sequence;
        let payload = match &mut self.engine {
            Engine::ChaChaIn(key) => {
                let length =
                    Packet::length(key.decrypt_packet_length(sequence, head)).map_err(|_| wrong)? + 4;
                let Some(mut packet) = taken(held, length + TAG) else { return Ok(None) };
                let tag: [u8; TAG] = packet.split_off(length).try_into().map_err(|_| wrong)?;
                let body = key.open_in_place(sequence, &mut packet, &tag).map_err(|_| wrong)?;
                Packet::body(body).map_err(|_| wrong)?.to_vec()
            }
            Engine::ChaChaOut(_) => return Err(Interrupted::InstrumentFault),
            Engine::Gcm { key, nonce } => {
                let length = Packet::length(head).map_err(|_| wrong)?;
                let Some(packet) = taken(held, 4 + length + TAG) else { return Ok(None) };
                let mut body = packet.get(4..).unwrap_or_default().to_vec();
                let body = key
                    .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(head), &mut body)
                    .map_err(|_| wrong)?;
                step(nonce);
                Packet::body(body).map_err(|_| wrong)?.to_vec()
            }
            Engine::Ctr { stream, mac, after: true } => {
                let size = mac.algorithm().tag_len();
                let length = Packet::length(head).map_err(|_| wrong)? + 4;
                let Some(mut packet) = taken(held, length + size) else { return Ok(None) };
                let theirs = packet.split_off(length);
                if tag(mac, sequence, &packet).as_ref() != theirs {
                    return Err(wrong);
                }
                let body = apply(stream, packet.get(4..).unwrap_or_default())?;
                Packet::body(&body).map_err(|_| wrong)?.to_vec()
            }
            Engine::Ctr { stream, mac, after: false } => {
                if self.begun.is_empty() {
                    let Some(block) = held.first_chunk::<BLOCK>() else { return Ok(None) };
                    self.begun = apply(stream, block)?;
                }
                let head = self.begun.first_chunk::<4>().copied().ok_or(wrong)?;
                let length = Packet::length(head).map_err(|_| wrong)? + 4;
                let size = mac.algorithm().tag_len();
                if length < BLOCK {
                    return Err(wrong);
                }
                let Some(mut packet) = taken(held, length + size) else { return Ok(None) };
                let theirs = packet.split_off(length);
                let mut clear = std::mem::take(&mut self.begun);
                clear.extend(apply(stream, packet.get(BLOCK..).unwrap_or_default())?);
                if tag(mac, sequence, &clear).as_ref() != theirs {
                    return Err(wrong);
                }
                Packet::body(clear.get(4..).unwrap_or_default()).map_err(|_| wrong)?.to_vec()
            }
        };
        self.sequence = sequence.wrapping_add(1);
        Ok(Some(payload))
    }
}

/// The first bytes of what came in, if there are so many.
fn taken(held: &mut Vec<u8>, length: usize) -> Option<Vec<u8>> {
    (held.len() >= length).then(|| held.drain(..length).collect())
}

fn tag(key: &hmac::Key, sequence: u32, packet: &[u8]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    context.update(&sequence.to_be_bytes());
    context.update(packet);
    context.sign()
}

fn apply(stream: &mut StreamingEncryptingKey, bytes: &[u8]) -> Result<Vec<u8>, Interrupted> {
    let mut out = vec![0u8; bytes.len() + BLOCK];
    let written = stream.update(bytes, &mut out).map_err(|_| Interrupted::InstrumentFault)?.written().len();
    out.truncate(written);
    if written == bytes.len() { Ok(out) } else { Err(Interrupted::InstrumentFault) }
}

/// The next value of a counter in the last eight bytes (RFC 5647, 7.1).
fn step(nonce: &mut [u8; 12]) {
    for byte in nonce.iter_mut().skip(4).rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            break;
        }
    }
}
