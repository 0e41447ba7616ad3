//! SNMP messages: questions in versions 1, 2c and 3, and what an agent answers.
//!
//! The subset of BER that SNMP needs (RFC 3417, section 8): definite lengths, one level of bindings. Security is that
//! of nobody: community names in clear, or version 3 without authentication (RFC 3414, section 4, discovery).

/// The text that an agent describes itself with (RFC 3418): sysDescr.0.
pub const SYS_DESCR: &[u32] = &[1, 3, 6, 1, 2, 1, 1, 1, 0];

/// What a report counts when the engine id was not known (RFC 3414): it answers a discovery.
pub const UNKNOWN_ENGINE_IDS: &[u32] = &[1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0];

/// Most bindings that are read of one message.
const MAX_BINDINGS: usize = 64;

/// Most numbers of one object identifier.
const MAX_ARCS: usize = 128;

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const NULL: u8 = 0x05;
const OBJECT: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const GET: u8 = 0xa0;
const RESPONSE: u8 = 0xa2;
const REPORT: u8 = 0xa8;

/// A version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// Version 1.
    V1,
    /// Version 2 with communities.
    V2c,
    /// Version 3.
    V3,
}

/// Why bytes are no message of SNMP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a message of SNMP")]
pub struct NotSnmp;

/// What an agent said of itself in the security parameters of version 3.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Engine {
    /// Its id.
    pub id: Vec<u8>,
    /// How often it was started.
    pub boots: u64,
    /// Seconds since then.
    pub time: u64,
}

impl Engine {
    /// Number of the maker at IANA, where the id is of the usual form (RFC 3411, SnmpEngineID).
    pub fn enterprise(&self) -> Option<u32> {
        let first: [u8; 4] = self.id.get(..4)?.try_into().ok()?;
        Some(u32::from_be_bytes(first) & 0x7fff_ffff)
    }
}

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An answer.
    Response,
    /// A report: why a message of version 3 was not answered.
    Report,
    /// Its contents are encrypted.
    Encrypted,
    /// Another one.
    Other(u8),
}

/// The value of a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text or bytes.
    Octets(Vec<u8>),
    /// A whole number of any kind.
    Number(u64),
    /// Anything else, also "no such object", by its tag.
    Other(u8),
}

/// One name with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Object identifier.
    pub name: Vec<u32>,
    /// Value.
    pub value: Value,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Version.
    pub version: Version,
    /// Number by which an answer belongs to its question.
    pub id: u64,
    /// The community name; empty in version 3.
    pub community: Vec<u8>,
    /// The engine, in version 3.
    pub engine: Option<Engine>,
    /// What it is.
    pub kind: Kind,
    /// Error status, 0 for none.
    pub error: u64,
    /// Names and values.
    pub bindings: Vec<Binding>,
}

impl Message {
    /// Reads one datagram.
    ///
    /// # Errors
    /// When it is no message of versions 1, 2c or 3.
    pub fn read(bytes: &[u8]) -> Result<Self, NotSnmp> {
        let mut rest = bytes;
        let mut whole = expect(&mut rest, SEQUENCE)?;
        match number(&mut whole)? {
            0 => Self::with_community(Version::V1, whole),
            1 => Self::with_community(Version::V2c, whole),
            3 => Self::of_version_3(whole),
            _ => Err(NotSnmp),
        }
    }

    fn with_community(version: Version, mut rest: &[u8]) -> Result<Self, NotSnmp> {
        let community = expect(&mut rest, OCTETS)?.to_vec();
        let mut message = Self {
            version,
            id: 0,
            community,
            engine: None,
            kind: Kind::Other(0),
            error: 0,
            bindings: Vec::new(),
        };
        message.unit(rest)?;
        Ok(message)
    }

    fn of_version_3(mut rest: &[u8]) -> Result<Self, NotSnmp> {
        let mut header = expect(&mut rest, SEQUENCE)?;
        let id = number(&mut header)?;
        let mut security = expect(&mut rest, OCTETS)?;
        let mut parameters = expect(&mut security, SEQUENCE)?;
        let engine = Engine {
            id: expect(&mut parameters, OCTETS)?.to_vec(),
            boots: number(&mut parameters)?,
            time: number(&mut parameters)?,
        };
        let mut message = Self {
            version: Version::V3,
            id,
            community: Vec::new(),
            engine: Some(engine),
            kind: Kind::Encrypted,
            error: 0,
            bindings: Vec::new(),
        };
        let (tag, mut scoped) = field(&mut rest)?;
        match tag {
            OCTETS => return Ok(message),
            SEQUENCE => {}
            _ => return Err(NotSnmp),
        }
        expect(&mut scoped, OCTETS)?;
        expect(&mut scoped, OCTETS)?;
        message.unit(scoped)?;
        // The unit has a number of its own; question and answer are joined by that of the message.
        message.id = id;
        Ok(message)
    }

    fn unit(&mut self, mut rest: &[u8]) -> Result<(), NotSnmp> {
        let (tag, mut unit) = field(&mut rest)?;
        self.kind = match tag {
            RESPONSE => Kind::Response,
            REPORT => Kind::Report,
            other => Kind::Other(other),
        };
        // A trap of version 1 has another form, and nobody asked for one.
        if tag & 0xe0 != 0xa0 || tag == 0xa4 {
            return Err(NotSnmp);
        }
        self.id = number(&mut unit)?;
        self.error = number(&mut unit)?;
        number(&mut unit)?;
        let mut list = expect(&mut unit, SEQUENCE)?;
        while !list.is_empty() {
            let mut binding = expect(&mut list, SEQUENCE)?;
            let name = object(expect(&mut binding, OBJECT)?)?;
            let (tag, value) = field(&mut binding)?;
            if self.bindings.len() >= MAX_BINDINGS {
                return Err(NotSnmp);
            }
            self.bindings.push(Binding { name, value: value_of(tag, value) });
        }
        Ok(())
    }
}

/// A question for one value, with a community name: version 1 or 2c.
pub fn get(version: Version, community: &[u8], id: u32, name: &[u32]) -> Vec<u8> {
    let version = if version == Version::V1 { 0 } else { 1 };
    let body = [whole_number(version), tagged(OCTETS, community), get_unit(id, Some(name))].concat();
    tagged(SEQUENCE, &body)
}

/// A question of version 3 without authentication: with the engine empty and without a name, a discovery.
pub fn get_v3(engine: &Engine, user: &[u8], id: u32, name: Option<&[u32]>) -> Vec<u8> {
    // Flags: reportable, neither authentication nor privacy; model 3 is the user-based one.
    let header = [whole_number(id), whole_number(65_507), tagged(OCTETS, &[4]), whole_number(3)].concat();
    let clip = |n: u64| u32::try_from(n).unwrap_or(0) & 0x7fff_ffff;
    let security = [
        tagged(OCTETS, &engine.id),
        whole_number(clip(engine.boots)),
        whole_number(clip(engine.time)),
        tagged(OCTETS, user),
        tagged(OCTETS, &[]),
        tagged(OCTETS, &[]),
    ]
    .concat();
    let scoped = [tagged(OCTETS, &engine.id), tagged(OCTETS, &[]), get_unit(id, name)].concat();
    let body = [
        whole_number(3),
        tagged(SEQUENCE, &header),
        tagged(OCTETS, &tagged(SEQUENCE, &security)),
        tagged(SEQUENCE, &scoped),
    ]
    .concat();
    tagged(SEQUENCE, &body)
}

fn get_unit(id: u32, name: Option<&[u32]>) -> Vec<u8> {
    let bindings = name.map_or_else(Vec::new, |name| {
        tagged(SEQUENCE, &[tagged(OBJECT, &object_bytes(name)), tagged(NULL, &[])].concat())
    });
    let body = [whole_number(id), whole_number(0), whole_number(0), tagged(SEQUENCE, &bindings)].concat();
    tagged(GET, &body)
}

fn tagged(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(body.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        Ok(short) => out.extend([0x81, short]),
        Err(_) => {
            // Nothing that is written here comes near 65,535 bytes.
            let long = u16::try_from(body.len()).unwrap_or(u16::MAX);
            out.push(0x82);
            out.extend(long.to_be_bytes());
        }
    }
    out.extend_from_slice(body);
    out
}

fn whole_number(n: u32) -> Vec<u8> {
    let bytes = n.to_be_bytes();
    let zeros = bytes.iter().take_while(|b| **b == 0).count().min(3);
    let mut short = bytes.get(zeros..).unwrap_or_default().to_vec();
    if short.first().is_some_and(|b| b & 0x80 != 0) {
        short.insert(0, 0);
    }
    tagged(INTEGER, &short)
}

fn object_bytes(name: &[u32]) -> Vec<u8> {
    let [first, second, rest @ ..] = name else { return Vec::new() };
    let mut out = Vec::new();
    base_128(first.saturating_mul(40).saturating_add(*second), &mut out);
    for arc in rest {
        base_128(*arc, &mut out);
    }
    out
}

fn base_128(arc: u32, out: &mut Vec<u8>) {
    for shift in [28u32, 21, 14, 7] {
        if arc >> shift != 0 {
            out.push(u8::try_from((arc >> shift) & 0x7f).unwrap_or(0) | 0x80);
        }
    }
    out.push(u8::try_from(arc & 0x7f).unwrap_or(0));
}

/// One field: its tag and its contents.
fn field<'a>(bytes: &mut &'a [u8]) -> Result<(u8, &'a [u8]), NotSnmp> {
    let [tag, length, rest @ ..] = *bytes else { return Err(NotSnmp) };
    // No tag of SNMP is longer than one byte.
    if tag & 0x1f == 0x1f {
        return Err(NotSnmp);
    }
    let (length, rest) = match *length {
        short @ 0..0x80 => (usize::from(short), rest),
        long => {
            let count = usize::from(long & 0x7f);
            if !(1..=4).contains(&count) {
                return Err(NotSnmp);
            }
            let (digits, rest) = rest.split_at_checked(count).ok_or(NotSnmp)?;
            (digits.iter().fold(0usize, |n, b| (n << 8) | usize::from(*b)), rest)
        }
    };
    let (body, rest) = rest.split_at_checked(length).ok_or(NotSnmp)?;
    *bytes = rest;
    Ok((*tag, body))
}

fn expect<'a>(bytes: &mut &'a [u8], wanted: u8) -> Result<&'a [u8], NotSnmp> {
    let (tag, body) = field(bytes)?;
    if tag == wanted { Ok(body) } else { Err(NotSnmp) }
}

/// A whole number that is not negative.
fn number(bytes: &mut &[u8]) -> Result<u64, NotSnmp> {
    unsigned(expect(bytes, INTEGER)?).ok_or(NotSnmp)
}

fn unsigned(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > 9 || (digits.len() == 9 && digits.first() != Some(&0)) {
        return None;
    }
    Some(digits.iter().fold(0u64, |n, b| (n << 8) | u64::from(*b)))
}

fn object(bytes: &[u8]) -> Result<Vec<u32>, NotSnmp> {
    let mut name = Vec::new();
    let mut arc = 0u32;
    let mut open = false;
    for byte in bytes {
        if arc > u32::MAX >> 7 || name.len() >= MAX_ARCS {
            return Err(NotSnmp);
        }
        arc = (arc << 7) | u32::from(byte & 0x7f);
        open = byte & 0x80 != 0;
        if !open {
            if name.is_empty() {
                let first = (arc / 40).min(2);
                name.extend([first, arc.saturating_sub(first.saturating_mul(40))]);
            } else {
                name.push(arc);
            }
            arc = 0;
        }
    }
    if open { Err(NotSnmp) } else { Ok(name) }
}

fn value_of(tag: u8, value: &[u8]) -> Value {
    match tag {
        OCTETS => Value::Octets(value.to_vec()),
        // Integer, counter, gauge, time ticks and 64-bit counter.
        INTEGER | 0x41 | 0x42 | 0x43 | 0x46 => unsigned(value).map_or(Value::Other(tag), Value::Number),
        other => Value::Other(other),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_question_is_written_as_others_write_it() {
        // From snmpget of net-snmp: version 2c, public, sysDescr.0.
        let theirs = [
            0x30, 0x29, 0x02, 0x01, 0x01, 0x04, 0x06, b'p', b'u', b'b', b'l', b'i', b'c', 0xa0, 0x1c, 0x02,
            0x04, 0x12, 0x34, 0x56, 0x78, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x0e, 0x30, 0x0c, 0x06,
            0x08, 0x2b, 0x06, 0x01, 0x02, 0x01, 0x01, 0x01, 0x00, 0x05, 0x00,
        ];
        assert_eq!(get(Version::V2c, b"public", 0x1234_5678, SYS_DESCR), theirs);
    }

    #[test]
    fn a_question_reads_back() {
        let message = Message::read(&get(Version::V1, b"private", 7, SYS_DESCR)).unwrap();
        assert_eq!((message.version, message.id, &message.community[..]), (Version::V1, 7, &b"private"[..]));
        assert_eq!(message.kind, Kind::Other(GET));
        assert_eq!(message.bindings[0].name, SYS_DESCR);
        let engine = Engine { id: vec![0x80, 0, 0x1f, 0x88, 4, 1], boots: 3, time: 900 };
        let message = Message::read(&get_v3(&engine, b"initial", 9, Some(SYS_DESCR))).unwrap();
        assert_eq!((message.version, message.id, message.engine.as_ref()), (Version::V3, 9, Some(&engine)));
        assert_eq!(engine.enterprise(), Some(8072));
        let discovery = Message::read(&get_v3(&Engine::default(), b"", 9, None)).unwrap();
        assert_eq!((discovery.engine, discovery.bindings), (Some(Engine::default()), Vec::new()));
    }

    #[test]
    fn what_is_cut_or_of_another_kind_is_refused() {
        let whole = get(Version::V2c, b"public", 1, SYS_DESCR);
        for end in 0..whole.len() {
            assert_eq!(Message::read(&whole[..end]), Err(NotSnmp), "{end}");
        }
        for bytes in [&b"\x30\x80"[..], b"\x30\x84\xff\xff\xff\xff", b"\x30\x03\x02\x01\x02", b"HTTP/1.1 400"]
        {
            assert_eq!(Message::read(bytes), Err(NotSnmp));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Message::read(&bytes);
        }

        #[test]
        fn every_name_reads_back(arcs in prop::collection::vec(any::<u32>(), 0..20), id in 0u32..0x7fff_ffff) {
            let name = [vec![1, 3], arcs].concat();
            let message = Message::read(&get(Version::V2c, b"x", id, &name)).unwrap();
            prop_assert_eq!((&message.bindings[0].name, message.id), (&name, u64::from(id)));
        }
    }
}
