//! What the HTTP interface of a data store, a container host or a dashboard gives to a stranger.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, NotAsked, Scope};

/// What one HTTP service showed of the consoles that are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsoleFacts {
    /// Whether it was spoken to inside TLS.
    pub tls: bool,
    /// Product, a word of the observer's own list; `None` where none of them was recognised.
    pub product: Option<String>,
    /// Whether the front page itself demands a login (401), behind which nothing can be recognised.
    #[serde(default)]
    pub front_demands_login: bool,
    /// Questions by which a product is recognised that were asked.
    pub asked: u32,
    /// Those of them that were answered.
    pub answered: u32,
    /// What its inner functions said.
    pub inner: Answer<Inner>,
}

/// What an inner function said to somebody without a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inner {
    /// What was asked for, such as `databases`; a word of our own.
    pub what: String,
    /// Status of the answer.
    pub status: u16,
    /// What the answer says.
    pub gate: Gate,
    /// How many entries it gave, where that can be counted.
    #[serde(default)]
    pub items: Option<u64>,
}

/// What stood between a stranger and an inner function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// Nothing: it gave what was asked for.
    Open,
    /// It demanded a login, or said that strangers may not.
    Shut,
    /// It said something that is neither.
    Unclear,
}

impl ConsoleFacts {
    /// Whether no known product is served, as far as every question was answered.
    pub const fn shows_none(&self) -> bool {
        self.product.is_none() && self.asked > 0 && self.answered == self.asked
    }

    /// Whether an inner function answers strangers.
    pub fn admits_strangers(&self) -> Answer<bool> {
        match &self.inner {
            Answer::Seen(Inner { gate: Gate::Open, .. }) => Answer::Seen(true),
            Answer::Seen(Inner { gate: Gate::Shut, .. }) => Answer::Seen(false),
            Answer::Seen(Inner { gate: Gate::Unclear, .. }) => Answer::NotAsked(NotAsked::NoOccasion),
            Answer::NotAsked(why) => Answer::NotAsked(*why),
            Answer::Interrupted(why) => Answer::Interrupted(*why),
        }
    }
}

impl Facts for ConsoleFacts {
    const KIND: &'static str = "console";
    const SCOPE: Scope = Scope::Protocols(&["http"]);
}
