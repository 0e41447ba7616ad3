//! A device installs an older genuine image than it has.

use auscult_facts::Subject;
use auscult_facts::update::{Image, UpdateFacts};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::offered::refuses;
use crate::towards::is_client;
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct OlderAccepted;

impl Check for OlderAccepted {
    const META: Meta = Meta {
        id: CheckId::new("update-older-accepted"),
        covers: &[Covers::new("UPD-02", "downgrade-refused")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = UpdateFacts;

    fn concerns(subject: &Subject) -> bool {
        is_client(subject)
    }

    fn judge(facts: &UpdateFacts, _: &Subject) -> Judgement {
        refuses(facts, Image::Older)
    }
}
