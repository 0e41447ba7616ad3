//! A web server does not say how to report a flaw (security.txt, RFC 9116).

use auscult_facts::Subject;
use auscult_facts::security_txt::SecurityTxtFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct Missing;

impl Check for Missing {
    const META: Meta = Meta {
        id: CheckId::new("security-txt-missing"),
        covers: &[Covers::new("VUL-05", "contact")],
        severity: Severity::Low,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SecurityTxtFacts;

    fn judge(facts: &SecurityTxtFacts, _: &Subject) -> Judgement {
        let places = [&facts.well_known, &facts.legacy];
        if let Some(file) = places.iter().filter_map(|answer| answer.seen()).find(|file| file.is_one()) {
            return Judgement::pass(Message::new("present").with_list("contacts", &file.contacts));
        }
        let (first, second) = match (said(&facts.well_known), said(&facts.legacy)) {
            (Ok(first), Ok(second)) => (first, second),
            (Err(why), _) | (_, Err(why)) => return why,
        };
        if first.elsewhere || second.elsewhere {
            return Judgement::inconclusive(Message::new("elsewhere"));
        }
        let absent = |status: u16| matches!(status, 200..=299 | 404 | 410);
        if absent(first.status) && absent(second.status) {
            Judgement::fail(Message::new("missing"))
        } else {
            let status = if absent(first.status) { second.status } else { first.status };
            Judgement::inconclusive(Message::new("kept-back").with("status", status))
        }
    }
}
