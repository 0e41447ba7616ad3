//! AMQP 0-9-1: the ways of login in the greeting, ANONYMOUS where it is offered, and at intrusive `guest`.

use auscult_facts::broker::{Accounts, BrokerFacts};
use auscult_facts::entry::Entry;
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_model::Impact;
use auscult_wire::amqp::{HEADER, Method, close, close_ok, method, plain, start_ok};

use super::Visit;
use crate::mqtt::door::{Shut, Talk, answer};

/// The account that RabbitMQ is shipped with.
const ACCOUNT: &str = "guest";

/// Ways of login that are written down; others are only noise.
const MECHANISMS: [&str; 9] = [
    "ANONYMOUS",
    "PLAIN",
    "AMQPLAIN",
    "EXTERNAL",
    "RABBIT-CR-DEMO",
    "CRAM-MD5",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
    "DIGEST-MD5",
];

/// How many frames are passed over before an answer.
const FRAMES: usize = 8;

pub(super) async fn look(visit: &Visit<'_>) -> Result<BrokerFacts, Interrupted> {
    let mut facts = visit.blank("amqp");
    let talk = match visit.open(Impact::Safe).await {
        Err(Shut::Other(why)) => return Err(why),
        Err(Shut::CertificateDemanded) => {
            facts.client_certificate_demanded = true;
            return Ok(facts);
        }
        Ok(talk) => talk,
    };
    let (mut talk, mut held) = (talk, Vec::new());
    let offered = match begin(&mut talk, &mut held).await {
        Ok(offered) => offered,
        Err(why) => {
            talk.close().await;
            return Err(why);
        }
    };
    facts.mechanisms = offered;
    let entry = if facts.mechanisms.contains("ANONYMOUS") {
        log_in(&mut talk, &mut held, "ANONYMOUS", b"auscult").await
    } else if facts.mechanisms.is_empty() {
        Ok(Entry::Unclear)
    } else {
        // Every way that it offers wants to know who is there.
        Ok(Entry::LoginDemanded)
    };
    talk.close().await;
    let entry = answer(entry);
    if facts.tls {
        facts.inside_tls = entry;
    } else {
        facts.in_clear = entry;
    }
    if facts.mechanisms.contains("PLAIN") {
        facts.accounts = if visit.bench.allowed() < Impact::Intrusive {
            Answer::NotAsked(NotAsked::Impact)
        } else {
            answer(accounts(visit).await)
        };
    }
    Ok(facts)
}

/// Says the header and hears the ways of login.
async fn begin(
    talk: &mut Talk,
    held: &mut Vec<u8>,
) -> Result<std::collections::BTreeSet<String>, Interrupted> {
    talk.send(&HEADER).await?;
    match talk.whole(held, method).await? {
        Method::Start(offered) => {
            let offered = String::from_utf8_lossy(&offered).into_owned();
            let known = |word: &&str| MECHANISMS.contains(word);
            Ok(offered.split(' ').filter(known).map(ToOwned::to_owned).collect())
        }
        // AMQP 1.0 is another protocol in all but its name.
        Method::OtherVersion(_) => Err(Interrupted::BeyondInstrument),
        _ => Err(Interrupted::NotUnderstood),
    }
}

async fn log_in(
    talk: &mut Talk,
    held: &mut Vec<u8>,
    mechanism: &str,
    response: &[u8],
) -> Result<Entry, Interrupted> {
    talk.send(&start_ok(mechanism, response)).await?;
    for _ in 0..FRAMES {
        match talk.whole(held, method).await? {
            Method::Tune => {
                let _ = talk.send(&close()).await;
                return Ok(Entry::Open);
            }
            // Access refused.
            Method::Close(403) => {
                let _ = talk.send(&close_ok()).await;
                return Ok(Entry::LoginDemanded);
            }
            Method::Close(_) => return Ok(Entry::Unclear),
            Method::Secure => return Ok(Entry::LoginDemanded),
            Method::Start(_) | Method::OtherVersion(_) => return Err(Interrupted::NotUnderstood),
            Method::Other => {}
        }
    }
    Err(Interrupted::NotUnderstood)
}

/// Tries a made-up account, `guest`, and `guest` with a made-up password if the last one was let in.
async fn accounts(visit: &Visit<'_>) -> Result<Accounts, Interrupted> {
    let made_up = format!("auscult-{}", visit.mark);
    let mut seen = Accounts { accepts_any_password: false, tried: 0, accepted: None };
    if account(visit, &made_up, &made_up).await? {
        seen.accepts_any_password = true;
        return Ok(seen);
    }
    seen.tried = 1;
    if account(visit, ACCOUNT, ACCOUNT).await? {
        if account(visit, ACCOUNT, &made_up).await? {
            seen.accepts_any_password = true;
        } else {
            seen.accepted = Some(ACCOUNT.to_owned());
        }
    }
    Ok(seen)
}

async fn account(visit: &Visit<'_>, name: &str, password: &str) -> Result<bool, Interrupted> {
    let mut talk = match visit.open(Impact::Intrusive).await {
        Err(Shut::Other(why)) => return Err(why),
        Err(Shut::CertificateDemanded) => return Err(Interrupted::AccessRefused),
        Ok(talk) => talk,
    };
    let mut held = Vec::new();
    let entry = match begin(&mut talk, &mut held).await {
        Ok(_) => log_in(&mut talk, &mut held, "PLAIN", &plain(name, password)).await,
        Err(why) => Err(why),
    };
    talk.close().await;
    match entry? {
        Entry::Open => Ok(true),
        Entry::LoginDemanded => Ok(false),
        Entry::TlsDemanded | Entry::Refused | Entry::Unclear => Err(Interrupted::AccessRefused),
    }
}
