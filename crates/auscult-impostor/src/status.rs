//! A status of OCSP that says that a certificate is revoked (RFC 6960, section 4.2), signed by the test authority.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use jiff::{SignedDuration, Timestamp};
use rcgen::SigningKey;
use x509_parser::prelude::{FromDer, X509Certificate};

/// SHA-1 as an algorithm identifier: the hash that every client knows from certificate ids.
const SHA1: &[u8] = &[0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0];

/// The basic answer, 1.3.6.1.5.5.7.48.1.1.
const BASIC: &[u8] = &[6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1];

/// keyCompromise (RFC 5280, section 5.3.1), in its wrapping.
const KEY_COMPROMISE: &[u8] = &[0xa0, 3, 0x0a, 1, 1];

/// How long ago the certificate was revoked and the status made, and how long it holds.
const REVOKED: SignedDuration = SignedDuration::from_hours(-24);
const MADE: SignedDuration = SignedDuration::from_hours(-1);
const HOLDS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A status of `leaf`, which `authority` has issued, signed with the authority's `key`.
///
/// # Errors
/// When one of the certificates cannot be read, or the key does not sign.
pub(crate) fn revoked(leaf: &[u8], authority: &[u8], key: &impl SigningKey) -> Result<Vec<u8>, rcgen::Error> {
    let unread = |_| rcgen::Error::CouldNotParseCertificate;
    let (_, read) = X509Certificate::from_der(leaf).map_err(unread)?;
    let (_, issuer) = X509Certificate::from_der(authority).map_err(unread)?;
    let now = Timestamp::now();
    let time = |from_now: SignedDuration| {
        let at = now.checked_add(from_now).unwrap_or(now);
        value(0x18, &[at.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes()])
    };
    let hashed = |bytes: &[u8]| value(4, &[digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref()]);
    let key_hash = hashed(&issuer.public_key().subject_public_key.data);
    let id = value(
        0x30,
        &[
            SHA1,
            &hashed(issuer.subject().as_raw()),
            &key_hash,
            &value(2, &[read.tbs_certificate.raw_serial()]),
        ],
    );
    let status = value(0xa1, &[&time(REVOKED), KEY_COMPROMISE]);
    let single = value(0x30, &[&id, &status, &time(MADE), &value(0xa0, &[&time(HOLDS)])]);
    let data = value(0x30, &[&value(0xa2, &[&key_hash]), &time(MADE), &value(0x30, &[&single])]);
    let signature = key.sign(&data)?;
    let algorithm = algorithm(leaf, &read).ok_or(rcgen::Error::CouldNotParseCertificate)?;
    let basic = value(0x30, &[&data, algorithm, &value(3, &[&[0], &signature])]);
    let typed = value(0x30, &[BASIC, &value(4, &[&basic])]);
    Ok(value(0x30, &[&[0x0a, 1, 0], &value(0xa0, &[&typed])]))
}

/// The algorithm with which the same key has signed a certificate: it stands behind what was signed.
fn algorithm<'a>(der: &'a [u8], read: &X509Certificate<'_>) -> Option<&'a [u8]> {
    let signed = read.tbs_certificate.as_ref();
    let at = der.windows(signed.len()).position(|window| window == signed)? + signed.len();
    let length = usize::from(*der.get(at + 1)?);
    der.get(at..at + 2 + length)
}

/// One value of DER.
fn value(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len().to_be_bytes();
    let significant = length.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<u8>>();
    let mut out = vec![tag];
    match significant.as_slice() {
        [] => out.push(0),
        [short @ ..=0x7f] => out.push(*short),
        long => {
            out.push(0x80 | long.len() as u8);
            out.extend(long);
        }
    }
    out.extend(content);
    out
}

#[cfg(test)]
mod tests {
    use auscult_wire::ocsp::{Response, Status, read};
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

    use super::*;

    #[test]
    fn our_own_reader_reads_it() {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = params.self_signed(&key).unwrap();
        let issuer = Issuer::new(params, key);
        let params = CertificateParams::new(vec!["leaf.example".to_owned()]).unwrap();
        let leaf = params.signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap();
        let status = revoked(leaf.der(), authority.der(), issuer.key()).unwrap();
        let Some(Response::Basic(basic)) = read(&status) else { panic!("it is a basic answer") };
        assert_eq!(basic.single.len(), 1);
        assert_eq!(basic.single[0].status, Status::Revoked(Some(1)));
        let (_, leaf) = X509Certificate::from_der(leaf.der()).unwrap();
        assert_eq!(basic.single[0].serial, leaf.tbs_certificate.raw_serial());
        assert!(basic.single[0].next_update.is_some());
    }

    #[test]
    fn lengths_are_as_der_wants_them() {
        assert_eq!(value(4, &[]), [4, 0]);
        assert_eq!(value(4, &[&[7; 127]])[..2], [4, 127]);
        assert_eq!(value(4, &[&[7; 128]])[..3], [4, 0x81, 128]);
        assert_eq!(value(4, &[&[7; 300]])[..4], [4, 0x82, 1, 44]);
    }
}
