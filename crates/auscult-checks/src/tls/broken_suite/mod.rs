//! A TLS service accepts a cipher suite that protects nothing or next to nothing.

use std::collections::BTreeSet;

use auscult_facts::tls::{TlsFacts, Version};
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity, Transport};

use crate::tls::obsolete_version::{accepts_any, only_tls13};
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct BrokenSuite;

impl Check for BrokenSuite {
    const META: Meta = Meta {
        id: CheckId::new("tls-broken-suite"),
        covers: &[Covers::new("TLS-03", "suites")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn concerns(subject: &Subject) -> bool {
        // DTLS has a check of its own.
        subject.service.as_ref().is_some_and(|s| s.transport == Transport::Tcp)
    }

    fn judge(facts: &TlsFacts, _: &Subject) -> Judgement {
        let probed = facts.broken_suites.seen().into_iter().flatten();
        let listed = facts
            .suites
            .iter()
            .filter(|(version, _)| **version >= Version::Ssl3)
            .flat_map(|(_, suites)| suites);
        let found: BTreeSet<&str> =
            probed.chain(listed.filter(|s| is_broken(&s.name))).map(|s| s.name.as_str()).collect();
        if !found.is_empty() {
            let message = Message::new("accepted").with("count", found.len()).with_list("suites", found);
            return Judgement::fail(message);
        }
        if facts.broken_suites == Answer::NotAsked(NotAsked::NoOccasion) && only_tls13(facts) {
            return Judgement::pass(Message::new("only-tls13"));
        }
        match said(&facts.broken_suites) {
            Err(unknown) => unknown,
            Ok(_) if !accepts_any(facts) => Judgement::inconclusive(Message::new("refuses-everything")),
            Ok(_) => Judgement::pass(Message::new("refused")),
        }
    }
}

/// Whether a suite is broken, by its IANA name.
fn is_broken(name: &str) -> bool {
    const PARTS: [&str; 7] = ["_anon_", "_NULL_", "_EXPORT_", "_RC4_", "_DES_", "_DES40_", "_3DES_"];
    PARTS.iter().any(|part| name.contains(part)) || name.ends_with("_MD5")
}
