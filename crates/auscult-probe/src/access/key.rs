//! Credentials with their secrets, in memory only.

use std::fmt;

use auscult_facts::Subject;
use auscult_model::scenario::Credential;
use zeroize::Zeroizing;

/// Longest secret, in bytes: tokens with many claims have some thousand.
const LONGEST: usize = 16 << 10;

/// A secret: it is shown to the service that it is for and to nobody else.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret, without the line end that files have; `None` when it is empty, too long, or no text that can
    /// stand in a request.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        let bytes = Zeroizing::new(bytes);
        let text = std::str::from_utf8(&bytes).ok()?.trim_end_matches(['\r', '\n']);
        let fine = (1..=LONGEST).contains(&text.len()) && text.chars().all(|c| !c.is_control());
        fine.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// What stands where a role has no secret: nothing is ever opened by it.
    pub fn none() -> Self {
        Self(Zeroizing::new("none".to_owned()))
    }

    /// The secret itself, for a login and nothing else.
    pub(crate) fn shown(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A credential of the scenario with its secret.
#[derive(Clone, Debug)]
pub struct Key {
    /// What the scenario says of it.
    pub credential: Credential,
    /// Its secret.
    pub secret: Secret,
}

impl Key {
    /// Whether it is for a service.
    pub fn is_for(&self, subject: &Subject) -> bool {
        let target = &self.credential.target;
        target.node == subject.node
            && subject.service.as_ref().is_some_and(|s| target.service.as_ref() == Some(&s.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let secret = Secret::new(b"marked-4711\n".to_vec()).unwrap();
        assert_eq!(secret.shown(), "marked-4711");
        assert_eq!(format!("{secret:?} {:#?}", Some(&secret)), "Secret Some(\n    Secret,\n)");
    }

    #[test]
    fn what_cannot_stand_in_a_request_is_no_secret() {
        for bytes in [&b""[..], b"\n", b"a\r\nX: y", b"\xff", &[b'x'; LONGEST + 1]] {
            assert!(Secret::new(bytes.to_vec()).is_none(), "{}", bytes.len());
        }
    }
}
