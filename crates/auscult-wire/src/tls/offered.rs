//! What a client offers in its first message, and how it answers the flight of a server.

use super::bytes::Bytes;
use super::reader::ReadError;

/// Most bytes of a hello; real ones stay below 2 KiB, hybrid key shares included.
pub const MAX_OFFER: usize = 32 << 10;
/// Longest record (RFC 8446, section 5.2).
const LONGEST_RECORD: usize = (1 << 14) + 256;
/// Most names of application protocols kept.
const MOST_NAMES: usize = 16;

/// What a client offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Versions of the extension `supported_versions`, else the one of the hello; reserved values left out.
    pub versions: Vec<u16>,
    /// Whether the versions are listed one by one, so that one that is missing is not spoken.
    pub versions_listed: bool,
    /// Suites in the order of its liking, reserved values left out.
    pub suites: Vec<u16>,
    /// Random bytes.
    pub random: [u8; 32],
    /// Session id.
    pub session: Vec<u8>,
    /// Name of the server that it asks for.
    pub server_name: Option<Vec<u8>>,
    /// Application protocols.
    pub alpn: Vec<Vec<u8>>,
    /// Groups.
    pub groups: Vec<u16>,
    /// Signature schemes.
    pub schemes: Vec<u16>,
    /// Whether it speaks of secure renegotiation (RFC 5746).
    pub secure_renegotiation: bool,
    /// Whether it asks for a stapled certificate status by OCSP (RFC 6066, section 8).
    pub status: bool,
}

impl Offer {
    /// Whether it speaks that version as far as its hello tells: a client without the list of versions names its
    /// newest one and may speak any below.
    pub fn may_speak(&self, version: u16) -> bool {
        if self.versions_listed {
            self.versions.contains(&version)
        } else {
            self.versions.iter().any(|newest| *newest >= version)
        }
    }
}

/// Reads a hello from the first bytes of a connection; `None` while it is not whole.
///
/// # Errors
/// When the bytes are no TLS hello, or too long.
pub fn read_offer(bytes: &[u8]) -> Result<Option<Offer>, ReadError> {
    let mut rest = Bytes(bytes);
    let mut message = Vec::new();
    loop {
        let offset = bytes.len().saturating_sub(rest.0.len());
        let foreign = ReadError::NotTls { offset };
        if rest.0.first().is_some_and(|kind| *kind != 22) || rest.0.get(1).is_some_and(|major| *major != 3) {
            return Err(foreign);
        }
        let (Some(_), Some(_), Some(length)) = (rest.u8(), rest.u16(), rest.u16()) else { return Ok(None) };
        if length == 0 || usize::from(length) > LONGEST_RECORD {
            return Err(foreign);
        }
        let whole = rest.take(usize::from(length));
        let body = whole.unwrap_or(rest.0);
        if message.is_empty() && body.first().is_some_and(|kind| *kind != 1) {
            return Err(foreign);
        }
        message.extend_from_slice(body);
        let mut ahead = Bytes(&message);
        if let (Some(_), Some(wanted)) = (ahead.u8(), ahead.u24()) {
            if wanted > MAX_OFFER {
                return Err(ReadError::TooLong);
            }
            if let Some(body) = ahead.take(wanted) {
                let malformed = ReadError::Malformed { what: "client hello", offset };
                return offer(body).map(Some).ok_or(malformed);
            }
        }
        if whole.is_none() {
            return if bytes.len() > MAX_OFFER { Err(ReadError::TooLong) } else { Ok(None) };
        }
    }
}

fn offer(body: &[u8]) -> Option<Offer> {
    let mut bytes = Bytes(body);
    let told = bytes.u16()?;
    let mut offer = Offer { versions: vec![told], ..Offer::default() };
    offer.random = bytes.take(32)?.try_into().ok()?;
    offer.session = bytes.vec8()?.to_vec();
    if offer.session.len() > 32 {
        return None;
    }
    let suites = pairs(bytes.vec16()?)?;
    offer.secure_renegotiation = suites.contains(&0x00ff);
    offer.suites = suites.into_iter().filter(|s| !is_reserved(*s)).collect();
    if bytes.vec8()?.is_empty() {
        return None;
    }
    let mut extensions = Bytes(if bytes.is_empty() { &[] } else { bytes.vec16()? });
    if !bytes.is_empty() {
        return None;
    }
    while !extensions.is_empty() {
        let kind = extensions.u16()?;
        let mut body = Bytes(extensions.vec16()?);
        match kind {
            0 => {
                let mut names = Bytes(body.vec16()?);
                while !names.is_empty() {
                    let (kind, name) = (names.u8()?, names.vec16()?);
                    if kind == 0 && offer.server_name.is_none() {
                        offer.server_name = Some(name.to_vec());
                    }
                }
            }
            5 => offer.status = body.u8() == Some(1),
            10 => offer.groups = pairs(body.vec16()?)?,
            13 => offer.schemes = pairs(body.vec16()?)?,
            16 => {
                let mut names = Bytes(body.vec16()?);
                while !names.is_empty() {
                    let name = names.vec8()?;
                    if offer.alpn.len() < MOST_NAMES {
                        offer.alpn.push(name.to_vec());
                    }
                }
            }
            43 => {
                offer.versions = pairs(body.vec8()?)?.into_iter().filter(|v| !is_reserved(*v)).collect();
                offer.versions_listed = true;
            }
            0xff01 => offer.secure_renegotiation = true,
            _ => {}
        }
    }
    Some(offer)
}

fn pairs(bytes: &[u8]) -> Option<Vec<u16>> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect())
}

/// Values that only keep servers used to the unknown (RFC 8701).
fn is_reserved(code: u16) -> bool {
    code & 0x0f0f == 0x0a0a && code >> 8 == code & 0xff
}

/// What a server of TLS 1.2 or older says first, up to the point where the client has to answer.
///
/// Nothing is computed: a suite whose key exchange the server has to sign comes with the signed message ready-made.
#[derive(Clone, Debug)]
pub struct ServerFlight<'a> {
    /// Version, as on the wire, TLS 1.2 or older.
    pub version: u16,
    /// Random bytes.
    pub random: [u8; 32],
    /// Suite.
    pub suite: u16,
    /// Certificates, DER, the server's own first.
    pub chain: &'a [Vec<u8>],
    /// Body of the ServerKeyExchange message, where the suite has one.
    pub key_exchange: Option<Vec<u8>>,
    /// Whether the client spoke of secure renegotiation, which then has to be answered.
    pub secure_renegotiation: bool,
}

impl ServerFlight<'_> {
    /// The bytes to send.
    pub fn encode(&self) -> Vec<u8> {
        let mut hello = Vec::from(self.version.to_be_bytes());
        hello.extend(self.random);
        hello.push(0);
        hello.extend(self.suite.to_be_bytes());
        hello.push(0);
        if self.secure_renegotiation {
            hello.extend([0, 5, 0xff, 0x01, 0, 1, 0]);
        }
        let mut certificates = Vec::new();
        for certificate in self.chain {
            certificates.extend(length24(certificate.len()));
            certificates.extend(certificate);
        }
        let mut chain = Vec::from(length24(certificates.len()));
        chain.extend(certificates);
        let mut flight = Vec::new();
        message(&mut flight, 2, &hello);
        message(&mut flight, 11, &chain);
        if let Some(key_exchange) = &self.key_exchange {
            message(&mut flight, 12, key_exchange);
        }
        message(&mut flight, 14, &[]);
        let mut bytes = Vec::new();
        for piece in flight.chunks(1 << 14) {
            bytes.push(22);
            bytes.extend(self.version.to_be_bytes());
            bytes.extend(u16::try_from(piece.len()).unwrap_or(u16::MAX).to_be_bytes());
            bytes.extend(piece);
        }
        bytes
    }
}

fn message(out: &mut Vec<u8>, kind: u8, body: &[u8]) {
    out.push(kind);
    out.extend(length24(body.len()));
    out.extend(body);
}

fn length24(length: usize) -> [u8; 3] {
    let [.., a, b, c] = length.to_be_bytes();
    [a, b, c]
}

/// How a client answers the flight of a server of TLS 1.2 or older.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It sent its part of the key exchange, and so took what the server offered.
    WentOn,
    /// It sent an alert with this description.
    Alert(u8),
}

/// Reads the answer to a flight; `None` while it is not whole.
///
/// # Errors
/// When the bytes are no TLS.
pub fn read_reply(bytes: &[u8]) -> Result<Option<Reply>, ReadError> {
    let mut rest = Bytes(bytes);
    loop {
        let offset = bytes.len().saturating_sub(rest.0.len());
        let Some(kind) = rest.u8() else { return Ok(None) };
        if !(20..=23).contains(&kind) || rest.0.first().is_some_and(|major| *major != 3) {
            return Err(ReadError::NotTls { offset });
        }
        let (Some(_), Some(length)) = (rest.u16(), rest.u16()) else { return Ok(None) };
        if usize::from(length) > LONGEST_RECORD {
            return Err(ReadError::NotTls { offset });
        }
        match (kind, rest.0.first()) {
            (_, None) => return Ok(None),
            // A certificate of its own comes before its part of the key exchange.
            (22, Some(11 | 16)) => return Ok(Some(Reply::WentOn)),
            (21, Some(level)) => {
                let Some(description) = rest.0.get(1) else { return Ok(None) };
                // A warning that it ends nothing with is passed over.
                if *level == 2 || *description == super::alert::CLOSE_NOTIFY {
                    return Ok(Some(Reply::Alert(*description)));
                }
            }
            _ => return Err(ReadError::Malformed { what: "reply", offset }),
        }
        if rest.take(usize::from(length)).is_none() {
            return Ok(None);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use proptest::prelude::*;

    use super::*;
    use crate::tls::{ClientHello, FlightReader, version};

    fn hello() -> Vec<u8> {
        ClientHello {
            versions: vec![version::TLS13, version::TLS12],
            random: [7; 32],
            suites: vec![0x1301, 0xc02f, 0x0a0a],
            groups: vec![29, 23],
            server_name: Some("platform.test".to_owned()),
            alpn: vec![b"mqtt".to_vec()],
            ..ClientHello::default()
        }
        .encode()
    }

    #[test]
    fn a_hello_of_ours_is_read() {
        let offer = read_offer(&hello()).unwrap().unwrap();
        assert_eq!(offer.versions, [version::TLS13, version::TLS12]);
        assert_eq!(offer.suites, [0x1301, 0xc02f]);
        assert_eq!(offer.server_name.as_deref(), Some(&b"platform.test"[..]));
        assert_eq!(offer.alpn, [b"mqtt".to_vec()]);
        assert_eq!(offer.groups, [29, 23]);
        assert!(offer.versions_listed && offer.secure_renegotiation && !offer.status);
        let asking = ClientHello { versions: vec![version::TLS12], staple: true, ..ClientHello::default() };
        assert!(read_offer(&asking.encode()).unwrap().unwrap().status);
        assert!(offer.may_speak(version::TLS12) && !offer.may_speak(version::TLS11));
    }

    #[test]
    fn an_old_hello_may_speak_what_is_older() {
        let old =
            ClientHello { versions: vec![version::TLS11], suites: vec![0x002f], ..ClientHello::default() };
        let offer = read_offer(&old.encode()).unwrap().unwrap();
        assert!(offer.may_speak(version::TLS10) && !offer.may_speak(version::TLS12));
    }

    #[test]
    fn a_cut_hello_is_waited_for_and_foreign_bytes_are_refused() {
        let whole = hello();
        for n in 0..whole.len() {
            assert_eq!(read_offer(&whole[..n]), Ok(None), "{n}");
        }
        for foreign in [&b"GET / HTTP/1.1"[..], b"\x10\x0c\0\x04MQTT", &[22, 3, 1, 0, 4, 2, 0, 0, 0]] {
            assert!(matches!(read_offer(foreign), Err(ReadError::NotTls { .. })), "{foreign:?}");
        }
        assert_eq!(read_offer(&[22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff]), Err(ReadError::TooLong));
    }

    #[test]
    fn a_hello_in_crumbs_is_one() {
        let whole = hello();
        let crumbs: Vec<u8> = whole[5..]
            .chunks(9)
            .flat_map(|c| [&[22, 3, 1, 0, u8::try_from(c.len()).unwrap()][..], c].concat())
            .collect();
        assert_eq!(read_offer(&crumbs), read_offer(&whole));
    }

    #[test]
    fn our_own_reader_reads_the_flight() {
        let chain = [vec![0x30, 0], vec![9; 20_000]];
        let flight = ServerFlight {
            version: version::TLS11,
            random: [3; 32],
            suite: 0x002f,
            chain: &chain,
            key_exchange: None,
            secure_renegotiation: true,
        };
        let mut reader = FlightReader::new();
        reader.push(&flight.encode()).unwrap();
        let read = reader.into_flight();
        let hello = read.hello.unwrap();
        assert_eq!((hello.version, hello.suite, hello.secure_renegotiation), (version::TLS11, 0x002f, true));
        assert_eq!(read.certificates.unwrap(), chain);
        assert!(read.complete);
    }

    #[test]
    fn replies_are_told_apart() {
        let went_on = [22, 3, 1, 0, 6, 16, 0, 0, 2, 0, 0];
        assert_eq!(read_reply(&went_on), Ok(Some(Reply::WentOn)));
        assert_eq!(read_reply(&[21, 3, 1, 0, 2, 2, 70]), Ok(Some(Reply::Alert(70))));
        let after_warning = [&[21, 3, 1, 0, 2, 1, 90][..], &went_on].concat();
        assert_eq!(read_reply(&after_warning), Ok(Some(Reply::WentOn)));
        assert_eq!(read_reply(&[21, 3, 1, 0, 2, 2]), Ok(None));
        assert!(read_reply(b"GET /").is_err());
        assert!(read_reply(&[22, 3, 1, 0, 4, 1, 0, 0, 0]).is_err(), "no second hello");
    }

    proptest! {
        #[test]
        fn nothing_panics(noise in proptest::collection::vec(any::<u8>(), 0..400), at in 0usize..200) {
            let mut bytes = hello();
            let at = at.min(bytes.len());
            bytes.splice(at.., noise.clone());
            let _ = read_offer(&bytes);
            let _ = read_reply(&noise);
        }
    }
}
