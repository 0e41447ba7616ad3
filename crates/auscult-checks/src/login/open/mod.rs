//! A path for which a login is declared answers without one.

use auscult_facts::Subject;
use auscult_facts::logins::{LoginsFacts, Shown};
use auscult_model::scenario::{DeclaredLogin, LoginBy};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::logins::{declared, declared_logins, governs, shown, whole};
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct Open;

impl Check for Open {
    const META: Meta = Meta {
        id: CheckId::new("login-open"),
        covers: &[Covers::new("AUT-03", "logins-declared")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = LoginsFacts;

    fn concerns(subject: &Subject) -> bool {
        declared_logins(subject).is_none_or(|logins| !logins.is_empty())
    }

    fn judge(facts: &LoginsFacts, subject: &Subject) -> Judgement {
        let Some((all, logins)) = declared(subject).and_then(|d| Some((d, d.logins.as_deref()?))) else {
            return crate::logins::nothing_declared("logins");
        };
        let crawl = match said(&facts.crawl) {
            Ok(crawl) => crawl,
            Err(why) => return why,
        };
        let mut open: Vec<&String> = Vec::new();
        let mut unclear: Vec<&String> = Vec::new();
        for login in logins.iter().filter(|d| d.by != LoginBy::None) {
            let Some(path) = &login.path else { continue };
            match shown(crawl, login) {
                Some(Shown::Login { .. } | Shown::Refused) => {}
                Some(Shown::Managed) => open.push(path),
                // A form may stand behind a page, and a script may ask for a token; data stand behind nothing.
                Some(Shown::Data) if !by_form(logins, path) => open.push(path),
                Some(Shown::Page { may_ask: false }) if !by_form(logins, path) => open.push(path),
                Some(Shown::Data | Shown::Page { .. } | Shown::Elsewhere | Shown::Nothing) | None => {
                    unclear.push(path);
                }
            }
        }
        open.extend(crawl.managed.iter().filter(|path| guarded(logins, path)));
        open.sort();
        open.dedup();
        if !open.is_empty() {
            return Judgement::fail(Message::new("open").with_list("paths", open));
        }
        if !unclear.is_empty() {
            return Judgement::inconclusive(Message::new("unclear").with_list("paths", unclear));
        }
        if let Err(why) = whole(crawl, all) {
            return why;
        }
        match crawl.declared.len() {
            0 => Judgement::inconclusive(Message::new("none-asks")),
            count => Judgement::pass(Message::new("asks").with("count", count)),
        }
    }
}

/// Whether a form is declared for a path.
fn by_form(logins: &[DeclaredLogin], path: &str) -> bool {
    logins.iter().any(|d| d.by == LoginBy::Form && governs(d, path))
}

/// Whether the nearest declared path that stands for a page asks for a login.
fn guarded(logins: &[DeclaredLogin], page: &str) -> bool {
    let length = |d: &&DeclaredLogin| d.path.as_ref().map_or(0, String::len);
    let nearest = logins.iter().filter(|d| governs(d, page)).max_by_key(length);
    nearest.is_some_and(|d| d.by != LoginBy::None)
}
