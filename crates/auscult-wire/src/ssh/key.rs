//! Public host keys (RFC 4253, section 6.6; RFC 5656; RFC 8709).

use super::{Bytes, Error, tame};

/// What kind of key it is, and how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostKey {
    /// As the key itself says, such as `ssh-rsa`; harmless text.
    pub kind: String,
    /// Bits of the modulus, of the prime, or of the curve; `None` for a kind unknown here.
    pub bits: Option<u32>,
}

impl HostKey {
    /// Reads a key as a server sends it.
    ///
    /// # Errors
    /// When it is cut off, or longer than any key.
    pub fn read(blob: &[u8]) -> Result<Self, Error> {
        let mut bytes = Bytes(blob);
        let kind = tame(bytes.string()?, 64);
        let bits = match kind.as_str() {
            "ssh-rsa" => {
                bytes.string()?;
                Some(bits(bytes.string()?))
            }
            "ssh-dss" => Some(bits(bytes.string()?)),
            "ssh-ed25519" => Some(256),
            "ssh-ed448" => Some(448),
            "ecdsa-sha2-nistp256" => Some(256),
            "ecdsa-sha2-nistp384" => Some(384),
            "ecdsa-sha2-nistp521" => Some(521),
            _ => None,
        };
        Ok(Self { kind, bits })
    }
}

/// Bits of a positive number (RFC 4251, section 5).
fn bits(number: &[u8]) -> u32 {
    let zeros = number.iter().take_while(|b| **b == 0).count();
    let Some(first) = number.get(zeros) else { return 0 };
    let whole = number.len().saturating_sub(zeros).saturating_sub(1).saturating_mul(8);
    let head = 8u32.saturating_sub(first.leading_zeros());
    u32::try_from(whole).unwrap_or(u32::MAX).saturating_add(head)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::super::put_string;
    use super::*;

    fn key(parts: &[&[u8]]) -> Vec<u8> {
        let mut blob = Vec::new();
        for part in parts {
            put_string(&mut blob, part);
        }
        blob
    }

    #[test]
    fn bits_are_those_of_the_number() {
        let mut modulus = vec![0u8, 0x80];
        modulus.resize(257, 1);
        let read = HostKey::read(&key(&[b"ssh-rsa", &[1, 0, 1], &modulus])).unwrap();
        assert_eq!((read.kind.as_str(), read.bits), ("ssh-rsa", Some(2048)));
        modulus[1] = 0x01;
        assert_eq!(HostKey::read(&key(&[b"ssh-rsa", &[3], &modulus])).unwrap().bits, Some(2041));
        assert_eq!(HostKey::read(&key(&[b"ssh-rsa", &[3], &[]])).unwrap().bits, Some(0));
        assert_eq!(HostKey::read(&key(&[b"x\x1b"])).unwrap().kind, "x?");
        assert!(HostKey::read(&key(&[b"ssh-rsa", &[3]])).is_err());
    }
}
