//! The page with reasons and replacement of what cannot be updated is not there (EN 303 645, 5.3-14).

use auscult_facts::Subject;
use auscult_facts::pages::{PagesFacts, Replacement, Said};
use auscult_model::scenario::PageKind;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::published;
use crate::{Check, Covers, Meta, Side};

/// The kind of page that is judged.
const KIND: PageKind = PageKind::ReplacementPlan;

/// See the first line of the module.
#[derive(Debug)]
pub struct ReplacementMissing;

impl Check for ReplacementMissing {
    const META: Meta = Meta {
        id: CheckId::new("page-replacement-missing"),
        covers: &[Covers::new("UPD-10", "published")],
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
        let plan = match &page.said {
            Some(Said::Replacement(plan)) => *plan,
            _ => Replacement::default(),
        };
        let lacking = [
            (plan.not_updatable, "lacks-part"),
            (plan.reason, "lacks-reason"),
            (plan.topic, "lacks-replacement"),
            (plan.how, "lacks-how"),
            (plan.how_long, "lacks-how-long"),
        ]
        .into_iter()
        .find(|(found, _)| !found);
        published::naming(published::there(page, lacking.is_none(), Message::new("published")), lacking)
    }
}
