//! A login, or a page on which the device is managed, is there that nobody has declared.

use auscult_facts::Subject;
use auscult_facts::logins::{Crawl, LoginsFacts};
use auscult_model::scenario::DeclaredLogin;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::logins::{Standing, declared, governs, is_declared, not_seen, plain, standing, unseen, whole};
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct Undeclared;

impl Check for Undeclared {
    const META: Meta = Meta {
        id: CheckId::new("login-undeclared"),
        covers: &[Covers::new("AUT-03", "logins-declared")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = LoginsFacts;

    fn judge(facts: &LoginsFacts, subject: &Subject) -> Judgement {
        let Some((all, logins)) = declared(subject).and_then(|d| Some((d, d.logins.as_deref()?))) else {
            return crate::logins::nothing_declared("logins");
        };
        let crawl = match said(&facts.crawl) {
            Ok(crawl) => crawl,
            Err(why) => return why,
        };
        if let Some(fail) = beyond(crawl, logins) {
            return fail;
        }
        let unnamed: Vec<&String> = crawl.unnamed.iter().filter(|path| !is_declared(path, all)).collect();
        if !unnamed.is_empty() {
            return Judgement::inconclusive(Message::new("unnamed").with_list("paths", unnamed));
        }
        if let Err(why) = whole(crawl, all).and_then(|()| plain(crawl)) {
            return why;
        }
        if !crawl.elsewhere.is_empty() {
            return Judgement::inconclusive(Message::new("elsewhere").with_list("hosts", &crawl.elsewhere));
        }
        let unseen = unseen(crawl, logins);
        if !unseen.is_empty() {
            return not_seen(unseen);
        }
        let id = if logins.is_empty() { "none" } else { "all" };
        Judgement::pass(Message::new(id).with("asked", crawl.asked).with("found", crawl.logins.len()))
    }
}

/// What is there and not declared.
fn beyond(crawl: &Crawl, logins: &[DeclaredLogin]) -> Option<Judgement> {
    let found = crawl.logins.iter().filter(|login| standing(login, logins, crawl) == Standing::Nowhere);
    let found: Vec<String> = found.map(|login| format!("{} ({})", login.path, login.by.word())).collect();
    if !found.is_empty() {
        return Some(Judgement::fail(Message::new("found").with_list("logins", found)));
    }
    let managed = crawl.managed.iter().filter(|path| !logins.iter().any(|d| governs(d, path)));
    let managed: Vec<&String> = managed.collect();
    (!managed.is_empty()).then(|| Judgement::fail(Message::new("managed").with_list("paths", managed)))
}
