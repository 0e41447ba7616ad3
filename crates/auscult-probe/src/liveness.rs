//! Asks a node, before, between and after all work, whether it still answers, and stops the work when it does not.

use std::sync::Arc;
use std::time::Duration;

use auscult_facts::Interrupted;
use auscult_facts::liveness::LivenessFacts;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::bench::Pulse;
use crate::{Bound, Limits, NodeBench};

/// Time between two questions while work is done.
const EVERY: Duration = Duration::from_secs(5);

/// Time between a miss and the second question that decides.
const AGAIN: Duration = Duration::from_millis(500);

/// An answer that takes longer than this, and [`SLOWER`] times as long as the first, shows a node in trouble.
const SLOW: Duration = Duration::from_secs(2);

/// See [`SLOW`].
const SLOWER: u32 = 10;

/// Least time to wait for an answer: a lost packet is sent again after one second.
const SHORTEST: Duration = Duration::from_millis(1500);

/// If this program was held up for longer than this meanwhile, what it did not hear says nothing about the node.
const HELD_UP: Duration = Duration::from_millis(500);

/// How often one question is put before it is given up as undecided.
const ATTEMPTS: u32 = 3;

/// Ports that are asked again before they serve the oracle.
const CONFIRMED: usize = 8;

/// How long to look for a port to which no connection of ours is open, before one with a connection is asked.
const UNDISTURBED: Duration = Duration::from_secs(2);

/// How often to look.
const LOOK: Duration = Duration::from_millis(20);

/// The liveness oracle of one node: a TCP connect to ports that were open at the beginning, one after the other.
///
/// It asks every five seconds, when it is told to, and at once when a connect of the work fails on a port that has
/// answered before; the work waits until that is settled. Two misses in a row stop the bench. A port to which our own
/// work holds a connection is left alone where another one is free; what it does not answer meanwhile is no miss,
/// since many devices serve one connection at a time. Nor is what this program did not hear while it was held up itself.
#[derive(Debug)]
pub struct Oracle {
    asking: Arc<Asking>,
    ticker: JoinHandle<()>,
}

impl Oracle {
    /// Begins to ask every five seconds; the first question is the caller's, before any other work.
    ///
    /// Must be called within a Tokio runtime. Without a port it asks nothing.
    pub fn start(bench: NodeBench, ports: Vec<u16>) -> Self {
        let watches = !ports.is_empty();
        if watches {
            bench.watched(true);
        }
        let asking = Arc::new(Asking { bench, ports, watches, memory: Mutex::default() });
        let ticking = Arc::clone(&asking);
        let ticker = tokio::spawn(async move {
            while watches && !ticking.bench.stopped() {
                tokio::select! {
                    () = sleep(EVERY) => {}
                    () = ticking.bench.doubted() => {
                        // A service that starts anew, or serves one after the other, needs a moment.
                        sleep(AGAIN).await;
                        ticking.ask().await;
                        ticking.bench.settle();
                        continue;
                    }
                }
                if ticking.memory.lock().await.asked_at.is_none_or(|at| at.elapsed() >= EVERY) {
                    ticking.ask().await;
                }
            }
        });
        Self { asking, ticker }
    }

    /// Asks now; whether work may go on.
    pub async fn ask(&self) -> bool {
        self.asking.ask().await
    }

    /// Asks one last time and gives what was seen.
    pub async fn finish(self) -> LivenessFacts {
        self.ask().await;
        self.ticker.abort();
        self.asking.memory.lock().await.facts.clone()
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        self.ticker.abort();
        if self.asking.watches {
            self.asking.bench.watched(false);
        }
    }
}

/// Of the ports that a sweep found, those that answer a second time: on the machine of a simulated node, a port that
/// another program has opened for a moment is no sign of the node's life.
pub async fn confirmed(bench: &NodeBench, found: &[u16]) -> Vec<u16> {
    let mut confirmed = Vec::new();
    sleep(AGAIN).await;
    for port in found.iter().copied().take(CONFIRMED) {
        if matches!(bench.connect_oracle(port, bench.limits().connect).await, Ok(Pulse { answer: Ok(_), .. }))
        {
            confirmed.push(port);
        }
    }
    confirmed
}

/// What the oracle may cost at most during the whole time that the limits give a node.
pub fn bound(limits: &Limits) -> Bound {
    // Each question is put at most three times; one before and one after, and one between each two observations, come on
    // top but put off the next by five seconds.
    let questions = limits.budget.time.as_secs() / EVERY.as_secs() + 2;
    let connections = questions * u64::from(ATTEMPTS) + CONFIRMED as u64;
    Bound { connections, packets: connections * 4 }
}

#[derive(Debug)]
struct Asking {
    bench: NodeBench,
    ports: Vec<u16>,
    /// Whether the bench was told that somebody watches.
    watches: bool,
    /// Also makes sure that one question is asked at a time.
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    facts: LivenessFacts,
    /// How long the first answer took.
    first: Option<Duration>,
    asked_at: Option<Instant>,
    turn: usize,
}

impl Asking {
    async fn ask(&self) -> bool {
        let mut memory = self.memory.lock().await;
        if self.bench.stopped() {
            return false;
        }
        let Some(port) = self.next_port(&mut memory).await else { return true };
        let patience = memory.patience(self.bench.limits().connect);
        let mut misses = 0;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                sleep(AGAIN).await;
            }
            let held = self.bench.holds(port);
            let pulse = match self.bench.connect_oracle(port, patience).await {
                Ok(pulse) => pulse,
                Err(Interrupted::SafetyStop) => return false,
                // Neither a spent budget nor a fault of ours says anything about the node.
                Err(_) => return true,
            };
            if pulse.own > HELD_UP && pulse.answer != Err(Interrupted::Closed) {
                memory.facts.held_up += 1;
                continue;
            }
            match pulse.answer {
                Ok(took) => {
                    if memory.answered(took) {
                        return true;
                    }
                }
                Err(_) if misses == 0 && attempt == 0 && (held || self.bench.holds(port)) => {
                    // Our own connection may be the reason; only without it the answer counts.
                    self.released(port, self.bench.limits().observation).await;
                    continue;
                }
                Err(_) => memory.missed(),
            }
            misses += 1;
            if misses == 2 {
                memory.facts.stopped = true;
                self.bench.stop();
                return false;
            }
        }
        // Undecided: it is asked again soon.
        true
    }

    /// Takes turns among the ports, preferring one that no work of ours holds.
    async fn next_port(&self, memory: &mut Memory) -> Option<u16> {
        let count = self.ports.len();
        let turn = memory.turn;
        memory.turn = turn.wrapping_add(1);
        if let Some(doubted) = self.bench.doubt().filter(|port| self.ports.contains(port)) {
            return Some(doubted);
        }
        let mut in_turn = (0..count).filter_map(|i| self.ports.get(turn.wrapping_add(i) % count).copied());
        let first = in_turn.clone().next()?;
        if let Some(free) = in_turn.find(|port| !self.bench.holds(*port)) {
            return Some(free);
        }
        self.released(first, UNDISTURBED).await;
        Some(first)
    }

    async fn released(&self, port: u16, patience: Duration) {
        let _ = timeout(patience, async {
            while self.bench.holds(port) && !self.bench.stopped() {
                sleep(LOOK).await;
            }
        })
        .await;
    }
}

impl Memory {
    /// How long to wait for an answer, by how fast the first one came.
    fn patience(&self, most: Duration) -> Duration {
        self.first.map_or(most, |first| (first * 20).max(SHORTEST).min(most))
    }

    /// Notes an answer; whether it came as fast as can be expected.
    fn answered(&mut self, took: Duration) -> bool {
        self.facts.asked += 1;
        self.asked_at = Some(Instant::now());
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.facts.slowest_millis = self.facts.slowest_millis.max(millis);
        let first = *self.first.get_or_insert(took);
        let degraded = took > SLOW && took > first * SLOWER;
        self.facts.degraded += u64::from(degraded);
        !degraded
    }

    fn missed(&mut self) {
        self.facts.asked += 1;
        self.facts.missed += 1;
        self.asked_at = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_far_slower_than_the_first_is_not_as_expected() {
        let mut memory = Memory::default();
        assert!(memory.answered(Duration::from_millis(3)));
        assert!(memory.answered(Duration::from_millis(1900)), "slow, but not alarming");
        assert!(!memory.answered(Duration::from_millis(2100)));
        assert_eq!((memory.facts.asked, memory.facts.missed, memory.facts.degraded), (3, 0, 1));
        assert_eq!(memory.facts.slowest_millis, 2100);
    }

    #[test]
    fn a_node_that_was_slow_from_the_beginning_is_not_degraded() {
        let mut memory = Memory::default();
        assert!(memory.answered(Duration::from_millis(900)));
        assert!(memory.answered(Duration::from_millis(2900)));
    }
}
