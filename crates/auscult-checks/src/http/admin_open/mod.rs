//! A management page opens without a login.

use auscult_facts::Subject;
use auscult_facts::http::HttpFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct AdminOpen;

impl Check for AdminOpen {
    const META: Meta = Meta {
        id: CheckId::new("http-admin-open"),
        covers: &[Covers::new("AUT-03", "http-admin")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    fn judge(facts: &HttpFacts, _: &Subject) -> Judgement {
        let sweep = &facts.admin;
        if !sweep.found.is_empty() {
            return Judgement::fail(
                Message::new("open").with_list("paths", sweep.found.iter().map(|f| &f.path)),
            );
        }
        let about = |id: &str| Message::new(id).with("asked", sweep.asked).with("answered", sweep.answered);
        if !sweep.complete() {
            return Judgement::inconclusive(about("incomplete"));
        }
        if sweep.refused > 0 {
            return Judgement::pass(about("asks").with("refused", sweep.refused));
        }
        match said(&facts.unknown) {
            Err(why) => why,
            // A program in the browser may stand behind one page for every path.
            Ok(unknown) if unknown.given() => Judgement::inconclusive(about("same-page")),
            Ok(_) => Judgement::pass(about("none")),
        }
    }
}
