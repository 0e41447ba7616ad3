//! What a declared page came to: the judgement that all checks of pages share.
//!
//! A page passes only where it was read by a stranger and its subject was recognised. A barrier or an absence is a
//! failure only where it was seen; words that were not found in free text decide nothing.

use auscult_facts::pages::{Barrier, Form, Page, PagesFacts, Period, Said, Support};
use auscult_facts::{PageOwed, Subject};
use auscult_model::scenario::PageKind;
use auscult_model::{Judgement, Message};

use crate::said;
use crate::towards::shared;

/// The reason where a page is open and words are all that is missing.
const UNRECOGNISED: &str = "checks.page-unrecognised";

/// Up to so many letters a page is no more than the login, request or test that stands on it.
const BARE: u32 = 1_500;

/// What a page came to.
pub(crate) enum Standing {
    /// It is there, open to everybody, and its subject was recognised.
    There,
    /// Something stands before it.
    Barred(Message),
    /// It was seen not to be there.
    Absent(Message),
    /// It cannot be said.
    Unclear(Judgement),
}

/// Whether a page of a kind is declared to stand on the target.
pub(crate) fn concerns(subject: &Subject, kind: PageKind) -> bool {
    owed(subject, kind).is_some()
}

/// The page of a kind that is declared to stand on the target.
pub(crate) fn owed(subject: &Subject, kind: PageKind) -> Option<&PageOwed> {
    subject.service.as_ref()?.pages.iter().find(|page| page.kind == kind)
}

/// What was answered where the page is declared.
///
/// # Errors
/// The judgement where nothing was answered.
pub(crate) fn answered<'f>(
    facts: &'f PagesFacts,
    subject: &Subject,
    kind: PageKind,
) -> Result<&'f Page, Judgement> {
    let owed = owed(subject, kind);
    let found = owed.and_then(|owed| {
        facts.pages.iter().find(|page| page.of == owed.of && page.kind == kind && page.path == owed.path)
    });
    match found {
        Some(page) => said(&page.page),
        None => Err(Judgement::inconclusive(shared("page-not-fetched"))),
    }
}

/// What a page came to; `complete` says whether all that it must say was recognised.
pub(crate) fn standing(page: &Page, complete: bool) -> Standing {
    let unclear = |message| Standing::Unclear(Judgement::inconclusive(message));
    if let Some(shut) = page.barriers.iter().find(|b| b.is_shut()) {
        return Standing::Barred(barred(*shut, page));
    }
    if let Some(there) = &page.elsewhere {
        return unclear(shared("page-elsewhere").with("there", there));
    }
    match page.status {
        404 | 410 => return Standing::Absent(shared("page-gone").with("status", page.status)),
        204 => return Standing::Absent(shared("page-empty")),
        200 => {}
        status => return unclear(shared("page-status").with("status", status)),
    }
    if complete {
        return match (page.everywhere, page.later) {
            (Some(true), _) => unclear(shared("page-everywhere-unclear")),
            (_, true) => unclear(shared("page-later-unclear")),
            _ => Standing::There,
        };
    }
    if !page.whole {
        return unclear(shared("page-cut"));
    }
    match page.form {
        Form::Empty => return Standing::Absent(shared("page-empty")),
        Form::Other => return unclear(shared("page-unreadable")),
        Form::Html | Form::Text => {}
    }
    let beside = page.barriers.iter().find(|b| !b.is_shut()).filter(|_| page.letters <= BARE);
    if let Some(beside) = beside {
        return Standing::Barred(barred(*beside, page));
    }
    if page.everywhere == Some(true) {
        return Standing::Absent(shared("page-everywhere"));
    }
    if page.says_missing {
        return Standing::Absent(shared("page-says-missing"));
    }
    if page.letters == 0 {
        return Standing::Absent(shared("page-empty"));
    }
    if page.later {
        return Standing::Absent(shared("page-later"));
    }
    unclear(shared("page-unrecognised"))
}

fn barred(barrier: Barrier, page: &Page) -> Message {
    shared(&format!("page-barred-{}", barrier.word())).with("status", page.status)
}

/// Judges whether a page is there; what stands before it is another check's matter, and leaves this one undecided.
pub(crate) fn there(page: &Page, complete: bool, passed: Message) -> Judgement {
    match standing(page, complete) {
        Standing::There => Judgement::pass(passed),
        Standing::Absent(why) => Judgement::fail(why),
        Standing::Barred(why) => Judgement::inconclusive(why),
        Standing::Unclear(judgement) => judgement,
    }
}

/// Judges whether a page is there and open to everybody.
pub(crate) fn there_and_open(page: &Page, complete: bool, passed: Message) -> Judgement {
    match standing(page, complete) {
        Standing::There => Judgement::pass(passed),
        Standing::Absent(why) | Standing::Barred(why) => Judgement::fail(why),
        Standing::Unclear(judgement) => judgement,
    }
}

/// Names what was not recognised on a page that is there and open.
pub(crate) fn naming(judgement: Judgement, lacking: Option<(bool, &'static str)>) -> Judgement {
    match lacking {
        Some((_, id)) if judgement.because.id == UNRECOGNISED => Judgement::inconclusive(Message::new(id)),
        _ => judgement,
    }
}

/// Judges whether a page is open to everybody; one that is not there leaves that undecided.
pub(crate) fn open(page: &Page, recognised: bool) -> Judgement {
    match standing(page, recognised) {
        Standing::There => Judgement::pass(Message::new("open")),
        Standing::Barred(why) => Judgement::fail(why),
        Standing::Absent(why) => Judgement::inconclusive(why),
        Standing::Unclear(judgement) => judgement,
    }
}

/// Whether a page says something of its subject that tells it from any other page.
pub(crate) fn recognised(page: &Page) -> bool {
    match &page.said {
        Some(Said::Policy(policy)) => policy.topic && policy.contacts > 0,
        Some(Said::Support(support)) => !support.periods.is_empty(),
        Some(Said::Replacement(plan)) => plan.topic && plan.not_updatable,
        Some(Said::Sensors(sensors)) => sensors.topic && (sensors.none || !sensors.kinds.is_empty()),
        None => false,
    }
}

/// The periods on a page that are those of the declared model.
///
/// # Errors
/// The reason where a page gives periods and it is not known which is that of the model.
pub(crate) fn periods<'s>(support: &'s Support, subject: &Subject) -> Result<Vec<&'s Period>, Message> {
    let model = owed(subject, PageKind::SupportPeriod).and_then(|owed| owed.model.as_deref());
    let all: Vec<&Period> = support.periods.iter().collect();
    let (Some(model), false) = (model, all.is_empty()) else { return Ok(all) };
    if !support.names_model {
        return Err(shared("page-other-model").with("model", model));
    }
    let own: Vec<&Period> = all.iter().copied().filter(|period| period.of_model).collect();
    if !own.is_empty() {
        return Ok(own);
    }
    let differ = all.iter().any(|period| (period.until, period.months) != (all[0].until, all[0].months));
    if differ { Err(shared("page-several-models").with("model", model)) } else { Ok(all) }
}

/// A period in figures: a day, or a length as ISO 8601 writes it.
pub(crate) fn told(period: &Period) -> String {
    match (period.until, period.months) {
        (Some(until), _) => until.to_string(),
        (None, Some(months)) => format!("P{months}M"),
        (None, None) => String::new(),
    }
}
