//! A DICOM node is spoken to without TLS.

use auscult_facts::Subject;
use auscult_facts::dicom::DicomFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct InClear;

impl Check for InClear {
    const META: Meta = Meta {
        id: CheckId::new("dicom-in-clear"),
        covers: &[Covers::new("MED-01", "tls")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DicomFacts;

    fn judge(facts: &DicomFacts, _: &Subject) -> Judgement {
        if facts.tls && facts.client_certificate_demanded {
            return Judgement::pass(Message::new("tls"));
        }
        // Without one data unit it was not seen that DICOM is spoken here at all.
        match said(&facts.association) {
            Err(judgement) => judgement,
            Ok(_) if facts.tls => Judgement::pass(Message::new("tls")),
            Ok(_) => Judgement::fail(Message::new("clear")),
        }
    }
}
