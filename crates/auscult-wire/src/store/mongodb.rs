//! MongoDB: commands in OP_MSG and OP_QUERY, and what is looked at in the documents that answer them.

use super::{Error, MAX_ANSWER, part};

const OP_REPLY: u32 = 1;
const OP_QUERY: u32 = 2004;
const OP_MSG: u32 = 2013;

/// The first version of the wire protocol that knows OP_MSG (MongoDB 3.6).
pub const WIRE_WITH_OP_MSG: i64 = 6;

/// How deep documents may lie within each other.
const DEPTH: u32 = 16;

/// Most elements that are looked at in one document.
const ELEMENTS: usize = 4096;

/// `isMaster`: the form that servers of every age answer before a login.
pub fn hello(request: u32) -> Vec<u8> {
    op_query(request, &document(&[("isMaster", Value::Int(1))]))
}

/// `listDatabases`, names only; `op_msg` where the server knows that form.
pub fn list_databases(request: u32, op_msg: bool) -> Vec<u8> {
    if op_msg {
        let mut body = 0u32.to_le_bytes().to_vec();
        body.push(0);
        body.extend(document(&[
            ("listDatabases", Value::Int(1)),
            ("nameOnly", Value::True),
            ("$db", Value::Text("admin")),
        ]));
        message(request, OP_MSG, &body)
    } else {
        op_query(request, &document(&[("listDatabases", Value::Int(1)), ("nameOnly", Value::True)]))
    }
}

fn op_query(request: u32, document: &[u8]) -> Vec<u8> {
    let mut body = 0u32.to_le_bytes().to_vec();
    body.extend(b"admin.$cmd\0");
    body.extend(0u32.to_le_bytes());
    body.extend((-1i32).to_le_bytes());
    body.extend(document);
    message(request, OP_QUERY, &body)
}

fn message(request: u32, kind: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len().saturating_add(16)).unwrap_or(0);
    [&length.to_le_bytes()[..], &request.to_le_bytes(), &[0; 4], &kind.to_le_bytes(), body].concat()
}

enum Value<'a> {
    Int(i32),
    True,
    Text(&'a str),
}

fn document(elements: &[(&str, Value<'_>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in elements {
        let (kind, bytes) = match value {
            Value::Int(n) => (0x10, n.to_le_bytes().to_vec()),
            Value::True => (0x08, vec![1]),
            Value::Text(text) => {
                let length = u32::try_from(text.len().saturating_add(1)).unwrap_or(0);
                (0x02, [&length.to_le_bytes()[..], text.as_bytes(), &[0]].concat())
            }
        };
        body.push(kind);
        body.extend(name.as_bytes());
        body.push(0);
        body.extend(bytes);
    }
    body.push(0);
    let length = u32::try_from(body.len().saturating_add(4)).unwrap_or(0);
    [&length.to_le_bytes()[..], &body].concat()
}

/// What an answer says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Whether the command was done.
    pub ok: bool,
    /// Code of the error; 13 says that a login is missing.
    pub code: Option<i64>,
    /// Highest version of the wire protocol that the server knows.
    pub max_wire_version: Option<i64>,
    /// Databases listed.
    pub databases: Option<u64>,
    /// Whether the error's text says that a login is missing, as servers before 3.0 say it without a code.
    pub says_unauthorised: bool,
}

/// Reads an answer to the request of that number.
///
/// # Errors
/// When it is too long, answers something else, or is no document.
pub fn reply(bytes: &[u8], request: u32) -> Result<Option<Reply>, Error> {
    let mut head = Fields(bytes);
    let Some(length) = head.u32() else { return Ok(None) };
    let length = usize::try_from(length).map_err(|_| Error::TooLong)?;
    if length > MAX_ANSWER {
        return Err(Error::TooLong);
    }
    if length < 16 {
        return Err(Error::Malformed);
    }
    let Some((whole, _)) = part(bytes, length)? else { return Ok(None) };
    let mut fields = Fields(whole);
    let mut next = || fields.u32().ok_or(Error::Malformed);
    let (_, _, answers, kind) = (next()?, next()?, next()?, next()?);
    if answers != request {
        return Err(Error::Malformed);
    }
    let rest = match kind {
        // Flags, cursor, start and number of documents.
        OP_REPLY => fields.skip(20).ok_or(Error::Malformed)?.0,
        // Flags, and the kind of the first section: 0 is a document.
        OP_MSG => {
            let body = fields.skip(4).ok_or(Error::Malformed)?.0;
            body.strip_prefix(&[0]).ok_or(Error::Malformed)?
        }
        _ => return Err(Error::Malformed),
    };
    read(rest).map(Some)
}

fn read(document: &[u8]) -> Result<Reply, Error> {
    let mut reply = Reply::default();
    let mut said_ok = false;
    for (kind, name, value) in elements(document, 0)? {
        match name {
            b"ok" => {
                said_ok = true;
                reply.ok = number(kind, value) == Some(1);
            }
            b"code" => reply.code = number(kind, value),
            b"maxWireVersion" => reply.max_wire_version = number(kind, value),
            b"errmsg" if kind == 0x02 => {
                let text = value.to_ascii_lowercase();
                let says = |words: &[u8]| text.windows(words.len()).any(|w| w == words);
                reply.says_unauthorised =
                    says(b"not authorized") || says(b"unauthorized") || says(b"requires authentication");
            }
            b"databases" if kind == 0x04 => {
                reply.databases = u64::try_from(elements(value, 1)?.len()).ok();
            }
            _ => {}
        }
    }
    if said_ok { Ok(reply) } else { Err(Error::Malformed) }
}

type Element<'a> = (u8, &'a [u8], &'a [u8]);

/// The elements of a document: type, name and value.
fn elements(bytes: &[u8], depth: u32) -> Result<Vec<Element<'_>>, Error> {
    if depth > DEPTH {
        return Err(Error::Malformed);
    }
    let bad = Error::Malformed;
    let length = usize::try_from(Fields(bytes).u32().ok_or(bad)?).map_err(|_| bad)?;
    let inside = bytes.get(4..length.checked_sub(1).ok_or(bad)?).ok_or(bad)?;
    let mut rest = Fields(inside);
    let mut found = Vec::new();
    while !rest.0.is_empty() {
        if found.len() >= ELEMENTS {
            return Err(Error::TooLong);
        }
        let kind = rest.take(1).and_then(<[u8]>::first).copied().ok_or(bad)?;
        let name = rest.text().ok_or(bad)?;
        let length = |at: &Fields<'_>| Fields(at.0).u32().and_then(|n| usize::try_from(n).ok());
        let size = match kind {
            0x01 | 0x09 | 0x11 | 0x12 => 8,
            0x02 | 0x0d | 0x0e => length(&rest).and_then(|n| n.checked_add(4)).ok_or(bad)?,
            0x03 | 0x04 | 0x0f => length(&rest).ok_or(bad)?,
            0x05 => length(&rest).and_then(|n| n.checked_add(5)).ok_or(bad)?,
            0x06 | 0x0a | 0x7f | 0xff => 0,
            0x07 => 12,
            0x08 => 1,
            0x0b => {
                let mut two = Fields(rest.0);
                two.text().and_then(|_| two.text()).ok_or(bad)?;
                rest.0.len().saturating_sub(two.0.len())
            }
            0x10 => 4,
            0x13 => 16,
            _ => return Err(bad),
        };
        found.push((kind, name, rest.take(size).ok_or(bad)?));
    }
    Ok(found)
}

fn number(kind: u8, value: &[u8]) -> Option<i64> {
    match kind {
        0x01 => {
            let number = f64::from_le_bytes(*value.first_chunk::<8>()?);
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a number out of range becomes the nearest one"
            )]
            let whole = number as i64;
            Some(whole)
        }
        0x08 => Some(i64::from(*value.first()?)),
        0x10 => Some(i64::from(i32::from_le_bytes(*value.first_chunk::<4>()?))),
        0x12 => Some(i64::from_le_bytes(*value.first_chunk::<8>()?)),
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    fn skip(mut self, n: usize) -> Option<Self> {
        self.take(n)?;
        Some(self)
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk::<4>()?))
    }

    /// Text up to a zero byte.
    fn text(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|b| *b == 0)?;
        let text = self.take(end)?;
        self.take(1)?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;

    fn answer(kind: u32, head: &[u8], document: &[u8]) -> Vec<u8> {
        let mut bytes = message(1, kind, &[head, document].concat());
        bytes[8..12].copy_from_slice(&7u32.to_le_bytes());
        bytes
    }

    #[test]
    fn answers_of_both_kinds_are_read() {
        let ok = document(&[("maxWireVersion", Value::Int(21)), ("ok", Value::Int(1))]);
        let read = reply(&answer(OP_REPLY, &[0; 20], &ok), 7).unwrap().unwrap();
        assert!(read.ok && read.max_wire_version == Some(21));
        let refused = document(&[
            ("ok", Value::Int(0)),
            ("errmsg", Value::Text("command listDatabases requires authentication")),
            ("code", Value::Int(13)),
        ]);
        let bytes = answer(OP_MSG, &[0; 5], &refused);
        let read = reply(&bytes, 7).unwrap().unwrap();
        assert_eq!((read.ok, read.code, read.says_unauthorised), (false, Some(13), true));
        assert_eq!(reply(&bytes, 8), Err(Error::Malformed));
        for end in 0..bytes.len() {
            assert_eq!(reply(&bytes[..end], 7).unwrap(), None);
        }
    }

    #[test]
    fn databases_are_counted() {
        let mut list = document(&[]);
        for name in ["0", "1"] {
            let one = document(&[("name", Value::Text("vitals"))]);
            list.pop();
            list.push(0x03);
            list.extend(name.as_bytes());
            list.push(0);
            list.extend(one);
            list.push(0);
        }
        let length = u32::try_from(list.len()).unwrap().to_le_bytes();
        list[..4].copy_from_slice(&length);
        let mut all = document(&[("ok", Value::Int(1))]);
        all.pop();
        all.extend(b"\x04databases\0");
        all.extend(&list);
        all.push(0);
        let length = u32::try_from(all.len()).unwrap().to_le_bytes();
        all[..4].copy_from_slice(&length);
        assert_eq!(reply(&answer(OP_MSG, &[0; 5], &all), 7).unwrap().unwrap().databases, Some(2));
    }

    #[test]
    fn questions_say_their_length() {
        for bytes in [hello(7), list_databases(7, true), list_databases(7, false)] {
            assert_eq!(u32::from_le_bytes(bytes[..4].try_into().unwrap()) as usize, bytes.len());
        }
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        assert_eq!(reply(b"HTTP/1.1 400 Bad", 7), Err(Error::TooLong));
        assert_eq!(reply(b"\x0f\0\0\0", 7), Err(Error::Malformed));
        let empty = answer(OP_MSG, &[0; 5], &document(&[]));
        assert_eq!(reply(&empty, 7), Err(Error::Malformed));
    }
}
