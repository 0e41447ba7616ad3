//! The ClientHello message, SSL 3 to TLS 1.3.

use super::bytes::{codes, put8, put16};
use super::version;

/// What the extension `key_share` holds (RFC 8446, section 4.2.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyShare {
    /// Nothing, so that the server names the group it would like in a HelloRetryRequest: no cryptography is needed.
    #[default]
    Empty,
    /// A share for x25519 that nobody knows the secret of; for servers that do not bear an empty extension.
    X25519([u8; 32]),
}

/// A ClientHello, free to offer what no ordinary client would.
#[derive(Clone, Debug, Default)]
pub struct ClientHello {
    /// Versions offered, as on the wire, newest first; below TLS 1.3 only the first is told.
    pub versions: Vec<u16>,
    /// Random bytes.
    pub random: [u8; 32],
    /// Suites in the order of the client's liking, at most 1000.
    pub suites: Vec<u16>,
    /// Groups in the order of the client's liking, at most 200; without any the extensions for them are left out.
    pub groups: Vec<u16>,
    /// Name of the server, no address.
    pub server_name: Option<String>,
    /// Application protocols.
    pub alpn: Vec<Vec<u8>>,
    /// Offer DEFLATE and LZS beside no compression; never sent with TLS 1.3, where it is forbidden.
    pub compression: bool,
    /// Ask for a certificate status.
    pub staple: bool,
    /// Key share for TLS 1.3.
    pub share: KeyShare,
    /// Session id, at most 32 bytes; without one TLS 1.3 sends one of its own, and older versions none.
    pub session: Option<Vec<u8>>,
    /// Session ticket to resume with (RFC 5077), at most 16 KiB; empty asks for a new one.
    pub ticket: Option<Vec<u8>>,
    /// Offer to answer heartbeats (RFC 6520).
    pub heartbeat: bool,
}

/// Longest session ticket sent.
const LONGEST_TICKET: usize = 16 << 10;

/// Signature schemes offered from TLS 1.2 on, SHA-1 included: a server with an old certificate shall show it.
const SCHEMES: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501,
    0x0601, 0x0402, 0x0303, 0x0301, 0x0203, 0x0201, 0x0202,
];

/// `TLS_EMPTY_RENEGOTIATION_INFO_SCSV` (RFC 5746), for SSL 3, which has no extensions.
const RENEGOTIATION_SCSV: u16 = 0x00ff;

/// Longest host name (RFC 1035).
const LONGEST_NAME: usize = 253;

impl ClientHello {
    /// The bytes to send: one record.
    pub fn encode(&self) -> Vec<u8> {
        let newest = self.versions.iter().copied().max().unwrap_or(version::TLS12);
        let mut body = newest.min(version::TLS12).to_be_bytes().to_vec();
        body.extend(self.random);
        // A session id makes TLS 1.3 look like a resumption to boxes in between (RFC 8446, appendix D.4).
        let session = self.random.map(|byte| !byte);
        let own = self.session.as_ref().map(|own| own.get(..own.len().min(32)).unwrap_or_default());
        let usual: &[u8] = if newest >= version::TLS13 { &session } else { &[] };
        put8(&mut body, own.unwrap_or(usual));
        let mut suites = codes(&self.suites, 1000);
        if newest <= version::SSL3 {
            suites.extend(RENEGOTIATION_SCSV.to_be_bytes());
        }
        put16(&mut body, &suites);
        put8(&mut body, if self.compression && newest < version::TLS13 { &[1, 64, 0] } else { &[0] });
        if newest > version::SSL3 {
            put16(&mut body, &self.extensions(newest));
        }

        let mut message = vec![1, 0];
        put16(&mut message, &body);
        let mut record = vec![22];
        // RFC 8446, section 5.1: the first record says TLS 1.0 for the sake of old servers.
        record.extend(newest.min(version::TLS10).to_be_bytes());
        put16(&mut record, &message);
        record
    }

    fn extensions(&self, newest: u16) -> Vec<u8> {
        let mut all = Vec::new();
        let mut put = |kind: u16, body: &[u8]| {
            all.extend(kind.to_be_bytes());
            put16(&mut all, body);
        };
        if let Some(name) = &self.server_name {
            let mut entry = vec![0];
            put16(&mut entry, name.as_bytes().get(..name.len().min(LONGEST_NAME)).unwrap_or_default());
            put(0, &list16(&entry));
        }
        put(0xff01, &[0]);
        put(23, &[]);
        if !self.groups.is_empty() {
            put(10, &list16(&codes(&self.groups, 200)));
            put(11, &[1, 0]);
        }
        if newest >= version::TLS12 {
            put(13, &list16(&codes(SCHEMES, SCHEMES.len())));
        }
        if self.staple {
            put(5, &[1, 0, 0, 0, 0]);
        }
        if let Some(ticket) = &self.ticket {
            put(35, ticket.get(..ticket.len().min(LONGEST_TICKET)).unwrap_or_default());
        }
        if self.heartbeat {
            // Mode 1: the peer may send heartbeats.
            put(15, &[1]);
        }
        if !self.alpn.is_empty() {
            let mut names = Vec::new();
            self.alpn.iter().take(8).for_each(|name| put8(&mut names, name));
            put(16, &list16(&names));
        }
        if newest >= version::TLS13 {
            let mut versions = Vec::new();
            put8(&mut versions, &codes(&self.versions, 16));
            put(43, &versions);
            let mut shares = Vec::new();
            if let KeyShare::X25519(point) = &self.share {
                shares.extend(29u16.to_be_bytes());
                put16(&mut shares, point);
            }
            put(51, &list16(&shares));
        }
        all
    }
}

fn list16(body: &[u8]) -> Vec<u8> {
    let mut list = Vec::new();
    put16(&mut list, body);
    list
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;
    use crate::tls::bytes::Bytes;

    fn body(record: &[u8]) -> Vec<u8> {
        let mut bytes = Bytes(record);
        assert_eq!(bytes.u8(), Some(22));
        bytes.u16();
        let mut message = Bytes(bytes.vec16().unwrap());
        assert!(bytes.is_empty());
        assert_eq!(message.u8(), Some(1));
        let body = message.vec24().unwrap();
        assert!(message.is_empty());
        body.to_vec()
    }

    #[test]
    fn ssl3_has_no_extensions() {
        let hello =
            ClientHello { versions: vec![version::SSL3], suites: vec![0x0005], ..ClientHello::default() };
        let record = hello.encode();
        assert_eq!(record[..3], [22, 3, 0]);
        let body = body(&record);
        assert_eq!(body[..2], [3, 0]);
        assert_eq!(body[34..], [0, 0, 4, 0, 5, 0, 0xff, 1, 0]);
    }

    #[test]
    fn tls13_offers_an_empty_key_share_and_no_compression() {
        let hello = ClientHello {
            versions: vec![version::TLS13, version::TLS12],
            suites: vec![0x1301],
            groups: vec![0x11ec, 29],
            compression: true,
            server_name: Some("dut.test".to_owned()),
            ..ClientHello::default()
        };
        let body = body(&hello.encode());
        assert_eq!(body[..2], [3, 3], "the field for old servers says TLS 1.2");
        let mut bytes = Bytes(&body[34..]);
        assert_eq!(bytes.vec8().unwrap().len(), 32);
        assert_eq!(bytes.vec16().unwrap(), [0x13, 0x01]);
        assert_eq!(bytes.vec8().unwrap(), [0]);
        let mut extensions = Bytes(bytes.vec16().unwrap());
        let mut seen = Vec::new();
        while let Some(kind) = extensions.u16() {
            seen.push((kind, extensions.vec16().unwrap().to_vec()));
        }
        assert!(bytes.is_empty());
        assert!(seen.contains(&(51, vec![0, 0])));
        assert!(seen.contains(&(43, vec![4, 3, 4, 3, 3])));
        assert!(seen.contains(&(0, [&[0, 11, 0, 0, 8][..], b"dut.test"].concat())));
        assert!(seen.contains(&(10, vec![0, 4, 0x11, 0xec, 0, 29])));
    }

    #[test]
    fn excess_is_cut_and_lengths_stay_true() {
        let hello = ClientHello {
            versions: vec![version::TLS12],
            suites: (0..9000).collect(),
            server_name: Some("a".repeat(100_000)),
            alpn: vec![vec![b'x'; 999]; 99],
            ..ClientHello::default()
        };
        assert!(body(&hello.encode()).len() < 8192);
    }
}
