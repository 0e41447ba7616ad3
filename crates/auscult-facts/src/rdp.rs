//! By which security protocols an RDP server lets a session begin.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one RDP service showed: three questions, each for one protocol more than the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RdpFacts {
    /// Its answer to a client that speaks nothing but RDP's own security.
    pub standard: Answer<Choice>,
    /// Its answer to a client that speaks TLS and does not log in before the session.
    pub tls: Answer<Choice>,
    /// Its answer to a client that speaks TLS and logs in before the session (NLA).
    pub nla: Answer<Choice>,
}

/// How a server answered ([MS-RDPBCGR], 2.2.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// It chose this protocol: 0 RDP's own, 1 TLS, 2 and 8 TLS with NLA, 4 and 16 newer ones.
    Chose(u32),
    /// It confirmed without naming a protocol, as servers before 2003 do: RDP's own security is left.
    Unnamed,
    /// It refused: 1 TLS is required, 2 TLS is not allowed, 5 NLA is required, others by name of the specification.
    Refused(u32),
}

impl Facts for RdpFacts {
    const KIND: &'static str = "rdp";
    const SCOPE: Scope = Scope::Protocols(&["rdp"]);
}
