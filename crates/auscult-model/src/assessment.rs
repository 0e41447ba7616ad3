//! The assessment: every ruling with its reasons; what reports read and other tools parse.
//!
//! The JSON form is the contract `auscult/assessment/v1`; fields are added, never renamed.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    AspectId, CheckId, DataClass, FindingId, Force, Impact, Message, NodeId, NodeKind, Pace, RequirementId,
    RiskClass, ServiceName, Setting, Severity, Stage, Verdict,
};

/// The name of this form of the file.
pub const SCHEMA: &str = "auscult/assessment/v1";

/// A reason in words, with the message it was made from so that it can be said in another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// In English.
    pub because: String,
    /// The message behind it; ids of checks are prefixed with `check-id.`.
    pub message: Message,
}

/// Everything that was found out about one scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// What was assessed.
    pub scenario: ScenarioRef,
    /// Against which requirements.
    pub catalog: VersionRef,
    /// With which checks.
    pub checks: VersionRef,
    /// From which evidence.
    pub evidence: EvidenceRef,
    /// Worst of all rulings.
    pub verdict: Verdict,
    /// How much was looked at.
    pub coverage: Coverage,
    /// One for each applicable requirement and node: worst first.
    pub rulings: Vec<Ruling>,
    /// What keeps rulings from being decided, with the next step.
    pub not_tested: Vec<NotTested>,
    /// Requirements that do not concern a node, with the reason.
    pub not_applicable: Vec<NotApplicable>,
    /// The nodes, for the topology.
    pub nodes: Vec<NodeSummary>,
    /// The declared flows, for the topology.
    pub flows: Vec<FlowSummary>,
    /// Requirements spoken of here, by id.
    pub requirements: BTreeMap<RequirementId, RequirementSummary>,
    /// Names of the frameworks cited here, by id.
    pub frameworks: BTreeMap<String, String>,
    /// What was sent, and whether every node stayed alive.
    pub safety: Vec<SafetySummary>,
}

/// Which scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioRef {
    /// Its title.
    pub title: String,
    /// Status quo or target.
    pub stage: Stage,
    /// Where it plays.
    pub setting: Setting,
    /// `sha256:…` of the file.
    pub digest: String,
    /// Who authorised the work, where anybody did.
    pub authorised_by: Option<String>,
}

/// Which version of a body of data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRef {
    /// Version.
    pub version: String,
    /// `sha256:…` of its canonical form.
    pub digest: String,
}

/// Which evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRef {
    /// Number of records.
    pub records: u64,
    /// Digest of the last record.
    pub head: String,
    /// Time of the first observation.
    pub from: Option<Timestamp>,
    /// Time of the last observation.
    pub until: Option<Timestamp>,
}

/// How much was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Rulings (requirement × node) that apply.
    pub applicable: u64,
    /// Of these, passed.
    pub passed: u64,
    /// Of these, failed.
    pub failed: u64,
    /// Of these, undecided.
    pub inconclusive: u64,
    /// Pairs of requirement and node that do not apply.
    pub not_applicable: u64,
    /// Targets (services, or nodes without any) that checks selected.
    pub targets_selected: u64,
    /// Of these, observed.
    pub targets_observed: u64,
}

/// Whether a requirement concerns a node, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicability {
    /// It does.
    pub applies: bool,
    /// How strongly; `None` when it does not apply.
    pub force: Option<Force>,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
}

/// What is done about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Disposition {
    /// Nothing yet.
    Open,
    /// Said to be mended; the next run shows.
    Fixed,
    /// Accepted until a date by a person.
    Waived,
}

/// One requirement on one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The requirement.
    pub requirement: RequirementId,
    /// The node.
    pub node: NodeId,
    /// Why it applies.
    pub applicability: Applicability,
    /// The verdict.
    pub verdict: Verdict,
    /// How grave, when it failed.
    pub severity: Option<Severity>,
    /// Why this verdict.
    #[serde(flatten)]
    pub reason: Reason,
    /// The gateway without which the verdict does not hold (legacy equipment).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_with: Option<NodeId>,
    /// What was tried.
    pub trials: Vec<Trial>,
    /// Clauses this requirement answers.
    pub cites: Arc<[Cite]>,
    /// What the maker should do.
    pub remedy: Arc<str>,
    /// What is done about it.
    pub disposition: Disposition,
}

/// One check on one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The check.
    pub check: CheckId,
    /// The aspect of the requirement that it decides.
    pub aspect: AspectId,
    /// `node/service`, or the node.
    pub target: String,
    /// The verdict.
    pub verdict: Verdict,
    /// How grave, when it failed.
    pub severity: Option<Severity>,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
    /// Digest of the record of evidence it rests on; `None` when there was nothing to rest on.
    pub evidence: Option<String>,
    /// Stable id, when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<FindingId>,
}

/// A clause of a framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cite {
    /// Framework id.
    pub framework: String,
    /// Clause id.
    pub clause: String,
    /// equal, subset, superset or intersects.
    pub relation: String,
    /// Whether the clause id was seen in a source; unverified ones are marked wherever they are shown.
    pub verified: bool,
}

/// Something that keeps a ruling undecided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotTested {
    /// The requirement.
    pub requirement: RequirementId,
    /// The node.
    pub node: NodeId,
    /// The aspect, where one is open.
    pub aspect: Option<AspectId>,
    /// The target, where one was not observed.
    pub target: Option<String>,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
    /// The next command or what a person does, in English.
    pub next: String,
    /// Whether a person has to do it.
    pub by_hand: bool,
}

/// A requirement that does not concern a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotApplicable {
    /// The requirement.
    pub requirement: RequirementId,
    /// The node.
    pub node: NodeId,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
}

/// A node as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeSummary {
    /// Its id.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// Its role.
    pub kind: NodeKind,
    /// Class it was planned with.
    pub class: RiskClass,
    /// Where it is used.
    pub setting: Setting,
    /// Maker, model and version in one line.
    pub product: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// The gateway in front of it.
    pub behind: Option<NodeId>,
    /// Kind of network, for networks.
    pub network_kind: Option<String>,
    /// Services declared and found.
    pub services: Vec<ServiceSummary>,
}

/// A service as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceSummary {
    /// Its name.
    pub name: ServiceName,
    /// `tcp/8883`.
    pub port: String,
    /// Protocol as recognised, else as declared.
    pub protocol: Option<String>,
    /// Whether it was seen to speak TLS; `None` when that is not known.
    pub tls: Option<bool>,
    /// Whether the scenario declares it.
    pub declared: bool,
    /// open, closed, filtered or unknown.
    pub state: String,
}

/// A declared flow as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowSummary {
    /// Where it begins.
    pub from: String,
    /// Where it ends, `node/service`.
    pub to: String,
    /// What it carries.
    pub data: Vec<DataClass>,
    /// Networks it crosses.
    pub over: Vec<NodeId>,
    /// Whether the service at its end was seen in clear (`Some(false)`) or protected (`Some(true)`).
    pub protected: Option<bool>,
}

/// A requirement as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementSummary {
    /// Title in the good state.
    pub title: String,
    /// Area, such as `TLS`.
    pub area: String,
    /// What it is for.
    pub intent: String,
}

/// What was sent to one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafetySummary {
    /// The node.
    pub node: NodeId,
    /// Roughest step allowed.
    pub allowed: Impact,
    /// Roughest step taken.
    pub used: Impact,
    /// Pace kept.
    pub pace: Pace,
    /// Connections opened.
    pub connections: u64,
    /// Packets sent, upper bound.
    pub packets: u64,
    /// Connections announced by the plan.
    pub connections_announced: u64,
    /// Packets announced by the plan.
    pub packets_announced: u64,
    /// Times the liveness oracle was asked.
    pub liveness_asked: u64,
    /// Times it did not answer.
    pub liveness_missed: u64,
    /// Why work on the node was stopped, if it was.
    pub stopped: Option<Reason>,
}
