//! SSL 2: its hello and the answer to it. The version was prohibited by RFC 6176 and never had an RFC of its own.

use super::bytes::Bytes;
use super::version;

/// Kinds of cipher that SSL 2 knows, three bytes each.
const KINDS: &[(u32, &str)] = &[
    (0x07_00c0, "SSL_CK_DES_192_EDE3_CBC_WITH_MD5"),
    (0x01_0080, "SSL_CK_RC4_128_WITH_MD5"),
    (0x03_0080, "SSL_CK_RC2_128_CBC_WITH_MD5"),
    (0x05_0080, "SSL_CK_IDEA_128_CBC_WITH_MD5"),
    (0x06_0040, "SSL_CK_DES_64_CBC_WITH_MD5"),
    (0x02_0080, "SSL_CK_RC4_128_EXPORT40_WITH_MD5"),
    (0x04_0080, "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5"),
    (0x08_0080, "SSL_CK_RC4_64_WITH_MD5"),
];

/// Name of a kind of cipher.
pub fn kind_name(kind: u32) -> Option<&'static str> {
    KINDS.iter().find(|(code, _)| *code == kind).map(|(_, name)| *name)
}

/// An SSL 2 hello that offers every kind of cipher.
pub fn client_hello(challenge: [u8; 16]) -> Vec<u8> {
    let mut body = vec![1];
    body.extend(version::SSL2.to_be_bytes());
    let kinds: Vec<u8> = KINDS.iter().flat_map(|(code, _)| code.to_be_bytes().into_iter().skip(1)).collect();
    for length in [kinds.len(), 0, challenge.len()] {
        body.extend(u16::try_from(length).unwrap_or(0).to_be_bytes());
    }
    body.extend(kinds);
    body.extend(challenge);
    let header = 0x8000 | u16::try_from(body.len()).unwrap_or(0);
    let mut record = header.to_be_bytes().to_vec();
    record.extend(body);
    record
}

/// What a server of SSL 2 answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ssl2Hello {
    /// Kinds of cipher that both have.
    pub kinds: Vec<u32>,
    /// Its certificate, DER.
    pub certificate: Vec<u8>,
}

/// What the bytes after an SSL 2 header are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    Hello(Ssl2Hello),
    /// An error message: SSL 2 is spoken, but not with us.
    Refusal,
    Nonsense,
}

/// Reads one message, its header left out.
pub(super) fn read(body: &[u8]) -> Said {
    match body {
        [0, _, _] => Said::Refusal,
        [4, rest @ ..] => hello(Bytes(rest)).map_or(Said::Nonsense, Said::Hello),
        _ => Said::Nonsense,
    }
}

fn hello(mut bytes: Bytes<'_>) -> Option<Ssl2Hello> {
    let (_session_known, _certificate_kind) = (bytes.u8()?, bytes.u8()?);
    if bytes.u16()? != version::SSL2 {
        return None;
    }
    let (certificate, kinds, connection) = (bytes.u16()?, bytes.u16()?, bytes.u16()?);
    let certificate = bytes.take(usize::from(certificate))?.to_vec();
    let kinds = bytes.take(usize::from(kinds))?;
    bytes.take(usize::from(connection))?;
    if !bytes.is_empty() || kinds.len() % 3 != 0 {
        return None;
    }
    let kinds = kinds
        .chunks_exact(3)
        .map(|kind| kind.iter().fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte)))
        .take(64)
        .collect();
    Some(Ssl2Hello { kinds, certificate })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn hello_is_consistent() {
        let record = client_hello([7; 16]);
        assert_eq!(usize::from(u16::from_be_bytes([record[0] & 0x7f, record[1]])), record.len() - 2);
        assert_eq!(record[2..11], [1, 0, 2, 0, 24, 0, 0, 0, 16]);
        assert_eq!(record.len(), 2 + 9 + 24 + 16);
    }

    #[test]
    fn answers_are_told_apart() {
        let mut body = vec![4, 0, 1, 0, 2, 0, 2, 0, 3, 0, 1, 0xaa, 0xbb, 1, 0, 0x80, 9];
        let seen = Ssl2Hello { kinds: vec![0x01_0080], certificate: vec![0xaa, 0xbb] };
        assert_eq!(read(&body), Said::Hello(seen));
        body.push(0);
        assert_eq!(read(&body), Said::Nonsense, "bytes too many");
        assert_eq!(read(&[0, 0, 1]), Said::Refusal);
        assert_eq!(read(&[]), Said::Nonsense);
        assert_eq!(kind_name(0x01_0080), Some("SSL_CK_RC4_128_WITH_MD5"));
    }
}
