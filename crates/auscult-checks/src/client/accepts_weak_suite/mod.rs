//! A client goes on with a server that chooses a broken cipher suite.

use auscult_facts::Subject;
use auscult_facts::client::{ClientFacts, Play};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::towards::{is_client, refuses, worst_of};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct AcceptsWeakSuite;

impl Check for AcceptsWeakSuite {
    const META: Meta = Meta {
        id: CheckId::new("client-accepts-weak-suite"),
        covers: &[Covers::new("TLS-05", "weak-refused")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = ClientFacts;

    fn concerns(subject: &Subject) -> bool {
        is_client(subject)
    }

    fn judge(facts: &ClientFacts, _: &Subject) -> Judgement {
        worst_of(facts, |end| refuses(end, &[Play::WeakSuite]))
    }
}
