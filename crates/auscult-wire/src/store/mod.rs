//! The first words of data stores: questions that a stranger may ask, and what is looked at in the answers.
//!
//! Each reader takes everything that came so far and gives `None` while an answer is not whole.

pub mod memcached;
pub mod mongodb;
pub mod mysql;
pub mod postgresql;
pub mod redis;

/// Longest answer that is read: 256 KiB.
pub const MAX_ANSWER: usize = 256 << 10;

/// Why bytes are no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Longer than [`MAX_ANSWER`].
    #[error("an answer is longer than {MAX_ANSWER} bytes")]
    TooLong,
    /// Not built as the protocol says.
    #[error("an answer is not well-formed")]
    Malformed,
}

/// A part, and what follows it.
pub(crate) type Parted<'a> = (&'a [u8], &'a [u8]);

/// The bytes up to a line end (CR LF, or LF alone), and what follows it; `None` while the line is not whole.
pub(crate) fn line(bytes: &[u8], most: usize) -> Result<Option<Parted<'_>>, Error> {
    match bytes.iter().position(|b| *b == b'\n') {
        Some(end) if end > most => Err(Error::TooLong),
        Some(end) => {
            let (line, rest) = bytes.split_at_checked(end).ok_or(Error::Malformed)?;
            Ok(Some((line.strip_suffix(b"\r").unwrap_or(line), rest.get(1..).unwrap_or_default())))
        }
        None if bytes.len() > most => Err(Error::TooLong),
        None => Ok(None),
    }
}

/// The first `n` bytes and the rest; `None` where they are not there yet, an error where nobody may send so many.
pub(crate) fn part(bytes: &[u8], n: usize) -> Result<Option<Parted<'_>>, Error> {
    if n > MAX_ANSWER { Err(Error::TooLong) } else { Ok(bytes.split_at_checked(n)) }
}
