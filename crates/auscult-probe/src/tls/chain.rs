//! Certificates as data: read leniently, so that a bad one can be told rather than refused.

use std::net::{Ipv4Addr, Ipv6Addr};

use auscult_facts::tls::Certificate;
use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::oid_registry::Oid;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// Longest string kept, in characters.
const LONGEST: usize = 200;

/// Most names kept of one certificate.
const MOST_NAMES: usize = 100;

/// Reads a certificate; `None` when it is none.
pub(super) fn read(der: &[u8]) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let key = certificate.public_key();
    let (key_algorithm, key_bits) = key_kind(key);
    let extended = certificate.extended_key_usage().ok().flatten();
    Some(Certificate {
        subject: tame(&certificate.subject().to_string()),
        issuer: tame(&certificate.issuer().to_string()),
        sha256: hex(digest(&SHA256, der).as_ref()),
        key_sha256: hex(digest(&SHA256, key.raw).as_ref()),
        not_before: timestamp(certificate.validity().not_before.timestamp()),
        not_after: timestamp(certificate.validity().not_after.timestamp()),
        names: names(&certificate),
        key_algorithm,
        key_bits,
        signature: signature(&certificate.signature_algorithm),
        self_issued: certificate.subject().as_raw() == certificate.issuer().as_raw(),
        ca: certificate.is_ca(),
        server_auth: extended.map(|usage| usage.value.server_auth || usage.value.any),
    })
}

/// A string without control characters and not longer than is kept.
fn tame(text: &str) -> String {
    text.chars().take(LONGEST).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A time, or the nearest that can be told.
pub(super) fn timestamp(seconds: i64) -> Timestamp {
    let farthest = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(farthest)
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(alternative)) = certificate.subject_alternative_name() else { return Vec::new() };
    let named = alternative.value.general_names.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some(tame(name)),
        GeneralName::IPAddress(octets) => match *octets {
            [a, b, c, d] => Some(Ipv4Addr::new(*a, *b, *c, *d).to_string()),
            _ => <[u8; 16]>::try_from(*octets).ok().map(|o| Ipv6Addr::from(o).to_string()),
        },
        _ => None,
    });
    named.take(MOST_NAMES).collect()
}

fn key_kind(key: &SubjectPublicKeyInfo<'_>) -> (String, u32) {
    let oid = key.algorithm.algorithm.to_id_string();
    let bits = match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => return ("rsa".to_owned(), bits(rsa.modulus)),
        Ok(PublicKey::DSA(_)) => {
            return ("dsa".to_owned(), dsa_bits(key).unwrap_or(0));
        }
        Ok(PublicKey::EC(point)) => {
            return ("ec".to_owned(), curve_bits(key).unwrap_or_else(|| field_bits(point.data())));
        }
        _ => u32::try_from(key.subject_public_key.data.len()).unwrap_or(0).saturating_mul(8),
    };
    match oid.as_str() {
        "1.3.101.112" => ("ed25519".to_owned(), 256),
        "1.2.840.113549.1.1.10" => {
            // RSA bound to the PSS padding: the key has the form of any RSA key.
            match x509_parser::public_key::RSAPublicKey::from_der(&key.subject_public_key.data) {
                Ok((_, rsa)) => ("rsa".to_owned(), self::bits(rsa.modulus)),
                Err(_) => ("rsa".to_owned(), bits),
            }
        }
        _ => (oid, bits),
    }
}

/// Bits of a number, leading zeros left out.
fn bits(number: &[u8]) -> u32 {
    let significant = number.iter().skip_while(|byte| **byte == 0).count();
    let zeros = number.iter().find(|byte| **byte != 0).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(significant).unwrap_or(u32::MAX).saturating_mul(8).saturating_sub(zeros)
}

/// Size of the prime of a DSA key: the first of its three parameters.
fn dsa_bits(key: &SubjectPublicKeyInfo<'_>) -> Option<u32> {
    let parameters = key.algorithm.parameters.as_ref()?;
    let (_, prime) = x509_parser::der_parser::der::parse_der_integer(parameters.data).ok()?;
    Some(bits(prime.as_slice().ok()?))
}

fn curve_bits(key: &SubjectPublicKeyInfo<'_>) -> Option<u32> {
    let curve: Oid<'_> = key.algorithm.parameters.as_ref()?.as_oid().ok()?;
    Some(match curve.to_id_string().as_str() {
        "1.2.840.10045.3.1.1" => 192,
        "1.3.132.0.33" => 224,
        "1.2.840.10045.3.1.7" | "1.3.132.0.10" | "1.3.36.3.3.2.8.1.1.7" => 256,
        "1.3.132.0.34" | "1.3.36.3.3.2.8.1.1.11" => 384,
        "1.3.36.3.3.2.8.1.1.13" => 512,
        "1.3.132.0.35" => 521,
        "1.3.132.0.1" | "1.3.132.0.15" => 163,
        "1.3.132.0.26" | "1.3.132.0.27" => 233,
        "1.3.132.0.16" | "1.3.132.0.17" => 283,
        _ => return None,
    })
}

/// Size of the field by the length of an uncompressed or compressed point, for curves without a known name.
fn field_bits(point: &[u8]) -> u32 {
    let octets = match point.split_first() {
        Some((4, rest)) => rest.len() / 2,
        Some((_, rest)) => rest.len(),
        None => 0,
    };
    u32::try_from(octets).unwrap_or(0).saturating_mul(8)
}

/// Names of signature algorithms by object identifier.
fn signature(algorithm: &AlgorithmIdentifier<'_>) -> String {
    let oid = algorithm.algorithm.to_id_string();
    let known = match oid.as_str() {
        "1.2.840.113549.1.1.2" => "md2-rsa",
        "1.2.840.113549.1.1.4" => "md5-rsa",
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => "sha1-rsa",
        "1.2.840.113549.1.1.14" => "sha224-rsa",
        "1.2.840.113549.1.1.11" => "sha256-rsa",
        "1.2.840.113549.1.1.12" => "sha384-rsa",
        "1.2.840.113549.1.1.13" => "sha512-rsa",
        "1.2.840.113549.1.1.10" => return pss(algorithm),
        "1.2.840.10040.4.3" => "sha1-dsa",
        "2.16.840.1.101.3.4.3.2" => "sha256-dsa",
        "1.2.840.10045.4.1" => "ecdsa-sha1",
        "1.2.840.10045.4.3.1" => "ecdsa-sha224",
        "1.2.840.10045.4.3.2" => "ecdsa-sha256",
        "1.2.840.10045.4.3.3" => "ecdsa-sha384",
        "1.2.840.10045.4.3.4" => "ecdsa-sha512",
        "1.3.101.112" => "ed25519",
        "1.3.101.113" => "ed448",
        _ => return tame(&oid),
    };
    known.to_owned()
}

/// RSASSA-PSS carries its hash in the parameters; left out it is SHA-1 (RFC 4055, section 3.1).
fn pss(algorithm: &AlgorithmIdentifier<'_>) -> String {
    use x509_parser::signature_algorithm::RsaSsaPssParams;
    let hash = algorithm
        .parameters
        .as_ref()
        .and_then(|any| RsaSsaPssParams::try_from(any).ok())
        .map(|params| params.hash_algorithm_oid().to_id_string());
    match hash.as_deref() {
        Some("2.16.840.1.101.3.4.2.1") => "sha256-rsa-pss".to_owned(),
        Some("2.16.840.1.101.3.4.2.2") => "sha384-rsa-pss".to_owned(),
        Some("2.16.840.1.101.3.4.2.3") => "sha512-rsa-pss".to_owned(),
        Some("1.3.14.3.2.26") => "sha1-rsa-pss".to_owned(),
        _ => "rsa-pss".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    #[test]
    fn certificate_is_read() {
        let key = KeyPair::generate().unwrap();
        let names = vec!["pump.clinic.example".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        let der = CertificateParams::new(names).unwrap().self_signed(&key).unwrap().der().to_vec();
        let seen = read(&der).unwrap();
        assert_eq!(seen.names, ["pump.clinic.example", "127.0.0.1", "::1"]);
        assert_eq!((seen.key_algorithm.as_str(), seen.key_bits), ("ec", 256));
        assert_eq!(seen.signature, "ecdsa-sha256");
        assert!(seen.self_issued && !seen.ca && seen.server_auth.is_none());
        assert_eq!(seen.sha256.len(), 64);
        for cut in 0..der.len() {
            assert_eq!(read(&der[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn changed_bytes_never_panic() {
        let key = KeyPair::generate().unwrap();
        let der = CertificateParams::new(vec!["a".to_owned()]).unwrap().self_signed(&key).unwrap();
        for at in 0..der.der().len() {
            for value in [0, 1, 0x30, 0x7f, 0x80, 0x84, 0xff] {
                let mut changed = der.der().to_vec();
                changed[at] = value;
                let _ = read(&changed);
            }
        }
    }

    #[test]
    fn strings_are_tamed() {
        assert_eq!(tame("a\u{1b}[31mb\n"), "a\u{fffd}[31mb\u{fffd}");
        assert_eq!(tame(&"x".repeat(10_000)).len(), LONGEST);
    }

    #[test]
    fn times_out_of_range_are_clamped() {
        assert_eq!(timestamp(253_402_300_799), Timestamp::MAX);
        assert_eq!(timestamp(0), Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn numbers_are_measured() {
        assert_eq!(bits(&[0, 0x80, 0]), 16);
        assert_eq!(bits(&[0, 0]), 0);
        assert_eq!(field_bits(&[4; 65]), 256);
    }
}
