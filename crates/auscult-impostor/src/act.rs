//! One act: the device is made to dial or waited for, and every connection of it is met.

use std::sync::Arc;
use std::time::Duration;

use auscult_facts::client::{Act, Ended, Meeting, Play, Reached};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout, timeout_at};

use crate::meeting::{Met, meet};
use crate::ntp::TimeServer;
use crate::secure::Wardrobe;
use crate::stage::{Dial, Stage};
use crate::wire::{Meter, Wire};

/// Most connections that one act takes from the device.
pub(crate) const MOST_MEETINGS: usize = 3;
/// How long one connection may take in all.
pub(crate) const PLAYING: Duration = Duration::from_secs(30);
/// Seconds by which a wrong time is wrong: back into the time in which the expired certificate was valid.
const LONG_PAST: i64 = -200 * 24 * 3_600;
/// Most connections of others that one act closes; more of them end it, since somebody floods us.
const MOST_STRANGERS: u32 = 10_000;
/// Pause after a failed accept: it fails again at once while the process has no file descriptors left.
const BREATH: Duration = Duration::from_millis(50);

/// Whoever plays.
pub(crate) struct Actor<'s> {
    pub(crate) stage: &'s Stage,
    pub(crate) listener: TcpListener,
    pub(crate) wardrobe: Wardrobe,
    pub(crate) meter: Arc<Meter>,
    pub(crate) dial: Option<&'s Dial>,
    pub(crate) clock: Option<TimeServer>,
}

impl Actor<'_> {
    /// Plays one act; it ends with the connection that decides it, or when the device has not come in time.
    pub(crate) async fn act(&self, play: Play, wait: Duration) -> Act {
        let mut act = Act {
            play,
            triggered: None,
            waited_millis: 0,
            meetings: Vec::new(),
            strangers: 0,
            beyond: false,
            time_asked: false,
        };
        self.set_clock(if play == Play::WrongTime { LONG_PAST } else { 0 });
        let asked_before = self.asked_the_time();
        let begun = Instant::now();
        let mut deadline = begun + wait;
        let mut ordered = self.order();
        while act.meetings.len() < MOST_MEETINGS && act.strangers < MOST_STRANGERS {
            let accepted = timeout_at(deadline, self.listener.accept()).await;
            let (stream, from) = match accepted {
                Err(_over) => break,
                Ok(Err(_)) => {
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
                Ok(Ok(accepted)) => accepted,
            };
            if from.ip().to_canonical() != self.stage.device {
                act.strangers += 1;
                continue;
            }
            if act.meetings.is_empty() {
                act.waited_millis = millis(begun);
            }
            act.time_asked = self.asked_the_time() > asked_before;
            let met = self.met(play, stream).await;
            act.beyond |= met.beyond;
            let decides = decides(play, &act.meetings, &met.meeting)
                // Whoever has not asked for the time yet has heard nothing false.
                && (play != Play::WrongTime || act.time_asked);
            act.meetings.push(met.meeting);
            if decides {
                break;
            }
            deadline = Instant::now() + wait;
        }
        if act.meetings.is_empty() {
            act.waited_millis = millis(begun);
        }
        if let Some(ordered) = &mut ordered {
            // The device has dialled by now, or will not: its answer to the order is not waited for any longer.
            let answered = timeout(BREATH, &mut *ordered).await;
            act.triggered = Some(matches!(answered, Ok(Ok(true))) || !act.meetings.is_empty());
            ordered.abort();
        }
        act
    }

    fn set_clock(&self, shift: i64) {
        if let Some(clock) = &self.clock {
            clock.be_wrong_by(shift);
        }
    }

    fn asked_the_time(&self) -> u32 {
        self.clock.as_ref().map_or(0, TimeServer::asked)
    }

    fn order(&self) -> Option<tokio::task::JoinHandle<bool>> {
        self.dial.map(|dial| tokio::spawn(dial()))
    }

    /// One connection, whatever comes over it; bytes that nobody thought of fall on this connection alone.
    async fn met(&self, play: Play, stream: TcpStream) -> Met {
        let wire = Wire::new(stream, &self.meter);
        let mut meeting = tokio::spawn(meet(wire, play, self.wardrobe.clone()));
        match timeout(PLAYING, &mut meeting).await {
            Ok(Ok(met)) => met,
            Ok(Err(_fell)) => Met::of(Reached::Noise, Ended::TooMuch),
            Err(_over) => {
                meeting.abort();
                Met::of(Reached::Noise, Ended::TimeOver)
            }
        }
    }
}

/// Whether a connection decides the act, so that no other is waited for.
fn decides(play: Play, before: &[Meeting], now: &Meeting) -> bool {
    let spoke = |m: &Meeting| m.reached > Reached::Noise;
    match play {
        // Whether a refused client comes down to clear text shows on its next connection.
        Play::NoTls => now.reached == Reached::InClear || spoke(now) && before.iter().any(spoke),
        // A device may be confused for a moment by what came before.
        Play::Again => now.reached >= Reached::Handshake && now.reached != Reached::InClear,
        // Who speaks in clear now and then is waited for until he speaks TLS.
        _ => spoke(now) && now.reached != Reached::InClear,
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
