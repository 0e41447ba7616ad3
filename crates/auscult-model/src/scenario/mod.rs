//! The scenario: what is declared about nodes, services and flows (ICS and IXIT in one file).

mod credentials;
mod impostor;
mod logins;
mod mistake;
mod page;
mod parse;
mod reader;
mod replay;
mod update;

use std::collections::BTreeSet;
use std::net::IpAddr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{DataClass, Impact, NodeId, NodeKind, Pace, RiskClass, ServiceName, Setting, Stage, Transport};

pub use credentials::{Credential, CredentialKind, LONGEST_IDLE, Role, SecretFrom, covered};
pub use impostor::{Impostor, LONGEST_WAIT, SetUp, Trigger};
pub use logins::{DeclaredLogin, LoginBy, stands_for};
pub use mistake::Mistake;
pub use page::{MOST_PAGES, Page, PageKind};
pub use parse::{LARGEST, parse};
pub use replay::Replay;
pub use update::Update;

/// The texts of the mistakes, for a message catalogue: room and Fluent source.
pub fn texts() -> (&'static str, &'static str) {
    ("scenario", include_str!("../../text/scenario.en.ftl"))
}

/// A parsed scenario; every name in it resolves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// What the scenario is about.
    pub title: String,
    /// Status quo or target.
    pub stage: Stage,
    /// Where the products are used, unless a node says otherwise.
    pub setting: Setting,
    /// Who allowed what until when; without it only passive work is done.
    pub authorisation: Option<Authorisation>,
    /// Files with PEM certificates of authorities to trust, relative to the scenario.
    pub trust_anchors: Vec<String>,
    /// Files with lists of revoked certificates, relative to the scenario.
    pub crls: Vec<String>,
    /// TCP ports of the machine that simulated nodes run on: they answer on every loopback address and belong to no
    /// node. Only allowed where every address is loopback, so that no real device can hide a port in it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub host_ports: BTreeSet<u16>,
    /// Nodes in the order of the file.
    pub nodes: Vec<Node>,
    /// Flows in the order of the file.
    pub flows: Vec<Flow>,
    /// Credentials that were made for the test, in the order of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<Credential>,
}

/// Who allowed the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorisation {
    /// Person or body who allowed it.
    pub by: String,
    /// Last day on which it holds.
    pub until: Date,
    /// Roughest step allowed.
    pub impact: Impact,
    /// Fastest pace allowed; `None` leaves it to class and use.
    pub pace: Option<Pace>,
}

/// Line and column in the scenario file, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Column, in characters.
    pub column: u32,
}

/// Maker, model and version of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Who makes it.
    pub maker: Option<String>,
    /// Which model.
    pub model: Option<String>,
    /// Which software version.
    pub version: Option<String>,
}

/// A device, gateway, network, cloud service, or the process behind them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its key in the file.
    pub id: NodeId,
    /// Its role.
    pub kind: NodeKind,
    /// What people call it; the id where nothing is said.
    pub name: String,
    /// Maker, model, version.
    pub product: Product,
    /// Declared class; a node without one inherits (see the planner).
    pub class: Option<RiskClass>,
    /// Where it is used.
    pub setting: Setting,
    /// The only address at which it may be touched.
    pub address: Option<IpAddr>,
    /// Names its certificates may carry, first one used as SNI.
    pub host_names: Vec<String>,
    /// On a patient: nothing above `touch` is ever sent.
    pub in_use: bool,
    /// Made before networking was meant; may pass only with a gateway that wraps it.
    pub legacy: bool,
    /// The gateway that stands between it and every other node.
    pub behind: Option<NodeId>,
    /// Who runs it.
    pub operator: Option<String>,
    /// Declared place of processing.
    pub region: Option<String>,
    /// Kind of network (`wifi`, `5g`, `ethernet` …), for networks.
    pub network_kind: Option<String>,
    /// First placed on the market.
    pub placed_on_market: Option<Date>,
    /// Service life in months.
    pub service_life_months: Option<u32>,
    /// Last day of promised security support.
    pub support_until: Option<Date>,
    /// File with the software bill of materials, relative to the scenario.
    pub sbom: Option<String>,
    /// A program of the tester's own machine, with its arguments, whose exit code 0 means that the node is healthy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub health_command: Vec<String>,
    /// Traits that it has.
    pub has: BTreeSet<String>,
    /// Traits that it is stated not to have.
    pub without: BTreeSet<String>,
    /// Services in the order of the file.
    pub services: Vec<Service>,
    /// Far ends that may be played towards it, in the order of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impostors: Vec<Impostor>,
    /// How updates are offered to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update: Option<Update>,
    /// Pages on which its maker publishes what it owes to everybody, in the order of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Page>,
    /// Messages that are sent to it twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay: Option<Replay>,
    /// Where it is declared.
    pub place: Place,
}

impl Node {
    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|s| s.name.as_str() == name)
    }
}

/// A service that a node declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its name, unique within the node.
    pub name: ServiceName,
    /// Port.
    pub port: u16,
    /// TCP unless said.
    pub transport: Transport,
    /// Protocol as one word; unknown words are no error.
    pub protocol: Option<String>,
    /// Whether it is declared to speak TLS (or DTLS).
    pub tls: bool,
    /// Whether it is declared to demand a client certificate.
    pub client_certificate: bool,
    /// Why it is there.
    pub purpose: Option<String>,
    /// Base path of an API; starts with `/`.
    pub base: Option<String>,
    /// AE title of a DICOM service, at most 16 characters.
    pub ae_title: Option<String>,
    /// Its logins, at most 16; `None` where nothing is said about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logins: Option<Vec<DeclaredLogin>>,
    /// Paths at which its APIs begin, at most 16; `None` where nothing is said about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apis: Option<Vec<String>>,
    /// Where it is declared.
    pub place: Place,
}

/// Where a flow begins or ends: a node, or one of its services.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Endpoint {
    /// The node.
    pub node: NodeId,
    /// The service, where the file names one (`platform/broker`).
    pub service: Option<ServiceName>,
}

impl Endpoint {
    /// `node/service`, or the node.
    pub fn label(&self) -> String {
        match &self.service {
            Some(service) => format!("{}/{service}", self.node),
            None => self.node.to_string(),
        }
    }
}

/// Data that is declared to go from one endpoint to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Who opens the connection.
    pub from: Endpoint,
    /// Whom it is opened to.
    pub to: Endpoint,
    /// What it carries.
    pub data: BTreeSet<DataClass>,
    /// Networks it crosses.
    pub over: Vec<NodeId>,
    /// Where it is declared.
    pub place: Place,
}

impl Scenario {
    /// The node of that id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|n| n.id.as_str() == id)
    }
}
