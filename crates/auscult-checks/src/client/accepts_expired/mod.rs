//! A client goes on with a server whose certificate has expired.

use auscult_facts::Subject;
use auscult_facts::client::{ClientFacts, Play};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::towards::{is_client, refuses, worst_of};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct AcceptsExpired;

impl Check for AcceptsExpired {
    const META: Meta = Meta {
        id: CheckId::new("client-accepts-expired"),
        covers: &[Covers::new("TLS-05", "impostors-refused")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = ClientFacts;

    fn concerns(subject: &Subject) -> bool {
        is_client(subject)
    }

    fn judge(facts: &ClientFacts, _: &Subject) -> Judgement {
        worst_of(facts, |end| refuses(end, &[Play::Expired]))
    }
}
