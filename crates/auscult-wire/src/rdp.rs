//! The first exchange of RDP, in which the security protocol is chosen ([MS-RDPBCGR], 2.2.1.1 and 2.2.1.2).

/// Longest answer that is taken in; a real one has 19 bytes.
pub const MAX_ANSWER: usize = 512;

/// Bytes that are no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no connection confirm of X.224 inside TPKT")]
pub struct Error;

/// RDP's own security.
pub const STANDARD: u32 = 0;
/// TLS.
pub const TLS: u32 = 1;
/// TLS, with a login before the session (CredSSP).
pub const HYBRID: u32 = 2;

/// A connection request that speaks these protocols.
pub fn request(protocols: u32) -> Vec<u8> {
    let mut bytes = vec![3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0];
    bytes.extend_from_slice(&protocols.to_le_bytes());
    bytes
}

/// What the server chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// One of the protocols.
    Selected(u32),
    /// It refused, with a code.
    Failure(u32),
    /// It did not say: it knows only RDP's own security.
    Bare,
}

impl Confirm {
    /// Reads an answer; `None` while it is not whole.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, Error> {
        let Some(head) = bytes.first_chunk::<4>() else {
            return if bytes.iter().zip(&[3, 0]).all(|(a, b)| a == b) { Ok(None) } else { Err(Error) };
        };
        let [3, 0, high, low] = head else { return Err(Error) };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        if !(11..=MAX_ANSWER).contains(&length) {
            return Err(Error);
        }
        let Some(body) = bytes.get(4..length) else { return Ok(None) };
        // Length indicator, connection confirm, two references, class.
        let [_, 0xd0, _, _, _, _, _, rest @ ..] = body else { return Err(Error) };
        match rest {
            [] => Ok(Some(Self::Bare)),
            [2, _, 8, 0, a, b, c, d, ..] => Ok(Some(Self::Selected(u32::from_le_bytes([*a, *b, *c, *d])))),
            [3, _, 8, 0, a, b, c, d, ..] => Ok(Some(Self::Failure(u32::from_le_bytes([*a, *b, *c, *d])))),
            _ => Err(Error),
        }
    }

    /// Writes an answer.
    pub fn write(self) -> Vec<u8> {
        let (kind, value) = match self {
            Self::Selected(value) => (2, value),
            Self::Failure(value) => (3, value),
            Self::Bare => return vec![3, 0, 0, 11, 6, 0xd0, 0, 0, 0x12, 0x34, 0],
        };
        let mut bytes = vec![3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0, kind, 0, 8, 0];
        bytes.extend_from_slice(&value.to_le_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_and_half_of_it_is_waited_for() {
        for confirm in [Confirm::Selected(1), Confirm::Failure(5), Confirm::Bare] {
            let bytes = confirm.write();
            assert_eq!(Confirm::read(&bytes), Ok(Some(confirm)));
            for length in 0..bytes.len() {
                assert_eq!(Confirm::read(bytes.get(..length).unwrap_or_default()), Ok(None), "{length}");
            }
        }
        assert_eq!(Confirm::read(b"HTTP/1.1"), Err(Error));
        assert_eq!(Confirm::read(&request(3)), Err(Error), "a request sent back");
    }
}
