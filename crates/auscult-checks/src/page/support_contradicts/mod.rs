//! The page with the support period names another end than the scenario.

use std::collections::BTreeSet;

use auscult_facts::Subject;
use auscult_facts::pages::{PagesFacts, Said, Until};
use auscult_model::scenario::PageKind;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::published::{self, Standing};
use crate::{Check, Covers, Meta, Side};

/// The kind of page that is judged.
const KIND: PageKind = PageKind::SupportPeriod;

/// See the first line of the module.
#[derive(Debug)]
pub struct SupportContradicts;

impl Check for SupportContradicts {
    const META: Meta = Meta {
        id: CheckId::new("page-support-contradicts"),
        covers: &[Covers::new("UPD-06", "page-matches")],
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
        let owed = published::owed(subject, KIND);
        let model = owed.and_then(|owed| owed.model.as_deref());
        let Some(declared) = owed.and_then(|owed| owed.support_until) else {
            return Judgement::inconclusive(Message::new("nothing-declared"));
        };
        let periods = match &page.said {
            Some(Said::Support(support)) => published::periods(support, subject),
            _ => Ok(Vec::new()),
        };
        let periods = match periods {
            Ok(periods) => periods,
            Err(why) => return Judgement::inconclusive(why),
        };
        match published::standing(page, !periods.is_empty()) {
            Standing::There => {}
            Standing::Barred(why) | Standing::Absent(why) => return Judgement::inconclusive(why),
            Standing::Unclear(judgement) => return judgement,
        }
        let ends: BTreeSet<Until> = periods.iter().filter_map(|period| period.until).collect();
        let least = periods.iter().any(|period| period.least);
        let message = |id: &str| Message::new(id).with("declared", declared).with_list("told", &ends);
        let agreeing = ends.iter().filter(|end| end.names(declared)).count();
        match (ends.len(), agreeing) {
            (0, _) => Judgement::inconclusive(Message::new("no-day").with("declared", declared)),
            (all, agreeing) if all == agreeing => Judgement::pass(message("agrees")),
            // A promise of at least so long may be kept by one that is longer.
            (1, _) if least && ends.iter().all(|end| !end.is_after(declared)) => {
                Judgement::inconclusive(message("at-least"))
            }
            // Beside another subject than the declared model the day may be that of something else.
            (1, _) if model.is_some() && !periods.iter().all(|period| period.of_model) => {
                Judgement::inconclusive(message("elsewhere-on-the-page"))
            }
            (1, _) => Judgement::fail(message("contradicts")),
            _ => Judgement::inconclusive(message("several")),
        }
    }
}
