//! A web server lists the files of a folder to strangers.

use auscult_facts::Subject;
use auscult_facts::http::HttpFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct DirectoryListing;

impl Check for DirectoryListing {
    const META: Meta = Meta {
        id: CheckId::new("http-directory-listing"),
        covers: &[Covers::new("SRV-04", "listing")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    fn judge(facts: &HttpFacts, _: &Subject) -> Judgement {
        let sweep = &facts.listings;
        if !sweep.found.is_empty() {
            return Judgement::fail(
                Message::new("listed").with_list("paths", sweep.found.iter().map(|f| &f.path)),
            );
        }
        let because = Message::new(if sweep.complete() { "none" } else { "incomplete" })
            .with("answered", sweep.answered)
            .with("asked", sweep.asked);
        if sweep.complete() { Judgement::pass(because) } else { Judgement::inconclusive(because) }
    }
}
