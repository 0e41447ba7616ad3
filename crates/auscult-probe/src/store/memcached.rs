//! memcached: `stats`, and the same in the binary protocol where text is not spoken.

use auscult_facts::store::{Entry, StoreFacts};
use auscult_facts::{Answer, Interrupted};
use auscult_wire::store::memcached::{Reply, STATS, STATS_BINARY, reply, reply_binary};

use super::{Talk, Told, Visit, answer, ask, one_way};
use crate::mqtt::door::Shut;

pub(super) async fn look(visit: &Visit<'_>) -> Result<StoreFacts, Interrupted> {
    let mut facts = one_way(visit, "memcached", text).await?;
    let way = if facts.tls { &facts.inside_tls } else { &facts.in_clear };
    // With SASL it speaks the binary protocol alone, and closes on text.
    if *way == Answer::Interrupted(Interrupted::AccessRefused) {
        let told = match visit.open().await {
            Err(Shut::Other(why)) => Err(why),
            Err(Shut::CertificateDemanded) => Err(Interrupted::AccessRefused),
            Ok(mut talk) => {
                let told = binary(&mut talk).await;
                talk.close().await;
                told
            }
        };
        let entry = answer(told.map(|(entry, _)| entry));
        if facts.tls {
            facts.inside_tls = entry;
        } else {
            facts.in_clear = entry;
        }
    }
    Ok(facts)
}

async fn text(talk: &mut Talk) -> Result<Told, Interrupted> {
    Ok((entry(ask(talk, STATS, reply).await?), None))
}

async fn binary(talk: &mut Talk) -> Result<Told, Interrupted> {
    Ok((entry(ask(talk, &STATS_BINARY, reply_binary).await?), None))
}

const fn entry(reply: Reply) -> Entry {
    match reply {
        Reply::Stats => Entry::Open,
        Reply::LoginDemanded => Entry::LoginDemanded,
        Reply::Error => Entry::Unclear,
    }
}
