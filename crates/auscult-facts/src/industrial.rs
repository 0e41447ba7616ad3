//! What a server of Modbus TCP or OPC UA gives to a stranger.

use serde::{Deserialize, Serialize};

use crate::entry::{Entry, Ways};
use crate::{Answer, Facts, NotAsked, Scope};

/// Industrial protocols that can be asked.
pub const INDUSTRIAL: &[&str] = &["modbus", "opcua"];

/// What one industrial server showed to somebody it does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndustrialFacts {
    /// Protocol that was spoken, a word of [`INDUSTRIAL`].
    pub protocol: String,
    /// Whether it was spoken to inside TLS.
    pub tls: bool,
    /// Whether the TLS session was ended because no client certificate was shown.
    #[serde(default)]
    pub client_certificate_demanded: bool,
    /// What a client that shows nothing got in clear.
    pub in_clear: Answer<Entry>,
    /// What it got inside TLS.
    pub inside_tls: Answer<Entry>,
    /// OPC UA: the endpoints that it offers.
    pub endpoints: Answer<Endpoints>,
}

/// Endpoints of OPC UA, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// Endpoints in all.
    pub all: u32,
    /// Those of security mode None: neither signed nor encrypted.
    pub none: u32,
    /// Those of security mode Sign: readable, but not to be changed unseen.
    pub sign: u32,
    /// Those of security mode SignAndEncrypt.
    pub encrypt: u32,
    /// Those that take a session of somebody anonymous.
    pub anonymous: u32,
}

impl IndustrialFacts {
    /// The two ways in.
    pub const fn ways(&self) -> Ways<'_> {
        Ways {
            tls: self.tls,
            client_certificate_demanded: self.client_certificate_demanded,
            offers_tls: &Answer::NotAsked(NotAsked::NoOccasion),
            in_clear: &self.in_clear,
            inside_tls: &self.inside_tls,
            password_first: false,
        }
    }
}

impl Facts for IndustrialFacts {
    const KIND: &'static str = "industrial";
    const SCOPE: Scope = Scope::Protocols(INDUSTRIAL);
}
