//! The lab's own certificate authority, made anew for each world and kept in memory.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevocationReason, RevokedCertParams, SanType,
    SerialNumber,
};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion};

use crate::LabError;

/// The cryptography that every server and client of the lab uses.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// What is particular about a certificate; the default is a good one for a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    /// Lifetime, in days from today; the first may lie in the past.
    pub(crate) days: (i64, i64),
    pub(crate) usage: Usage,
    pub(crate) key: Key,
    pub(crate) self_signed: bool,
    /// Stands on the authority's list.
    pub(crate) revoked: bool,
}

impl Default for Wish {
    fn default() -> Self {
        Self { days: (-1, 365), usage: Usage::Server, key: Key::P256, self_signed: false, revoked: false }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usage {
    Server,
    Client,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    P256,
    Rsa2048,
}

/// A certificate chain and its key.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// The certificate itself.
    pub(crate) fn leaf(&self) -> Option<&CertificateDer<'static>> {
        self.chain.first()
    }
}

/// The lab's certificate authority.
#[derive(Debug)]
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    pem: String,
    today: Date,
    revoked: Mutex<Vec<SerialNumber>>,
}

impl Authority {
    /// A new authority with a new key.
    pub(crate) fn new() -> Result<Self, LabError> {
        let today = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date();
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "auscult lab authority");
        params.distinguished_name.push(DnType::OrganizationName, "auscult lab, invented");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        lifetime(&mut params, today, (-1, 10 * 365));
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            certificate: certificate.der().clone(),
            pem: certificate.pem(),
            issuer: Issuer::new(params, key),
            today,
            revoked: Mutex::default(),
        })
    }

    /// The authority's certificate, PEM.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// The list of what it has revoked so far, PEM.
    pub(crate) fn list(&self) -> Result<String, LabError> {
        let day = |days| {
            let (year, month, day) = civil(self.today, days);
            rcgen::date_time_ymd(year, month, day)
        };
        let entry = |serial: &SerialNumber| RevokedCertParams {
            serial_number: serial.clone(),
            revocation_time: day(-1),
            reason_code: Some(RevocationReason::KeyCompromise),
            invalidity_date: None,
        };
        let revoked = self.revoked.lock().map(|all| all.iter().map(entry).collect()).unwrap_or_default();
        let list = CertificateRevocationListParams {
            this_update: day(-1),
            next_update: day(30),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: revoked,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(list.signed_by(&self.issuer)?.pem()?)
    }

    /// The authority's key, PEM, for whoever plays a far end with it.
    pub(crate) fn key_pem(&self) -> String {
        self.issuer.key().serialize_pem()
    }

    /// A certificate for a host name and, for servers, its address.
    pub(crate) fn issue(
        &self,
        name: &str,
        address: Option<IpAddr>,
        wish: Wish,
    ) -> Result<Identity, LabError> {
        let key = match wish.key {
            Key::P256 => KeyPair::generate()?,
            Key::Rsa2048 => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048)?,
        };
        let mut params = CertificateParams::new(vec![name.to_owned()])?;
        params.subject_alt_names.extend(address.map(SanType::IpAddress));
        params.distinguished_name.push(DnType::CommonName, name);
        params.use_authority_key_identifier_extension = !wish.self_signed;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![match wish.usage {
            Usage::Server => ExtendedKeyUsagePurpose::ServerAuth,
            Usage::Client => ExtendedKeyUsagePurpose::ClientAuth,
        }];
        lifetime(&mut params, self.today, wish.days);
        let mut serial = [0; 8];
        aws_lc_rs::rand::fill(&mut serial).map_err(|_| rustls::Error::FailedToGetRandomBytes)?;
        let serial = SerialNumber::from(u64::from_be_bytes(serial));
        params.serial_number = Some(serial.clone());
        if wish.revoked
            && let Ok(mut revoked) = self.revoked.lock()
        {
            revoked.push(serial);
        }
        let certificate = if wish.self_signed {
            params.self_signed(&key)?
        } else {
            params.signed_by(&key, &self.issuer)?
        };
        Ok(Identity {
            chain: vec![certificate.der().clone()],
            key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        })
    }

    /// How a server proves itself, and whether it demands the same of its clients.
    pub(crate) fn server(
        &self,
        identity: &Identity,
        versions: &[&'static SupportedProtocolVersion],
        client_certificate: bool,
    ) -> Result<Arc<ServerConfig>, LabError> {
        let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(versions)?;
        let builder = if client_certificate {
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(self.roots()?), provider())
                .build()
                .map_err(|e| rustls::Error::General(e.to_string()))?;
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let mut config = builder.with_single_cert(identity.chain.clone(), identity.key.clone_key())?;
        // Nothing in the lab comes back often enough for resumption, and tickets only take memory.
        config.send_tls13_tickets = 0;
        config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
        Ok(Arc::new(config))
    }

    /// How a device talks to a server of the lab; with an identity it can prove who it is.
    pub(crate) fn client(&self, identity: Option<&Identity>) -> Result<Arc<ClientConfig>, LabError> {
        let builder = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(self.roots()?);
        Ok(Arc::new(match identity {
            Some(identity) => {
                builder.with_client_auth_cert(identity.chain.clone(), identity.key.clone_key())?
            }
            None => builder.with_no_client_auth(),
        }))
    }

    fn roots(&self) -> Result<RootCertStore, LabError> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone())?;
        Ok(roots)
    }
}

/// Sets the lifetime of a certificate in days from today.
fn lifetime(params: &mut CertificateParams, today: Date, (from, until): (i64, i64)) {
    let day = |days| {
        let (year, month, day) = civil(today, days);
        rcgen::date_time_ymd(year, month, day)
    };
    params.not_before = day(from);
    params.not_after = day(until);
}

/// Year, month and day, so many days from a day.
fn civil(today: Date, days: i64) -> (i32, u8, u8) {
    let date = today.saturating_add(days.days());
    // A month is 1 to 12 and its day 1 to 31: neither is negative.
    (date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
}
