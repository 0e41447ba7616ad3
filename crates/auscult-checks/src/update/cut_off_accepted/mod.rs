//! A device installs a genuine image of which the end is missing.

use auscult_facts::Subject;
use auscult_facts::update::{Image, UpdateFacts};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::offered::refuses;
use crate::towards::is_client;
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct CutOffAccepted;

impl Check for CutOffAccepted {
    const META: Meta = Meta {
        id: CheckId::new("update-cut-off-accepted"),
        covers: &[Covers::new("UPD-02", "forged-refused")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = UpdateFacts;

    fn concerns(subject: &Subject) -> bool {
        is_client(subject)
    }

    fn judge(facts: &UpdateFacts, _: &Subject) -> Judgement {
        refuses(facts, Image::CutOff)
    }
}
