//! Redis: `INFO keyspace` without AUTH.

use auscult_facts::Interrupted;
use auscult_facts::store::{Entry, StoreFacts};
use auscult_wire::store::redis::{Reply, command, databases, reply};

use super::{Talk, Told, Visit, ask, one_way};

pub(super) async fn look(visit: &Visit<'_>) -> Result<StoreFacts, Interrupted> {
    one_way(visit, "redis", converse).await
}

async fn converse(talk: &mut Talk) -> Result<Told, Interrupted> {
    let info = ask(talk, &command(&["INFO", "keyspace"]), reply).await?;
    if let Reply::Bytes(text) = &info
        && let Some(databases) = databases(text)
    {
        return Ok((Entry::Open, Some(databases)));
    }
    if let Some(entry) = refusal(&info) {
        return Ok((entry, None));
    }
    // Where INFO goes by another name: the number of keys is no secret's content, and only who is in is told it.
    let size = ask(talk, &command(&["DBSIZE"]), reply).await?;
    match &size {
        Reply::Number(_) => Ok((Entry::Open, None)),
        other => Ok((refusal(other).unwrap_or(Entry::Unclear), None)),
    }
}

/// How a stranger was turned away; `None` where the error says something else.
fn refusal(reply: &Reply) -> Option<Entry> {
    if reply.is_error("NOAUTH") {
        Some(Entry::LoginDemanded)
    } else if reply.is_error("DENIED") || reply.is_error("NOPERM") {
        // Protected mode, or a default user without rights.
        Some(Entry::Refused)
    } else if matches!(reply, Reply::Error(text) if text.starts_with(b"ERR operation not permitted")) {
        // Servers before 2.8.
        Some(Entry::LoginDemanded)
    } else {
        None
    }
}
