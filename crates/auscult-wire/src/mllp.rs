//! HL7 v2 over MLLP: frames, and the fields of a message.
//!
//! Frames are those of the HL7 MLLP specification, release 1: `<VT> message <FS> <CR>`.
//! A message is read only as far as its separators go; escapes are left as they are.

/// Begins a frame.
const START: u8 = 0x0b;
/// Ends a frame, followed by a carriage return.
const END: u8 = 0x1c;
/// Ends a segment, and a frame after [`END`].
const CARRIAGE_RETURN: u8 = 0x0d;

/// Longest frame that is read: 1 MiB, many times the longest acknowledgement.
pub const MAX_FRAME: usize = 1 << 20;

/// Most segments that are looked at in one message.
const MAX_SEGMENTS: usize = 4096;

/// Why bytes are no frame or no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The first byte of a frame is another than VT.
    #[error("a frame begins with byte {found:#04x}")]
    NoStart {
        /// The byte.
        found: u8,
    },
    /// The frame does not end within [`MAX_FRAME`] bytes.
    #[error("a frame does not end within {MAX_FRAME} bytes")]
    TooLong,
    /// The message does not begin with a header segment and its separators.
    #[error("the message has no header segment")]
    NoHeader,
    /// The message has more segments than any real one.
    #[error("the message has more than {MAX_SEGMENTS} segments")]
    TooManySegments,
}

/// Puts a message into a frame.
pub fn frame(message: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(message.len().saturating_add(3));
    bytes.push(START);
    bytes.extend_from_slice(message);
    bytes.extend_from_slice(&[END, CARRIAGE_RETURN]);
    bytes
}

/// Collects bytes until a frame is whole; each byte is looked at once.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    held: Vec<u8>,
    looked_at: usize,
}

impl Frames {
    /// Takes in bytes and gives the message of the first whole frame.
    ///
    /// Line ends between frames are left out. What follows the frame is kept for the next call, which may be made
    /// with no bytes.
    ///
    /// # Errors
    /// `NoStart` or `TooLong`; the bytes held are then given up.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.held.extend_from_slice(bytes);
        let taken = self.first();
        if taken.is_err() {
            *self = Self::default();
        }
        taken
    }

    /// Whether a frame has begun and not ended.
    pub fn unfinished(&self) -> bool {
        !self.held.is_empty()
    }

    fn first(&mut self) -> Result<Option<Vec<u8>>, Error> {
        if self.looked_at == 0 {
            let between = self.held.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            self.held.drain(..between);
            match self.held.first() {
                None => return Ok(None),
                Some(&START) => self.looked_at = 1,
                Some(&found) => return Err(Error::NoStart { found }),
            }
        }
        let rest = self.held.get(self.looked_at..).unwrap_or_default();
        match rest.windows(2).position(|w| w == [END, CARRIAGE_RETURN]) {
            Some(at) => {
                let end = self.looked_at.saturating_add(at);
                if end > MAX_FRAME {
                    return Err(Error::TooLong);
                }
                let message = self.held.get(1..end).unwrap_or_default().to_vec();
                self.held.drain(..end.saturating_add(2).min(self.held.len()));
                self.looked_at = 0;
                Ok(Some(message))
            }
            None if self.held.len() > MAX_FRAME => Err(Error::TooLong),
            None => {
                // The last byte may be the first half of the end.
                self.looked_at = self.held.len().saturating_sub(1).max(1);
                Ok(None)
            }
        }
    }
}

/// A message with the separators of its header.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    bytes: &'a [u8],
    field: u8,
    component: u8,
}

impl<'a> Message<'a> {
    /// Reads the separators of a message that begins with MSH.
    ///
    /// # Errors
    /// `NoHeader` when it does not, or when its separators are letters, digits or control characters;
    /// `TooManySegments`.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let header = bytes.strip_prefix(b"MSH").ok_or(Error::NoHeader)?;
        let [field, component, ..] = header else { return Err(Error::NoHeader) };
        if !field.is_ascii_punctuation() || !component.is_ascii_punctuation() || field == component {
            return Err(Error::NoHeader);
        }
        let message = Self { bytes, field: *field, component: *component };
        if message.segments().nth(MAX_SEGMENTS).is_some() {
            return Err(Error::TooManySegments);
        }
        Ok(message)
    }

    /// Segments in order.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'a>> + use<'a> {
        let (field, component) = (self.field, self.component);
        self.bytes
            .split(|b| matches!(b, b'\r' | b'\n'))
            .filter(|line| !line.is_empty())
            .map(move |bytes| Segment { bytes, field, component })
    }

    /// The first segment of that name.
    pub fn segment(&self, name: &str) -> Option<Segment<'a>> {
        self.segments().find(|s| s.name() == name.as_bytes())
    }
}

/// One segment.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    bytes: &'a [u8],
    field: u8,
    component: u8,
}

impl<'a> Segment<'a> {
    /// Its name, such as `MSA`.
    pub fn name(&self) -> &'a [u8] {
        self.bytes.split(|b| *b == self.field).next().unwrap_or_default()
    }

    /// A field by its number in the standard, counted from 1; empty when it is absent.
    ///
    /// In MSH the separator itself is field 1.
    pub fn field(&self, number: usize) -> &'a [u8] {
        let position = if self.name() == b"MSH" { number.saturating_sub(1) } else { number };
        if number == 0 || position == 0 {
            return &[];
        }
        self.bytes.split(|b| *b == self.field).nth(position).unwrap_or_default()
    }

    /// A component of a field, both counted from 1; empty when it is absent.
    pub fn component(&self, field: usize, number: usize) -> &'a [u8] {
        let Some(position) = number.checked_sub(1) else { return &[] };
        self.field(field).split(|b| *b == self.component).nth(position).unwrap_or_default()
    }

    /// Everything after the name.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.name().len()..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use super::*;
    use proptest::prelude::*;

    const ACK: &[u8] =
        b"MSH|^~\\&|PUMP|WARD|AUSCULT|LAB|20260101||ACK^A19|9|T|2.3.1\rMSA|AR|abcd1234|unknown sender\rERR|MSH^1^3^103";

    #[test]
    fn a_frame_goes_there_and_back() {
        let mut frames = Frames::default();
        assert_eq!(frames.take(&frame(ACK)).unwrap().unwrap(), ACK);
        assert!(!frames.unfinished());
    }

    #[test]
    fn a_frame_may_come_byte_by_byte_and_two_at_once() {
        let mut frames = Frames::default();
        let bytes = frame(b"MSH|^");
        for byte in bytes.split_last().unwrap().1 {
            assert_eq!(frames.take(&[*byte]).unwrap(), None);
        }
        assert_eq!(frames.take(b"\r\n").unwrap().unwrap(), b"MSH|^");
        let two = [bytes.clone(), bytes].concat();
        assert_eq!(frames.take(&two).unwrap().unwrap(), b"MSH|^");
        assert_eq!(frames.take(&[]).unwrap().unwrap(), b"MSH|^");
        assert_eq!(frames.take(&[]).unwrap(), None);
    }

    #[test]
    fn what_never_ends_or_never_begins_is_refused() {
        let mut frames = Frames::default();
        assert_eq!(frames.take(b"HTTP/1.1"), Err(Error::NoStart { found: b'H' }));
        frames.take(&[START]).unwrap();
        let chunk = vec![b'A'; 64 << 10];
        let refused = (0..64).find_map(|_| frames.take(&chunk).err());
        assert_eq!(refused, Some(Error::TooLong));
        assert!(!frames.unfinished());
    }

    #[test]
    fn fields_are_counted_as_in_the_standard() {
        let message = Message::read(ACK).unwrap();
        let header = message.segment("MSH").unwrap();
        assert_eq!(header.field(3), b"PUMP");
        assert_eq!(header.component(9, 1), b"ACK");
        assert_eq!(header.component(9, 2), b"A19");
        assert_eq!(header.field(1), b"");
        let told = message.segment("MSA").unwrap();
        assert_eq!((told.field(1), told.field(2)), (&b"AR"[..], &b"abcd1234"[..]));
        assert_eq!(told.field(40), b"");
        assert!(message.segment("PID").is_none());
    }

    #[test]
    fn other_separators_are_followed() {
        let message = Message::read(b"MSH#*~\\&#A#B\rMSA#AA#1").unwrap();
        assert_eq!(message.segment("MSA").unwrap().field(1), b"AA");
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for bytes in [&b""[..], b"MSH", b"MSH|", b"MSHAB", b"MSH||", b"PID|^", b"MSH\r^"] {
            assert_eq!(Message::read(bytes).err(), Some(Error::NoHeader), "{bytes:?}");
        }
        let many = [&b"MSH|^~\\&"[..], &b"\rA".repeat(5000)].concat();
        assert_eq!(Message::read(&many).err(), Some(Error::TooManySegments));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..16)) {
            let mut frames = Frames::default();
            for chunk in &chunks {
                let Ok(Some(message)) = frames.take(chunk) else { continue };
                let Ok(message) = Message::read(&message) else { continue };
                for segment in message.segments() {
                    let _ = (segment.field(2), segment.component(9, 2), segment.rest());
                }
            }
        }

        #[test]
        fn a_message_without_the_end_mark_survives_any_cut(
            message in prop::collection::vec(0x20u8..0x7f, 0..200), cut in 0usize..200,
        ) {
            let bytes = frame(&message);
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            let mut frames = Frames::default();
            let early = frames.take(first).unwrap();
            let late = frames.take(second).unwrap();
            prop_assert_eq!(early.or(late).unwrap(), message);
        }
    }
}
