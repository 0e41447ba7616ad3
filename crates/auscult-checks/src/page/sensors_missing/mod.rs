//! The page that names the sensors is not there for everybody (EN 303 645, 5.8-3).

use auscult_facts::Subject;
use auscult_facts::pages::{PagesFacts, Said, Sensors};
use auscult_model::scenario::PageKind;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::published;
use crate::{Check, Covers, Meta, Side};

/// The kind of page that is judged.
const KIND: PageKind = PageKind::Sensors;

/// See the first line of the module.
#[derive(Debug)]
pub struct SensorsMissing;

impl Check for SensorsMissing {
    const META: Meta = Meta {
        id: CheckId::new("page-sensors-missing"),
        covers: &[Covers::new("DAT-04", "sensors-published")],
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
        let sensors = match &page.said {
            Some(Said::Sensors(sensors)) => sensors.clone(),
            _ => Sensors::default(),
        };
        let passed = match sensors.kinds.is_empty() {
            true => Message::new("none"),
            false => Message::new("published").with_list("kinds", &sensors.kinds),
        };
        published::there_and_open(page, published::recognised(page), passed)
    }
}
