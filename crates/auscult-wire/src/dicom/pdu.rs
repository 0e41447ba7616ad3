//! Protocol data units: the seven kinds of PS3.8 section 9.3.

use super::items::{AssociateAc, AssociateRq};
use super::{Cursor, Error};

/// Longest body that is read: eight times the fragment length that we ask for.
pub const MAX_PDU: u32 = 128 << 10;

/// Most fragments in one data unit.
const MAX_FRAGMENTS: usize = 256;

/// One protocol data unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pdu {
    /// Asks for an association.
    AssociateRq(AssociateRq),
    /// Grants it.
    AssociateAc(AssociateAc),
    /// Refuses it (table 9-21).
    AssociateRj {
        /// 1 permanent, 2 transient.
        result: u8,
        /// 1 service user, 2 service provider (ACSE), 3 service provider (presentation).
        source: u8,
        /// Meaning depends on the source.
        reason: u8,
    },
    /// Carries parts of messages.
    Data(Vec<Fragment>),
    /// Asks to end the association.
    ReleaseRq,
    /// Confirms its end.
    ReleaseRp,
    /// Ends it at once (table 9-26).
    Abort {
        /// 0 service user, 2 service provider.
        source: u8,
        /// Meaning depends on the source.
        reason: u8,
    },
}

/// A part of a message (PS3.8 annex E).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Presentation context.
    pub context: u8,
    /// Part of a command, not of a data set.
    pub command: bool,
    /// The last part.
    pub last: bool,
    /// Its bytes.
    pub data: Vec<u8>,
}

impl Pdu {
    /// Reads the first unit and says how many bytes it took; `None` when more bytes are needed.
    ///
    /// # Errors
    /// When the bytes can never become a unit.
    pub fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, Error> {
        let Some(&kind) = bytes.first() else { return Ok(None) };
        if !(1..=7).contains(&kind) {
            return Err(Error::UnknownUnit { kind });
        }
        let mut cursor = Cursor::new(bytes);
        let Ok([_, _, a, b, c, d]) = cursor.array() else { return Ok(None) };
        let length = u32::from_be_bytes([a, b, c, d]);
        if length > MAX_PDU {
            return Err(Error::TooLong { length });
        }
        let Ok(body) = cursor.take(usize::try_from(length).unwrap_or(usize::MAX)) else { return Ok(None) };
        Ok(Some((Self::of(kind, body)?, cursor.at)))
    }

    fn of(kind: u8, body: &[u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::new(body);
        Ok(match kind {
            1 => Self::AssociateRq(AssociateRq::read(body)?),
            2 => Self::AssociateAc(AssociateAc::read(body)?),
            3 => {
                let [_, result, source, reason] = cursor.array()?;
                Self::AssociateRj { result, source, reason }
            }
            4 => Self::Data(fragments(body)?),
            5 => Self::ReleaseRq,
            6 => Self::ReleaseRp,
            7 => {
                let [_, _, source, reason] = cursor.array()?;
                Self::Abort { source, reason }
            }
            kind => return Err(Error::UnknownUnit { kind }),
        })
    }

    /// Writes the unit.
    pub fn write(&self) -> Vec<u8> {
        let (kind, body) = match self {
            Self::AssociateRq(request) => (1, request.write()),
            Self::AssociateAc(answer) => (2, answer.write()),
            Self::AssociateRj { result, source, reason } => (3, vec![0, *result, *source, *reason]),
            Self::Data(fragments) => (4, fragments.iter().flat_map(Fragment::write).collect()),
            Self::ReleaseRq => (5, vec![0; 4]),
            Self::ReleaseRp => (6, vec![0; 4]),
            Self::Abort { source, reason } => (7, vec![0, 0, *source, *reason]),
        };
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let mut bytes = vec![kind, 0];
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&body);
        bytes
    }
}

impl Fragment {
    fn write(&self) -> Vec<u8> {
        let length = u32::try_from(self.data.len().saturating_add(2)).unwrap_or(u32::MAX);
        let mut bytes = length.to_be_bytes().to_vec();
        bytes.push(self.context);
        bytes.push(u8::from(self.command) | (u8::from(self.last) << 1));
        bytes.extend_from_slice(&self.data);
        bytes
    }
}

fn fragments(body: &[u8]) -> Result<Vec<Fragment>, Error> {
    let mut cursor = Cursor::new(body);
    let mut fragments = Vec::new();
    while !cursor.is_empty() {
        if fragments.len() >= MAX_FRAGMENTS {
            return Err(Error::TooMany { most: MAX_FRAGMENTS });
        }
        let length = u32::from_be_bytes(cursor.array()?);
        let at = cursor.at;
        let data = usize::try_from(length).ok().and_then(|l| l.checked_sub(2)).ok_or(Error::Short { at })?;
        let context = cursor.byte()?;
        let control = cursor.byte()?;
        let data = cursor.take(data)?.to_vec();
        fragments.push(Fragment { context, command: control & 1 != 0, last: control & 2 != 0, data });
    }
    Ok(fragments)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use super::*;
    use crate::dicom::{ContextAnswer, ContextOffer, IMPLICIT_LITTLE_ENDIAN};
    use proptest::prelude::*;

    fn there_and_back(unit: &Pdu) {
        let bytes = unit.write();
        let (read, used) = Pdu::read(&bytes).unwrap().unwrap();
        assert_eq!((&read, used), (unit, bytes.len()));
        for cut in 0..bytes.len() {
            assert_eq!(Pdu::read(bytes.get(..cut).unwrap()).unwrap(), None, "cut at {cut}");
        }
    }

    #[test]
    fn every_unit_goes_there_and_back() {
        there_and_back(&Pdu::AssociateRq(AssociateRq {
            called: "ANY-SCP".into(),
            calling: "AUSCULT-ABCDEFGH".into(),
            max_pdu: 16384,
            contexts: vec![ContextOffer {
                id: 1,
                abstract_syntax: "1.2.840.10008.1.1".into(),
                transfer_syntaxes: vec![IMPLICIT_LITTLE_ENDIAN.into()],
            }],
        }));
        there_and_back(&Pdu::AssociateAc(AssociateAc {
            called: "ANY-SCP".into(),
            calling: "AUSCULT-ABCDEFGH".into(),
            max_pdu: 16384,
            contexts: vec![ContextAnswer {
                id: 1,
                result: 0,
                transfer_syntax: IMPLICIT_LITTLE_ENDIAN.into(),
            }],
        }));
        there_and_back(&Pdu::AssociateRj { result: 1, source: 1, reason: 3 });
        there_and_back(&Pdu::ReleaseRq);
        there_and_back(&Pdu::ReleaseRp);
        there_and_back(&Pdu::Abort { source: 2, reason: 1 });
        there_and_back(&Pdu::Data(vec![
            Fragment { context: 1, command: true, last: true, data: vec![1, 2, 3] },
            Fragment { context: 1, command: false, last: false, data: vec![] },
        ]));
    }

    #[test]
    fn four_gigabytes_are_refused_at_the_header() {
        let bytes = [2, 0, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(Pdu::read(&bytes), Err(Error::TooLong { length: u32::MAX }));
    }

    #[test]
    fn another_protocol_is_refused_at_the_first_byte() {
        assert_eq!(Pdu::read(b"SSH-2.0"), Err(Error::UnknownUnit { kind: b'S' }));
    }

    #[test]
    fn fragments_that_lie_about_their_length_are_refused() {
        for body in [&[0u8, 0, 0, 1, 1][..], &[0xff, 0xff, 0xff, 0xff, 1, 3], &[0, 0, 0, 9, 1, 3, 0]] {
            assert!(matches!(fragments(body), Err(Error::Short { .. })), "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(kind in 0u8..9, body in prop::collection::vec(any::<u8>(), 0..300)) {
            let length = u32::try_from(body.len()).unwrap();
            let bytes = [&[kind, 0][..], &length.to_be_bytes(), &body].concat();
            if let Ok(Some((unit, used))) = Pdu::read(&bytes) {
                prop_assert_eq!(used, bytes.len());
                let again = unit.write();
                prop_assert_eq!(Pdu::read(&again).unwrap().unwrap().0, unit);
            }
        }
    }
}
