//! The certificate of a service does not lead to an authority that the scenario trusts.

use auscult_facts::Subject;
use auscult_facts::tls::{Path, TlsFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct Untrusted;

impl Check for Untrusted {
    const META: Meta = Meta {
        id: CheckId::new("certificate-untrusted"),
        covers: &[Covers::new("PKI-01", "chain")],
        severity: Severity::Medium,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, _: &Subject) -> Judgement {
        match said(&facts.path) {
            Err(unknown) => unknown,
            Ok(Path::Anchored) => Judgement::pass(Message::new("anchored")),
            Ok(Path::SelfSigned) => Judgement::fail(Message::new("self-signed")),
            Ok(Path::UnknownIssuer) => {
                let last = facts.chain.seen().and_then(|chain| chain.last());
                Judgement::fail(match last {
                    Some(last) => Message::new("unknown-issuer").with("issuer", &last.issuer),
                    None => Message::new("unknown"),
                })
            }
            Ok(Path::Broken) => Judgement::fail(Message::new("broken")),
            Ok(Path::NoAnchors) => Judgement::inconclusive(Message::new("no-anchors")),
        }
    }
}
