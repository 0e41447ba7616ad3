//! A web login opens with credentials that everybody knows.

use auscult_facts::Subject;
use auscult_facts::http::{HttpFacts, TryingStopped};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct DefaultCredentials;

impl Check for DefaultCredentials {
    const META: Meta = Meta {
        id: CheckId::new("http-default-credentials"),
        covers: &[Covers::new("AUT-01", "http-login")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    fn judge(facts: &HttpFacts, _: &Subject) -> Judgement {
        let tried = match said(&facts.default_credentials) {
            Ok(tried) => tried,
            Err(why) => return why,
        };
        let about = |id: &str| {
            Message::new(id).with("path", &tried.path).with("tried", tried.tried).with("listed", tried.listed)
        };
        if !tried.opened.is_empty() {
            let accounts = tried.opened.iter().map(|a| format!("{} (#{})", a.user, a.entry));
            return Judgement::fail(about("opened").with_list("accounts", accounts));
        }
        if tried.opens_to_anything {
            return Judgement::fail(about("anything"));
        }
        match tried.stopped {
            Some(TryingStopped::Locked) => Judgement::inconclusive(about("locked")),
            Some(TryingStopped::Silent) => Judgement::inconclusive(about("silent")),
            Some(TryingStopped::Spared) => Judgement::inconclusive(Message::new("checks.accounts-spared")),
            Some(TryingStopped::Undecidable) => Judgement::inconclusive(about("undecidable")),
            None if tried.left_out > 0 => {
                Judgement::inconclusive(about("left-out").with("others", tried.left_out))
            }
            None if tried.tried == 0 || tried.tried < tried.listed => {
                Judgement::inconclusive(about("silent"))
            }
            None => Judgement::pass(about("refused")),
        }
    }
}
