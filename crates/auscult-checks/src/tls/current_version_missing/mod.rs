//! A TLS service offers no current version of the protocol.

use auscult_facts::Subject;
use auscult_facts::tls::{TlsFacts, Version};
use auscult_model::{CheckId, Impact, Judgement, Message, RiskClass, Severity};

use crate::tls::obsolete_version::{accepts, accepts_any};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct CurrentVersionMissing;

impl Check for CurrentVersionMissing {
    const META: Meta = Meta {
        id: CheckId::new("tls-current-version-missing"),
        covers: &[Covers::new("TLS-02", "current-versions")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, subject: &Subject) -> Judgement {
        let strict = subject.class >= RiskClass::III;
        let wanted: &[Version] = if strict { &[Version::Tls13] } else { &[Version::Tls12, Version::Tls13] };
        let accepted: Vec<_> =
            wanted.iter().filter(|v| accepts(facts, **v) == Some(true)).map(|v| v.name()).collect();
        if !accepted.is_empty() {
            return Judgement::pass(Message::new("accepted").with_list("versions", accepted));
        }
        if wanted.iter().any(|v| accepts(facts, *v).is_none()) {
            let names = wanted.iter().filter(|v| accepts(facts, **v).is_none()).map(|v| v.name());
            return Judgement::inconclusive(Message::new("unanswered").with_list("versions", names));
        }
        if !accepts_any(facts) {
            return Judgement::inconclusive(Message::new("refuses-everything"));
        }
        let message = if strict { "refused-strict" } else { "refused" };
        Judgement::fail(Message::new(message).with("class", subject.class))
    }
}
