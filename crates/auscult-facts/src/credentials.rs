//! What came of accounts that products are shipped with, at a login of any protocol.

use serde::{Deserialize, Serialize};

/// What came of a short list of well-known accounts; no password is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// Whether an account made up for this run was let in: passwords are not looked at.
    #[serde(default)]
    pub opens_to_anything: bool,
    /// Pairs of name and password of the list that were tried.
    pub tried: u32,
    /// Pairs in the list.
    pub listed: u32,
    /// Name, of our own list, of the account that was let in, and refused with another password.
    #[serde(default)]
    pub opened: Option<String>,
    /// Why trying ended before the end of the list.
    #[serde(default)]
    pub stopped: Option<Stopped>,
}

/// Why trying ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// It shows a sign of locking or slowing down.
    Locked,
    /// It no longer answered.
    Silent,
    /// An answer that is neither a refusal nor an opening.
    Undecidable,
    /// Accounts got as many wrong passwords at other logins of the node as one run may try.
    Spared,
    /// The time of one observation was nearly over.
    OutOfTime,
}
