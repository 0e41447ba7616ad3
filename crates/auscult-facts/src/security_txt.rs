//! What a web server says about how to report a flaw (RFC 9116).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one web server answered at the two places where the file may stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityTxtFacts {
    /// `/.well-known/security.txt`.
    pub well_known: Answer<SecurityTxt>,
    /// `/security.txt`; `NoOccasion` where the first place has the file.
    pub legacy: Answer<SecurityTxt>,
}

impl Facts for SecurityTxtFacts {
    const KIND: &'static str = "security-txt";
    const SCOPE: Scope = Scope::Protocols(&["http"]);
}

/// One answer, read as the file it ought to be. Strings are hostile and cut to 200 characters, lists to 10.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityTxt {
    /// Status code.
    pub status: u16,
    /// Whether it sends the reader to another service.
    #[serde(default)]
    pub elsewhere: bool,
    /// `Contact`; the file is one when it has at least one.
    #[serde(default)]
    pub contacts: Vec<String>,
    /// `Expires`, each as read; `None` for one that is no date (RFC 3339).
    #[serde(default)]
    pub expires: Vec<Option<Timestamp>>,
    /// `Policy`.
    #[serde(default)]
    pub policies: Vec<String>,
    /// `Preferred-Languages`.
    #[serde(default)]
    pub languages: Option<String>,
    /// Whether it carries an OpenPGP signature; it was not verified.
    #[serde(default)]
    pub signed: bool,
}

impl SecurityTxt {
    /// Whether it names at least one contact.
    pub fn is_one(&self) -> bool {
        self.status == 200 && !self.contacts.is_empty()
    }
}
