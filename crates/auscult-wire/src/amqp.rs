//! AMQP 0-9-1: the greeting, one login, and how it is answered.

use crate::store::{Error, MAX_ANSWER};

/// What a client says first.
pub const HEADER: [u8; 8] = *b"AMQP\x00\x00\x09\x01";

/// Ends every frame.
const END: u8 = 0xce;

/// Kind of a frame that carries a method.
const METHOD: u8 = 1;

/// Class of the methods that concern the connection.
const CONNECTION: u16 = 10;

/// What the broker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Start: the ways of login, parted by spaces.
    Start(Vec<u8>),
    /// Secure: it wants to know more.
    Secure,
    /// Tune: the login was accepted.
    Tune,
    /// Close, with its code.
    Close(u16),
    /// Its own header: it speaks another version of the protocol.
    OtherVersion([u8; 4]),
    /// Another frame.
    Other,
}

/// Reads the first frame, and says how many bytes it took.
///
/// # Errors
/// When it is too long, or no frame.
pub fn method(bytes: &[u8]) -> Result<Option<(Method, usize)>, Error> {
    if bytes.first() == Some(&b'A') {
        let same = bytes.iter().zip(b"AMQP").all(|(b, begin)| b == begin);
        return match bytes.get(4..8) {
            _ if !same => Err(Error::Malformed),
            Some([a, b, c, d]) => Ok(Some((Method::OtherVersion([*a, *b, *c, *d]), 8))),
            _ => Ok(None),
        };
    }
    let Some((head, rest)) = bytes.split_first_chunk::<7>() else {
        return if matches!(bytes.first(), None | Some(1..=8)) { Ok(None) } else { Err(Error::Malformed) };
    };
    let [kind, _, _, a, b, c, d] = *head;
    if !(1..=8).contains(&kind) {
        return Err(Error::Malformed);
    }
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).map_err(|_| Error::TooLong)?;
    if length > MAX_ANSWER {
        return Err(Error::TooLong);
    }
    let Some((payload, after)) = rest.split_at_checked(length) else { return Ok(None) };
    match after.first() {
        None => return Ok(None),
        Some(&END) => {}
        Some(_) => return Err(Error::Malformed),
    }
    let method = if kind == METHOD { read(payload)? } else { Method::Other };
    Ok(Some((method, length.saturating_add(8))))
}

fn read(payload: &[u8]) -> Result<Method, Error> {
    let bad = Error::Malformed;
    let (head, rest) = payload.split_first_chunk::<4>().ok_or(bad)?;
    let [a, b, c, d] = *head;
    if u16::from_be_bytes([a, b]) != CONNECTION {
        return Ok(Method::Other);
    }
    Ok(match u16::from_be_bytes([c, d]) {
        10 => {
            // Version (2), properties of the server, ways of login, languages.
            let (_, after) = long(rest.get(2..).ok_or(bad)?).ok_or(bad)?;
            let (mechanisms, _) = long(after).ok_or(bad)?;
            Method::Start(mechanisms.to_vec())
        }
        20 => Method::Secure,
        30 => Method::Tune,
        50 => {
            let code = rest.first_chunk::<2>().ok_or(bad)?;
            Method::Close(u16::from_be_bytes(*code))
        }
        _ => Method::Other,
    })
}

/// A text or table behind its length in four bytes, and what follows it.
fn long(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

/// Logs in by a mechanism with its answer; asks that a refusal be said and not only shown by an end.
pub fn start_ok(mechanism: &str, response: &[u8]) -> Vec<u8> {
    let mut inner = short("authentication_failure_close");
    inner.extend([b't', 1]);
    let mut table = short("capabilities");
    table.push(b'F');
    table.extend(sized(&inner));
    let mut body = sized(&table);
    body.extend(short(mechanism));
    body.extend(sized(response));
    body.extend(short("en_US"));
    frame(11, &body)
}

/// The answer of PLAIN: name and password.
pub fn plain(name: &str, password: &str) -> Vec<u8> {
    [&[0], name.as_bytes(), &[0], password.as_bytes()].concat()
}

/// Ends the connection.
pub fn close() -> Vec<u8> {
    // 200, "bye", and the method that was at fault: none.
    let mut body = 200u16.to_be_bytes().to_vec();
    body.extend(short("bye"));
    body.extend([0; 4]);
    frame(50, &body)
}

/// Confirms that the broker ends the connection.
pub fn close_ok() -> Vec<u8> {
    frame(51, &[])
}

fn frame(method: u16, arguments: &[u8]) -> Vec<u8> {
    let payload = [&CONNECTION.to_be_bytes()[..], &method.to_be_bytes(), arguments].concat();
    [&[METHOD, 0, 0][..], &sized(&payload), &[END]].concat()
}

fn sized(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(0);
    [&length.to_be_bytes()[..], body].concat()
}

fn short(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
    let mut bytes = vec![length];
    bytes.extend(text.bytes().take(usize::from(length)));
    bytes
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use super::*;

    fn start(mechanisms: &str) -> Vec<u8> {
        let body =
            [&[0u8, 9][..], &sized(&short("x")), &sized(mechanisms.as_bytes()), &sized(b"en_US")].concat();
        frame(10, &body)
    }

    #[test]
    fn the_broker_is_understood() {
        let bytes = start("PLAIN ANONYMOUS");
        assert_eq!(method(&bytes).unwrap(), Some((Method::Start(b"PLAIN ANONYMOUS".to_vec()), bytes.len())));
        assert_eq!(method(&frame(30, &[0; 8])).unwrap().unwrap().0, Method::Tune);
        assert_eq!(method(&frame(50, &[1, 0x93, 0])).unwrap().unwrap().0, Method::Close(403));
        assert_eq!(method(b"AMQP\x03\x01\0\0").unwrap(), Some((Method::OtherVersion([3, 1, 0, 0]), 8)));
        for (end, _) in bytes.iter().enumerate() {
            assert_eq!(method(bytes.get(..end).unwrap()).unwrap(), None, "{end}");
        }
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        for bad in
            [&b"HTTP/1.1 400"[..], b"AMQX", b"\x01\0\0\0\0\0\x04\0\x0a\0\x0ax", b"\x01\0\0\0\0\0\0\xce"]
        {
            assert_eq!(method(bad), Err(Error::Malformed), "{bad:?}");
        }
        assert_eq!(method(b"\x01\0\0\x7f\xff\xff\xff"), Err(Error::TooLong));
    }

    #[test]
    fn our_own_frames_are_frames() {
        for bytes in [start_ok("PLAIN", &plain("guest", "guest")), close(), close_ok()] {
            let (_, took) = method(&bytes).unwrap().unwrap();
            assert_eq!(took, bytes.len());
        }
    }
}
