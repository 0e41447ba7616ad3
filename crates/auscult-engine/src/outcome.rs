//! What an assessment comes to: one word for the exit code.

use auscult_model::assessment::Assessment;
use auscult_model::{Impact, Severity, Verdict};

/// What an assessment comes to; the binary gives each its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every applicable requirement passed, or failed milder than asked for (0).
    Passed,
    /// At least one failed at or above the severity asked for (1).
    Failed,
    /// None failed so, and something is undecided (3).
    Inconclusive,
    /// Work was allowed, and not one target answered (5).
    NothingAnswered,
    /// A node degraded and work on it was stopped (6).
    SafetyStop,
}

impl Outcome {
    /// The exit code (frozen).
    pub const fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Inconclusive => 3,
            Self::NothingAnswered => 5,
            Self::SafetyStop => 6,
        }
    }
}

/// What an assessment comes to when failures count from a severity on.
///
/// A safety stop comes before everything, because somebody has to look at the device; a failure comes before what
/// is undecided.
pub fn outcome(assessment: &Assessment, fail_on: Severity) -> Outcome {
    if assessment.safety.iter().any(|s| s.stopped.is_some()) {
        return Outcome::SafetyStop;
    }
    let counts = |severity: Option<Severity>| severity.is_none_or(|s| s >= fail_on);
    if assessment.rulings.iter().any(|r| r.verdict == Verdict::Fail && counts(r.severity)) {
        return Outcome::Failed;
    }
    let coverage = &assessment.coverage;
    let asked = assessment.safety.iter().any(|s| s.allowed >= Impact::Touch);
    if asked && coverage.targets_selected > 0 && coverage.targets_observed == 0 {
        return Outcome::NothingAnswered;
    }
    if assessment.rulings.is_empty() || coverage.inconclusive > 0 {
        return Outcome::Inconclusive;
    }
    Outcome::Passed
}
