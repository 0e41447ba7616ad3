//! The steps: sends what is bad, notes what came back, and asks whether the service is as it was.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use auscult_facts::robustness::{Came, Load, Marks, Series, State, Step};
use auscult_facts::{Interrupted, Subject};
use auscult_model::Impact;
use futures_util::future::join_all;
use tokio::io::AsyncReadExt;
use tokio::time::{Instant, sleep, timeout};

use super::speech::Speech;
use super::{inputs, no_marks, speech};
use crate::{Errand, NodeBench, Session};

/// How long an answer to malformed input is waited for: it is no miss if none comes.
const PATIENCE: Duration = Duration::from_millis(700);

/// After such pauses a service that was not as before is asked again, before it counts as harmed.
pub(super) const AGAIN: [Duration; 3] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(3)];

/// Slow connections at once, at most.
pub(super) const HELD: u64 = 10;

/// How long slow connections are held.
const HOLDING: Duration = Duration::from_secs(3);

/// How long a place for a slow connection is waited for.
const GIVEN: Duration = Duration::from_secs(1);

/// Questions of the load at most, those that are on their way when it is over aside.
pub(super) const QUESTIONS: u64 = 300;

/// Connections of the load at once, at most.
pub(super) const AT_ONCE: usize = 20;

/// How long the load lasts at most.
const LASTING: Duration = Duration::from_secs(10);

/// What the steps need.
pub(super) struct Rough<'a> {
    pub(super) bench: &'a NodeBench,
    pub(super) subject: &'a Subject,
    pub(super) errand: &'a Errand,
    pub(super) speech: &'a Speech<'a>,
    pub(super) before: &'a str,
    pub(super) deadline: Instant,
}

impl Rough<'_> {
    /// Malformed and cut messages of the protocol.
    pub(super) async fn malformed(&self) -> Series {
        let inputs = inputs::of(self.speech, self.subject, self.errand);
        let mut series = Series { of: count(inputs.len()), steps: Vec::new() };
        for (input, bytes) in inputs {
            if Instant::now() >= self.deadline {
                break;
            }
            let came = self.send(&bytes).await;
            if !self.note(&mut series, input, came).await {
                break;
            }
        }
        series
    }

    /// Malformed and cut records of TLS.
    pub(super) async fn tls_malformed(&self) -> Series {
        let inputs = inputs::tls();
        let mut series = Series { of: count(inputs.len()), steps: Vec::new() };
        for (input, bytes) in inputs {
            if Instant::now() >= self.deadline {
                break;
            }
            let came = self.send_below_tls(&bytes).await;
            if !self.note(&mut series, input, came).await {
                break;
            }
        }
        series
    }

    /// Notes a step; whether another one may follow.
    async fn note(&self, series: &mut Series, input: &str, came: Came) -> bool {
        let after = self.state().await;
        series.steps.push(Step { input: input.to_owned(), came, during: None, after });
        after == State::AsBefore
    }

    async fn send(&self, bytes: &[u8]) -> Came {
        let Ok(mut talk) = self.speech.open().await else { return Came::Unsent };
        if talk.send(bytes).await.is_err() {
            return Came::Closed;
        }
        let came = match self.speech.hear(&mut talk, PATIENCE).await {
            Ok(Some(said)) if said.error => Came::Error,
            Ok(Some(_)) => Came::Accepted,
            Ok(None) | Err(Interrupted::AccessRefused) => Came::Closed,
            Err(Interrupted::TimedOut) => Came::Silence,
            Err(_) => Came::Other,
        };
        talk.close().await;
        came
    }

    async fn send_below_tls(&self, bytes: &[u8]) -> Came {
        let Some(port) = self.subject.service.as_ref().map(|s| s.port) else { return Came::Unsent };
        let Ok(wire) = self.bench.connect(port, Impact::Disruptive).await else { return Came::Unsent };
        let mut session = Session::Plain(wire);
        if session.send(bytes, self.bench.patience()).await.is_err() {
            return Came::Closed;
        }
        let mut first = [0u8; 512];
        let heard = timeout(PATIENCE, session.read(&mut first)).await;
        let came = match heard {
            Err(_) => Came::Silence,
            Ok(Ok(0) | Err(_)) => Came::Closed,
            Ok(Ok(_)) => match first.first() {
                Some(0x15) => Came::Error,
                Some(0x16) => Came::Accepted,
                _ => Came::Other,
            },
        };
        session.part().await;
        came
    }

    async fn state(&self) -> State {
        state(self, self.errand, self.subject).await
    }

    async fn asked(&self) -> State {
        match self.speech.ask().await {
            Ok(word) if word == self.before => State::AsBefore,
            Ok(word) if speech::refuses(&word) => State::Refuses,
            Ok(_) => State::Otherwise,
            Err(Interrupted::Closed | Interrupted::Unreachable) => State::Gone,
            Err(Interrupted::TimedOut | Interrupted::AccessRefused | Interrupted::NotUnderstood) => {
                State::Hangs
            }
            Err(_) => State::Unknown,
        }
    }

    /// Marks in paths and queries that a careless web server hands on.
    pub(super) async fn marks(&self) -> Marks {
        let marks = inputs::marks(self.speech);
        let mut told = no_marks(marks.len());
        for (kind, bytes) in marks {
            let Ok(mut talk) = self.speech.open().await else { break };
            if talk.send(&bytes).await.is_err() {
                continue;
            }
            let answer = listen(&mut talk).await;
            talk.close().await;
            told.answered += u32::from(answer.starts_with(b"HTTP/1."));
            if inputs::is_account_file(&answer) {
                told.read_files.push(kind.to_owned());
            }
            if inputs::has_our_header(&answer) {
                told.became_headers.push(kind.to_owned());
            }
        }
        told.after = self.state().await;
        told
    }

    /// As many connections as may be held beside the one that asks.
    fn places(&self, most: usize) -> usize {
        // One place is the oracle's, and one stays for the question.
        self.bench.limits().parallel.saturating_sub(2).clamp(1, most)
    }

    /// Connections that begin a question and never end it.
    pub(super) async fn slow(&self) -> Series {
        let begun = inputs::begun(self.speech, self.errand);
        let mut series = Series { of: 2, steps: Vec::new() };
        for (input, dribbling) in [("held-half-open", false), ("byte-by-byte", true)] {
            if Instant::now() >= self.deadline {
                break;
            }
            let step = self.hold(input, &begun, dribbling).await;
            let fine = step.state() == State::AsBefore;
            series.steps.push(step);
            if !fine {
                break;
            }
        }
        series
    }

    async fn hold(&self, input: &str, begun: &[u8], dribbling: bool) -> Step {
        let mut held = Vec::new();
        for _ in 0..self.places(usize::try_from(HELD).unwrap_or(1)) {
            // Another service of the node may hold the places that are left.
            let Ok(Ok(mut talk)) = timeout(GIVEN, self.speech.open()).await else { break };
            if dribbling || talk.send(begun).await.is_ok() {
                held.push(talk);
            }
        }
        let came = if held.is_empty() { Came::Unsent } else { Came::Silence };
        let dribble = async {
            if dribbling {
                for byte in begun.iter().take(12) {
                    for talk in &mut held {
                        let _ = talk.send(&[*byte]).await;
                    }
                    sleep(HOLDING / 12).await;
                }
            } else {
                sleep(HOLDING).await;
            }
        };
        let ask = async {
            sleep(HOLDING / 3).await;
            self.asked().await
        };
        let ((), during) = tokio::join!(dribble, ask);
        for talk in held {
            talk.close().await;
        }
        Step { input: input.to_owned(), came, during: Some(during), after: self.state().await }
    }

    /// Good questions, as fast as they are answered.
    pub(super) async fn load(&self) -> Load {
        let began = Instant::now();
        let end = (began + LASTING).min(self.deadline);
        let at_once = self.places(AT_ONCE);
        let (asked, as_before, gone) = (AtomicU32::new(0), AtomicU32::new(0), AtomicBool::new(false));
        let client = || async {
            while Instant::now() < end && u64::from(asked.load(Relaxed)) < QUESTIONS {
                asked.fetch_add(1, Relaxed);
                match self.asked().await {
                    State::AsBefore => _ = as_before.fetch_add(1, Relaxed),
                    State::Gone => gone.store(true, Relaxed),
                    State::Unknown => break,
                    _ => {}
                }
            }
        };
        join_all((0..at_once).map(|_| client())).await;
        let seconds = u32::try_from(began.elapsed().as_secs()).unwrap_or(u32::MAX);
        // Where the oracle has stopped the work because the port is gone, nobody can be asked any more.
        let after = match self.state().await {
            State::Unknown if gone.into_inner() => State::Gone,
            after => after,
        };
        Load {
            at_once: count(at_once),
            seconds,
            asked: asked.into_inner(),
            as_before: as_before.into_inner(),
            after,
        }
    }
}

impl Ask for Rough<'_> {
    fn asked(&self) -> impl Future<Output = State> + Send {
        Self::asked(self)
    }
}

/// Who can ask the well-formed question.
pub(super) trait Ask: Sync {
    /// How the service is, told by its answer.
    fn asked(&self) -> impl Future<Output = State> + Send;
}

/// How the service is, and what the tester's own program says of the node.
pub(super) async fn state(service: &impl Ask, errand: &Errand, subject: &Subject) -> State {
    let first = service.asked().await;
    if first == State::AsBefore {
        return match errand.health.healthy(&subject.node).await {
            Some(false) => State::Unhealthy,
            Some(true) | None => State::AsBefore,
        };
    }
    if matches!(first, State::Refuses | State::Unknown) {
        return first;
    }
    for pause in AGAIN {
        sleep(pause).await;
        match service.asked().await {
            State::AsBefore => return State::CameBack,
            // The oracle has come to the same end, and nothing is sent any more.
            State::Unknown => break,
            _ => {}
        }
    }
    first
}

/// The first bytes of an answer, as far as a few reads go.
async fn listen(talk: &mut crate::mqtt::door::Talk) -> Vec<u8> {
    let until = Instant::now() + PATIENCE;
    let mut heard = Vec::new();
    for _ in 0..4 {
        match talk.hear(until).await {
            Ok(Some(bytes)) => heard.extend(bytes),
            Ok(None) | Err(_) => break,
        }
    }
    heard
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
