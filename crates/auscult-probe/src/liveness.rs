//! Asks a node, before, between and after all work, whether it still answers, and stops the work when it does not.

use std::sync::Arc;
use std::time::Duration;

use auscult_facts::Interrupted;
use auscult_facts::liveness::LivenessFacts;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::{Bound, Limits, NodeBench};

/// Time between two questions while work is done.
const EVERY: Duration = Duration::from_secs(5);

/// Time between a miss and the second question that decides.
const AGAIN: Duration = Duration::from_millis(500);

/// An answer that takes longer than this, and [`SLOWER`] times as long as the first, shows a node in trouble.
const SLOW: Duration = Duration::from_secs(2);

/// See [`SLOW`].
const SLOWER: u32 = 10;

/// How long to look for a port to which no connection of ours is open, before one with a connection is asked.
const UNDISTURBED: Duration = Duration::from_secs(2);

/// How often to look.
const LOOK: Duration = Duration::from_millis(20);

/// The liveness oracle of one node: a TCP connect to ports that were open at the beginning, one after the other.
///
/// Two misses in a row stop the bench. A port to which our own work holds a connection is left alone where another
/// one is free; what it does not answer meanwhile is no miss, since many devices serve one connection at a time.
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
        let asking = Arc::new(Asking { bench, ports, memory: Mutex::default() });
        let ticking = Arc::clone(&asking);
        let ticker = tokio::spawn(async move {
            while !ticking.ports.is_empty() && !ticking.bench.stopped() {
                sleep(EVERY).await;
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
    }
}

/// What the oracle may cost at most during the whole time that the limits give a node.
pub fn bound(limits: &Limits) -> Bound {
    // Each question is asked at most three times; one before and one after, and one between each two observations, come on
    // top but put off the next by five seconds.
    let questions = limits.budget.time.as_secs() / EVERY.as_secs() + 2;
    Bound { connections: questions * 3, packets: questions * 12 }
}

#[derive(Debug)]
struct Asking {
    bench: NodeBench,
    ports: Vec<u16>,
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
        let mut missed = false;
        let mut disturbed = false;
        loop {
            let held = self.bench.holds(port);
            let lives = match self.bench.connect_oracle(port).await {
                Ok(took) => memory.answered(took),
                Err(Interrupted::SafetyStop) => return false,
                Err(Interrupted::Closed | Interrupted::Unreachable | Interrupted::AccessRefused) => {
                    if !disturbed && (held || self.bench.holds(port)) {
                        // Our own connection may be the reason; only without it the answer counts.
                        disturbed = true;
                        self.released(port, self.bench.limits().observation).await;
                        sleep(AGAIN).await;
                        continue;
                    }
                    memory.missed();
                    false
                }
                // Neither a spent budget nor a fault of ours says anything about the node.
                Err(_) => return true,
            };
            if lives {
                return true;
            }
            if missed {
                break;
            }
            missed = true;
            sleep(AGAIN).await;
        }
        memory.facts.stopped = true;
        self.bench.stop();
        false
    }

    /// Takes turns among the ports, preferring one that no work of ours holds.
    async fn next_port(&self, memory: &mut Memory) -> Option<u16> {
        let count = self.ports.len();
        let turn = memory.turn;
        memory.turn = turn.wrapping_add(1);
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
