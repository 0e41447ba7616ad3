//! Looks at a TLS hello before rustls does: refuses a fallback, and plays a server that still speaks TLS 1.0.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// TLS 1.0 on the wire.
pub(crate) const TLS_1_0: u16 = 0x0301;
/// TLS 1.2 on the wire.
pub(crate) const TLS_1_2: u16 = 0x0303;
/// TLS 1.3 on the wire.
pub(crate) const TLS_1_3: u16 = 0x0304;

/// TLS_FALLBACK_SCSV (RFC 7507).
const FALLBACK: u16 = 0x5600;
/// TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746).
const RENEGOTIATION: u16 = 0x00ff;

/// Suites that the played server takes with an elliptic curve key, the preferred one first (RFC 8422).
const EC_SUITES: &[u16] = &[0xc00a, 0xc009];
/// The same with an RSA key: ECDHE, then none, all with AES in CBC mode.
const RSA_SUITES: &[u16] = &[0xc014, 0xc013, 0x0035, 0x002f];

/// A record header and the longest record (RFC 8446 section 5.1).
const LONGEST: usize = 5 + (1 << 14);

/// How long a client may take to say hello, and to go once it has its answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long to wait for the rest of a hello that came in pieces.
const PIECE: Duration = Duration::from_millis(5);

/// What matters of a client hello.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Hello {
    /// Length of the record that holds it.
    length: usize,
    /// Newest version offered.
    pub(crate) newest: u16,
    suites: Vec<u16>,
    session: Vec<u8>,
    renegotiation: bool,
}

impl Hello {
    /// Whether the client says that it came back with an older version on purpose (RFC 7507).
    pub(crate) fn falls_back(&self) -> bool {
        self.suites.contains(&FALLBACK)
    }

    /// Waits for the hello and leaves it in the socket; `None` for anything that is not one in a single record.
    pub(crate) async fn peek(stream: &TcpStream) -> io::Result<Option<Self>> {
        let peeking = async {
            let mut seen = vec![0; 1024];
            loop {
                let n = stream.peek(&mut seen).await?;
                let seen_now = seen.get(..n).unwrap_or_default();
                match seen_now {
                    [] => return Ok(None),
                    [0x16, _, _, high, low, ..] => {
                        let length = 5 + usize::from(u16::from_be_bytes([*high, *low]));
                        if length > LONGEST {
                            return Ok(None);
                        }
                        if n >= length {
                            return Ok(seen_now.get(..length).and_then(Self::parse));
                        }
                        if seen.len() < length {
                            seen.resize(length, 0);
                        }
                    }
                    [0x16, ..] => {}
                    _ => return Ok(None),
                }
                // `peek` returns at once while there is something to see.
                tokio::time::sleep(PIECE).await;
            }
        };
        tokio::time::timeout(PATIENCE, peeking).await.unwrap_or(Ok(None))
    }

    /// Reads a record with a whole client hello (RFC 5246 section 7.4.1.2, RFC 8446 section 4.1.2).
    fn parse(record: &[u8]) -> Option<Self> {
        let mut at = Reader(record);
        at.take(5)?;
        if at.u8()? != 1 {
            return None;
        }
        let body = at.take(3)?;
        let length = body.iter().fold(0usize, |n, b| n << 8 | usize::from(*b));
        let mut at = Reader(at.take(length)?);
        let mut newest = at.u16()?;
        at.take(32)?;
        let session = at.short()?.to_vec();
        let suites = pairs(at.long()?);
        at.short()?;
        let mut renegotiation = suites.contains(&RENEGOTIATION);
        let mut extensions = Reader(at.long().unwrap_or_default());
        while let Some(kind) = extensions.u16() {
            let data = extensions.long()?;
            match kind {
                // supported_versions: reserved values of RFC 8701 are above every version.
                43 => {
                    let offered = pairs(Reader(data).short()?);
                    newest = offered.into_iter().filter(|v| *v <= TLS_1_3).max()?;
                }
                0xff01 => renegotiation = true,
                _ => {}
            }
        }
        Some(Self { length: record.len(), newest, suites, session, renegotiation })
    }
}

/// Refuses with a fatal alert.
pub(crate) async fn refuse(stream: &mut TcpStream, hello: &Hello, alert: Alert) -> io::Result<()> {
    let version = hello.newest.clamp(TLS_1_0, TLS_1_2).to_be_bytes();
    answer(stream, hello, &[21, version[0], version[1], 0, 2, 2, alert as u8]).await
}

/// The fatal alerts of this front.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Alert {
    HandshakeFailure = 40,
    InappropriateFallback = 86,
}

/// A server that speaks TLS 1.0 as far as a stranger can see: its hello and its certificate.
///
/// No well-kept library speaks TLS 1.0 any more, so the handshake ends there.
#[derive(Debug)]
pub(crate) struct Obsolete {
    pub(crate) certificate: CertificateDer<'static>,
    /// Whether its key is RSA.
    pub(crate) rsa: bool,
    pub(crate) provider: Arc<CryptoProvider>,
}

impl Obsolete {
    /// Answers a hello of TLS 1.0.
    pub(crate) async fn play(&self, stream: &mut TcpStream, hello: &Hello) -> io::Result<()> {
        let suites = if self.rsa { RSA_SUITES } else { EC_SUITES };
        let Some(suite) = suites.iter().copied().find(|s| hello.suites.contains(s)) else {
            return refuse(stream, hello, Alert::HandshakeFailure).await;
        };
        let mut random = [0; 32];
        self.provider.secure_random.fill(&mut random).map_err(|_| io::Error::other("no random bytes"))?;
        answer(stream, hello, &self.flight(hello, suite, random)).await
    }

    /// Server hello and certificate, each in a record of its own (RFC 2246 sections 7.4.1.3 and 7.4.2).
    fn flight(&self, hello: &Hello, suite: u16, random: [u8; 32]) -> Vec<u8> {
        let mut body = Vec::from(TLS_1_0.to_be_bytes());
        body.extend(random);
        body.push(hello.session.len().min(32) as u8);
        body.extend(hello.session.iter().take(32));
        body.extend(suite.to_be_bytes());
        body.push(0);
        if hello.renegotiation {
            body.extend([0, 5, 0xff, 0x01, 0, 1, 0]);
        }
        let mut flight = record(&handshake(2, &body));

        let mut certificate = Vec::new();
        certificate.extend(length24(self.certificate.len() + 3));
        certificate.extend(length24(self.certificate.len()));
        certificate.extend(self.certificate.as_ref());
        flight.extend(record(&handshake(11, &certificate)));
        flight
    }
}

/// Sends the answer, then lets the client go first: closing on unread bytes would tear the answer away (RFC 9293).
async fn answer(stream: &mut TcpStream, hello: &Hello, bytes: &[u8]) -> io::Result<()> {
    let answering = async {
        stream.read_exact(&mut vec![0; hello.length]).await?;
        stream.write_all(bytes).await?;
        stream.shutdown().await?;
        let mut rest = [0; 1024];
        // Enough for anything that a client says before it notices.
        for _ in 0..64 {
            if stream.read(&mut rest).await? == 0 {
                break;
            }
        }
        Ok(())
    };
    tokio::time::timeout(PATIENCE, answering).await.unwrap_or(Ok(()))
}

fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut message = vec![kind];
    message.extend(length24(body.len()));
    message.extend(body);
    message
}

fn record(message: &[u8]) -> Vec<u8> {
    // INVARIANT: a certificate of the lab and a hello are far below the 16 KiB of a record.
    let length = u16::try_from(message.len()).unwrap_or(u16::MAX);
    let mut record = vec![22];
    record.extend(TLS_1_0.to_be_bytes());
    record.extend(length.to_be_bytes());
    record.extend(message);
    record
}

fn length24(length: usize) -> [u8; 3] {
    let [.., a, b, c] = length.to_be_bytes();
    [a, b, c]
}

fn pairs(bytes: &[u8]) -> Vec<u16> {
    bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect()
}

/// Takes fields off the front of a slice.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(*self.take(2)?.first_chunk()?))
    }

    /// A field behind a length of one byte.
    fn short(&mut self) -> Option<&'a [u8]> {
        let n = self.u8()?;
        self.take(n.into())
    }

    /// A field behind a length of two bytes.
    fn long(&mut self) -> Option<&'a [u8]> {
        let n = self.u16()?;
        self.take(n.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(version: u16, suites: &[u16], extensions: &[u8]) -> Vec<u8> {
        let mut body = Vec::from(version.to_be_bytes());
        body.extend([7; 32]);
        body.push(0);
        body.extend((suites.len() as u16 * 2).to_be_bytes());
        body.extend(suites.iter().flat_map(|s| s.to_be_bytes()));
        body.extend([1, 0]);
        body.extend((extensions.len() as u16).to_be_bytes());
        body.extend(extensions);
        record(&handshake(1, &body))
    }

    #[test]
    fn the_newest_version_is_found() {
        let old = Hello::parse(&hello(TLS_1_0, &[0xc009, FALLBACK], &[])).unwrap();
        assert_eq!((old.newest, old.falls_back(), old.renegotiation), (TLS_1_0, true, false));
        // GREASE, TLS 1.3, TLS 1.2.
        let new = hello(TLS_1_2, &[0x1301], &[0, 43, 0, 7, 6, 0xaa, 0xaa, 3, 4, 3, 3]);
        assert_eq!(Hello::parse(&new).unwrap().newest, TLS_1_3);
    }

    #[test]
    fn a_cut_hello_is_none() {
        let whole = hello(TLS_1_2, &[0x1301], &[0, 43, 0, 3, 2, 3, 4]);
        for n in 0..whole.len() {
            assert_eq!(Hello::parse(&whole[..n]), None, "{n}");
        }
    }

    #[test]
    fn the_played_flight_is_well_formed() {
        let played =
            Obsolete { certificate: vec![9; 700].into(), rsa: false, provider: crate::pki::provider() };
        let hello = Hello::parse(&hello(TLS_1_0, &[0x002f, 0xc009], &[0xff, 1, 0, 1, 0])).unwrap();
        let flight = played.flight(&hello, 0xc009, [1; 32]);
        assert_eq!(flight[..3], [22, 3, 1]);
        let first = usize::from(u16::from_be_bytes([flight[3], flight[4]]));
        assert_eq!(first, 4 + 2 + 32 + 1 + 2 + 1 + 7);
        let second = usize::from(u16::from_be_bytes([flight[5 + first + 3], flight[5 + first + 4]]));
        assert_eq!(flight.len(), 10 + first + second);
    }
}
