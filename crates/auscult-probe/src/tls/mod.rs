//! Looks at a TLS endpoint with hellos that no ordinary client would send.

mod ask;
mod assemble;
mod chain;
mod flaws;
mod path;
mod peel;
mod question;
mod real;
mod revocation;
mod survey;

use std::sync::Arc;

use auscult_facts::tls::TlsFacts;
use auscult_facts::{Interrupted, Subject};
use auscult_model::{Impact, Transport};

use crate::{Bound, Depth, Errand, NodeBench, Observer};
use ask::{Allowance, Asker};
use survey::Survey;

pub use flaws::TlsFlaws;
pub use path::judge as judge_path;
pub use revocation::{Authorities, is_list as is_revocation_list, look as judge_revocation};

/// Observer of TLS endpoints.
///
/// With `touch` it makes one handshake as an ordinary client does, with `safe` it asks what a verdict needs, and
/// with `intrusive` at inventory depth it names everything that is accepted.
#[derive(Clone, Copy, Debug)]
pub struct Tls;

/// How far a look goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Handshake,
    Verdict,
    Inventory,
}

/// Packets that opening and closing one connection takes, as the bench counts.
const PER_CONNECTION: u64 = 4;

/// Packets of what is sent over one connection, as the bench counts; the longest hello has 1200 bytes, and a
/// handshake writes a few times.
const PER_QUESTION: u64 = 12;

/// Bytes that the bench counts as one packet.
const SEGMENT: u64 = 500;

/// Connections whose last reads may go over the allowance together.
const OVER: u64 = 16;

/// Handshakes made to their end: again after a cut, and again with other application protocols.
const HANDSHAKES: u64 = 3;

/// Most bytes that one read takes in, so that it may go over an allowance.
const LAST_READ: u64 = 20_000;

impl Reach {
    fn of(depth: Depth, allowed: Impact) -> Self {
        match (depth, allowed) {
            (_, Impact::Passive | Impact::Touch) => Self::Handshake,
            (Depth::Inventory, Impact::Intrusive | Impact::Disruptive) => Self::Inventory,
            _ => Self::Verdict,
        }
    }

    const fn allowance(self) -> Allowance {
        match self {
            Self::Handshake => Allowance { connections: 1, reads: real::MOST_READS, bytes: real::MOST_BYTES },
            Self::Verdict => Allowance { connections: 12, reads: 600, bytes: 512 << 10 },
            Self::Inventory => Allowance { connections: 360, reads: 6000, bytes: 4 << 20 },
        }
    }

    fn bound(self) -> Bound {
        let most = self.allowance();
        // A handshake has an allowance of its own beside what the questions share, and may be made three times.
        let (reads, bytes) = match self {
            Self::Handshake => (most.reads, most.bytes + LAST_READ),
            _ => (
                most.reads + OVER + HANDSHAKES * real::MOST_READS,
                most.bytes + OVER * LAST_READ + HANDSHAKES * (real::MOST_BYTES + LAST_READ),
            ),
        };
        let packets = most.connections * (PER_CONNECTION + PER_QUESTION) + reads + bytes / SEGMENT;
        Bound { connections: most.connections, packets }
    }
}

impl Observer for Tls {
    type Facts = TlsFacts;
    const NAME: &'static str = "tls/2";
    const IMPACT: Impact = Impact::Touch;

    fn bound(depth: Depth, allowed: Impact) -> Bound {
        Reach::of(depth, allowed).bound()
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<TlsFacts, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        if service.transport != Transport::Tcp {
            return Err(Interrupted::BeyondInstrument);
        }
        let reach = Reach::of(errand.depth, bench.allowed());
        let (step, lanes) = match reach {
            Reach::Handshake => (Impact::Touch, 1),
            Reach::Verdict => (Impact::Safe, 1),
            Reach::Inventory => (Impact::Intrusive, bench.limits().parallel),
        };
        // An address is no server name (RFC 6066, section 3).
        let name = subject.host_names.iter().find(|n| n.parse::<std::net::IpAddr>().is_err()).cloned();
        let alpn = service.protocol().is_none() || real::speaks_http(subject);
        let asker = Arc::new(Asker::new(bench, service.port, step, name, alpn, lanes, reach.allowance()));
        match reach {
            Reach::Handshake => {
                let real = asker.shake(subject, true).await.map_err(|failed| failed.why)?;
                Ok(assemble::handshake(&real, &asker, errand))
            }
            _ => {
                let survey = Survey::make(&asker, subject, reach == Reach::Inventory).await?;
                Ok(assemble::survey(&survey, &asker, errand))
            }
        }
    }
}

/// Reads a certificate as data; `None` when it is none: the entry for whoever wants to hand it hostile ones.
pub fn read_certificate(der: &[u8]) -> Option<auscult_facts::tls::Certificate> {
    chain::read(der)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reach_follows_depth_and_impact() {
        assert_eq!(Reach::of(Depth::Inventory, Impact::Touch), Reach::Handshake);
        assert_eq!(Reach::of(Depth::Inventory, Impact::Safe), Reach::Verdict);
        assert_eq!(Reach::of(Depth::Inventory, Impact::Intrusive), Reach::Inventory);
        assert_eq!(Reach::of(Depth::Verdict, Impact::Disruptive), Reach::Verdict);
        assert_eq!(Tls::bound(Depth::Verdict, Impact::Safe).connections, 12);
        assert_eq!(Tls::bound(Depth::Verdict, Impact::Touch).connections, 1);
    }
}
