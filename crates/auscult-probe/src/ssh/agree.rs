//! Agreeing on a secret with an SSH server, so that it shows its host key (RFC 4253 section 8, RFC 5656, RFC 8731).
//!
//! Our secrets live for one question and protect nothing, so that big numbers without constant time will do.

use auscult_facts::Interrupted;
use auscult_wire::ssh::{KexInit, KexReply, put_string};
use aws_lc_rs::agreement::{self, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use num_bigint::BigUint;

/// Bits of our exponents: twice the strength of the longest group.
const EXPONENT: usize = 40;

/// A method of key exchange that we speak.
#[derive(Clone, Copy, Debug)]
pub(super) struct Method {
    pub(super) name: &'static str,
    group: Group,
    hash: &'static digest::Algorithm,
}

#[derive(Clone, Copy, Debug)]
enum Group {
    Curve(&'static agreement::Algorithm),
    /// MODP group of that many bits, with what makes its number a prime (RFC 2409, 6.2; RFC 3526, 3 and 5).
    Modp(u32, u32),
}

/// The methods, best first.
pub(super) static METHODS: [Method; 9] = [
    Method::new("curve25519-sha256", Group::Curve(&agreement::X25519), &digest::SHA256),
    Method::new("curve25519-sha256@libssh.org", Group::Curve(&agreement::X25519), &digest::SHA256),
    Method::new("ecdh-sha2-nistp256", Group::Curve(&agreement::ECDH_P256), &digest::SHA256),
    Method::new("ecdh-sha2-nistp384", Group::Curve(&agreement::ECDH_P384), &digest::SHA384),
    Method::new("ecdh-sha2-nistp521", Group::Curve(&agreement::ECDH_P521), &digest::SHA512),
    Method::new("diffie-hellman-group14-sha256", Group::Modp(2048, 124_476), &digest::SHA256),
    Method::new("diffie-hellman-group16-sha512", Group::Modp(4096, 240_904), &digest::SHA512),
    Method::new("diffie-hellman-group14-sha1", Group::Modp(2048, 124_476), &digest::SHA1_FOR_LEGACY_USE_ONLY),
    Method::new("diffie-hellman-group1-sha1", Group::Modp(1024, 129_093), &digest::SHA1_FOR_LEGACY_USE_ONLY),
];

impl Method {
    const fn new(name: &'static str, group: Group, hash: &'static digest::Algorithm) -> Self {
        Self { name, group, hash }
    }

    /// The first of ours that a server has too.
    pub(super) fn common(theirs: &KexInit) -> Option<&'static Self> {
        METHODS.iter().find(|m| theirs.key_exchange.iter().any(|name| name == m.name))
    }

    pub(super) fn begin(&'static self) -> Result<Offer, Interrupted> {
        let fault = |_| Interrupted::InstrumentFault;
        match self.group {
            Group::Curve(curve) => {
                let key = EphemeralPrivateKey::generate(curve, &SystemRandom::new()).map_err(fault)?;
                let public = key.compute_public_key().map_err(fault)?.as_ref().to_vec();
                Ok(Offer { method: self, secret: Secret::Curve(curve, key), public })
            }
            Group::Modp(bits, c) => {
                let mut bytes = [0u8; EXPONENT];
                aws_lc_rs::rand::fill(&mut bytes).map_err(fault)?;
                let exponent = BigUint::from_bytes_be(&bytes);
                let prime = modp(bits, c);
                let public = number(&BigUint::from(2u8).modpow(&exponent, &prime).to_bytes_be());
                Ok(Offer { method: self, secret: Secret::Modp(prime, exponent), public })
            }
        }
    }
}

/// Our half of an exchange.
pub(super) struct Offer {
    method: &'static Method,
    secret: Secret,
    /// Our public value as it goes on the wire.
    pub(super) public: Vec<u8>,
}

enum Secret {
    Curve(&'static agreement::Algorithm, EphemeralPrivateKey),
    Modp(BigUint, BigUint),
}

/// What both sides said before the exchange.
pub(super) struct Said<'a> {
    pub(super) our_line: &'a [u8],
    pub(super) their_line: &'a [u8],
    pub(super) our_init: &'a [u8],
    pub(super) their_init: &'a [u8],
}

/// What was agreed: keys are made from it.
pub(super) struct Agreed {
    hash: &'static digest::Algorithm,
    /// The shared secret as a number on the wire, its length included.
    secret: Vec<u8>,
    exchange: Vec<u8>,
}

impl Offer {
    /// Ends the exchange; `NotUnderstood` when the server's value is none.
    pub(super) fn agree(self, said: &Said<'_>, reply: &KexReply) -> Result<Agreed, Interrupted> {
        let shared = match self.secret {
            Secret::Curve(curve, key) => {
                let theirs = UnparsedPublicKey::new(curve, &reply.public);
                agree_ephemeral(key, theirs, Interrupted::NotUnderstood, |secret| Ok(secret.to_vec()))?
            }
            Secret::Modp(prime, exponent) => {
                let theirs = BigUint::from_bytes_be(&reply.public);
                if theirs <= BigUint::from(1u8) || theirs >= &prime - 1u8 {
                    return Err(Interrupted::NotUnderstood);
                }
                theirs.modpow(&exponent, &prime).to_bytes_be()
            }
        };
        let mut secret = Vec::new();
        put_string(&mut secret, &number(&shared));
        let mut all = Vec::new();
        let parts = [said.our_line, said.their_line, said.our_init, said.their_init];
        for part in parts.into_iter().chain([&reply.host_key[..], &self.public, &reply.public]) {
            put_string(&mut all, part);
        }
        all.extend_from_slice(&secret);
        let hash = self.method.hash;
        Ok(Agreed { hash, secret, exchange: digest::digest(hash, &all).as_ref().to_vec() })
    }
}

impl Agreed {
    /// A key or an initial value (RFC 4253, 7.2); this is the first exchange, so its hash is the session's name too.
    pub(super) fn key(&self, letter: u8, length: usize) -> Vec<u8> {
        let digest_of = |parts: &[&[u8]]| digest::digest(self.hash, &parts.concat()).as_ref().to_vec();
        let mut key = digest_of(&[&self.secret, &self.exchange, &[letter], &self.exchange]);
        while key.len() < length {
            let more = digest_of(&[&self.secret, &self.exchange, &key]);
            key.extend(more);
        }
        key.truncate(length);
        key
    }
}

/// The bytes of a positive number without its length (RFC 4251, section 5).
fn number(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|b| **b == 0).count();
    let bare = bytes.get(zeros..).unwrap_or_default();
    let sign = bare.first().is_some_and(|b| b & 0x80 != 0);
    let mut number = vec![0u8; usize::from(sign)];
    number.extend_from_slice(bare);
    number
}

/// The prime of a MODP group: 2^n - 2^(n-64) - 1 + 2^64 * (floor(2^(n-130) * pi) + c).
fn modp(bits: u32, c: u32) -> BigUint {
    let power = |n: u32| BigUint::from(1u8) << n;
    power(bits) - power(bits - 64) - 1u8 + ((pi(bits - 130) + c) << 64u32)
}

/// The whole part of pi * 2^n, after Machin.
fn pi(n: u32) -> BigUint {
    const GUARD: u32 = 64;
    let one = BigUint::from(1u8) << (n + GUARD);
    // Sixteen times the one is more than four times the other, and so is every sum on the way.
    let four = (arctan(5, &one) * 4u8 - arctan(239, &one)) * 4u8;
    four >> GUARD
}

/// arctan(1/x) in parts of `one`.
fn arctan(x: u32, one: &BigUint) -> BigUint {
    let mut power = one / x;
    let (mut plus, mut minus) = (power.clone(), BigUint::ZERO);
    let mut n = 1u32;
    while power != BigUint::ZERO {
        power /= x * x;
        n += 2;
        let term = &power / n;
        if n % 4 == 3 { minus += term } else { plus += term }
    }
    plus - minus
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primes_are_those_of_the_groups() {
        for (bits, c, first) in [(1024, 129_093, "ffffffffffffffffc90fdaa22168c234"), (2048, 124_476, "")] {
            let prime = modp(bits, c);
            assert!(prime.to_str_radix(16).starts_with(first));
            assert_eq!(prime.bits(), u64::from(bits));
            // Safe primes: 2 generates the half of them (Fermat for both).
            let half = (&prime - 1u8) >> 1;
            for p in [&prime, &half] {
                assert_eq!(BigUint::from(2u8).modpow(&(p - 1u8), p), BigUint::from(1u8), "{bits}");
            }
        }
    }

    #[test]
    fn both_halves_agree() {
        for method in METHODS.iter().filter(|m| !m.name.contains("group16")) {
            let (ours, theirs) = (method.begin().unwrap(), method.begin().unwrap());
            let said = Said { our_line: b"a", their_line: b"b", our_init: b"c", their_init: b"d" };
            let reply = |public: &[u8]| KexReply {
                host_key: b"key".to_vec(),
                public: public.to_vec(),
                signature: Vec::new(),
            };
            let (to_us, to_them) = (reply(&theirs.public), reply(&ours.public));
            let (a, b) = (ours.agree(&said, &to_us).unwrap(), theirs.agree(&said, &to_them).unwrap());
            assert_eq!(a.secret, b.secret, "{}", method.name);
            assert_eq!(a.key(b'A', 64).len(), 64);
        }
    }

    #[test]
    fn values_that_are_none_are_refused() {
        let said = Said { our_line: b"", their_line: b"", our_init: b"", their_init: b"" };
        for method in METHODS.iter().filter(|m| !m.name.contains("group16")) {
            for public in [&[][..], &[0], &[1], &[0xff; 600]] {
                let reply = KexReply { host_key: vec![], public: public.to_vec(), signature: vec![] };
                let told = method.begin().unwrap().agree(&said, &reply).err();
                assert_eq!(told, Some(Interrupted::NotUnderstood), "{} {public:?}", method.name);
            }
        }
    }
}
