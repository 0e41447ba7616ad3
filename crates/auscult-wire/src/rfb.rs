//! The beginning of VNC: version and security types (RFC 6143, section 7.1; VeNCrypt 0.2).

/// Most security types, or subtypes, in one list.
const MAX_TYPES: usize = 64;

/// Bytes that cannot be what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No version of the protocol.
    #[error("no version of RFB")]
    Version,
    /// The server refuses the connection, and says why.
    #[error("the connection is refused")]
    Refused,
    /// More types than there are.
    #[error("more than {MAX_TYPES} types")]
    TooMany,
    /// Another version of VeNCrypt, or a refusal of it.
    #[error("VeNCrypt 0.2 is not spoken")]
    VeNCrypt,
}

/// Version of the protocol as two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// `3`, or `4` and `5` of RealVNC.
    pub major: u16,
    /// `3`, `7` or `8`, or what its maker likes.
    pub minor: u16,
}

/// Length of a version on the wire.
pub const VERSION_LENGTH: usize = 12;

impl Version {
    /// Reads `RFB 003.008\n`; `None` while it is not whole.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, Error> {
        let Some(line) = bytes.first_chunk::<VERSION_LENGTH>() else {
            let prefix = bytes.iter().zip(b"RFB ").all(|(a, b)| a == b);
            return if prefix { Ok(None) } else { Err(Error::Version) };
        };
        let number = |digits: &[u8]| {
            let text = std::str::from_utf8(digits).ok()?;
            text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u16>().ok())?
        };
        match line {
            [b'R', b'F', b'B', b' ', a, b, c, b'.', d, e, f, b'\n'] => {
                let major = number(&[*a, *b, *c]).ok_or(Error::Version)?;
                let minor = number(&[*d, *e, *f]).ok_or(Error::Version)?;
                Ok(Some(Self { major, minor }))
            }
            _ => Err(Error::Version),
        }
    }

    /// The version to answer with: the newest that both speak.
    pub fn answer(self) -> &'static [u8; VERSION_LENGTH] {
        match self {
            Self { major: 3, minor: 7 } => b"RFB 003.007\n",
            Self { major: 0..=2, .. } | Self { major: 3, minor: 0..=6 } => b"RFB 003.003\n",
            _ => b"RFB 003.008\n",
        }
    }

    /// Whether the server itself names the one type, as it does up to 3.6.
    pub fn server_decides(self) -> bool {
        self.answer() == b"RFB 003.003\n"
    }
}

/// Reads the security types behind the version; with them the number of bytes. `None` while they are not whole.
///
/// # Errors
/// When the server refuses, or lists too many.
pub fn security(bytes: &[u8], version: Version) -> Result<Option<(Vec<u8>, usize)>, Error> {
    if version.server_decides() {
        let Some(word) = bytes.first_chunk::<4>() else { return Ok(None) };
        return match u32::from_be_bytes(*word) {
            0 => Err(Error::Refused),
            n => u8::try_from(n).map(|n| Some((vec![n], 4))).map_err(|_| Error::TooMany),
        };
    }
    let Some((count, rest)) = bytes.split_first() else { return Ok(None) };
    let count = usize::from(*count);
    if count == 0 {
        return Err(Error::Refused);
    }
    if count > MAX_TYPES {
        return Err(Error::TooMany);
    }
    Ok(rest.get(..count).map(|types| (types.to_vec(), count.saturating_add(1))))
}

/// Our version of VeNCrypt.
pub const VENCRYPT_VERSION: [u8; 2] = [0, 2];

/// Whether the server's version of VeNCrypt is one that we speak; `None` while it is not whole.
///
/// # Errors
/// When it is not.
pub fn vencrypt_version(bytes: &[u8]) -> Result<Option<usize>, Error> {
    match bytes {
        [0, 2, ..] => Ok(Some(2)),
        [] | [0] => Ok(None),
        _ => Err(Error::VeNCrypt),
    }
}

/// Reads the subtypes of VeNCrypt behind our version: a byte that says yes, and a list. `None` while it is not whole.
///
/// # Errors
/// When the server refuses, or lists too many.
pub fn vencrypt_subtypes(bytes: &[u8]) -> Result<Option<Vec<u32>>, Error> {
    match bytes {
        [] | [0] => Ok(None),
        [0, count, rest @ ..] => {
            let count = usize::from(*count);
            if count == 0 {
                return Err(Error::Refused);
            }
            if count > MAX_TYPES {
                return Err(Error::TooMany);
            }
            let list = rest.get(..count.saturating_mul(4));
            Ok(list
                .map(|list| list.as_chunks::<4>().0.iter().map(|word| u32::from_be_bytes(*word)).collect()))
        }
        _ => Err(Error::VeNCrypt),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn versions_are_read_and_answered() {
        let version = |bytes| Version::read(bytes).unwrap().unwrap();
        assert_eq!(version(b"RFB 003.008\n").answer(), b"RFB 003.008\n");
        assert_eq!(version(b"RFB 003.889\n").answer(), b"RFB 003.008\n");
        assert_eq!(version(b"RFB 005.000\n").answer(), b"RFB 003.008\n");
        assert!(version(b"RFB 003.005\n").server_decides());
        assert_eq!(Version::read(b"RFB 003"), Ok(None));
        assert_eq!(Version::read(b"SSH"), Err(Error::Version));
        assert_eq!(Version::read(b"RFB 0+3.008\n"), Err(Error::Version));
    }

    #[test]
    fn lists_of_types_are_read() {
        let eight = Version { major: 3, minor: 8 };
        assert_eq!(security(&[2, 1, 19, 7], eight), Ok(Some((vec![1, 19], 3))));
        assert_eq!(security(&[2, 1], eight), Ok(None));
        assert_eq!(security(&[0, 0, 0, 0, 1], eight), Err(Error::Refused));
        let three = Version { major: 3, minor: 3 };
        assert_eq!(security(&[0, 0, 0, 2], three), Ok(Some((vec![2], 4))));
        assert_eq!(security(&[0, 0, 0, 0], three), Err(Error::Refused));
        assert_eq!(vencrypt_subtypes(&[0, 2, 0, 0, 1, 0, 0, 0, 1, 4]), Ok(Some(vec![256, 260])));
        assert_eq!(vencrypt_subtypes(&[0, 2, 0, 0, 1, 0, 0, 0, 1]), Ok(None));
        assert_eq!(vencrypt_subtypes(&[255]), Err(Error::VeNCrypt));
    }
}
