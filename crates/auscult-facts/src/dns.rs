//! What a DNS server does for strangers.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one server showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DnsFacts {
    /// What it said to the wish to ask others for a name that cannot exist.
    pub recursion: Answer<Recursion>,
    /// What it said to the question for its version, at most 120 characters; `None` when it did not tell.
    pub version: Answer<Option<String>>,
}

impl Facts for DnsFacts {
    const KIND: &'static str = "dns";
    const SCOPE: Scope = Scope::Protocols(&["dns"]);
}

/// What came of the wish to ask others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recursion {
    /// Answer code: 0 and 3 answer, 5 refuses.
    pub code: u8,
    /// Whether it says that it asks others for its clients.
    pub available: bool,
}
