//! What a device does with a message that its far end sends a second time.

use serde::{Deserialize, Serialize};

use crate::client::Kept;
use crate::{Facts, Scope};

/// What a device did with each message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayFacts {
    /// The far end that auscult played, `node/service` of the scenario.
    pub far: String,
    /// Why nothing could be sent.
    #[serde(default)]
    pub kept: Option<Kept>,
    /// What was done, in order; it ends early where a message has not done what the next one needs.
    #[serde(default)]
    pub turns: Vec<Turn>,
}

impl Facts for ReplayFacts {
    const KIND: &'static str = "replay";
    const SCOPE: Scope = Scope::Node;
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sent {
    /// The first message, which is valid.
    First,
    /// The second one, which is valid and changes what the first one did.
    Second,
    /// Nothing, to see that the device does not change by itself.
    Nothing,
    /// The first one again, byte for byte.
    FirstAgain,
    /// The third one, which is valid, to see that the device still listens.
    Third,
}

impl Sent {
    /// In the order of the turns.
    pub const ALL: [Self; 5] = [Self::First, Self::Second, Self::Nothing, Self::FirstAgain, Self::Third];

    /// The word used in files and as part of message ids.
    pub const fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Nothing => "nothing",
            Self::FirstAgain => "first-again",
            Self::Third => "third",
        }
    }
}

/// One turn, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// What was sent.
    pub sent: Sent,
    /// Digest of the message.
    #[serde(default)]
    pub digest: Option<String>,
    /// Connections on which the device said something in a protocol that is spoken here.
    pub visits: u32,
    /// Whether the message was handed over: written to the device where it had asked for messages of its place.
    pub handed: bool,
    /// Digest of what the device told of its state before, twice alike.
    #[serde(default)]
    pub before: Option<String>,
    /// The same afterwards, when it had had its time.
    #[serde(default)]
    pub after: Option<String>,
    /// How long it was waited for, in milliseconds.
    pub waited_millis: u64,
}

impl Turn {
    /// What the device told before and after, where it told both.
    fn told(&self) -> Option<(&str, &str)> {
        self.before.as_deref().zip(self.after.as_deref())
    }
}

/// What became of the message that was sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// It did again what it had done the first time.
    TookEffect,
    /// It changed nothing, and the next valid message did.
    NoEffect,
    /// It changed something, but not to what it had done the first time.
    Otherwise,
    /// The device did not fetch a message.
    NotFetched(Sent),
    /// The device did not tell its state, or told something else each time.
    Untold(Sent),
    /// A valid message changed nothing, so that a replay shows nothing.
    NotTaken(Sent),
    /// The state changed though nothing was sent, or between two turns.
    Restless,
}

impl ReplayFacts {
    /// What became of the message that was sent again, seen beside the valid ones.
    pub fn replayed(&self) -> Replayed {
        match self.judged() {
            Ok(replayed) | Err(replayed) => replayed,
        }
    }

    fn judged(&self) -> Result<Replayed, Replayed> {
        let (origin, first) = self.taken(Sent::First)?;
        let (between, second) = self.taken(Sent::Second)?;
        let (quiet_before, quiet_after) = self.told(Sent::Nothing)?;
        if between != first || quiet_before != second || quiet_after != second || origin == first {
            return Err(Replayed::Restless);
        }
        self.handed(Sent::FirstAgain)?;
        let (before, after) = self.told(Sent::FirstAgain)?;
        if before != second {
            return Err(Replayed::Restless);
        }
        if after == first {
            return Ok(Replayed::TookEffect);
        }
        if after != second {
            return Ok(Replayed::Otherwise);
        }
        let (still, _) = self.taken(Sent::Third)?;
        if still == second { Ok(Replayed::NoEffect) } else { Err(Replayed::Restless) }
    }

    fn turn(&self, sent: Sent) -> Result<&Turn, Replayed> {
        self.turns.iter().find(|t| t.sent == sent).ok_or(Replayed::NotFetched(sent))
    }

    fn handed(&self, sent: Sent) -> Result<&Turn, Replayed> {
        self.turn(sent).and_then(|t| if t.handed { Ok(t) } else { Err(Replayed::NotFetched(sent)) })
    }

    fn told(&self, sent: Sent) -> Result<(&str, &str), Replayed> {
        self.turn(sent)?.told().ok_or(Replayed::Untold(sent))
    }

    /// The states around a valid message that was handed over and did something.
    fn taken(&self, sent: Sent) -> Result<(&str, &str), Replayed> {
        let (before, after) = self.handed(sent)?.told().ok_or(Replayed::Untold(sent))?;
        if before == after { Err(Replayed::NotTaken(sent)) } else { Ok((before, after)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Facts of a device whose states around each turn are these.
    fn facts(states: [(&str, &str); 5]) -> ReplayFacts {
        let turn = |(sent, (before, after)): (Sent, (&str, &str))| Turn {
            sent,
            digest: None,
            visits: 1,
            handed: sent != Sent::Nothing,
            before: Some(before.to_owned()),
            after: Some(after.to_owned()),
            waited_millis: 1,
        };
        let turns = Sent::ALL.into_iter().zip(states).map(turn).collect();
        ReplayFacts { far: "platform/broker".to_owned(), kept: None, turns }
    }

    #[test]
    fn only_what_came_back_is_an_effect_and_only_what_stayed_and_still_listens_is_none() {
        let of = |states| facts(states).replayed();
        let quiet = ("2", "2");
        assert_eq!(of([("0", "1"), ("1", "2"), quiet, ("2", "1"), ("1", "3")]), Replayed::TookEffect);
        assert_eq!(of([("0", "1"), ("1", "2"), quiet, ("2", "2"), ("2", "3")]), Replayed::NoEffect);
        assert_eq!(of([("0", "1"), ("1", "2"), quiet, ("2", "9"), ("9", "3")]), Replayed::Otherwise);
        let deaf = of([("0", "1"), ("1", "2"), quiet, ("2", "2"), ("2", "2")]);
        assert_eq!(deaf, Replayed::NotTaken(Sent::Third));
        for restless in [
            [("0", "1"), ("1", "2"), ("2", "3"), ("3", "1"), ("1", "4")],
            [("0", "1"), ("5", "2"), quiet, ("2", "1"), ("1", "4")],
            [("0", "1"), ("1", "2"), quiet, ("4", "1"), ("1", "4")],
            [("0", "1"), ("1", "2"), quiet, ("2", "2"), ("7", "8")],
        ] {
            assert_eq!(of(restless), Replayed::Restless, "{restless:?}");
        }
        let same = of([("0", "1"), ("1", "1"), ("1", "1"), ("1", "1"), ("1", "3")]);
        assert_eq!(same, Replayed::NotTaken(Sent::Second));
    }

    #[test]
    fn a_turn_that_is_missing_or_was_not_handed_over_shows_nothing() {
        let mut cut = facts([("0", "1"), ("1", "2"), ("2", "2"), ("2", "1"), ("1", "3")]);
        cut.turns[3].handed = false;
        assert_eq!(cut.replayed(), Replayed::NotFetched(Sent::FirstAgain));
        cut.turns[3] = Turn { handed: true, after: None, ..cut.turns[3].clone() };
        assert_eq!(cut.replayed(), Replayed::Untold(Sent::FirstAgain));
        cut.turns.truncate(1);
        assert_eq!(cut.replayed(), Replayed::NotFetched(Sent::Second));
        cut.turns.clear();
        assert_eq!(cut.replayed(), Replayed::NotFetched(Sent::First));
    }
}
