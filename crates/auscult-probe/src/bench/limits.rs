//! How fast and how much: the three paces and the budget of a node.

use std::time::Duration;

use auscult_model::Pace;
use tokio::time::Instant;

/// Upper ends for one node and one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Connections.
    pub connections: u64,
    /// Packets sent.
    pub packets: u64,
    /// Bytes sent above TCP.
    pub bytes_sent: u64,
    /// Bytes received above TCP.
    pub bytes_received: u64,
    /// Time from first to last packet.
    pub time: Duration,
}

/// How fast and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Which pace these limits belong to.
    pub pace: Pace,
    /// Connections open at once.
    pub parallel: usize,
    /// Connections that a sweep of ports may have waiting at once.
    pub sweep: usize,
    /// Least time between two connects; zero where only `parallel` counts.
    pub spacing: Duration,
    /// How long to wait for a connect.
    pub connect: Duration,
    /// How long to wait for an answer.
    pub answer: Duration,
    /// How long one observation of one target may take.
    pub observation: Duration,
    /// Upper ends.
    pub budget: Budget,
}

/// Bytes that one run may take in from one node: a device that never stops talking is cut off here.
const RECEIVED: u64 = 64 << 20;

impl Limits {
    /// The limits of a pace: ward 2 connections a second and 1 open, bench 10 and 4.
    ///
    /// The budget of connections is that of the work (a full sweep with ports asked again takes 74,751) and one
    /// oracle connect each five seconds of the time.
    pub fn of(pace: Pace) -> Self {
        let (parallel, sweep, spacing, connections, minutes) = match pace {
            Pace::Ward => (1, 1, Duration::from_millis(520), 700, 30),
            Pace::Bench => (4, 4, Duration::from_millis(102), 82_000, 180),
            Pace::Laboratory => (16, 1024, Duration::ZERO, 82_000, 30),
        };
        Self {
            pace,
            parallel,
            sweep,
            spacing,
            connect: Duration::from_secs(3),
            answer: Duration::from_secs(4),
            observation: Duration::from_secs(if pace == Pace::Laboratory { 30 } else { 120 }),
            budget: Budget {
                connections,
                packets: connections * 20,
                bytes_sent: 16 << 20,
                bytes_received: RECEIVED,
                time: Duration::from_secs(minutes * 60),
            },
        }
    }
}

/// Gives out turns no faster than the spacing.
#[derive(Debug)]
pub(crate) struct Pacer {
    spacing: Duration,
    next: Option<Instant>,
    end: Duration,
}

impl Pacer {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { spacing: limits.spacing, next: None, end: limits.budget.time }
    }

    /// Waits for the next turn.
    pub(crate) async fn turn(&mut self) {
        if self.spacing.is_zero() {
            return;
        }
        if let Some(next) = self.next {
            tokio::time::sleep_until(next).await;
        }
        self.next = Some(Instant::now() + self.spacing.min(self.end));
    }
}
