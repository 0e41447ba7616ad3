//! What a broker other than MQTT's grants to a stranger: AMQP 0-9-1 and NATS.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::entry::{Entry, Ways};
use crate::{Answer, Facts, Scope};

/// Protocols of brokers that can be asked.
pub const BROKERS: &[&str] = &["amqp", "nats"];

/// What one broker showed to somebody it does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokerFacts {
    /// Protocol that was spoken, a word of [`BROKERS`].
    pub protocol: String,
    /// Whether it was spoken to inside TLS from the first byte.
    pub tls: bool,
    /// Whether the TLS session was ended because no client certificate was shown.
    #[serde(default)]
    pub client_certificate_demanded: bool,
    /// Whether it offers to go over to TLS within a connection that begins in clear.
    pub offers_tls: Answer<bool>,
    /// Ways of login that it offers, of those that are known: `ANONYMOUS`, `PLAIN`, `AMQPLAIN`, `EXTERNAL` and the like.
    #[serde(default)]
    pub mechanisms: BTreeSet<String>,
    /// What a client without a password got in clear.
    pub in_clear: Answer<Entry>,
    /// What a client without a password got inside TLS.
    pub inside_tls: Answer<Entry>,
    /// What it said to accounts that products are shipped with.
    pub accounts: Answer<Accounts>,
}

/// What came of accounts that products are shipped with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// Whether a password made up for this run was accepted: passwords are not looked at.
    pub accepts_any_password: bool,
    /// Pairs of name and password tried.
    pub tried: u32,
    /// Name, of our own list, of the account that was accepted.
    #[serde(default)]
    pub accepted: Option<String>,
}

impl BrokerFacts {
    /// The two ways in.
    pub const fn ways(&self) -> Ways<'_> {
        Ways {
            tls: self.tls,
            client_certificate_demanded: self.client_certificate_demanded,
            offers_tls: &self.offers_tls,
            in_clear: &self.in_clear,
            inside_tls: &self.inside_tls,
            password_first: false,
        }
    }
}

impl Facts for BrokerFacts {
    const KIND: &'static str = "broker";
    const SCOPE: Scope = Scope::Protocols(BROKERS);
}
