//! An API is there that nobody has declared.

use auscult_facts::Subject;
use auscult_facts::logins::{ApiSign, Crawl, FoundApi, LoginsFacts};
use auscult_model::scenario::stands_for;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::logins::{declared, is_declared, plain, whole};
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct Undeclared;

impl Check for Undeclared {
    const META: Meta = Meta {
        id: CheckId::new("api-undeclared"),
        covers: &[Covers::new("SRV-01", "apis-declared")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = LoginsFacts;

    fn judge(facts: &LoginsFacts, subject: &Subject) -> Judgement {
        let Some((all, apis)) = declared(subject).and_then(|d| Some((d, d.apis.as_deref()?))) else {
            return crate::logins::nothing_declared("apis");
        };
        let crawl = match said(&facts.crawl) {
            Ok(crawl) => crawl,
            Err(why) => return why,
        };
        let fhir = all.protocol.as_deref() == Some("fhir") && all.base.is_none();
        let known = |api: &&FoundApi| is_declared(&api.path, all) || (fhir && api.by == ApiSign::Fhir);
        let beyond: Vec<&String> = crawl.apis.iter().filter(|api| !known(api)).map(|api| &api.path).collect();
        if !beyond.is_empty() {
            return Judgement::fail(Message::new("found").with_list("paths", beyond));
        }
        if let Err(why) = whole(crawl, all).and_then(|()| plain(crawl)) {
            return why;
        }
        if crawl.logins.iter().any(|login| login.everywhere) {
            return Judgement::inconclusive(Message::new("closed"));
        }
        let unseen: Vec<&String> = apis.iter().filter(|api| !seen(crawl, api)).collect();
        if !unseen.is_empty() {
            return Judgement::inconclusive(Message::new("unseen").with_list("paths", unseen));
        }
        let id = if apis.is_empty() { "none" } else { "all" };
        Judgement::pass(Message::new(id).with("asked", crawl.asked).with("count", apis.len()))
    }
}

/// Whether anything was seen of a declared API: one of its functions, or that it asks who is there.
fn seen(crawl: &Crawl, api: &str) -> bool {
    let functions = crawl.apis.iter().map(|found| &found.path);
    let logins = crawl.logins.iter().map(|login| &login.path);
    functions.chain(logins).chain(&crawl.unnamed).any(|path| stands_for(api, path))
}
