//! SHA-256 digests, written `sha256:` and 64 hex digits.

use aws_lc_rs::digest as sha;

/// Takes a digest over bytes that come in pieces.
pub struct Hasher(sha::Context);

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher")
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self(sha::Context::new(&sha::SHA256))
    }
}

impl Hasher {
    /// Takes in more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of everything taken in.
    pub fn finish(self) -> String {
        let mut text = String::with_capacity(71);
        text.push_str("sha256:");
        for byte in self.0.finish().as_ref() {
            text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
            text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        }
        text
    }
}

/// The digest of some bytes.
pub fn digest(bytes: &[u8]) -> String {
    let mut hasher = Hasher::default();
    hasher.update(bytes);
    hasher.finish()
}

/// The file name of an artifact of that digest; `None` when it is not a digest.
///
/// INVARIANT: only lower-case hex ever becomes a file name, so that no name can leave the folder.
pub(crate) fn file_name(digest: &str) -> Option<&str> {
    let hex = digest.strip_prefix("sha256:")?;
    is_hex(hex).then_some(hex)
}

/// Whether a name is the hex of a digest.
pub(crate) fn is_hex(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answer() {
        assert_eq!(digest(b"abc"), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn only_digests_become_file_names() {
        assert!(file_name(&digest(b"x")).is_some());
        for wrong in ["sha256:../../etc/passwd", "sha256:", "md5:00", &digest(b"x").to_uppercase()] {
            assert_eq!(file_name(wrong), None, "{wrong}");
        }
    }
}
