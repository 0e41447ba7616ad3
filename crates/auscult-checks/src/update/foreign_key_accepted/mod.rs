//! A device installs an image that is signed with a key which it cannot know.

use auscult_facts::Subject;
use auscult_facts::update::{Image, UpdateFacts};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::offered::refuses;
use crate::towards::is_client;
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct ForeignKeyAccepted;

impl Check for ForeignKeyAccepted {
    const META: Meta = Meta {
        id: CheckId::new("update-foreign-key-accepted"),
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
        refuses(facts, Image::ForeignKey)
    }
}
