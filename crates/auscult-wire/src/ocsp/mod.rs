//! A response of OCSP (RFC 6960, section 4.2), as a server staples it: what it says, of whom, when, and what was signed.
//!
//! Nothing is verified here.

mod der;

use der::{Der, tag};

/// Longest response read, in bytes.
pub const LONGEST: usize = 32 << 10;

/// Most certificates of which one response speaks.
const MOST_SINGLE: usize = 16;

/// Most certificates that come along with a response.
const MOST_CERTIFICATES: usize = 8;

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response<'a> {
    /// The responder has no answer; its reason (RFC 6960, section 4.2.1), never 0.
    Refused(u8),
    /// An answer of another type than the basic one.
    OtherType,
    /// A basic answer.
    Basic(Basic<'a>),
}

/// A basic answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basic<'a> {
    /// What was signed.
    pub signed: &'a [u8],
    /// Object identifier of the signature algorithm, content only.
    pub algorithm: &'a [u8],
    /// The signature.
    pub signature: &'a [u8],
    /// Certificates that come along, DER, at most 8.
    pub certificates: Vec<&'a [u8]>,
    /// What it says of each certificate, at most 16.
    pub single: Vec<Single<'a>>,
}

/// What a response says of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Single<'a> {
    /// Object identifier of the hash in the two fields below, content only.
    pub hash: &'a [u8],
    /// Hash of the name of the authority.
    pub name_hash: &'a [u8],
    /// Hash of the key of the authority.
    pub key_hash: &'a [u8],
    /// Serial number of the certificate, big-endian as encoded.
    pub serial: &'a [u8],
    /// Its status.
    pub status: Status,
    /// When this was known to be so.
    pub this_update: Moment,
    /// When newer information will be there.
    pub next_update: Option<Moment>,
}

/// Status of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not revoked, as far as the responder knows.
    Good,
    /// Revoked, for this reason (RFC 5280, section 5.3.1; 6 is "on hold") if one is given.
    Revoked(Option<u8>),
    /// Not known to the responder.
    Unknown,
}

/// A moment in UTC, as written; the fields are digits and need not be a date that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Year, 0 to 9999.
    pub year: u16,
    /// Month.
    pub month: u8,
    /// Day.
    pub day: u8,
    /// Hour.
    pub hour: u8,
    /// Minute.
    pub minute: u8,
    /// Second.
    pub second: u8,
}

/// Object identifier of the basic answer, 1.3.6.1.5.5.7.48.1.1, content only.
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1];

/// Reads a response; `None` where it is none, or longer than [`LONGEST`].
pub fn read(bytes: &[u8]) -> Option<Response<'_>> {
    if bytes.len() > LONGEST {
        return None;
    }
    let mut outer = Der(bytes);
    let mut response = outer.value(tag::SEQUENCE)?;
    if !outer.is_empty() {
        return None;
    }
    let &[status] = response.value(tag::ENUMERATED)?.0 else { return None };
    if status != 0 {
        return Some(Response::Refused(status));
    }
    let mut explicit = response.value(0xa0)?;
    let mut typed = explicit.value(tag::SEQUENCE)?;
    if typed.value(tag::OBJECT_IDENTIFIER)?.0 != BASIC {
        return Some(Response::OtherType);
    }
    let mut inner = typed.value(tag::OCTET_STRING)?;
    let basic = inner.value(tag::SEQUENCE)?;
    inner.is_empty().then_some(())?;
    read_basic(basic).map(Response::Basic)
}

fn read_basic(mut basic: Der<'_>) -> Option<Basic<'_>> {
    let (signed, data) = basic.whole(tag::SEQUENCE)?;
    let algorithm = basic.value(tag::SEQUENCE)?.value(tag::OBJECT_IDENTIFIER)?.0;
    // The first byte of a bit string counts unused bits; a signature has none.
    let (0, signature) = basic.value(tag::BIT_STRING)?.0.split_first()? else { return None };
    let mut certificates = Vec::new();
    if let Some(mut explicit) = basic.optional(0xa0)? {
        let mut list = explicit.value(tag::SEQUENCE)?;
        while !list.is_empty() {
            let (certificate, _) = list.whole(tag::SEQUENCE)?;
            if certificates.len() < MOST_CERTIFICATES {
                certificates.push(certificate);
            }
        }
    }
    Some(Basic { signed, algorithm, signature, certificates, single: read_data(Der(data))? })
}

/// What a ResponseData holds of single certificates.
fn read_data(mut data: Der<'_>) -> Option<Vec<Single<'_>>> {
    // Version, and the name or key hash of the responder: who has signed is found by the signature.
    data.optional(0xa0)?;
    match data.next()? {
        named @ (0xa1 | 0xa2) => data.value(named)?,
        _ => return None,
    };
    moment(data.value(tag::GENERALIZED_TIME)?)?;
    let mut list = data.value(tag::SEQUENCE)?;
    let mut all = Vec::new();
    while !list.is_empty() {
        let single = read_single(list.value(tag::SEQUENCE)?)?;
        if all.len() < MOST_SINGLE {
            all.push(single);
        }
    }
    Some(all)
}

fn read_single(mut single: Der<'_>) -> Option<Single<'_>> {
    let mut id = single.value(tag::SEQUENCE)?;
    let hash = id.value(tag::SEQUENCE)?.value(tag::OBJECT_IDENTIFIER)?.0;
    let name_hash = id.value(tag::OCTET_STRING)?.0;
    let key_hash = id.value(tag::OCTET_STRING)?.0;
    let serial = id.value(tag::INTEGER)?.0;
    let status = match single.next()? {
        0x80 => {
            single.value(0x80)?;
            Status::Good
        }
        0xa1 => {
            let mut revoked = single.value(0xa1)?;
            moment(revoked.value(tag::GENERALIZED_TIME)?)?;
            let reason = match revoked.optional(0xa0)? {
                Some(mut explicit) => explicit.value(tag::ENUMERATED)?.0.first().copied(),
                None => None,
            };
            Status::Revoked(reason)
        }
        0x82 => {
            single.value(0x82)?;
            Status::Unknown
        }
        _ => return None,
    };
    let this_update = moment(single.value(tag::GENERALIZED_TIME)?)?;
    let next_update = match single.optional(0xa0)? {
        Some(mut explicit) => Some(moment(explicit.value(tag::GENERALIZED_TIME)?)?),
        None => None,
    };
    Some(Single { hash, name_hash, key_hash, serial, status, this_update, next_update })
}

/// Reads `YYYYMMDDHHMMSSZ`, the only form allowed (RFC 6960, section 4.2.2.1, with RFC 5280, section 4.1.2.5.2).
fn moment(text: Der<'_>) -> Option<Moment> {
    let (digits, b"Z") = text.0.split_at_checked(14)? else { return None };
    let mut pairs = digits.chunks_exact(2).map(|pair| match pair {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            tens.checked_sub(b'0')?.checked_mul(10)?.checked_add(ones.checked_sub(b'0')?)
        }
        _ => None,
    });
    let mut next = || pairs.next().flatten();
    let year = u16::from(next()?).checked_mul(100)?.checked_add(u16::from(next()?))?;
    Some(Moment { year, month: next()?, day: next()?, hour: next()?, minute: next()?, second: next()? })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use proptest::prelude::*;

    use super::*;

    fn value(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap();
        let mut out = vec![tag, 0x82];
        out.extend(length.to_be_bytes());
        out.extend(body);
        out
    }

    fn response(status: &[u8], next: bool) -> Vec<u8> {
        let time = value(0x18, b"20270102030405Z");
        let id = value(
            0x30,
            &[
                value(0x30, &value(6, &[0x2b, 14, 3, 2, 26])),
                value(4, &[1; 20]),
                value(4, &[2; 20]),
                value(2, &[0x11, 0x22]),
            ]
            .concat(),
        );
        let mut single = [id, status.to_vec(), time.clone()].concat();
        if next {
            single.extend(value(0xa0, &value(0x18, b"20270109030405Z")));
        }
        let data = [value(0xa2, &value(4, &[2; 20])), time, value(0x30, &value(0x30, &single))].concat();
        let certificates = value(0xa0, &value(0x30, &value(0x30, b"der")));
        let basic =
            [value(0x30, &data), value(0x30, &value(6, &[0x2a, 1])), value(3, &[0, 9, 9, 9]), certificates]
                .concat();
        let typed = [value(6, BASIC), value(4, &value(0x30, &basic))].concat();
        value(0x30, &[value(0x0a, &[0]), value(0xa0, &value(0x30, &typed))].concat())
    }

    fn basic(bytes: &[u8]) -> Basic<'_> {
        let told = match read(bytes) {
            Some(Response::Basic(basic)) => Some(basic),
            _ => None,
        };
        told.unwrap()
    }

    #[test]
    fn statuses_are_read() {
        let good = response(&[0x80, 0], true);
        let basic_good = basic(&good);
        let single = &basic_good.single[0];
        assert_eq!((single.status, single.serial), (Status::Good, &[0x11, 0x22][..]));
        assert_eq!((single.name_hash, single.key_hash), (&[1; 20][..], &[2; 20][..]));
        assert_eq!(single.this_update.year, 2027);
        assert_eq!(single.next_update.unwrap().day, 9);
        assert_eq!((basic_good.algorithm, basic_good.signature), (&[0x2a, 1][..], &[9, 9, 9][..]));
        assert_eq!(basic_good.certificates.len(), 1);

        let time = value(0x18, b"20260102030405Z");
        let reason = value(0xa0, &[0x0a, 1, 6]);
        let revoked = response(&value(0xa1, &[time.clone(), reason].concat()), false);
        assert_eq!(basic(&revoked).single[0].status, Status::Revoked(Some(6)));
        assert_eq!(basic(&revoked).single[0].next_update, None);
        assert_eq!(basic(&response(&value(0xa1, &time), true)).single[0].status, Status::Revoked(None));
        assert_eq!(basic(&response(&[0x82, 0], true)).single[0].status, Status::Unknown);
    }

    #[test]
    fn refusals_and_nonsense() {
        assert_eq!(read(&[0x30, 3, 0x0a, 1, 6]), Some(Response::Refused(6)));
        assert_eq!(read(b""), None);
        assert_eq!(read(&vec![0x30; LONGEST + 1]), None);
        let whole = response(&[0x80, 0], true);
        for cut in 0..whole.len() {
            assert_eq!(read(&whole[..cut]), None, "cut at {cut}");
        }
        assert_eq!(moment(Der(b"20270102030405+01")), None);
        assert_eq!(moment(Der(b"2027010203040xZ")), None);
    }

    proptest! {
        #[test]
        fn never_panics(at in 0usize..300, noise in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut bytes = response(&[0x80, 0], true);
            let at = at.min(bytes.len());
            let end = at.saturating_add(noise.len()).min(bytes.len());
            bytes.splice(at..end, noise);
            let _ = read(&bytes);
        }
    }
}
