//! What a server says after its first flight, record by record: kinds and lengths, never contents.
//!
//! A server with a flaw may answer with what is none of our business; so a body is skipped and not kept. The only
//! bytes looked at are those of an alert and the three with which a heartbeat message begins.

use super::bytes::Bytes;
use super::server::Alert;

/// Most records looked at.
const MOST_RECORDS: u32 = 64;

/// Longest record with what old versions may add (RFC 5246, section 6.2.3).
const LONGEST_RECORD: usize = 16384 + 2048;

/// What one record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// An alert in clear.
    Alert(Alert),
    /// An alert that is encrypted, or none at all.
    SealedAlert,
    /// A heartbeat message.
    Heartbeat {
        /// Whether it is a response.
        response: bool,
        /// Bytes of payload that it announces.
        announced: u16,
        /// Bytes of the record.
        length: u16,
    },
    /// A record of another kind.
    Other(u8),
}

/// Reads records piece by piece; keeps at most eight bytes.
#[derive(Clone, Debug, Default)]
pub struct AfterReader {
    /// Header and beginning of the body.
    head: Vec<u8>,
    /// Bytes of the body that are still to come and are skipped.
    skip: usize,
    records: u32,
    foreign: bool,
}

/// Bytes of a header.
const HEADER: usize = 5;

impl AfterReader {
    /// A reader at the end of a flight.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes further bytes and says what the records in it are, those that are whole; `None` once it is no TLS or too
    /// much.
    pub fn push(&mut self, bytes: &[u8]) -> Option<Vec<Said>> {
        let mut said = Vec::new();
        let mut rest = Bytes(bytes);
        while !rest.is_empty() && !self.foreign {
            if self.skip > 0 {
                let skipped = self.skip.min(rest.0.len());
                rest.take(skipped);
                self.skip = self.skip.saturating_sub(skipped);
                if self.skip == 0 {
                    said.extend(self.end());
                }
                continue;
            }
            let Some(byte) = rest.u8() else { break };
            self.head.push(byte);
            said.extend(self.headed());
        }
        if self.foreign { None } else { Some(said) }
    }

    /// Looks at the head; says what the record is when nothing more of it is to come.
    fn headed(&mut self) -> Option<Said> {
        let mut head = Bytes(&self.head);
        let kind = head.u8()?;
        let major = head.u8();
        if !(20..=24).contains(&kind) || major.is_some_and(|major| major != 3) {
            self.foreign = true;
            return None;
        }
        head.u8()?;
        let length = usize::from(head.u16()?);
        if length > LONGEST_RECORD || self.records >= MOST_RECORDS {
            self.foreign = true;
            return None;
        }
        // How much of the body is looked at.
        let wanted = match kind {
            21 => length.min(2),
            24 => length.min(3),
            _ => 0,
        };
        let seen = self.head.len().saturating_sub(HEADER);
        if seen < wanted {
            return None;
        }
        self.skip = length.saturating_sub(seen);
        if self.skip == 0 { self.end() } else { None }
    }

    /// A record is over.
    fn end(&mut self) -> Option<Said> {
        self.records = self.records.saturating_add(1);
        let head = std::mem::take(&mut self.head);
        let mut head = Bytes(&head);
        let kind = head.u8()?;
        head.u16()?;
        let length = head.u16()?;
        Some(match kind {
            21 if length == 2 => Said::Alert(Alert { level: head.u8()?, description: head.u8()? }),
            21 => Said::SealedAlert,
            24 => Said::Heartbeat {
                response: head.u8() == Some(2),
                announced: head.u16().unwrap_or_default(),
                length,
            },
            other => Said::Other(other),
        })
    }
}

/// The session ticket that a server of TLS 1.2 or older gave in clear, out of everything that it sent during a handshake
/// (RFC 5077, section 3.3); `None` where there is none.
pub fn session_ticket(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Bytes(bytes);
    let mut messages = Vec::new();
    // What comes after the ChangeCipherSpec message is encrypted.
    while let (Some(22), Some(_), Some(body)) = (rest.u8(), rest.u16(), rest.vec16()) {
        messages.extend_from_slice(body);
    }
    let mut rest = Bytes(&messages);
    while let (Some(kind), Some(body)) = (rest.u8(), rest.vec24()) {
        if kind == 4 {
            let mut body = Bytes(body);
            // Its lifetime in seconds.
            body.take(4)?;
            let ticket = body.vec16()?;
            return (!ticket.is_empty()).then(|| ticket.to_vec());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn records_are_told_apart() {
        let mut bytes = vec![21, 3, 3, 0, 2, 2, 20];
        bytes.extend([21, 3, 3, 0, 26]);
        bytes.extend([7; 26]);
        bytes.extend([24, 3, 3, 0, 6, 2, 0, 3, 1, 2, 3]);
        bytes.extend([20, 3, 3, 0, 1, 1, 23, 3, 3, 0, 0]);
        let said = AfterReader::new().push(&bytes).unwrap();
        assert_eq!(
            said,
            [
                Said::Alert(Alert { level: 2, description: 20 }),
                Said::SealedAlert,
                Said::Heartbeat { response: true, announced: 3, length: 6 },
                Said::Other(20),
                Said::Other(23),
            ]
        );
    }

    #[test]
    fn bodies_are_not_kept() {
        let mut reader = AfterReader::new();
        let mut bytes = vec![24, 3, 3, 0x40, 0, 2, 0x3f, 0xed];
        bytes.extend([0x5a; 16_000]);
        assert_eq!(reader.push(&bytes), Some(Vec::new()));
        assert!(reader.head.len() <= 8);
    }

    #[test]
    fn foreign_bytes_and_floods_end_it() {
        assert_eq!(AfterReader::new().push(b"HTTP/1.1 400"), None);
        assert_eq!(AfterReader::new().push(&[22, 3, 3, 0xff, 0xff]), None);
        assert_eq!(AfterReader::new().push(&[23, 3, 3, 0, 0].repeat(100)), None);
    }

    #[test]
    fn tickets_are_found() {
        let mut message = vec![4, 0, 0, 9, 0, 0, 0, 60, 0, 3, 1, 2, 3];
        let mut bytes = vec![22, 3, 3, 0, 4, 14, 0, 0, 0, 22, 3, 3, 0, 13];
        bytes.append(&mut message);
        bytes.extend([20, 3, 3, 0, 1, 1]);
        assert_eq!(session_ticket(&bytes), Some(vec![1, 2, 3]));
        assert_eq!(session_ticket(&bytes[..20]), None);
        assert_eq!(session_ticket(&[20, 3, 3, 0, 1, 1]), None);
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 1usize..20) {
            let mut noise = vec![24, 3, 3, 0, 40];
            noise.extend(bytes);
            let whole = AfterReader::new().push(&noise);
            let mut reader = AfterReader::new();
            let pieces: Option<Vec<Vec<Said>>> = noise.chunks(cut).map(|piece| reader.push(piece)).collect();
            prop_assert_eq!(whole, pieces.map(|p| p.concat()));
            let _ = session_ticket(&noise);
        }
    }
}
