//! CoAP messages (RFC 7252): a GET, and what is answered.

/// Code of "content".
pub const CONTENT: u8 = 0x45;
/// Code of "unauthorized".
pub const UNAUTHORIZED: u8 = 0x81;
/// Code of "forbidden".
pub const FORBIDDEN: u8 = 0x83;
/// Code of "not found".
pub const NOT_FOUND: u8 = 0x84;
/// Code of "method not allowed".
pub const NOT_ALLOWED: u8 = 0x85;

const URI_PATH: u16 = 11;
const CONTENT_FORMAT: u16 = 12;
const BLOCK_2: u16 = 23;
const OBSERVE: u16 = 6;

/// Most options that are read of one message.
const MAX_OPTIONS: usize = 64;

/// Why bytes are no message of CoAP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a message of CoAP")]
pub struct NotCoap;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// 0 confirmable, 1 not, 2 acknowledgement, 3 reset.
    pub kind: u8,
    /// Class in the upper three bits and detail in the others; 0 for an empty message.
    pub code: u8,
    /// Its number.
    pub id: u16,
    /// Joins an answer to its question.
    pub token: Vec<u8>,
    /// Number of the media type of the payload.
    pub format: Option<u32>,
    /// Whether more blocks follow (RFC 7959).
    pub more: bool,
    /// Whether it began to observe (RFC 7641).
    pub observed: bool,
    /// What it carries.
    pub payload: Vec<u8>,
}

/// A confirmable GET of a path; `block` asks for the first block of at most 512 bytes.
pub fn get(id: u16, token: &[u8], path: &str, block: bool) -> Vec<u8> {
    let token = token.get(..token.len().min(8)).unwrap_or_default();
    let mut out = vec![0x40 | u8::try_from(token.len()).unwrap_or(0), 0x01];
    out.extend(id.to_be_bytes());
    out.extend_from_slice(token);
    let mut last = 0;
    for segment in path.split('/').filter(|s| !s.is_empty()) {
        option(&mut out, &mut last, URI_PATH, segment.as_bytes());
    }
    if block {
        // Block 0, size 2^(4 + 5).
        option(&mut out, &mut last, BLOCK_2, &[5]);
    }
    out
}

/// The answer to a confirmable message that nobody wants to hear more of.
pub fn reset(id: u16) -> Vec<u8> {
    let [high, low] = id.to_be_bytes();
    vec![0x70, 0, high, low]
}

fn option(out: &mut Vec<u8>, last: &mut u16, number: u16, value: &[u8]) {
    let value = value.get(..value.len().min(255)).unwrap_or_default();
    let (delta, more_delta) = nibble(number.saturating_sub(*last));
    let (length, more_length) = nibble(u16::try_from(value.len()).unwrap_or(0));
    out.push((delta << 4) | length);
    out.extend(more_delta);
    out.extend(more_length);
    out.extend_from_slice(value);
    *last = number;
}

/// Numbers of one option are below 269 here.
fn nibble(n: u16) -> (u8, Option<u8>) {
    match u8::try_from(n) {
        Ok(n) if n < 13 => (n, None),
        _ => (13, u8::try_from(n.saturating_sub(13)).ok()),
    }
}

impl Message {
    /// Reads one datagram.
    ///
    /// # Errors
    /// When it is no message of CoAP.
    pub fn read(bytes: &[u8]) -> Result<Self, NotCoap> {
        let [first, code, high, low, rest @ ..] = bytes else { return Err(NotCoap) };
        let token_length = usize::from(first & 15);
        if first >> 6 != 1 || token_length > 8 {
            return Err(NotCoap);
        }
        let (token, mut rest) = rest.split_at_checked(token_length).ok_or(NotCoap)?;
        let mut message = Self {
            kind: (first >> 4) & 3,
            code: *code,
            id: u16::from_be_bytes([*high, *low]),
            token: token.to_vec(),
            format: None,
            more: false,
            observed: false,
            payload: Vec::new(),
        };
        // An empty message is its header and nothing else; classes 1, 6 and 7 are kept for later.
        let class = code >> 5;
        if (*code == 0 && bytes.len() != 4) || matches!(class, 1 | 6 | 7) {
            return Err(NotCoap);
        }
        let mut number = 0u16;
        for _ in 0..MAX_OPTIONS {
            let Some((head, after)) = rest.split_first() else { return Ok(message) };
            if *head == 0xff {
                // A mark without anything behind it is against the rules.
                if after.is_empty() {
                    return Err(NotCoap);
                }
                message.payload = after.to_vec();
                return Ok(message);
            }
            let mut at = after;
            let delta = extended(head >> 4, &mut at)?;
            let length = extended(head & 15, &mut at)?;
            number = number.checked_add(delta).ok_or(NotCoap)?;
            let (value, after) = at.split_at_checked(usize::from(length)).ok_or(NotCoap)?;
            message.take(number, value);
            rest = after;
        }
        Err(NotCoap)
    }

    fn take(&mut self, number: u16, value: &[u8]) {
        let whole = (value.len() <= 4).then(|| value.iter().fold(0u32, |n, b| (n << 8) | u32::from(*b)));
        match number {
            CONTENT_FORMAT => self.format = whole,
            BLOCK_2 => self.more = whole.is_some_and(|n| n & 8 != 0),
            OBSERVE => self.observed = true,
            _ => {}
        }
    }
}

fn extended(nibble: u8, at: &mut &[u8]) -> Result<u16, NotCoap> {
    match nibble {
        0..=12 => Ok(u16::from(nibble)),
        13 => {
            let (more, rest) = at.split_first().ok_or(NotCoap)?;
            *at = rest;
            Ok(u16::from(*more).saturating_add(13))
        }
        14 => {
            let [high, low, rest @ ..] = *at else { return Err(NotCoap) };
            *at = rest;
            u16::from_be_bytes([*high, *low]).checked_add(269).ok_or(NotCoap)
        }
        _ => Err(NotCoap),
    }
}

/// One entry of a list of links (RFC 6690).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub path: String,
    /// Whether it says that it can be observed.
    pub observable: bool,
}

/// The links of a list, at most so many; what is not well formed is left out.
pub fn links(list: &[u8], most: usize) -> Vec<Link> {
    let text = String::from_utf8_lossy(list);
    let mut links = Vec::new();
    let mut rest = text.as_ref();
    while links.len() < most {
        let Some((_, after)) = rest.split_once('<') else { break };
        let Some((path, after)) = after.split_once('>') else { break };
        let attributes = after.split_once(",<").map_or(after, |(own, _)| own);
        links.push(Link {
            path: path.chars().filter(|c| !c.is_control()).take(200).collect(),
            observable: attributes.split(';').any(|a| a.trim() == "obs" || a.trim().starts_with("obs=")),
        });
        rest = after;
    }
    links
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_question_is_written_as_in_the_standard() {
        let bytes = get(0x7d34, &[0x20], "/.well-known/core", false);
        assert_eq!(bytes[..5], [0x41, 0x01, 0x7d, 0x34, 0x20]);
        assert_eq!(bytes[5..], *b"\xbb.well-known\x04core");
        let message = Message::read(&bytes).unwrap();
        assert_eq!((message.kind, message.id, message.token), (0, 0x7d34, vec![0x20]));
    }

    #[test]
    fn an_answer_is_read_with_its_options() {
        let bytes = b"\x61\x45\x7d\x34\x20\xc1\x28\xb1\x0d\xff</a>;obs,</b>";
        let message = Message::read(bytes).unwrap();
        assert_eq!((message.code, message.format, message.more), (CONTENT, Some(40), true));
        let links = links(&message.payload, 10);
        assert_eq!(
            links.iter().map(|l| (l.path.as_str(), l.observable)).collect::<Vec<_>>(),
            [("/a", true), ("/b", false)]
        );
    }

    #[test]
    fn long_segments_and_blocks_read_back() {
        let long = "x".repeat(40);
        let message = Message::read(&get(1, b"12345678", &format!("/{long}/y"), true)).unwrap();
        assert!(!message.more && message.payload.is_empty());
        assert_eq!(Message::read(&reset(7)).unwrap().kind, 3);
    }

    #[test]
    fn what_breaks_the_rules_is_refused() {
        for bytes in [
            &b""[..],
            b"\x40\x01\0",
            b"\x80\x01\0\0",
            b"\x49\x01\0\0xxxxxxxxx",
            b"\x40\x00\0\0x",
            b"\x40\x45\0\0\xff",
            b"\x40\x45\0\0\xf0",
            b"\x40\x45\0\0\xd0",
            b"\x40\x45\0\0\x05ab",
            b"\x40\xe1\0\0",
        ] {
            assert_eq!(Message::read(bytes), Err(NotCoap), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(message) = Message::read(&bytes) {
                prop_assert!(message.payload.len() <= bytes.len());
            }
            prop_assert!(links(&bytes, 5).len() <= 5);
        }
    }
}
