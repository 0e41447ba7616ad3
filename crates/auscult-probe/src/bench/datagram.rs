//! The door for datagrams: questions over UDP to one port of the node, permitted, paced, counted and bounded like all
//! else.
//!
//! UDP has no connect: a port is known to be open only when it answers, and to be closed only when the node says so
//! (ICMP port unreachable, which a connected socket tells). Silence is [`Interrupted::Silent`] and shows neither.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use auscult_facts::Interrupted;
use auscult_model::Impact;
use tokio::net::UdpSocket;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Duration, Instant, timeout_at};

use super::NodeBench;
use super::wire::why_not;

/// Longest datagram that is sent, in bytes above UDP: it crosses every path in one piece.
pub(crate) const MAX_SENT: usize = 1200;

/// Datagrams that are taken in for one socket.
const MAX_HEARD: u32 = 64;

/// Bytes that are taken in for one socket.
const MAX_BYTES: usize = 64 << 10;

/// Datagrams of others that are thrown away before nothing more is taken in.
const MAX_FOREIGN: u32 = 64;

/// Where answers may come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replies {
    /// From the port that was asked; a closed port is told apart from silence.
    FromPort,
    /// From any port of the node, as TFTP and discovery answer; a closed port is as silent as any other.
    FromNode,
}

/// A socket for one question, with its place on the bench; dropping it ends the talk.
#[derive(Debug)]
pub(crate) struct Datagrams {
    socket: UdpSocket,
    bench: NodeBench,
    port: u16,
    step: Impact,
    replies: Replies,
    heard: u32,
    bytes: usize,
    foreign: u32,
    _place: OwnedSemaphorePermit,
}

impl NodeBench {
    /// Tells which UDP ports the scenario declares; others need at least `safe`. Only the first call counts.
    pub fn declare_datagrams(&self, ports: BTreeSet<u16>) {
        let _ = self.shared.datagrams.set(ports);
    }

    /// Whether a datagram may be sent to a port now.
    ///
    /// # Errors
    /// As [`may`](Self::may).
    pub(crate) fn may_datagram(&self, port: u16, step: Impact) -> Result<(), Interrupted> {
        let declared = self.shared.datagrams.get().is_some_and(|ports| ports.contains(&port));
        self.may_at(declared, step)
    }

    /// A socket for one question to a UDP port of the node; nothing is sent yet.
    ///
    /// Waits for its place among the connections that may be open at once.
    ///
    /// # Errors
    /// As [`may`](Self::may); `InstrumentFault` when there is no socket left.
    pub(crate) async fn datagrams(
        &self,
        port: u16,
        step: Impact,
        replies: Replies,
    ) -> Result<Datagrams, Interrupted> {
        self.may_datagram(port, step)?;
        let place = self.place(&self.shared.open).await?;
        let socket = self.socket(port, replies).await.map_err(|_| Interrupted::InstrumentFault)?;
        let bench = self.clone();
        Ok(Datagrams { socket, bench, port, step, replies, heard: 0, bytes: 0, foreign: 0, _place: place })
    }

    async fn socket(&self, port: u16, replies: Replies) -> io::Result<UdpSocket> {
        let here: IpAddr = match self.address() {
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let mut socket = UdpSocket::bind((here, 0)).await?;
        // On one machine a socket could be given the very port that it is to ask.
        if socket.local_addr()?.port() == port {
            let other = UdpSocket::bind((here, 0)).await?;
            socket = other;
        }
        if replies == Replies::FromPort {
            socket.connect(SocketAddr::new(self.address(), port)).await?;
        }
        Ok(socket)
    }

    /// How long to wait for the answer to a datagram: it is asked more than once.
    pub(crate) fn datagram_patience(&self) -> Duration {
        self.patience() / 2
    }
}

impl Datagrams {
    /// Sends one datagram in its turn.
    ///
    /// # Errors
    /// As [`NodeBench::may`]; `Closed` when the node has said meanwhile that nothing listens there.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), Interrupted> {
        if bytes.len() > MAX_SENT {
            return Err(Interrupted::InstrumentFault);
        }
        self.bench.may_datagram(self.port, self.step)?;
        self.bench.shared.pace.lock().await.turn().await;
        self.bench.may_datagram(self.port, self.step)?;
        self.bench.shared.began.get_or_init(Instant::now);
        self.bench.count(|m| m.datagram(bytes.len() as u64));
        let to = SocketAddr::new(self.bench.address(), self.port);
        let sent = match self.replies {
            Replies::FromPort => self.socket.send(bytes).await,
            Replies::FromNode => self.socket.send_to(bytes, to).await,
        };
        match sent {
            Ok(_) => Ok(()),
            Err(e) => Err(why_not(&e)),
        }
    }

    /// The next datagram from the node.
    ///
    /// # Errors
    /// `Silent` when none comes until then, or when enough has come; `Closed`, `SafetyStop`, `BudgetSpent`.
    pub(crate) async fn hear(&mut self, until: Instant) -> Result<Vec<u8>, Interrupted> {
        let mut room = vec![0u8; MAX_BYTES];
        loop {
            if self.bench.stopped() {
                return Err(Interrupted::SafetyStop);
            }
            if self.bench.received_left() == 0 {
                return Err(Interrupted::BudgetSpent);
            }
            if self.heard >= MAX_HEARD || self.bytes >= MAX_BYTES || self.foreign >= MAX_FOREIGN {
                return Err(Interrupted::Silent);
            }
            let (length, from) = match timeout_at(until, self.socket.recv_from(&mut room)).await {
                Err(_) => return Err(Interrupted::Silent),
                Ok(Err(e)) => return Err(why_not(&e)),
                Ok(Ok(heard)) => heard,
            };
            if from.ip() != self.bench.address() {
                self.foreign += 1;
                continue;
            }
            self.heard += 1;
            self.bytes = self.bytes.saturating_add(length);
            self.bench.count(|m| m.heard(length as u64));
            return Ok(room.get(..length).unwrap_or_default().to_vec());
        }
    }

    /// Sends a question and gives the first answer that is one.
    ///
    /// # Errors
    /// As [`send`](Self::send) and [`hear`](Self::hear).
    pub(crate) async fn ask<T>(
        &mut self,
        question: &[u8],
        mut read: impl FnMut(&[u8]) -> Option<T>,
    ) -> Result<T, Interrupted> {
        self.send(question).await?;
        let until = Instant::now() + self.bench.datagram_patience();
        let mut strange = false;
        loop {
            match self.hear(until).await {
                Ok(heard) => match read(&heard) {
                    Some(answer) => return Ok(answer),
                    None => strange = true,
                },
                Err(Interrupted::Silent) if strange => return Err(Interrupted::NotUnderstood),
                Err(why) => return Err(why),
            }
        }
    }
}

impl NodeBench {
    /// Asks the same question up to so many times, each time with a socket of its own, until it is answered.
    ///
    /// # Errors
    /// `Silent` when no try was answered; else what came in between.
    pub(crate) async fn ask_datagram<T>(
        &self,
        port: u16,
        step: Impact,
        tries: u32,
        question: &[u8],
        mut read: impl FnMut(&[u8]) -> Option<T>,
    ) -> Result<T, Interrupted> {
        for _ in 0..tries {
            let mut talk = self.datagrams(port, step, Replies::FromPort).await?;
            match talk.ask(question, &mut read).await {
                Err(Interrupted::Silent) => {}
                done => return done,
            }
        }
        Err(Interrupted::Silent)
    }
}
