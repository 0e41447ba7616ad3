//! Finds the TCP ports of a node that answer: a connect sweep that goes as fast as it is answered and loses none.
//!
//! Ports that stay silent are asked again, fewer at once and for longer, before they count as filtered; as long as
//! asking again finds ports that haste had lost, there is another round.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use auscult_facts::Interrupted;
use auscult_facts::ports::{PortState, PortsFacts};
use auscult_model::{Impact, Pace};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::Bound;
use crate::bench::{Knock, NodeBench};

/// All TCP ports.
pub const EVERY_PORT: (u16, u16) = (1, 65_535);

/// Silent ports asked again in one sweep, over all rounds: a host that drops everything would double the work.
const ASKED_AGAIN: usize = 8192;

/// Ports asked first beside the declared ones: a host that leaves all of them without an answer of any kind counts as
/// unreachable, since a sweep of it would take hours and show nothing but silence.
const OPENING: usize = 256;

/// Ports asked again on such a host.
const OPENING_AGAIN: usize = 64;

/// Open ports of this very machine that are confirmed by a second connect.
const CONFIRMED: usize = 1024;

/// Connects waiting at the start; each that ends lets one more wait, as a TCP window grows.
const AT_THE_START: usize = 64;

/// How long a silent port is waited for once others have answered: the kernel asks again after one second, so that a
/// lost packet is made good within this time on a path that answers within 100 ms.
const HASTY: Duration = Duration::from_millis(1200);

/// Connects that a sweep waits for may take this share of the process's file descriptors.
static SOCKETS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(descriptors()));

/// Asks ports whether they accept a connection.
///
/// The whole of `ranges` is asked from [`Impact::Safe`] upwards and not at the ward's pace; otherwise only the
/// declared ports, which come first in any case. Where the work is stopped midway, `asked` says how far it came.
///
/// # Errors
/// What came in between when not one port could be asked; `Unreachable` when none answered.
pub async fn sweep(
    bench: &NodeBench,
    ranges: &[(u16, u16)],
    declared: &BTreeSet<u16>,
) -> Result<PortsFacts, Interrupted> {
    let mut wanted: Vec<u16> = declared.iter().copied().filter(|port| *port != 0).collect();
    if reaches_beyond(bench.allowed(), bench.limits().pace) {
        let others: BTreeSet<u16> = ranges.iter().flat_map(|(from, to)| (*from).max(1)..=*to).collect();
        wanted.extend(others.into_iter().filter(|port| !declared.contains(port)));
    }
    if wanted.is_empty() {
        return Ok(PortsFacts::default());
    }
    let mut sweep = Sweep {
        bench,
        declared: Arc::new(declared.clone()),
        heard: BTreeMap::new(),
        slowest: None,
        halted: None,
    };
    sweep.ask(wanted).await;
    sweep.facts()
}

/// What a sweep may cost at most.
pub fn bound(allowed: Impact, pace: Pace, declared_count: usize) -> Bound {
    if allowed < Impact::Touch {
        return Bound::default();
    }
    let ports = if reaches_beyond(allowed, pace) { 65_535 } else { declared_count };
    let connections = (ports + asked_again(ports) + ports.min(CONFIRMED)) as u64;
    Bound { connections, packets: connections * 4 }
}

/// How many connects a sweep of that many ports may spend on asking again.
fn asked_again(ports: usize) -> usize {
    ports.saturating_mul(2).min(ASKED_AGAIN)
}

fn reaches_beyond(allowed: Impact, pace: Pace) -> bool {
    allowed >= Impact::Safe && pace != Pace::Ward
}

struct Sweep<'a> {
    bench: &'a NodeBench,
    declared: Arc<BTreeSet<u16>>,
    heard: BTreeMap<u16, Knock>,
    /// Slowest answer so far, in microseconds; `None` as long as there was none.
    slowest: Option<u64>,
    halted: Option<Interrupted>,
}

impl Sweep<'_> {
    async fn ask(&mut self, mut wanted: Vec<u16>) {
        let limits = self.bench.limits().clone();
        let mut left = asked_again(wanted.len());
        let rest = wanted.split_off(wanted.len().min(self.declared.len() + OPENING));
        self.round(wanted, limits.sweep, limits.connect).await;
        if !self.answered() {
            let again: Vec<u16> = self.silent().into_iter().take(OPENING_AGAIN.min(left)).collect();
            left -= again.len();
            self.round(again, limits.sweep, limits.connect).await;
            if !self.answered() {
                return;
            }
        }
        self.round(rest, limits.sweep, HASTY).await;
        let mut window = limits.sweep;
        loop {
            window = (window / 8).max(1);
            let again: Vec<u16> = self.silent().into_iter().take(left).collect();
            left -= again.len();
            if self.round(again, window, limits.connect).await == 0 {
                break;
            }
        }
        let own: Vec<u16> = self
            .heard
            .iter()
            .filter(|(_, knock)| **knock == Knock::Open { own: true })
            .map(|(port, _)| *port)
            .collect();
        if own.len() <= CONFIRMED {
            // Two connects of a sweep of this machine can meet each other: each chose the other's target as its own
            // port. Asked one after the other they cannot.
            self.round(own, 1, limits.connect).await;
        }
    }

    /// Asks ports, at most `window` at once; gives how many answered.
    async fn round(&mut self, ports: Vec<u16>, window: usize, hasty: Duration) -> usize {
        if self.halted.is_some() || ports.is_empty() {
            return 0;
        }
        let workers = window.min(ports.len()).max(1);
        let round = Arc::new(Round {
            bench: self.bench.clone(),
            declared: Arc::clone(&self.declared),
            ports,
            hasty,
            next: AtomicUsize::new(0),
            answered: AtomicUsize::new(0),
            heard_before: self.slowest.is_some(),
            slowest: AtomicU64::new(self.slowest.unwrap_or(0)),
            gate: Semaphore::new(AT_THE_START),
            halted: OnceLock::new(),
        });
        let mut working = JoinSet::new();
        for _ in 0..workers {
            working.spawn(Arc::clone(&round).work());
        }
        while let Some(done) = working.join_next().await {
            match done {
                Ok(heard) => self.heard.extend(heard),
                Err(_) => self.halted = Some(Interrupted::InstrumentFault),
            }
        }
        self.halted = self.halted.or(round.halted.get().copied());
        let answered = round.answered.load(Relaxed);
        if answered > 0 {
            self.slowest = Some(round.slowest.load(Relaxed));
        }
        answered
    }

    fn answered(&self) -> bool {
        self.heard.values().any(|knock| matches!(knock, Knock::Open { .. } | Knock::Closed))
    }

    /// Ports without an answer, declared ones first.
    fn silent(&self) -> Vec<u16> {
        let mut silent: Vec<u16> = self
            .heard
            .iter()
            .filter(|(_, knock)| matches!(knock, Knock::Silent | Knock::Fault))
            .map(|(port, _)| *port)
            .collect();
        silent.sort_by_key(|port| !self.declared.contains(port));
        silent
    }

    fn facts(mut self) -> Result<PortsFacts, Interrupted> {
        let faults = self.heard.len();
        self.heard.retain(|_, knock| *knock != Knock::Fault);
        if self.heard.is_empty() {
            let fault = (faults > 0).then_some(Interrupted::InstrumentFault);
            return Err(self.halted.or(fault).unwrap_or(Interrupted::InstrumentFault));
        }
        if !self.answered() {
            return Err(self.halted.unwrap_or(Interrupted::Unreachable));
        }
        let mut facts = PortsFacts { asked: ranges(self.heard.keys().copied()), ..PortsFacts::default() };
        for (port, knock) in self.heard {
            let state = match knock {
                Knock::Open { .. } => PortState::Open,
                Knock::Closed => PortState::Closed,
                Knock::Silent | Knock::Fault => PortState::Filtered,
            };
            match state {
                PortState::Open => {}
                PortState::Closed => facts.closed += 1,
                PortState::Filtered => facts.filtered += 1,
            }
            if state == PortState::Open || self.declared.contains(&port) {
                facts.states.insert(port, state);
            }
        }
        Ok(facts)
    }
}

/// Ports asked side by side.
struct Round {
    bench: NodeBench,
    declared: Arc<BTreeSet<u16>>,
    ports: Vec<u16>,
    hasty: Duration,
    next: AtomicUsize,
    answered: AtomicUsize,
    /// Whether an earlier round was answered.
    heard_before: bool,
    /// Slowest answer so far, in microseconds.
    slowest: AtomicU64,
    gate: Semaphore,
    halted: OnceLock<Interrupted>,
}

impl Round {
    /// Asks one port after the other until none is left.
    async fn work(self: Arc<Self>) -> Vec<(u16, Knock)> {
        let mut heard = Vec::new();
        let Ok(place) = self.gate.acquire().await else { return heard };
        // It stays taken; each port that is done adds one for the next worker.
        place.forget();
        let Ok(_socket) = SOCKETS.acquire().await else { return heard };
        while let Some(port) = self.ports.get(self.next.fetch_add(1, Relaxed)).copied() {
            let step = if self.declared.contains(&port) { Impact::Touch } else { Impact::Safe };
            let asked = Instant::now();
            match self.bench.knock(port, step, self.patience()).await {
                Err(why) => {
                    let _ = self.halted.set(why);
                    break;
                }
                Ok(knock) => {
                    if matches!(knock, Knock::Open { .. } | Knock::Closed) {
                        self.answered.fetch_add(1, Relaxed);
                        let micros = u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX);
                        self.slowest.fetch_max(micros, Relaxed);
                    }
                    heard.push((port, knock));
                }
            }
            self.gate.add_permits(1);
        }
        self.next.store(self.ports.len(), Relaxed);
        self.gate.close();
        heard
    }

    /// How long to wait for an answer: in full as long as nothing has answered, and wherever answers are slow.
    fn patience(&self) -> Duration {
        let full = self.bench.limits().connect;
        if !self.heard_before && self.answered.load(Relaxed) == 0 {
            return full;
        }
        let slowest = Duration::from_micros(self.slowest.load(Relaxed));
        (self.hasty + slowest.saturating_mul(2)).min(full)
    }
}

/// Numbers in ascending order as inclusive ranges.
fn ranges(ports: impl Iterator<Item = u16>) -> Vec<(u16, u16)> {
    let mut ranges: Vec<(u16, u16)> = Vec::new();
    for port in ports {
        match ranges.last_mut() {
            Some((_, to)) if to.checked_add(1) == Some(port) => *to = port,
            _ => ranges.push((port, port)),
        }
    }
    ranges
}

/// File descriptors that sweeps may use, of those that the system lets this process have.
fn descriptors() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft = limits.lines().find_map(|line| {
        line.strip_prefix("Max open files")?.split_whitespace().next()?.parse::<usize>().ok()
    });
    // Some are left for the case file and the other connections.
    soft.map_or(512, |soft| soft.saturating_sub(256).clamp(64, 4096))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_ranges() {
        assert_eq!(ranges([1, 2, 3, 7, 65_534, 65_535].into_iter()), [(1, 3), (7, 7), (65_534, 65_535)]);
    }

    #[test]
    fn the_bound_follows_what_is_allowed() {
        assert_eq!(bound(Impact::Passive, Pace::Laboratory, 3), Bound::default());
        assert_eq!(bound(Impact::Touch, Pace::Laboratory, 3).connections, 12);
        assert_eq!(bound(Impact::Safe, Pace::Ward, 3).connections, 12);
        assert_eq!(bound(Impact::Safe, Pace::Bench, 3).connections, 65_535 + 8192 + 1024);
    }
}
