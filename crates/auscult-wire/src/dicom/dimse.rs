//! Messages: command sets (PS3.7 section 6.3 and annex E) and the keys of a query.

use super::{Cursor, Error};

/// Most elements that are read of a command set; real ones have a dozen.
const MAX_ELEMENTS: usize = 64;

const SOP_CLASS: u16 = 0x0002;
const FIELD: u16 = 0x0100;
const MESSAGE_ID: u16 = 0x0110;
const RESPONDED_TO: u16 = 0x0120;
const PRIORITY: u16 = 0x0700;
const DATA_SET_TYPE: u16 = 0x0800;
const STATUS: u16 = 0x0900;

const NO_DATA_SET: u16 = 0x0101;
const WITH_DATA_SET: u16 = 0x0000;
const C_ECHO_RQ: u16 = 0x0030;
const C_FIND_RQ: u16 = 0x0020;

/// A command set being written: implicit VR, little endian, in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Command {
    elements: Vec<u8>,
}

impl Command {
    /// Adds an element of group 0000; text is padded to an even length with a NUL.
    #[must_use]
    pub fn text(self, element: u16, value: &str) -> Self {
        self.raw(element, value.as_bytes(), 0)
    }

    /// Adds a number of two bytes.
    #[must_use]
    pub fn number(self, element: u16, value: u16) -> Self {
        self.raw(element, &value.to_le_bytes(), 0)
    }

    fn raw(mut self, element: u16, value: &[u8], pad: u8) -> Self {
        write_element(&mut self.elements, 0x0000, element, value, pad);
        self
    }

    /// The bytes, with the group length in front.
    pub fn write(&self) -> Vec<u8> {
        let length = u32::try_from(self.elements.len()).unwrap_or(u32::MAX);
        let mut bytes = Vec::with_capacity(self.elements.len().saturating_add(12));
        write_element(&mut bytes, 0x0000, 0x0000, &length.to_le_bytes(), 0);
        bytes.extend_from_slice(&self.elements);
        bytes
    }
}

/// C-ECHO-RQ (PS3.7 section 9.3.5.1).
pub fn echo_request(message_id: u16) -> Vec<u8> {
    Command::default()
        .text(SOP_CLASS, "1.2.840.10008.1.1")
        .number(FIELD, C_ECHO_RQ)
        .number(MESSAGE_ID, message_id)
        .number(DATA_SET_TYPE, NO_DATA_SET)
        .write()
}

/// C-FIND-RQ (PS3.7 section 9.3.2.1), low priority; its identifier follows as a data set.
pub fn find_request(message_id: u16, sop_class: &str) -> Vec<u8> {
    Command::default()
        .text(SOP_CLASS, sop_class)
        .number(FIELD, C_FIND_RQ)
        .number(MESSAGE_ID, message_id)
        .number(PRIORITY, 2)
        .number(DATA_SET_TYPE, WITH_DATA_SET)
        .write()
}

/// The keys of a query, in implicit VR little endian, in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Identifier {
    elements: Vec<u8>,
}

impl Identifier {
    /// Adds a key with text, padded with a blank; an empty one asks for the value.
    #[must_use]
    pub fn text(mut self, group: u16, element: u16, value: &str) -> Self {
        write_element(&mut self.elements, group, element, value.as_bytes(), b' ');
        self
    }

    /// Adds a key with a unique identifier, padded with a NUL; an empty one asks for the value.
    #[must_use]
    pub fn uid(mut self, group: u16, element: u16, value: &str) -> Self {
        write_element(&mut self.elements, group, element, value.as_bytes(), 0);
        self
    }

    /// The bytes.
    pub fn write(self) -> Vec<u8> {
        self.elements
    }
}

/// What a command set in answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Response {
    /// Command field: `0x8030` for C-ECHO, `0x8020` for C-FIND.
    pub field: u16,
    /// Message that it answers.
    pub responded_to: u16,
    /// Status (PS3.7 annex C).
    pub status: u16,
    /// Whether a data set follows.
    pub with_data_set: bool,
}

impl Response {
    /// C-ECHO-RSP.
    pub const ECHO: u16 = 0x8030;
    /// C-FIND-RSP.
    pub const FIND: u16 = 0x8020;

    /// Whether more responses follow.
    pub const fn pending(&self) -> bool {
        matches!(self.status, 0xff00 | 0xff01)
    }

    /// Reads a command set.
    ///
    /// # Errors
    /// When it is cut, has too many elements or lacks one that every response has.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::new(bytes);
        let mut seen = [None; 4];
        let mut count = 0usize;
        while !cursor.is_empty() {
            count = count.saturating_add(1);
            if count > MAX_ELEMENTS {
                return Err(Error::TooMany { most: MAX_ELEMENTS });
            }
            let group = u16::from_le_bytes(cursor.array()?);
            let element = u16::from_le_bytes(cursor.array()?);
            let at = cursor.at;
            let length =
                usize::try_from(u32::from_le_bytes(cursor.array()?)).map_err(|_| Error::Short { at })?;
            let value = cursor.take(length)?;
            let place = match (group, element) {
                (0, FIELD) => 0,
                (0, RESPONDED_TO) => 1,
                (0, STATUS) => 2,
                (0, DATA_SET_TYPE) => 3,
                _ => continue,
            };
            let value = value.try_into().map_err(|_| Error::Element { group, element })?;
            if let Some(place) = seen.get_mut(place) {
                *place = Some(u16::from_le_bytes(value));
            }
        }
        let [field, responded_to, status, data_set] = seen;
        let must = |value: Option<u16>, element| value.ok_or(Error::Element { group: 0, element });
        Ok(Self {
            field: must(field, FIELD)?,
            responded_to: must(responded_to, RESPONDED_TO)?,
            status: must(status, STATUS)?,
            with_data_set: must(data_set, DATA_SET_TYPE)? != NO_DATA_SET,
        })
    }
}

fn write_element(bytes: &mut Vec<u8>, group: u16, element: u16, value: &[u8], pad: u8) {
    let odd = value.len() % 2 == 1;
    let length = u32::try_from(value.len().saturating_add(usize::from(odd))).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&group.to_le_bytes());
    bytes.extend_from_slice(&element.to_le_bytes());
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(value);
    if odd {
        bytes.push(pad);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_echo_request_is_the_one_of_the_standard() {
        let bytes = echo_request(1);
        let golden = b"\0\0\0\0\x04\0\0\0\x38\0\0\0\
            \0\0\x02\0\x12\0\0\x001.2.840.10008.1.1\0\
            \0\0\0\x01\x02\0\0\0\x30\0\
            \0\0\x10\x01\x02\0\0\0\x01\0\
            \0\0\0\x08\x02\0\0\0\x01\x01";
        assert_eq!(bytes, golden);
    }

    #[test]
    fn a_response_is_read() {
        let bytes = Command::default()
            .text(SOP_CLASS, "1.2.840.10008.5.1.4.1.2.2.1")
            .number(FIELD, Response::FIND)
            .number(RESPONDED_TO, 7)
            .number(DATA_SET_TYPE, WITH_DATA_SET)
            .number(STATUS, 0xff00)
            .write();
        let response = Response::read(&bytes).unwrap();
        assert!(response.pending() && response.with_data_set);
        assert_eq!((response.field, response.responded_to), (Response::FIND, 7));
    }

    #[test]
    fn a_response_without_status_is_refused() {
        assert_eq!(Response::read(&echo_request(1)), Err(Error::Element { group: 0, element: RESPONDED_TO }));
        assert_eq!(Response::read(b""), Err(Error::Element { group: 0, element: FIELD }));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = Response::read(&bytes);
        }
    }
}
