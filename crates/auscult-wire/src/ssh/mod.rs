//! The beginning of SSH: identification, packets, lists of algorithms, key exchange, host keys and logins (RFC 4253, 4252).

mod algorithms;
mod key;
mod messages;
mod packet;

pub use algorithms::KexInit;
pub use key::HostKey;
pub use messages::{
    KexReply, LoginAnswer, disconnect, kex_init, login_answer, none_request, password_request,
    service_request,
};
pub use packet::{MAX_PACKET, Packet, put_string, put_uint, seal};

/// Numbers of messages (RFC 4250, 4.1.2).
pub mod number {
    /// SSH_MSG_DISCONNECT.
    pub const DISCONNECT: u8 = 1;
    /// SSH_MSG_IGNORE.
    pub const IGNORE: u8 = 2;
    /// SSH_MSG_UNIMPLEMENTED.
    pub const UNIMPLEMENTED: u8 = 3;
    /// SSH_MSG_DEBUG.
    pub const DEBUG: u8 = 4;
    /// SSH_MSG_SERVICE_ACCEPT.
    pub const SERVICE_ACCEPT: u8 = 6;
    /// SSH_MSG_EXT_INFO.
    pub const EXT_INFO: u8 = 7;
    /// SSH_MSG_KEXINIT.
    pub const KEXINIT: u8 = 20;
    /// SSH_MSG_NEWKEYS.
    pub const NEWKEYS: u8 = 21;
    /// SSH_MSG_KEXDH_REPLY and SSH_MSG_KEX_ECDH_REPLY.
    pub const KEX_REPLY: u8 = 31;
    /// SSH_MSG_USERAUTH_BANNER.
    pub const USERAUTH_BANNER: u8 = 53;
}

/// Bytes that cannot be what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The greeting goes on for too long without an identification.
    #[error("no identification in the first {most} bytes")]
    NoIdentification {
        /// Bytes that may come before its end.
        most: usize,
    },
    /// A packet of a size that is not allowed.
    #[error("packet of {length} bytes")]
    PacketLength {
        /// As announced.
        length: usize,
    },
    /// Another message than expected.
    #[error("message {number} where another was due")]
    Message {
        /// Its number.
        number: u8,
    },
    /// A field reaches beyond the end.
    #[error("a field is cut off")]
    Cut,
    /// More names, or longer ones, than allowed.
    #[error("a list of names is out of bounds")]
    Names,
}

/// Bytes of other lines, and of the identification, that a server may send before its first packet.
///
/// RFC 4253, 4.2 sets no bound on the lines before; more than a long legal notice is none.
pub const MAX_GREETING: usize = 16 << 10;

/// Longest identification line, its line end included (RFC 4253, 4.2).
const MAX_IDENTIFICATION: usize = 255;

/// Longest text that is kept of an identification.
const MAX_TEXT: usize = 120;

/// What a server calls itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identification {
    /// The line without its end, as it goes into the exchange hash.
    pub line: Vec<u8>,
    /// Version of the protocol, such as `2.0` or `1.99`; harmless text.
    pub protocol: String,
    /// Software and comment as it states them; harmless text of at most 120 characters.
    pub software: String,
}

impl Identification {
    /// Reads a greeting; with it the number of bytes it takes. `None` while it is not whole.
    ///
    /// # Errors
    /// When it is too long.
    pub fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, Error> {
        let mut begin = 0usize;
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            let end = begin.saturating_add(line.len());
            if end > MAX_GREETING {
                return Err(Error::NoIdentification { most: MAX_GREETING });
            }
            if let Some(rest) = line.strip_prefix(b"SSH-") {
                if line.len() > MAX_IDENTIFICATION {
                    return Err(Error::NoIdentification { most: MAX_IDENTIFICATION });
                }
                if !line.ends_with(b"\n") {
                    return Ok(None);
                }
                let cut =
                    |bytes: &[u8]| bytes.iter().rev().take_while(|b| matches!(b, b'\r' | b'\n')).count();
                let keep = line.len().saturating_sub(cut(line));
                let rest = rest.get(..rest.len().saturating_sub(cut(rest))).unwrap_or_default();
                let mut parts = rest.splitn(2, |b| *b == b'-');
                let protocol = tame(parts.next().unwrap_or_default(), 16);
                let software = tame(parts.next().unwrap_or_default(), MAX_TEXT);
                let line = line.get(..keep).unwrap_or_default().to_vec();
                return Ok(Some((Self { line, protocol, software }, end)));
            }
            begin = end;
        }
        Ok(None)
    }
}

/// Text without control characters; bytes beyond ASCII are shown as `?`.
fn tame(bytes: &[u8], most: usize) -> String {
    let shown = bytes.iter().map(|b| if b.is_ascii_graphic() || *b == b' ' { char::from(*b) } else { '?' });
    shown.take(most).collect::<String>().trim().to_owned()
}

/// Bytes not yet read.
#[derive(Clone, Copy, Debug)]
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], Error> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(Error::Cut)?;
        self.0 = tail;
        Ok(head)
    }

    fn u8(&mut self) -> Result<u8, Error> {
        self.take(1)?.first().copied().ok_or(Error::Cut)
    }

    fn u32(&mut self) -> Result<u32, Error> {
        Ok(u32::from_be_bytes(self.take(4)?.try_into().map_err(|_| Error::Cut)?))
    }

    fn string(&mut self) -> Result<&'a [u8], Error> {
        let length = usize::try_from(self.u32()?).map_err(|_| Error::Cut)?;
        self.take(length)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn an_identification_is_found_behind_other_lines() {
        let greeting = b"Authorised use only\r\nSSH-2.0-dropbear_2022.83 x-y\r\n\0\0";
        let (ident, used) = Identification::read(greeting).unwrap().unwrap();
        assert_eq!(ident.line, b"SSH-2.0-dropbear_2022.83 x-y");
        assert_eq!((ident.protocol.as_str(), ident.software.as_str()), ("2.0", "dropbear_2022.83 x-y"));
        assert_eq!(&greeting[used..], b"\0\0");
    }

    #[test]
    fn a_greeting_that_is_not_whole_is_waited_for_and_one_without_end_is_refused() {
        assert_eq!(Identification::read(b"SSH-2.0-x"), Ok(None));
        assert_eq!(Identification::read(b""), Ok(None));
        assert!(Identification::read(&[b'a'; MAX_GREETING + 1]).is_err());
        assert!(Identification::read(&[b"SSH-2.0-", &[b'a'; 300][..], b"\n"].concat()).is_err());
    }

    #[test]
    fn text_of_a_server_arrives_harmless() {
        let (ident, _) = Identification::read(b"SSH-1.99-\x1b[31m\xc3\xa4\n").unwrap().unwrap();
        assert_eq!((ident.protocol.as_str(), ident.software.as_str()), ("1.99", "?[31m??"));
    }
}
