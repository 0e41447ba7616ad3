//! The messages of a server's first flight, as data.

use super::bytes::Bytes;
use super::suites::Exchange;
use super::version;

/// An alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// 1 is a warning, 2 is fatal; servers are not careful with it.
    pub level: u8,
    /// What it says.
    pub description: u8,
}

/// A ServerHello or a HelloRetryRequest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerHello {
    /// Version chosen, as on the wire (from the extension `supported_versions` where it is there).
    pub version: u16,
    /// Suite chosen.
    pub suite: u16,
    /// Compression method chosen.
    pub compression: u8,
    /// Whether it is a HelloRetryRequest.
    pub retry: bool,
    /// Group named by the extension `key_share`.
    pub group: Option<u16>,
    /// Whether secure renegotiation is signalled (RFC 5746).
    pub secure_renegotiation: bool,
    /// Whether the master secret is bound to the session (RFC 7627).
    pub extended_master_secret: bool,
    /// Application protocol chosen.
    pub alpn: Option<Vec<u8>>,
    /// Session id, as sent.
    pub session: Vec<u8>,
    /// Whether it answers heartbeats (RFC 6520).
    pub heartbeat: bool,
}

/// What a ServerKeyExchange message tells of the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyExchange {
    /// A named elliptic curve.
    Curve(u16),
    /// A finite field with a prime of this many bits.
    FiniteField(u32),
    /// A short RSA key of the export era with this many bits.
    ExportRsa(u32),
    /// Something that is not looked into.
    Other,
}

/// Random value that makes a ServerHello a HelloRetryRequest: the SHA-256 of that word (RFC 8446, section 4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
    0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// Most certificates kept of a chain.
const MOST_CERTIFICATES: usize = 32;

impl ServerHello {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(body);
        let mut hello = Self { version: bytes.u16()?, ..Self::default() };
        hello.retry = bytes.take(32)? == RETRY;
        let session = bytes.vec8()?;
        if session.len() > 32 {
            return None;
        }
        hello.session = session.to_vec();
        hello.suite = bytes.u16()?;
        hello.compression = bytes.u8()?;
        // Servers older than extensions leave out even their length.
        let mut extensions = Bytes(if bytes.is_empty() { &[] } else { bytes.vec16()? });
        if !bytes.is_empty() {
            return None;
        }
        while !extensions.is_empty() {
            let kind = extensions.u16()?;
            hello.extension(kind, extensions.vec16()?)?;
        }
        // A HelloRetryRequest exists in TLS 1.3 only.
        (!hello.retry || hello.version >= version::TLS13).then_some(hello)
    }

    fn extension(&mut self, kind: u16, body: &[u8]) -> Option<()> {
        let mut bytes = Bytes(body);
        match kind {
            15 => self.heartbeat = true,
            16 => {
                let mut names = Bytes(bytes.vec16()?);
                self.alpn = Some(names.vec8()?.to_vec());
            }
            23 => self.extended_master_secret = true,
            43 => self.version = bytes.u16()?,
            51 => self.group = Some(bytes.u16()?),
            0xff01 => self.secure_renegotiation = true,
            _ => {}
        }
        Some(())
    }
}

/// Reads a Certificate message of TLS 1.2 or older.
pub(super) fn certificates(body: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut bytes = Bytes(body);
    let mut list = Bytes(bytes.vec24()?);
    if !bytes.is_empty() {
        return None;
    }
    let mut chain = Vec::new();
    while !list.is_empty() {
        let certificate = list.vec24()?;
        if chain.len() < MOST_CERTIFICATES {
            chain.push(certificate.to_vec());
        }
    }
    Some(chain)
}

/// Reads a ServerKeyExchange message.
pub(super) fn key_exchange(exchange: Exchange, body: &[u8]) -> Option<KeyExchange> {
    let mut bytes = Bytes(body);
    match exchange {
        Exchange::EcWithHint | Exchange::FiniteFieldWithHint => {
            bytes.vec16()?;
        }
        _ => {}
    }
    match exchange {
        // Curve type 3 is a named curve; explicit parameters are not looked into.
        Exchange::Ec | Exchange::EcWithHint => match bytes.u8()? {
            3 => Some(KeyExchange::Curve(bytes.u16()?)),
            _ => Some(KeyExchange::Other),
        },
        Exchange::FiniteField | Exchange::FiniteFieldWithHint => {
            Some(KeyExchange::FiniteField(bits(bytes.vec16()?)))
        }
        Exchange::ExportRsa => Some(KeyExchange::ExportRsa(bits(bytes.vec16()?))),
        Exchange::Extension | Exchange::Other => Some(KeyExchange::Other),
    }
}

/// Bits of a number, leading zeros left out.
fn bits(number: &[u8]) -> u32 {
    let significant =
        number.iter().position(|byte| *byte != 0).and_then(|at| number.get(at..)).unwrap_or_default();
    let zeros = significant.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(significant.len()).unwrap_or(u32::MAX).saturating_mul(8).saturating_sub(zeros)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;

    fn hello(version: u16, random: [u8; 32], extensions: &[u8]) -> Vec<u8> {
        let mut body = version.to_be_bytes().to_vec();
        body.extend(random);
        body.extend([0, 0x13, 0x01, 0]);
        if !extensions.is_empty() {
            body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
            body.extend(extensions);
        }
        body
    }

    #[test]
    fn hello_without_extensions() {
        let seen = ServerHello::read(&hello(version::TLS10, [1; 32], &[])).unwrap();
        assert_eq!((seen.version, seen.suite, seen.retry), (version::TLS10, 0x1301, false));
        assert!(!seen.secure_renegotiation);
    }

    #[test]
    fn retry_names_its_group() {
        let extensions = [0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0x11, 0xec];
        let seen = ServerHello::read(&hello(version::TLS12, RETRY, &extensions)).unwrap();
        assert!(seen.retry);
        assert_eq!((seen.version, seen.group), (version::TLS13, Some(0x11ec)));
        assert_eq!(ServerHello::read(&hello(version::TLS12, RETRY, &[])), None, "no retry in TLS 1.2");
    }

    #[test]
    fn every_truncation_is_refused() {
        let whole = hello(version::TLS12, [1; 32], &[0xff, 1, 0, 1, 0, 0, 16, 0, 5, 0, 3, 2, b'h', b'2']);
        let seen = ServerHello::read(&whole).unwrap();
        assert!(seen.secure_renegotiation);
        assert_eq!(seen.alpn.as_deref(), Some(&b"h2"[..]));
        let without = 38;
        for cut in (0..whole.len()).filter(|cut| *cut != without) {
            assert_eq!(ServerHello::read(&whole[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn parameters_are_measured() {
        let ec = key_exchange(Exchange::Ec, &[3, 0, 19, 1, 4]);
        assert_eq!(ec, Some(KeyExchange::Curve(19)));
        let dh = key_exchange(Exchange::FiniteField, &[0, 3, 0, 0x40, 1, 0, 1, 2]);
        assert_eq!(dh, Some(KeyExchange::FiniteField(15)));
        let hinted = key_exchange(Exchange::FiniteFieldWithHint, &[0, 1, b'h', 0, 1, 0x80]);
        assert_eq!(hinted, Some(KeyExchange::FiniteField(8)));
        assert_eq!(key_exchange(Exchange::Ec, &[1, 0]), Some(KeyExchange::Other), "explicit parameters");
        assert_eq!(key_exchange(Exchange::FiniteField, &[0, 9, 1]), None);
        assert_eq!(bits(&[]), 0);
        assert_eq!(bits(&[0, 0]), 0);
    }

    #[test]
    fn chains_are_bounded() {
        let one = [0, 0, 2, 0x30, 0x00];
        let mut body = vec![0, 0, 10];
        body.extend(one);
        body.extend(one);
        assert_eq!(certificates(&body).unwrap().len(), 2);
        assert_eq!(certificates(&body[..body.len() - 1]), None);
        let mut many = vec![0, 1, 0xf4];
        (0..100).for_each(|_| many.extend(one));
        assert_eq!(certificates(&many).unwrap().len(), MOST_CERTIFICATES);
    }
}
