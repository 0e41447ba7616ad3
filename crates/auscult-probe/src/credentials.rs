//! Accounts that products are shipped with, and how they are tried at a login without locking anybody out.
//!
//! At most three tries for one account; the first sign of a lock ends it. An account counts as open only where the
//! same login refuses an account that was made up for this run, and this one with another password.

use std::net::IpAddr;
use std::time::Duration;

use auscult_facts::Interrupted;
use auscult_facts::credentials::{Accounts, Stopped};
use tokio::time::Instant;

use crate::{Errand, NodeBench};

/// A well-known account; its password never leaves this crate but to a login.
#[derive(Clone)]
pub(crate) struct KnownAccount {
    /// Place in the list, from 1.
    pub(crate) entry: u32,
    pub(crate) user: String,
    pub(crate) password: String,
}

/// Well-known accounts, in the order in which they are tried.
pub(crate) fn known_accounts() -> impl Iterator<Item = KnownAccount> {
    let lines = include_str!("../data/default-credentials.csv").lines().map(str::trim);
    lines.filter(|l| !l.is_empty() && !l.starts_with('#')).zip(1..).filter_map(|(line, entry)| {
        let mut columns = line.splitn(3, '|').map(str::trim);
        Some(KnownAccount { entry, user: columns.next()?.to_owned(), password: columns.next()?.to_owned() })
    })
}

/// Most logins that trying takes: ten pairs, the one that is made up, and the counter-check.
pub(crate) const MAX_LOGINS: u64 = 12;

/// Time that is kept back, so that what was learned can be written down.
const RESERVE: Duration = Duration::from_secs(3);

/// What came of one login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    Opened,
    Refused,
    /// It says that it locks or slows down.
    Locked,
    Unclear,
}

/// A login at which accounts can be tried, each over a connection of its own.
pub(crate) trait Login: Send {
    /// Tries one account.
    fn attempt(
        &mut self,
        user: &str,
        password: &str,
    ) -> impl Future<Output = Result<Tried, Interrupted>> + Send;
}

/// Tries the list; `began` is when the observation began.
pub(crate) async fn try_all(
    bench: &NodeBench,
    errand: &Errand,
    began: Instant,
    login: &mut impl Login,
) -> Accounts {
    let accounts = errand.guard.accounts();
    let listed = u32::try_from(accounts.len()).unwrap_or(u32::MAX);
    let mut facts = Accounts { opens_to_anything: false, tried: 0, listed, opened: None, stopped: None };
    let end = began + bench.limits().observation.saturating_sub(RESERVE);
    let node = bench.address();
    facts.stopped = attempts(errand, node, &accounts, end, login, &mut facts).await.err();
    if facts.stopped == Some(Stopped::Locked) {
        errand.guard.locked(node);
    }
    facts
}

async fn attempts(
    errand: &Errand,
    node: IpAddr,
    accounts: &[KnownAccount],
    end: Instant,
    login: &mut impl Login,
    facts: &mut Accounts,
) -> Result<(), Stopped> {
    let (mark, guard) = (&errand.mark, &errand.guard);
    let mut spared = false;
    let wrong = format!("no-{mark}");
    let mut slowest = Duration::ZERO;
    if attempt(login, &format!("auscult-{mark}"), &wrong, end, &mut slowest).await? {
        facts.opens_to_anything = true;
        return Ok(());
    }
    for account in accounts {
        if !guard.may(node, &account.user) {
            spared = true;
            continue;
        }
        let opened = attempt(login, &account.user, &account.password, end, &mut slowest).await?;
        facts.tried += 1;
        if !opened {
            continue;
        }
        // A server that looks at the name alone is as open, but not by this password. Where another pair of the same
        // user was refused before, that is shown already, and the account is left alone.
        guard.opened(node, &account.user);
        let shown = accounts.iter().any(|a| a.user == account.user && a.entry < account.entry);
        if !shown && !guard.may(node, &account.user) {
            return Err(Stopped::Spared);
        }
        if !shown && attempt(login, &account.user, &wrong, end, &mut slowest).await? {
            return Err(Stopped::Undecidable);
        }
        facts.opened = Some(account.user.clone());
        return Ok(());
    }
    if spared { Err(Stopped::Spared) } else { Ok(()) }
}

/// Whether one login opened; `slowest` is how long the slowest one took so far.
async fn attempt(
    login: &mut impl Login,
    user: &str,
    password: &str,
    end: Instant,
    slowest: &mut Duration,
) -> Result<bool, Stopped> {
    let begun = Instant::now();
    if begun + *slowest >= end {
        return Err(Stopped::OutOfTime);
    }
    let tried = tokio::time::timeout_at(end, login.attempt(user, password)).await;
    *slowest = (*slowest).max(begun.elapsed());
    match tried {
        Err(_) => Err(Stopped::OutOfTime),
        Ok(Err(_)) => Err(Stopped::Silent),
        Ok(Ok(Tried::Opened)) => Ok(true),
        Ok(Ok(Tried::Refused)) => Ok(false),
        Ok(Ok(Tried::Locked)) => Err(Stopped::Locked),
        Ok(Ok(Tried::Unclear)) => Err(Stopped::Undecidable),
    }
}

/// Words by which a login says that it slows down or locks.
const LOCK_WORDS: [&str; 6] =
    ["too many", "locked", "temporarily blocked", "temporarily disabled", "try again in", "try again later"];

/// Whether a text, in lower case, says so.
pub(crate) fn says_locked(text: &str) -> bool {
    LOCK_WORDS.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use auscult_model::{Impact, Pace};

    use super::*;
    use crate::{Depth, Guard, Limits, Permit};

    /// A login that knows some accounts, and counts what is tried.
    #[derive(Default)]
    struct Fake {
        opens: Vec<(&'static str, Option<&'static str>)>,
        locks_after: Option<usize>,
        by_user: BTreeMap<String, u32>,
        count: usize,
    }

    impl Login for Fake {
        async fn attempt(&mut self, user: &str, password: &str) -> Result<Tried, Interrupted> {
            *self.by_user.entry(user.to_owned()).or_default() += 1;
            self.count += 1;
            if self.locks_after.is_some_and(|n| self.count > n) {
                return Ok(Tried::Locked);
            }
            let opens = self.opens.iter().any(|(u, p)| *u == user && p.is_none_or(|p| p == password));
            Ok(if opens { Tried::Opened } else { Tried::Refused })
        }
    }

    async fn tried(login: &mut Fake) -> Accounts {
        tried_with(login, Guard::default()).await
    }

    async fn tried_with(login: &mut Fake, guard: Guard) -> Accounts {
        let bench = NodeBench::new(Permit {
            node: "node".into(),
            address: "127.0.0.1".parse().unwrap(),
            impact: Impact::Intrusive,
            declared: [1].into(),
            limits: Limits::of(Pace::Laboratory),
        });
        let errand = Errand {
            depth: Depth::Verdict,
            anchors: Vec::new(),
            crls: Vec::new(),
            mark: "abcd1234".to_owned(),
            at: "2026-10-10T08:00:00Z".parse().unwrap(),
            keys: Vec::new(),
            guard,
            health: crate::health::HealthCommands::default(),
        };
        let facts = try_all(&bench, &errand, Instant::now(), login).await;
        assert!(login.by_user.values().all(|n| *n <= 3), "{:?}", login.by_user);
        assert!(login.count as u64 <= MAX_LOGINS);
        facts
    }

    #[tokio::test]
    async fn an_account_is_open_only_by_its_password() {
        let mut login = Fake { opens: vec![("root", Some("root"))], ..Fake::default() };
        let facts = tried(&mut login).await;
        assert_eq!((facts.opened.as_deref(), facts.stopped), (Some("root"), None));
        let mut login = Fake { opens: vec![("root", None)], ..Fake::default() };
        let facts = tried(&mut login).await;
        assert_eq!((facts.opened, facts.stopped), (None, Some(Stopped::Undecidable)));
    }

    #[tokio::test]
    async fn nothing_is_tried_after_a_lock_and_everything_where_there_is_none() {
        let mut login = Fake { locks_after: Some(3), ..Fake::default() };
        let facts = tried(&mut login).await;
        assert_eq!((facts.tried, facts.stopped, login.count), (2, Some(Stopped::Locked), 4));
        let facts = tried(&mut Fake::default()).await;
        assert_eq!((facts.tried, facts.stopped, facts.listed), (10, None, 10));
    }

    #[tokio::test]
    async fn an_account_gets_three_wrong_passwords_at_all_logins_of_a_node_together() {
        let guard = Guard::default();
        let (mut one, mut other) = (Fake::default(), Fake::default());
        let first = tried_with(&mut one, guard.clone()).await;
        let second = tried_with(&mut other, guard.clone()).await;
        assert_eq!((first.stopped, second.stopped), (None, Some(Stopped::Spared)));
        for (user, count) in one.by_user.iter().filter(|(user, _)| !user.starts_with("auscult-")) {
            assert!(count + other.by_user.get(user).unwrap_or(&0) <= 3, "{user}");
        }
        let mut locking = Fake { locks_after: Some(1), ..Fake::default() };
        assert_eq!(tried_with(&mut locking, Guard::default()).await.stopped, Some(Stopped::Locked));
        let guard = Guard::default();
        tried_with(&mut Fake { locks_after: Some(1), ..Fake::default() }, guard.clone()).await;
        assert_eq!(tried_with(&mut Fake::default(), guard).await.tried, 0, "a lock ends it at every login");
    }
}
