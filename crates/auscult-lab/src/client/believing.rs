//! Verifiers of certificates that leave one thing out, each on purpose: what firms do by mistake.

use std::sync::Arc;

use auscult_wire::ocsp;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::verify_server_name, server::ParsedCertificate,
};

use super::ClientFault;
use crate::LabError;
use crate::pki::provider;

/// What is believed without looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Believes {
    SelfSigned,
    AnyAuthority,
    AnyName,
    Expired,
    Revoked,
    WeakKey,
}

impl Believes {
    pub(super) const fn of(fault: ClientFault) -> Option<Self> {
        match fault {
            ClientFault::BelievesSelfSigned => Some(Self::SelfSigned),
            ClientFault::BelievesAnyAuthority => Some(Self::AnyAuthority),
            ClientFault::BelievesAnyName => Some(Self::AnyName),
            ClientFault::BelievesExpired => Some(Self::Expired),
            ClientFault::BelievesRevoked => Some(Self::Revoked),
            ClientFault::BelievesWeakKey => Some(Self::WeakKey),
            ClientFault::BelievesAnyTime
            | ClientFault::FallsBackToClear
            | ClientFault::SpeaksInClear
            | ClientFault::GivesUp => None,
        }
    }
}

/// A verifier, with a hole where something is believed.
#[derive(Debug)]
pub(super) struct Believing {
    believes: Option<Believes>,
    proper: Arc<WebPkiServerVerifier>,
}

impl Believing {
    pub(super) fn new(believes: Option<Believes>, roots: Arc<RootCertStore>) -> Result<Self, LabError> {
        Ok(Self { believes, proper: verifier(roots).map_err(LabError::Tls)? })
    }
}

fn verifier(roots: Arc<RootCertStore>) -> Result<Arc<WebPkiServerVerifier>, Error> {
    WebPkiServerVerifier::builder_with_provider(roots, provider())
        .build()
        .map_err(|e| Error::General(e.to_string()))
}

/// Whether a stapled status says that a certificate is revoked.
///
/// Who has signed it is not looked at: nobody gains by being refused.
fn tells_revoked(staple: &[u8]) -> bool {
    match ocsp::read(staple) {
        Some(ocsp::Response::Basic(basic)) => {
            basic.single.iter().any(|single| matches!(single.status, ocsp::Status::Revoked(_)))
        }
        _ => false,
    }
}

impl ServerCertVerifier for Believing {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        staple: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let properly = self.proper.verify_server_cert(leaf, others, name, staple, now);
        let Err(why) = properly else {
            return match tells_revoked(staple) && self.believes != Some(Believes::Revoked) {
                true => Err(Error::InvalidCertificate(CertificateError::Revoked)),
                false => properly,
            };
        };
        let Some(believes) = self.believes else { return Err(why) };
        let believed = match believes {
            // Nobody else has signed it, and nothing came with it.
            Believes::SelfSigned => {
                others.is_empty() && verify_server_name(&ParsedCertificate::try_from(leaf)?, name).is_ok()
            }
            // The last one of the chain is taken for an authority.
            Believes::AnyAuthority => others.last().is_some_and(|root| {
                let mut roots = RootCertStore::empty();
                roots.add(root.clone().into_owned()).is_ok()
                    && verifier(Arc::new(roots))
                        .is_ok_and(|v| v.verify_server_cert(leaf, others, name, staple, now).is_ok())
            }),
            Believes::AnyName => {
                matches!(
                    why,
                    Error::InvalidCertificate(
                        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
                    )
                )
            }
            Believes::Expired => {
                matches!(
                    why,
                    Error::InvalidCertificate(
                        CertificateError::Expired | CertificateError::ExpiredContext { .. }
                    )
                )
            }
            Believes::Revoked | Believes::WeakKey => false,
        };
        if believed { Ok(ServerCertVerified::assertion()) } else { Err(why) }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.believes == Some(Believes::WeakKey) {
            // The library refuses short keys by itself.
            return Ok(HandshakeSignatureValid::assertion());
        }
        self.proper.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.proper.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.proper.supported_verify_schemes()
    }
}
