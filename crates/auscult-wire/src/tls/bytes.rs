//! Reading and writing of length-prefixed fields.

/// Bytes not yet read; every step gives `None` where they do not suffice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    pub(super) fn u24(&mut self) -> Option<usize> {
        let high = usize::from(self.u8()?);
        Some((high << 16) | usize::from(self.u16()?))
    }

    pub(super) fn vec8(&mut self) -> Option<&'a [u8]> {
        let n = self.u8()?;
        self.take(usize::from(n))
    }

    pub(super) fn vec16(&mut self) -> Option<&'a [u8]> {
        let n = self.u16()?;
        self.take(usize::from(n))
    }

    pub(super) fn vec24(&mut self) -> Option<&'a [u8]> {
        let n = self.u24()?;
        self.take(n)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Appends `body` with its length in two bytes; a body that is too long is cut, which no caller brings about.
pub(super) fn put16(out: &mut Vec<u8>, body: &[u8]) {
    let length = u16::try_from(body.len()).unwrap_or(u16::MAX);
    out.extend(length.to_be_bytes());
    out.extend(body.iter().take(usize::from(length)));
}

/// Appends `body` with its length in one byte; a body that is too long is cut.
pub(super) fn put8(out: &mut Vec<u8>, body: &[u8]) {
    let length = u8::try_from(body.len()).unwrap_or(u8::MAX);
    out.push(length);
    out.extend(body.iter().take(usize::from(length)));
}

/// Code points one after the other.
pub(super) fn codes(list: &[u16], most: usize) -> Vec<u8> {
    list.iter().take(most).flat_map(|code| code.to_be_bytes()).collect()
}
