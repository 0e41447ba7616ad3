//! Something stands between a stranger and the page with reasons and replacement (EN 303 645, 5.3-14).

use auscult_facts::Subject;
use auscult_facts::pages::PagesFacts;
use auscult_model::scenario::PageKind;
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::published;
use crate::{Check, Covers, Meta, Side};

/// The kind of page that is judged.
const KIND: PageKind = PageKind::ReplacementPlan;

/// See the first line of the module.
#[derive(Debug)]
pub struct ReplacementBarred;

impl Check for ReplacementBarred {
    const META: Meta = Meta {
        id: CheckId::new("page-replacement-barred"),
        covers: &[Covers::new("UPD-10", "open")],
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
        match published::answered(facts, subject, KIND) {
            Ok(page) => published::open(page, published::recognised(page)),
            Err(why) => why,
        }
    }
}
