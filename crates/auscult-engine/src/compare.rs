//! Compares two assessments, requirement by requirement and node by node: what was mended, what broke.

use std::collections::BTreeMap;

use auscult_model::assessment::{Assessment, Reason, Ruling, ScenarioRef};
use auscult_model::{NodeId, RequirementId, Severity, Verdict};
use serde::Serialize;

/// What changed from one assessment to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Always `auscult/diff/v1`.
    pub schema: &'static str,
    /// The earlier scenario.
    pub before: ScenarioRef,
    /// The later scenario.
    pub after: ScenarioRef,
    /// The earlier verdict.
    pub was: Verdict,
    /// The later verdict.
    pub is: Verdict,
    /// How many pairs of requirement and node moved in each way.
    pub counts: BTreeMap<Movement, u64>,
    /// Every pair that moved, or still fails: what is worse first.
    pub changes: Vec<Change>,
}

/// One requirement on one node, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// How it moved.
    pub movement: Movement,
    /// The requirement.
    pub requirement: RequirementId,
    /// The node.
    pub node: NodeId,
    /// Verdict before; `None` where it did not apply.
    pub was: Option<Verdict>,
    /// Verdict after; `None` where it no longer applies.
    pub is: Option<Verdict>,
    /// How grave it is, or was.
    pub severity: Option<Severity>,
    /// Why it is what it is now; why it was, where it no longer applies.
    #[serde(flatten)]
    pub reason: Reason,
}

/// How a pair of requirement and node moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Movement {
    /// It passed and fails now.
    Broken,
    /// It was undecided, or did not apply, and fails now.
    NewlyFailing,
    /// It failed and still does.
    StillFailing,
    /// It was decided, or did not apply, and is undecided now.
    NewlyInconclusive,
    /// It failed and passes now.
    Mended,
    /// It was undecided, or did not apply, and passes now.
    Shown,
    /// It does not apply any more.
    Gone,
    /// It is undecided as before.
    StillInconclusive,
    /// It passes as before.
    StillPassing,
}

impl Movement {
    fn of(was: Option<Verdict>, is: Option<Verdict>) -> Self {
        use Verdict::{Fail, Inconclusive, Pass};
        match (was, is) {
            (_, None) => Self::Gone,
            (Some(Pass), Some(Fail)) => Self::Broken,
            (Some(Fail), Some(Fail)) => Self::StillFailing,
            (Some(Inconclusive) | None, Some(Fail)) => Self::NewlyFailing,
            (Some(Inconclusive), Some(Inconclusive)) => Self::StillInconclusive,
            (_, Some(Inconclusive)) => Self::NewlyInconclusive,
            (Some(Fail), Some(Pass)) => Self::Mended,
            (Some(Pass), Some(Pass)) => Self::StillPassing,
            (Some(Inconclusive) | None, Some(Pass)) => Self::Shown,
        }
    }

    /// Whether there is something to tell about it.
    const fn is_told(self) -> bool {
        !matches!(self, Self::StillInconclusive | Self::StillPassing)
    }

    /// The word used in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::NewlyFailing => "newly-failing",
            Self::StillFailing => "still-failing",
            Self::NewlyInconclusive => "newly-inconclusive",
            Self::Mended => "mended",
            Self::Shown => "shown",
            Self::Gone => "gone",
            Self::StillInconclusive => "still-inconclusive",
            Self::StillPassing => "still-passing",
        }
    }
}

/// The rulings on one requirement and node.
#[derive(Default)]
struct Pair<'a> {
    was: Option<&'a Ruling>,
    is: Option<&'a Ruling>,
}

/// What changed from one assessment to another.
pub fn compare(before: &Assessment, after: &Assessment) -> Diff {
    let mut pairs: BTreeMap<(&RequirementId, &NodeId), Pair<'_>> = BTreeMap::new();
    for ruling in &before.rulings {
        pairs.entry((&ruling.requirement, &ruling.node)).or_default().was = Some(ruling);
    }
    for ruling in &after.rulings {
        pairs.entry((&ruling.requirement, &ruling.node)).or_default().is = Some(ruling);
    }
    let mut counts = BTreeMap::new();
    let mut changes = Vec::new();
    for ((requirement, node), Pair { was, is }) in pairs {
        let movement = Movement::of(was.map(|r| r.verdict), is.map(|r| r.verdict));
        *counts.entry(movement).or_default() += 1;
        let Some(shown) = is.or(was).filter(|_| movement.is_told()) else { continue };
        changes.push(Change {
            movement,
            requirement: requirement.clone(),
            node: node.clone(),
            was: was.map(|r| r.verdict),
            is: is.map(|r| r.verdict),
            severity: is.and_then(|r| r.severity).or(was.and_then(|r| r.severity)),
            reason: shown.reason.clone(),
        });
    }
    changes.sort_by(|a, b| {
        (a.movement, b.severity, &a.requirement, &a.node).cmp(&(
            b.movement,
            a.severity,
            &b.requirement,
            &b.node,
        ))
    });
    Diff {
        schema: "auscult/diff/v1",
        before: before.scenario.clone(),
        after: after.scenario.clone(),
        was: before.verdict,
        is: after.verdict,
        counts,
        changes,
    }
}
