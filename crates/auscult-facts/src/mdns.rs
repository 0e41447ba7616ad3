//! What a node announces by mDNS to somebody who asks it alone.

use serde::{Deserialize, Serialize};

use crate::{Facts, Scope};

/// What one responder announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MdnsFacts {
    /// Kinds of service, in order; names of instances are not kept, as they hold names of people and rooms.
    pub services: Vec<Announced>,
    /// Whether it announced more kinds than were looked at.
    #[serde(default)]
    pub more: bool,
}

impl Facts for MdnsFacts {
    const KIND: &'static str = "mdns";
    const SCOPE: Scope = Scope::Protocols(&["mdns"]);
}

/// One kind of service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announced {
    /// Its kind, such as `_http._tcp`; at most 60 characters.
    pub kind: String,
    /// Ports of its instances; empty where none was told.
    pub ports: Vec<u16>,
}

impl Announced {
    /// Whether it is one over TCP.
    pub fn over_tcp(&self) -> bool {
        self.kind.ends_with("._tcp")
    }
}
