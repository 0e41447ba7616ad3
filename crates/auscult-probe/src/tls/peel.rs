//! Names everything that is accepted: offers a list, takes out what the server chose, and asks again until it
//! refuses.

use std::collections::BTreeMap;
use std::sync::Arc;

use auscult_facts::tls::Version;
use auscult_wire::tls::{self, Exchange, KeyExchange, version};
use tokio::task::JoinSet;

use super::ask::{Asker, Moment, Outcome};
use super::question::Question;
use super::survey::{group, wire};

/// Everything that is accepted.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    /// Suites by version, those found by peeling only.
    pub(super) suites: BTreeMap<Version, Vec<u16>>,
    /// Groups.
    pub(super) groups: Vec<u16>,
    /// Whether the server keeps its own order; `None` where that was not seen.
    pub(super) server_order: Option<bool>,
    /// Whether there were two suites of which one can be preferred.
    pub(super) has_choice: bool,
    /// Silent ends, refusals if the server served us before and after.
    pub(super) cuts: Vec<Moment>,
    /// Whether each list was peeled to a refusal.
    pub(super) complete: bool,
}

impl Inventory {
    /// The same with what the order of suites shows.
    fn ordered(mut self, found: &BTreeMap<Version, Option<u16>>, reversed: Option<(Version, u16)>) -> Self {
        let Some((version, chosen)) = reversed else {
            self.has_choice = true;
            return self;
        };
        let preferred = found.get(&version).copied().flatten();
        let others = self.suites.get(&version).into_iter().flatten().any(|suite| Some(*suite) != preferred);
        self.has_choice = others;
        self.server_order = preferred.filter(|_| others).map(|preferred| chosen == preferred);
        self
    }
}

/// What is peeled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Suites(Version),
    Groups,
}

/// One list, peeled.
#[derive(Debug)]
struct Peeled {
    kind: Kind,
    found: Vec<u16>,
    cut: Option<Moment>,
    complete: bool,
}

/// Peels suites of each version and groups, in lists that run side by side.
///
/// `found` holds what is known already, so that it need not be asked for again; `named` the group of TLS 1.3.
pub(super) async fn peel_all(
    asker: &Arc<Asker>,
    found: &BTreeMap<Version, Option<u16>>,
    named: Option<u16>,
) -> Inventory {
    let mut peels = JoinSet::new();
    let mut peel = |question: Question, kind: Kind| {
        let asker = Arc::clone(asker);
        peels.spawn(async move { peel_one(&asker, question, kind).await });
    };
    let wide = asker.bench().limits().parallel >= 8;
    // The newest version first: its lists are the longest, and places are given out in order.
    for (version, known) in found.iter().rev().filter(|(v, _)| **v != Version::Ssl2) {
        let suites = tls::offer(wire(*version), |s| Some(s.code) != *known);
        let lists = match (version, wide) {
            (Version::Tls13, _) => 1,
            (Version::Tls12, true) => 16,
            (Version::Tls12, false) => 4,
            (_, true) => 3,
            (_, false) => 1,
        };
        for list in split(&suites, lists) {
            peel(Question::only(wire(*version)).suites(list), Kind::Suites(*version));
        }
    }
    if found.contains_key(&Version::Tls13) {
        let groups: Vec<u16> = tls::tls13_groups().into_iter().filter(|g| Some(*g) != named).collect();
        for list in split(&groups, if wide { 3 } else { 1 }) {
            peel(Question::only(version::TLS13).groups(list), Kind::Groups);
        }
    }
    if found.keys().any(|v| (Version::Tls10..=Version::Tls12).contains(v)) {
        let curves = |s: &tls::SuiteInfo| matches!(s.exchange(), Exchange::Ec | Exchange::EcWithHint);
        let question = Question { extras: false, ..Question::with(version::TLS12, curves) };
        for list in split(&question.groups, if wide { 2 } else { 1 }) {
            peel(question.clone().groups(list), Kind::Groups);
        }
    }

    // Asked while the lists are peeled.
    let (inventory, reversed) = tokio::join!(gather(peels, named), reversed(asker, found));
    inventory.ordered(found, reversed)
}

async fn gather(mut peels: JoinSet<Peeled>, named: Option<u16>) -> Inventory {
    let mut inventory = Inventory { complete: true, ..Inventory::default() };
    inventory.groups.extend(named);
    while let Some(peeled) = peels.join_next().await {
        let Ok(peeled) = peeled else {
            inventory.complete = false;
            continue;
        };
        inventory.complete &= peeled.complete;
        inventory.cuts.extend(peeled.cut);
        match peeled.kind {
            Kind::Suites(version) => inventory.suites.entry(version).or_default().extend(peeled.found),
            Kind::Groups => inventory.groups.extend(peeled.found),
        }
    }
    inventory.suites.values_mut().for_each(|suites| suites.sort_unstable());
    inventory
}

/// Deals a list out into shorter ones, so that each holds a share of the good and of the bad.
fn split(all: &[u16], lists: usize) -> Vec<Vec<u16>> {
    let lists = lists.clamp(1, all.len().max(1));
    (0..lists).map(|n| all.iter().copied().skip(n).step_by(lists).collect()).collect()
}

async fn peel_one(asker: &Asker, mut question: Question, kind: Kind) -> Peeled {
    let mut peeled = Peeled { kind, found: Vec::new(), cut: None, complete: false };
    loop {
        let rest = match kind {
            Kind::Suites(_) => &mut question.suites,
            Kind::Groups => &mut question.groups,
        };
        if let Some(last) = peeled.found.last() {
            rest.retain(|code| code != last);
        }
        if rest.is_empty() {
            peeled.complete = true;
            return peeled;
        }
        let outcome = asker.ask(&question).await;
        let chosen = match &outcome {
            Outcome::Refused(_) => {
                peeled.complete = true;
                return peeled;
            }
            Outcome::Cut(moment) => {
                peeled.cut = Some(*moment);
                peeled.complete = true;
                return peeled;
            }
            Outcome::Failed(_) | Outcome::Interrupted(_) | Outcome::NotAsked | Outcome::Spared => {
                return peeled;
            }
            Outcome::Accepted(_) => chosen(&outcome, kind),
        };
        let offered = match kind {
            Kind::Suites(_) => &question.suites,
            Kind::Groups => &question.groups,
        };
        match chosen {
            Some(code) if offered.contains(&code) => peeled.found.push(code),
            // It came down to an older version: this one has nothing more to give.
            None if matches!(kind, Kind::Suites(_)) => {
                peeled.complete = true;
                return peeled;
            }
            _ => return peeled,
        }
    }
}

/// What a server chose of a list.
fn chosen(outcome: &Outcome, kind: Kind) -> Option<u16> {
    match kind {
        Kind::Suites(version) if outcome.version() == Some(wire(version)) => outcome.suite(),
        Kind::Suites(_) => None,
        Kind::Groups => group(outcome).or_else(|| match outcome.flight()?.key_exchange {
            Some(KeyExchange::Curve(code)) => Some(code),
            _ => None,
        }),
    }
}

/// Asks for the suites in reverse: a server that keeps its own order chooses the preferred one all the same.
///
/// Up to TLS 1.2 where that is accepted, for there the choice is larger. Gives the version and what was chosen.
async fn reversed(asker: &Asker, found: &BTreeMap<Version, Option<u16>>) -> Option<(Version, u16)> {
    let old = found.keys().rev().find(|v| (Version::Tls10..=Version::Tls12).contains(v));
    let version = old.or_else(|| found.keys().find(|v| **v == Version::Tls13))?;
    let mut suites = tls::offer(wire(*version), |_| true);
    suites.reverse();
    let outcome = asker.ask(&Question::only(wire(*version)).suites(suites)).await;
    (outcome.version() == Some(wire(*version))).then_some((*version, outcome.suite()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_disjoint_and_whole() {
        let all: Vec<u16> = (0..23).collect();
        let lists = split(&all, 4);
        assert_eq!(lists.len(), 4);
        let mut joined = lists.concat();
        joined.sort_unstable();
        assert_eq!(joined, all);
        assert_eq!(split(&[7], 9), [[7]]);
        assert_eq!(split(&[], 9), [[0u16; 0]; 1]);
    }
}
