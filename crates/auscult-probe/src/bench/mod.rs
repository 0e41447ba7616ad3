//! The bench on which one node lies: what is allowed, how fast, how much, and when to stop.

mod limits;
mod meter;
mod secure;
mod wire;

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use auscult_facts::{Cost, Interrupted};
use auscult_model::{Impact, NodeId};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

pub use limits::{Budget, Limits};
pub use secure::{Peer, Session, stranger};
pub use wire::Wire;

use meter::Meter;

/// What the scenario allows on one node.
#[derive(Clone, Debug)]
pub struct Permit {
    /// The node.
    pub node: NodeId,
    /// The only address that is ever spoken to.
    pub address: IpAddr,
    /// Roughest step allowed.
    pub impact: Impact,
    /// TCP ports that the scenario declares; others need at least `safe`.
    pub declared: BTreeSet<u16>,
    /// How fast and how much.
    pub limits: Limits,
}

/// The door to one node. Clones share the same budget.
#[derive(Clone, Debug)]
pub struct NodeBench {
    shared: Arc<Shared>,
    /// Counts what goes through this handle alone.
    meter: Arc<Meter>,
}

#[derive(Debug)]
struct Shared {
    permit: Permit,
    total: Meter,
    open: Arc<Semaphore>,
    pace: tokio::sync::Mutex<limits::Pacer>,
    stopped: AtomicBool,
}

impl NodeBench {
    /// A bench for one node.
    pub fn new(permit: Permit) -> Self {
        let shared = Shared {
            open: Arc::new(Semaphore::new(permit.limits.parallel)),
            pace: tokio::sync::Mutex::new(limits::Pacer::new(&permit.limits)),
            total: Meter::default(),
            stopped: AtomicBool::new(false),
            permit,
        };
        Self { shared: Arc::new(shared), meter: Arc::default() }
    }

    /// The same bench with a counter of its own, so that one observation knows what it cost.
    #[must_use]
    pub fn metered(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), meter: Arc::default() }
    }

    /// Roughest step allowed.
    pub fn allowed(&self) -> Impact {
        self.shared.permit.impact
    }

    /// Address of the node.
    pub fn address(&self) -> IpAddr {
        self.shared.permit.address
    }

    /// The limits that are kept.
    pub fn limits(&self) -> &Limits {
        &self.shared.permit.limits
    }

    /// What went through this handle.
    pub fn cost(&self) -> Cost {
        self.meter.cost()
    }

    /// What went to the node in all.
    pub fn total(&self) -> Cost {
        self.shared.total.cost()
    }

    /// Sends nothing more to this node.
    pub fn stop(&self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.shared.open.close();
    }

    /// Whether it was stopped.
    pub fn stopped(&self) -> bool {
        self.shared.stopped.load(Ordering::SeqCst)
    }

    /// Whether a step may be taken on a port now.
    ///
    /// # Errors
    /// `NotAuthorised`, `BudgetSpent` or `SafetyStop`.
    pub fn may(&self, port: u16, step: Impact) -> Result<(), Interrupted> {
        let permit = &self.shared.permit;
        if self.stopped() {
            return Err(Interrupted::SafetyStop);
        }
        let undeclared = !permit.declared.contains(&port);
        if step > permit.impact || step == Impact::Passive || (undeclared && permit.impact < Impact::Safe) {
            return Err(Interrupted::NotAuthorised);
        }
        let spent = self.shared.total.cost();
        let budget = &permit.limits.budget;
        if spent.connections >= budget.connections
            || spent.packets >= budget.packets
            || spent.bytes_received >= budget.bytes_received
            || spent.bytes_sent >= budget.bytes_sent
        {
            return Err(Interrupted::BudgetSpent);
        }
        Ok(())
    }

    /// Opens a TCP connection to a port of the node.
    ///
    /// Waits for its turn (pace, connections open at once). The connection counts towards the budget whether or
    /// not it succeeds. One that meets itself on loopback counts as closed.
    ///
    /// # Errors
    /// As [`may`](Self::may); `Closed` when refused, `Unreachable` when nothing answers in time.
    pub async fn connect(&self, port: u16, step: Impact) -> Result<Wire, Interrupted> {
        self.may(port, step)?;
        let place =
            Arc::clone(&self.shared.open).acquire_owned().await.map_err(|_| Interrupted::SafetyStop)?;
        self.shared.pace.lock().await.turn().await;
        self.may(port, step)?;
        self.count(|m| m.opened());
        let to = SocketAddr::new(self.address(), port);
        let stream = match tokio::time::timeout(self.limits().connect, TcpStream::connect(to)).await {
            Err(_) => return Err(Interrupted::Unreachable),
            Ok(Err(e)) => return Err(wire::why_not(&e)),
            Ok(Ok(stream)) => stream,
        };
        if stream.local_addr().ok() == stream.peer_addr().ok() {
            return Err(Interrupted::Closed);
        }
        let _ = stream.set_nodelay(true);
        Ok(Wire::new(stream, self.clone(), place))
    }

    /// How long to wait for an answer to a question.
    pub fn patience(&self) -> Duration {
        self.limits().answer
    }

    fn count(&self, what: impl Fn(&Meter)) {
        what(&self.meter);
        what(&self.shared.total);
    }

    fn received_left(&self) -> u64 {
        self.limits().budget.bytes_received.saturating_sub(self.shared.total.cost().bytes_received)
    }
}
