//! Packets before keys are taken into use, and the frame of those after (RFC 4253, section 6).

use super::Error;

/// Longest packet that is taken in, its length field aside (RFC 4253, 6.1).
pub const MAX_PACKET: usize = 35_000;

/// Least padding.
const MIN_PADDING: usize = 4;

/// A packet without encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Number of the message and what belongs to it.
    pub payload: &'a [u8],
    /// Bytes that the packet takes.
    pub used: usize,
}

impl<'a> Packet<'a> {
    /// Reads a packet; `None` while it is not whole.
    ///
    /// # Errors
    /// When its length cannot be.
    pub fn read(bytes: &'a [u8]) -> Result<Option<Self>, Error> {
        let Some((head, rest)) = bytes.split_first_chunk::<4>() else { return Ok(None) };
        let length = Self::length(*head)?;
        let Some(body) = rest.get(..length) else { return Ok(None) };
        Ok(Some(Self { payload: Self::body(body)?, used: length.saturating_add(4) }))
    }

    /// The length that a packet announces.
    ///
    /// # Errors
    /// When it cannot be.
    pub fn length(head: [u8; 4]) -> Result<usize, Error> {
        let length = usize::try_from(u32::from_be_bytes(head)).unwrap_or(usize::MAX);
        if (2..=MAX_PACKET).contains(&length) { Ok(length) } else { Err(Error::PacketLength { length }) }
    }

    /// The payload in what follows the length.
    ///
    /// # Errors
    /// When padding leaves no room for it.
    pub fn body(body: &'a [u8]) -> Result<&'a [u8], Error> {
        let (padding, rest) = body.split_first().ok_or(Error::Cut)?;
        let length = rest.len().checked_sub(usize::from(*padding)).filter(|n| *n > 0).ok_or(Error::Cut)?;
        rest.get(..length).ok_or(Error::Cut)
    }
}

/// Puts a payload into a packet; `block` is the size to which it is padded, and `clear` the bytes at its beginning that
/// are not encrypted with the rest (the length, where a cipher authenticates it).
pub fn seal(payload: &[u8], block: usize, clear: usize) -> Vec<u8> {
    let block = block.clamp(8, 64);
    let bare = payload.len().saturating_add(5).saturating_sub(clear);
    let over = bare.checked_rem(block).unwrap_or_default();
    let mut padding = block.saturating_sub(over);
    if padding < MIN_PADDING {
        padding = padding.saturating_add(block);
    }
    let length = payload.len().saturating_add(padding).saturating_add(1);
    let mut packet = Vec::with_capacity(length.saturating_add(4));
    put_uint(&mut packet, length);
    packet.push(u8::try_from(padding).unwrap_or(u8::MAX));
    packet.extend_from_slice(payload);
    packet.resize(packet.len().saturating_add(padding), 0);
    packet
}

/// Appends a number of four bytes.
pub fn put_uint(out: &mut Vec<u8>, value: usize) {
    out.extend_from_slice(&u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes());
}

/// Appends a string with its length.
pub fn put_string(out: &mut Vec<u8>, value: &[u8]) {
    put_uint(out, value.len());
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn what_is_sealed_reads_back() {
        for size in 1..200 {
            let payload = vec![7; size];
            let packet = seal(&payload, 8, 0);
            assert_eq!(packet.len() % 8, 0);
            let read = Packet::read(&packet).unwrap().unwrap();
            assert_eq!((read.payload, read.used), (payload.as_slice(), packet.len()));
            assert_eq!((seal(&payload, 16, 4).len() - 4) % 16, 0);
        }
    }

    #[test]
    fn lengths_out_of_bounds_are_refused() {
        assert!(Packet::read(&[0xff; 16]).is_err());
        assert!(Packet::read(&[0, 0, 0, 0, 0]).is_err());
        assert!(Packet::read(&[0, 0, 0, 5, 4, 1, 2, 3, 4]).is_err(), "nothing but padding");
        assert_eq!(Packet::read(&[0, 0, 0, 5, 1]), Ok(None));
    }
}
