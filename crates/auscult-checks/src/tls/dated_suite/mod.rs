//! A TLS service accepts a cipher suite without forward secrecy or without authenticated encryption.

use std::collections::BTreeSet;

use auscult_facts::tls::{TlsFacts, Version};
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::tls::obsolete_version::{accepts_any, only_tls13};
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct DatedSuite;

impl Check for DatedSuite {
    const META: Meta = Meta {
        id: CheckId::new("tls-dated-suite"),
        covers: &[Covers::new("TLS-03", "forward-secrecy")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, _: &Subject) -> Judgement {
        let probed = facts.dated_suites.seen().into_iter().flatten();
        let listed = facts
            .suites
            .iter()
            .filter(|(version, _)| **version == Version::Tls12)
            .flat_map(|(_, suites)| suites);
        let found: BTreeSet<&str> =
            probed.chain(listed.filter(|s| is_dated(&s.name))).map(|s| s.name.as_str()).collect();
        if !found.is_empty() {
            let message = Message::new("accepted").with("count", found.len()).with_list("suites", found);
            return Judgement::fail(message);
        }
        if facts.dated_suites == Answer::NotAsked(NotAsked::NoOccasion) && only_tls13(facts) {
            return Judgement::pass(Message::new("only-tls13"));
        }
        match said(&facts.dated_suites) {
            Err(unknown) => unknown,
            Ok(_) if !accepts_any(facts) => Judgement::inconclusive(Message::new("refuses-everything")),
            Ok(_) => Judgement::pass(Message::new("refused")),
        }
    }
}

/// Whether a suite of TLS 1.2 lacks forward secrecy or authenticated encryption, by its IANA name.
fn is_dated(name: &str) -> bool {
    const FIXED: [&str; 3] = ["TLS_RSA_WITH_", "TLS_DH_", "TLS_ECDH_"];
    name.contains("_CBC_") || FIXED.iter().any(|start| name.starts_with(start))
}
