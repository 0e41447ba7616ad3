//! Which TCP ports of a node answer: open, closed and filtered stay different words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Facts, Scope};

/// The TCP ports of one node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortsFacts {
    /// Ranges of ports asked, inclusive; `[(1, 65535)]` for a full sweep.
    pub asked: Vec<(u16, u16)>,
    /// Ports that accepted, and declared ports whatever they answered.
    pub states: BTreeMap<u16, PortState>,
    /// Number of asked ports that refused.
    pub closed: u32,
    /// Number of asked ports that never answered.
    pub filtered: u32,
    /// Ports of the machine that a simulated node runs on, not of the node; left alone, and only on loopback.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of_host: Vec<u16>,
}

impl PortsFacts {
    /// Whether every TCP port from 1 to 65535 was asked, those of the host aside.
    pub fn complete(&self) -> bool {
        let mut next = 1u32;
        let mut ranges = self.asked.clone();
        ranges.extend(self.of_host.iter().map(|port| (*port, *port)));
        ranges.sort_unstable();
        for (from, to) in ranges {
            if u32::from(from) > next {
                return false;
            }
            next = next.max(u32::from(to) + 1);
        }
        next > 65_535
    }
}

impl Facts for PortsFacts {
    const KIND: &'static str = "ports";
    const SCOPE: Scope = Scope::Node;
}

/// What a port answered to a connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PortState {
    /// Accepted.
    Open,
    /// Refused.
    Closed,
    /// No answer, or an unreachable message.
    Filtered,
}
