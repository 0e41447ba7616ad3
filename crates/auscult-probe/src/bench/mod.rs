//! The bench on which one node lies: what is allowed, how fast, how much, and when to stop.

mod datagram;
mod limits;
mod meter;
mod secure;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use auscult_facts::{Cost, Interrupted};
use auscult_model::{Impact, NodeId};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::Instant;

pub(crate) use datagram::Replies;
pub use limits::{Budget, Limits};
pub use secure::{Peer, Session, stranger};
pub(crate) use wire::Tap;
pub use wire::Wire;

pub(crate) use meter::DATAGRAM;
use meter::Meter;
use wire::Place;

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
    /// Places for work.
    open: Arc<Semaphore>,
    /// The place kept free for the liveness oracle; `None` where only one connection may be open in all.
    oracle: Option<Arc<Semaphore>>,
    pace: tokio::sync::Mutex<limits::Pacer>,
    /// UDP ports that the scenario declares; others need at least `safe`.
    datagrams: OnceLock<BTreeSet<u16>>,
    /// How many connections of ours each port holds.
    held: Mutex<BTreeMap<u16, u32>>,
    /// When the first packet went out.
    began: OnceLock<Instant>,
    stopped: AtomicBool,
}

/// What came of a connect that was closed again at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Knock {
    /// Accepted; `own` when both ends are on this machine.
    Open { own: bool },
    /// Refused, or met itself.
    Closed,
    /// No answer in time, or an unreachable message.
    Silent,
    /// The instrument had no socket or no local port left.
    Fault,
}

impl NodeBench {
    /// A bench for one node.
    pub fn new(permit: Permit) -> Self {
        let parallel = permit.limits.parallel.max(1);
        let reserved = usize::from(parallel > 1);
        let shared = Shared {
            open: Arc::new(Semaphore::new(parallel - reserved)),
            oracle: (reserved > 0).then(|| Arc::new(Semaphore::new(reserved))),
            held: Mutex::default(),
            datagrams: OnceLock::new(),
            began: OnceLock::new(),
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
        if let Some(oracle) = &self.shared.oracle {
            oracle.close();
        }
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
        self.may_at(self.shared.permit.declared.contains(&port), step)
    }

    /// Whether a step may be taken now, on a port that is declared or not.
    fn may_at(&self, declared: bool, step: Impact) -> Result<(), Interrupted> {
        let permit = &self.shared.permit;
        if self.stopped() {
            return Err(Interrupted::SafetyStop);
        }
        if step > permit.impact || step == Impact::Passive || (!declared && permit.impact < Impact::Safe) {
            return Err(Interrupted::NotAuthorised);
        }
        let spent = self.shared.total.cost();
        let budget = &permit.limits.budget;
        if spent.connections >= budget.connections
            || spent.packets >= budget.packets
            || spent.bytes_received >= budget.bytes_received
            || spent.bytes_sent >= budget.bytes_sent
            || self.shared.began.get().is_some_and(|began| began.elapsed() >= budget.time)
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
        let place = self.place(&self.shared.open).await?;
        let (stream, place) = self.open(port, step, place).await?;
        let _ = stream.set_nodelay(true);
        Ok(Wire::new(stream, self.clone(), place))
    }

    /// Opens a TCP connection for the liveness oracle, closes it again and says how long the answer took.
    ///
    /// It has a place of its own, so that it is answered while all others are busy; where only one connection may
    /// be open in all, it waits for its turn.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn connect_oracle(&self, port: u16) -> Result<Duration, Interrupted> {
        self.may(port, Impact::Touch)?;
        let place = self.place(self.shared.oracle.as_ref().unwrap_or(&self.shared.open)).await?;
        self.shared.pace.lock().await.turn().await;
        self.may(port, Impact::Touch)?;
        let asked = Instant::now();
        let knock = self.reach(port, self.limits().connect).await;
        drop(place);
        match knock {
            Knock::Open { .. } => Ok(asked.elapsed()),
            Knock::Closed => Err(Interrupted::Closed),
            Knock::Silent => Err(Interrupted::Unreachable),
            Knock::Fault => Err(Interrupted::InstrumentFault),
        }
    }

    /// Whether a connection of ours, the oracle's aside, is open to a port.
    pub fn holds(&self, port: u16) -> bool {
        self.shared.held.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&port)
    }

    /// Connects to a port and closes at once, without abort: what a sweep does.
    ///
    /// A paced bench gives out its places for it one by one; at laboratory pace the sweep keeps its own count.
    ///
    /// # Errors
    /// As [`may`](Self::may).
    pub(crate) async fn knock(
        &self,
        port: u16,
        step: Impact,
        patience: Duration,
    ) -> Result<Knock, Interrupted> {
        self.may(port, step)?;
        if self.limits().spacing.is_zero() {
            return Ok(self.reach(port, patience).await);
        }
        let _place = self.place(&self.shared.open).await?;
        self.shared.pace.lock().await.turn().await;
        self.may(port, step)?;
        Ok(self.reach(port, patience).await)
    }

    async fn place(&self, places: &Arc<Semaphore>) -> Result<tokio::sync::OwnedSemaphorePermit, Interrupted> {
        Arc::clone(places).acquire_owned().await.map_err(|_| Interrupted::SafetyStop)
    }

    async fn open(
        &self,
        port: u16,
        step: Impact,
        permit: tokio::sync::OwnedSemaphorePermit,
    ) -> Result<(TcpStream, Place), Interrupted> {
        self.shared.pace.lock().await.turn().await;
        self.may(port, step)?;
        let place = Place::take(self, port, permit);
        match self.dial_tcp(port, self.limits().connect).await {
            None => Err(Interrupted::Unreachable),
            Some(Err(e)) => Err(wire::why_not(&e)),
            Some(Ok(stream)) if meets_itself(&stream) => Err(Interrupted::Closed),
            Some(Ok(stream)) => Ok((stream, place)),
        }
    }

    async fn reach(&self, port: u16, patience: Duration) -> Knock {
        match self.dial_tcp(port, patience).await {
            None => Knock::Silent,
            Some(Ok(stream)) if meets_itself(&stream) => Knock::Closed,
            Some(Ok(stream)) => {
                let ends = (stream.local_addr().map(|a| a.ip()), stream.peer_addr().map(|a| a.ip()));
                Knock::Open { own: matches!(ends, (Ok(here), Ok(there)) if here == there) }
            }
            Some(Err(e)) => match wire::why_not(&e) {
                Interrupted::Closed | Interrupted::AccessRefused => Knock::Closed,
                Interrupted::Unreachable => Knock::Silent,
                _ => Knock::Fault,
            },
        }
    }

    /// The only place where a connection is made; it counts whatever comes of it.
    async fn dial_tcp(&self, port: u16, patience: Duration) -> Option<std::io::Result<TcpStream>> {
        self.shared.began.get_or_init(Instant::now);
        self.count(|m| m.opened());
        let to = SocketAddr::new(self.address(), port);
        tokio::time::timeout(patience, TcpStream::connect(to)).await.ok()
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

/// On one machine a connect to a free port of the ephemeral range can choose that very port as its own.
fn meets_itself(stream: &TcpStream) -> bool {
    match (stream.local_addr(), stream.peer_addr()) {
        (Ok(here), Ok(there)) => here == there,
        // A connection that is gone before it can be looked at was no service.
        _ => true,
    }
}
