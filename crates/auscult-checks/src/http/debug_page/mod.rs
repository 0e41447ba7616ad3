//! A page for developers, a stack trace or a file that is no part of the site is open to strangers.

use auscult_facts::Subject;
use auscult_facts::http::HttpFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct DebugPage;

impl Check for DebugPage {
    const META: Meta = Meta {
        id: CheckId::new("http-debug-page"),
        covers: &[Covers::new("SRV-03", "http-debug")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    fn judge(facts: &HttpFacts, _: &Subject) -> Judgement {
        let found = facts.debug.found.iter().map(|f| format!("{} ({})", f.path, f.what));
        let traces = [&facts.front, &facts.landing, &facts.unknown].into_iter().filter_map(|answer| {
            let page = answer.seen()?;
            Some(format!("{} ({})", page.path, page.stack_trace.as_ref()?))
        });
        let all: Vec<String> = found.chain(traces).collect();
        if !all.is_empty() {
            return Judgement::fail(Message::new("open").with_list("pages", all));
        }
        let sweep = &facts.debug;
        if !sweep.complete() {
            return Judgement::inconclusive(
                Message::new("incomplete").with("asked", sweep.asked).with("answered", sweep.answered),
            );
        }
        match said(&facts.unknown) {
            Ok(_) => Judgement::pass(Message::new("none").with("asked", sweep.asked)),
            Err(why) => why,
        }
    }
}
