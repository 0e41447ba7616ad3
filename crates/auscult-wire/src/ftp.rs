//! Answers of an FTP server: a code of three digits, over one line or many (RFC 959, section 4.2).

/// Most bytes of one answer.
pub const MAX_REPLY: usize = 16 << 10;

/// Bytes that are no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A line that does not begin with a code.
    #[error("no code at the beginning")]
    Code,
    /// An answer that goes on for too long.
    #[error("an answer of more than {MAX_REPLY} bytes")]
    Length,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// From 100 to 659.
    pub code: u16,
    /// The lines of it, codes and all; hostile.
    pub text: &'a [u8],
    /// Bytes that it takes.
    pub used: usize,
}

impl<'a> Reply<'a> {
    /// Reads an answer; `None` while it is not whole.
    ///
    /// # Errors
    /// When it is none, or too long.
    pub fn read(bytes: &'a [u8]) -> Result<Option<Self>, Error> {
        let bound = bytes.get(..MAX_REPLY.min(bytes.len())).unwrap_or_default();
        let Some(head) = bound.first_chunk::<4>() else { return Ok(None) };
        let [digits @ .., mark] = head;
        let code = code(*digits).ok_or(Error::Code)?;
        let many = match mark {
            b'-' => true,
            b' ' | b'\r' | b'\n' => false,
            _ => return Err(Error::Code),
        };
        let mut used = 0usize;
        for line in bound.split_inclusive(|b| *b == b'\n') {
            used = used.saturating_add(line.len());
            if !line.ends_with(b"\n") {
                break;
            }
            // The last line begins with the same code and a blank.
            let last = line
                .strip_prefix(digits)
                .is_some_and(|rest| matches!(rest.first(), Some(b' ' | b'\r' | b'\n')));
            if !many || last {
                return Ok(Some(Self { code, text: bound.get(..used).unwrap_or_default(), used }));
            }
        }
        if bound.len() >= MAX_REPLY { Err(Error::Length) } else { Ok(None) }
    }
}

fn code([a, b, c]: [u8; 3]) -> Option<u16> {
    let plausible = (b'1'..=b'6').contains(&a) && (b'0'..=b'5').contains(&b) && c.is_ascii_digit();
    let digit = |byte: u8| u16::from(byte.saturating_sub(b'0'));
    plausible.then(|| {
        digit(a).saturating_mul(100).saturating_add(digit(b).saturating_mul(10)).saturating_add(digit(c))
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn answers_of_one_line_and_of_many_are_read() {
        let reply = Reply::read(b"220 (vsFTPd 3.0.3)\r\nrest").unwrap().unwrap();
        assert_eq!((reply.code, reply.used), (220, 20));
        let many = b"211-Features:\r\n 211 is no end\r\n AUTH TLS\r\n211 End\r\n";
        let reply = Reply::read(many).unwrap().unwrap();
        assert_eq!((reply.code, reply.used), (211, many.len()));
        assert_eq!(Reply::read(b"331\r\n").unwrap().unwrap().code, 331);
    }

    #[test]
    fn what_is_not_whole_is_waited_for_and_what_is_none_is_refused() {
        assert_eq!(Reply::read(b"220"), Ok(None));
        assert_eq!(Reply::read(b"220 ready"), Ok(None));
        assert_eq!(Reply::read(b"220-ready\r\n220-still\r\n"), Ok(None));
        assert_eq!(Reply::read(b"SSH-2.0-x\r\n"), Err(Error::Code));
        assert_eq!(Reply::read(b"2200 x\r\n"), Err(Error::Code));
        assert_eq!(Reply::read(&[&b"220-"[..], &[b'a'; MAX_REPLY]].concat()), Err(Error::Length));
    }
}
