//! The bench on which one node lies: what is allowed, how fast, how much, and when to stop.

mod datagram;
mod limits;
mod meter;
mod secure;
mod signs;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use auscult_facts::{Cost, Interrupted};
use auscult_model::{Impact, NodeId, Pace};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::Instant;

pub(crate) use datagram::Replies;
pub use limits::{Budget, Limits};
pub(crate) use secure::refused_for_version;
pub use secure::{Noted, Peer, Session, stranger};
pub(crate) use wire::Tap;
pub use wire::Wire;

pub(crate) use meter::DATAGRAM;
use meter::Meter;
use signs::Signs;
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
    /// What connects say about the node.
    signs: Signs,
    /// Ports that asked for a newer version of TLS than the one that fragile devices are offered.
    newer: Mutex<BTreeSet<u16>>,
    /// When the first packet went out.
    began: OnceLock<Instant>,
    stopped: AtomicBool,
}

/// What came of a connect that was closed again at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Knock {
    /// Accepted, and perhaps reset since; `own` when both ends are on this machine.
    Open { own: bool },
    /// Refused, or met itself.
    Closed,
    /// No answer in time, or an unreachable message.
    Silent,
    /// The instrument had no socket or no local port left.
    Fault,
}

/// What a question of the liveness oracle gave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pulse {
    /// How long the answer took, our own delay aside; `Closed` or `Unreachable` without one.
    pub(crate) answer: Result<Duration, Interrupted>,
    /// How long this program was held up meanwhile: what it did not hear then is not the node's fault.
    pub(crate) own: Duration,
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
            signs: Signs::default(),
            newer: Mutex::default(),
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
        self.shared.signs.settle();
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
    /// Waits for its turn (pace, connections open at once), and while it is in doubt whether the node still answers.
    /// The connection counts towards the budget whether or not it succeeds. One that meets itself on loopback counts
    /// as closed.
    ///
    /// # Errors
    /// As [`may`](Self::may); `Closed` when refused, `Unreachable` when nothing answers in time.
    pub async fn connect(&self, port: u16, step: Impact) -> Result<Wire, Interrupted> {
        self.may(port, step)?;
        self.shared.signs.settled().await;
        let place = self.place(&self.shared.open).await?;
        self.connect_from(place, port, step).await
    }

    /// As [`connect`](Self::connect), for one exchange that is over within [`patience`](Self::patience): it may be
    /// made from the place of the liveness oracle as long as that one does not need it.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub(crate) async fn connect_briefly(&self, port: u16, step: Impact) -> Result<Wire, Interrupted> {
        self.may(port, step)?;
        self.shared.signs.settled().await;
        let own = || Arc::clone(&self.shared.open).try_acquire_owned().ok();
        // While the oracle waits for its place, nobody else is given it.
        let lent =
            || self.shared.oracle.as_ref().and_then(|place| Arc::clone(place).try_acquire_owned().ok());
        let place = match own().or_else(lent) {
            Some(place) => place,
            None => self.place(&self.shared.open).await?,
        };
        self.connect_from(place, port, step).await
    }

    async fn connect_from(
        &self,
        place: tokio::sync::OwnedSemaphorePermit,
        port: u16,
        step: Impact,
    ) -> Result<Wire, Interrupted> {
        let (stream, place) = self.open(port, step, place).await?;
        let _ = stream.set_nodelay(true);
        Ok(Wire::new(stream, self.clone(), place))
    }

    /// Opens a TCP connection for the liveness oracle, closes it again and says what came of it.
    ///
    /// It has a place of its own, so that it is answered while all others are busy; where only one connection may
    /// be open in all, it waits for its turn.
    ///
    /// # Errors
    /// As [`may`](Self::may), or `InstrumentFault`.
    pub(crate) async fn connect_oracle(&self, port: u16, patience: Duration) -> Result<Pulse, Interrupted> {
        self.may(port, Impact::Touch)?;
        let place = self.place(self.shared.oracle.as_ref().unwrap_or(&self.shared.open)).await?;
        self.shared.pace.lock().await.turn().await;
        self.may(port, Impact::Touch)?;
        let asked = Instant::now();
        let (dialled, own) = meter::own_delay(self.dial_tcp(port, patience)).await;
        let took = asked.elapsed().saturating_sub(own);
        let knock = self.reached(dialled).await;
        drop(place);
        let answer = match knock {
            Knock::Open { .. } => Ok(took),
            Knock::Closed => Err(Interrupted::Closed),
            Knock::Silent => Err(Interrupted::Unreachable),
            Knock::Fault => return Err(Interrupted::InstrumentFault),
        };
        Ok(Pulse { answer, own })
    }

    /// Waits until a port that answered before no longer does.
    pub(crate) async fn doubted(&self) {
        self.shared.signs.doubted().await;
    }

    /// The port that is in doubt.
    pub(crate) fn doubt(&self) -> Option<u16> {
        self.shared.signs.doubt()
    }

    /// The doubt is over, one way or the other.
    pub(crate) fn settle(&self) {
        self.shared.signs.settle();
    }

    /// An oracle begins to watch, or ends: only then does a doubt hold up the work.
    pub(crate) fn watched(&self, begins: bool) {
        self.shared.signs.watched(begins);
    }

    /// Whether the node is to be treated as one that may fall over what it does not know.
    ///
    /// So is every node at the ward's pace, until the scenario authorises logins and more. It is asked only what it is
    /// declared to speak, by callers that it can be expected to know, in connections that end in order.
    pub(crate) fn gentle(&self) -> bool {
        self.limits().pace == Pace::Ward && self.allowed() < Impact::Intrusive
    }

    /// Whether a port is offered TLS 1.2 and older versions only: some devices fall over the hello of TLS 1.3.
    ///
    /// One that refuses TLS 1.2 for its version speaks of a newer one, and is offered it.
    pub(crate) fn offers_old_tls_only(&self, port: u16) -> bool {
        self.gentle() && !self.shared.newer.lock().unwrap_or_else(PoisonError::into_inner).contains(&port)
    }

    /// A port has refused TLS 1.2 for its version.
    pub(crate) fn note_newer_tls(&self, port: u16) {
        self.shared.newer.lock().unwrap_or_else(PoisonError::into_inner).insert(port);
    }

    /// Whether a connection of ours, the oracle's aside, is open to a port.
    pub fn holds(&self, port: u16) -> bool {
        self.held(port) > 0
    }

    fn held(&self, port: u16) -> u32 {
        self.shared.held.lock().unwrap_or_else(PoisonError::into_inner).get(&port).copied().unwrap_or(0)
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
        self.shared.signs.settled().await;
        let _place = match self.limits().spacing.is_zero() {
            true => None,
            false => {
                let place = self.place(&self.shared.open).await?;
                self.shared.pace.lock().await.turn().await;
                Some(place)
            }
        };
        self.may(port, step)?;
        let knock = self.reach(port, patience).await;
        match knock {
            Knock::Open { .. } => self.shared.signs.answered(port),
            // Where a sweep is in a hurry, silence may be the hurry.
            Knock::Closed if !self.holds(port) => self.shared.signs.failed(port),
            _ => {}
        }
        Ok(knock)
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
        let opened = match self.dial_tcp(port, self.limits().connect).await {
            None => Err(Interrupted::Unreachable),
            Some(Err(e)) => Err(wire::why_not(&e)),
            Some(Ok(stream)) if meets_itself(&stream) => Err(Interrupted::Closed),
            Some(Ok(stream)) => Ok((stream, place)),
        };
        match &opened {
            Ok(_) => self.shared.signs.answered(port),
            // Many devices serve one connection at a time: beside another one than this a refusal is no sign.
            Err(Interrupted::Closed | Interrupted::Unreachable) if self.held(port) <= 1 => {
                self.shared.signs.failed(port);
            }
            Err(_) => {}
        }
        opened
    }

    async fn reach(&self, port: u16, patience: Duration) -> Knock {
        let dialled = self.dial_tcp(port, patience).await;
        self.reached(dialled).await
    }

    /// What came of a connect, whose connection is closed again.
    async fn reached(&self, dialled: Option<std::io::Result<TcpStream>>) -> Knock {
        match dialled {
            None => Knock::Silent,
            Some(Ok(stream)) if meets_itself(&stream) => Knock::Closed,
            Some(Ok(stream)) => {
                let ends = (stream.local_addr().map(|a| a.ip()), stream.peer_addr().map(|a| a.ip()));
                if self.gentle() {
                    wire::end_in_order(stream, self).await;
                }
                Knock::Open { own: matches!(ends, (Ok(here), Ok(there)) if here == there) }
            }
            Some(Err(e)) => match wire::why_not(&e) {
                Interrupted::Closed => Knock::Closed,
                // A closed port refuses. This one accepted and then reset, before this program came to look.
                Interrupted::AccessRefused => Knock::Open { own: self.address().is_loopback() },
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
