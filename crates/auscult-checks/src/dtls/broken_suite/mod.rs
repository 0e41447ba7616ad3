//! A DTLS service accepts a suite that gives next to no protection.

use auscult_facts::Subject;
use auscult_facts::dtls::{DtlsFacts, Reply};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity, Transport};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct BrokenSuite;

impl Check for BrokenSuite {
    const META: Meta = Meta {
        id: CheckId::new("dtls-broken-suite"),
        covers: &[Covers::new("TLS-03", "suites")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DtlsFacts;

    fn concerns(subject: &Subject) -> bool {
        subject.service.as_ref().is_some_and(|s| s.transport == Transport::Udp)
    }

    fn judge(facts: &DtlsFacts, _: &Subject) -> Judgement {
        if !facts.agrees() {
            return Judgement::inconclusive(Message::new("refuses-everything"));
        }
        let reply = match said(&facts.broken) {
            Ok(reply) => reply,
            Err(judgement) => return judgement,
        };
        match reply {
            Reply::Agreed { name, .. } => Judgement::fail(Message::new("accepted").with("suite", name)),
            Reply::Refused { .. } => Judgement::pass(Message::new("refused")),
            Reply::Dropped => Judgement::inconclusive(Message::new("dropped")),
        }
    }
}
