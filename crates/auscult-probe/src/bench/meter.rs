//! Counts what goes to a node.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use auscult_facts::Cost;

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
