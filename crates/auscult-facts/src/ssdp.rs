//! What a UPnP device tells and lets do.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one device showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SsdpFacts {
    /// Datagrams in answer to one search.
    pub answers: u32,
    /// Descriptions that were told and not read: they lie elsewhere than on the node's own address, or are too many.
    pub unread: u32,
    /// What the descriptions say that were read, put together.
    pub description: Answer<Description>,
}

impl Facts for SsdpFacts {
    const KIND: &'static str = "ssdp";
    const SCOPE: Scope = Scope::Protocols(&["ssdp"]);
}

/// What a description says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Types of device and service, without their maker's prefix, such as `WANIPConnection:1`; at most 60 characters.
    pub types: Vec<String>,
    /// Whether it tells a serial number.
    pub serial_told: bool,
    /// Whether the actions by which ports are mapped are offered; `NotAsked` where no service of that kind is.
    pub port_mapping: Answer<bool>,
}
