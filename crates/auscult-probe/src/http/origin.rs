//! The address under which a web service is asked, and which links lead back to it.

use std::net::IpAddr;

use auscult_facts::http::Redirect;
use auscult_facts::{Interrupted, Subject};
use url::Url;

use super::page::cut;

/// Scheme, names and port of one service.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    url: Url,
    hosts: Vec<String>,
}

impl Origin {
    /// The origin of a subject: its first host name, else its address.
    ///
    /// # Errors
    /// `InstrumentFault` when the subject is no service, or its name cannot stand in an address.
    pub(crate) fn of(subject: &Subject, address: IpAddr) -> Result<Self, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        let scheme = if service.speaks_tls() { "https" } else { "http" };
        let address = match address {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("[{v6}]"),
        };
        let mut hosts: Vec<String> =
            subject.host_names.iter().filter(|n| !n.starts_with("*.")).map(|n| n.to_lowercase()).collect();
        hosts.push(address);
        let url = hosts
            .first()
            .and_then(|host| Url::parse(&format!("{scheme}://{host}:{}/", service.port)).ok())
            .ok_or(Interrupted::InstrumentFault)?;
        Ok(Self { url, hosts })
    }

    /// `http` or `https`.
    pub(crate) fn scheme(&self) -> &str {
        self.url.scheme()
    }

    /// Value of the `Host` header: with the port unless it is the scheme's own.
    pub(crate) fn authority(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// The address that a link on a page stands for.
    pub(crate) fn resolve(&self, page: &str, link: &str) -> Option<Url> {
        self.url.join(page).ok()?.join(link.trim()).ok()
    }

    /// The path and query of a link when it leads to this very service.
    pub(crate) fn path_here(&self, page: &str, link: &str) -> Option<String> {
        let url = self.resolve(page, link)?;
        if !self.is_here(&url) {
            return None;
        }
        Some(match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        })
    }

    /// What facts say about a link.
    pub(crate) fn redirect(&self, page: &str, link: &str) -> Option<Redirect> {
        let url = self.resolve(page, link)?;
        let host = url.host_str().unwrap_or_default();
        let to = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Some(Redirect { scheme: cut(url.scheme(), 20), to: cut(&to, 120), here: self.is_here(&url) })
    }

    fn is_here(&self, url: &Url) -> bool {
        url.scheme() == self.url.scheme()
            && url.port_or_known_default() == self.url.port_or_known_default()
            && url.host_str().is_some_and(|h| self.hosts.iter().any(|own| own.eq_ignore_ascii_case(h)))
    }
}
