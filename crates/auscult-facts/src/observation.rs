//! One observation: who was looked at, with what, and what was seen or what came in between.

use std::net::SocketAddr;

use auscult_model::{Impact, NodeId, ServiceName};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Subject;

/// A kind of facts: what one observer sees on one target.
pub trait Facts: Serialize + DeserializeOwned + 'static {
    /// Its name in evidence, such as `mqtt`.
    const KIND: &'static str;
    /// On which targets it can be seen.
    const SCOPE: Scope;
}

/// On which targets a kind of facts can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// On a node as a whole.
    Node,
    /// On every service that is declared or was found open.
    EveryService,
    /// On services that speak, or are declared to speak, TLS.
    Tls,
    /// On services of one of these protocols, as recognised, else as declared.
    Protocols(&'static [&'static str]),
    /// On services on which pages are declared that a maker owes to everybody.
    Pages,
}

impl Scope {
    /// Whether a subject is in it.
    pub fn holds(self, subject: &Subject) -> bool {
        match (self, &subject.service) {
            (Self::Node, service) => service.is_none(),
            (_, None) => false,
            (Self::EveryService, Some(_)) => true,
            (Self::Tls, Some(service)) => service.speaks_tls(),
            (Self::Protocols(words), Some(service)) => service.protocol().is_some_and(|p| words.contains(&p)),
            (Self::Pages, Some(service)) => !service.pages.is_empty(),
        }
    }
}

/// A service of a node, or the node itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// The node.
    pub node: NodeId,
    /// The service; `None` for the node itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceName>,
    /// Where it was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<SocketAddr>,
}

impl Target {
    /// `node/service`, or the node.
    pub fn label(&self) -> String {
        match &self.service {
            Some(service) => format!("{}/{service}", self.node),
            None => self.node.to_string(),
        }
    }
}

/// What came in between, instead of facts. None of these is ever a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interrupted {
    /// The port answered that nothing listens there.
    Closed,
    /// No answer at all: filtered, or no such host.
    Unreachable,
    /// No answer to a datagram: open, filtered or not there, which cannot be told apart.
    Silent,
    /// It accepted and then did not say what was needed in time.
    TimedOut,
    /// It ended the connection, or refused us, before it could be looked at.
    AccessRefused,
    /// It answered, but not in the protocol that was spoken to it.
    NotUnderstood,
    /// The scenario does not allow a step this rough, or none at all.
    NotAuthorised,
    /// The node's budget of connections, packets, bytes or seconds is used up.
    BudgetSpent,
    /// The node stopped answering or degraded; the bench stopped at once.
    SafetyStop,
    /// The instrument cannot look at this (for example TLS that only obsolete software speaks).
    BeyondInstrument,
    /// The fault was ours.
    InstrumentFault,
}

impl Interrupted {
    /// The word used in files and as message id `interrupted-…`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Unreachable => "unreachable",
            Self::Silent => "silent",
            Self::TimedOut => "timed-out",
            Self::AccessRefused => "access-refused",
            Self::NotUnderstood => "not-understood",
            Self::NotAuthorised => "not-authorised",
            Self::BudgetSpent => "budget-spent",
            Self::SafetyStop => "safety-stop",
            Self::BeyondInstrument => "beyond-instrument",
            Self::InstrumentFault => "instrument-fault",
        }
    }
}

/// The answer to one question within an observation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer<T> {
    /// It was asked and answered.
    Seen(T),
    /// It was not asked.
    NotAsked(NotAsked),
    /// It was asked, and something came in between.
    Interrupted(Interrupted),
}

impl<T> Answer<T> {
    /// The answer, if there is one.
    pub fn seen(&self) -> Option<&T> {
        match self {
            Self::Seen(value) => Some(value),
            Self::NotAsked(_) | Self::Interrupted(_) => None,
        }
    }
}

/// Why a question was not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotAsked {
    /// It needs a rougher step than the scenario authorises.
    Impact,
    /// An earlier answer made it meaningless (no session was opened, for example).
    NoOccasion,
    /// It belongs to a deeper run.
    Depth,
}

/// What an observation took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Connections opened.
    pub connections: u64,
    /// Packets sent, upper bound.
    pub packets: u64,
    /// Bytes sent above TCP.
    pub bytes_sent: u64,
    /// Bytes received above TCP.
    pub bytes_received: u64,
    /// Milliseconds.
    pub millis: u64,
}

/// The body of a record of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Kind of facts ([`Facts::KIND`]).
    pub kind: String,
    /// Name and version of the observer.
    pub observer: String,
    /// Who was looked at.
    pub target: Target,
    /// Roughest step that was allowed to it.
    pub impact: Impact,
    /// What was seen, or what came in between.
    pub outcome: Outcome,
    /// What it took.
    pub cost: Cost,
}

/// What was seen, or what came in between.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Facts of the observation's kind.
    Seen(serde_json::Value),
    /// Something came in between.
    Interrupted(Interrupted),
}
