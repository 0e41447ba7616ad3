//! Counts what goes to a node, and measures how long this program holds itself up.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use auscult_facts::Cost;
use tokio::time::{Instant, sleep_until};

/// Packets of opening and closing one connection that we send: SYN, ACK, FIN, last ACK.
const PACKETS_PER_CONNECTION: u64 = 4;

/// Smallest segment counted as one packet, in bytes: below any path's real segment size.
const SEGMENT: u64 = 500;

/// Packets counted for one datagram sent.
pub(crate) const DATAGRAM: u64 = 2;

/// Counters that only grow.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    connections: AtomicU64,
    packets: AtomicU64,
    sent: AtomicU64,
    received: AtomicU64,
}

impl Meter {
    pub(crate) fn opened(&self) {
        self.connections.fetch_add(1, Relaxed);
        self.packets.fetch_add(PACKETS_PER_CONNECTION, Relaxed);
    }

    pub(crate) fn sent(&self, bytes: u64) {
        self.sent.fetch_add(bytes, Relaxed);
        self.packets.fetch_add(1 + bytes / SEGMENT, Relaxed);
    }

    /// Received bytes cost acknowledgements.
    pub(crate) fn received(&self, bytes: u64) {
        self.received.fetch_add(bytes, Relaxed);
        self.packets.fetch_add(1 + bytes / SEGMENT, Relaxed);
    }

    /// One datagram sent, and the message with which our own machine may turn down an answer that comes too late.
    pub(crate) fn datagram(&self, bytes: u64) {
        self.sent.fetch_add(bytes, Relaxed);
        self.packets.fetch_add(DATAGRAM, Relaxed);
    }

    /// One datagram received, which is answered by nothing.
    pub(crate) fn heard(&self, bytes: u64) {
        self.received.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn cost(&self) -> Cost {
        Cost {
            connections: self.connections.load(Relaxed),
            packets: self.packets.load(Relaxed),
            bytes_sent: self.sent.load(Relaxed),
            bytes_received: self.received.load(Relaxed),
            millis: 0,
        }
    }
}

/// How often to look at the clock while something is waited for.
const TICK: Duration = Duration::from_millis(20);

/// Waits for something, and says for how long of that time this program did not come to run when it should have.
pub(crate) async fn own_delay<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let mut work = pin!(work);
    let mut own = Duration::ZERO;
    loop {
        let due = Instant::now() + TICK;
        let done = tokio::select! {
            biased;
            done = &mut work => Some(done),
            () = sleep_until(due) => None,
        };
        // The clock of the runtime is a millisecond late by itself.
        own += Instant::now().saturating_duration_since(due).saturating_sub(TICK / 4);
        if let Some(done) = done {
            return (done, own);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn time_that_the_program_was_held_up_is_told_apart_from_waiting() {
        let ((), waiting) = own_delay(tokio::time::sleep(Duration::from_millis(60))).await;
        let held_up = async {
            tokio::time::sleep(Duration::from_millis(30)).await;
            // As if another program had the processor.
            std::thread::sleep(Duration::from_millis(400));
        };
        let ((), held_up) = own_delay(held_up).await;
        assert!(held_up > Duration::from_millis(300), "{held_up:?}");
        assert!(held_up > waiting, "{waiting:?}");
    }
}
