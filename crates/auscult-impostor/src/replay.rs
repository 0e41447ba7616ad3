//! A proper far end that sends messages which are valid once, one of them a second time, and sees what each of them did.

use std::convert::Infallible;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use auscult_facts::Cost;
use auscult_facts::client::{Kept, Play};
use auscult_facts::replay::{ReplayFacts, Replayed, Sent, Turn};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;

use crate::hear::{Again, FIRST_WORD, protocol};
use crate::mqtt;
use crate::secure::Wardrobe;
use crate::stage::{Dial, Stage, prepared};
use crate::update::{Told, digest_of, told_twice};
use crate::wire::{Caps, Meter, Wire};

/// Is told what is sent next.
pub type TellSent = Arc<dyn Fn(Sent) + Send + Sync>;

/// The longest message that is sent, in bytes.
pub const LONGEST_MESSAGE: u64 = 16 << 10;

/// Most connections of the device in one turn.
const MOST_CONNECTIONS: usize = 8;
/// How often the device is asked for its state in one turn: twice before and twice after.
const QUESTIONS: u64 = 4;
/// Longest head of a request.
const HEAD: usize = 16 << 10;
/// How long an accepted connection may live, whatever the scenario waits for.
const LONGEST: Duration = Duration::from_secs(20 * 60);
/// How often it is looked whether the message was handed over.
const LOOKING: Duration = Duration::from_millis(200);
/// Pause after a failed accept: it fails again at once while the process has no file descriptors left.
const BREATH: Duration = Duration::from_millis(50);

/// The three messages, in the order in which they are valid, and where the device gets them.
#[derive(Clone, Debug)]
pub struct Messages {
    /// A topic of MQTT, or a path of HTTP.
    pub at: String,
    /// What each says; at most [`LONGEST_MESSAGE`] bytes.
    pub bodies: [Bytes; 3],
}

impl Messages {
    fn body(&self, sent: Sent) -> Option<Bytes> {
        let [first, second, third] = &self.bodies;
        match sent {
            Sent::First | Sent::FirstAgain => Some(first.clone()),
            Sent::Second => Some(second.clone()),
            Sent::Third => Some(third.clone()),
            Sent::Nothing => None,
        }
    }
}

/// How often the device is asked for its state in all turns, at most.
pub const fn most_replay_questions() -> u64 {
    QUESTIONS * Sent::ALL.len() as u64
}

/// Most packets that all turns send to the device, orders and questions aside.
pub const fn most_replay_packets() -> u64 {
    Sent::ALL.len() as u64 * MOST_CONNECTIONS as u64 * Caps::for_files(LONGEST_MESSAGE).most_packets()
}

/// Most seconds that all turns take.
pub fn most_replay_seconds(wait: Duration, settle: Duration) -> u64 {
    // Asking and ordering take their time as well.
    let one = wait.saturating_add(settle).saturating_add(Duration::from_secs(60));
    one.as_secs().saturating_mul(Sent::ALL.len() as u64)
}

/// Sends the messages to the device, the first one twice, and gives what it did and what that took.
///
/// It ends early where a message has not done what the next one needs.
pub async fn replay(
    stage: &Stage,
    authority: Option<&crate::Authority>,
    messages: &Messages,
    settle: Duration,
    dial: Option<&Dial>,
    state: &Told,
    tell: &TellSent,
) -> (ReplayFacts, Cost) {
    let meter = Arc::new(Meter::default());
    let mut facts = ReplayFacts { far: stage.far.clone(), kept: None, turns: Vec::new() };
    let (listener, wardrobe) = match prepared(stage, authority).await {
        Ok(ready) => ready,
        Err(kept) => {
            facts.kept = Some(kept);
            return (facts, meter.cost());
        }
    };
    let Ok(_names) = crate::stage::name_server(stage, &meter).await else {
        facts.kept = Some(Kept::CannotListen);
        return (facts, meter.cost());
    };
    let desk = Desk { stage, listener, wardrobe, meter: Arc::clone(&meter), messages, settle, dial, state };
    for sent in Sent::ALL {
        tell(sent);
        facts.turns.push(desk.turn(sent).await);
        // What is still missing is the next turn alone, or nothing more can be shown.
        let goes_on = match facts.replayed() {
            Replayed::NotFetched(missing) | Replayed::Untold(missing) => {
                facts.turns.iter().all(|t| t.sent != missing)
            }
            _ => false,
        };
        if !goes_on {
            break;
        }
    }
    (facts, meter.cost())
}

struct Desk<'d> {
    stage: &'d Stage,
    listener: TcpListener,
    wardrobe: Wardrobe,
    meter: Arc<Meter>,
    messages: &'d Messages,
    settle: Duration,
    dial: Option<&'d Dial>,
    state: &'d Told,
}

impl Desk<'_> {
    async fn turn(&self, sent: Sent) -> Turn {
        let before = told_twice(self.state).await;
        let begun = Instant::now();
        let order = self.dial.map(|dial| tokio::spawn(dial()));
        let body = self.messages.body(sent);
        let counter = Arc::new(Counter::new(&self.messages.at, body.clone()));
        let mut open = JoinSet::new();
        let mut deadline = begun + self.stage.wait;
        let mut settling = false;
        let mut connections = 0;
        while Instant::now() < deadline {
            let tick = deadline.min(Instant::now() + LOOKING);
            match timeout_at(tick, self.listener.accept()).await {
                Ok(Ok((stream, from))) => {
                    if from.ip().to_canonical() == self.stage.device && connections < MOST_CONNECTIONS {
                        connections += 1;
                        open.spawn(self.serve(stream, &counter));
                    }
                }
                Ok(Err(_)) => tokio::time::sleep(BREATH).await,
                Err(_tick) => {}
            }
            while open.try_join_next().is_some() {}
            let begun_to = if body.is_some() { counter.was_handed() } else { counter.visits() > 0 };
            if begun_to && !settling {
                settling = true;
                deadline = Instant::now() + self.settle;
            }
        }
        open.shutdown().await;
        if let Some(order) = order {
            order.abort();
        }
        Turn {
            sent,
            digest: body.map(|body| digest_of(&body)),
            visits: counter.visits(),
            handed: counter.was_handed(),
            before,
            after: told_twice(self.state).await,
            waited_millis: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// Serves one connection, in TLS where the far end is declared to speak it.
    fn serve(&self, stream: TcpStream, counter: &Arc<Counter>) -> impl Future<Output = ()> + Send + 'static {
        let wire = Wire::with_caps(stream, &self.meter, Caps::for_files(LONGEST_MESSAGE));
        let tls = self.stage.tls.then(|| self.wardrobe.config(Play::Proper));
        let (patience, counter) = (self.wardrobe.patience(), Arc::clone(counter));
        async move {
            match tls {
                None => spoken(wire, counter).await,
                Some(config) => {
                    if let Ok(Ok(inside)) = timeout(patience, TlsAcceptor::from(config).accept(wire)).await {
                        spoken(inside, counter).await;
                    }
                }
            }
        }
    }
}

/// What lies ready for the device in one turn: one message at most, and it is handed over once.
#[derive(Debug)]
pub(crate) struct Counter {
    at: String,
    message: Mutex<Option<Bytes>>,
    handed: AtomicBool,
    visits: AtomicU32,
}

impl Counter {
    fn new(at: &str, message: Option<Bytes>) -> Self {
        let (handed, visits) = Default::default();
        Self { at: at.to_owned(), message: Mutex::new(message), handed, visits }
    }

    /// The topic or path at which the device gets messages.
    pub(crate) fn at(&self) -> &str {
        &self.at
    }

    /// The message, once.
    pub(crate) fn take(&self) -> Option<Bytes> {
        self.message.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The message was written.
    pub(crate) fn handed(&self) {
        self.handed.store(true, Relaxed);
    }

    fn was_handed(&self) -> bool {
        self.handed.load(Relaxed)
    }

    fn visits(&self) -> u32 {
        self.visits.load(Relaxed)
    }
}

/// Speaks with the device in the protocol of its first bytes until it goes.
async fn spoken<S>(mut stream: S, counter: Arc<Counter>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut chunk = vec![0; 4096];
    let Ok(Ok(n)) = timeout(FIRST_WORD, stream.read(&mut chunk)).await else { return };
    chunk.truncate(n);
    let Some(word) = protocol(&chunk) else { return };
    counter.visits.fetch_add(1, Relaxed);
    let stream = Again::of(chunk, stream);
    if word == "mqtt" {
        mqtt::keep(stream, counter, Instant::now() + LONGEST).await;
    } else {
        http(stream, counter).await;
    }
}

/// Answers requests until the device goes: one for messages with what lies ready, or with nothing new.
async fn http<S>(stream: S, counter: Arc<Counter>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let (status, body) = if request.uri().path() != counter.at() {
            let kind = if request.method() == Method::POST { StatusCode::CREATED } else { StatusCode::OK };
            (kind, Bytes::from_static(b"{}\n"))
        } else if let Some(message) = counter.take() {
            counter.handed();
            (StatusCode::OK, message)
        } else {
            (StatusCode::NO_CONTENT, Bytes::new())
        };
        let mut response = Response::new(Full::new(body));
        *response.status_mut() = status;
        async move { Ok::<_, Infallible>(response) }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    // How a client leaves is its own affair.
    let _ = timeout(LONGEST, serving).await;
}
