//! Pure judgements on facts, one folder per check.
//!
//! A folder holds `mod.rs` (metadata and judgement), `en.ftl` (title, why, mend, limits and the reasons)
//! and `fixtures/` (facts whose file name begins with the verdict they must get).
//! The registry and the modules of each protocol are generated from the folders by `cargo xtask codegen`.

mod apart;
mod borne;
mod check;
mod logins;
mod offered;
mod published;
mod registry;
mod towards;

pub mod access;
pub mod api;
pub mod broker;
pub mod certificate;
pub mod client;
pub mod coap;
pub mod console;
pub mod dicom;
pub mod dicomweb;
pub mod dns;
pub mod dtls;
pub mod fhir;
pub mod flow;
pub mod ftp;
pub mod gateway;
pub mod hl7;
pub mod http;
pub mod industrial;
pub mod login;
pub mod mdns;
pub mod mqtt;
pub mod ntp;
pub mod page;
pub mod rdp;
pub mod replay;
pub mod robustness;
pub mod security_txt;
pub mod service;
pub mod smart;
pub mod smb;
pub mod snmp;
pub mod ssdp;
pub mod ssh;
pub mod store;
pub mod telnet;
pub mod tls;
pub mod update;
pub mod vnc;
pub mod ws_discovery;

use auscult_model::{CheckId, Message};

pub use check::{AnyCheck, Check, Covers, Meta, Side, interrupted, not_asked, said};

/// Every check, in the order of their ids.
pub fn all() -> &'static [&'static dyn AnyCheck] {
    registry::ALL
}

/// The check of that id.
pub fn find(id: &str) -> Option<&'static dyn AnyCheck> {
    all().iter().copied().find(|c| c.meta().id.as_str() == id)
}

/// Version of the set of checks: changes whenever a judgement could change.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The source text of every check in order of id: what a digest of the checks is taken over.
pub fn sources() -> impl Iterator<Item = (&'static str, &'static str)> {
    registry::SOURCES.iter().copied()
}

/// The texts of every check, each under the check's id, and those that all share under `checks`.
pub fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    std::iter::once(("checks", include_str!("../text/en.ftl")))
        .chain(all().iter().map(|c| (c.meta().id.as_str(), c.meta().text)))
}

/// A check's reason as a message of the whole catalogue: local ids get the check's id in front.
pub fn global(check: &CheckId, reason: &Message) -> Message {
    if reason.id.contains('.') {
        return reason.clone();
    }
    Message { id: format!("{check}.{}", reason.id), args: reason.args.clone() }
}
