//! The page with the disclosure policy is not there for everybody, or promises no times (EN 303 645, 5.2-1).

use auscult_facts::Subject;
use auscult_facts::pages::{PagesFacts, Policy, Said};
use auscult_model::scenario::PageKind;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::published;
use crate::{Check, Covers, Meta, Side};

/// The kind of page that is judged.
const KIND: PageKind = PageKind::DisclosurePolicy;

/// See the first line of the module.
#[derive(Debug)]
pub struct PolicyMissing;

impl Check for PolicyMissing {
    const META: Meta = Meta {
        id: CheckId::new("page-policy-missing"),
        covers: &[Covers::new("VUL-05", "policy")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = PagesFacts;
    const SIDE: Side = Side::Owing;

    fn concerns(subject: &Subject) -> bool {
        published::concerns(subject, KIND)
    }

    fn judge(facts: &PagesFacts, subject: &Subject) -> Judgement {
        let page = match published::answered(facts, subject, KIND) {
            Ok(page) => page,
            Err(why) => return why,
        };
        let policy = match &page.said {
            Some(Said::Policy(policy)) => policy.clone(),
            _ => Policy::default(),
        };
        let lacking = [
            (policy.topic, "lacks-topic"),
            (policy.contacts > 0, "lacks-contact"),
            (policy.acknowledged_within.is_some(), "lacks-first-answer"),
            (policy.told_every.is_some(), "lacks-state"),
        ]
        .into_iter()
        .find(|(found, _)| !found);
        let passed = Message::new("published")
            .with("first", policy.acknowledged_within.unwrap_or_default())
            .with("then", policy.told_every.unwrap_or_default());
        published::naming(published::there_and_open(page, lacking.is_none(), passed), lacking)
    }
}
