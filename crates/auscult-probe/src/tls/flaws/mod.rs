//! Asks a TLS endpoint as if its implementation had a known flaw, in such a way that one with the flaw shows it and
//! loses nothing by it.
//!
//! All of it belongs to TLS 1.2 and older versions. Nothing that an answer holds is kept beyond its kind and length.

mod early;
mod heartbeat;
mod rsa;
mod talk;
mod ticket;

use auscult_facts::tls_flaws::TlsFlawsFacts;
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::{Impact, Transport};
use auscult_wire::tls::version;

use super::ask::{Allowance, Asker, Outcome};
use super::question::Question;
use super::{LAST_READ, PER_CONNECTION, PER_QUESTION, SEGMENT};
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Observer of known flaws of TLS implementations.
///
/// It works at `intrusive` only: some of what it sends breaks the rules of the handshake, as a fuzzer would.
#[derive(Clone, Copy, Debug)]
pub struct TlsFlaws;

/// What one look may spend: 2 for versions, each tried again once, 2 for heartbeats, 2 for early messages, 4 for
/// tickets, and 1 and 20 for RSA.
const ALLOWANCE: Allowance = Allowance { connections: 36, reads: 1200, bytes: 1 << 20 };

/// Reads that may go over the allowance: the last of each handshake.
const OVER: u64 = 8;

impl Observer for TlsFlaws {
    type Facts = TlsFlawsFacts;
    const NAME: &'static str = "tls-flaws/1";
    const IMPACT: Impact = Impact::Intrusive;

    fn bound(_: Depth, _: Impact) -> Bound {
        let reads = ALLOWANCE.reads + OVER + ticket::MOST_READS * ticket::HANDSHAKES;
        let bytes = ALLOWANCE.bytes + OVER * LAST_READ + ticket::MOST_BYTES as u64 * ticket::HANDSHAKES;
        let packets = ALLOWANCE.connections * (PER_CONNECTION + PER_QUESTION) + reads + bytes / SEGMENT;
        Bound { connections: ALLOWANCE.connections, packets }
    }

    async fn look(bench: &NodeBench, subject: &Subject, _: &Errand) -> Result<TlsFlawsFacts, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        if service.transport != Transport::Tcp {
            return Err(Interrupted::BeyondInstrument);
        }
        // An address is no server name (RFC 6066, section 3).
        let name = subject.host_names.iter().find(|n| n.parse::<std::net::IpAddr>().is_err()).cloned();
        let asker = Asker::new(bench, service.port, Impact::Intrusive, name, false, 1, ALLOWANCE);
        if !old_version(&asker).await? {
            return Ok(TlsFlawsFacts {
                old_version: Answer::Seen(false),
                heartbeat: Answer::NotAsked(NotAsked::NoOccasion),
                early_change: Answer::NotAsked(NotAsked::NoOccasion),
                rsa: Answer::NotAsked(NotAsked::NoOccasion),
                ticket: Answer::NotAsked(NotAsked::NoOccasion),
            });
        }
        // One after the other: many devices serve one connection at a time.
        Ok(TlsFlawsFacts {
            old_version: Answer::Seen(true),
            heartbeat: answer(heartbeat::ask(&asker).await),
            early_change: answer(early::ask(&asker).await),
            ticket: answer(ticket::ask(&asker).await),
            rsa: answer(rsa::ask(&asker).await),
        })
    }
}

/// Whether TLS 1.2 or an older version is accepted.
async fn old_version(asker: &Asker) -> Result<bool, Interrupted> {
    match asker.ask(&Question::only(version::TLS12)).await {
        Outcome::Accepted(_) => Ok(true),
        Outcome::Refused(_) => match asker.ask(&Question::only(version::TLS13)).await {
            // That it serves the newer version shows that it was the older one that it refused.
            Outcome::Accepted(_) => Ok(false),
            other => Err(why(&other)),
        },
        other => Err(why(&other)),
    }
}

/// What came in between.
fn why(outcome: &Outcome) -> Interrupted {
    match outcome {
        Outcome::Interrupted(why) => *why,
        Outcome::NotAsked => Interrupted::BudgetSpent,
        _ => Interrupted::AccessRefused,
    }
}

fn answer<T>(told: Result<T, Interrupted>) -> Answer<T> {
    match told {
        Ok(seen) => Answer::Seen(seen),
        Err(why) => Answer::Interrupted(why),
    }
}
