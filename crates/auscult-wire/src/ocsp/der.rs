//! DER, as much of it as an OCSP response needs: definite lengths, low tags, borrowed contents.

/// Bytes not yet read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Der<'a>(pub(super) &'a [u8]);

/// Tags, with class and form (X.690, section 8.1.2).
pub(super) mod tag {
    pub(in super::super) const INTEGER: u8 = 0x02;
    pub(in super::super) const BIT_STRING: u8 = 0x03;
    pub(in super::super) const OCTET_STRING: u8 = 0x04;
    pub(in super::super) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(in super::super) const ENUMERATED: u8 = 0x0a;
    pub(in super::super) const GENERALIZED_TIME: u8 = 0x18;
    pub(in super::super) const SEQUENCE: u8 = 0x30;
}

impl<'a> Der<'a> {
    /// The tag that comes next.
    pub(super) fn next(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads one value of a tag.
    pub(super) fn value(&mut self, tag: u8) -> Option<Der<'a>> {
        self.whole(tag).map(|(_, content)| Der(content))
    }

    /// Reads one value of a tag where it comes next; `Some(None)` where another one does.
    pub(super) fn optional(&mut self, tag: u8) -> Option<Option<Der<'a>>> {
        if self.next() == Some(tag) { self.value(tag).map(Some) } else { Some(None) }
    }

    /// Reads one value of a tag: all of it, and its content.
    pub(super) fn whole(&mut self, tag: u8) -> Option<(&'a [u8], &'a [u8])> {
        let (&first, rest) = self.0.split_first()?;
        let (&short, rest) = rest.split_first()?;
        if first != tag {
            return None;
        }
        let (octets, length) = match short {
            0..=0x7f => (0, usize::from(short)),
            // Lengths of more than three bytes are longer than anything that is read here.
            0x81..=0x83 => {
                let octets = usize::from(short & 0x7f);
                let length = rest.get(..octets)?.iter().fold(0, |n: usize, b| (n << 8) | usize::from(*b));
                (octets, length)
            }
            _ => return None,
        };
        let content = rest.get(octets..)?.get(..length)?;
        let all = self.0.len().checked_sub(rest.len())?.checked_add(octets)?.checked_add(length)?;
        let (whole, after) = self.0.split_at_checked(all)?;
        self.0 = after;
        Some((whole, content))
    }
}
