//! NATS: what the greeting says of logins and TLS, and a session without a login.

use auscult_facts::broker::BrokerFacts;
use auscult_facts::entry::Entry;
use auscult_facts::{Answer, Interrupted};
use auscult_model::Impact;
use auscult_wire::store::Error;
use serde_json::Value;

use super::Visit;
use crate::mqtt::door::{Shut, Talk, answer};

/// Asks for a session and whether it is there; `PONG` comes only to who is in.
const CONNECT: &[u8] =
    b"CONNECT {\"verbose\":false,\"pedantic\":false,\"name\":\"auscult\",\"lang\":\"rust\",\"version\":\"0\",\"protocol\":1}\r\nPING\r\n";

/// Longest line of a greeting.
const LINE: usize = 16 << 10;

/// Lines between the question and its answer.
const LINES: usize = 8;

/// What a greeting says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Greeting {
    /// TLS is demanded.
    tls_required: bool,
    /// TLS is offered.
    tls_available: bool,
}

pub(super) async fn look(visit: &Visit<'_>) -> Result<BrokerFacts, Interrupted> {
    let mut facts = visit.blank("nats");
    let mut talk = match visit.open(Impact::Safe).await {
        Err(Shut::Other(why)) => return Err(why),
        Err(Shut::CertificateDemanded) => {
            facts.client_certificate_demanded = true;
            return Ok(facts);
        }
        Ok(talk) => talk,
    };
    let mut held = Vec::new();
    let greeting = match greeted(&mut talk, &mut held).await {
        Ok(greeting) => greeting,
        Err(why) => {
            talk.close().await;
            return Err(why);
        }
    };
    if facts.tls {
        facts.inside_tls = answer(join(&mut talk, &mut held).await);
        talk.close().await;
        return Ok(facts);
    }
    let offered = greeting.tls_required || greeting.tls_available;
    facts.offers_tls = Answer::Seen(offered);
    if greeting.tls_required {
        facts.in_clear = Answer::Seen(Entry::TlsDemanded);
        protected(visit, talk, &mut facts).await;
        return Ok(facts);
    }
    facts.in_clear = answer(join(&mut talk, &mut held).await);
    talk.close().await;
    Ok(facts)
}

/// Goes over to TLS after the greeting, as a client of NATS does.
async fn protected(visit: &Visit<'_>, talk: Talk, facts: &mut BrokerFacts) {
    match talk.protect(visit.subject).await {
        Err(Shut::CertificateDemanded) => facts.client_certificate_demanded = true,
        Err(Shut::Other(why)) => facts.inside_tls = Answer::Interrupted(why),
        Ok(mut talk) => {
            facts.inside_tls = answer(join(&mut talk, &mut Vec::new()).await);
            talk.close().await;
        }
    }
}

async fn greeted(talk: &mut Talk, held: &mut Vec<u8>) -> Result<Greeting, Interrupted> {
    let line = talk.whole(held, line).await?;
    greeting(&line).ok_or(Interrupted::NotUnderstood)
}

/// Reads `INFO {…}`.
pub(super) fn greeting(line: &[u8]) -> Option<Greeting> {
    let info: Value = serde_json::from_slice(line.strip_prefix(b"INFO ")?).ok()?;
    info.get("server_id")?;
    let says = |name: &str| info.get(name).and_then(Value::as_bool).unwrap_or(false);
    Some(Greeting { tls_required: says("tls_required"), tls_available: says("tls_available") })
}

async fn join(talk: &mut Talk, held: &mut Vec<u8>) -> Result<Entry, Interrupted> {
    talk.send(CONNECT).await?;
    for _ in 0..LINES {
        let heard = talk.whole(held, line).await?;
        if heard == b"PONG" {
            return Ok(Entry::Open);
        }
        if let Some(error) = heard.strip_prefix(b"-ERR ") {
            let text = String::from_utf8_lossy(error).to_lowercase();
            return Ok(if text.contains("authorization") || text.contains("authentication") {
                Entry::LoginDemanded
            } else if text.contains("tls") || text.contains("secure connection") {
                Entry::TlsDemanded
            } else {
                Entry::Unclear
            });
        }
    }
    Err(Interrupted::NotUnderstood)
}

fn line(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>, Error> {
    match bytes.iter().position(|b| *b == b'\n') {
        Some(end) if end <= LINE => {
            let line = bytes.get(..end).unwrap_or_default();
            Ok(Some((line.strip_suffix(b"\r").unwrap_or(line).to_vec(), end + 1)))
        }
        None if bytes.len() <= LINE => Ok(None),
        _ => Err(Error::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_are_read() {
        let seen = greeting(br#"INFO {"server_id":"x","tls_required":true}"#).unwrap();
        assert!(seen.tls_required && !seen.tls_available);
        assert_eq!(greeting(br#"INFO {"server_id":"x"}"#), Some(Greeting::default()));
        for bad in [&b"INFO {}"[..], b"INFO x", b"PING", b""] {
            assert_eq!(greeting(bad), None);
        }
    }

    #[test]
    fn lines_are_bounded() {
        assert_eq!(line(b"PONG\r\nx").unwrap(), Some((b"PONG".to_vec(), 6)));
        assert_eq!(line(b"PON").unwrap(), None);
        assert_eq!(line(&b"x".repeat(LINE + 1)), Err(Error::TooLong));
    }
}
