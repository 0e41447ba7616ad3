//! A TLS service still accepts a version of the protocol that is broken or withdrawn.

use auscult_facts::tls::{TlsFacts, Version};
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity, Transport};

use crate::{Check, Covers, Meta, not_asked};

/// See the first line of the module.
pub struct ObsoleteVersion;

impl Check for ObsoleteVersion {
    const META: Meta = Meta {
        id: CheckId::new("tls-obsolete-version"),
        covers: &[Covers::new("TLS-02", "obsolete-versions")],
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
        let accepted = OBSOLETE.iter().filter(|v| accepts(facts, **v) == Some(true)).map(|v| v.name());
        let accepted: Vec<_> = accepted.collect();
        if !accepted.is_empty() {
            return Judgement::fail(Message::new("accepted").with_list("versions", accepted));
        }
        let unknown: Vec<_> = OBSOLETE.iter().filter(|v| accepts(facts, **v).is_none()).collect();
        if !unknown.is_empty() {
            let out_of_reach =
                |v: &Version| facts.versions.get(v) == Some(&Answer::NotAsked(NotAsked::Impact));
            if unknown.iter().all(|v| out_of_reach(v)) {
                return Judgement::inconclusive(not_asked(NotAsked::Impact));
            }
            let names = unknown.into_iter().map(|v| v.name());
            return Judgement::inconclusive(Message::new("unanswered").with_list("versions", names));
        }
        if !accepts_any(facts) {
            // Who refuses every version was perhaps not understood at all.
            return Judgement::inconclusive(Message::new("refuses-everything"));
        }
        Judgement::pass(Message::new("refused"))
    }
}

/// Versions that nobody should accept any more.
const OBSOLETE: [Version; 4] = [Version::Ssl2, Version::Ssl3, Version::Tls10, Version::Tls11];

/// Whether a version is accepted; `None` when there is no answer.
pub(crate) fn accepts(facts: &TlsFacts, version: Version) -> Option<bool> {
    facts.versions.get(&version)?.seen().copied()
}

/// Whether any version at all was accepted: without one, refusals prove nothing.
pub(crate) fn accepts_any(facts: &TlsFacts) -> bool {
    Version::ALL.iter().any(|v| accepts(facts, *v) == Some(true))
}

/// Whether no version before the given one is accepted, each of them having been asked for.
pub(crate) fn none_before(facts: &TlsFacts, version: Version) -> bool {
    Version::ALL.iter().filter(|v| **v < version).all(|v| accepts(facts, *v) == Some(false))
}

/// Whether TLS 1.3 is accepted and nothing else: what later versions have abolished needs no question then.
pub(crate) fn only_tls13(facts: &TlsFacts) -> bool {
    accepts(facts, Version::Tls13) == Some(true) && none_before(facts, Version::Tls13)
}
