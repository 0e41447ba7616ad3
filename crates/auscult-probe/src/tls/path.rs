//! Builds a path from a server's certificate to the anchors of the scenario, times set aside.

use std::time::Duration;

use auscult_facts::tls::Path;
use auscult_facts::{Answer, Interrupted};
use aws_lc_rs::signature as lc;
use rustls::pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm,
    SubjectPublicKeyInfoDer, TrustAnchor, UnixTime, alg_id,
};
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, RawPublicKeyEntity};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

/// What a chain, the server's own certificate first, is worth against anchors.
pub fn judge(chain: &[Vec<u8>], anchors: &[Vec<u8>]) -> Answer<Path> {
    let Some((leaf, rest)) = chain.split_first() else {
        return Answer::Interrupted(Interrupted::NotUnderstood);
    };
    if anchors.contains(leaf) {
        return Answer::Seen(Path::Anchored);
    }
    let Ok((_, parsed)) = X509Certificate::from_der(leaf) else { return Answer::Seen(Path::Broken) };
    if parsed.subject().as_raw() == parsed.issuer().as_raw() {
        match signed_by(&parsed, parsed.public_key().raw) {
            Signed::Yes => return Answer::Seen(Path::SelfSigned),
            Signed::Unknown => return Answer::Interrupted(Interrupted::BeyondInstrument),
            // The same name, but another key: an authority may have given its own name to a server.
            Signed::No => {}
        }
    }
    if anchors.is_empty() {
        return Answer::Seen(Path::NoAnchors);
    }
    build(leaf, &parsed, rest, anchors)
}

fn build(leaf: &[u8], parsed: &X509Certificate<'_>, rest: &[Vec<u8>], anchors: &[Vec<u8>]) -> Answer<Path> {
    let ders: Vec<CertificateDer<'_>> = anchors.iter().map(|a| CertificateDer::from(a.as_slice())).collect();
    let trusted: Vec<TrustAnchor<'_>> =
        ders.iter().filter_map(|der| webpki::anchor_from_trusted_cert(der).ok()).collect();
    if trusted.is_empty() {
        return Answer::Interrupted(Interrupted::InstrumentFault);
    }
    let between: Vec<CertificateDer<'_>> = rest.iter().map(|c| CertificateDer::from(c.as_slice())).collect();
    let own = CertificateDer::from(leaf);
    let entity = match EndEntityCert::try_from(&own) {
        Ok(entity) => entity,
        // Version 1 has no extensions; home-made authorities still issue it.
        Err(_) => return direct(parsed, anchors),
    };
    let algorithms = algorithms();
    let mut worst = None;
    for time in times(parsed, rest) {
        let built = entity.verify_for_usage(&algorithms, &trusted, &between, time, AnyPurpose, None, None);
        match built.map(|_| ()) {
            Ok(()) => return Answer::Seen(Path::Anchored),
            // No certificate of the path need be valid at just this time.
            Err(Error::CertExpired { .. } | Error::CertNotValidYet { .. }) => {}
            Err(error) => worst = Some(error),
        }
    }
    match worst {
        // An authority whose certificate is used by a server itself: judged by its purpose, not here.
        Some(Error::CaUsedAsEndEntity) => direct(parsed, anchors),
        Some(
            Error::InvalidSignatureForPublicKey | Error::BadDer | Error::BadDerTime | Error::TrailingData(_),
        ) => Answer::Seen(Path::Broken),
        // `None`: the parts were never valid together, so that no path ever held.
        None
        | Some(
            Error::UnknownIssuer
            | Error::EndEntityUsedAsCa
            | Error::PathLenConstraintViolated
            | Error::NameConstraintViolation,
        ) => Answer::Seen(Path::UnknownIssuer),
        Some(_) => Answer::Interrupted(Interrupted::BeyondInstrument),
    }
}

/// A path of one step, for certificates that path building does not take.
fn direct(leaf: &X509Certificate<'_>, anchors: &[Vec<u8>]) -> Answer<Path> {
    let mut answer = Answer::Seen(Path::UnknownIssuer);
    for anchor in anchors {
        let Ok((_, anchor)) = X509Certificate::from_der(anchor) else { continue };
        if anchor.subject().as_raw() != leaf.issuer().as_raw() {
            continue;
        }
        match signed_by(leaf, anchor.public_key().raw) {
            Signed::Yes => return Answer::Seen(Path::Anchored),
            Signed::No => answer = Answer::Seen(Path::Broken),
            Signed::Unknown => return Answer::Interrupted(Interrupted::BeyondInstrument),
        }
    }
    match answer {
        // There may be a longer path, which is not walked for such certificates.
        Answer::Seen(Path::UnknownIssuer) => Answer::Interrupted(Interrupted::BeyondInstrument),
        answer => answer,
    }
}

/// Whether a signature is by a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    Yes,
    No,
    /// The algorithm is not at hand (MD5, DSA and others).
    Unknown,
}

/// Whether a certificate is signed by a key (SubjectPublicKeyInfo, DER).
pub(super) fn signed_by(certificate: &X509Certificate<'_>, key: &[u8]) -> Signed {
    let oid = certificate.signature_algorithm.algorithm.as_bytes();
    verified(oid, certificate.tbs_certificate.as_ref(), &certificate.signature_value.data, key)
}

/// Whether a signature by an algorithm (content of its object identifier) is by a key (SubjectPublicKeyInfo, DER).
pub(super) fn verified(oid: &[u8], message: &[u8], signature: &[u8], key: &[u8]) -> Signed {
    // Object identifier with its tag and length, as it begins each algorithm identifier.
    let mut wanted = vec![6, u8::try_from(oid.len()).unwrap_or(0)];
    wanted.extend(oid);
    let key = SubjectPublicKeyInfoDer::from(key);
    let Ok(key) = RawPublicKeyEntity::try_from(&key) else { return Signed::Unknown };
    let mut outcome = Signed::Unknown;
    for algorithm in algorithms().into_iter().filter(|a| a.signature_alg_id().starts_with(&wanted)) {
        match key.verify_signature(algorithm, message, signature) {
            Ok(()) => return Signed::Yes,
            Err(Error::InvalidSignatureForPublicKey) => outcome = Signed::No,
            Err(_) => {}
        }
    }
    outcome
}

/// Times at which all parts of a path may be valid together: within the leaf's time, the beginning of each.
fn times(leaf: &X509Certificate<'_>, rest: &[Vec<u8>]) -> Vec<UnixTime> {
    let validity = leaf.validity();
    let within = validity.not_before.timestamp()..=validity.not_after.timestamp();
    let mut starts: Vec<i64> = rest
        .iter()
        .filter_map(|der| Some(X509Certificate::from_der(der).ok()?.1.validity().not_before.timestamp()))
        .chain([validity.not_before.timestamp()])
        .filter(|start| within.contains(start))
        .collect();
    // The latest first: where all overlap they do so there.
    starts.sort_unstable_by(|a, b| b.cmp(a));
    starts.dedup();
    let unix =
        |start: i64| UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(start).unwrap_or(0)));
    starts.into_iter().map(unix).collect()
}

/// Purposes are judged by themselves.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

/// RSA with keys or hashes too weak for path building by others; weakness is judged by itself, a path is a path.
#[derive(Debug)]
struct Weak {
    signature: AlgorithmIdentifier,
    parameters: &'static lc::RsaParameters,
}

impl SignatureVerificationAlgorithm for Weak {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        lc::UnparsedPublicKey::new(self.parameters, key)
            .verify(message, signature)
            .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

/// sha1WithRSAEncryption with its empty parameters (RFC 4055, section 5).
const RSA_SHA1: AlgorithmIdentifier = AlgorithmIdentifier::from_slice(&[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05, 0x05, 0x00,
]);

static WEAK: [&dyn SignatureVerificationAlgorithm; 3] = [
    &Weak { signature: RSA_SHA1, parameters: &lc::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY },
    &Weak {
        signature: alg_id::RSA_PKCS1_SHA256,
        parameters: &lc::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    },
    &Weak {
        signature: alg_id::RSA_PKCS1_SHA512,
        parameters: &lc::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    },
];

/// Every algorithm at hand. The first that fits decides, so the ones that bear short keys come first.
fn algorithms() -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    WEAK.iter().chain(webpki::ALL_VERIFICATION_ALGS).copied().collect()
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

    use super::*;

    struct Authority {
        der: Vec<u8>,
        issuer: Issuer<'static, KeyPair>,
    }

    fn params(name: &str, years: (i32, i32)) -> CertificateParams {
        let mut params = CertificateParams::new(vec![format!("{name}.example")]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = date_time_ymd(years.0, 1, 1);
        params.not_after = date_time_ymd(years.1, 1, 1);
        params
    }

    fn authority(name: &str, years: (i32, i32), above: Option<&Authority>) -> Authority {
        let mut params = params(name, years);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = match above {
            Some(above) => params.signed_by(&key, &above.issuer),
            None => params.self_signed(&key),
        };
        Authority { der: certificate.unwrap().der().to_vec(), issuer: Issuer::new(params, key) }
    }

    fn leaf(years: (i32, i32), by: &Authority) -> Vec<u8> {
        let key = KeyPair::generate().unwrap();
        params("leaf", years).signed_by(&key, &by.issuer).unwrap().der().to_vec()
    }

    #[test]
    fn paths_are_built_whatever_the_time() {
        let root = authority("root", (2000, 2010), None);
        let middle = authority("middle", (2004, 2014), Some(&root));
        let expired = leaf((2003, 2005), &middle);
        let chain = vec![expired.clone(), middle.der.clone()];
        assert_eq!(judge(&chain, std::slice::from_ref(&root.der)), Answer::Seen(Path::Anchored));
        assert_eq!(judge(&chain, &[]), Answer::Seen(Path::NoAnchors));
        assert_eq!(judge(&[expired], std::slice::from_ref(&root.der)), Answer::Seen(Path::UnknownIssuer));
        let other = authority("other", (2000, 2040), None);
        assert_eq!(judge(&chain, std::slice::from_ref(&other.der)), Answer::Seen(Path::UnknownIssuer));
        let never = vec![leaf((2020, 2021), &middle), middle.der];
        assert_eq!(judge(&never, &[root.der]), Answer::Seen(Path::UnknownIssuer));
    }

    #[test]
    fn own_signatures_are_told() {
        let alone = authority("alone", (2000, 2040), None).der;
        assert_eq!(judge(std::slice::from_ref(&alone), &[]), Answer::Seen(Path::SelfSigned));
        let root = authority("root", (2000, 2040), None).der;
        assert_eq!(judge(std::slice::from_ref(&alone), &[root]), Answer::Seen(Path::SelfSigned));
        let own = [alone];
        assert_eq!(judge(&own, &own), Answer::Seen(Path::Anchored));
    }

    #[test]
    fn wrong_signatures_and_nonsense_are_broken() {
        let root = authority("root", (2000, 2040), None);
        let twin = authority("root", (2000, 2040), None);
        let chain = vec![leaf((2000, 2040), &twin)];
        assert_eq!(judge(&chain, &[root.der]), Answer::Seen(Path::Broken));
        assert_eq!(judge(&[b"no certificate".to_vec()], &[twin.der]), Answer::Seen(Path::Broken));
        assert_eq!(
            judge(&chain, &[b"no anchor".to_vec()]),
            Answer::Interrupted(Interrupted::InstrumentFault)
        );
        assert_eq!(judge(&[], &[]), Answer::Interrupted(Interrupted::NotUnderstood));
    }

    #[test]
    fn authority_used_as_a_server_is_anchored_directly() {
        let root = authority("root", (2000, 2040), None);
        let middle = authority("middle", (2000, 2040), Some(&root));
        assert_eq!(judge(&[middle.der], &[root.der]), Answer::Seen(Path::Anchored));
    }
}
