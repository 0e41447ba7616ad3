//! MongoDB: `listDatabases` without a login.

use auscult_facts::Interrupted;
use auscult_facts::store::{Entry, StoreFacts};
use auscult_wire::store::mongodb::{WIRE_WITH_OP_MSG, hello, list_databases, reply};

use super::{Talk, Told, Visit, ask, one_way};

/// Numbers of our two requests; each answer must repeat its own.
const HELLO: u32 = 0x6175_0001;
const LIST: u32 = 0x6175_0002;

/// Unauthorized; also: authentication failed, and no such command for who is not in.
const UNAUTHORISED: [i64; 3] = [13, 18, 8000];

pub(super) async fn look(visit: &Visit<'_>) -> Result<StoreFacts, Interrupted> {
    one_way(visit, "mongodb", converse).await
}

async fn converse(talk: &mut Talk) -> Result<Told, Interrupted> {
    let told = ask(talk, &hello(HELLO), |bytes| reply(bytes, HELLO)).await?;
    let op_msg = told.max_wire_version.is_some_and(|version| version >= WIRE_WITH_OP_MSG);
    let list = ask(talk, &list_databases(LIST, op_msg), |bytes| reply(bytes, LIST)).await?;
    let entry = match (list.ok, list.databases) {
        (true, Some(_)) => Entry::Open,
        (false, _) if list.says_unauthorised || list.code.is_some_and(|c| UNAUTHORISED.contains(&c)) => {
            Entry::LoginDemanded
        }
        _ => Entry::Unclear,
    };
    Ok((entry, list.databases.filter(|_| list.ok)))
}
