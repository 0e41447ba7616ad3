//! MySQL and MariaDB: the greeting; at intrusive, the account `root` without a password.

use auscult_facts::store::{Entry, StoreFacts};
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_model::Impact;
use auscult_wire::store::mysql::{
    CLIENT_SSL, Greeting, Reply, empty_proof, greeting, login, packet, quit, reply, ssl_request,
};

use super::{Talk, Told, Visit, put};
use crate::mqtt::door::Shut;

/// The account that every installation has.
const ACCOUNT: &str = "root";

/// Access denied (1045), for this database (1044), for a name that may not log in so (1698), wrong or old way of
/// login (1251, 1275).
const DENIED: [u16; 5] = [1044, 1045, 1698, 1251, 1275];

/// This host is blocked (1129), or not allowed (1130).
const NOT_HERE: [u16; 2] = [1129, 1130];

/// Only protected connections are served: MySQL and MariaDB.
const ONLY_TLS: [u16; 2] = [3159, 4151];

pub(super) async fn look(visit: &Visit<'_>) -> Result<StoreFacts, Interrupted> {
    let mut facts = visit.blank("mysql");
    let first = match visit.open().await {
        Err(Shut::Other(why)) => return Err(why),
        Err(Shut::CertificateDemanded) => {
            facts.client_certificate_demanded = true;
            return Ok(facts);
        }
        Ok(talk) => talk,
    };
    let inside = facts.tls;
    let Some((mut talk, offered)) = greeted(first, &mut facts, inside).await? else { return Ok(facts) };
    if visit.bench.allowed() < Impact::Intrusive {
        let unasked = Answer::NotAsked(NotAsked::Impact);
        if inside {
            facts.inside_tls = unasked
        } else {
            facts.in_clear = unasked
        }
        talk.close().await;
        return Ok(facts);
    }
    let told = log_in(&mut talk, 1, inside).await;
    talk.close().await;
    put(&mut facts, inside, told);
    // What is refused in clear may be open inside TLS; the same account is tried no more than twice.
    if !inside && offered && facts.in_clear.seen().is_some_and(|entry| *entry != Entry::Open) {
        protected(visit, &mut facts).await;
    }
    Ok(facts)
}

/// Hears the greeting; `None` when an error stood in its place. Says too whether TLS is offered.
async fn greeted(
    mut talk: Talk,
    facts: &mut StoreFacts,
    inside: bool,
) -> Result<Option<(Talk, bool)>, Interrupted> {
    let heard = match talk.whole(&mut Vec::new(), whole).await {
        Ok((_, body)) => greeting(&body).map_err(|_| Interrupted::NotUnderstood),
        Err(why) => Err(why),
    };
    match heard {
        Ok(Greeting::Ready(capabilities)) => {
            let offered = capabilities & CLIENT_SSL != 0;
            if !inside {
                facts.offers_tls = Answer::Seen(offered);
            }
            Ok(Some((talk, offered)))
        }
        Ok(Greeting::Error(code)) => {
            talk.close().await;
            let entry = if NOT_HERE.contains(&code) { Entry::Refused } else { Entry::Unclear };
            put(facts, inside, Ok((entry, None)));
            Ok(None)
        }
        Err(why) => {
            talk.close().await;
            Err(why)
        }
    }
}

async fn protected(visit: &Visit<'_>, facts: &mut StoreFacts) {
    let told = async {
        let mut talk = visit.open().await?;
        talk.whole(&mut Vec::new(), whole).await?;
        talk.send(&ssl_request()).await?;
        let mut talk = talk.protect(visit.subject).await?;
        let told = log_in(&mut talk, 2, true).await;
        talk.close().await;
        Ok(told?)
    };
    match told.await {
        Ok(told) => put(facts, true, Ok(told)),
        Err(Shut::CertificateDemanded) => facts.client_certificate_demanded = true,
        Err(Shut::Other(why)) => facts.inside_tls = Answer::Interrupted(why),
    }
}

async fn log_in(talk: &mut Talk, number: u8, inside: bool) -> Result<Told, Interrupted> {
    talk.send(&login(number, ACCOUNT, inside)).await?;
    let mut held = Vec::new();
    let (number, body) = talk.whole(&mut held, whole).await?;
    let mut said = reply(&body).map_err(|_| Interrupted::NotUnderstood)?;
    if said == Reply::Switch {
        talk.send(&empty_proof(number.wrapping_add(1))).await?;
        let (_, body) = talk.whole(&mut held, whole).await?;
        said = reply(&body).map_err(|_| Interrupted::NotUnderstood)?;
    }
    let entry = match said {
        Reply::Done => Entry::Open,
        Reply::Error(code) if DENIED.contains(&code) => Entry::LoginDemanded,
        Reply::Error(code) if NOT_HERE.contains(&code) => Entry::Refused,
        Reply::Error(code) if ONLY_TLS.contains(&code) => Entry::TlsDemanded,
        // A way of login that wants more than an empty password.
        Reply::More(1) | Reply::Switch => Entry::LoginDemanded,
        Reply::Error(_) | Reply::More(_) => Entry::Unclear,
    };
    if entry == Entry::Open {
        let _ = talk.send(&quit()).await;
    }
    Ok((entry, None))
}

type Body = (u8, Vec<u8>);

fn whole(bytes: &[u8]) -> Result<Option<(Body, usize)>, auscult_wire::store::Error> {
    Ok(packet(bytes)?.map(|packet| ((packet.number, packet.body), packet.took)))
}
