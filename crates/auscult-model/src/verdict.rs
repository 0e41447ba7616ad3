//! The algebra of verdicts: fail beats inconclusive beats pass, and nothing is never a pass.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What was found out about a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Shown to hold.
    Pass,
    /// Neither shown nor refuted.
    Inconclusive,
    /// Shown not to hold.
    Fail,
}

impl Verdict {
    /// The verdict of both together: the worse one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }

    /// The verdict of many together; of none it is `Inconclusive`.
    pub fn roll_up(verdicts: impl IntoIterator<Item = Self>) -> Self {
        verdicts.into_iter().reduce(Self::and).unwrap_or(Self::Inconclusive)
    }

    /// The word used in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// How bad a failure is, for ordering and for `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Weakens a second line of defence.
    Low,
    /// Helps an attacker who has another foothold.
    Medium,
    /// Opens data or function to an attacker on the same network.
    High,
    /// Opens patient data or therapy to a stranger.
    Critical,
}

impl Severity {
    /// Every value, from mild to grave.
    pub const ALL: &'static [Self] = &[Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word used in files and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// One step milder; the mildest stays.
    #[must_use]
    pub const fn milder(self) -> Self {
        match self {
            Self::Critical => Self::High,
            Self::High => Self::Medium,
            Self::Medium => Self::Low,
            Self::Low | Self::Info => Self::Info,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_verdict() -> impl Strategy<Value = Verdict> {
        prop_oneof![Just(Verdict::Pass), Just(Verdict::Inconclusive), Just(Verdict::Fail)]
    }

    #[test]
    fn nothing_is_inconclusive() {
        assert_eq!(Verdict::roll_up([]), Verdict::Inconclusive);
    }

    proptest! {
        #[test]
        fn order_does_not_matter(mut verdicts in prop::collection::vec(any_verdict(), 0..8)) {
            let forward = Verdict::roll_up(verdicts.clone());
            verdicts.reverse();
            prop_assert_eq!(forward, Verdict::roll_up(verdicts));
        }

        #[test]
        fn a_pass_needs_all_to_pass(verdicts in prop::collection::vec(any_verdict(), 0..8)) {
            let all = !verdicts.is_empty() && verdicts.iter().all(|v| *v == Verdict::Pass);
            prop_assert_eq!(Verdict::roll_up(verdicts) == Verdict::Pass, all);
        }

        #[test]
        fn one_fail_fails(verdicts in prop::collection::vec(any_verdict(), 0..8)) {
            let any = verdicts.contains(&Verdict::Fail);
            prop_assert_eq!(Verdict::roll_up(verdicts) == Verdict::Fail, any);
        }
    }
}
