//! Whether a node still answers: asked before, between and after all work on it.

use serde::{Deserialize, Serialize};

use crate::{Facts, Scope};

/// How often the oracle was asked of one node and what it said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivenessFacts {
    /// Times asked.
    pub asked: u64,
    /// Times without an answer.
    pub missed: u64,
    /// Times with an answer far slower than the first (more than ten times as long, and more than two seconds).
    #[serde(default)]
    pub degraded: u64,
    /// Times when the instrument was held up itself, so that what it did not hear says nothing about the node.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub held_up: u64,
    /// Slowest answer, in milliseconds.
    pub slowest_millis: u64,
    /// Work was stopped because it missed twice in a row, or degraded.
    pub stopped: bool,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Facts for LivenessFacts {
    const KIND: &'static str = "liveness";
    const SCOPE: Scope = Scope::Node;
}
