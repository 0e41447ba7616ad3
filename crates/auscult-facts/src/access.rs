//! What credentials of the scenario reach, and whether each stays with what is its own.

use std::collections::BTreeMap;

use auscult_model::scenario::{CredentialKind, Role};
use serde::{Deserialize, Serialize};

use crate::credentials::Stopped;
use crate::http::Cookie;
use crate::{Answer, Facts, Interrupted, NotAsked, Scope};

/// What the credentials that the scenario declares for one service came to; of their secrets nothing is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessFacts {
    /// The credentials, by their name in the scenario.
    pub holders: BTreeMap<String, Holder>,
    /// What was tried with them, in order.
    pub tries: Vec<Try>,
    /// Cookies that a login by a form gave, by credential; their values are not kept.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cookies: BTreeMap<String, Vec<Cookie>>,
    /// What became of guessing at logins, by the name in the scenario that allows it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub guesses: BTreeMap<String, Guesses>,
    /// Why trying ended early.
    #[serde(default)]
    pub stopped: Option<Stopped>,
}

/// One credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// How it is shown.
    pub kind: CredentialKind,
    /// Whom it stands for.
    pub role: Role,
    /// To which clinic or customer it belongs.
    #[serde(default)]
    pub tenant: Option<String>,
    /// How many things it is declared to own.
    pub owns: u32,
}

/// Wrong passwords in a row for one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guesses {
    /// Whether the scenario names the account; else the name was made up for this run.
    pub named: bool,
    /// Wrong passwords that were plainly refused.
    pub refused: u32,
    /// Whether the next one was answered by a lock: 423, 429, `Retry-After`, or words.
    pub locked: bool,
    /// Median time of the first three answers, in milliseconds.
    pub first_millis: u32,
    /// Median time of the last three.
    pub last_millis: u32,
    /// What ended it before all were tried, but a lock.
    #[serde(default)]
    pub ended_by: Option<Interrupted>,
}

/// Wrong passwords tried at most: two more than the ten after which a login is to slow down or lock.
pub const GUESSES: u32 = 12;

impl Guesses {
    /// Whether answers came clearly later in the end: by a second, and four times as late as in the beginning.
    pub fn slowed(&self) -> bool {
        self.last_millis >= self.first_millis.saturating_mul(4).max(1_000)
    }
}

/// One question asked with one credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Try {
    /// Whose credential was shown.
    pub who: String,
    /// What was asked.
    pub question: Question,
    /// Whose thing it was about.
    pub whose: String,
    /// Which of the things that this one owns, from 0.
    pub item: u32,
    /// How far it came.
    pub outcome: Answer<Reach>,
}

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Its own thing is read, or its own topic subscribed to: the proof that the credential works.
    Own,
    /// A thing of another is read.
    Read,
    /// A search for what belongs to a thing of another; with `who` and `whose` the same, the proof that it finds.
    Search,
    /// A search without any restriction, looked through for things of another.
    List,
    /// The topic of another is subscribed to and listened at.
    Topic,
    /// An administrative function.
    Function,
    /// Its own thing without any credential.
    Anybody,
    /// Its own thing with a credential that was made up for this run, in place of the withdrawn one.
    MadeUp,
    /// Its own thing, or a session, with the withdrawn credential.
    Withdrawn,
    /// Its own thing with the session that it has ended.
    AfterLogout,
    /// Its own thing with a session that was left alone for the declared idle time and some more.
    AfterIdle,
}

/// How far a question came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// It got the thing.
    Reached,
    /// It was told that it must not have it.
    Refused,
    /// It was told that there is no such thing, or got an answer without it.
    Absent,
    /// It got an answer that is none of these.
    Unclear,
}

impl Facts for AccessFacts {
    const KIND: &'static str = "access";
    const SCOPE: Scope = Scope::Protocols(&["fhir", "dicomweb", "http", "mqtt", "mqtt-websocket"]);
}

/// What a set of tries came to together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tally {
    /// At least one reached what it must not; who and whose, without repetition.
    Reached(Vec<(String, String)>),
    /// Something came in between of one, or it was not asked.
    Open(Answer<Reach>),
    /// An answer shows neither the thing nor a refusal: so many.
    Unclear(usize),
    /// Every one of so many was kept out.
    KeptOut(usize),
    /// There was none.
    Nothing,
}

impl AccessFacts {
    /// Whether a credential was seen to work: it reached something of its own.
    pub fn works(&self, who: &str) -> bool {
        self.of(Question::Own).any(|t| t.who == who && t.outcome.seen() == Some(&Reach::Reached))
    }

    /// Names of credentials that are meant to be let in and reached nothing of their own.
    pub fn idle(&self) -> Vec<&str> {
        let known = self.holders.iter().filter(|(_, h)| h.role.is_let_in());
        known.map(|(name, _)| name.as_str()).filter(|name| !self.works(name)).collect()
    }

    /// Names of the credentials of a role.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &str> {
        self.holders.iter().filter(move |(_, h)| h.role == role).map(|(name, _)| name.as_str())
    }

    /// The tries of one question.
    pub fn of(&self, question: Question) -> impl Iterator<Item = &Try> {
        self.tries.iter().filter(move |t| t.question == question)
    }

    /// Tries without any credential, of things whose owner has a role that is meant.
    pub fn of_anybody(&self, meant: impl Fn(Role) -> bool) -> impl Iterator<Item = &Try> {
        let role = |name: &str| self.holders.get(name).map(|h| h.role);
        self.of(Question::Anybody).filter(move |t| role(&t.whose).is_some_and(&meant))
    }

    /// Tries of a question with the things of another, by whether both are declared to be of different tenants.
    pub fn between(&self, question: Question, tenants_differ: bool) -> impl Iterator<Item = &Try> {
        self.of(question)
            .filter(move |t| t.who != t.whose && self.tenants_differ(&t.who, &t.whose) == tenants_differ)
    }

    /// Whether two credentials are declared to be of different tenants.
    pub fn tenants_differ(&self, one: &str, other: &str) -> bool {
        let tenant = |name| self.holders.get(name).and_then(|h| h.tenant.as_deref());
        matches!((tenant(one), tenant(other)), (Some(one), Some(other)) if one != other)
    }
}

/// What tries came to together: one that reached what it must not decides, and nothing else can be a pass beside one
/// that is open.
pub fn tally<'t>(tries: impl Iterator<Item = &'t Try>) -> Tally {
    let mut reached = Vec::new();
    let (mut open, mut unclear, mut kept_out) = (None, 0, 0);
    for one in tries {
        match &one.outcome {
            Answer::Seen(Reach::Reached) => {
                let pair = (one.who.clone(), one.whose.clone());
                if !reached.contains(&pair) {
                    reached.push(pair);
                }
            }
            Answer::Seen(Reach::Refused | Reach::Absent) => kept_out += 1,
            Answer::Seen(Reach::Unclear) => unclear += 1,
            // Where its owner does not reach a thing either, nothing can be said about it; others may tell enough.
            Answer::NotAsked(NotAsked::NoOccasion) => {}
            Answer::NotAsked(_) | Answer::Interrupted(_) => {
                open.get_or_insert(one.outcome.clone());
            }
        }
    }
    match open {
        _ if !reached.is_empty() => Tally::Reached(reached),
        Some(open) => Tally::Open(open),
        None if unclear > 0 => Tally::Unclear(unclear),
        None if kept_out > 0 => Tally::KeptOut(kept_out),
        None => Tally::Nothing,
    }
}
