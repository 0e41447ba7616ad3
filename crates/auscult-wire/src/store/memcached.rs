//! memcached: the answer to `stats`, as text and in the binary protocol.

use super::{Error, MAX_ANSWER, line};

/// The question as text.
pub const STATS: &[u8] = b"stats\r\n";

/// The question in the binary protocol: magic 0x80, opcode 0x10, nothing else.
pub const STATS_BINARY: [u8; 24] =
    [0x80, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Longest line that is read.
const LINE: usize = 2048;

/// What it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Its statistics.
    Stats,
    /// That it wants a login first.
    LoginDemanded,
    /// Something else.
    Error,
}

/// Reads the answer to [`STATS`].
///
/// # Errors
/// When it is too long or no answer of memcached.
pub fn reply(bytes: &[u8]) -> Result<Option<Reply>, Error> {
    let mut rest = bytes;
    let mut stats = false;
    while let Some((words, after)) = line(rest, LINE)? {
        if words.starts_with(b"STAT ") {
            stats = true;
        } else if words == b"END" {
            return if stats { Ok(Some(Reply::Stats)) } else { Err(Error::Malformed) };
        } else if !stats && words.starts_with(b"CLIENT_ERROR unauthenticated") {
            return Ok(Some(Reply::LoginDemanded));
        } else if !stats
            && [&b"ERROR"[..], b"CLIENT_ERROR ", b"SERVER_ERROR "].iter().any(|e| words.starts_with(e))
        {
            return Ok(Some(Reply::Error));
        } else {
            return Err(Error::Malformed);
        }
        rest = after;
    }
    if bytes.len() > MAX_ANSWER {
        return Err(Error::TooLong);
    }
    Ok(None)
}

/// Reads the head of the first answer to [`STATS_BINARY`].
///
/// # Errors
/// When it is no answer to it.
pub fn reply_binary(bytes: &[u8]) -> Result<Option<Reply>, Error> {
    let head = bytes.get(..24);
    let begins = [0x81, 0x10];
    if !bytes.iter().zip(begins).all(|(b, begin)| *b == begin) {
        return Err(Error::Malformed);
    }
    let Some([_, _, _, _, _, _, high, low, ..]) = head else { return Ok(None) };
    Ok(Some(match u16::from_be_bytes([*high, *low]) {
        0 => Reply::Stats,
        // Authentication error, and "continue".
        0x20 | 0x21 => Reply::LoginDemanded,
        _ => Reply::Error,
    }))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn answers_are_told_apart() {
        assert_eq!(reply(b"STAT pid 1\r\nSTAT uptime 2\r\nEND\r\n").unwrap(), Some(Reply::Stats));
        assert_eq!(reply(b"CLIENT_ERROR unauthenticated\r\n").unwrap(), Some(Reply::LoginDemanded));
        assert_eq!(reply(b"ERROR\r\n").unwrap(), Some(Reply::Error));
        for half in [&b""[..], b"STAT pid", b"STAT pid 1\r\n", b"STAT pid 1\r\nEN"] {
            assert_eq!(reply(half).unwrap(), None, "{half:?}");
        }
        for bad in [&b"HTTP/1.1 400\r\n"[..], b"END\r\n", b"STAT a 1\r\nHTTP\r\n"] {
            assert_eq!(reply(bad), Err(Error::Malformed), "{bad:?}");
        }
        assert_eq!(reply(&b"A".repeat(LINE + 1)), Err(Error::TooLong));
        let forever = b"STAT a 1\r\n".repeat(MAX_ANSWER / 8);
        assert_eq!(reply(&forever), Err(Error::TooLong));
    }

    #[test]
    fn the_binary_status_is_read() {
        let answer = |status: u8| {
            let mut head = [0u8; 24];
            head[..2].copy_from_slice(&[0x81, 0x10]);
            head[7] = status;
            head
        };
        assert_eq!(reply_binary(&answer(0)).unwrap(), Some(Reply::Stats));
        assert_eq!(reply_binary(&answer(0x20)).unwrap(), Some(Reply::LoginDemanded));
        assert_eq!(reply_binary(&answer(0x81)).unwrap(), Some(Reply::Error));
        assert_eq!(reply_binary(&[0x81]).unwrap(), None);
        assert_eq!(reply_binary(b"ERROR"), Err(Error::Malformed));
    }
}
