//! The certificate of a service carries none of the names by which the service is called.

use std::net::IpAddr;

use auscult_facts::Subject;
use auscult_facts::tls::TlsFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct NameMismatch;

impl Check for NameMismatch {
    const META: Meta = Meta {
        id: CheckId::new("certificate-name-mismatch"),
        covers: &[Covers::new("PKI-01", "name")],
        severity: Severity::Medium,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, subject: &Subject) -> Judgement {
        let chain = match said(&facts.chain) {
            Ok(chain) => chain,
            Err(unknown) => return unknown,
        };
        let Some(own) = chain.first() else {
            return Judgement::inconclusive(Message::new("no-certificate"));
        };
        let carries = |wanted: &str| own.names.iter().any(|name| matches(name, wanted));
        let called = match (subject.host_names.as_slice(), subject.address) {
            ([], None) => return Judgement::inconclusive(Message::new("nameless")),
            ([], Some(address)) => vec![address.to_string()],
            (names, _) => names.to_vec(),
        };
        if let Some(name) = called.iter().find(|name| carries(name)) {
            return Judgement::pass(Message::new("carried").with("name", name));
        }
        if own.names.is_empty() {
            return Judgement::fail(Message::new("no-names"));
        }
        if own.names.len() >= KEPT_NAMES {
            return Judgement::inconclusive(Message::new("many-names"));
        }
        let has_host_name = own.names.iter().any(|name| name.parse::<IpAddr>().is_err());
        let message = |id: &str| Message::new(id).with_list("called", &called).with_list("names", &own.names);
        if subject.host_names.is_empty() && has_host_name {
            // By which name its clients call it, the scenario does not say.
            return Judgement::inconclusive(message("undeclared"));
        }
        Judgement::fail(message("other-names"))
    }
}

/// Facts keep that many names of a certificate.
const KEPT_NAMES: usize = 100;

/// Whether a name of a certificate stands for the wanted one (RFC 9525: an asterisk stands for one whole first label).
fn matches(name: &str, wanted: &str) -> bool {
    if let (Ok(name), Ok(wanted)) = (name.parse::<IpAddr>(), wanted.parse::<IpAddr>()) {
        return name == wanted;
    }
    let plain = |s: &str| s.trim_end_matches('.').to_ascii_lowercase();
    let (name, wanted) = (plain(name), plain(wanted));
    match name.strip_prefix("*.") {
        Some(parent) if wanted.parse::<IpAddr>().is_err() => {
            wanted.split_once('.').is_some_and(|(first, rest)| !first.is_empty() && rest == parent)
        }
        _ => name == wanted,
    }
}
