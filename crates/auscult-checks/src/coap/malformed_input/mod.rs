//! A CoAP server does not bear malformed datagrams: it goes away, hangs or answers wrongly afterwards.

use auscult_facts::Subject;
use auscult_facts::robustness::DatagramRobustnessFacts;
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::{Check, Covers, Meta, borne};

/// See the first line of the module.
pub struct MalformedInput;

impl Check for MalformedInput {
    const META: Meta = Meta {
        id: CheckId::new("coap-malformed-input"),
        covers: &[Covers::new("ROB-01", "malformed-messages")],
        severity: Severity::High,
        impact: Impact::Disruptive,
        text: include_str!("en.ftl"),
    };
    type Facts = DatagramRobustnessFacts;

    fn judge(facts: &DatagramRobustnessFacts, _: &Subject) -> Judgement {
        borne::datagrams(facts)
    }
}
