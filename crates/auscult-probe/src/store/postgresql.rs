//! PostgreSQL: a session as `postgres` without a password, in clear and inside TLS.

use auscult_facts::store::{Entry, StoreFacts};
use auscult_facts::{Answer, Interrupted};
use auscult_wire::store::postgresql::{Message, SSL_REQUEST, TERMINATE, message, query, startup};

use super::{Talk, Told, Visit, answer, ask, put};
use crate::mqtt::door::Shut;

/// The account that every installation has, and the database of its name.
const ACCOUNT: &str = "postgres";

/// Messages between a login and the first readiness: parameters and the key for cancelling.
const MESSAGES: usize = 64;

pub(super) async fn look(visit: &Visit<'_>) -> Result<StoreFacts, Interrupted> {
    let mut facts = visit.blank("postgresql");
    if facts.tls {
        // TLS from the first byte, as version 17 knows it, or a proxy in front.
        match visit.open().await {
            Err(Shut::Other(why)) => return Err(why),
            Err(Shut::CertificateDemanded) => facts.client_certificate_demanded = true,
            Ok(talk) => put(&mut facts, true, session(talk).await),
        }
        return Ok(facts);
    }
    let mut talk = match visit.open().await {
        Err(Shut::Other(why)) => return Err(why),
        Err(Shut::CertificateDemanded) => return Err(Interrupted::NotUnderstood),
        Ok(talk) => talk,
    };
    let offered = ask(&mut talk, &SSL_REQUEST, |bytes| match bytes {
        [] => Ok(None),
        [b'S'] => Ok(Some(true)),
        // Whatever follows the byte was put there by somebody on the way.
        [b'N'] => Ok(Some(false)),
        _ => Err(auscult_wire::store::Error::Malformed),
    })
    .await;
    facts.offers_tls = answer(offered);
    match offered {
        Err(why) => {
            talk.close().await;
            return Err(why);
        }
        Ok(false) => put(&mut facts, false, session(talk).await),
        Ok(true) => {
            match talk.protect(visit.subject).await {
                Err(Shut::CertificateDemanded) => facts.client_certificate_demanded = true,
                Err(Shut::Other(why)) => facts.inside_tls = Answer::Interrupted(why),
                Ok(talk) => put(&mut facts, true, session(talk).await),
            }
            let told = match visit.open().await {
                Ok(talk) => session(talk).await,
                Err(Shut::Other(why)) => Err(why),
                Err(Shut::CertificateDemanded) => Err(Interrupted::NotUnderstood),
            };
            put(&mut facts, false, told);
        }
    }
    Ok(facts)
}

async fn session(mut talk: Talk) -> Result<Told, Interrupted> {
    let told = converse(&mut talk).await;
    let _ = talk.send(&TERMINATE).await;
    talk.close().await;
    told
}

async fn converse(talk: &mut Talk) -> Result<Told, Interrupted> {
    talk.send(&startup(ACCOUNT, ACCOUNT)).await?;
    let mut held = Vec::new();
    let mut let_in = false;
    for _ in 0..MESSAGES {
        match talk.whole(&mut held, message).await {
            Ok(Message::Authentication(0)) => let_in = true,
            Ok(Message::Authentication(_)) => return Ok((Entry::LoginDemanded, None)),
            // Let in by the rules for hosts, and then there is no such account or database.
            Ok(Message::Error(_)) if let_in => return Ok((Entry::Unclear, None)),
            Ok(Message::Error(state)) => return Ok((refusal(state), None)),
            Ok(Message::Ready) if let_in => {
                let counted = count(talk, &mut held).await;
                return Ok((Entry::Open, counted));
            }
            Ok(Message::Ready | Message::Row(_)) => return Err(Interrupted::NotUnderstood),
            Ok(Message::Other(_)) => {}
            Err(Interrupted::TimedOut | Interrupted::AccessRefused) if let_in => {
                return Ok((Entry::Unclear, None));
            }
            Err(why) => return Err(why),
        }
    }
    Err(Interrupted::NotUnderstood)
}

/// How a stranger was turned away before a login.
fn refusal(state: [u8; 5]) -> Entry {
    match &state {
        // Invalid password; the client was asked for none and gave none.
        b"28P01" => Entry::LoginDemanded,
        // No rule for this host, account, database and way.
        b"28000" => Entry::Refused,
        _ => Entry::Unclear,
    }
}

async fn count(talk: &mut Talk, held: &mut Vec<u8>) -> Option<u64> {
    talk.send(&query("SELECT count(*) FROM pg_catalog.pg_database WHERE NOT datistemplate")).await.ok()?;
    let mut counted = None;
    for _ in 0..MESSAGES {
        match talk.whole(held, message).await.ok()? {
            Message::Row(number) => counted = number,
            Message::Ready | Message::Error(_) => break,
            Message::Authentication(_) | Message::Other(_) => {}
        }
    }
    counted
}
