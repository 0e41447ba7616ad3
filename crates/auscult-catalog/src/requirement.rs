//! A requirement: a good state, whom it concerns, what must be shown, and which clauses it answers.

use std::collections::BTreeMap;

use auscult_model::{AspectId, CheckId, Force, NodeKind, RequirementId, RiskClass, Setting};
use serde::{Deserialize, Serialize};

/// One requirement of the catalog, as its file says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Id, such as `TLS-02`.
    pub id: RequirementId,
    /// Area, such as `TLS`; equals the folder and the first part of the id.
    pub area: String,
    /// Title in the good state.
    pub title: String,
    /// What it is for, in our words.
    pub intent: String,
    /// Roles that it concerns.
    pub roles: Vec<NodeKind>,
    /// What a node must have for it to concern the node; empty for always.
    #[serde(default)]
    pub condition: Condition,
    /// Kinds of test that it needs: `probe`, `traffic`, `document`, `firmware`, `sbom`.
    pub tests: Vec<String>,
    /// How much a machine can do, by intention of the catalogue: `auto`, `semi` or `manual`.
    pub automation: String,
    /// How strongly it binds, by setting and class.
    pub applies: Applies,
    /// A gateway in front of legacy equipment can meet it in its stead.
    #[serde(default)]
    pub gateway_may_wrap: bool,
    /// What the maker should do.
    pub remedy: String,
    /// What must be shown, each part by itself, before it passes; at least one.
    pub aspects: Vec<Aspect>,
    /// Clauses that it answers.
    #[serde(default)]
    pub cites: Vec<Clause>,
}

/// How strongly a requirement binds: four letters for the classes I to IV.
///
/// `M` mandatory, `R` recommended, `-` not applicable; `RRMM` is recommended for I and II and mandatory for III and IV.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Applies {
    /// At home.
    pub homecare: String,
    /// In a clinic or practice.
    pub integrated_care: String,
}

impl Applies {
    /// How strongly it binds at a class and setting; `None` when it does not apply.
    pub fn force(&self, class: RiskClass, setting: Setting) -> Option<Force> {
        let letters = match setting {
            Setting::Homecare => &self.homecare,
            Setting::IntegratedCare => &self.integrated_care,
        };
        match letters.as_bytes().get(class as usize) {
            Some(b'M') => Some(Force::Mandatory),
            Some(b'R') => Some(Force::Recommended),
            _ => None,
        }
    }
}

/// What a node must have for a requirement to concern it: one of these; nothing named means always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Protocol words; met by a service that is declared or was recognised to speak one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protocols: Vec<String>,
    /// Traits such as `wireless`, which a scenario states with `has` and denies with `without`.
    ///
    /// A trait that is neither stated nor denied is taken to be there: silence exempts nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traits: Vec<String>,
    /// Kinds of networks that flows of the node cross, such as `5g`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<String>,
    /// A legacy device stands behind the node, or the node is one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub legacy: bool,
}

impl Condition {
    /// Whether it concerns every node of its roles.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }
}

/// One part of what must be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aspect {
    /// Its id within the requirement.
    pub id: AspectId,
    /// Title in the good state.
    pub title: String,
    /// Who decides it.
    pub by: By,
    /// For a person: what to do, to whom it may be given, what to keep as evidence. Required when `by = "hand"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
}

/// Who decides an aspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The checks that cover it.
    Check,
    /// A person.
    Hand,
}

/// A clause of a framework that a requirement answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Framework id; has a file under `catalog/frameworks/`.
    pub framework: String,
    /// Clause id.
    pub clause: String,
    /// How the requirement stands to the clause.
    #[serde(default)]
    pub relation: Relation,
    /// Whether the clause id was seen in a source.
    pub verified: bool,
}

/// How a requirement stands to a clause, as sets of what they demand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// Demands the same.
    Equal,
    /// Demands a part of it.
    Subset,
    /// Demands more than it.
    Superset,
    /// They share something.
    #[default]
    Intersects,
}

/// A framework that is cited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// Id, such as `etsi-en-303-645`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who publishes it.
    pub publisher: String,
    /// Edition that clause ids refer to.
    pub edition: String,
    /// What it is about and how auscult uses it, in our words.
    pub about: String,
}

/// One of the 56 tests of ETSI TS 103 701 at the network perimeter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerimeterTest {
    /// Test unit, such as `5.1-3-2a`.
    pub unit: String,
    /// `functional` or `conceptual`.
    pub kind: String,
    /// IXIT table that it is instantiated for.
    pub ixit: String,
    /// What auscult does about it, in our words.
    pub test: String,
    /// `Z`, `I`, `A` or `G`: scenario and network only, one generic input, a device adapter, guided.
    pub level: String,
    /// Requirements under which it is judged.
    pub requirements: Vec<RequirementId>,
    /// Ids of the checks that decide its own question, or a part of it.
    #[serde(default)]
    pub checks: Vec<CheckId>,
    /// What of its question they leave open, in our words; `None` where they decide it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// For which targets they decide it, where that is not all; others stay undecided in a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<String>,
}

/// Everything the catalog holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// Version of the embedded catalog.
    pub version: String,
    /// Requirements by id.
    pub requirements: BTreeMap<RequirementId, Requirement>,
    /// Frameworks by id.
    pub frameworks: BTreeMap<String, Framework>,
    /// The perimeter tests in the order of their units.
    pub perimeter: Vec<PerimeterTest>,
}
