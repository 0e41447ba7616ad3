//! A DTLS service still accepts version 1.0.

use auscult_facts::dtls::{DtlsFacts, Reply, Version};
use auscult_facts::{Interrupted, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity, Transport};

use crate::{Check, Covers, Meta, interrupted, said};

/// See the first line of the module.
pub struct ObsoleteVersion;

impl Check for ObsoleteVersion {
    const META: Meta = Meta {
        id: CheckId::new("dtls-obsolete-version"),
        covers: &[Covers::new("TLS-02", "obsolete-versions")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DtlsFacts;

    fn concerns(subject: &Subject) -> bool {
        subject.service.as_ref().is_some_and(|s| s.transport == Transport::Udp)
    }

    fn judge(facts: &DtlsFacts, _: &Subject) -> Judgement {
        let Some(old) = facts.versions.get(&Version::V10) else {
            return Judgement::inconclusive(interrupted(Interrupted::Silent));
        };
        let old = match said(old) {
            Ok(old) => old,
            Err(judgement) => return judgement,
        };
        match old {
            Reply::Agreed { name, .. } => Judgement::fail(Message::new("accepted").with("suite", name)),
            _ if !facts.agrees() => Judgement::inconclusive(Message::new("refuses-everything")),
            Reply::Refused { alert } => Judgement::pass(Message::new("refused").with("alert", alert)),
            Reply::Dropped => Judgement::inconclusive(Message::new("dropped")),
        }
    }
}
