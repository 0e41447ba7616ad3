//! A device installs an image without any signature.

use auscult_facts::Subject;
use auscult_facts::update::{Image, UpdateFacts};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::offered::refuses;
use crate::towards::is_client;
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct UnsignedAccepted;

impl Check for UnsignedAccepted {
    const META: Meta = Meta {
        id: CheckId::new("update-unsigned-accepted"),
        covers: &[Covers::new("UPD-02", "forged-refused")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = UpdateFacts;

    fn concerns(subject: &Subject) -> bool {
        is_client(subject)
    }

    fn judge(facts: &UpdateFacts, _: &Subject) -> Judgement {
        refuses(facts, Image::Unsigned)
    }
}
