//! TFTP (RFC 1350): the question for a file, and the kinds of answers to it.

/// A question for a file, in octets; characters that would end the name early are left out.
pub fn read_request(name: &str) -> Vec<u8> {
    let mut out = vec![0, 1];
    out.extend(name.bytes().filter(|b| *b != 0));
    out.extend(b"\0octet\0");
    out
}

/// The message that ends a transfer at once.
pub const STOP: &[u8] = b"\0\x05\0\0stop\0";

/// What a server said to the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The first block of a file, with so many bytes.
    Data(usize),
    /// It agrees to options.
    Options,
    /// It refuses.
    Error(u16),
}

/// Reads one datagram; `None` when it is no answer to the question.
pub fn answer(bytes: &[u8]) -> Option<Answer> {
    match bytes {
        [0, 3, 0, 1, data @ ..] if data.len() <= 512 => Some(Answer::Data(data.len())),
        [0, 5, high, low, text @ ..] if *high == 0 && *low <= 8 && text.last() == Some(&0) => {
            Some(Answer::Error(u16::from(*low)))
        }
        [0, 6, .., 0] => Some(Answer::Options),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_and_answers_are_as_in_the_standard() {
        assert_eq!(read_request("no\0ne"), b"\0\x01none\0octet\0");
        assert_eq!(answer(b"\0\x05\0\x01File not found\0"), Some(Answer::Error(1)));
        assert_eq!(answer(b"\0\x03\0\x01abc"), Some(Answer::Data(3)));
        assert_eq!(answer(STOP), Some(Answer::Error(0)));
        for other in [&b""[..], b"\0\x05\0\x01no end", b"\0\x01none\0octet\0", b"\0\x05\x01\0x\0"] {
            assert_eq!(answer(other), None);
        }
    }
}
