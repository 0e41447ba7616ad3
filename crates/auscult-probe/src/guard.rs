//! Well-known accounts of one run, and how often each was tried at a node, over all of its logins together.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::credentials::{KnownAccount, known_accounts};

/// Wrong passwords that one account of a node may get in one run, whichever login takes them.
const TRIES: u32 = 3;

/// Pairs that are tried at one login.
const PAIRS: usize = 10;

/// Longest user name and password, in bytes.
const LONGEST: usize = 128;

/// The accounts that are tried, and the count of tries; clones share the count.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    own: Arc<Vec<(String, Listed)>>,
    nodes: Arc<Mutex<HashMap<IpAddr, Node>>>,
}

/// A password of a user's own list.
struct Listed(String);

impl std::fmt::Debug for Listed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

#[derive(Debug, Default)]
struct Node {
    locked: bool,
    wrong: HashMap<String, u32>,
}

/// Why a list of accounts cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// A line is not `user | password`, optionally with where it is known from.
    #[error("line {0} is not `user | password`")]
    Line(usize),
    /// More pairs than are ever tried.
    #[error("more than {PAIRS} pairs")]
    TooMany,
    /// More passwords for one user than are ever tried.
    #[error("line {0} is the fourth password for one user")]
    FourthForUser(usize),
}

impl Guard {
    /// Accounts of a user's own list, which are tried before the embedded ones: lines `user | password | source`.
    ///
    /// # Errors
    /// When a line is none, or there are more than would ever be tried.
    pub fn with_list(text: &str) -> Result<Self, ListError> {
        let mut own: Vec<(String, Listed)> = Vec::new();
        for (line, n) in text.lines().map(str::trim).zip(1..) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut columns = line.splitn(3, '|').map(str::trim);
            let (Some(user), Some(password)) = (columns.next(), columns.next()) else {
                return Err(ListError::Line(n));
            };
            let fine = |text: &str| text.len() <= LONGEST && !text.chars().any(char::is_control);
            if user.is_empty() || user.contains(':') || !fine(user) || !fine(password) {
                return Err(ListError::Line(n));
            }
            if own.iter().filter(|(known, _)| known == user).count() >= TRIES as usize {
                return Err(ListError::FourthForUser(n));
            }
            own.push((user.to_owned(), Listed(password.to_owned())));
        }
        if own.len() > PAIRS {
            Err(ListError::TooMany)
        } else {
            Ok(Self { own: Arc::new(own), ..Self::default() })
        }
    }

    /// What is tried at one login: the user's own pairs, then the embedded ones, ten in all and three for one user.
    pub(crate) fn accounts(&self) -> Vec<KnownAccount> {
        let own = self.own.iter().map(|(user, password)| (user.clone(), password.0.clone()));
        let embedded = known_accounts().map(|a| (a.user, a.password));
        let mut all: Vec<KnownAccount> = Vec::new();
        for (user, password) in own.chain(embedded) {
            let of_user = all.iter().filter(|a| a.user == user).count();
            let known = all.iter().any(|a| a.user == user && a.password == password);
            if all.len() < PAIRS && of_user < TRIES as usize && !known {
                let entry = u32::try_from(all.len()).map_or(u32::MAX, |n| n + 1);
                all.push(KnownAccount { entry, user, password });
            }
        }
        all
    }

    /// Whether one more password may be tried for an account of a node; it is counted as wrong until it opens.
    pub(crate) fn may(&self, node: IpAddr, user: &str) -> bool {
        let mut nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        let node = nodes.entry(node).or_default();
        let wrong = node.wrong.entry(user.to_owned()).or_default();
        let may = !node.locked && *wrong < TRIES;
        *wrong += u32::from(may);
        may
    }

    /// The last password was right, so that no login counts it as a failure.
    pub(crate) fn opened(&self, node: IpAddr, user: &str) {
        let mut nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wrong) = nodes.entry(node).or_default().wrong.get_mut(user) {
            *wrong = wrong.saturating_sub(1);
        }
    }

    /// A login of the node showed a lock: none of its logins is tried any more.
    pub(crate) fn locked(&self, node: IpAddr) {
        let mut nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        nodes.entry(node).or_default().locked = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn an_account_is_tried_three_times_at_all_logins_together() {
        let guard = Guard::default();
        let other = guard.clone();
        assert!(guard.may(NODE, "root") && other.may(NODE, "root") && guard.may(NODE, "root"));
        assert!(!other.may(NODE, "root") && guard.may(NODE, "admin"));
        guard.opened(NODE, "root");
        assert!(other.may(NODE, "root") && !other.may(NODE, "root"));
        guard.locked(NODE);
        assert!(!other.may(NODE, "guest") && other.may("127.0.0.2".parse().unwrap(), "guest"));
    }

    #[test]
    fn a_list_of_ones_own_comes_first_and_stays_within_bounds() {
        let guard = Guard::with_list("# ours\n\nadmin | pump-2019 | manual, page 7\nservice|\n").unwrap();
        let accounts = guard.accounts();
        let pairs: Vec<_> = accounts.iter().map(|a| (a.user.as_str(), a.password.as_str())).collect();
        assert_eq!(
            pairs[..4],
            [("admin", "pump-2019"), ("service", ""), ("admin", "admin"), ("admin", "password")]
        );
        assert_eq!(pairs.len(), 10);
        assert!(pairs.iter().all(|(user, _)| pairs.iter().filter(|(u, _)| u == user).count() <= 3));
        assert!(!format!("{guard:?}").contains("pump-2019"));
    }

    #[test]
    fn wrong_lists_are_refused() {
        let error = |text: &str| Guard::with_list(text).unwrap_err();
        assert_eq!(error("admin"), ListError::Line(1));
        assert_eq!(error("#\n | x"), ListError::Line(2));
        assert_eq!(error("a|1\na|2\na|3\na|4"), ListError::FourthForUser(4));
        let many: String = (0..11).map(|n| format!("u{n}|x\n")).collect();
        assert_eq!(error(&many), ListError::TooMany);
    }
}
