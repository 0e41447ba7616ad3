//! OPC UA over TCP (part 6): a channel without security, and the endpoints that a server offers.

use crate::store::{Error, MAX_ANSWER};

/// The policy of a channel that protects nothing.
const NO_SECURITY: &str = "http://opcfoundation.org/UA/SecurityPolicy#None";

/// Most endpoints, tokens and addresses that are looked at.
const MANY: i32 = 256;

/// Numbers of the services' messages in the binary encoding.
const OPEN_REQUEST: u16 = 446;
const OPEN_RESPONSE: u16 = 449;
const ENDPOINTS_REQUEST: u16 = 428;
const ENDPOINTS_RESPONSE: u16 = 431;

/// What comes over the wire: one chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// The server heard the greeting.
    Acknowledge,
    /// It ends the connection, with its code.
    Error(u32),
    /// A part of an answer to `OpenSecureChannel`: what follows the channel's number.
    Open(Vec<u8>),
    /// A part of another answer: what follows the headers, and whether it is the last part.
    Message(Vec<u8>, bool),
}

/// Reads the first chunk, and says how many bytes it took.
///
/// # Errors
/// When it is too long, or no chunk.
pub fn chunk(bytes: &[u8]) -> Result<Option<(Chunk, usize)>, Error> {
    let begins = |word: &[u8]| bytes.iter().zip(word).all(|(b, w)| b == w);
    if ![&b"ACK"[..], b"ERR", b"OPN", b"MSG"].iter().any(|word| begins(word)) {
        return Err(Error::Malformed);
    }
    let Some((head, _)) = bytes.split_first_chunk::<8>() else { return Ok(None) };
    let [a, b, c, last, d, e, f, g] = *head;
    let length = usize::try_from(u32::from_le_bytes([d, e, f, g])).map_err(|_| Error::TooLong)?;
    if length > MAX_ANSWER {
        return Err(Error::TooLong);
    }
    if length < 8 || !matches!(last, b'F' | b'C') {
        return Err(Error::Malformed);
    }
    let Some(whole) = bytes.get(..length) else { return Ok(None) };
    let mut rest = Reader(whole.get(8..).unwrap_or_default());
    let read = match [a, b, c] {
        [b'A', b'C', b'K'] => Chunk::Acknowledge,
        [b'E', b'R', b'R'] => Chunk::Error(rest.u32().ok_or(Error::Malformed)?),
        [b'O', b'P', b'N'] => {
            rest.u32().ok_or(Error::Malformed)?;
            Chunk::Open(rest.0.to_vec())
        }
        _ => {
            // Channel, token, number and request.
            rest.take(16).ok_or(Error::Malformed)?;
            Chunk::Message(rest.0.to_vec(), last == b'F')
        }
    };
    Ok(Some((read, length)))
}

/// A channel that the server opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its number.
    pub number: u32,
    /// Its token.
    pub token: u32,
}

/// Reads the answer to [`open`].
///
/// # Errors
/// When it is another one, or the channel was not opened.
pub fn opened(bytes: &[u8]) -> Result<Channel, Error> {
    read_opened(bytes).ok_or(Error::Malformed)
}

fn read_opened(bytes: &[u8]) -> Option<Channel> {
    let mut rest = Reader(bytes);
    // Policy, certificate and its digest; number and request.
    for _ in 0..3 {
        rest.bytes()?;
    }
    rest.take(8)?;
    rest.response(OPEN_RESPONSE)?;
    rest.u32()?;
    let (number, token) = (rest.u32()?, rest.u32()?);
    Some(Channel { number, token })
}

/// Endpoints, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Endpoints in all.
    pub all: u32,
    /// Those of mode None.
    pub none: u32,
    /// Those of mode Sign.
    pub sign: u32,
    /// Those of mode SignAndEncrypt.
    pub encrypt: u32,
    /// Those that take a session of somebody anonymous.
    pub anonymous: u32,
}

/// Reads the answer to [`endpoints`].
///
/// # Errors
/// When it is another one, or not well-formed.
pub fn offered(bytes: &[u8]) -> Result<Endpoints, Error> {
    read_offered(bytes).ok_or(Error::Malformed)
}

fn read_offered(bytes: &[u8]) -> Option<Endpoints> {
    let mut rest = Reader(bytes);
    rest.response(ENDPOINTS_RESPONSE)?;
    let mut seen = Endpoints::default();
    for _ in 0..rest.count()? {
        rest.bytes()?;
        rest.application()?;
        rest.bytes()?;
        let mode = rest.u32()?;
        rest.bytes()?;
        let mut anonymous = false;
        for _ in 0..rest.count()? {
            rest.bytes()?;
            anonymous |= rest.u32()? == 0;
            for _ in 0..3 {
                rest.bytes()?;
            }
        }
        rest.bytes()?;
        rest.take(1)?;
        let of_mode = match mode {
            1 => &mut seen.none,
            2 => &mut seen.sign,
            3 => &mut seen.encrypt,
            _ => return None,
        };
        *of_mode = of_mode.saturating_add(1);
        seen.all = seen.all.saturating_add(1);
        seen.anonymous = seen.anonymous.saturating_add(u32::from(anonymous));
    }
    Some(seen)
}

/// The greeting.
pub fn hello(url: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for size in [0, 65_535, 65_535, 0, 0] {
        put(&mut body, size);
    }
    text(&mut body, url);
    framed(b"HELF", &body)
}

/// Asks for a channel without security: `OpenSecureChannel`.
pub fn open() -> Vec<u8> {
    let mut body = Vec::new();
    put(&mut body, 0);
    text(&mut body, NO_SECURITY);
    // No certificate, and no digest of the server's.
    body.extend([0xff; 8]);
    numbers(&mut body, 1);
    request(&mut body, OPEN_REQUEST, 1);
    // Version, a new channel, mode None, no nonce, a minute.
    put(&mut body, 0);
    put(&mut body, 0);
    put(&mut body, 1);
    body.extend([0xff; 4]);
    put(&mut body, 60_000);
    framed(b"OPNF", &body)
}

/// Asks which endpoints there are: `GetEndpoints`.
pub fn endpoints(channel: Channel, url: &str) -> Vec<u8> {
    let mut body = Vec::new();
    put(&mut body, channel.number);
    put(&mut body, channel.token);
    numbers(&mut body, 2);
    request(&mut body, ENDPOINTS_REQUEST, 2);
    text(&mut body, url);
    // No languages and no profiles are preferred.
    body.extend([0xff; 8]);
    framed(b"MSGF", &body)
}

fn framed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len().saturating_add(8)).unwrap_or(0);
    [&kind[..], &length.to_le_bytes(), body].concat()
}

fn put(body: &mut Vec<u8>, number: u32) {
    body.extend(number.to_le_bytes());
}

fn text(body: &mut Vec<u8>, text: &str) {
    put(body, u32::try_from(text.len()).unwrap_or(0));
    body.extend(text.as_bytes());
}

/// Number within the channel, and of the request.
fn numbers(body: &mut Vec<u8>, number: u32) {
    put(body, number);
    put(body, number);
}

/// The number of a message, and the header of a request without a session.
fn request(body: &mut Vec<u8>, message: u16, handle: u32) {
    body.extend([1, 0]);
    body.extend(message.to_le_bytes());
    // No session, no time.
    body.extend([0; 10]);
    put(body, handle);
    put(body, 0);
    body.extend([0xff; 4]);
    put(body, 4000);
    body.extend([0; 3]);
}

/// Bytes not yet read; every step gives `None` where they do not suffice.
#[derive(Clone, Copy)]
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk::<4>()?))
    }

    fn i32(&mut self) -> Option<i32> {
        Some(i32::from_le_bytes(*self.take(4)?.first_chunk::<4>()?))
    }

    /// Text or bytes behind their length; −1 is none.
    fn bytes(&mut self) -> Option<&'a [u8]> {
        match self.i32()? {
            -1 => Some(&[]),
            n => self.take(usize::try_from(n).ok()?),
        }
    }

    /// How many entries a list has; −1 is none.
    fn count(&mut self) -> Option<i32> {
        self.i32().map(|n| n.max(0)).filter(|n| *n <= MANY)
    }

    /// The number of a message, and the header of a response that says that all went well.
    fn response(&mut self, message: u16) -> Option<()> {
        let [low, high] = message.to_le_bytes();
        (self.take(4)? == [1, 0, low, high]).then_some(())?;
        // Time and handle.
        self.take(12)?;
        (self.u32()? == 0).then_some(())?;
        // No diagnostics; texts of them; nothing more.
        (self.u8()? == 0).then_some(())?;
        for _ in 0..self.count()? {
            self.bytes()?;
        }
        (self.take(3)? == [0; 3]).then_some(())
    }

    fn application(&mut self) -> Option<()> {
        self.bytes()?;
        self.bytes()?;
        let mask = self.u8()?;
        for bit in [1, 2] {
            if mask & bit != 0 {
                self.bytes()?;
            }
        }
        self.u32()?;
        self.bytes()?;
        self.bytes()?;
        for _ in 0..self.count()? {
            self.bytes()?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use super::*;

    fn response(message: u16) -> Vec<u8> {
        let mut body = vec![1, 0];
        body.extend(message.to_le_bytes());
        body.extend([0; 16]);
        body.push(0);
        body.extend([0xff; 4]);
        body.extend([0; 3]);
        body
    }

    fn endpoint(body: &mut Vec<u8>, mode: u32, tokens: &[u32]) {
        text(body, "opc.tcp://pump:4840");
        text(body, "urn:pump");
        body.extend([0xff; 4]);
        body.push(2);
        text(body, "Pump");
        put(body, 0);
        body.extend([0xff; 8]);
        put(body, 1);
        text(body, "opc.tcp://pump:4840");
        body.extend([0xff; 4]);
        put(body, mode);
        text(body, NO_SECURITY);
        put(body, u32::try_from(tokens.len()).unwrap());
        for token in tokens {
            text(body, "p");
            put(body, *token);
            body.extend([0xff; 12]);
        }
        text(body, "t");
        body.push(0);
    }

    #[test]
    fn endpoints_are_counted() {
        let mut body = response(ENDPOINTS_RESPONSE);
        put(&mut body, 3);
        endpoint(&mut body, 1, &[0, 1]);
        endpoint(&mut body, 2, &[1]);
        endpoint(&mut body, 3, &[0]);
        let seen = offered(&body).unwrap();
        assert_eq!(seen, Endpoints { all: 3, none: 1, sign: 1, encrypt: 1, anonymous: 2 });
        for (end, _) in body.iter().enumerate() {
            assert_eq!(offered(body.get(..end).unwrap()), Err(Error::Malformed), "{end}");
        }
    }

    #[test]
    fn a_channel_is_read() {
        let mut body = Vec::new();
        text(&mut body, NO_SECURITY);
        body.extend([0xff; 8]);
        body.extend([0; 8]);
        body.extend(response(OPEN_RESPONSE));
        for number in [0, 7, 9, 0, 0, 60_000] {
            put(&mut body, number);
        }
        assert_eq!(opened(&body).unwrap(), Channel { number: 7, token: 9 });
        assert_eq!(opened(&response(OPEN_RESPONSE)), Err(Error::Malformed));
    }

    #[test]
    fn chunks_are_read() {
        let (read, took) = chunk(&framed(b"ERRF", &[0, 0, 0x55, 0x80])).unwrap().unwrap();
        assert_eq!((read, took), (Chunk::Error(0x8055_0000), 12));
        let body = [&[0; 16][..], b"end"].concat();
        let (read, _) = chunk(&framed(b"MSGC", &body)).unwrap().unwrap();
        assert_eq!(read, Chunk::Message(b"end".to_vec(), false));
        assert_eq!(chunk(b"MSG").unwrap(), None);
        for bad in [&b"HTTP"[..], b"MSGF\x07\0\0\0", b"MSGA\x08\0\0\0", b"ERRF\x08\0\0\0"] {
            assert_eq!(chunk(bad), Err(Error::Malformed), "{bad:?}");
        }
        assert_eq!(chunk(b"MSGF\xff\xff\xff\x7f"), Err(Error::TooLong));
    }

    #[test]
    fn questions_say_their_length() {
        let channel = Channel { number: 1, token: 2 };
        for bytes in [hello("opc.tcp://a"), open(), endpoints(channel, "opc.tcp://a")] {
            let length = bytes.get(4..8).and_then(|b| b.first_chunk::<4>()).unwrap();
            assert_eq!(u32::from_le_bytes(*length) as usize, bytes.len());
        }
    }
}
