//! What a web server says about reporting flaws has run out, or does not say until when it holds (RFC 9116, 2.5.5).

use auscult_facts::Subject;
use auscult_facts::security_txt::SecurityTxtFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct Expired;

impl Check for Expired {
    const META: Meta = Meta {
        id: CheckId::new("security-txt-expired"),
        covers: &[Covers::new("VUL-05", "unexpired")],
        severity: Severity::Low,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SecurityTxtFacts;

    fn judge(facts: &SecurityTxtFacts, subject: &Subject) -> Judgement {
        let places = [&facts.well_known, &facts.legacy];
        let Some(file) = places.iter().filter_map(|answer| answer.seen()).find(|file| file.is_one()) else {
            return match (said(&facts.well_known), said(&facts.legacy)) {
                (Ok(_), Ok(_)) => Judgement::inconclusive(Message::new("no-file")),
                (Err(why), _) | (_, Err(why)) => why,
            };
        };
        match file.expires.as_slice() {
            [] => Judgement::fail(Message::new("unsaid")),
            [None] => Judgement::fail(Message::new("unreadable")),
            [Some(until)] => {
                let date = until.strftime("%Y-%m-%d").to_string();
                if *until <= subject.at {
                    Judgement::fail(Message::new("expired").with("until", date))
                } else {
                    Judgement::pass(Message::new("valid").with("until", date))
                }
            }
            _ => Judgement::inconclusive(Message::new("twice")),
        }
    }
}
