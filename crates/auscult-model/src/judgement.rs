//! What a check says about one target: a verdict and its reason.

use serde::{Deserialize, Serialize};

use crate::{Message, Verdict};

/// The answer of one check to the facts of one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// What was found out.
    pub verdict: Verdict,
    /// Why, as a message of the check's own catalogue.
    pub because: Message,
}

impl Judgement {
    /// The fault was looked for and is absent.
    pub fn pass(because: Message) -> Self {
        Self { verdict: Verdict::Pass, because }
    }

    /// The fault is there.
    pub fn fail(because: Message) -> Self {
        Self { verdict: Verdict::Fail, because }
    }

    /// It could not be decided.
    pub fn inconclusive(because: Message) -> Self {
        Self { verdict: Verdict::Inconclusive, because }
    }
}
