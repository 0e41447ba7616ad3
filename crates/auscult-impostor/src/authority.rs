//! The authority that the device trusts on the bench, and the certificates that the acts show.

use std::net::IpAddr;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData, SanType,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::status;

/// Why an authority cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// The certificate is no certificate in PEM.
    #[error("the certificate of the test authority cannot be read")]
    Certificate,
    /// The key is no private key in PEM.
    #[error("the key of the test authority cannot be read")]
    Key,
    /// They do not belong together.
    #[error("certificate and key of the test authority do not belong together")]
    NotAPair,
}

/// The authority that the device trusts on the bench.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

/// A chain and its key.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

/// Names and addresses of the far end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) names: Vec<String>,
    pub(crate) addresses: Vec<IpAddr>,
}

/// Name of nobody, reserved for such use (RFC 6761).
const SOMEBODY_ELSE: &str = "somebody-else.invalid";

/// Days from today in which a proper certificate is valid.
const PROPER: (i64, i64) = (-2, 90);
/// The same for one whose time is over.
const OVER: (i64, i64) = (-400, -30);

impl Authority {
    /// Reads certificate and key, PEM.
    ///
    /// # Errors
    /// When one of them cannot be read, or they are no pair.
    pub fn from_pem(certificate: &[u8], key: &[u8]) -> Result<Self, AuthorityError> {
        use rustls::pki_types::pem::PemObject;
        let certificate =
            CertificateDer::from_pem_slice(certificate).map_err(|_| AuthorityError::Certificate)?;
        let key = std::str::from_utf8(key).map_err(|_| AuthorityError::Key)?;
        let key = KeyPair::from_pem(key).map_err(|_| AuthorityError::Key)?;
        let (_, read) = X509Certificate::from_der(&certificate).map_err(|_| AuthorityError::Certificate)?;
        if read.public_key().raw != key.subject_public_key_info() {
            return Err(AuthorityError::NotAPair);
        }
        let issuer = Issuer::from_ca_cert_der(&certificate, key).map_err(|_| AuthorityError::Certificate)?;
        Ok(Self { issuer, certificate })
    }

    /// A proper certificate of the far end.
    pub(crate) fn proper(&self, names: &Names) -> Result<Identity, rcgen::Error> {
        self.issued(names, PROPER)
    }

    /// One whose time is over.
    pub(crate) fn expired(&self, names: &Names) -> Result<Identity, rcgen::Error> {
        self.issued(names, OVER)
    }

    /// A proper one, and a status of the authority that says that it is revoked.
    pub(crate) fn revoked(&self, names: &Names) -> Result<(Identity, Vec<u8>), rcgen::Error> {
        let identity = self.issued(names, PROPER)?;
        let leaf = identity.chain.first().map(AsRef::as_ref).unwrap_or_default();
        let status = status::revoked(leaf, &self.certificate, self.issuer.key())?;
        Ok((identity, status))
    }

    /// One for somebody else.
    pub(crate) fn wrong_name(&self) -> Result<Identity, rcgen::Error> {
        let names = Names { names: vec![SOMEBODY_ELSE.to_owned()], addresses: Vec::new() };
        self.issued(&names, PROPER)
    }

    /// One with very many names beside the right ones, about 12 KiB long.
    pub(crate) fn large(&self, names: &Names) -> Result<Identity, rcgen::Error> {
        let mut many = names.clone();
        many.names.extend((0..400).map(|n| format!("name-{n:03}.{SOMEBODY_ELSE}")));
        self.issued(&many, PROPER)
    }

    /// The chain of a certificate for a public key of which nobody needs the private one.
    pub(crate) fn chain_for(
        &self,
        names: &Names,
        key: &impl PublicKeyData,
    ) -> Result<Vec<Vec<u8>>, rcgen::Error> {
        let mut params = params(names, PROPER)?;
        params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
        let certificate = params.signed_by(key, &self.issuer)?;
        Ok(vec![certificate.der().to_vec(), self.certificate.to_vec()])
    }

    fn issued(&self, names: &Names, days: (i64, i64)) -> Result<Identity, rcgen::Error> {
        let key = KeyPair::generate()?;
        let certificate = params(names, days)?.signed_by(&key, &self.issuer)?;
        Ok(identity(vec![certificate.der().clone(), self.certificate.clone()], &key))
    }
}

/// A certificate that nobody but itself signed.
pub(crate) fn self_signed(names: &Names) -> Result<Identity, rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = params(names, PROPER)?;
    params.use_authority_key_identifier_extension = false;
    let certificate = params.self_signed(&key)?;
    Ok(identity(vec![certificate.der().clone()], &key))
}

/// A certificate of an authority that nobody knows.
pub(crate) fn of_unknown_authority(names: &Names) -> Result<Identity, rcgen::Error> {
    let authority_key = KeyPair::generate()?;
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "authority that nobody knows");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    lifetime(&mut authority, PROPER);
    let root = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate()?;
    let certificate = params(names, PROPER)?.signed_by(&key, &issuer)?;
    Ok(identity(vec![certificate.der().clone(), root.der().clone()], &key))
}

fn identity(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Identity {
    Identity { chain, key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())) }
}

fn params(names: &Names, days: (i64, i64)) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names.names.clone())?;
    params.subject_alt_names.extend(names.addresses.iter().copied().map(SanType::IpAddress));
    // Old clients look at nothing but the common name.
    let common = names.names.first().cloned();
    let common = common.or_else(|| names.addresses.first().map(IpAddr::to_string)).unwrap_or_default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    // A common name has at most 64 characters (RFC 5280, appendix A.1).
    params.distinguished_name.push(DnType::CommonName, common.chars().take(64).collect::<String>());
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    lifetime(&mut params, days);
    Ok(params)
}

/// Sets the lifetime in days from today.
fn lifetime(params: &mut CertificateParams, (from, until): (i64, i64)) {
    let today = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date();
    let day = |days: i64| {
        let date = today.saturating_add(days.days());
        rcgen::date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    params.not_before = day(from);
    params.not_after = day(until);
}
