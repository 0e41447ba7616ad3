//! Redis: commands and replies of RESP, as far as a stranger's questions need them.

use super::{Error, MAX_ANSWER, line, part};

/// Longest line that is read.
const LINE: usize = 1024;

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// `+…`: a state.
    State(Vec<u8>),
    /// `-…`: an error, its kind first.
    Error(Vec<u8>),
    /// `:…`.
    Number(i64),
    /// `$…`: bytes.
    Bytes(Vec<u8>),
    /// `$-1`: nothing.
    Nothing,
}

impl Reply {
    /// Whether it is an error whose kind is this word.
    pub fn is_error(&self, kind: &str) -> bool {
        matches!(self, Self::Error(text) if text.split(|b| *b == b' ').next() == Some(kind.as_bytes()))
    }
}

/// A command as an array of its words.
pub fn command(words: &[&str]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        bytes.extend(format!("${}\r\n{word}\r\n", word.len()).into_bytes());
    }
    bytes
}

/// Reads the first reply.
///
/// # Errors
/// When it is too long, of a kind that no question of ours gets, or no RESP.
pub fn reply(bytes: &[u8]) -> Result<Option<Reply>, Error> {
    let Some(kind) = bytes.first() else { return Ok(None) };
    if !matches!(kind, b'+' | b'-' | b':' | b'$') {
        return Err(Error::Malformed);
    }
    let Some((head, rest)) = line(bytes, LINE)? else { return Ok(None) };
    let text = head.get(1..).unwrap_or_default();
    Ok(match kind {
        b'+' => Some(Reply::State(text.to_vec())),
        b'-' => Some(Reply::Error(text.to_vec())),
        b':' => Some(Reply::Number(number(text)?)),
        _ => match number(text)? {
            -1 => Some(Reply::Nothing),
            n => {
                let n = usize::try_from(n).map_err(|_| Error::Malformed)?;
                if n > MAX_ANSWER {
                    return Err(Error::TooLong);
                }
                match part(rest, n)? {
                    Some((body, end)) if end.starts_with(b"\r\n") => Some(Reply::Bytes(body.to_vec())),
                    Some((_, end)) if end.len() >= 2 => return Err(Error::Malformed),
                    _ => None,
                }
            }
        },
    })
}

fn number(text: &[u8]) -> Result<i64, Error> {
    std::str::from_utf8(text).ok().and_then(|t| t.parse().ok()).ok_or(Error::Malformed)
}

/// Databases that hold something, as the section `keyspace` of INFO tells them: lines `db0:keys=…`.
///
/// `None` where the text is no such section.
pub fn databases(info: &[u8]) -> Option<u64> {
    let mut lines = info.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|l| !l.is_empty());
    if !lines.next()?.eq_ignore_ascii_case(b"# keyspace") {
        return None;
    }
    let named = |line: &&[u8]| {
        line.strip_prefix(b"db").is_some_and(|rest| {
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            digits > 0 && rest.get(digits) == Some(&b':')
        })
    };
    u64::try_from(lines.filter(named).count()).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn commands_and_replies_are_written_and_read() {
        assert_eq!(command(&["INFO", "keyspace"]), b"*2\r\n$4\r\nINFO\r\n$8\r\nkeyspace\r\n");
        assert_eq!(reply(b"+PONG\r\n").unwrap(), Some(Reply::State(b"PONG".to_vec())));
        let refused = reply(b"-NOAUTH Authentication required.\r\n").unwrap().unwrap();
        assert!(refused.is_error("NOAUTH") && !refused.is_error("NO"));
        assert_eq!(reply(b":3\r\n").unwrap(), Some(Reply::Number(3)));
        assert_eq!(reply(b"$2\r\nhi\r\n").unwrap(), Some(Reply::Bytes(b"hi".to_vec())));
        assert_eq!(reply(b"$-1\r\n").unwrap(), Some(Reply::Nothing));
        for half in [&b""[..], b"+PO", b"$2\r\nh", b"$2\r\nhi", b"$2\r\nhi\r"] {
            assert_eq!(reply(half).unwrap(), None, "{half:?}");
        }
        for bad in [&b"HTTP/1.1"[..], b"$-2\r\n", b":x\r\n", b"$2\r\nhixx", b"*1\r\n"] {
            assert_eq!(reply(bad), Err(Error::Malformed), "{bad:?}");
        }
        assert_eq!(reply(b"$99999999\r\n"), Err(Error::TooLong));
    }

    #[test]
    fn databases_are_counted() {
        assert_eq!(databases(b"# Keyspace\r\ndb0:keys=1,expires=0\r\ndb11:keys=2\r\n"), Some(2));
        assert_eq!(databases(b"# Keyspace\r\n"), Some(0));
        assert_eq!(databases(b"db0:keys=1"), None);
        assert_eq!(databases(b""), None);
    }
}
