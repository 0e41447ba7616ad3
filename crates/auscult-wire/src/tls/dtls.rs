//! DTLS 1.0 and 1.2 (RFC 4347, RFC 6347): hellos in datagrams, and what a server says before keys are agreed.
//!
//! Only messages that come in one piece are read: a hello and a cookie always do.

use super::bytes::{Bytes, codes, put8, put16};
use super::server::{Alert, ServerHello};

/// DTLS 1.0 as on the wire.
pub const DTLS10: u16 = 0xfeff;
/// DTLS 1.2 as on the wire.
pub const DTLS12: u16 = 0xfefd;

/// Most records of one datagram that are looked at.
const MAX_RECORDS: usize = 32;

const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const SERVER_HELLO: u8 = 2;
const VERIFY_REQUEST: u8 = 3;

/// Signature schemes that are offered with DTLS 1.2, SHA-1 included: an old server shall show itself.
const SCHEMES: &[u16] =
    &[0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0203, 0x0201];

/// A hello of DTLS.
#[derive(Clone, Debug, Default)]
pub struct DtlsHello {
    /// The version offered, [`DTLS10`] or [`DTLS12`].
    pub version: u16,
    /// Random bytes; the same in both hellos of one handshake.
    pub random: [u8; 32],
    /// Suites offered.
    pub suites: Vec<u16>,
    /// Groups offered.
    pub groups: Vec<u16>,
}

impl DtlsHello {
    /// The datagram: `sequence` 0 without a cookie, 1 with the one that was given.
    pub fn encode(&self, sequence: u8, cookie: &[u8]) -> Vec<u8> {
        let mut body = self.version.to_be_bytes().to_vec();
        body.extend(self.random);
        body.push(0);
        put8(&mut body, cookie);
        put16(&mut body, &codes(&self.suites, 200));
        put8(&mut body, &[0]);
        put16(&mut body, &self.extensions());
        let length = u16::try_from(body.len()).unwrap_or(u16::MAX).to_be_bytes();
        let mut message = vec![1, 0];
        message.extend(length);
        // Number of the message, and the one fragment that holds all of it.
        message.extend([0, sequence, 0, 0, 0, 0]);
        message.extend(length);
        message.extend(body);
        // The first record says DTLS 1.0 for the sake of old servers.
        let mut record = vec![HANDSHAKE];
        record.extend(DTLS10.to_be_bytes());
        record.extend([0, 0, 0, 0, 0, 0, 0, sequence]);
        put16(&mut record, &message);
        record
    }

    fn extensions(&self) -> Vec<u8> {
        let mut all = Vec::new();
        let mut put = |kind: u16, body: &[u8]| {
            all.extend(kind.to_be_bytes());
            put16(&mut all, body);
        };
        put(0xff01, &[0]);
        put(23, &[]);
        let mut groups = Vec::new();
        put16(&mut groups, &codes(&self.groups, 50));
        put(10, &groups);
        put(11, &[1, 0]);
        if self.version == DTLS12 {
            let mut schemes = Vec::new();
            put16(&mut schemes, &codes(SCHEMES, SCHEMES.len()));
            put(13, &schemes);
        }
        all
    }
}

/// The datagram with which a handshake is given up: the alert "user canceled", fatal.
pub fn dtls_goodbye(sequence: u8) -> Vec<u8> {
    vec![ALERT, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, sequence, 0, 2, 2, 90]
}

/// What a server said in one datagram.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DtlsAnswer {
    /// The cookie that it wants to have back before it does any work.
    pub cookie: Option<Vec<u8>>,
    /// Its hello.
    pub hello: Option<ServerHello>,
    /// Its alert.
    pub alert: Option<Alert>,
}

impl DtlsAnswer {
    /// Reads one datagram; `None` when there is no record of DTLS in it that says something before keys are agreed.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut answer = Self::default();
        let mut rest = Bytes(bytes);
        for _ in 0..MAX_RECORDS {
            if rest.is_empty() {
                break;
            }
            let kind = rest.u8()?;
            let version = rest.u16()?;
            let epoch = rest.u16()?;
            rest.take(6)?;
            let body = rest.vec16()?;
            // DTLS 1.2 and 1.0, and what OpenSSL once called 1.0.
            if !matches!(version, DTLS10 | DTLS12 | 0x0100) || epoch != 0 {
                return None;
            }
            match (kind, body) {
                (ALERT, [level, description]) => {
                    answer.alert = Some(Alert { level: *level, description: *description });
                }
                (HANDSHAKE, body) => answer.messages(body),
                _ => {}
            }
        }
        (answer != Self::default()).then_some(answer)
    }

    fn messages(&mut self, body: &[u8]) {
        let mut rest = Bytes(body);
        while let Some((kind, whole)) = message(&mut rest) {
            let Some(body) = whole else { continue };
            match kind {
                VERIFY_REQUEST => {
                    let mut request = Bytes(body);
                    request.u16();
                    self.cookie = request.vec8().map(<[u8]>::to_vec);
                }
                SERVER_HELLO if self.hello.is_none() => self.hello = ServerHello::read(body),
                _ => {}
            }
        }
    }
}

/// One message: its kind, and its body where it came in one piece.
fn message<'a>(rest: &mut Bytes<'a>) -> Option<(u8, Option<&'a [u8]>)> {
    let kind = rest.u8()?;
    let length = rest.u24()?;
    rest.u16()?;
    let offset = rest.u24()?;
    let piece = rest.vec24()?;
    Some((kind, (offset == 0 && piece.len() == length).then_some(piece)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;
    use proptest::prelude::*;

    fn record(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut out = vec![kind, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0];
        put16(&mut out, body);
        out
    }

    fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = [0, 0, u8::try_from(body.len()).unwrap()];
        [&[kind][..], &length, &[0, 0], &[0, 0, 0], &length, body].concat()
    }

    #[test]
    fn a_cookie_a_hello_and_an_alert_are_read() {
        let asked = record(22, &handshake(3, &[0xfe, 0xff, 3, 1, 2, 3]));
        assert_eq!(DtlsAnswer::read(&asked).unwrap().cookie, Some(vec![1, 2, 3]));
        let hello = [&[0xfe, 0xfd][..], &[7; 32], &[0, 0xc0, 0x2b, 0]].concat();
        let two = [record(22, &handshake(2, &hello)), record(22, &handshake(14, &[]))].concat();
        let answer = DtlsAnswer::read(&two).unwrap();
        assert_eq!(answer.hello.unwrap().suite, 0xc02b);
        assert_eq!(DtlsAnswer::read(&record(21, &[2, 40])).unwrap().alert.unwrap().description, 40);
        for end in 0..asked.len() {
            assert_eq!(DtlsAnswer::read(&asked[..end]), None, "{end}");
        }
    }

    #[test]
    fn the_second_hello_carries_the_cookie_and_fits_one_packet() {
        let hello =
            DtlsHello { version: DTLS12, random: [9; 32], suites: (0..150).collect(), groups: vec![29, 23] };
        let (first, second) = (hello.encode(0, &[]), hello.encode(1, &[5; 32]));
        assert_eq!(second.len(), first.len() + 32);
        assert!(second.len() < 1200);
        assert_eq!(DtlsAnswer::read(&first), None, "a client's hello is no answer");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = DtlsAnswer::read(&bytes);
        }
    }
}
