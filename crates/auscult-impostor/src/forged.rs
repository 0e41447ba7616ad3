//! First flights that no library of today makes: old versions, broken suites, a weak key.
//!
//! Nothing behind them is computed: a client that answers with its part of the key exchange has taken what it was
//! shown, and that is all that is to be seen.

use std::time::Duration;

use auscult_facts::client::{Ended, Play, Reached};
use auscult_wire::tls::{Offer, Reply, ServerFlight, read_reply, suite, version};
use aws_lc_rs::digest::{SHA256, digest};
use num_bigint::BigUint;
use rcgen::{PublicKeyData, SignatureAlgorithm};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout, timeout_at};

use crate::meeting::{Met, ended};
use crate::wire::Wire;

/// Most bytes of an answer.
const MOST: usize = 16 << 10;

/// A flight that the client may refuse.
pub(crate) enum Refusable {
    /// The bytes to send.
    Flight(Vec<u8>),
    /// What the client offers leaves nothing to play it on.
    Beyond,
}

/// Suites whose key the client alone makes, so that the server has nothing to sign; the usual ones first.
const STATIC_RSA: [u16; 6] = [0x0035, 0x002f, 0x003d, 0x003c, 0x009d, 0x009c];
/// Suites with an elliptic curve that an RSA key signs for.
const EC_RSA: [u16; 5] = [0xc02f, 0xc030, 0xc027, 0xc014, 0xc013];
/// What is played on a client that offers no broken suite: RC4.
const BROKEN: u16 = 0x0005;

/// The first flight of an act.
pub(crate) fn forged(play: Play, offer: &Offer, rsa: &[Vec<u8>], weak: &[Vec<u8>]) -> Refusable {
    let random = random();
    let flight = |version, suite, chain, key_exchange| {
        let flight = ServerFlight {
            version,
            random,
            suite,
            chain,
            key_exchange,
            secure_renegotiation: offer.secure_renegotiation,
        };
        Refusable::Flight(flight.encode())
    };
    match play {
        Play::Tls11 | Play::Tls10 => {
            let version = if play == Play::Tls11 { version::TLS11 } else { version::TLS10 };
            match offered(offer, &STATIC_RSA[..2]) {
                Some(suite) => flight(version, suite, rsa, None),
                // Who does not name the version has to refuse it whatever comes with it.
                None if !offer.may_speak(version) => flight(version, STATIC_RSA[0], rsa, None),
                None => Refusable::Beyond,
            }
        }
        Play::WeakSuite => {
            let broken: Vec<_> =
                offer.suites.iter().filter_map(|s| suite(*s)).filter(|s| s.is_broken()).collect();
            let playable = broken.iter().find(|s| s.name.starts_with("TLS_RSA_WITH_"));
            match playable {
                Some(suite) => flight(version::TLS12, suite.code, rsa, None),
                None if broken.is_empty() => flight(version::TLS12, BROKEN, rsa, None),
                None => Refusable::Beyond,
            }
        }
        Play::WeakKey => {
            if !offer.may_speak(version::TLS12) {
                return Refusable::Beyond;
            }
            let signed = offer.schemes.contains(&RSA_PKCS1_SHA256).then(|| share(offer)).flatten();
            match (signed, offered(offer, &EC_RSA), offered(offer, &STATIC_RSA)) {
                (Some(share), Some(suite), _) => {
                    let body = WeakKey::key_exchange(&offer.random, &random, &share);
                    flight(version::TLS12, suite, weak, Some(body))
                }
                (_, _, Some(suite)) => flight(version::TLS12, suite, weak, None),
                _ => Refusable::Beyond,
            }
        }
        _ => Refusable::Beyond,
    }
}

fn offered(offer: &Offer, suites: &[u16]) -> Option<u16> {
    suites.iter().copied().find(|s| offer.suites.contains(s))
}

/// Random bytes; without any the last eight would be read as a sign of a newer version (RFC 8446, section 4.1.3).
fn random() -> [u8; 32] {
    let mut random = [0x5a; 32];
    let _ = aws_lc_rs::rand::fill(&mut random);
    random
}

/// Sends a flight and sees whether the client goes on.
pub(crate) async fn show(mut wire: Wire, flight: &[u8], patience: Duration) -> Met {
    let deadline = Instant::now() + patience;
    match timeout_at(deadline, wire.write_all(flight)).await {
        Err(_over) => return Met::of(Reached::Hello, Ended::TimeOver),
        Ok(Err(e)) => return Met::of(Reached::Hello, ended(&e)),
        Ok(Ok(())) => {}
    }
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 4096];
    loop {
        let n = match timeout_at(deadline, wire.read(&mut chunk)).await {
            Err(_over) => return Met::of(Reached::Hello, Ended::TimeOver),
            Ok(Err(e)) => return Met::of(Reached::Hello, ended(&e)),
            Ok(Ok(0)) => return Met::of(Reached::Hello, Ended::Closed),
            Ok(Ok(n)) => n,
        };
        bytes.extend_from_slice(chunk.get(..n).unwrap_or_default());
        match read_reply(&bytes) {
            Ok(Some(Reply::WentOn)) => {
                let _ = timeout(patience, wire.shutdown()).await;
                return Met::of(Reached::KeyExchange, Ended::Seen);
            }
            Ok(Some(Reply::Alert(alert))) => return Met::alerted(Reached::Hello, alert),
            Ok(None) if bytes.len() <= MOST => {}
            _ => return Met::of(Reached::Hello, Ended::TooMuch),
        }
    }
}

/// Signature scheme of PKCS #1 1.5 with SHA-256.
const RSA_PKCS1_SHA256: u16 = 0x0401;

/// A public key on a curve that the client offers, in the form of a ServerKeyExchange message (RFC 8422, section
/// 5.4); nobody knows or needs the private one.
fn share(offer: &Offer) -> Option<Vec<u8>> {
    const X25519: u16 = 29;
    const P256: u16 = 23;
    let (group, point) = if offer.groups.contains(&X25519) {
        (X25519, random().to_vec())
    } else if offer.groups.contains(&P256) {
        (P256, [&[4][..], &P256_X, &P256_Y].concat())
    } else {
        return None;
    };
    let mut share = vec![3];
    share.extend(group.to_be_bytes());
    share.push(u8::try_from(point.len()).ok()?);
    share.extend(point);
    Some(share)
}

/// The base point of P-256 (SP 800-186, section 3.2.1.3).
const P256_X: [u8; 32] = hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
const P256_Y: [u8; 32] = hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

/// An RSA key of 1024 bits that everybody knows; libraries of today refuse to sign with one so short.
#[derive(Debug)]
pub(crate) struct WeakKey(Vec<u8>);

const MODULUS: [u8; 128] = hex(
    "b81d45c0bb0b23811732001da96b4450388fcb6f595beb796afc23a1da4ea9482fe9a082489ca619b9aa6ecedb1a6d46610611081814891d9db5f82c25e29ad3d721c42d196affe6cf0d30ad300650f9551e99ac5effc7fa94d2374f6c8289bc89eacce0782eea9a0744e4ccd5903b19109fa968a5a39a047ec4dc1fadf297e5",
);
const PRIVATE: [u8; 128] = hex(
    "68bbf62f11f7df25932d55558a47c3dfa29d620ba098a2963a5ede62370ea24bb73dbe99fe766622a234aabe2f7394100227724ed96bed2814cc2c35e90344311f9ef10ceb1fe5c831aeef85c606e73477c39993c965b22706efcf132cd1d1ee151ccbce9731d9709f8656af369e5de4dbdc97759c03aa00293d2d995faf250d",
);

impl WeakKey {
    /// Its public half, as RSAPublicKey (RFC 8017, appendix A.1.1).
    pub(crate) fn public() -> Self {
        let mut der = vec![0x30, 0x81, 0x89, 0x02, 0x81, 0x81, 0x00];
        der.extend(MODULUS);
        der.extend([0x02, 0x03, 0x01, 0x00, 0x01]);
        Self(der)
    }

    /// The body of a signed ServerKeyExchange message (RFC 5246, section 7.4.3; RFC 8422, section 5.4).
    fn key_exchange(client: &[u8; 32], server: &[u8; 32], share: &[u8]) -> Vec<u8> {
        let signed = [&client[..], server, share].concat();
        let mut body = share.to_vec();
        body.extend(RSA_PKCS1_SHA256.to_be_bytes());
        let signature = sign(&signed);
        body.extend(u16::try_from(signature.len()).unwrap_or_default().to_be_bytes());
        body.extend(signature);
        body
    }
}

/// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.1) under the weak key.
fn sign(message: &[u8]) -> Vec<u8> {
    const DIGEST_INFO: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
        0x04, 0x20,
    ];
    let digest = digest(&SHA256, message);
    let tail = [&DIGEST_INFO[..], digest.as_ref()].concat();
    let mut padded = vec![0, 1];
    padded.resize(MODULUS.len().saturating_sub(tail.len() + 1), 0xff);
    padded.push(0);
    padded.extend(tail);
    let signature = BigUint::from_bytes_be(&padded)
        .modpow(&BigUint::from_bytes_be(&PRIVATE), &BigUint::from_bytes_be(&MODULUS))
        .to_bytes_be();
    let mut whole = vec![0; MODULUS.len().saturating_sub(signature.len())];
    whole.extend(signature);
    whole
}

impl PublicKeyData for WeakKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

/// Bytes written as hexadecimal digits.
const fn hex<const N: usize>(text: &str) -> [u8; N] {
    const fn digit(byte: u8) -> u8 {
        match byte {
            b'0'..=b'9' => byte - b'0',
            _ => byte - b'a' + 10,
        }
    }
    let text = text.as_bytes();
    assert!(text.len() == 2 * N);
    let mut bytes = [0; N];
    let mut n = 0;
    while n < N {
        bytes[n] = digit(text[2 * n]) * 16 + digit(text[2 * n + 1]);
        n += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weak_key_signs_what_it_verifies() {
        let signature = sign(b"words");
        let back = BigUint::from_bytes_be(&signature)
            .modpow(&BigUint::from(65_537u32), &BigUint::from_bytes_be(&MODULUS))
            .to_bytes_be();
        // The leading zero is lost in the number.
        assert_eq!(back.len(), 127);
        assert_eq!(back[0], 1);
        assert_eq!(back[back.len() - 32..], *digest(&SHA256, b"words").as_ref());
    }
}
