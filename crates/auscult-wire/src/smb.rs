//! The first exchange of SMB, in which the dialect is chosen ([MS-SMB] 2.2.4.52, [MS-SMB2] 2.2.3 and 2.2.4).

/// Longest answer that is taken in.
pub const MAX_ANSWER: usize = 64 << 10;

/// Bytes that are no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No message of the session service, or a longer one than any answer.
    #[error("no message of NetBIOS over TCP")]
    Frame,
    /// Neither SMB 1 nor SMB 2.
    #[error("no answer of SMB")]
    Answer,
}

/// Offers one dialect of SMB 1, `NT LM 0.12`, and no other.
pub fn offer_first_version() -> Vec<u8> {
    let mut message = vec![0xff, b'S', b'M', b'B', 0x72, 0, 0, 0, 0, 0x18, 0x01, 0x28];
    message.resize(32, 0);
    let dialect = b"\x02NT LM 0.12\0";
    message.push(0);
    message.extend_from_slice(&u16::try_from(dialect.len()).unwrap_or(u16::MAX).to_le_bytes());
    message.extend_from_slice(dialect);
    framed(&message)
}

/// Offers the dialects of SMB 2 and 3 that need no contexts: 2.0.2, 2.1, 3.0 and 3.0.2.
///
/// `client` are sixteen bytes by which the server may know us again.
pub fn offer_newer(client: [u8; 16]) -> Vec<u8> {
    const DIALECTS: [u16; 4] = [0x0202, 0x0210, 0x0300, 0x0302];
    let mut message = vec![0xfe, b'S', b'M', b'B', 64, 0];
    message.resize(64, 0);
    // Size of the structure, count of dialects, signing is possible, capabilities, and who we are.
    message.extend_from_slice(&[36, 0, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    message.extend_from_slice(&client);
    message.extend_from_slice(&[0; 8]);
    message.extend(DIALECTS.iter().flat_map(|dialect| dialect.to_le_bytes()));
    framed(&message)
}

fn framed(message: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes().to_vec();
    bytes.extend_from_slice(message);
    bytes
}

/// What the server chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// SMB 1: the number of the dialect in our list; `0xffff` is none of them.
    First {
        /// Number.
        dialect: u16,
    },
    /// SMB 1, with an error in place of a choice.
    FirstError {
        /// Status.
        status: u32,
    },
    /// SMB 2 or 3.
    Newer {
        /// Dialect.
        dialect: u16,
        /// Whether signing is required.
        signing_required: bool,
    },
    /// SMB 2 or 3, with an error in place of a choice.
    NewerError {
        /// Status.
        status: u32,
    },
}

impl Answer {
    /// Reads an answer; `None` while it is not whole.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, Error> {
        let Some(head) = bytes.first_chunk::<4>() else { return Ok(None) };
        let length = usize::try_from(u32::from_be_bytes(*head)).unwrap_or(usize::MAX);
        if !(33..=MAX_ANSWER).contains(&length) {
            return Err(Error::Frame);
        }
        let Some(message) = bytes.get(4..length.saturating_add(4)) else { return Ok(None) };
        match message {
            [0xff, b'S', b'M', b'B', 0x72, ..] => Self::first(message).map(Some).ok_or(Error::Answer),
            [0xfe, b'S', b'M', b'B', 64, 0, ..] => Self::newer(message).map(Some).ok_or(Error::Answer),
            _ => Err(Error::Answer),
        }
    }

    fn first(message: &[u8]) -> Option<Self> {
        let status = u32::from_le_bytes(message.get(5..9)?.try_into().ok()?);
        // The flag of an answer.
        if message.get(9)? & 0x80 == 0 {
            return None;
        }
        if status != 0 {
            return Some(Self::FirstError { status });
        }
        let words = *message.get(32)?;
        if words == 0 {
            return None;
        }
        Some(Self::First { dialect: u16::from_le_bytes(message.get(33..35)?.try_into().ok()?) })
    }

    fn newer(message: &[u8]) -> Option<Self> {
        let status = u32::from_le_bytes(message.get(8..12)?.try_into().ok()?);
        let command = u16::from_le_bytes(message.get(12..14)?.try_into().ok()?);
        let flags = message.get(16)?;
        if command != 0 || flags & 1 == 0 {
            return None;
        }
        if status != 0 {
            return Some(Self::NewerError { status });
        }
        let body = message.get(64..)?;
        if body.first_chunk::<2>()? != &[65, 0] {
            return None;
        }
        let mode = body.get(2)?;
        let dialect = u16::from_le_bytes(body.get(4..6)?.try_into().ok()?);
        Some(Self::Newer { dialect, signing_required: mode & 2 != 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newer(mode: u8, dialect: u16, status: u32) -> Vec<u8> {
        let mut message = vec![0xfe, b'S', b'M', b'B', 64, 0, 0, 0];
        message.extend(status.to_le_bytes());
        message.extend([0, 0, 1, 0, 1, 0, 0, 0]);
        message.resize(64, 0);
        message.extend([65, 0, mode, 0]);
        message.extend(dialect.to_le_bytes());
        framed(&message)
    }

    fn first(dialect: u16, flags: u8) -> Vec<u8> {
        let mut message = vec![0xff, b'S', b'M', b'B', 0x72, 0, 0, 0, 0, flags];
        message.resize(32, 0);
        message.push(17);
        message.extend(dialect.to_le_bytes());
        framed(&message)
    }

    #[test]
    fn choices_are_read() {
        assert_eq!(
            Answer::read(&newer(3, 0x0302, 0)),
            Ok(Some(Answer::Newer { dialect: 0x0302, signing_required: true }))
        );
        assert_eq!(
            Answer::read(&newer(1, 0x0202, 0)),
            Ok(Some(Answer::Newer { dialect: 0x0202, signing_required: false }))
        );
        let refused = Answer::read(&newer(0, 0, 0xc000_00bb));
        assert_eq!(refused, Ok(Some(Answer::NewerError { status: 0xc000_00bb })));
        assert_eq!(Answer::read(&first(0, 0x98)), Ok(Some(Answer::First { dialect: 0 })));
        assert_eq!(Answer::read(&first(0xffff, 0x98)), Ok(Some(Answer::First { dialect: 0xffff })));
    }

    #[test]
    fn our_own_offers_sent_back_are_no_answers() {
        assert_eq!(Answer::read(&offer_first_version()), Err(Error::Answer));
        assert_eq!(Answer::read(&offer_newer([7; 16])), Err(Error::Answer));
        assert_eq!(Answer::read(b"HTTP/1.1 400"), Err(Error::Frame));
        let whole = newer(1, 0x0202, 0);
        assert_eq!(Answer::read(whole.get(..40).unwrap_or_default()), Ok(None));
    }
}
