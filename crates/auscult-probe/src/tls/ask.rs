//! Asks one question at a time over a connection of its own, and says what the answer is worth.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use auscult_facts::Interrupted;
use auscult_model::Impact;
use auscult_wire::tls::{self, Flight, FlightReader, alert, version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout, timeout_at};

use super::question::Question;
use crate::{NodeBench, Wire};

/// What one observation may spend.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    /// Connections, failed ones included.
    pub(super) connections: u64,
    /// Reads that bring something.
    pub(super) reads: u64,
    /// Bytes taken in.
    pub(super) bytes: u64,
}

/// How a question ended.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// The server went along.
    Accepted(Box<Accepted>),
    /// The server said no, with this alert (0 for a refusal in SSL 2).
    Refused(u8),
    /// The server ended the connection without a word.
    Cut(Moment),
    /// The server met a fault of its own at TLS 1.0 or 1.1 alone.
    Failed(Moment),
    /// Something came in between.
    Interrupted(Interrupted),
    /// The allowance did not suffice.
    NotAsked,
    /// A fragile device was not asked it.
    Spared,
}

/// What a server that goes along said, and to what.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    /// Its first flight.
    pub(super) flight: Flight,
    /// Whether compression, a certificate status and application protocols were offered.
    pub(super) extras: bool,
}

/// When a question was asked, in an order of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    began: u64,
    ended: u64,
}

impl Outcome {
    /// The flight of a server that went along.
    pub(super) fn flight(&self) -> Option<&Flight> {
        match self {
            Self::Accepted(accepted) => Some(&accepted.flight),
            _ => None,
        }
    }

    /// The version that was agreed on.
    pub(super) fn version(&self) -> Option<u16> {
        self.flight()?.hello.as_ref().map(|hello| hello.version)
    }

    /// The suite that was agreed on.
    pub(super) fn suite(&self) -> Option<u16> {
        self.flight()?.hello.as_ref().map(|hello| hello.suite)
    }
}

/// What one attempt gave, before it is said what it is worth.
enum Attempt {
    Done(Outcome),
    /// An alert that says nothing about what was asked.
    Puzzled(u8),
    /// Silence or nonsense.
    Lost(Interrupted),
}

/// Asks; shared by all that ask the same port.
#[derive(Debug)]
pub(super) struct Asker {
    bench: NodeBench,
    port: u16,
    step: Impact,
    name: Option<String>,
    alpn: bool,
    lanes: Semaphore,
    /// Whether several questions are under way at once.
    many: bool,
    allowance: Allowance,
    connections: AtomicU64,
    reads: AtomicU64,
    bytes: AtomicU64,
    deadline: Instant,
    rest: Duration,
    /// Counts events, so that it can be said what came before what.
    clock: AtomicU64,
    first_accepted: AtomicU64,
    last_accepted: AtomicU64,
}

/// Longest hello to a fragile device, in bytes.
const GENTLE: usize = 512;

/// Application protocols that are offered to services that may speak HTTP.
pub(super) const ALPN: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// Most bytes taken with one read.
const CHUNK: usize = 8192;

/// Reads of one flight: enough for small segments, an end to a server that dribbles.
const READS: u32 = 128;

/// How long to wait for the rest of a flight once its hello is there, where many questions are under way.
const REST: Duration = Duration::from_secs(1);

/// Pause before a refused connect is tried again: servers that take one connection need it to come back.
const PAUSE: Duration = Duration::from_millis(250);

/// How long the closing of a connection may hold us up.
pub(super) const CLOSING: Duration = Duration::from_millis(200);

impl Asker {
    /// `lanes` questions may be under way at once, within what the bench allows.
    pub(super) fn new(
        bench: &NodeBench,
        port: u16,
        step: Impact,
        name: Option<String>,
        alpn: bool,
        lanes: usize,
        allowance: Allowance,
    ) -> Self {
        // A fifth of the time is left to bring home what was seen.
        let deadline = Instant::now() + bench.limits().observation.mul_f32(0.8);
        Self {
            bench: bench.clone(),
            port,
            step,
            name,
            alpn,
            lanes: Semaphore::new(lanes.max(1)),
            many: lanes > 1,
            allowance,
            connections: AtomicU64::new(0),
            reads: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            deadline,
            rest: if lanes > 1 { REST } else { bench.patience() },
            clock: AtomicU64::new(1),
            first_accepted: AtomicU64::new(u64::MAX),
            last_accepted: AtomicU64::new(0),
        }
    }

    /// The bench.
    pub(super) fn bench(&self) -> &NodeBench {
        &self.bench
    }

    /// Whether the server is spared TLS 1.3, and hellos of more than [`GENTLE`] bytes.
    pub(super) fn gently(&self) -> bool {
        self.bench.offers_old_tls_only(self.port)
    }

    /// The server has spoken of a newer version than TLS 1.2.
    pub(super) fn is_newer(&self) {
        self.bench.note_newer_tls(self.port);
    }

    /// Name to send.
    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Application protocols to offer.
    pub(super) fn alpn(&self) -> &'static [&'static [u8]] {
        if self.alpn { &ALPN } else { &[] }
    }

    /// Connections that may still be opened.
    pub(super) fn left(&self) -> u64 {
        self.allowance.connections.saturating_sub(self.connections.load(SeqCst))
    }

    /// When the answer to a question that is asked now must be there.
    pub(super) fn until(&self) -> Instant {
        self.deadline.min(Instant::now() + self.bench.patience())
    }

    /// Whether a silent end at a moment was a refusal: the same server served us before and after it.
    pub(super) fn proves(&self, cut: Moment) -> bool {
        self.first_accepted.load(SeqCst) < cut.began && self.last_accepted.load(SeqCst) > cut.ended
    }

    /// Notes that the server served us in a connection that began at `began`.
    pub(super) fn served(&self, began: u64) {
        self.first_accepted.fetch_min(self.tick(), SeqCst);
        self.last_accepted.fetch_max(began, SeqCst);
    }

    /// The next moment.
    pub(super) fn tick(&self) -> u64 {
        self.clock.fetch_add(1, SeqCst)
    }

    /// Asks. What is neither an answer nor a refusal is asked once more with a conservative hello.
    pub(super) async fn ask(&self, question: &Question) -> Outcome {
        let first = match self.attempt(question, false, true).await {
            Attempt::Done(outcome) => return outcome,
            other => other,
        };
        let (silent, named, why) = match first {
            Attempt::Puzzled(alert) => (false, alert != alert::UNRECOGNIZED_NAME, Interrupted::AccessRefused),
            Attempt::Lost(why) => (true, true, why),
            Attempt::Done(outcome) => return outcome,
        };
        self.again(question, silent, named, why).await
    }

    /// Asks once more with a conservative hello.
    async fn again(&self, question: &Question, silent: bool, named: bool, why: Interrupted) -> Outcome {
        let (conservative, narrow) = question.conservative(silent);
        let same_versions = conservative.versions == question.versions;
        match self.attempt(&conservative, true, named).await {
            Attempt::Done(told @ (Outcome::Accepted(_) | Outcome::Interrupted(_))) => told,
            // A refusal of fewer suites says nothing about all of them, unless it is for the version.
            Attempt::Done(Outcome::Refused(alert))
                if same_versions && (!narrow || alert == alert::PROTOCOL_VERSION) =>
            {
                Outcome::Refused(alert)
            }
            _ => Outcome::Interrupted(why),
        }
    }

    /// Asks with a conservative hello at once.
    pub(super) async fn ask_plainly(&self, question: &Question) -> Outcome {
        self.again(question, false, true, Interrupted::AccessRefused).await
    }

    async fn attempt(&self, question: &Question, share: bool, named: bool) -> Attempt {
        let name = self.name.as_deref().filter(|_| named);
        let mut question = question;
        let mut hello = question.hello(random(), name, self.alpn(), share);
        let plain = Question { extras: false, ..question.clone() };
        if self.gently() && hello.len() > GENTLE {
            question = &plain;
            hello = question.hello(random(), name, self.alpn(), share);
        }
        if self.gently() && (hello.len() > GENTLE || question.newest() >= version::TLS13) {
            return Attempt::Done(Outcome::Spared);
        }
        let (flight, moment) = match self.exchange(&hello).await {
            Ok(told) => told,
            Err(ended) => return ended,
        };
        if let Some(hello) = &flight.hello {
            return if question.admits(hello.version, hello.suite) {
                self.served(moment.began);
                Attempt::Done(Outcome::Accepted(Box::new(Accepted { flight, extras: question.extras })))
            } else {
                Attempt::Lost(Interrupted::NotUnderstood)
            };
        }
        match flight.alert.map(|a| a.description) {
            Some(
                said @ (alert::HANDSHAKE_FAILURE | alert::PROTOCOL_VERSION | alert::INSUFFICIENT_SECURITY),
            ) => Attempt::Done(Outcome::Refused(said)),
            Some(alert::INAPPROPRIATE_FALLBACK) if question.is_fallback() => {
                Attempt::Done(Outcome::Refused(alert::INAPPROPRIATE_FALLBACK))
            }
            Some(alert::CLOSE_NOTIFY) => Attempt::Done(Outcome::Cut(moment)),
            // OpenSSL 3 answers so where its security level forbids what TLS 1.0 and 1.1 sign with.
            Some(alert::INTERNAL_ERROR) if question.is_old() && !share => {
                Attempt::Done(Outcome::Failed(moment))
            }
            Some(other) => Attempt::Puzzled(other),
            // An answer in SSL 2 was not asked for.
            None => Attempt::Lost(Interrupted::NotUnderstood),
        }
    }

    /// Asks in SSL 2, with every kind of cipher.
    ///
    /// Whoever answers in TLS has not understood the question, whatever its alert says: any alert is a refusal.
    pub(super) async fn ask_ssl2(&self) -> Outcome {
        let mut challenge = [0; 16];
        challenge.copy_from_slice(&random()[..16]);
        let (flight, moment) = match self.exchange(&tls::ssl2_client_hello(challenge)).await {
            Ok(told) => told,
            Err(Attempt::Done(outcome)) => return outcome,
            Err(Attempt::Lost(why)) => return Outcome::Interrupted(why),
            Err(Attempt::Puzzled(alert)) => return Outcome::Refused(alert),
        };
        if flight.ssl2.is_some() {
            self.served(moment.began);
            return Outcome::Accepted(Box::new(Accepted { flight, extras: false }));
        }
        match flight.alert {
            Some(a) if a.description == alert::CLOSE_NOTIFY => Outcome::Cut(moment),
            Some(a) => Outcome::Refused(a.description),
            None if flight.ssl2_refusal => Outcome::Refused(0),
            None => Outcome::Interrupted(Interrupted::NotUnderstood),
        }
    }

    /// Opens a connection, if the allowance and the time suffice.
    ///
    /// A connect that is refused is tried once more after a pause: it says that the server is busy or gone, never
    /// that it does not support what would have been asked. A `brief` one is over with one exchange.
    pub(super) async fn connect(&self, brief: bool) -> Result<Wire, Outcome> {
        let mut refused = false;
        loop {
            if Instant::now() >= self.deadline {
                return Err(Outcome::Interrupted(Interrupted::TimedOut));
            }
            let counted = self
                .connections
                .fetch_update(SeqCst, SeqCst, |used| (used < self.allowance.connections).then_some(used + 1));
            if counted.is_err() {
                return Err(match refused {
                    true => Outcome::Interrupted(Interrupted::Closed),
                    false => Outcome::NotAsked,
                });
            }
            let connected = match brief {
                true => self.bench.connect_briefly(self.port, self.step).await,
                false => self.bench.connect(self.port, self.step).await,
            };
            match connected {
                Ok(wire) => return Ok(wire),
                Err(Interrupted::Closed) if !refused => {
                    refused = true;
                    tokio::time::sleep(PAUSE).await;
                }
                Err(why) => return Err(Outcome::Interrupted(why)),
            }
        }
    }

    /// A place to ask from.
    pub(super) async fn lane(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        self.lanes.acquire().await.ok()
    }

    /// Counts a read of so many bytes; `false` when that is more than may be taken in.
    pub(super) fn took(&self, bytes: usize) -> bool {
        let reads = self.reads.fetch_add(1, SeqCst) + 1;
        let bytes = self.bytes.fetch_add(bytes as u64, SeqCst) + bytes as u64;
        reads <= self.allowance.reads && bytes <= self.allowance.bytes
    }

    /// Most bytes that the next read may take.
    pub(super) fn room(&self) -> usize {
        let spent = self.reads.load(SeqCst) >= self.allowance.reads;
        let left = self.allowance.bytes.saturating_sub(self.bytes.load(SeqCst));
        if spent { 0 } else { usize::try_from(left).unwrap_or(CHUNK).min(CHUNK) }
    }

    async fn exchange(&self, hello: &[u8]) -> Result<(Flight, Moment), Attempt> {
        let _lane = self.lane().await;
        let mut wire = self.connect(self.many).await.map_err(Attempt::Done)?;
        let began = self.tick();
        let end = self.until();
        let sent = timeout_at(end, wire.write_all(hello)).await;
        let read = match sent {
            Err(_) => Err(Interrupted::TimedOut),
            Ok(_) => self.hear(&mut wire, end).await,
        };
        let moment = Moment { began, ended: self.tick() };
        let _ = timeout(CLOSING, wire.shutdown()).await;
        match read {
            Ok(Some(flight)) => Ok((flight, moment)),
            Ok(None) => Err(Attempt::Done(Outcome::Cut(moment))),
            Err(why @ (Interrupted::BudgetSpent | Interrupted::SafetyStop)) => {
                Err(Attempt::Done(Outcome::Interrupted(why)))
            }
            Err(why) => Err(Attempt::Lost(why)),
        }
    }

    /// Reads a flight to its end, so that the connection can be closed without a reset.
    ///
    /// Once a hello is there it counts, whatever follows. `None` when the connection ends without a word.
    pub(super) async fn hear(
        &self,
        wire: &mut Wire,
        mut end: Instant,
    ) -> Result<Option<Flight>, Interrupted> {
        let mut reader = FlightReader::new();
        let mut chunk = [0; CHUNK];
        let mut waits_for_rest = false;
        let mut reads = 0;
        let why = loop {
            let room = self.room();
            if room == 0 {
                break Interrupted::BudgetSpent;
            }
            if reads == READS {
                break Interrupted::TimedOut;
            }
            reads += 1;
            let n = match timeout_at(end, wire.read(&mut chunk[..room])).await {
                Err(_) => break Interrupted::TimedOut,
                Ok(Err(_)) if self.bench.stopped() => break Interrupted::SafetyStop,
                Ok(Err(e)) if e.kind() == std::io::ErrorKind::QuotaExceeded => {
                    break Interrupted::BudgetSpent;
                }
                Ok(Ok(0) | Err(_)) if reader.is_untouched() => return Ok(None),
                Ok(Ok(0) | Err(_)) => break Interrupted::AccessRefused,
                Ok(Ok(n)) => n,
            };
            let within = self.took(n);
            if reader.push(&chunk[..n]).is_err() {
                break Interrupted::NotUnderstood;
            }
            if reader.flight().is_over() {
                return Ok(Some(reader.into_flight()));
            }
            if !within {
                break Interrupted::BudgetSpent;
            }
            if reader.flight().hello.is_some() && !waits_for_rest {
                waits_for_rest = true;
                end = end.min(Instant::now() + self.rest);
            }
        };
        let flight = reader.into_flight();
        if flight.hello.is_some() { Ok(Some(flight)) } else { Err(why) }
    }
}

/// Random bytes; their quality protects nothing, they only make hellos differ.
pub(super) fn random() -> [u8; 32] {
    let mut bytes = [0x5a; 32];
    let _ = aws_lc_rs::rand::fill(&mut bytes);
    bytes
}
