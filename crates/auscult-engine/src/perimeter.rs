//! How far a machine decides each perimeter test of ETSI TS 103 701.

use auscult_catalog::{Aspect, By, Catalog, Requirement};
use auscult_model::RequirementId;
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
}

/// How far a machine decides a perimeter test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Checks decide every aspect of each of its requirements.
    MachineVerdict,
    /// A person is guided through at least a part of it.
    Guided,
    /// Nothing is there for it.
    None,
}

impl State {
    /// The word that people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::MachineVerdict => "machine verdict",
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
        state: state(catalog, covering, &test.requirements),
    });
    states.collect()
}

fn state(catalog: &Catalog, covering: &Covering, named: &[RequirementId]) -> State {
    let known: Vec<&Requirement> = named.iter().filter_map(|id| catalog.requirements.get(id)).collect();
    let checked = |r: &Requirement| {
        let by_check = |a: &&Aspect| a.by == By::Check && !covering.of_aspect(&r.id, &a.id).is_empty();
        r.aspects.iter().filter(by_check).count()
    };
    let whole = |r: &Requirement| !r.aspects.is_empty() && checked(r) == r.aspects.len();
    let guided = |r: &Requirement| r.aspects.iter().any(|a| a.step.is_some());
    if !known.is_empty() && known.len() == named.len() && known.iter().all(|r| whole(r)) {
        State::MachineVerdict
    } else if known.iter().any(|r| checked(r) > 0 || guided(r)) {
        State::Guided
    } else {
        State::None
    }
}
