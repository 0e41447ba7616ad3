//! Guesses at a login with passwords that are wrong, where the scenario allows it, until it locks or slows down.

use std::time::Duration;

use auscult_facts::Interrupted;
use auscult_facts::access::{GUESSES, Guesses};
use tokio::time::Instant;

use super::Key;

/// What came of one wrong password.
pub(crate) enum Guessed {
    Refused,
    Locked,
}

/// A login at which passwords are guessed.
pub(crate) trait Guessing: Send {
    /// Tries one wrong password.
    fn guess(
        &mut self,
        user: &str,
        password: &str,
    ) -> impl Future<Output = Result<Guessed, Interrupted>> + Send;
}

/// Tries wrong passwords in a row until one is not plainly refused.
pub(crate) async fn guess_all(key: &Key, mark: &str, end: Instant, login: &mut impl Guessing) -> Guesses {
    let made_up = format!("auscult-{mark}-guess");
    let user = key.credential.user.clone();
    let mut facts = Guesses { named: user.is_some(), ..Guesses::default() };
    let user = user.unwrap_or(made_up);
    let mut took: Vec<u32> = Vec::new();
    while facts.refused < GUESSES {
        let begun = Instant::now();
        let wrong = format!("wrong-{mark}-{}", facts.refused);
        let guessed = tokio::time::timeout_at(end, login.guess(&user, &wrong)).await;
        match guessed.unwrap_or(Err(Interrupted::TimedOut)) {
            Ok(Guessed::Refused) => {
                facts.refused += 1;
                took.push(millis(begun.elapsed()));
            }
            Ok(Guessed::Locked) => {
                facts.locked = true;
                break;
            }
            Err(why) => {
                facts.ended_by = Some(why);
                break;
            }
        }
    }
    if took.len() >= 6 {
        facts.first_millis = median(took.iter().take(3));
        facts.last_millis = median(took.iter().rev().take(3));
    }
    facts
}

fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

/// The middle one of three.
fn median<'m>(all: impl Iterator<Item = &'m u32>) -> u32 {
    let mut all: Vec<u32> = all.copied().collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(0)
}
