//! Which logins and which APIs a web service shows to somebody who reads its pages.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What reading one web service showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginsFacts {
    /// What was found; `NoOccasion` where the scenario declares neither logins nor APIs of the service, so that nothing
    /// was read.
    pub crawl: Answer<Crawl>,
}

impl Facts for LoginsFacts {
    const KIND: &'static str = "logins";
    const SCOPE: Scope = Scope::Protocols(&["http", "fhir", "dicomweb"]);
}

/// The pages that were read, from the declared paths, the front page and the usual paths on, following links within the
/// service. Paths are hostile and cut to 120 characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crawl {
    /// Why reading ended.
    pub end: End,
    /// Paths that were asked.
    pub asked: u32,
    /// Of them, those that were answered to the end, in a form that can be read.
    pub answered: u32,
    /// Of them, those that gave something (2xx with a body).
    #[serde(default)]
    pub given: u32,
    /// Paths that were known and not asked, because a bound was met.
    #[serde(default)]
    pub left: u32,
    /// Whether a path that cannot exist is answered with a page, so that no page says that it is there.
    #[serde(default)]
    pub same_page: bool,
    /// Links that were not followed because they look as if following them did something, at most 16; those that only
    /// end a session are left out.
    #[serde(default)]
    pub spared: Vec<String>,
    /// Scripts, or pages with scripts, that may build forms or find further addresses by themselves, and scripts from
    /// other services, at most 8.
    #[serde(default)]
    pub scripted: Vec<String>,
    /// Hosts of other services to which pages send those who must log in, at most 8.
    #[serde(default)]
    pub elsewhere: BTreeSet<String>,
    /// Logins, at most 32.
    #[serde(default)]
    pub logins: Vec<FoundLogin>,
    /// Paths that refuse for want of a login (401) and do not say which (RFC 9110, 11.6.1), at most 16.
    #[serde(default)]
    pub unnamed: Vec<String>,
    /// Pages on which the device is managed and that were given without a login, at most 16.
    #[serde(default)]
    pub managed: Vec<String>,
    /// APIs, at most 200.
    #[serde(default)]
    pub apis: Vec<FoundApi>,
    /// What each declared path of a login showed.
    #[serde(default)]
    pub declared: Vec<Asked>,
}

impl Crawl {
    /// Whether everything that was known was asked and answered to its end.
    pub fn complete(&self) -> bool {
        self.end == End::Complete && self.left == 0 && self.asked > 0 && self.asked == self.answered
    }
}

/// Why reading ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// No path was left to ask.
    #[default]
    Complete,
    /// As many paths were asked as one reading may.
    Pages,
    /// A page was longer than is read, or as many bytes were read as one reading may.
    Bytes,
    /// Links led deeper than is followed.
    Depth,
    /// More was found than is kept.
    Many,
    /// Time, budget or the service itself ended it.
    Interrupted,
}

/// A way to log in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundLogin {
    /// Path on which it was found.
    pub path: String,
    /// How it asks.
    pub by: Mechanism,
    /// Where a form sends to, if that is within the service.
    #[serde(default)]
    pub sends_to: Option<String>,
    /// Whether a path that cannot exist asks in the same way.
    #[serde(default)]
    pub everywhere: bool,
}

/// How a web service asks who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mechanism {
    /// An HTML form with a password field, or the first step of one.
    Form,
    /// Scheme Basic.
    Basic,
    /// Scheme Digest.
    Digest,
    /// Scheme Bearer.
    Bearer,
    /// Scheme Negotiate.
    Negotiate,
    /// Another scheme, such as NTLM.
    Other,
}

impl Mechanism {
    /// The word in a file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Basic => "basic",
            Self::Digest => "digest",
            Self::Bearer => "bearer",
            Self::Negotiate => "negotiate",
            Self::Other => "other",
        }
    }
}

/// An API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundApi {
    /// Its path, or the path of one of its functions.
    pub path: String,
    /// By what it was told.
    pub by: ApiSign,
}

/// By what an API was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApiSign {
    /// A description of OpenAPI or Swagger names it.
    Description,
    /// A capability statement of FHIR.
    Fhir,
    /// A description of web services (WSDL).
    Wsdl,
    /// It answers in JSON.
    Json,
}

/// What a declared path showed to somebody without a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The path as it is declared.
    pub path: String,
    /// What it showed; `NoOccasion` where asking for it looks as if it did something.
    pub shown: Answer<Shown>,
}

/// What a path showed, behind its redirects within the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// It asks who is there, in these ways.
    Login {
        /// Where: the path itself, or where it leads.
        at: String,
        /// How.
        by: BTreeSet<Mechanism>,
    },
    /// It refuses (401, 403) and does not say what it wants.
    Refused,
    /// It leads to another service.
    Elsewhere,
    /// It is not there: 404 and the like, or the answer of a path that cannot exist.
    Nothing,
    /// A page on which the device is managed.
    Managed,
    /// It gave something else than a page: data.
    Data,
    /// It gave a page without a login; a script of the page may make one.
    Page {
        /// Whether the page has scripts or a form.
        may_ask: bool,
    },
}
