//! What an MQTT broker grants to a stranger.

use std::collections::{BTreeMap, BTreeSet};

use auscult_model::DataClass;
use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, NotAsked, Scope};

/// A version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Version {
    /// MQTT 3.1.1 (protocol level 4).
    #[serde(rename = "3.1.1")]
    V311,
    /// MQTT 5 (protocol level 5).
    #[serde(rename = "5")]
    V5,
}

impl Version {
    /// Both, in the order in which they are asked.
    pub const ALL: [Self; 2] = [Self::V311, Self::V5];

    /// As people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V311 => "3.1.1",
            Self::V5 => "5",
        }
    }
}

/// What one MQTT service showed to somebody it does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MqttFacts {
    /// Whether it was spoken to inside TLS.
    pub tls: bool,
    /// Whether the TLS session was ended because no client certificate was shown.
    #[serde(default)]
    pub client_certificate_demanded: bool,
    /// What it said to a CONNECT without user name and password.
    pub anonymous: BTreeMap<Version, Answer<Admission>>,
    /// What it said to a subscription to `#`.
    pub wildcard: Answer<Subscription>,
    /// What it said to a subscription to `$SYS/#`.
    pub system_topics: Answer<Subscription>,
    /// What then arrived within two seconds.
    pub heard: Answer<Heard>,
    /// What became of a message that one stranger published to a topic of our own.
    pub foreign_publish: Answer<ForeignPublish>,
    /// What became of our own session when another stranger came with the same client id.
    pub takeover: Answer<Takeover>,
    /// What it said to accounts that products are shipped with.
    pub accounts: Answer<Accounts>,
}

impl MqttFacts {
    /// Whether somebody without name, password and certificate is given a session, in any version.
    ///
    /// `Seen(false)` only when one version said so by a code for strangers, or TLS did, and no version left it open.
    pub fn admits_strangers(&self) -> Answer<bool> {
        if self.anonymous.values().any(|a| a.seen() == Some(&Admission::Accepted)) {
            return Answer::Seen(true);
        }
        if self.client_certificate_demanded && self.tls {
            return Answer::Seen(false);
        }
        let mut turned_away = false;
        for (version, answer) in &self.anonymous {
            match answer {
                Answer::Seen(admission) if admission.turns_away(*version) => turned_away = true,
                Answer::Seen(admission) if admission.lacks_version(*version) => {}
                Answer::Seen(_) => return Answer::NotAsked(NotAsked::NoOccasion),
                Answer::NotAsked(why) => return Answer::NotAsked(*why),
                Answer::Interrupted(why) => return Answer::Interrupted(*why),
            }
        }
        if turned_away { Answer::Seen(false) } else { Answer::NotAsked(NotAsked::NoOccasion) }
    }

    /// Codes with which CONNECT was refused, as `3.1.1: 0x05`.
    pub fn refusals(&self) -> Vec<String> {
        self.anonymous
            .iter()
            .filter_map(|(version, answer)| match answer.seen()? {
                Admission::Refused { code } => Some(format!("{}: {code:#04x}", version.name())),
                Admission::Accepted => None,
            })
            .collect()
    }
}

impl Facts for MqttFacts {
    const KIND: &'static str = "mqtt";
    const SCOPE: Scope = Scope::Protocols(&["mqtt", "mqtt-websocket"]);
}

/// What a CONNACK said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Admission {
    /// Code 0.
    Accepted,
    /// Any other code.
    Refused {
        /// Return code (3.1.1) or reason code (5).
        code: u8,
    },
}

impl Admission {
    /// Whether the code says that this client is not known or not allowed.
    ///
    /// A broker that is busy, or that dislikes the client id, has not answered that question.
    pub fn turns_away(self, version: Version) -> bool {
        let Self::Refused { code } = self else { return false };
        match version {
            // 3.1.1, table 3.1: bad user name or password, not authorised.
            Version::V311 => matches!(code, 0x04 | 0x05),
            // 5, table 3-1: the same, banned, bad authentication method; some brokers give 3.1.1 codes here too.
            Version::V5 => matches!(code, 0x86 | 0x87 | 0x8a | 0x8c | 0x04 | 0x05),
        }
    }

    /// Whether the code says that this version is not spoken.
    pub fn lacks_version(self, version: Version) -> bool {
        let Self::Refused { code } = self else { return false };
        match version {
            Version::V311 => matches!(code, 0x01 | 0x84),
            // A broker of 3.1.1 answers a CONNECT of 5 with its own code 1.
            Version::V5 => matches!(code, 0x84 | 0x01),
        }
    }
}

/// What a SUBACK, or a DISCONNECT in its place, said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subscription {
    /// Granted; not every broker that grants a filter also delivers what it matches.
    Granted,
    /// Refused.
    Refused {
        /// Return code or reason code.
        code: u8,
    },
}

/// What arrived at the two subscriptions; no topic and no payload is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heard {
    /// Messages outside `$…`.
    pub messages: u64,
    /// Distinct topics among them.
    pub topics: u64,
    /// Messages of `$…`.
    pub system_messages: u64,
    /// What the payloads look like: kinds only.
    #[serde(default)]
    pub kinds: BTreeSet<DataClass>,
    /// Whether listening ended early because so much arrived.
    #[serde(default)]
    pub cut: bool,
}

/// What became of a message published by one stranger's session to a topic of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignPublish {
    /// Whether the subscription of the listening session was granted.
    pub subscribed: bool,
    /// What the publisher was told.
    pub acknowledged: Acknowledged,
    /// Whether the listening session received it.
    pub delivered: bool,
    /// Whether it received it through a subscription to `#` alone; `None` when that was not tried.
    #[serde(default)]
    pub delivered_to_wildcard: Option<bool>,
}

/// What the publisher was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Acknowledged {
    /// PUBACK without an error (3.1.1 has no other).
    Taken,
    /// PUBACK or DISCONNECT with a reason code from 0x80.
    Refused {
        /// Reason code.
        code: u8,
    },
    /// The connection was ended, as 3.1.1 provides for a publisher without permission.
    Closed,
}

/// What became of our own session when a second one came with the same client id and no proof of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Takeover {
    /// What the second one was told.
    pub second: Admission,
    /// Whether the first one was ended.
    pub first_ended: bool,
}

/// What came of accounts that products are shipped with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// Whether a password made up for this run was accepted: passwords are not looked at.
    pub accepts_any_password: bool,
    /// Pairs of name and password tried.
    pub tried: u32,
    /// Name, of our own list, of the account that was accepted.
    #[serde(default)]
    pub accepted: Option<String>,
}
