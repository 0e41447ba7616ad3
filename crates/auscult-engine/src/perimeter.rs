//! How far a machine decides each perimeter test of ETSI TS 103 701.

use auscult_catalog::{Catalog, PerimeterTest};
use auscult_model::{CheckId, RequirementId};
use serde::Serialize;

use crate::checks::Covering;

/// One perimeter test and how far it is decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Perimeter {
    /// Test unit, such as `5.1-3-2a`.
    pub unit: String,
    /// `functional` or `conceptual`.
    pub kind: String,
    /// IXIT table that it is instantiated for.
    pub ixit: String,
    /// What auscult does about it.
    pub test: String,
    /// Requirements under which it is judged.
    pub requirements: Vec<RequirementId>,
    /// How far a machine decides it.
    pub state: State,
    /// Checks that decide it, or a part of it.
    pub checks: Vec<CheckId>,
    /// What they leave open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// For which targets they decide it; others stay undecided in a run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<String>,
}

/// How far a machine decides a perimeter test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Named checks decide the test's own question.
    Machine,
    /// Named checks decide a part of it, and what is missing is said.
    Partial,
    /// A person is guided through it.
    Guided,
    /// Nothing is there for it.
    None,
}

impl State {
    /// The word that people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Partial => "partial",
            Self::Guided => "guided",
            Self::None => "none",
        }
    }
}

/// The coverage table, in the order of the test units.
pub fn coverage(catalog: &Catalog) -> Vec<Perimeter> {
    table(catalog, Covering::live())
}

pub(crate) fn table(catalog: &Catalog, covering: &Covering) -> Vec<Perimeter> {
    let states = catalog.perimeter.iter().map(|test| Perimeter {
        unit: test.unit.clone(),
        kind: test.kind.clone(),
        ixit: test.ixit.clone(),
        test: test.test.clone(),
        requirements: test.requirements.clone(),
        state: state(catalog, covering, test),
        checks: test.checks.clone(),
        missing: test.missing.clone(),
        limits: test.limits.clone(),
    });
    states.collect()
}

fn state(catalog: &Catalog, covering: &Covering, test: &PerimeterTest) -> State {
    // A check decides nothing here unless it is there, and judges under one of the requirements of the test.
    let decides = |id: &CheckId| {
        let covers = covering.all().iter().map(|c| c.meta()).filter(|m| m.id == *id).flat_map(|m| m.covers);
        covers.into_iter().any(|c| test.requirements.contains(&c.requirement))
    };
    let deciding = test.checks.iter().filter(|id| decides(id)).count();
    let whole = deciding > 0 && deciding == test.checks.len() && test.missing.is_none();
    let mut known = test.requirements.iter().filter_map(|id| catalog.requirements.get(id));
    if whole {
        State::Machine
    } else if deciding > 0 {
        State::Partial
    } else if known.any(|r| r.aspects.iter().any(|a| a.step.is_some())) {
        State::Guided
    } else {
        State::None
    }
}
