//! What the bench itself writes down about a node: what was allowed and announced before, what was spent after.

use auscult_model::{Impact, Pace};
use serde::{Deserialize, Serialize};

use crate::{Cost, Facts, Scope};

/// What was allowed on a node before the first packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermitFacts {
    /// Roughest step allowed.
    pub allowed: Impact,
    /// Why no more than that.
    pub because: PermitBecause,
    /// Pace kept.
    pub pace: Pace,
    /// Most connections that the plan announced.
    pub connections: u64,
    /// Most packets that the plan announced.
    pub packets: u64,
}

/// What set the roughest step allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PermitBecause {
    /// The scenario authorises that much.
    Authorised,
    /// The scenario authorises nothing.
    NoAuthorisation,
    /// The authorisation had run out.
    Expired,
    /// The device is in use on a patient.
    InUse,
    /// The person at the keyboard asked for less than is authorised.
    Asked,
    /// The node has no address.
    NoAddress,
    /// It was left out of this run.
    LeftOut,
}

impl Facts for PermitFacts {
    const KIND: &'static str = "permit";
    const SCOPE: Scope = Scope::Node;
}

/// What was spent on a node in all, written after the last packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpentFacts {
    /// Everything that went to it.
    pub cost: Cost,
    /// Roughest step taken.
    pub used: Impact,
}

impl Facts for SpentFacts {
    const KIND: &'static str = "spent";
    const SCOPE: Scope = Scope::Node;
}
