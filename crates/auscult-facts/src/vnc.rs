//! By what a VNC server lets clients in, and what protects the session.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one VNC service showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VncFacts {
    /// Whether it was spoken to inside TLS from the first byte.
    pub tls: bool,
    /// Version that it states, such as `3.8`.
    pub version: String,
    /// Numbers of the security types that it offers (RFC 6143, 7.1.2).
    pub security: Answer<BTreeSet<u8>>,
    /// Numbers of the subtypes of VeNCrypt, where it offers that.
    pub vencrypt: Answer<BTreeSet<u32>>,
}

impl VncFacts {
    /// Security type without any proof.
    pub const NONE: u8 = 1;
    /// VeNCrypt, which has subtypes.
    pub const VENCRYPT: u8 = 19;
}

impl Facts for VncFacts {
    const KIND: &'static str = "vnc";
    const SCOPE: Scope = Scope::Protocols(&["vnc"]);
}
