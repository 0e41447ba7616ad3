//! What a data store gives to a stranger over its own protocol.

use serde::{Deserialize, Serialize};

use crate::entry::Ways;
use crate::{Answer, Facts, Scope};

pub use crate::entry::Entry;

/// Protocols of data stores that can be asked.
pub const STORES: &[&str] = &["redis", "postgresql", "mongodb", "memcached", "mysql"];

/// What one data store showed to somebody it does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreFacts {
    /// Protocol that was spoken, a word of [`STORES`].
    pub protocol: String,
    /// Whether it was spoken to inside TLS from the first byte.
    pub tls: bool,
    /// Whether the TLS session was ended because no client certificate was shown.
    #[serde(default)]
    pub client_certificate_demanded: bool,
    /// Whether it offers to go over to TLS within a connection that begins in clear.
    pub offers_tls: Answer<bool>,
    /// What a client without a password got in clear.
    pub in_clear: Answer<Entry>,
    /// What a client without a password got inside TLS.
    pub inside_tls: Answer<Entry>,
    /// Databases that it told to such a client.
    pub databases: Answer<u64>,
}

impl StoreFacts {
    /// The two ways in.
    pub fn ways(&self) -> Ways<'_> {
        Ways {
            tls: self.tls,
            client_certificate_demanded: self.client_certificate_demanded,
            offers_tls: &self.offers_tls,
            in_clear: &self.in_clear,
            inside_tls: &self.inside_tls,
            // MariaDB demands TLS only of those whose password is right.
            password_first: self.protocol == "mysql",
        }
    }

    /// Whether a stranger is let in, by whichever way was tried.
    pub fn admits_strangers(&self) -> Answer<bool> {
        self.ways().admits_strangers()
    }

    /// Whether it gives its protocol in clear to those whom it serves.
    pub fn serves_in_clear(&self) -> Answer<bool> {
        self.ways().serves_in_clear()
    }
}

impl Facts for StoreFacts {
    const KIND: &'static str = "store";
    const SCOPE: Scope = Scope::Protocols(STORES);
}
