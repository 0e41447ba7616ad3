//! A clinical parser does not bear malformed HL7, DICOM or FHIR objects.

use auscult_facts::Subject;
use auscult_facts::robustness::RobustnessFacts;
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::{Check, Covers, Meta, borne};

/// See the first line of the module.
#[derive(Debug)]
pub struct ClinicalInput;

impl Check for ClinicalInput {
    const META: Meta = Meta {
        id: CheckId::new("robustness-clinical-input"),
        covers: &[Covers::new("MED-03", "malformed-objects")],
        severity: Severity::High,
        impact: Impact::Disruptive,
        text: include_str!("en.ftl"),
    };
    type Facts = RobustnessFacts;

    fn concerns(subject: &Subject) -> bool {
        let protocol = subject.service.as_ref().and_then(|s| s.protocol());
        protocol.is_some_and(|p| ["hl7-mllp", "dicom", "fhir"].contains(&p))
    }

    fn judge(facts: &RobustnessFacts, _: &Subject) -> Judgement {
        borne::input(facts)
    }
}
