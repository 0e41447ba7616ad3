//! Messages that a client sends after a server's first flight, right ones and wrong ones, as whole records.

use super::bytes::put16;
use super::version;

/// Type of a heartbeat record (RFC 6520, section 3).
const HEARTBEAT: u8 = 24;

/// A ClientKeyExchange message with a secret that is encrypted for the server's RSA key (RFC 5246, section 7.4.7.1).
pub fn client_key_exchange(version: u16, encrypted: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    if version <= version::SSL3 {
        // SSL 3 has no length here.
        body.extend(encrypted);
    } else {
        put16(&mut body, encrypted);
    }
    let mut message = vec![16, 0];
    put16(&mut message, &body);
    record(22, version, &message)
}

/// A Certificate message without any certificate: the answer to a request that is not followed.
pub fn no_certificate(version: u16) -> Vec<u8> {
    record(22, version, &[11, 0, 0, 3, 0, 0, 0])
}

/// A ChangeCipherSpec message.
pub fn change_cipher_spec(version: u16) -> Vec<u8> {
    record(20, version, &[1])
}

/// A handshake record that cannot be decrypted, in place of a Finished message.
pub fn encrypted_noise(version: u16, noise: &[u8; 64]) -> Vec<u8> {
    record(22, version, noise)
}

/// A heartbeat request (RFC 6520, section 4) that announces `announced` bytes of payload, whatever follows.
///
/// `payload` is payload and padding together; a right request has at least 16 bytes more of it than it announces.
pub fn heartbeat_request(version: u16, announced: u16, payload: &[u8]) -> Vec<u8> {
    let mut message = vec![1];
    message.extend(announced.to_be_bytes());
    message.extend(payload);
    record(HEARTBEAT, version, &message)
}

fn record(kind: u8, version: u16, body: &[u8]) -> Vec<u8> {
    let mut out = vec![kind];
    out.extend(version.to_be_bytes());
    put16(&mut out, body);
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn messages_are_as_the_standards_draw_them() {
        let exchange = client_key_exchange(version::TLS12, &[7; 256]);
        assert_eq!(exchange[..11], [22, 3, 3, 1, 6, 16, 0, 1, 2, 1, 0]);
        assert_eq!(exchange.len(), 11 + 256);
        assert_eq!(client_key_exchange(version::SSL3, &[7; 128])[..10], [22, 3, 0, 0, 132, 16, 0, 0, 128, 7]);
        assert_eq!(change_cipher_spec(version::TLS10), [20, 3, 1, 0, 1, 1]);
        assert_eq!(heartbeat_request(version::TLS12, 2, &[9; 3]), [24, 3, 3, 0, 6, 1, 0, 2, 9, 9, 9]);
        assert_eq!(no_certificate(version::TLS12), [22, 3, 3, 0, 7, 11, 0, 0, 3, 0, 0, 0]);
        assert_eq!(encrypted_noise(version::TLS12, &[1; 64]).len(), 69);
    }
}
