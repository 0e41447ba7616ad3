//! Which UDP ports of a node answer a question of their protocol: silence is a word of its own, and shows nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Facts, Scope};

/// UDP ports that are asked though nobody declares them, and the protocol in which each is asked.
pub const WELL_KNOWN: [(u16, &str); 9] = [
    (53, "dns"),
    (69, "tftp"),
    (123, "ntp"),
    (161, "snmp"),
    (1900, "ssdp"),
    (3702, "ws-discovery"),
    (5353, "mdns"),
    (5683, "coap"),
    (5684, "dtls"),
];

/// Kinds of facts that are seen over UDP; of all other kinds only what a service was recognised as.
pub const KINDS: &[&str] =
    &["coap", "datagram-robustness", "dns", "dtls", "mdns", "ntp", "snmp", "ssdp", "ws-discovery"];

/// The UDP ports of a node that the scenario does not declare and that are usual for one protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatagramsFacts {
    /// What came of each port.
    pub undeclared: BTreeMap<u16, DatagramPort>,
    /// Ports of the machine that a simulated node runs on, left alone; only on loopback.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of_host: Vec<u16>,
}

impl DatagramsFacts {
    /// Whether of each port it is known that it answers, or that nothing listens there.
    pub fn complete(&self) -> bool {
        self.undeclared.values().all(|p| matches!(p.state, DatagramState::Open | DatagramState::Closed))
    }

    /// Whether any port said anything, if only that nothing listens there.
    pub fn answered(&self) -> bool {
        self.undeclared.values().any(|p| matches!(p.state, DatagramState::Open | DatagramState::Closed))
    }

    /// Ports in a state.
    pub fn ports(&self, state: DatagramState) -> impl Iterator<Item = u16> {
        self.undeclared.iter().filter(move |(_, p)| p.state == state).map(|(port, _)| *port)
    }
}

impl Facts for DatagramsFacts {
    const KIND: &'static str = "datagrams";
    const SCOPE: Scope = Scope::Node;
}

/// What came of one port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatagramPort {
    /// What it answered.
    pub state: DatagramState,
    /// Protocol that the answer proves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
}

impl DatagramPort {
    /// A port of which no more is known than its state.
    pub const fn at(state: DatagramState) -> Self {
        Self { state, protocol: None }
    }
}

/// What a UDP port answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DatagramState {
    /// It answered.
    Open,
    /// The node said that nothing listens there (ICMP port unreachable).
    Closed,
    /// Nothing came back: it may be open, filtered, or not there at all.
    Silent,
    /// It was not asked.
    Unasked,
}
