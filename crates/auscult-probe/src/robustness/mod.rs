//! Treats a service badly on purpose: malformed and cut input, slow connections, bounded load.
//!
//! Only where `disruptive` is authorised, and never at the ward's pace. After every step the well-formed question that
//! was answered before is asked again; the first step after which it is not answered as before is the last. Nothing
//! that is sent can be stored by a service that reads it: every message is broken, a query, or ends before it is whole.

mod datagrams;
mod inputs;
mod rough;
mod speech;

use std::time::Duration;

use auscult_facts::robustness::{Marks, RobustnessFacts, SPOKEN, Series, State};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::{Impact, Pace, Transport};
use tokio::time::Instant;

use crate::mqtt::door::inside_tls;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

use rough::Rough;
use speech::Speech;

pub use datagrams::OverUdp;

/// Connections of one observation at most: two questions before, [`inputs::MOST`] steps with up to four connections
/// each, the slow ones and the load.
const CONNECTIONS: u64 =
    2 + inputs::MOST * 4 + 2 * (rough::HELD + 4) + rough::QUESTIONS + rough::AT_ONCE as u64 + 4;

/// So long before the end of the time for one observation no step is begun any more.
const RESERVE: Duration = Duration::from_secs(7);

/// The observer.
#[derive(Debug)]
pub struct Robustness;

impl Observer for Robustness {
    type Facts = RobustnessFacts;
    const NAME: &'static str = "robustness/1";
    const IMPACT: Impact = Impact::Disruptive;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound { connections: CONNECTIONS, packets: CONNECTIONS * speech::PACKETS }
    }

    async fn look(
        bench: &NodeBench,
        subject: &Subject,
        errand: &Errand,
    ) -> Result<RobustnessFacts, Interrupted> {
        if bench.limits().pace == Pace::Ward {
            return Err(Interrupted::NotAuthorised);
        }
        if subject.service.as_ref().is_some_and(|s| s.transport != Transport::Tcp) {
            return Err(Interrupted::BeyondInstrument);
        }
        let word = subject.service.as_ref().and_then(|s| s.protocol()).ok_or(Interrupted::InstrumentFault)?;
        let protocol = SPOKEN.iter().copied().find(|p| *p == word).ok_or(Interrupted::InstrumentFault)?;
        let speech = Speech::of(bench, subject, errand, protocol);
        let first = speech.ask().await?;
        let second = speech.ask().await?;
        let healthy = errand.health.healthy(&subject.node).await;
        let none = || NotAsked::NoOccasion;
        let mut facts = RobustnessFacts {
            protocol: protocol.to_owned(),
            tls: inside_tls(subject),
            before: (first == second).then_some(first),
            healthy_before: healthy,
            malformed: Answer::NotAsked(none()),
            tls_malformed: Answer::NotAsked(none()),
            marks: Answer::NotAsked(none()),
            slow: Answer::NotAsked(none()),
            load: Answer::NotAsked(none()),
        };
        let Some(before) = facts.before.clone() else { return Ok(facts) };
        if healthy == Some(false) {
            return Ok(facts);
        }
        let deadline = Instant::now() + bench.limits().observation.saturating_sub(RESERVE);
        let rough = Rough { bench, subject, errand, speech: &speech, before: &before, deadline };
        facts.malformed = Answer::Seen(rough.malformed().await);
        if !well(&facts.malformed) {
            return Ok(facts);
        }
        if facts.tls {
            facts.tls_malformed = Answer::Seen(rough.tls_malformed().await);
            if !well(&facts.tls_malformed) {
                return Ok(facts);
            }
        }
        if ["http", "fhir"].contains(&protocol) {
            let marks = rough.marks().await;
            let fine = marks.after == State::AsBefore;
            facts.marks = Answer::Seen(marks);
            if !fine {
                return Ok(facts);
            }
        }
        facts.slow = Answer::Seen(rough.slow().await);
        if well(&facts.slow) {
            facts.load = Answer::Seen(rough.load().await);
        }
        Ok(facts)
    }
}

/// Whether a series was borne well, so that the next one may follow.
fn well(series: &Answer<Series>) -> bool {
    series.seen().is_some_and(|s| s.missed().is_none())
}

/// Marks of which nothing is known yet.
fn no_marks(asked: usize) -> Marks {
    Marks {
        asked: u32::try_from(asked).unwrap_or(u32::MAX),
        answered: 0,
        read_files: Vec::new(),
        became_headers: Vec::new(),
        after: State::Unknown,
    }
}
