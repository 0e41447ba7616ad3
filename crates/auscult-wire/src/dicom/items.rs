//! What two peers agree on when an association begins (PS3.8 sections 9.3.2 and 9.3.3).

use super::{APPLICATION_CONTEXT, Cursor, Error};

/// Most items of one kind that are read; 128 is all that odd numbers of one byte allow.
const MAX_ITEMS: usize = 128;

/// Who we are as an implementation: an identifier made from a UUID (PS3.5 annex B.2).
const IMPLEMENTATION: &str = "2.25.262057259115530831519409699546071499824";

/// A-ASSOCIATE-RQ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociateRq {
    /// Called AE title.
    pub called: String,
    /// Calling AE title.
    pub calling: String,
    /// Longest data unit that the requestor takes; 0 for any.
    pub max_pdu: u32,
    /// What it proposes.
    pub contexts: Vec<ContextOffer>,
}

/// A-ASSOCIATE-AC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociateAc {
    /// Called AE title as sent back; not to be relied on.
    pub called: String,
    /// Calling AE title as sent back; not to be relied on.
    pub calling: String,
    /// Longest data unit that the acceptor takes; 0 for any.
    pub max_pdu: u32,
    /// What it says to each proposal.
    pub contexts: Vec<ContextAnswer>,
}

/// A proposed presentation context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextOffer {
    /// Odd number.
    pub id: u8,
    /// What for: a SOP class.
    pub abstract_syntax: String,
    /// How it may be encoded.
    pub transfer_syntaxes: Vec<String>,
}

/// The answer to one (table 9-18).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextAnswer {
    /// Its number.
    pub id: u8,
    /// 0 acceptance, 1 user rejection, 2 no reason, 3 abstract syntax, 4 transfer syntaxes not supported.
    pub result: u8,
    /// Chosen encoding; means nothing unless accepted.
    pub transfer_syntax: String,
}

impl AssociateRq {
    pub(super) fn read(body: &[u8]) -> Result<Self, Error> {
        let (called, calling, items) = head(body)?;
        let mut request = Self { called, calling, max_pdu: 0, contexts: Vec::new() };
        for (kind, item) in items {
            match kind {
                0x20 => request.contexts.push(ContextOffer::read(item)?),
                0x50 => request.max_pdu = max_pdu(item)?,
                _ => {}
            }
        }
        Ok(request)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut bytes = write_head(&self.called, &self.calling);
        for context in &self.contexts {
            let mut inner = vec![context.id, 0, 0, 0];
            write_item(&mut inner, 0x30, context.abstract_syntax.as_bytes());
            for syntax in &context.transfer_syntaxes {
                write_item(&mut inner, 0x40, syntax.as_bytes());
            }
            write_item(&mut bytes, 0x20, &inner);
        }
        write_user(&mut bytes, self.max_pdu);
        bytes
    }
}

impl AssociateAc {
    pub(super) fn read(body: &[u8]) -> Result<Self, Error> {
        let (called, calling, items) = head(body)?;
        let mut answer = Self { called, calling, max_pdu: 0, contexts: Vec::new() };
        for (kind, item) in items {
            match kind {
                0x21 => answer.contexts.push(ContextAnswer::read(item)?),
                0x50 => answer.max_pdu = max_pdu(item)?,
                _ => {}
            }
        }
        Ok(answer)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut bytes = write_head(&self.called, &self.calling);
        for context in &self.contexts {
            let mut inner = vec![context.id, 0, context.result, 0];
            write_item(&mut inner, 0x40, context.transfer_syntax.as_bytes());
            write_item(&mut bytes, 0x21, &inner);
        }
        write_user(&mut bytes, self.max_pdu);
        bytes
    }
}

impl ContextOffer {
    fn read(item: &[u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::new(item);
        let [id, _, _, _] = cursor.array()?;
        let mut offer = Self { id, abstract_syntax: String::new(), transfer_syntaxes: Vec::new() };
        for (kind, value) in items(cursor.rest)? {
            match kind {
                0x30 => offer.abstract_syntax = text(value),
                0x40 => offer.transfer_syntaxes.push(text(value)),
                _ => {}
            }
        }
        Ok(offer)
    }
}

impl ContextAnswer {
    fn read(item: &[u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::new(item);
        let [id, _, result, _] = cursor.array()?;
        // A refused context need not carry its transfer syntax, and some peers leave rubbish there.
        let transfer_syntax = items(cursor.rest)
            .ok()
            .and_then(|items| items.into_iter().find(|(kind, _)| *kind == 0x40))
            .map(|(_, value)| text(value))
            .unwrap_or_default();
        Ok(Self { id, result, transfer_syntax })
    }
}

type Items<'a> = Vec<(u8, &'a [u8])>;

fn head(body: &[u8]) -> Result<(String, String, Items<'_>), Error> {
    let mut cursor = Cursor::new(body);
    cursor.take(4)?;
    let called = text(cursor.take(16)?);
    let calling = text(cursor.take(16)?);
    cursor.take(32)?;
    Ok((called, calling, items(cursor.rest)?))
}

fn items(bytes: &[u8]) -> Result<Items<'_>, Error> {
    let mut cursor = Cursor::new(bytes);
    let mut items = Vec::new();
    while !cursor.is_empty() {
        if items.len() > MAX_ITEMS.saturating_add(2) {
            return Err(Error::TooMany { most: MAX_ITEMS });
        }
        let [kind, _] = cursor.array()?;
        let length = cursor.big_u16()?;
        items.push((kind, cursor.take(length)?));
    }
    Ok(items)
}

fn max_pdu(user: &[u8]) -> Result<u32, Error> {
    let found = items(user)?.into_iter().find(|(kind, _)| *kind == 0x51);
    Ok(found.and_then(|(_, value)| value.try_into().ok()).map_or(0, u32::from_be_bytes))
}

/// Titles and identifiers: trailing blanks and NULs mean nothing; bytes beyond ASCII are shown as `?`.
fn text(bytes: &[u8]) -> String {
    let shown: String =
        bytes.iter().map(|b| if b.is_ascii_graphic() || *b == b' ' { char::from(*b) } else { '?' }).collect();
    let padded = bytes.iter().rev().take_while(|b| matches!(b, 0 | b' ')).count();
    shown.chars().take(bytes.len().saturating_sub(padded)).collect::<String>().trim_start().to_owned()
}

fn write_head(called: &str, calling: &str) -> Vec<u8> {
    let mut bytes = vec![0, 1, 0, 0];
    bytes.extend(title(called));
    bytes.extend(title(calling));
    bytes.extend([0; 32]);
    write_item(&mut bytes, 0x10, APPLICATION_CONTEXT.as_bytes());
    bytes
}

/// Sixteen bytes, padded with blanks; what is longer is cut.
fn title(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().chain(std::iter::repeat(b' ')).take(16)
}

fn write_item(bytes: &mut Vec<u8>, kind: u8, value: &[u8]) {
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    bytes.extend_from_slice(&[kind, 0]);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend(value.iter().take(usize::from(length)));
}

fn write_user(bytes: &mut Vec<u8>, max_pdu: u32) {
    let mut user = Vec::new();
    write_item(&mut user, 0x51, &max_pdu.to_be_bytes());
    write_item(&mut user, 0x52, IMPLEMENTATION.as_bytes());
    write_item(&mut user, 0x55, b"AUSCULT");
    write_item(bytes, 0x50, &user);
}
