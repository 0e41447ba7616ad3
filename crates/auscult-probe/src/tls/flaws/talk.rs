//! A handshake that stands after the server's first flight, and what the server says to what comes then.

use std::time::Duration;

use auscult_facts::Interrupted;
use auscult_wire::tls::{self, AfterReader, ClientHello, Flight, Said, ServerHello, SuiteInfo, version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout, timeout_at};

use super::super::ask::{Asker, CLOSING, random};
use super::why;
use crate::Wire;

/// Least time to wait for something that a sound server does not say.
pub(super) const SILENCE: Duration = Duration::from_millis(1200);

/// A hello for TLS 1.2 with usual suites of a kind, short enough for every server.
pub(super) fn hello(asker: &Asker, which: impl Fn(&SuiteInfo) -> bool) -> ClientHello {
    let usual = tls::usual_offer(version::TLS12, false);
    ClientHello {
        versions: vec![version::TLS12],
        random: random(),
        suites: usual.into_iter().filter(|code| tls::suite(*code).is_some_and(|s| which(&s))).collect(),
        groups: vec![29, 23, 24],
        server_name: asker.name().map(str::to_owned),
        ..ClientHello::default()
    }
}

/// How a server answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reaction {
    /// An alert with this description.
    Alert(u8),
    /// A heartbeat response that announces so many bytes of payload, in a record of so many.
    Heartbeat { announced: u16, length: u16 },
    /// Another record.
    Record(u8),
    /// It closed the connection.
    Closed,
    /// It ended the connection by force.
    Reset,
    /// It said nothing in time.
    Silent,
}

/// A connection in the midst of a handshake.
pub(super) struct Talk<'a> {
    asker: &'a Asker,
    wire: Wire,
    reader: AfterReader,
    /// What was said and not yet taken.
    waiting: std::collections::VecDeque<Said>,
    pub(super) flight: Flight,
}

impl<'a> Talk<'a> {
    /// Sends a hello and reads the first flight of the server, whatever it is.
    pub(super) async fn begin(asker: &'a Asker, hello: &ClientHello) -> Result<Talk<'a>, Interrupted> {
        let mut wire = asker.connect(false).await.map_err(|outcome| why(&outcome))?;
        let end = asker.until();
        let sent = timeout_at(end, wire.write_all(&hello.encode())).await;
        if sent.is_err() {
            return Err(Interrupted::TimedOut);
        }
        let flight = match asker.hear(&mut wire, end).await {
            Ok(Some(flight)) => flight,
            Ok(None) => return Err(Interrupted::AccessRefused),
            Err(why) => return Err(why),
        };
        Ok(Self { asker, wire, reader: AfterReader::new(), waiting: Default::default(), flight })
    }

    /// The same, where the flight must be a whole one of TLS 1.2 or older.
    pub(super) async fn begin_whole(asker: &'a Asker, hello: &ClientHello) -> Result<Talk<'a>, Interrupted> {
        let talk = Self::begin(asker, hello).await?;
        match talk.hello() {
            Some(hello) if talk.flight.complete && hello.version <= version::TLS12 => Ok(talk),
            Some(_) => Err(Interrupted::TimedOut),
            None => Err(Interrupted::AccessRefused),
        }
    }

    /// The server's hello.
    pub(super) fn hello(&self) -> Option<&ServerHello> {
        self.flight.hello.as_ref()
    }

    /// The version that was agreed on.
    pub(super) fn version(&self) -> u16 {
        self.hello().map_or(version::TLS12, |hello| hello.version)
    }

    /// Sends bytes. That the other end has closed shows when it is listened to.
    pub(super) async fn send(&mut self, bytes: &[u8]) -> Result<(), Interrupted> {
        match timeout_at(self.asker.until(), self.wire.write_all(bytes)).await {
            Err(_) => Err(Interrupted::TimedOut),
            Ok(Err(_)) if self.asker.bench().stopped() => Err(Interrupted::SafetyStop),
            Ok(Err(e)) if e.kind() == std::io::ErrorKind::QuotaExceeded => Err(Interrupted::BudgetSpent),
            Ok(_) => Ok(()),
        }
    }

    /// The next thing that the server says or does, within a time.
    pub(super) async fn reaction(&mut self, wait: Duration) -> Result<Reaction, Interrupted> {
        let end = self.asker.until().min(Instant::now() + wait);
        let mut chunk = [0; 4096];
        loop {
            if let Some(said) = self.waiting.pop_front() {
                return Ok(match said {
                    Said::Alert(alert) => Reaction::Alert(alert.description),
                    Said::Heartbeat { response: true, announced, length } => {
                        Reaction::Heartbeat { announced, length }
                    }
                    Said::Heartbeat { response: false, .. } => Reaction::Record(24),
                    Said::SealedAlert => Reaction::Record(21),
                    Said::Other(kind) => Reaction::Record(kind),
                });
            }
            let room = self.asker.room().min(chunk.len());
            let read =
                chunk.get_mut(..room).filter(|room| !room.is_empty()).ok_or(Interrupted::BudgetSpent)?;
            let n = match timeout_at(end, self.wire.read(read)).await {
                Err(_) => return Ok(Reaction::Silent),
                Ok(Ok(0)) => return Ok(Reaction::Closed),
                Ok(Err(_)) if self.asker.bench().stopped() => return Err(Interrupted::SafetyStop),
                Ok(Err(e)) if e.kind() == std::io::ErrorKind::QuotaExceeded => {
                    return Err(Interrupted::BudgetSpent);
                }
                Ok(Err(_)) => return Ok(Reaction::Reset),
                Ok(Ok(n)) => n,
            };
            self.asker.took(n);
            let said = self.reader.push(chunk.get(..n).unwrap_or_default());
            self.waiting.extend(said.ok_or(Interrupted::NotUnderstood)?);
        }
    }

    /// Ends the connection.
    pub(super) async fn end(mut self) {
        let _ = timeout(CLOSING, self.wire.shutdown()).await;
    }
}
