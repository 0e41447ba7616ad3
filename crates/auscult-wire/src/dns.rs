//! DNS messages: one question, and the records of an answer (RFC 1035, section 4), mDNS included (RFC 6762).

/// Type A: an address.
pub const A: u16 = 1;
/// Type PTR: another name.
pub const PTR: u16 = 12;
/// Type TXT: text.
pub const TXT: u16 = 16;
/// Type SRV: a port and a name.
pub const SRV: u16 = 33;
/// Class IN.
pub const IN: u16 = 1;
/// Class CH, in which servers tell of themselves.
pub const CH: u16 = 3;

/// Answer code for a name that does not exist.
pub const NXDOMAIN: u8 = 3;
/// Answer code for a server that does not serve the asker.
pub const REFUSED: u8 = 5;

/// Most records that are read of one message.
const MAX_RECORDS: usize = 256;

/// Longest name, in bytes of text.
const LONGEST_NAME: usize = 255;

/// Most pointers followed in one name.
const MAX_POINTERS: u32 = 32;

/// Why bytes are no message of DNS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a message of DNS")]
pub struct NotDns;

/// One record of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The name it is about.
    pub name: String,
    /// Its type.
    pub kind: u16,
    /// Its class, without the bit that mDNS puts there.
    pub class: u16,
    /// What it says.
    pub data: Data,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// Another name.
    Name(String),
    /// Text, its strings put together.
    Text(Vec<u8>),
    /// The port of a service.
    Port(u16),
    /// Anything else, by its length.
    Other(usize),
}

/// One message in answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Number of the question.
    pub id: u16,
    /// The server says that it asks others on behalf of its clients.
    pub recursion_available: bool,
    /// The server answers for its own zone.
    pub authoritative: bool,
    /// Answer code.
    pub code: u8,
    /// Records of all sections, in order.
    pub records: Vec<Record>,
}

/// A question; `recurse` asks the server to ask others.
///
/// Labels that do not fit are left out: names come from our own lists.
pub fn question(id: u16, name: &str, kind: u16, class: u16, recurse: bool) -> Vec<u8> {
    let mut out = id.to_be_bytes().to_vec();
    out.extend([u8::from(recurse), 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in name.split('.').filter(|l| !l.is_empty() && l.len() < 64) {
        out.push(u8::try_from(label.len()).unwrap_or(0));
        out.extend_from_slice(label.as_bytes());
    }
    out.push(0);
    out.extend(kind.to_be_bytes());
    out.extend(class.to_be_bytes());
    out
}

impl Answer {
    /// Reads one datagram.
    ///
    /// # Errors
    /// When it is no answer of DNS, or is cut.
    pub fn read(bytes: &[u8]) -> Result<Self, NotDns> {
        let mut at = 0;
        let id = short(bytes, &mut at)?;
        let flags = short(bytes, &mut at)?;
        // An answer, to an ordinary question.
        if flags & 0x8000 == 0 || flags & 0x7800 != 0 {
            return Err(NotDns);
        }
        let questions = short(bytes, &mut at)?;
        let mut records = 0usize;
        for _ in 0..3 {
            records = records.saturating_add(usize::from(short(bytes, &mut at)?));
        }
        if questions > 8 {
            return Err(NotDns);
        }
        for _ in 0..questions {
            name(bytes, &mut at)?;
            skip(bytes, &mut at, 4)?;
        }
        let mut answer = Self {
            id,
            recursion_available: flags & 0x80 != 0,
            authoritative: flags & 0x400 != 0,
            code: u8::try_from(flags & 15).unwrap_or(0),
            records: Vec::new(),
        };
        for _ in 0..records.min(MAX_RECORDS) {
            answer.records.push(record(bytes, &mut at)?);
        }
        Ok(answer)
    }
}

fn record(bytes: &[u8], at: &mut usize) -> Result<Record, NotDns> {
    let owner = name(bytes, at)?;
    let kind = short(bytes, at)?;
    let class = short(bytes, at)? & 0x7fff;
    skip(bytes, at, 4)?;
    let length = usize::from(short(bytes, at)?);
    let begin = *at;
    let body = skip(bytes, at, length)?;
    let data = match kind {
        PTR => {
            let mut inner = begin;
            Data::Name(name(bytes, &mut inner)?)
        }
        SRV => match body {
            [_, _, _, _, high, low, _, ..] => Data::Port(u16::from_be_bytes([*high, *low])),
            _ => return Err(NotDns),
        },
        TXT => Data::Text(strings(body)),
        _ => Data::Other(length),
    };
    Ok(Record { name: owner, kind, class, data })
}

fn strings(mut body: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    while let Some((length, rest)) = body.split_first() {
        let Some((string, rest)) = rest.split_at_checked(usize::from(*length)) else { break };
        text.extend_from_slice(string);
        body = rest;
    }
    text
}

/// A name, its labels parted by points; bytes that are no text become marks.
fn name(bytes: &[u8], at: &mut usize) -> Result<String, NotDns> {
    let mut text = String::new();
    let mut place = *at;
    let mut jumped = false;
    let mut pointers = 0u32;
    loop {
        let length = *bytes.get(place).ok_or(NotDns)?;
        place = place.saturating_add(1);
        match length {
            0 => break,
            1..=63 => {
                let label = skip(bytes, &mut place, usize::from(length))?;
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(&String::from_utf8_lossy(label));
                if text.len() > LONGEST_NAME.saturating_mul(3) {
                    return Err(NotDns);
                }
            }
            192.. => {
                let low = *bytes.get(place).ok_or(NotDns)?;
                place = place.saturating_add(1);
                if !jumped {
                    *at = place;
                    jumped = true;
                }
                pointers = pointers.saturating_add(1);
                if pointers > MAX_POINTERS {
                    return Err(NotDns);
                }
                place = (usize::from(length & 63) << 8) | usize::from(low);
            }
            _ => return Err(NotDns),
        }
    }
    if !jumped {
        *at = place;
    }
    Ok(text)
}

fn short(bytes: &[u8], at: &mut usize) -> Result<u16, NotDns> {
    match skip(bytes, at, 2)? {
        [high, low] => Ok(u16::from_be_bytes([*high, *low])),
        _ => Err(NotDns),
    }
}

fn skip<'a>(bytes: &'a [u8], at: &mut usize, count: usize) -> Result<&'a [u8], NotDns> {
    let end = at.checked_add(count).ok_or(NotDns)?;
    let part = bytes.get(*at..end).ok_or(NotDns)?;
    *at = end;
    Ok(part)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;
    use proptest::prelude::*;

    /// An answer with one TXT record whose owner is a pointer to the question.
    fn version_bind() -> Vec<u8> {
        let mut bytes = question(7, "version.bind", TXT, CH, false);
        bytes[2] = 0x84;
        bytes[7] = 1;
        bytes.extend([0xc0, 12, 0, 16, 0, 3, 0, 0, 0, 0, 0, 13, 12]);
        bytes.extend(b"dnsmasq-2.90");
        bytes
    }

    #[test]
    fn an_answer_is_read_through_its_pointers() {
        let answer = Answer::read(&version_bind()).unwrap();
        assert_eq!((answer.id, answer.code, answer.authoritative), (7, 0, true));
        let record = &answer.records[0];
        assert_eq!((record.name.as_str(), record.class), ("version.bind", CH));
        assert_eq!(record.data, Data::Text(b"dnsmasq-2.90".to_vec()));
    }

    #[test]
    fn a_question_is_no_answer_and_a_cut_answer_neither() {
        assert_eq!(Answer::read(&question(7, "a.invalid", A, IN, true)), Err(NotDns));
        let whole = version_bind();
        for end in 0..whole.len() {
            assert_eq!(Answer::read(&whole[..end]), Err(NotDns), "{end}");
        }
    }

    #[test]
    fn a_pointer_to_itself_ends() {
        let mut bytes = question(7, "a", A, IN, true);
        bytes[2] = 0x80;
        bytes[7] = 1;
        let here = u8::try_from(bytes.len()).unwrap();
        bytes.extend([0xc0, here, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(Answer::read(&bytes), Err(NotDns));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Answer::read(&bytes);
        }
    }
}
