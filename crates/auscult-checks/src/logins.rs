//! What was found of logins and APIs, held against what is declared: what all checks of them share.

use auscult_facts::logins::{Crawl, End, FoundLogin, Mechanism, Shown};
use auscult_facts::{Declared, Subject};
use auscult_model::scenario::{DeclaredLogin, LoginBy, stands_for};
use auscult_model::{Judgement, Message};

use crate::towards::shared;

/// What is declared of the service, if it is.
pub(crate) fn declared(subject: &Subject) -> Option<&Declared> {
    subject.service.as_ref()?.declared.as_ref()
}

/// The logins that are declared of it; `None` where nothing is said about them.
pub(crate) fn declared_logins(subject: &Subject) -> Option<&[DeclaredLogin]> {
    declared(subject)?.logins.as_deref()
}

/// How a found login stands to the declared ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is declared, with its mechanism.
    Declared,
    /// Its path is declared, with another mechanism.
    Otherwise,
    /// Its path is not declared.
    Nowhere,
}

/// How a found login stands to the declared ones.
pub(crate) fn standing(login: &FoundLogin, declared: &[DeclaredLogin], crawl: &Crawl) -> Standing {
    let stands = |d: &DeclaredLogin| {
        governs(d, &login.path) || login.sends_to.as_ref().is_some_and(|to| governs(d, to))
    };
    // A form to which a declared path sends whoever asks is the one that is declared for that path.
    let sent_here = |d: &DeclaredLogin| {
        login.by == Mechanism::Form
            && crawl.declared.iter().filter(|asked| Some(&asked.path) == d.path.as_ref()).any(
                |asked| matches!(asked.shown.seen(), Some(Shown::Login { at, .. }) if bare(at) == login.path),
            )
    };
    if declared.iter().any(|d| is(d.by, login.by) && (login.everywhere || stands(d) || sent_here(d))) {
        Standing::Declared
    } else if declared.iter().any(|d| stands(d) || sent_here(d)) {
        Standing::Otherwise
    } else {
        Standing::Nowhere
    }
}

/// Whether a declared login stands for a path; a form on the front page stands for that page alone.
pub(crate) fn governs(declared: &DeclaredLogin, path: &str) -> bool {
    match (declared.path.as_deref(), declared.by) {
        (None, _) => false,
        (Some("/"), LoginBy::Form | LoginBy::None) => bare(path) == "/",
        (Some(own), _) => stands_for(own, path),
    }
}

fn bare(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}

/// Whether a declared mechanism is the one that was seen.
pub(crate) fn is(declared: LoginBy, seen: Mechanism) -> bool {
    matches!(
        (declared, seen),
        (LoginBy::Form, Mechanism::Form)
            | (LoginBy::Basic, Mechanism::Basic)
            | (LoginBy::Digest, Mechanism::Digest)
            | (LoginBy::Bearer, Mechanism::Bearer)
            | (LoginBy::Negotiate, Mechanism::Negotiate)
    )
}

/// Whether a declared mechanism is one that a web page shows to whoever asks without it.
pub(crate) fn shows_itself(by: LoginBy) -> bool {
    matches!(by, LoginBy::Form | LoginBy::Basic | LoginBy::Digest | LoginBy::Bearer | LoginBy::Negotiate)
}

/// What a declared path showed, if it was asked and answered.
pub(crate) fn shown<'c>(crawl: &'c Crawl, login: &DeclaredLogin) -> Option<&'c Shown> {
    let path = login.path.as_ref()?;
    crawl.declared.iter().find(|asked| asked.path == *path)?.shown.seen()
}

/// Declared logins that a page shows and that were not seen with their mechanism, as `/path (mechanism)`.
pub(crate) fn unseen(crawl: &Crawl, declared: &[DeclaredLogin]) -> Vec<String> {
    let seen = |d: &DeclaredLogin| matches!(shown(crawl, d), Some(Shown::Login { by, .. }) if by.iter().any(|m| is(d.by, *m)));
    declared.iter().filter(|d| shows_itself(d.by) && !seen(d)).map(label).collect()
}

/// A declared login as `/path (mechanism)`.
pub(crate) fn label(login: &DeclaredLogin) -> String {
    match &login.path {
        Some(path) => format!("{path} ({})", login.by.word()),
        None => login.by.word().to_owned(),
    }
}

/// Whether a path lies where the scenario says that there is something: a login, an API, or the base of the service.
pub(crate) fn is_declared(path: &str, declared: &Declared) -> bool {
    let logins = declared.logins.iter().flatten();
    logins.filter_map(|l| l.path.as_deref()).filter(|p| *p != "/").any(|p| stands_for(p, path))
        || declared.apis.iter().flatten().chain(&declared.base).any(|api| stands_for(api, path))
}

/// The judgement where reading ended before everything was seen that it could see.
///
/// # Errors
/// The judgement to return.
pub(crate) fn whole(crawl: &Crawl, declared: &Declared) -> Result<(), Judgement> {
    if !crawl.complete() {
        let why = match crawl.end {
            End::Complete => "logins-unanswered",
            End::Pages => "logins-pages",
            End::Bytes => "logins-bytes",
            End::Depth => "logins-depth",
            End::Many => "logins-many",
            End::Interrupted => "logins-interrupted",
        };
        let message = shared(why).with("asked", crawl.asked).with("answered", crawl.answered);
        return Err(Judgement::inconclusive(message));
    }
    // What is not asked for lies within what is declared, or may be anything.
    let spared: Vec<&String> = crawl.spared.iter().filter(|path| !is_declared(path, declared)).collect();
    if spared.is_empty() {
        Ok(())
    } else {
        Err(Judgement::inconclusive(shared("logins-spared").with_list("paths", spared)))
    }
}

/// The judgement where something may be there that reading does not show.
///
/// # Errors
/// The judgement to return.
pub(crate) fn plain(crawl: &Crawl) -> Result<(), Judgement> {
    let unclear = |id: &str| Err(Judgement::inconclusive(shared(id).with("asked", crawl.asked)));
    if crawl.same_page {
        unclear("logins-same-page")
    } else if crawl.given == 0 && crawl.logins.is_empty() {
        unclear("logins-nothing-given")
    } else if crawl.scripted.is_empty() {
        Ok(())
    } else {
        Err(Judgement::inconclusive(shared("logins-scripted").with_list("paths", &crawl.scripted)))
    }
}

/// That nothing is declared with which anything could be compared.
pub(crate) fn nothing_declared(key: &str) -> Judgement {
    Judgement::inconclusive(shared("logins-nothing-declared").with("key", key))
}

/// The reason that declared logins were not seen.
pub(crate) fn not_seen(unseen: Vec<String>) -> Judgement {
    let message: Message = shared("logins-unseen").with_list("logins", unseen);
    Judgement::inconclusive(message)
}
