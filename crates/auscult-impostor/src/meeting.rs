//! One connection of the device, from its first byte to its end.

use std::io;
use std::time::Duration;

use auscult_facts::client::{Ended, Hello, Meeting, Named, Play, Reached};
use auscult_wire::tls::{MAX_OFFER, Offer, ReadError, read_offer, suite};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::forged::Refusable;
use crate::hear::hear;
use crate::secure::Wardrobe;
use crate::wire::Wire;

/// Most names of broken suites kept.
const MOST_BROKEN: usize = 40;

/// A connection as it was met.
#[derive(Debug)]
pub(crate) struct Met {
    pub(crate) meeting: Meeting,
    /// What was to be played could not be, on what the client offered.
    pub(crate) beyond: bool,
}

impl Met {
    pub(crate) fn of(reached: Reached, ended: Ended) -> Self {
        Self { meeting: Meeting { reached, ended, alert: None, hello: None, said: None }, beyond: false }
    }

    pub(crate) fn alerted(reached: Reached, alert: u8) -> Self {
        let mut met = Self::of(reached, Ended::Alert);
        met.meeting.alert = Some(alert);
        met
    }

    pub(crate) fn beyond() -> Self {
        Self { beyond: true, ..Self::of(Reached::Hello, Ended::Seen) }
    }
}

/// What the first bytes of a connection are.
enum First {
    Hello(Box<Offer>, Vec<u8>),
    /// Foreign bytes: another protocol, in clear.
    Clear(Vec<u8>),
    Nothing(Met),
}

/// Plays towards one connection.
pub(crate) async fn meet(mut wire: Wire, play: Play, wardrobe: Wardrobe) -> Met {
    let patience = wardrobe.patience();
    let (offer, bytes) = match first(&mut wire, patience).await {
        First::Nothing(met) => return met,
        First::Clear(bytes) => {
            wire.put_back(bytes);
            return hear(wire, Reached::InClear).await;
        }
        First::Hello(offer, bytes) => (offer, bytes),
    };
    let hello = told(&offer, &wardrobe);
    let mut met = match play {
        Play::NoTls => no_tls(wire, patience).await,
        Play::WeakKey | Play::Tls11 | Play::Tls10 | Play::WeakSuite => match wardrobe.forged(play, &offer) {
            Refusable::Flight(flight) => crate::forged::show(wire, &flight, patience).await,
            Refusable::Beyond => Met::beyond(),
        },
        _ => {
            wire.put_back(bytes);
            crate::secure::shake(wire, wardrobe.config(play), patience).await
        }
    };
    met.meeting.hello = Some(hello);
    met
}

async fn first(wire: &mut Wire, patience: Duration) -> First {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 4096];
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        let nothing = || if bytes.is_empty() { Reached::Tcp } else { Reached::Noise };
        let n = match tokio::time::timeout_at(deadline, wire.read(&mut chunk)).await {
            Err(_over) => return First::Nothing(Met::of(nothing(), Ended::TimeOver)),
            Ok(Ok(0)) => return First::Nothing(Met::of(nothing(), Ended::Closed)),
            Ok(Err(e)) => return First::Nothing(Met::of(nothing(), ended(&e))),
            Ok(Ok(n)) => n,
        };
        bytes.extend_from_slice(chunk.get(..n).unwrap_or_default());
        match read_offer(&bytes) {
            Ok(Some(offer)) => return First::Hello(Box::new(offer), bytes),
            Ok(None) if bytes.len() <= MAX_OFFER => {}
            Err(ReadError::NotTls { offset: 0 }) => return First::Clear(bytes),
            _ => return First::Nothing(Met::of(Reached::Noise, Ended::TooMuch)),
        }
    }
}

/// How a failed read or write ended the connection.
pub(crate) fn ended(error: &io::Error) -> Ended {
    if error.kind() == io::ErrorKind::QuotaExceeded { Ended::TooMuch } else { Ended::Closed }
}

fn told(offer: &Offer, wardrobe: &Wardrobe) -> Hello {
    let broken = offer.suites.iter().filter_map(|code| suite(*code)).filter(|s| s.is_broken());
    Hello {
        versions: offer.versions.iter().copied().take(16).collect(),
        suites: u32::try_from(offer.suites.len()).unwrap_or(u32::MAX),
        broken: broken.take(MOST_BROKEN).map(|s| s.name.to_owned()).collect(),
        named: match &offer.server_name {
            None => Named::Nobody,
            Some(name) if wardrobe.names(name) => Named::FarEnd,
            Some(_) => Named::SomebodyElse,
        },
        alpn: u32::try_from(offer.alpn.len()).unwrap_or(u32::MAX),
        status_asked: offer.status,
    }
}

/// Refuses the handshake as a server without TLS in common does (RFC 8446, section 6.2).
async fn no_tls(mut wire: Wire, patience: Duration) -> Met {
    const HANDSHAKE_FAILURE: [u8; 7] = [21, 3, 1, 0, 2, 2, 40];
    let _ = timeout(patience, wire.write_all(&HANDSHAKE_FAILURE)).await;
    let _ = timeout(patience, wire.shutdown()).await;
    let mut rest = [0; 512];
    // Closing on unread bytes would tear the alert away (RFC 9293, section 3.6.1).
    let _ = timeout(Duration::from_millis(500), async {
        while wire.read(&mut rest).await.is_ok_and(|n| n > 0) {}
    })
    .await;
    Met::of(Reached::Hello, Ended::Seen)
}
