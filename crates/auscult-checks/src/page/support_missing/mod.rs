//! The page with the support period is not there, or gives none (EN 303 645, 5.3-13).

use auscult_facts::Subject;
use auscult_facts::pages::{PagesFacts, Said};
use auscult_model::scenario::PageKind;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity, Verdict};

use crate::published;
use crate::{Check, Covers, Meta, Side};

/// The kind of page that is judged.
const KIND: PageKind = PageKind::SupportPeriod;

/// See the first line of the module.
#[derive(Debug)]
pub struct SupportMissing;

impl Check for SupportMissing {
    const META: Meta = Meta {
        id: CheckId::new("page-support-missing"),
        covers: &[Covers::new("UPD-06", "published")],
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
        let periods = match &page.said {
            Some(Said::Support(support)) => published::periods(support, subject),
            _ => Ok(Vec::new()),
        };
        match periods {
            Ok(periods) => {
                let told: Vec<_> = periods.iter().map(|period| published::told(period)).collect();
                let passed = Message::new("published").with_list("periods", &told);
                published::there(page, !told.is_empty(), passed)
            }
            Err(why) => match published::there(page, true, Message::new("published")) {
                // The page is there and gives periods; whether one of them is that of this model is not known.
                judgement if judgement.verdict == Verdict::Pass => Judgement::inconclusive(why),
                judgement => judgement,
            },
        }
    }
}
