//! Heartbeats that announce more than they hold (CVE-2014-0160).
//!
//! The first wrong request announces its own padding as payload: whoever sends it back has not checked the length, and has
//! given away nothing. Only then comes one that announces four bytes more than there are; they are never kept.

use auscult_facts::Interrupted;
use auscult_facts::tls_flaws::Heartbeat;
use auscult_wire::tls::heartbeat_request;

use super::super::ask::Asker;
use super::talk::{Reaction, SILENCE, Talk, hello};

/// Payload of a right request, in bytes; as much padding follows it (at least 16, RFC 6520, section 4).
const PAYLOAD: u16 = 16;

/// Payload and padding together.
const HELD: [u8; 2 * PAYLOAD as usize] = [0x61; 2 * PAYLOAD as usize];

/// Bytes that the last request announces beyond what it holds.
const BEYOND: u16 = 4;

/// Type, length and padding, which surround the payload of a response.
const AROUND: u16 = 3;

/// Asks for heartbeats.
pub(super) async fn ask(asker: &Asker) -> Result<Heartbeat, Interrupted> {
    let mut offer = hello(asker, |_| true);
    offer.heartbeat = true;
    let mut talk = Talk::begin_whole(asker, &offer).await?;
    if !talk.hello().is_some_and(|hello| hello.heartbeat) {
        talk.end().await;
        return Ok(Heartbeat::NotOffered);
    }
    let told = requests(&mut talk).await;
    talk.end().await;
    told
}

async fn requests(talk: &mut Talk<'_>) -> Result<Heartbeat, Interrupted> {
    if !answers(talk, PAYLOAD).await? {
        return Ok(Heartbeat::Unanswered);
    }
    let held = 2 * PAYLOAD;
    let unpadded = answers(talk, held).await?;
    let beyond = held + BEYOND;
    Ok(match (unpadded, unpadded && answers(talk, beyond).await?) {
        (false, _) => Heartbeat::LengthChecked,
        (true, false) => Heartbeat::PaddingIgnored,
        (true, true) => Heartbeat::LengthIgnored,
    })
}

/// Whether a request that announces so many bytes of payload is answered with as many.
async fn answers(talk: &mut Talk<'_>, announced: u16) -> Result<bool, Interrupted> {
    let request = heartbeat_request(talk.version(), announced, &HELD);
    talk.send(&request).await?;
    let answered = talk.reaction(SILENCE).await?;
    Ok(matches!(
        answered,
        Reaction::Heartbeat { announced: a, length } if a == announced && length >= announced + AROUND
    ))
}
