//! Reads one answer as a whole, without asking for the next one: for bytes that come from elsewhere than a server.

use std::net::IpAddr;

use auscult_facts::http::{Cookie, Login, Page};
use auscult_facts::{Interrupted, Subject};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};

use super::ask::Answered;
use super::origin::Origin;
use super::{credentials, door, lists, page};

/// What one answer says to a stranger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What facts say about it.
    pub page: Page,
    /// Cookies that it sets.
    pub cookies: Vec<Cookie>,
    /// The login that it shows.
    pub login: Option<Login>,
    /// Whether it keeps a stranger out.
    pub refuses: bool,
    /// The listing of a folder that it is.
    pub listing: Option<&'static str>,
    /// The management page that it gives away.
    pub management: Option<&'static str>,
    /// Paths of management pages that it leads to, all within the service.
    pub links: Vec<String>,
    /// Pages for developers that it could be taken for.
    pub debug: Vec<&'static str>,
    /// What would be sent to log in with `user` and `password`, form-encoded.
    pub filled: Option<String>,
}

impl Answered {
    /// An answer from its parts; headers that HTTP does not allow are left out, as a client never sees them.
    pub fn of(status: u16, headers: &[(&[u8], &[u8])], body: Vec<u8>) -> Self {
        let mut map = HeaderMap::new();
        for (name, value) in headers.iter().take(super::ask::HEADERS) {
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
                map.append(name, value);
            }
        }
        Self { status, headers: map, body, cut: false, short: None }
    }
}

/// Reads the answer that a service at `address` gave to a GET of `path`.
///
/// # Errors
/// `InstrumentFault` when the subject is no service, or its name cannot stand in an address.
pub fn read(
    subject: &Subject,
    address: IpAddr,
    path: &str,
    answered: &Answered,
) -> Result<Reading, Interrupted> {
    let origin = Origin::of(subject, address)?;
    let html = page::is_html(answered);
    let text = answered.text();
    Ok(Reading {
        page: page::page(path, answered, &origin),
        cookies: page::cookies(path, answered),
        login: door::door(path, answered, &origin).map(|d| d.login),
        refuses: door::refuses(path, answered, &origin),
        listing: super::listing(answered),
        management: door::management(path, answered, true),
        links: door::management_links(path, answered, &origin),
        debug: lists::debug_pages().filter(|p| p.proven_by(&text, html)).map(|p| p.what).collect(),
        filled: door::login_form(answered).and_then(|f| credentials::filled(&f, "user", "password")),
    })
}
