//! MySQL and MariaDB: the greeting, one login without a password, one statement.

use super::{Error, MAX_ANSWER, part};

/// The server goes over to TLS when asked.
pub const CLIENT_SSL: u32 = 0x800;
/// The protocol since 4.1.
const PROTOCOL_41: u32 = 0x200;
const SECURE_CONNECTION: u32 = 0x8000;
const PLUGIN_AUTH: u32 = 0x0008_0000;

/// One packet: its number and its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Its number within the exchange.
    pub number: u8,
    /// Its body.
    pub body: Vec<u8>,
    /// Bytes that it took.
    pub took: usize,
}

/// Reads the first packet.
///
/// # Errors
/// When it is too long.
pub fn packet(bytes: &[u8]) -> Result<Option<Packet>, Error> {
    let Some(([a, b, c, number], rest)) = bytes.split_first_chunk::<4>() else { return Ok(None) };
    let length = usize::try_from(u32::from_le_bytes([*a, *b, *c, 0])).map_err(|_| Error::TooLong)?;
    if length > MAX_ANSWER {
        return Err(Error::TooLong);
    }
    let Some((body, _)) = part(rest, length)? else { return Ok(None) };
    Ok(Some(Packet { number: *number, body: body.to_vec(), took: length.saturating_add(4) }))
}

/// What the server says first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Greeting {
    /// Protocol 10, with its capabilities.
    Ready(u32),
    /// An error in place of a greeting, such as 1130 (this host is not allowed).
    Error(u16),
}

/// Reads the body of the first packet.
///
/// # Errors
/// When it is no greeting.
pub fn greeting(body: &[u8]) -> Result<Greeting, Error> {
    match body {
        [0xff, low, high, ..] => Ok(Greeting::Error(u16::from_le_bytes([*low, *high]))),
        [10, rest @ ..] => {
            let end = rest.iter().position(|b| *b == 0).ok_or(Error::Malformed)?;
            // Thread (4), first part of the challenge (8), a zero byte.
            let after = rest.get(end.saturating_add(14)..).ok_or(Error::Malformed)?;
            let [a, b, more @ ..] = after else { return Err(Error::Malformed) };
            // Character set (1) and state (2) stand between the halves of the capabilities; the oldest servers stop.
            let (c, d) = match more {
                [_, _, _, c, d, ..] => (*c, *d),
                _ => (0, 0),
            };
            Ok(Greeting::Ready(u32::from_le_bytes([*a, *b, c, d])))
        }
        _ => Err(Error::Malformed),
    }
}

/// What it says to a login or a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Done.
    Done,
    /// An error with its number.
    Error(u16),
    /// It wants another way of login.
    Switch,
    /// More is to come, or a result follows; its first byte.
    More(u8),
}

/// Reads the body of an answer.
///
/// # Errors
/// When it is empty.
pub fn reply(body: &[u8]) -> Result<Reply, Error> {
    match body {
        [0, ..] => Ok(Reply::Done),
        [0xff, low, high, ..] => Ok(Reply::Error(u16::from_le_bytes([*low, *high]))),
        [0xfe, ..] => Ok(Reply::Switch),
        [first, ..] => Ok(Reply::More(*first)),
        [] => Err(Error::Malformed),
    }
}

/// Puts a body into a packet.
pub fn framed(number: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(0).to_le_bytes();
    let mut bytes: Vec<u8> = length.into_iter().take(3).collect();
    bytes.push(number);
    bytes.extend(body);
    bytes
}

/// The head that a login and a request for TLS share.
fn head(capabilities: u32) -> Vec<u8> {
    let mut body = capabilities.to_le_bytes().to_vec();
    body.extend(0x0001_0000u32.to_le_bytes());
    // utf8, and 23 bytes that are kept for later.
    body.push(33);
    body.extend([0; 23]);
    body
}

/// Asks to go over to TLS.
pub fn ssl_request() -> Vec<u8> {
    framed(1, &head(PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH | CLIENT_SSL))
}

/// Logs in as a user with an empty password.
pub fn login(number: u8, user: &str, inside_tls: bool) -> Vec<u8> {
    let tls = if inside_tls { CLIENT_SSL } else { 0 };
    let mut body = head(PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH | tls);
    body.extend(user.bytes().filter(|b| *b != 0));
    // The end of the name, and a proof of no bytes.
    body.extend([0, 0]);
    body.extend(b"mysql_native_password\0");
    framed(number, &body)
}

/// An empty answer to a request for another way of login: an empty password looks the same in each.
pub fn empty_proof(number: u8) -> Vec<u8> {
    framed(number, &[])
}

/// Says goodbye.
pub fn quit() -> Vec<u8> {
    framed(0, &[1])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;

    fn hello(capabilities: u32) -> Vec<u8> {
        let mut body = b"\x0a8.0.36\0".to_vec();
        body.extend([1, 0, 0, 0]);
        body.extend(b"abcdefgh\0");
        let [a, b, c, d] = capabilities.to_le_bytes();
        body.extend([a, b, 33, 2, 0, c, d, 21]);
        body.extend([0; 10]);
        body
    }

    #[test]
    fn greetings_are_read() {
        let ready = greeting(&hello(0x0008_8a00)).unwrap();
        assert_eq!(ready, Greeting::Ready(0x0008_8a00));
        assert_eq!(greeting(b"\xff\x6a\x04Host is not allowed").unwrap(), Greeting::Error(1130));
        for bad in [&b""[..], b"\x09x", b"\x0a5.5", b"\x0a5.5\0abc", b"HTTP/1.1"] {
            assert_eq!(greeting(bad), Err(Error::Malformed), "{bad:?}");
        }
    }

    #[test]
    fn packets_say_their_length() {
        let framed = framed(3, &hello(0));
        let read = packet(&framed).unwrap().unwrap();
        assert_eq!((read.number, read.body, read.took), (3, hello(0), framed.len()));
        assert_eq!(packet(&framed[..10]).unwrap(), None);
        assert_eq!(packet(b"\xff\xff\xff\0"), Err(Error::TooLong));
        assert_eq!(packet(&login(1, "root", false)).unwrap().unwrap().number, 1);
        assert_eq!(packet(&ssl_request()).unwrap().unwrap().body.len(), 32);
    }

    #[test]
    fn answers_are_read() {
        assert_eq!(reply(&[0, 0, 0]).unwrap(), Reply::Done);
        assert_eq!(reply(&[0xff, 0x15, 0x04]).unwrap(), Reply::Error(1045));
        assert_eq!(reply(b"\xfecaching_sha2_password\0").unwrap(), Reply::Switch);
        assert_eq!(reply(&[1, 4]).unwrap(), Reply::More(1));
        assert_eq!(reply(&[]), Err(Error::Malformed));
    }
}
