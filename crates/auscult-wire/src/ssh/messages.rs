//! Messages of key exchange and login (RFC 4253, 5656 and 4252).

use super::algorithms::names;
use super::{Bytes, Error, number, put_string, put_uint};

/// SSH_MSG_KEXDH_INIT and SSH_MSG_KEX_ECDH_INIT with our public value.
pub fn kex_init(public: &[u8]) -> Vec<u8> {
    let mut payload = vec![30];
    put_string(&mut payload, public);
    payload
}

/// The answer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KexReply {
    /// Public host key.
    pub host_key: Vec<u8>,
    /// The server's public value.
    pub public: Vec<u8>,
    /// Signature over the exchange hash.
    pub signature: Vec<u8>,
}

impl KexReply {
    /// Reads the payload of a packet.
    ///
    /// # Errors
    /// When it is another message or is cut off.
    pub fn read(payload: &[u8]) -> Result<Self, Error> {
        let mut bytes = Bytes(payload);
        let number = bytes.u8()?;
        if number != number::KEX_REPLY {
            return Err(Error::Message { number });
        }
        Ok(Self {
            host_key: bytes.string()?.to_vec(),
            public: bytes.string()?.to_vec(),
            signature: bytes.string()?.to_vec(),
        })
    }

    /// The payload of a packet.
    pub fn write(&self) -> Vec<u8> {
        let mut payload = vec![number::KEX_REPLY];
        for part in [&self.host_key, &self.public, &self.signature] {
            put_string(&mut payload, part);
        }
        payload
    }
}

/// SSH_MSG_SERVICE_REQUEST for logins.
pub fn service_request() -> Vec<u8> {
    let mut payload = vec![5];
    put_string(&mut payload, b"ssh-userauth");
    payload
}

/// SSH_MSG_USERAUTH_REQUEST with the method `none`: the question which methods there are (RFC 4252, 5.2).
pub fn none_request(user: &str) -> Vec<u8> {
    request(user, b"none")
}

/// SSH_MSG_USERAUTH_REQUEST with a password (RFC 4252, section 8).
pub fn password_request(user: &str, password: &str) -> Vec<u8> {
    let mut payload = request(user, b"password");
    payload.push(0);
    put_string(&mut payload, password.as_bytes());
    payload
}

fn request(user: &str, method: &[u8]) -> Vec<u8> {
    let mut payload = vec![50];
    put_string(&mut payload, user.as_bytes());
    put_string(&mut payload, b"ssh-connection");
    put_string(&mut payload, method);
    payload
}

/// SSH_MSG_DISCONNECT, by application.
pub fn disconnect() -> Vec<u8> {
    let mut payload = vec![number::DISCONNECT];
    put_uint(&mut payload, 11);
    put_string(&mut payload, b"");
    put_string(&mut payload, b"");
    payload
}

/// What a server says to a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginAnswer {
    /// SSH_MSG_USERAUTH_SUCCESS.
    Success,
    /// SSH_MSG_USERAUTH_FAILURE.
    Failure {
        /// Methods that can go on.
        methods: Vec<String>,
        /// Whether what was shown sufficed and more is wanted.
        partial: bool,
    },
    /// SSH_MSG_USERAUTH_PASSWD_CHANGEREQ: the password is right and has to be changed.
    ChangePassword,
}

/// Reads the answer to a login; `None` for another message.
///
/// # Errors
/// When it is cut off or its list is out of bounds.
pub fn login_answer(payload: &[u8]) -> Result<Option<LoginAnswer>, Error> {
    let mut bytes = Bytes(payload);
    Ok(match bytes.u8()? {
        51 => {
            let methods = names(bytes.string()?)?;
            Some(LoginAnswer::Failure { methods, partial: bytes.u8()? != 0 })
        }
        52 => Some(LoginAnswer::Success),
        60 => Some(LoginAnswer::ChangePassword),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn answers_to_a_login_are_told_apart() {
        let failure = [&[51, 0, 0, 0, 18][..], b"publickey,password", &[0]].concat();
        assert_eq!(
            login_answer(&failure),
            Ok(Some(LoginAnswer::Failure {
                methods: vec!["publickey".to_owned(), "password".to_owned()],
                partial: false
            }))
        );
        assert_eq!(login_answer(&[52]), Ok(Some(LoginAnswer::Success)));
        assert_eq!(login_answer(&[53, 0, 0, 0, 0]), Ok(None));
        assert!(login_answer(&failure[..10]).is_err());
        assert!(login_answer(&[]).is_err());
    }

    #[test]
    fn a_reply_reads_back() {
        let reply = KexReply { host_key: vec![1], public: vec![2; 32], signature: vec![] };
        assert_eq!(KexReply::read(&reply.write()), Ok(reply.clone()));
        assert!(KexReply::read(&reply.write()[..9]).is_err());
        assert_eq!(KexReply::read(&[1]), Err(Error::Message { number: 1 }));
    }
}
