//! What a web server tells and grants to a stranger.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one web server showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpFacts {
    /// First answer to a plain request for the front page (the declared base path, else `/`).
    pub front: Answer<Page>,
    /// Where the front page's redirects within the same service end; `NoOccasion` where there are none.
    pub landing: Answer<Page>,
    /// Answer to a path that cannot exist.
    pub unknown: Answer<Page>,
    /// Answer to a TRACE request with a header of our own.
    pub trace: Answer<Trace>,
    /// Answer to a request that names a foreign origin.
    pub foreign_origin: Answer<ForeignOrigin>,
    /// Listings of folders.
    pub listings: Sweep,
    /// Pages for developers, and files that are no part of the site.
    pub debug: Sweep,
    /// Pages on which the device is managed.
    pub admin: Sweep,
    /// Ways to log in that were found, at most 8.
    pub logins: Vec<Login>,
    /// Cookies set on any answer, each name once, at most 20.
    pub cookies: Vec<Cookie>,
    /// Whether an account of the list of well-known credentials opens the first login.
    pub default_credentials: Answer<DefaultCredentials>,
}

impl Facts for HttpFacts {
    const KIND: &'static str = "http";
    const SCOPE: Scope = Scope::Protocols(&["http"]);
}

/// One answer, by its status and its head. Strings are hostile and cut to 120 characters unless said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Path that was asked.
    pub path: String,
    /// Status code.
    pub status: u16,
    /// Whether the body is HTML.
    #[serde(default)]
    pub html: bool,
    /// Where it sends the browser, by status 3xx and `Location` or by an HTML refresh.
    #[serde(default)]
    pub redirect: Option<Redirect>,
    /// `Server`.
    #[serde(default)]
    pub server: Option<String>,
    /// `X-Powered-By`, or else `X-AspNet-Version`.
    #[serde(default)]
    pub powered_by: Option<String>,
    /// HTML `generator`.
    #[serde(default)]
    pub generator: Option<String>,
    /// The line in which an error page signs with a product and its version.
    #[serde(default)]
    pub signature: Option<String>,
    /// Word for a stack trace or a developer's error page in the body, such as `python-traceback`.
    #[serde(default)]
    pub stack_trace: Option<String>,
    /// `Strict-Transport-Security`; the first where it comes twice (RFC 6797, 8.1).
    #[serde(default)]
    pub hsts: Option<String>,
    /// `Content-Security-Policy`, all of them joined, cut to 200 characters.
    #[serde(default)]
    pub content_security_policy: Option<String>,
    /// Whether the policy, before it was cut, limits who may frame the page (`frame-ancestors`).
    #[serde(default)]
    pub frame_ancestors: bool,
    /// `X-Frame-Options`.
    #[serde(default)]
    pub frame_options: Option<String>,
    /// `X-Content-Type-Options`.
    #[serde(default)]
    pub content_type_options: Option<String>,
    /// `Referrer-Policy`.
    #[serde(default)]
    pub referrer_policy: Option<String>,
}

impl Page {
    /// Whether it gave a page: status 2xx.
    pub fn given(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether it sends the browser to a `https` address.
    pub fn to_tls(&self) -> bool {
        self.redirect.as_ref().is_some_and(|r| r.scheme == "https")
    }
}

/// Where an answer sends the browser; the path is left out, since it may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// `http`, `https`, or another word.
    pub scheme: String,
    /// Host and port, cut to 120 characters.
    pub to: String,
    /// Whether it leads to the same service, so that it could be followed.
    pub here: bool,
}

/// Answer to TRACE (RFC 9110, 9.3.8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// Status code.
    pub status: u16,
    /// Whether our own header came back in the body.
    pub reflected: bool,
}

/// Answer to a request that names a foreign origin (Fetch, "CORS protocol").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignOrigin {
    /// Status code.
    pub status: u16,
    /// Whom `Access-Control-Allow-Origin` lets read the answer.
    pub allowed: AllowedOrigin,
    /// Whether `Access-Control-Allow-Credentials` is `true`.
    pub credentials: bool,
}

/// Whom an answer lets read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AllowedOrigin {
    /// Nobody: the header is absent.
    None,
    /// Another origin than ours.
    Other,
    /// Every origin (`*`); browsers then send no cookies.
    Any,
    /// The foreign origin that we named.
    Ours,
}

/// Many paths asked for one kind of page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// Paths that were to be asked.
    pub asked: u32,
    /// Paths that were answered.
    pub answered: u32,
    /// Answers that demanded a login: 401, 403, a login form, or a redirect to one.
    #[serde(default)]
    pub refused: u32,
    /// Pages of the kind sought, proven by what they hold; a page that stands on every path is none.
    #[serde(default)]
    pub found: Vec<Find>,
}

impl Sweep {
    /// Whether every path was answered, and there was at least one.
    pub fn complete(&self) -> bool {
        self.asked > 0 && self.answered == self.asked
    }
}

/// A page that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Find {
    /// Its path, cut to 120 characters.
    pub path: String,
    /// What it is, such as `apache-server-status`, `settings-form`.
    pub what: String,
}

/// A way to log in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Path on which it was found, cut to 120 characters.
    pub path: String,
    /// How it asks.
    pub kind: LoginKind,
    /// Scheme to which a form sends the password: `http`, `https`; that of the service itself for the others.
    pub sends_by: String,
}

/// How a web server asks who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoginKind {
    /// 401 with the Basic scheme (RFC 7617): the password crosses the line as it is.
    Basic,
    /// 401 with the Digest scheme (RFC 7616).
    Digest,
    /// An HTML form with a password field.
    Form,
}

/// A cookie, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cookie {
    /// Name, cut to 64 characters.
    pub name: String,
    /// Path on which it was set.
    pub path: String,
    /// Whether its name says that it carries a session or a token.
    pub session: bool,
    /// `Secure`.
    pub secure: bool,
    /// `HttpOnly`.
    pub http_only: bool,
    /// `SameSite` in lower case, where it is set.
    #[serde(default)]
    pub same_site: Option<String>,
}

/// What trying well-known credentials showed. Passwords are never written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultCredentials {
    /// Path of the login that was tried.
    pub path: String,
    /// How it asks.
    pub kind: LoginKind,
    /// Pairs that were tried, of those in `listed`.
    pub tried: u32,
    /// Pairs in the list for one login.
    pub listed: u32,
    /// Pairs that opened it.
    pub opened: Vec<Account>,
    /// Whether a name and a password invented for this run open it as well.
    pub opens_to_anything: bool,
    /// Why trying ended early, where it did.
    #[serde(default)]
    pub stopped: Option<TryingStopped>,
    /// Other logins that were found and not tried.
    #[serde(default)]
    pub left_out: u32,
}

/// An account that opened, by its place in the list of well-known credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// User name as in the list.
    pub user: String,
    /// Line of the list, from 1.
    pub entry: u32,
}

/// Why trying credentials ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TryingStopped {
    /// The server slows down or locks: 423, 429, or words that say so.
    Locked,
    /// It no longer answered.
    Silent,
    /// A refused login could not be told from an accepted one.
    Undecidable,
    /// Accounts got as many wrong passwords at other logins of the node as one run may try.
    Spared,
}
