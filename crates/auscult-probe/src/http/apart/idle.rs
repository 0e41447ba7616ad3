//! Leaves sessions alone for as long as the scenario declares, and asks once more.

use std::time::Duration;

use auscult_facts::Answer;
use auscult_facts::access::{Question as Asked, Reach};
use tokio::time::Instant;

use super::super::ask::Answered;
use super::super::thing::Thing;
use super::{Enough, Key, Round};

/// A session ends late rather than to the second: a tenth of the time more, within these.
const MARGIN: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(60));

/// How long a session is left alone.
fn left_alone(key: &Key) -> Option<Duration> {
    let declared = Duration::from_secs(key.credential.idle_seconds?.into());
    Some(declared + (declared / 10).clamp(MARGIN.0, MARGIN.1))
}

/// How long the sessions of these credentials are waited for, all at once.
pub(crate) fn longest_idle<'k>(keys: impl Iterator<Item = &'k Key>) -> Duration {
    let let_in = keys.filter(|key| key.credential.role.is_let_in());
    let longest = let_in.filter_map(left_alone).max();
    // Beside the waiting itself, for the logins before it.
    longest.map_or(Duration::ZERO, |idle| idle + Duration::from_secs(10))
}

impl Round<'_, '_> {
    /// Opens a session anew for each credential with an idle time, leaves all of them alone, and reads its own thing
    /// once more when the time of each is over.
    pub(super) async fn idle(&mut self, working: &[&Key]) -> Result<(), Enough> {
        let mut waiting: Vec<(Instant, &Key, Thing)> = Vec::new();
        for key in working {
            let Some(time) = left_alone(key) else { continue };
            let Some((0, thing)) = self.things(key).into_iter().next() else { continue };
            if !self.ledger.reaches(key, Asked::Own, 0) {
                self.ledger.no_occasion(key, Asked::AfterIdle, (key, 0));
                continue;
            }
            // The session of before may have ended by a logout.
            let opened = match self.enter(key).await? {
                Err(outcome) => outcome,
                Ok(()) => self.own_again(key, &thing).await?,
            };
            match opened {
                Answer::Seen(Reach::Reached) => waiting.push((Instant::now() + time, key, thing)),
                Answer::Seen(_) => self.ledger.no_occasion(key, Asked::AfterIdle, (key, 0)),
                open => self.ledger.note(key, Asked::AfterIdle, (key, 0), open),
            }
        }
        waiting.sort_by_key(|(when, ..)| *when);
        for (when, key, thing) in waiting {
            self.client.rest_until(when).await;
            let outcome = self.own_again(key, &thing).await?;
            self.ledger.note(key, Asked::AfterIdle, (key, 0), outcome);
        }
        Ok(())
    }

    /// The first thing of a credential over its session, as far as it is known to be the thing.
    async fn own_again(&mut self, key: &Key, thing: &Thing) -> Result<Answer<Reach>, Enough> {
        let path = thing.path(&self.root);
        Ok(match self.get(key, &path).await? {
            Err(why) => Answer::Interrupted(why),
            Ok(answered) => Answer::Seen(self.known_reach(thing, &path, &answered)),
        })
    }

    /// How far a read came; of a page only what somebody got before who may have it is the thing.
    pub(super) fn known_reach(&self, thing: &Thing, path: &str, answered: &Answered) -> Reach {
        match thing.read(path, answered, &self.client.origin) {
            Reach::Reached if !thing.tells_itself() && !self.is_known(path, answered) => Reach::Unclear,
            reach => reach,
        }
    }
}
