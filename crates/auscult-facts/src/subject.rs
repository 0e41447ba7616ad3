//! The subject of a judgement: what is declared about a target, joined with what it was recognised as.

use std::collections::BTreeSet;
use std::net::IpAddr;

use auscult_model::scenario::{DeclaredLogin, PageKind};
use auscult_model::{DataClass, NodeId, NodeKind, RiskClass, ServiceName, Setting, Transport};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A node, or one service of it, as a check and an observer see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The node.
    pub node: NodeId,
    /// Its role.
    pub kind: NodeKind,
    /// Class it is planned with (inherited where none is declared).
    pub class: RiskClass,
    /// Where it is used.
    pub setting: Setting,
    /// Its address.
    #[serde(default)]
    pub address: Option<IpAddr>,
    /// Names its certificates may carry.
    #[serde(default)]
    pub host_names: Vec<String>,
    /// Made before networking was meant.
    #[serde(default)]
    pub legacy: bool,
    /// The gateway in front of it.
    #[serde(default)]
    pub behind: Option<NodeId>,
    /// For a gateway: the legacy devices behind it, with the protocols they declare.
    #[serde(default)]
    pub wraps: BTreeSet<String>,
    /// TCP ports that the scenario declares for the node.
    #[serde(default)]
    pub declared_ports: BTreeSet<u16>,
    /// When the facts were seen; the only clock a check has.
    pub at: Timestamp,
    /// How the keys of the service stand to those of other nodes.
    #[serde(default)]
    pub keys_elsewhere: KeysElsewhere,
    /// The service; `None` when the node itself is the subject.
    #[serde(default)]
    pub service: Option<ServiceSubject>,
}

/// How the keys by which a service proves who it is stand to those that were seen at other addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysElsewhere {
    /// Services that showed one of the same keys, as `node/service`.
    #[serde(default)]
    pub same: BTreeSet<String>,
    /// Other units of the same product of which a key of the same kind was seen.
    #[serde(default)]
    pub units: u32,
}

/// A service, declared or found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceSubject {
    /// Its name; `tcp-1883` for one that no one declared.
    pub name: ServiceName,
    /// Port.
    pub port: u16,
    /// Transport.
    pub transport: Transport,
    /// What the scenario says of it; `None` when it is undeclared.
    #[serde(default)]
    pub declared: Option<Declared>,
    /// Protocol that it was recognised to speak.
    #[serde(default)]
    pub recognised: Option<String>,
    /// Whether it was seen to speak TLS; `None` when that is not known.
    #[serde(default)]
    pub tls_seen: Option<bool>,
    /// Flows declared to end here.
    #[serde(default)]
    pub flows: Vec<FlowInto>,
    /// Pages declared to stand here.
    #[serde(default)]
    pub pages: Vec<PageOwed>,
}

impl ServiceSubject {
    /// The protocol as recognised, else as declared.
    pub fn protocol(&self) -> Option<&str> {
        self.recognised.as_deref().or_else(|| self.declared.as_ref()?.protocol.as_deref())
    }

    /// Whether it was seen to speak TLS, or else is declared to.
    pub fn speaks_tls(&self) -> bool {
        self.tls_seen.unwrap_or_else(|| self.declared.as_ref().is_some_and(|d| d.tls))
    }

    /// Whether a flow that ends here carries something whose loss harms a patient or opens a door.
    pub fn carries_sensitive(&self) -> bool {
        self.flows.iter().any(FlowInto::is_sensitive)
    }
}

/// What the scenario declares of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// Protocol word.
    #[serde(default)]
    pub protocol: Option<String>,
    /// Speaks TLS.
    #[serde(default)]
    pub tls: bool,
    /// Demands a client certificate.
    #[serde(default)]
    pub client_certificate: bool,
    /// Why it is there.
    #[serde(default)]
    pub purpose: Option<String>,
    /// Base path.
    #[serde(default)]
    pub base: Option<String>,
    /// AE title.
    #[serde(default)]
    pub ae_title: Option<String>,
    /// Its logins; `None` where nothing is said about them.
    #[serde(default)]
    pub logins: Option<Vec<DeclaredLogin>>,
    /// Paths at which its APIs begin; `None` where nothing is said about them.
    #[serde(default)]
    pub apis: Option<Vec<String>>,
}

/// A page that is declared to stand on a service, with what the scenario says of the node whose maker owes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageOwed {
    /// The node whose maker owes it.
    pub of: NodeId,
    /// What it is about.
    pub kind: PageKind,
    /// Its path.
    pub path: String,
    /// The declared model of the node.
    #[serde(default)]
    pub model: Option<String>,
    /// The declared last day of its support.
    #[serde(default)]
    pub support_until: Option<Date>,
}

/// A declared flow that ends at a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowInto {
    /// The node it comes from.
    pub from: NodeId,
    /// What it carries.
    pub data: BTreeSet<DataClass>,
    /// Kinds of the networks it crosses.
    #[serde(default)]
    pub over: BTreeSet<String>,
    /// It comes from a gateway that stands in front of legacy devices.
    #[serde(default)]
    pub from_wrapping_gateway: bool,
}

/// Kinds of network that join two things and nobody else; all other kinds can be listened to.
const DIRECT: [&str; 3] = ["direct-cable", "serial", "usb"];

/// Whether a kind of network joins two things and nobody else.
pub fn joins_two(kind: &str) -> bool {
    DIRECT.contains(&kind)
}

impl FlowInto {
    /// Whether it stays on a cable between two things; a flow whose networks are not declared does not.
    pub fn is_local(&self) -> bool {
        !self.over.is_empty() && self.over.iter().all(|kind| joins_two(kind))
    }

    /// Whether it carries something whose loss harms a patient or opens a door.
    pub fn is_sensitive(&self) -> bool {
        self.data.iter().any(|d| d.is_sensitive())
    }
}
