//! PostgreSQL, protocol 3.0: start-up, and the messages that come before and after a login.

use super::{Error, MAX_ANSWER, part};

/// Asks whether TLS is offered; the answer is the byte `S` or `N`.
pub const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// Says goodbye.
pub const TERMINATE: [u8; 5] = [b'X', 0, 0, 0, 4];

/// Begins a session as a user in a database.
pub fn startup(user: &str, database: &str) -> Vec<u8> {
    let mut body = 0x0003_0000u32.to_be_bytes().to_vec();
    for word in ["user", user, "database", database, "application_name", "auscult"] {
        body.extend(word.bytes().filter(|b| *b != 0));
        body.push(0);
    }
    body.push(0);
    with_length(&[], &body)
}

/// One statement.
pub fn query(statement: &str) -> Vec<u8> {
    let mut body: Vec<u8> = statement.bytes().filter(|b| *b != 0).collect();
    body.push(0);
    with_length(b"Q", &body)
}

fn with_length(kind: &[u8], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len().saturating_add(4)).unwrap_or(u32::MAX);
    [kind, &length.to_be_bytes(), body].concat()
}

/// A message of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// How the client is to show who it is; 0 when it need not, or has.
    Authentication(u32),
    /// An error with its SQLSTATE.
    Error([u8; 5]),
    /// A row, with the number in its first column where there is one.
    Row(Option<u64>),
    /// Ready for a statement.
    Ready,
    /// Anything else, by its letter.
    Other(u8),
}

/// Reads the first message, and says how many bytes it took.
///
/// # Errors
/// When it is too long, or no message of a server.
pub fn message(bytes: &[u8]) -> Result<Option<(Message, usize)>, Error> {
    let Some(kind) = bytes.first() else { return Ok(None) };
    if !b"RSKENZTDCAIGHWtns123v".contains(kind) {
        return Err(Error::Malformed);
    }
    let Some((length, rest)) = bytes.get(1..).and_then(<[u8]>::split_first_chunk::<4>) else {
        return Ok(None);
    };
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Error::TooLong)?;
    let inside = length.checked_sub(4).ok_or(Error::Malformed)?;
    if length > MAX_ANSWER {
        return Err(Error::TooLong);
    }
    let Some((body, _)) = part(rest, inside)? else { return Ok(None) };
    let message = match kind {
        b'R' => {
            let code = body.first_chunk::<4>().ok_or(Error::Malformed)?;
            Message::Authentication(u32::from_be_bytes(*code))
        }
        b'E' => Message::Error(state(body).ok_or(Error::Malformed)?),
        b'D' => Message::Row(first_column(body)),
        b'Z' => Message::Ready,
        other => Message::Other(*other),
    };
    Ok(Some((message, length.saturating_add(1))))
}

/// SQLSTATE among the fields of an error: a letter and text up to a zero byte each.
fn state(body: &[u8]) -> Option<[u8; 5]> {
    let field = body.split(|b| *b == 0).find(|field| field.first() == Some(&b'C'))?;
    let state: [u8; 5] = field.get(1..)?.try_into().ok()?;
    state.iter().all(u8::is_ascii_alphanumeric).then_some(state)
}

fn first_column(body: &[u8]) -> Option<u64> {
    let (_, columns) = body.split_first_chunk::<2>()?;
    let (length, rest) = columns.split_first_chunk::<4>()?;
    let text = rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn questions_say_their_length() {
        let start = startup("postgres", "postgres");
        assert_eq!(u32::from_be_bytes(start[..4].try_into().unwrap()) as usize, start.len());
        assert!(start.ends_with(b"\0\0"));
        let query = query("SELECT 1");
        assert_eq!(u32::from_be_bytes(query[1..5].try_into().unwrap()) as usize, query.len() - 1);
    }

    #[test]
    fn messages_are_read() {
        let read = |bytes: &[u8]| message(bytes).unwrap().unwrap();
        assert_eq!(read(b"R\0\0\0\x08\0\0\0\0Z"), (Message::Authentication(0), 9));
        assert_eq!(read(b"R\0\0\0\x0c\0\0\0\x05abcd").0, Message::Authentication(5));
        assert_eq!(read(b"E\0\0\0\x17SFATAL\0C28000\0Mno\0\0").0, Message::Error(*b"28000"));
        assert_eq!(read(b"D\0\0\0\x0c\0\x01\0\0\0\x02\x34\x32").0, Message::Row(Some(42)));
        assert_eq!(read(b"Z\0\0\0\x05I"), (Message::Ready, 6));
        assert_eq!(read(b"S\0\0\0\x06a\0").0, Message::Other(b'S'));
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for bad in [&b"HTTP/1.1 400"[..], b"R\0\0\0\x03", b"R\0\0\0\x06\0\0", b"E\0\0\0\x06x\0", b"\x16\x03"]
        {
            assert!(matches!(message(bad), Err(Error::Malformed | Error::TooLong)), "{bad:?}");
        }
        assert_eq!(message(b"D\x7f\xff\xff\xff"), Err(Error::TooLong));
        for half in [&b""[..], b"R", b"R\0\0\0\x08\0\0"] {
            assert_eq!(message(half).unwrap(), None);
        }
    }
}
