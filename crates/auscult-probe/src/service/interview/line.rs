//! The line to the port: opens connections, says a TLS hello, and listens within bounds.

use std::time::Duration;

use auscult_facts::Interrupted;
use auscult_model::{Impact, Pace};
use tokio::io::AsyncReadExt;
use tokio::time::{Instant, sleep, timeout_at};

use super::super::question::Question;
use super::super::tell::{Told, tell, whole};
use super::{ANSWER, BYTES, CONNECTIONS, End, Heard, Hello, Interview, PAUSE, READS};
use crate::bench::{Session, Tap, Wire};

/// Content type of a TLS record that carries a handshake message (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

impl Interview<'_> {
    pub(super) async fn connect(&mut self) -> Result<Session, Interrupted> {
        Ok(Session::Plain(self.wire(None).await?))
    }

    /// Opens a connection; tries once more when it does not succeed, except at a touch.
    async fn wire(&mut self, tap: Option<&Tap>) -> Result<Wire, Interrupted> {
        let touch = self.bench.allowed() < Impact::Safe;
        let step = if touch { Impact::Touch } else { Impact::Safe };
        let mut again = !touch;
        loop {
            if self.connections >= CONNECTIONS {
                return Err(Interrupted::Closed);
            }
            self.connections += 1;
            let begun = Instant::now();
            match self.bench.connect(self.port, step).await {
                Ok(wire) => {
                    // At a pace the waiting is ours; only where there is none does the time say something.
                    if self.bench.limits().spacing.is_zero() {
                        self.round_trip =
                            self.round_trip.max(begun.elapsed()).min(Duration::from_millis(500));
                    }
                    let wire = wire.hearing_at_most(READS, BYTES);
                    return Ok(match tap {
                        Some(tap) => wire.tapped(tap),
                        None => wire,
                    });
                }
                Err(Interrupted::Closed | Interrupted::Unreachable | Interrupted::AccessRefused) if again => {
                    // A device that serves one at a time may not have done with our last connection.
                    again = false;
                    sleep(PAUSE).await;
                }
                Err(why) => return Err(why),
            }
        }
    }

    /// Opens a connection, listens for a greeting, and says a TLS hello when there is none.
    pub(super) async fn hello(&mut self, listen: Duration) -> Result<Hello, Interrupted> {
        let tap = Tap::default();
        let wire = self.wire(Some(&tap)).await?;
        let mut session = Session::Plain(wire);
        if !listen.is_zero() {
            self.note(Question::Banner, false);
            let greeting = self.listen(&mut session, listen).await;
            if !greeting.bytes.is_empty() || greeting.end != End::Open {
                self.facts.closes_at_once = greeting.bytes.is_empty();
                session.part().await;
                return Ok(Hello::Clear(greeting));
            }
        }
        let Session::Plain(wire) = session else { return Err(Interrupted::InstrumentFault) };
        self.note(Question::TlsHello, false);
        let patience = self.hello_patience();
        let shaken = tokio::time::timeout(patience, self.bench.shake(wire, self.subject, &[])).await;
        let (why, asked) = match shaken {
            Ok(Ok((session, peer))) => {
                self.facts.tls = Some(true);
                self.facts.tls_unfinished = false;
                return Ok(Hello::Inside(Box::new(session), peer.asked_for_certificate));
            }
            Ok(Err(refusal)) => (refusal.why, refusal.asked_for_certificate),
            Err(_) => (Interrupted::TimedOut, false),
        };
        if matches!(why, Interrupted::SafetyStop | Interrupted::BudgetSpent) {
            return Err(why);
        }
        let bytes = tap.heard();
        self.spoke |= !bytes.is_empty();
        if tell(Question::TlsHello, &[], &bytes) == Some(Told::Tls) {
            self.facts.tls = Some(true);
            let refused = matches!(why, Interrupted::AccessRefused | Interrupted::BeyondInstrument);
            let demanded = asked && refused;
            // A server hello of a version beyond ours shows TLS; an alert alone is seven bytes that anybody can send.
            let hello = bytes.first() == Some(&HANDSHAKE) && why == Interrupted::BeyondInstrument;
            self.facts.tls_unfinished = !demanded && !hello;
            return Ok(Hello::Refused { demanded });
        }
        let end = if why == Interrupted::TimedOut { End::Open } else { End::Closed };
        Ok(Hello::Clear(Heard { bytes, end }))
    }

    pub(super) async fn listen(&mut self, session: &mut Session, patience: Duration) -> Heard {
        self.hear(session, Question::Banner, &[], patience).await
    }

    /// Listens until the answer is whole, the other side closes, or patience ends.
    ///
    /// Once it has begun to speak it is given as long again to finish, and HTTP headers all the time that the bench
    /// grants.
    pub(super) async fn hear(
        &mut self,
        session: &mut Session,
        asked: Question,
        sent: &[u8],
        patience: Duration,
    ) -> Heard {
        let begun = Instant::now();
        let mut until = begun + patience;
        let mut heard = Heard { bytes: Vec::new(), end: End::Open };
        let mut chunk = vec![0u8; 2048];
        while heard.bytes.len() < ANSWER && !whole(asked, sent, &heard.bytes) {
            match timeout_at(until, session.read(&mut chunk)).await {
                Err(_) => break,
                Ok(Ok(0) | Err(_)) => {
                    heard.end = End::Closed;
                    break;
                }
                Ok(Ok(count)) => {
                    if heard.bytes.is_empty() {
                        until = until.max(Instant::now() + self.quick());
                    }
                    heard.bytes.extend_from_slice(chunk.get(..count).unwrap_or_default());
                    if heard.bytes.starts_with(b"HTTP/") {
                        until = begun + patience.max(self.bench.patience());
                    }
                }
            }
        }
        self.spoke |= !heard.bytes.is_empty();
        heard
    }

    /// How long a question is given to be answered when there are others to ask.
    pub(super) fn quick(&self) -> Duration {
        let base = match self.bench.limits().pace {
            Pace::Laboratory => Duration::from_millis(500),
            Pace::Bench => Duration::from_millis(1500),
            Pace::Ward => Duration::from_millis(2500),
        };
        (base + self.round_trip * 4).min(self.bench.patience())
    }

    /// A handshake takes computing on a small device; a TLS port that is declared gets all the time.
    fn hello_patience(&self) -> Duration {
        let declared = self.declared_tls || self.facts.tls == Some(true);
        if declared { self.bench.patience() } else { (self.quick() * 2).min(self.bench.patience()) }
    }
}
