//! A ChangeCipherSpec message before there is a key (CVE-2014-0224).
//!
//! A sound server ends the handshake. One with the flaw says nothing, since it has gone over to keys made of nothing, and
//! then cannot decrypt the next record.

use auscult_facts::Interrupted;
use auscult_wire::tls::change_cipher_spec;

use super::super::ask::Asker;
use super::talk::{Reaction, SILENCE, Talk, hello};

/// Alerts of a server that has tried to decrypt: `bad_record_mac` and `decryption_failed`.
const UNDECRYPTED: [u8; 2] = [20, 21];

/// Whether the message is taken; asked twice where it is.
pub(super) async fn ask(asker: &Asker) -> Result<bool, Interrupted> {
    Ok(taken(asker).await? && taken(asker).await?)
}

async fn taken(asker: &Asker) -> Result<bool, Interrupted> {
    let mut talk = Talk::begin_whole(asker, &hello(asker, |_| true)).await?;
    let told = twice(&mut talk).await;
    talk.end().await;
    told
}

async fn twice(talk: &mut Talk<'_>) -> Result<bool, Interrupted> {
    let message = change_cipher_spec(talk.version());
    talk.send(&message).await?;
    match talk.reaction(SILENCE).await? {
        Reaction::Silent => {}
        Reaction::Alert(_) => return Ok(false),
        // It may end every connection here, whatever was sent.
        Reaction::Closed | Reaction::Reset => return Err(Interrupted::AccessRefused),
        Reaction::Heartbeat { .. } | Reaction::Record(_) => return Err(Interrupted::NotUnderstood),
    }
    talk.send(&message).await?;
    match talk.reaction(SILENCE).await? {
        Reaction::Alert(alert) if UNDECRYPTED.contains(&alert) => Ok(true),
        // It had not looked at the first one yet, or has counted them.
        Reaction::Alert(_) => Ok(false),
        Reaction::Silent => Err(Interrupted::TimedOut),
        Reaction::Closed | Reaction::Reset => Err(Interrupted::AccessRefused),
        Reaction::Heartbeat { .. } | Reaction::Record(_) => Err(Interrupted::NotUnderstood),
    }
}
