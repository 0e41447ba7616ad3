//! What an SNMP agent tells somebody who has no credentials.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Interrupted, Scope};

/// A version in which community names are sent in clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Version {
    /// Version 1.
    #[serde(rename = "1")]
    V1,
    /// Version 2 with communities.
    #[serde(rename = "2c")]
    V2c,
}

impl Version {
    /// As people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1 => "1",
            Self::V2c => "2c",
        }
    }
}

/// What one agent showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnmpFacts {
    /// What it said to each community name, in the order in which they were asked.
    pub communities: Vec<Asked>,
    /// What it said to a discovery of version 3.
    pub discovery: Answer<Engine>,
    /// What it said to a question of version 3 for a user that is usual, without authentication.
    pub unauthenticated: Answer<Reply>,
}

impl SnmpFacts {
    /// Whether it answered anything at all.
    pub fn answers(&self) -> bool {
        self.discovery.seen().is_some() || self.communities.iter().any(|a| a.answer.seen().is_some())
    }

    /// Questions with a community name that were answered with a value.
    pub fn opened(&self) -> impl Iterator<Item = &Asked> {
        self.communities.iter().filter(|a| a.answer.seen() == Some(&Reply::Value))
    }

    /// What came in between of a question that was neither answered nor met with silence.
    pub fn broken(&self) -> Option<Interrupted> {
        self.communities.iter().find_map(|a| match &a.answer {
            Answer::Interrupted(why) if *why != Interrupted::Silent => Some(*why),
            _ => None,
        })
    }
}

impl Facts for SnmpFacts {
    const KIND: &'static str = "snmp";
    const SCOPE: Scope = Scope::Protocols(&["snmp"]);
}

/// One question with a community name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Version.
    pub version: Version,
    /// The name, of our own list; `made-up` stands for one that nobody can know.
    pub community: Community,
    /// What it said.
    pub answer: Answer<Reply>,
}

/// A community name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Community {
    /// `public`, the usual name for reading.
    Public,
    /// `private`, the usual name for writing; it is only read with.
    Private,
    /// `admin`.
    Admin,
    /// A name made up for this run.
    MadeUp,
}

impl Community {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Admin => "admin",
            Self::MadeUp => "made-up",
        }
    }
}

/// How it answered a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// With a value.
    Value,
    /// With an error of the protocol: it took the name, and gives this value to nobody.
    Error {
        /// Error status.
        status: u64,
    },
    /// With a report: it did not take the user, or wants more security.
    Report,
    /// It took the name and has no such value in its view.
    NoValue,
}

/// What a discovery shows; the id itself is not kept, as it can hold an address of the hardware.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// Number of the maker at IANA.
    #[serde(default)]
    pub enterprise: Option<u32>,
    /// How often it was started.
    pub boots: u64,
}
