//! Handshakes with real certificates, good and bad, and everything that an act has to put on.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use auscult_facts::client::{Ended, Play, Reached};
use auscult_wire::tls::Offer;
use rcgen::KeyPair;
use rustls::ServerConfig;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::authority::{Authority, Identity, Names, of_unknown_authority, self_signed};
use crate::forged::{Refusable, WeakKey, forged};
use crate::hear::hear;
use crate::meeting::{Met, ended};
use crate::wire::Wire;

/// How long the device may take for its next step, where the scenario does not wait for less.
const PATIENCE: Duration = Duration::from_secs(8);
/// Size of the records in which the large certificate comes.
const SMALL_RECORD: usize = 512;

/// What cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unready {
    #[error(transparent)]
    Certificate(#[from] rcgen::Error),
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

/// Every certificate that the acts show.
#[derive(Clone)]
pub(crate) struct Wardrobe(Arc<Clothes>);

struct Clothes {
    names: Names,
    patience: Duration,
    proper: Arc<ServerConfig>,
    self_signed: Arc<ServerConfig>,
    unknown_authority: Arc<ServerConfig>,
    wrong_name: Arc<ServerConfig>,
    expired: Arc<ServerConfig>,
    revoked: Arc<ServerConfig>,
    large: Arc<ServerConfig>,
    /// A proper chain with an RSA key of 2048 bits, for what is older than elliptic curves.
    rsa: Vec<Vec<u8>>,
    /// A proper chain with an RSA key of 1024 bits.
    weak: Vec<Vec<u8>>,
}

impl Wardrobe {
    pub(crate) fn of(authority: &Authority, names: Names, wait: Duration) -> Result<Self, Unready> {
        let rsa = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048)?;
        Ok(Self(Arc::new(Clothes {
            proper: config(authority.proper(&names)?, None)?,
            self_signed: config(self_signed(&names)?, None)?,
            unknown_authority: config(of_unknown_authority(&names)?, None)?,
            wrong_name: config(authority.wrong_name()?, None)?,
            expired: config(authority.expired(&names)?, None)?,
            revoked: {
                let (identity, status) = authority.revoked(&names)?;
                stapling(identity, None, status)?
            },
            large: config(authority.large(&names)?, Some(SMALL_RECORD))?,
            rsa: authority.chain_for(&names, &rsa)?,
            weak: authority.chain_for(&names, &WeakKey::public())?,
            names,
            patience: wait.min(PATIENCE),
        })))
    }

    /// How the server of an act speaks TLS.
    pub(crate) fn config(&self, play: Play) -> Arc<ServerConfig> {
        let clothes = &self.0;
        Arc::clone(match play {
            Play::SelfSigned => &clothes.self_signed,
            Play::UnknownAuthority => &clothes.unknown_authority,
            Play::WrongName => &clothes.wrong_name,
            Play::Expired | Play::WrongTime => &clothes.expired,
            Play::Revoked => &clothes.revoked,
            Play::LargeCertificate => &clothes.large,
            _ => &clothes.proper,
        })
    }

    /// The first flight of an act that no library plays.
    pub(crate) fn forged(&self, play: Play, offer: &Offer) -> Refusable {
        forged(play, offer, &self.0.rsa, &self.0.weak)
    }

    /// How long the device may take for its next step.
    pub(crate) fn patience(&self) -> Duration {
        self.0.patience
    }

    /// Whether a name that was asked for is one of the far end.
    pub(crate) fn names(&self, name: &[u8]) -> bool {
        self.0.names.names.iter().any(|n| n.as_bytes().eq_ignore_ascii_case(name))
    }
}

fn config(identity: Identity, record: Option<usize>) -> Result<Arc<ServerConfig>, rustls::Error> {
    stapling(identity, record, Vec::new())
}

/// A server that staples a status, unless that is empty.
fn stapling(
    identity: Identity,
    record: Option<usize>,
    status: Vec<u8>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert_with_ocsp(identity.chain, identity.key, status)?;
    // Every connection shall look at the certificate anew.
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config.max_fragment_size = record;
    Ok(Arc::new(config))
}

/// Makes a handshake and listens to what the client says inside it.
pub(crate) async fn shake(wire: Wire, config: Arc<ServerConfig>, patience: Duration) -> Met {
    match timeout(patience, TlsAcceptor::from(config).accept(wire)).await {
        Err(_over) => Met::of(Reached::Hello, Ended::TimeOver),
        Ok(Ok(inside)) => hear(inside, Reached::Inside).await,
        Ok(Err(e)) => failed(&e),
    }
}

/// A handshake that the client, or we, ended.
fn failed(error: &io::Error) -> Met {
    match of_tls(error) {
        Some(rustls::Error::AlertReceived(alert)) => Met::alerted(Reached::Hello, u8::from(*alert)),
        Some(rustls::Error::PeerIncompatible(_)) => Met::beyond(),
        Some(_) => Met::of(Reached::Hello, Ended::TooMuch),
        None => Met::of(Reached::Hello, ended(error)),
    }
}

/// The error of TLS inside one of input and output.
pub(crate) fn of_tls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>())
}
