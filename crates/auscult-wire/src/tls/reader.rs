//! Takes a server's bytes as they come and keeps its first flight.

use thiserror::Error;

use super::bytes::Bytes;
use super::server::{Alert, KeyExchange, ServerHello, certificates, key_exchange};
use super::ssl2::{self, Said, Ssl2Hello};
use super::suites::{Exchange, suite};
use super::{alert, version};

/// Most bytes of one flight that are looked at.
pub const MAX_FLIGHT: usize = 256 << 10;

/// Most records and messages of one flight; a real one has fewer than thirty.
const MAX_PIECES: u32 = 200;

/// Longest certificate status kept; a usual one has below 3000 bytes.
const LONGEST_STAPLE: usize = 32 << 10;

/// Longest record with what old versions may add (RFC 5246, section 6.2.3).
const LONGEST_RECORD: usize = 16384 + 2048;

/// Why bytes are no flight of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// No record of SSL or TLS.
    #[error("no TLS record at byte {offset}")]
    NotTls {
        /// Where it should begin.
        offset: usize,
    },
    /// A record or message that breaks its own rules.
    #[error("malformed {what} in the record at byte {offset}")]
    Malformed {
        /// Which.
        what: &'static str,
        /// Where the record begins.
        offset: usize,
    },
    /// More than a flight may hold.
    #[error("the flight is too long")]
    TooLong,
}

/// What a server said to a hello, so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flight {
    /// Its hello, or its wish for another hello.
    pub hello: Option<ServerHello>,
    /// Its certificates, DER, its own first; in TLS 1.3 they are encrypted and not seen.
    pub certificates: Option<Vec<Vec<u8>>>,
    /// Its parameters for the key exchange.
    pub key_exchange: Option<KeyExchange>,
    /// Whether it asks for a client certificate.
    pub certificate_asked: bool,
    /// Whether it stapled a certificate status.
    pub stapled: bool,
    /// The stapled OCSP response, DER.
    pub staple: Option<Vec<u8>>,
    /// Whether it has said all that it says before the client speaks again.
    pub complete: bool,
    /// The alert that ended it.
    pub alert: Option<Alert>,
    /// Its hello in SSL 2.
    pub ssl2: Option<Ssl2Hello>,
    /// Whether it refused in SSL 2.
    pub ssl2_refusal: bool,
}

impl Flight {
    /// Whether nothing more is to be expected.
    pub fn is_over(&self) -> bool {
        self.complete || self.alert.is_some()
    }
}

/// Reads a flight piece by piece.
#[derive(Debug, Default)]
pub struct FlightReader {
    flight: Flight,
    /// Bytes of a record that is not yet whole.
    waiting: Vec<u8>,
    /// Bytes of messages that are not yet whole.
    messages: Vec<u8>,
    /// Bytes of whole records.
    offset: usize,
    taken: usize,
    pieces: u32,
}

impl FlightReader {
    /// A reader at the beginning of a connection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes further bytes; those after the end of the flight are left aside.
    ///
    /// # Errors
    /// When the bytes are no flight, or too long; what was read before stays.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        self.taken = self.taken.saturating_add(bytes.len());
        if self.taken > MAX_FLIGHT {
            return Err(ReadError::TooLong);
        }
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.extend_from_slice(bytes);
        let mut rest = Bytes(&waiting);
        while !self.flight.is_over() && !rest.is_empty() {
            let before = rest.0.len();
            if !self.record(&mut rest)? {
                break;
            }
            self.offset = self.offset.saturating_add(before.saturating_sub(rest.0.len()));
        }
        self.waiting = rest.0.to_vec();
        Ok(())
    }

    /// What was said so far.
    pub fn flight(&self) -> &Flight {
        &self.flight
    }

    /// What was said.
    pub fn into_flight(self) -> Flight {
        self.flight
    }

    /// Whether nothing at all has come.
    pub fn is_untouched(&self) -> bool {
        self.taken == 0
    }

    /// Reads one record; `false` when it is not yet whole.
    fn record(&mut self, rest: &mut Bytes<'_>) -> Result<bool, ReadError> {
        let not_tls = ReadError::NotTls { offset: self.offset };
        let first = rest.0.first().copied().unwrap_or_default();
        // No record of TLS begins with the high bit set; each header of SSL 2 in clear does.
        if first & 0x80 != 0 {
            return if self.offset == 0 { self.ssl2_record(rest) } else { Err(not_tls) };
        }
        if !(20..=23).contains(&first) || rest.0.get(1).is_some_and(|major| *major != 3) {
            return Err(not_tls);
        }
        let mut ahead = *rest;
        let (Some(kind), Some(_), Some(length)) = (ahead.u8(), ahead.u16(), ahead.u16()) else {
            return Ok(false);
        };
        if usize::from(length) > LONGEST_RECORD {
            return Err(not_tls);
        }
        let Some(body) = ahead.take(usize::from(length)) else { return Ok(false) };
        *rest = ahead;
        self.piece()?;
        match kind {
            21 => self.alert(body)?,
            22 => {
                self.messages.extend_from_slice(body);
                self.handle()?;
            }
            _ => return Err(self.malformed("order of records")),
        }
        Ok(true)
    }

    fn ssl2_record(&mut self, rest: &mut Bytes<'_>) -> Result<bool, ReadError> {
        let mut ahead = *rest;
        let Some(header) = ahead.u16() else { return Ok(false) };
        // The kind of message is checked first, so that foreign bytes are not waited for.
        if ahead.0.first().is_some_and(|kind| !matches!(kind, 0 | 4)) {
            return Err(ReadError::NotTls { offset: 0 });
        }
        let Some(body) = ahead.take(usize::from(header & 0x7fff)) else { return Ok(false) };
        *rest = ahead;
        match ssl2::read(body) {
            Said::Hello(hello) => self.flight.ssl2 = Some(hello),
            Said::Refusal => self.flight.ssl2_refusal = true,
            Said::Nonsense => return Err(ReadError::NotTls { offset: 0 }),
        }
        self.flight.complete = true;
        Ok(true)
    }

    fn alert(&mut self, body: &[u8]) -> Result<(), ReadError> {
        let &[level, description] = body else { return Err(self.malformed("alert")) };
        // Warnings after which a server goes on: unrecognised name, no renegotiation, a user's change of mind.
        let goes_on = level == 1 && matches!(description, alert::UNRECOGNIZED_NAME | 90 | 100);
        if !goes_on {
            self.flight.alert = Some(Alert { level, description });
        }
        Ok(())
    }

    /// Handles the messages that are whole.
    fn handle(&mut self) -> Result<(), ReadError> {
        let messages = std::mem::take(&mut self.messages);
        let mut rest = Bytes(&messages);
        while !self.flight.is_over() {
            let mut ahead = rest;
            let (Some(kind), Some(length)) = (ahead.u8(), ahead.u24()) else { break };
            if length > MAX_FLIGHT {
                return Err(ReadError::TooLong);
            }
            let Some(body) = ahead.take(length) else { break };
            rest = ahead;
            self.piece()?;
            self.message(kind, body)?;
        }
        self.messages = rest.0.to_vec();
        Ok(())
    }

    fn message(&mut self, kind: u8, body: &[u8]) -> Result<(), ReadError> {
        let exchange = match (&self.flight.hello, kind) {
            // A HelloRequest may come at any time and means nothing here.
            (_, 0) => return Ok(()),
            (None, 2) => return self.server_hello(body),
            (Some(hello), 4 | 11..=14 | 22) => suite(hello.suite).map_or(Exchange::Other, |s| s.exchange()),
            _ => return Err(self.malformed("order of messages")),
        };
        let flight = &mut self.flight;
        match kind {
            11 => flight.certificates = certificates(body),
            12 => flight.key_exchange = key_exchange(exchange, body),
            13 => flight.certificate_asked = true,
            14 => flight.complete = true,
            22 => {
                flight.stapled = body.len() > 4;
                flight.staple = staple(body);
            }
            _ => {}
        }
        let read = match kind {
            11 => flight.certificates.is_some(),
            12 => flight.key_exchange.is_some(),
            _ => true,
        };
        if read { Ok(()) } else { Err(self.malformed("message")) }
    }

    fn server_hello(&mut self, body: &[u8]) -> Result<(), ReadError> {
        let Some(hello) = ServerHello::read(body) else { return Err(self.malformed("server hello")) };
        // What follows in TLS 1.3 is encrypted.
        self.flight.complete = hello.version >= version::TLS13;
        self.flight.hello = Some(hello);
        Ok(())
    }

    fn piece(&mut self) -> Result<(), ReadError> {
        self.pieces = self.pieces.saturating_add(1);
        if self.pieces > MAX_PIECES { Err(ReadError::TooLong) } else { Ok(()) }
    }

    fn malformed(&self, what: &'static str) -> ReadError {
        ReadError::Malformed { what, offset: self.offset }
    }
}

/// The OCSP response in a CertificateStatus message (RFC 6066, section 8), unless it is empty or too long.
fn staple(body: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Bytes(body);
    let ocsp = bytes.u8()? == 1;
    let response = bytes.vec24()?;
    (ocsp && !response.is_empty() && response.len() <= LONGEST_STAPLE).then(|| response.to_vec())
}

/// Reads a flight that is there as a whole; one that breaks off is given back as far as it goes.
///
/// # Errors
/// When the bytes are no flight, or too long.
pub fn read_flight(bytes: &[u8]) -> Result<Flight, ReadError> {
    let mut reader = FlightReader::new();
    reader.push(bytes)?;
    Ok(reader.into_flight())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use proptest::prelude::*;

    use super::*;

    fn record(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut out = vec![kind, 3, 3];
        out.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        out.extend(body);
        out
    }

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut out = vec![kind, 0];
        out.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        out.extend(body);
        out
    }

    fn server_hello() -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend([5; 32]);
        body.extend([0, 0xc0, 0x2f, 0]);
        message(2, &body)
    }

    fn whole() -> Vec<u8> {
        let mut all = server_hello();
        all.extend(message(11, &[0, 0, 5, 0, 0, 2, 0x30, 0]));
        all.extend(message(22, &[1, 0, 0, 1, 0xff]));
        all.extend(message(12, &[3, 0, 23, 1, 4]));
        all.extend(message(13, &[1, 1, 0, 0, 0, 0]));
        all.extend(message(14, &[]));
        all
    }

    fn assert_whole(flight: &Flight) {
        assert_eq!(flight.hello.as_ref().unwrap().suite, 0xc02f);
        assert_eq!(flight.certificates.as_ref().unwrap(), &[vec![0x30, 0]]);
        assert_eq!(flight.key_exchange, Some(KeyExchange::Curve(23)));
        assert!(flight.certificate_asked && flight.stapled && flight.complete);
        assert_eq!(flight.staple.as_deref(), Some(&[0xff][..]));
    }

    #[test]
    fn flight_in_one_record_or_in_many() {
        assert_whole(&read_flight(&record(22, &whole())).unwrap());
        let crumbs: Vec<u8> = whole().chunks(3).flat_map(|piece| record(22, piece)).collect();
        assert_whole(&read_flight(&crumbs).unwrap());
        let mut reader = FlightReader::new();
        for byte in record(22, &whole()) {
            reader.push(&[byte]).unwrap();
        }
        assert_whole(reader.flight());
    }

    #[test]
    fn warnings_are_passed_over_and_errors_end_it() {
        let mut bytes = record(21, &[1, 112]);
        bytes.extend(record(22, &whole()));
        assert_whole(&read_flight(&bytes).unwrap());
        let ended = read_flight(&record(21, &[2, 70])).unwrap();
        assert_eq!(ended.alert, Some(Alert { level: 2, description: alert::PROTOCOL_VERSION }));
        assert!(ended.is_over());
    }

    #[test]
    fn foreign_bytes_are_no_tls() {
        for foreign in
            [&b"HTTP/1.1 400 Bad Request\r\n"[..], b"220 ready\r\n", b"\x15HTTP", b"\x80\x05\x07aaaaa"]
        {
            assert_eq!(read_flight(foreign), Err(ReadError::NotTls { offset: 0 }), "{foreign:?}");
        }
        assert_eq!(
            read_flight(&record(23, b"x")),
            Err(ReadError::Malformed { what: "order of records", offset: 0 })
        );
        assert!(
            read_flight(&record(22, &message(11, &[0, 0, 0]))).is_err(),
            "no certificate before the hello"
        );
        let twice = [server_hello(), server_hello()].concat();
        assert!(read_flight(&record(22, &twice)).is_err(), "no second hello");
        assert!(read_flight(&[22, 3, 3, 0xff, 0xff]).is_err(), "no record of 65535 bytes");
    }

    #[test]
    fn endless_flights_end() {
        let mut reader = FlightReader::new();
        let empty = record(22, &message(0, &[]));
        let error = (0..100_000).find_map(|_| reader.push(&empty).err());
        assert_eq!(error, Some(ReadError::TooLong));
        let mut huge = FlightReader::new();
        huge.push(&record(22, &server_hello())).unwrap();
        assert_eq!(huge.push(&record(22, &[11, 0xff, 0xff, 0xff])), Err(ReadError::TooLong));
    }

    #[test]
    fn ssl2_is_recognised() {
        let mut bytes = vec![0x80, 14];
        bytes.extend([4, 0, 1, 0, 2, 0, 0, 0, 3, 0, 0, 1, 0, 0x80]);
        assert_eq!(read_flight(&bytes).unwrap().ssl2.unwrap().kinds, [0x01_0080]);
        assert!(read_flight(&[0x80, 3, 0, 0, 1]).unwrap().ssl2_refusal);
    }

    proptest! {
        #[test]
        fn never_panics_and_pieces_do_not_matter(
            noise in proptest::collection::vec(any::<u8>(), 0..600),
            at in 0usize..400,
            cut in 1usize..50,
        ) {
            let mut bytes = record(22, &whole());
            let at = at.min(bytes.len());
            bytes.splice(at.., noise);
            let at_once = read_flight(&bytes);
            let mut reader = FlightReader::new();
            let in_pieces = bytes.chunks(cut).try_for_each(|piece| reader.push(piece));
            if let Ok(flight) = at_once {
                prop_assert_eq!(in_pieces, Ok(()));
                prop_assert_eq!(reader.into_flight(), flight);
            }
        }
    }
}
