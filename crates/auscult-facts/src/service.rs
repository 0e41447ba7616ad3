//! What a service is, told by its answers and not by its port number.

use serde::{Deserialize, Serialize};

use crate::ports::PortState;
use crate::{Facts, Scope};

/// One service as recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceFacts {
    /// State of its port.
    pub state: PortState,
    /// Whether it answered a TLS hello with TLS; `None` when it was not asked or said nothing.
    #[serde(default)]
    pub tls: Option<bool>,
    /// Protocol word (inside TLS where it speaks TLS), when its answer proves it.
    #[serde(default)]
    pub protocol: Option<String>,
    /// How it was recognised: the question that it answered, such as `banner`, `http-get`, `mqtt-connect`.
    #[serde(default)]
    pub by: Option<String>,
    /// Product and version as it states them, at most 120 characters, hostile.
    #[serde(default)]
    pub product: Option<String>,
    /// First bytes of an unknown service, hex, at most 64 bytes.
    #[serde(default)]
    pub first_bytes: Option<String>,
    /// Whether it closed every connection before it could be spoken to.
    #[serde(default)]
    pub closes_at_once: bool,
    /// Questions asked, in order.
    #[serde(default)]
    pub asked: Vec<String>,
}

impl Facts for ServiceFacts {
    const KIND: &'static str = "service";
    const SCOPE: Scope = Scope::EveryService;
}
