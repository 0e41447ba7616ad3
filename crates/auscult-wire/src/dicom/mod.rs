//! DICOM upper layer (PS3.8) and the few messages (PS3.7) that an association check needs.
//!
//! Whole units in, whole units out: a unit that announces more than [`MAX_PDU`] bytes is refused before anything
//! is held for it.

mod dimse;
mod items;
mod pdu;

pub use dimse::{Command, Identifier, Response, echo_request, find_request};
pub use items::{AssociateAc, AssociateRq, ContextAnswer, ContextOffer};
pub use pdu::{Fragment, MAX_PDU, Pdu};

/// Implicit VR Little Endian, which everybody supports (PS3.5 section 10.1).
pub const IMPLICIT_LITTLE_ENDIAN: &str = "1.2.840.10008.1.2";
/// Explicit VR Little Endian.
pub const EXPLICIT_LITTLE_ENDIAN: &str = "1.2.840.10008.1.2.1";
/// The only application context there is (PS3.7 annex A).
pub const APPLICATION_CONTEXT: &str = "1.2.840.10008.3.1.1.1";

/// Why bytes are no data unit or no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A type of unit that PS3.8 does not know.
    #[error("unit of unknown type {kind:#04x}")]
    UnknownUnit {
        /// The type.
        kind: u8,
    },
    /// It announces more than [`MAX_PDU`] bytes.
    #[error("unit announces {length} bytes")]
    TooLong {
        /// What it announces.
        length: u32,
    },
    /// It ends before what it announces.
    #[error("ends early at byte {at}")]
    Short {
        /// Offset within the body.
        at: usize,
    },
    /// More items than any real association has.
    #[error("more than {most} items")]
    TooMany {
        /// The bound.
        most: usize,
    },
    /// A message lacks an element that every one has.
    #[error("element {group:04x},{element:04x} is missing or of the wrong length")]
    Element {
        /// Group.
        group: u16,
        /// Element.
        element: u16,
    },
}

/// Reads from the front of bytes; every step is checked.
#[derive(Clone, Copy, Debug)]
struct Cursor<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, at: 0 }
    }

    fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Error::Short { at: self.at })?;
        self.rest = rest;
        self.at = self.at.saturating_add(count);
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let at = self.at;
        self.take(N)?.try_into().map_err(|_| Error::Short { at })
    }

    fn byte(&mut self) -> Result<u8, Error> {
        self.array().map(|[b]| b)
    }

    fn big_u16(&mut self) -> Result<usize, Error> {
        self.array().map(|b| usize::from(u16::from_be_bytes(b)))
    }
}
