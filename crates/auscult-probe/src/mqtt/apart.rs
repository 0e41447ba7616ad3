//! Tries topics of others with credentials of the scenario; nothing is published.

use std::time::Duration;

use auscult_facts::access::{GUESSES, Question, Reach};
use auscult_facts::mqtt::{Admission, Subscription, Version};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_model::scenario::Role;
use tokio::time::Instant;

use super::client::{Client, Next};
use super::door::{OPENING_PACKETS, Shut, UPGRADE_PACKETS};
use super::packets::Packet;
use super::{SHORT, SLACK, own_mark};
use crate::access::guess::{Guessed, Guessing, guess_all};
use crate::access::{Enough, Key, Ledger, THINGS, apart};
use crate::{Bound, Errand, NodeBench};

/// How long two listen at one topic before silence says nothing.
const LISTENING: Duration = Duration::from_secs(5);

/// How much longer the other may take to hear what its owner heard.
const GRACE: Duration = Duration::from_millis(700);

/// Time that one pair takes at most, and that is kept back to write down what was learned.
const PAIR: Duration = Duration::from_secs(9);

/// Packets that a session that listens may cost after it is opened.
const HEARING: u64 = 150;

/// MQTT 5: banned, and connection rate exceeded.
const LOCKED: [u8; 2] = [0x8a, 0x9f];

/// Sessions opened at most to see whether credentials work, and pairs of sessions that listen at one topic.
const LOGINS: u64 = 32 + GUESSES as u64;
const PAIRS: u64 = 8;

/// What asking may cost at most.
pub(crate) const fn bound() -> Bound {
    let session = OPENING_PACKETS + UPGRADE_PACKETS + SLACK;
    Bound {
        connections: LOGINS + 2 * PAIRS,
        packets: LOGINS * (session + SHORT) + 2 * PAIRS * (session + HEARING),
    }
}

/// Asks with every credential.
pub(crate) async fn ask(
    bench: &NodeBench,
    subject: &Subject,
    errand: &Errand,
    keys: &[&Key],
    ledger: &mut Ledger,
) -> Result<(), Interrupted> {
    let mark = own_mark(bench, subject, &errand.mark)?;
    let end = Instant::now() + bench.limits().observation.saturating_sub(PAIR);
    let mut round = Round { bench, subject, mark, version: Version::V311, logins: LOGINS, pairs: PAIRS, end };
    round.controls(keys, ledger).await;
    // Silence where nobody is let in is told by the controls.
    let _ = round.withdrawn(keys, ledger).await;
    if ledger.facts.stopped.is_none() {
        round.topics(keys, ledger).await;
        // The last of all, because a lock may shut out whoever asks from here.
        for key in keys.iter().filter(|k| k.credential.role == Role::Guess) {
            let end = round.end;
            let guesses = guess_all(key, &errand.mark, end, &mut round).await;
            ledger.facts.guesses.insert(key.credential.name.clone(), guesses);
        }
    }
    Ok(())
}

struct Round<'a> {
    bench: &'a NodeBench,
    subject: &'a Subject,
    mark: String,
    version: Version,
    logins: u64,
    pairs: u64,
    /// When the last pair may begin.
    end: Instant,
}

impl Round<'_> {
    /// Opens a session with a name and a password; each has a client id of our own.
    async fn join(
        &self,
        login: (&str, &str),
        end: char,
        allowance: u64,
    ) -> Result<(Admission, Option<Client>), Interrupted> {
        let id = format!("auscult-{}{end}", self.mark);
        let most = self.bench.limits().connect + self.bench.patience() * 3;
        let joining = Client::connect(
            self.bench,
            self.subject,
            Impact::Intrusive,
            allowance,
            (self.version, id.as_str(), Some(login)),
        );
        match tokio::time::timeout(most, joining).await {
            Err(_) => Err(Interrupted::TimedOut),
            Ok(Err(Shut::Other(why))) => Err(why),
            Ok(Err(Shut::CertificateDemanded)) => Err(Interrupted::AccessRefused),
            Ok(Ok(joined)) => Ok(joined),
        }
    }

    async fn login(&mut self, key: &Key) -> Result<(Admission, Option<Client>), Interrupted> {
        self.logins = self.logins.checked_sub(1).ok_or(Interrupted::BudgetSpent)?;
        self.join(login(key), 'a', SHORT).await
    }

    /// Every credential that is meant to work subscribes to its own topics.
    async fn controls(&mut self, keys: &[&Key], ledger: &mut Ledger) {
        for key in keys.iter().filter(|k| k.credential.role.is_let_in()) {
            let mut joined = self.login(key).await;
            if let Ok((refused, _)) = &joined
                && refused.lacks_version(self.version)
            {
                self.version = Version::V5;
                joined = self.login(key).await;
            }
            match joined {
                Err(why) => ledger.note(key, Question::Own, (key, 0), Answer::Interrupted(why)),
                Ok((refused, None)) => {
                    let reach =
                        if refused.turns_away(self.version) { Reach::Refused } else { Reach::Unclear };
                    ledger.note(key, Question::Own, (key, 0), Answer::Seen(reach));
                }
                Ok((_, Some(mut session))) => {
                    for (item, topic) in key.credential.topics.iter().take(THINGS).enumerate() {
                        let outcome = match session.subscribe(topic).await {
                            Ok(Subscription::Granted) => Answer::Seen(Reach::Reached),
                            Ok(Subscription::Refused { .. }) => Answer::Seen(Reach::Refused),
                            Err(why) => Answer::Interrupted(why),
                        };
                        ledger.note(key, Question::Own, (key, item), outcome);
                    }
                    session.disconnect().await;
                }
            }
        }
    }

    /// Withdrawn credentials ask for a session, once each, after one that was made up.
    async fn withdrawn(&mut self, keys: &[&Key], ledger: &mut Ledger) -> Result<(), Enough> {
        for key in keys.iter().filter(|k| k.credential.role == Role::Withdrawn) {
            let made_up = format!("auscult-{}", self.mark);
            // Each may be put twice.
            self.logins = self.logins.saturating_sub(4);
            let outcome = self.admitted((&made_up, &made_up), ledger).await?;
            ledger.note(key, Question::MadeUp, (key, 0), outcome);
            let outcome = self.admitted(login(key), ledger).await?;
            ledger.note(key, Question::Withdrawn, (key, 0), outcome);
        }
        Ok(())
    }

    async fn admitted(&self, login: (&str, &str), ledger: &mut Ledger) -> Result<Answer<Reach>, Enough> {
        let mut joined = self.join(login, 'a', SHORT).await;
        if matches!(joined, Err(Interrupted::TimedOut | Interrupted::Unreachable)) {
            // A broker that is busy is asked once more; it was not seen to count the first one.
            joined = self.join(login, 'a', SHORT).await;
        }
        Ok(match joined {
            Err(why) => Answer::Interrupted(why),
            Ok((_, Some(session))) => {
                session.disconnect().await;
                Answer::Seen(Reach::Reached)
            }
            Ok((Admission::Refused { code }, None)) if LOCKED.contains(&code) => return Err(ledger.locked()),
            Ok((refused, None)) if refused.turns_away(self.version) => Answer::Seen(Reach::Refused),
            Ok((_, None)) => Answer::Seen(Reach::Unclear),
        })
    }

    /// Each of two that must be kept apart listens at the topics of the other, while the other does.
    async fn topics(&mut self, keys: &[&Key], ledger: &mut Ledger) {
        for who in keys {
            for whose in keys.iter().filter(|whose| apart(who, whose)) {
                let strange = |topic: &&String| !who.credential.topics.contains(topic);
                let topics = whose.credential.topics.iter().take(THINGS).filter(strange);
                for (item, topic) in topics.enumerate() {
                    let outcome = if !ledger.works(who) || !ledger.reaches(whose, Question::Own, item) {
                        Answer::NotAsked(NotAsked::NoOccasion)
                    } else if self.bench.limits().parallel < 2 {
                        // It needs two sessions at once, which this pace does not allow.
                        Answer::NotAsked(NotAsked::Depth)
                    } else if self.pairs == 0 {
                        Answer::Interrupted(Interrupted::BudgetSpent)
                    } else if Instant::now() >= self.end {
                        Answer::Interrupted(Interrupted::TimedOut)
                    } else {
                        self.pairs -= 1;
                        match self.listen(who, whose, topic).await {
                            Ok(reach) => Answer::Seen(reach),
                            Err(why) => Answer::Interrupted(why),
                        }
                    };
                    ledger.note(who, Question::Topic, (whose, item), outcome);
                }
            }
        }
    }

    async fn listen(&self, who: &Key, whose: &Key, topic: &str) -> Result<Reach, Interrupted> {
        let (_, session) = self.join(login(who), 'a', HEARING).await?;
        let mut session = session.ok_or(Interrupted::AccessRefused)?;
        let reach = match session.subscribe(topic).await {
            Ok(Subscription::Refused { .. }) => Ok(Reach::Refused),
            // A broker of 3.1.1 may end the session of one that asks for what it must not have.
            Err(Interrupted::AccessRefused) => return Ok(Reach::Refused),
            Ok(Subscription::Granted) => self.both_listen(&mut session, whose, topic).await,
            Err(why) => Err(why),
        };
        session.disconnect().await;
        reach
    }

    /// A subscription that is granted and brings nothing tells something only where its owner hears meanwhile.
    async fn both_listen(
        &self,
        session: &mut Client,
        whose: &Key,
        topic: &str,
    ) -> Result<Reach, Interrupted> {
        let (_, owner) = self.join(login(whose), 'b', HEARING).await?;
        let mut owner = owner.ok_or(Interrupted::AccessRefused)?;
        let heard = match owner.subscribe(topic).await? {
            Subscription::Granted => hears(&mut owner, LISTENING).await,
            Subscription::Refused { .. } => Ok(false),
        };
        let strange = hears(session, GRACE).await;
        owner.disconnect().await;
        match (heard?, strange?) {
            (_, true) => Ok(Reach::Reached),
            (true, false) => Ok(Reach::Refused),
            (false, false) => Ok(Reach::Unclear),
        }
    }
}

impl Guessing for Round<'_> {
    async fn guess(&mut self, user: &str, password: &str) -> Result<Guessed, Interrupted> {
        self.logins = self.logins.checked_sub(1).ok_or(Interrupted::BudgetSpent)?;
        match self.join((user, password), 'g', SHORT).await? {
            (Admission::Refused { code }, None) if LOCKED.contains(&code) => Ok(Guessed::Locked),
            (refused, None) if refused.turns_away(self.version) => Ok(Guessed::Refused),
            (_, Some(session)) => {
                session.disconnect().await;
                Err(Interrupted::NotUnderstood)
            }
            (_, None) => Err(Interrupted::NotUnderstood),
        }
    }
}

fn login(key: &Key) -> (&str, &str) {
    (key.credential.user.as_deref().unwrap_or_default(), key.secret.shown())
}

/// Waits for any message; what it says is not looked at.
async fn hears(session: &mut Client, patience: Duration) -> Result<bool, Interrupted> {
    let until = Instant::now() + patience;
    loop {
        match session.next(until).await {
            Ok(Next::Packet(Packet::Publish { .. }) | Next::TooLong) => return Ok(true),
            Ok(Next::Packet(_)) => {}
            Ok(Next::Closed) => return Err(Interrupted::AccessRefused),
            Err(Interrupted::TimedOut) => return Ok(false),
            Err(why) => return Err(why),
        }
    }
}
