//! What a node tells a probe of WS-Discovery; medical devices of IEEE 11073 SDC make themselves known so.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Facts, Scope};

/// What one node answered to a probe for anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WsDiscoveryFacts {
    /// Matches told.
    pub matches: u32,
    /// Types told, their local names; at most 20 of at most 60 characters.
    pub types: BTreeSet<String>,
    /// Whether one of them is a medical device of SDC (IEEE 11073-20702).
    pub medical: bool,
    /// Addresses of endpoints in clear.
    pub clear: u32,
    /// Addresses of endpoints inside TLS.
    pub protected: u32,
}

impl Facts for WsDiscoveryFacts {
    const KIND: &'static str = "ws-discovery";
    const SCOPE: Scope = Scope::Protocols(&["ws-discovery"]);
}
