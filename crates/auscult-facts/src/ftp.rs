//! What an FTP server offers to a stranger.

use serde::{Deserialize, Serialize};

use crate::credentials::Accounts;
use crate::{Answer, Facts, Scope};

/// What one FTP service showed; codes only, none of its text is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FtpFacts {
    /// Whether it was spoken to inside TLS from the first byte.
    pub tls: bool,
    /// Code with which it answered a demand for TLS (`AUTH TLS`); 234 is yes.
    pub auth_tls: Answer<u16>,
    /// How it answered the name of a user that does not exist (`USER`); no password came behind it.
    pub user_in_clear: Answer<Name>,
    /// The last answer to a login as `anonymous`; 230 is in.
    pub anonymous: Answer<Name>,
    /// What it said to accounts that products are shipped with.
    pub accounts: Answer<Accounts>,
}

/// How a name, or the login behind it, was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Code; 331 asks for a password.
    pub code: u16,
    /// Whether code or words say that TLS has to come first.
    pub wants_tls: bool,
}

impl Facts for FtpFacts {
    const KIND: &'static str = "ftp";
    const SCOPE: Scope = Scope::Protocols(&["ftp"]);
}
