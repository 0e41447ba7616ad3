//! The certificate of a service is no longer, or not yet, valid.

use auscult_facts::Subject;
use auscult_facts::tls::TlsFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};
use jiff::Timestamp;

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct Expired;

impl Check for Expired {
    const META: Meta = Meta {
        id: CheckId::new("certificate-expired"),
        covers: &[Covers::new("PKI-01", "validity")],
        severity: Severity::High,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, subject: &Subject) -> Judgement {
        let chain = match said(&facts.chain) {
            Ok(chain) => chain,
            Err(unknown) => return unknown,
        };
        let Some(own) = chain.first() else {
            return Judgement::inconclusive(Message::new("no-certificate"));
        };
        if subject.at > own.not_after {
            Judgement::fail(Message::new("over").with("date", day(own.not_after)))
        } else if subject.at < own.not_before {
            Judgement::fail(Message::new("early").with("date", day(own.not_before)))
        } else {
            Judgement::pass(Message::new("valid").with("date", day(own.not_after)))
        }
    }
}

/// The day of a moment, in UTC.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
