//! The lists of algorithms that each side offers (RFC 4253, section 7.1).

use super::{Bytes, Error, number, put_string};

/// Most names in one list; OpenSSH has about twenty.
const MAX_NAMES: usize = 128;

/// Longest name (RFC 4250, 4.6.1 allows 64).
const MAX_NAME: usize = 96;

/// SSH_MSG_KEXINIT.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KexInit {
    /// Sixteen bytes at random.
    pub cookie: [u8; 16],
    /// Key exchange methods, with the names by which extensions are announced.
    pub key_exchange: Vec<String>,
    /// Kinds of host key and signature.
    pub host_key: Vec<String>,
    /// Ciphers from client to server.
    pub cipher_to_server: Vec<String>,
    /// Ciphers from server to client.
    pub cipher_to_client: Vec<String>,
    /// MACs from client to server.
    pub mac_to_server: Vec<String>,
    /// MACs from server to client.
    pub mac_to_client: Vec<String>,
    /// Compression from client to server.
    pub compression_to_server: Vec<String>,
    /// Compression from server to client.
    pub compression_to_client: Vec<String>,
    /// Whether the sender has guessed, and its next packet belongs to the guess.
    pub guesses: bool,
}

impl KexInit {
    /// Reads the payload of a packet.
    ///
    /// # Errors
    /// When it is another message, is cut off, or its lists are out of bounds.
    pub fn read(payload: &[u8]) -> Result<Self, Error> {
        let mut bytes = Bytes(payload);
        let number = bytes.u8()?;
        if number != number::KEXINIT {
            return Err(Error::Message { number });
        }
        let cookie = bytes.take(16)?.try_into().map_err(|_| Error::Cut)?;
        let mut list = || names(bytes.string()?);
        let mut init = Self {
            cookie,
            key_exchange: list()?,
            host_key: list()?,
            cipher_to_server: list()?,
            cipher_to_client: list()?,
            mac_to_server: list()?,
            mac_to_client: list()?,
            compression_to_server: list()?,
            compression_to_client: list()?,
            guesses: false,
        };
        // Languages are of no use to anybody.
        list()?;
        list()?;
        init.guesses = bytes.u8()? != 0;
        Ok(init)
    }

    /// The payload of a packet.
    pub fn write(&self) -> Vec<u8> {
        let mut payload = vec![number::KEXINIT];
        payload.extend_from_slice(&self.cookie);
        for list in [
            &self.key_exchange,
            &self.host_key,
            &self.cipher_to_server,
            &self.cipher_to_client,
            &self.mac_to_server,
            &self.mac_to_client,
            &self.compression_to_server,
            &self.compression_to_client,
            &Vec::new(),
            &Vec::new(),
        ] {
            put_string(&mut payload, list.join(",").as_bytes());
        }
        payload.extend_from_slice(&[u8::from(self.guesses), 0, 0, 0, 0]);
        payload
    }
}

/// A list of names, bounded in number and length; a name with other than printable characters is none.
pub(super) fn names(bytes: &[u8]) -> Result<Vec<String>, Error> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for name in bytes.split(|b| *b == b',') {
        if names.len() >= MAX_NAMES || name.len() > MAX_NAME || !name.iter().all(u8::is_ascii_graphic) {
            return Err(Error::Names);
        }
        if !name.is_empty() {
            names.push(String::from_utf8_lossy(name).into_owned());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;

    fn own() -> KexInit {
        let list = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        KexInit {
            cookie: [7; 16],
            key_exchange: list(&["curve25519-sha256", "diffie-hellman-group14-sha1"]),
            host_key: list(&["ssh-ed25519"]),
            cipher_to_server: list(&["aes128-ctr"]),
            cipher_to_client: list(&["aes128-cbc"]),
            mac_to_server: list(&["hmac-sha1"]),
            compression_to_client: list(&["none", "zlib"]),
            ..KexInit::default()
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        assert_eq!(KexInit::read(&own().write()), Ok(own()));
    }

    #[test]
    fn what_is_cut_off_or_out_of_bounds_is_refused() {
        let whole = own().write();
        for length in 0..whole.len() - 4 {
            assert!(KexInit::read(&whole[..length]).is_err(), "{length} bytes");
        }
        assert_eq!(names(b"a\x1bb"), Err(Error::Names));
        assert_eq!(names(&[b'a'; 97]), Err(Error::Names));
        assert_eq!(names(&b"a,".repeat(129)), Err(Error::Names));
        assert_eq!(KexInit::read(&[1, 0, 0, 0, 2]), Err(Error::Message { number: 1 }));
    }
}
