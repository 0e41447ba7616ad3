//! What a telnet server asks for.

use serde::{Deserialize, Serialize};

use crate::credentials::Accounts;
use crate::{Answer, Facts, Scope};

/// What one telnet service showed; none of its text is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelnetFacts {
    /// Whether it was spoken to inside TLS.
    pub tls: bool,
    /// Whether it negotiates options, as the protocol provides for.
    pub negotiates: bool,
    /// What it asks for first.
    pub prompt: Answer<Prompt>,
    /// What it said to accounts that products are shipped with.
    pub accounts: Answer<Accounts>,
}

/// What the last line of a greeting asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prompt {
    /// A name.
    Login,
    /// A password, without a name before.
    Password,
    /// A command: the line ends as those of shells do, and came again after an empty line.
    Command,
    /// Something else, or nothing.
    Other,
}

impl Facts for TelnetFacts {
    const KIND: &'static str = "telnet";
    const SCOPE: Scope = Scope::Protocols(&["telnet"]);
}
