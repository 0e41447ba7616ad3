//! Reads the pages where a maker publishes what it owes to everybody, as somebody whom nobody knows.
//!
//! Without scripts, cookies or a login; redirects are followed only within the service.

mod barriers;
mod text;
mod time;
mod vocabulary;
mod words;

use std::collections::BTreeMap;

use auscult_facts::pages::{Barrier, Form, Page, PageFacts, PagesFacts};
use auscult_facts::{Interrupted, PageOwed, Subject};
use auscult_model::Impact;
use auscult_model::scenario::{MOST_PAGES, PageKind};
use hyper::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};

use crate::http::ask::{Answered, Client, Question, bound as questions, noted};
use crate::http::door::is_login_page;
use crate::http::html;
use crate::http::page::{cut, is_html};
use crate::{Bound, Depth, Errand, NodeBench, Observer};
use text::Text;

/// Reads the pages that are declared on a service.
#[derive(Debug)]
pub struct Pages;

/// Most redirects that are followed.
const HOPS: u32 = 3;

/// Most bytes of one page that are read.
const PAGE: usize = 128 << 10;

/// Questions for one page: itself, its redirects, and a path that nobody can have made.
const QUESTIONS: u64 = HOPS as u64 + 2;

/// Packets for one page beyond those of glances: 2.2 for each KiB more, for every question.
const MORE: u64 = QUESTIONS * 250;

/// Most contacts that are counted.
const CONTACTS: u32 = 20;

/// What looking at so many pages of one service can cost at most.
pub fn bound(pages: u64) -> Bound {
    if pages == 0 { Bound::default() } else { questions(pages * QUESTIONS, pages * MORE) }
}

impl Observer for Pages {
    type Facts = PagesFacts;
    const NAME: &'static str = "pages/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        bound(MOST_PAGES as u64)
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<PagesFacts, Interrupted> {
        let owed = subject.service.iter().flat_map(|s| &s.pages).take(MOST_PAGES);
        let owed: Vec<&PageOwed> = owed.collect();
        let mut client = Client::new(bench, subject, bound(owed.len() as u64))?;
        let mut seen = Seen { mark: &errand.mark, pages: BTreeMap::new(), unknown: BTreeMap::new() };
        let mut pages = Vec::with_capacity(owed.len());
        for owed in owed {
            let fetched = seen.page(&mut client, &owed.path).await;
            pages.push(PageFacts {
                of: owed.of.clone(),
                kind: owed.kind,
                path: cut(&owed.path, 200),
                page: noted(fetched.map(|f| f.page(owed.kind, owed.model.as_deref()))),
            });
        }
        match pages.iter().map(|p| &p.page).next() {
            // Of a service that answered nothing at all there are no facts.
            Some(auscult_facts::Answer::Interrupted(why))
                if pages.iter().all(|p| p.page.seen().is_none()) =>
            {
                Err(*why)
            }
            _ => Ok(PagesFacts { pages }),
        }
    }
}

/// What was fetched so far: several kinds of page often stand at one path.
struct Seen<'s> {
    mark: &'s str,
    pages: BTreeMap<String, Result<Fetched, Interrupted>>,
    /// The text at a path that nobody can have made, by folder.
    unknown: BTreeMap<String, Option<(u16, String)>>,
}

impl Seen<'_> {
    async fn page(&mut self, client: &mut Client<'_>, path: &str) -> Result<Fetched, Interrupted> {
        if let Some(known) = self.pages.get(path) {
            return known.clone();
        }
        let mut fetched = fetch(client, path).await;
        if let Ok(page) = &mut fetched
            && page.page.status == 200
            && matches!(page.page.form, Form::Html | Form::Text)
        {
            page.page.everywhere = self.stands_everywhere(client, path, page).await;
        }
        self.pages.insert(path.to_owned(), fetched.clone());
        fetched
    }

    /// Whether a path that nobody can have made, in the same folder, shows the same text.
    async fn stands_everywhere(
        &mut self,
        client: &mut Client<'_>,
        path: &str,
        page: &Fetched,
    ) -> Option<bool> {
        let folder = path.split('?').next().and_then(|p| p.rsplit_once('/')).map_or("", |(folder, _)| folder);
        let unknown = format!("{folder}/auscult-{}", self.mark);
        if !self.unknown.contains_key(folder) {
            let answered = fetch(client, &unknown).await.ok();
            let told = answered.map(|other| (other.page.status, other.bare(&unknown)));
            self.unknown.insert(folder.to_owned(), told);
        }
        let (status, text) = self.unknown.get(folder)?.as_ref()?;
        Some(*status == 200 && !text.is_empty() && *text == page.bare(path))
    }
}

/// A page as it was fetched, before it is read for its subject.
#[derive(Clone, Debug, Default)]
struct Fetched {
    page: Page,
    text: Text,
    contacts: u32,
}

impl Fetched {
    /// The page, read for one subject.
    fn page(mut self, kind: PageKind, model: Option<&str>) -> Page {
        if matches!(self.page.form, Form::Html | Form::Text) {
            let (said, later) = words::said(kind, &self.text, model, self.contacts);
            self.page.said = Some(said);
            self.page.later = later;
        }
        self.page
    }

    /// Its text without the path that was asked for, which many error pages repeat.
    fn bare(&self, path: &str) -> String {
        let words = self.text.blocks.iter().map(|b| b.text.as_str()).collect::<Vec<_>>().join("\n");
        let path = path.split('?').next().unwrap_or_default();
        let leaf = path.rsplit('/').next().unwrap_or_default();
        let words = words.replace(path, "");
        if leaf.len() >= 4 { words.replace(leaf, "") } else { words }
    }
}

async fn fetch(client: &mut Client<'_>, path: &str) -> Result<Fetched, Interrupted> {
    let mut at = path.to_owned();
    let mut hops = 0;
    loop {
        let question = Question::get(&at).most(PAGE).with(ACCEPT, "text/html, text/plain;q=0.9, */*;q=0.5");
        let answered = match client.ask(question).await {
            Ok(answered) => answered,
            Err(Interrupted::AccessRefused) if client.wants_certificate() => {
                let barriers = [Barrier::ClientCertificate].into();
                return Ok(Fetched {
                    page: Page { hops, barriers, ..Page::default() },
                    ..Fetched::default()
                });
            }
            Err(why) => return Err(why),
        };
        let mut fetched = read_answer(&answered);
        fetched.page.hops = hops;
        if hops > 0 && is_login_page(&at) {
            fetched.page.barriers.insert(Barrier::LoginPage);
        }
        let Some(location) = leads_to(&answered) else { return Ok(fetched) };
        match client.origin.path_here(&at, &location) {
            Some(next) if hops < HOPS && next != at => {
                at = next;
                hops += 1;
            }
            Some(_) => return Ok(fetched),
            None => {
                let url = client.origin.resolve(&at, &location);
                if url.as_ref().is_some_and(|url| is_login_page(url.path())) {
                    fetched.page.barriers.insert(Barrier::LoginPage);
                }
                let there = client.origin.redirect(&at, &location);
                let there = there.map_or_else(String::new, |r| format!("{}://{}", r.scheme, r.to));
                fetched.page.elsewhere = Some(cut(&there, 120));
                return Ok(fetched);
            }
        }
    }
}

/// Where an answer sends its reader, by status or by the page itself.
fn leads_to(answered: &Answered) -> Option<String> {
    answered.location().or_else(|| {
        if !answered.given() || !is_html(answered) {
            return None;
        }
        html::refresh(&html::tags(&answered.text())).filter(|to| !to.is_empty()).map(ToOwned::to_owned)
    })
}

/// Reads an answer as a page on a subject; a model in it is that of the node whose maker owes it.
pub fn read(kind: PageKind, model: Option<&str>, answered: &Answered) -> Page {
    read_answer(answered).page(kind, model)
}

fn read_answer(answered: &Answered) -> Fetched {
    let mut fetched = Fetched::default();
    fetched.page.status = answered.status;
    fetched.page.whole = !answered.cut;
    fetched.page.barriers.extend(barriers::of_status(answered.status));
    let encoding = answered.header(&CONTENT_ENCODING).unwrap_or_default();
    let blank = answered.body.iter().all(u8::is_ascii_whitespace);
    let html = is_html(answered);
    fetched.page.form = if blank {
        Form::Empty
    } else if !matches!(encoding.trim().to_ascii_lowercase().as_str(), "" | "identity") {
        Form::Other
    } else if html {
        Form::Html
    } else if is_text(answered) {
        Form::Text
    } else {
        Form::Other
    };
    if !matches!(fetched.page.form, Form::Html | Form::Text) {
        return fetched;
    }
    let source = decoded(answered);
    let tags = if html { html::tags(&source) } else { Vec::new() };
    let text = if html { text::html(&source) } else { text::plain(&source) };
    fetched.page.whole &= !text.cut;
    fetched.page.letters = u32::try_from(text.letters()).unwrap_or(u32::MAX);
    fetched.page.says_missing = says_missing(&text);
    fetched.page.barriers.extend(barriers::of_page(&tags, &text));
    fetched.contacts = contacts(&tags, &text);
    fetched.text = text;
    fetched
}

/// Whether an answer is text that is meant to be read, by its content type or, where it has none, by its bytes.
fn is_text(answered: &Answered) -> bool {
    // Servers that do not know what they serve call it text.
    if answered.body.starts_with(b"%PDF") || answered.body.contains(&0) {
        return false;
    }
    match answered.header(&CONTENT_TYPE) {
        Some(kind) => {
            let kind = kind.trim().to_ascii_lowercase();
            ["text/plain", "text/markdown"].iter().any(|text| kind.starts_with(text))
        }
        None => std::str::from_utf8(&answered.body).is_ok(),
    }
}

/// The text of a body: UTF-8, or else one letter for each byte, as older pages are written.
fn decoded(answered: &Answered) -> String {
    let body = answered.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answered.body);
    match std::str::from_utf8(body) {
        Ok(text) => text.to_owned(),
        // The last letter of a page that was cut may be broken.
        Err(e) if e.valid_up_to() + 4 > body.len() => String::from_utf8_lossy(body).into_owned(),
        Err(_) => body.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Whether title or headline say that there is no such page.
fn says_missing(text: &Text) -> bool {
    [&text.title, &text.headline].into_iter().any(|line| {
        let line = line.to_lowercase();
        vocabulary::holds(
            &line,
            &[
                "404$",
                "not found",
                "page missing",
                "does not exist",
                "no longer exists",
                "nicht gefunden",
                "existiert nicht",
                "nicht vorhanden",
            ],
        )
    })
}

/// Ways to reach somebody that a page names: mail, telephone, and forms with room for a message.
fn contacts(tags: &[html::Tag], text: &Text) -> u32 {
    let links = tags.iter().filter(|t| t.name == "a").filter_map(|t| t.get("href")).filter(|href| {
        let href = href.trim().to_ascii_lowercase();
        (href.starts_with("mailto:") && href.contains('@')) || href.starts_with("tel:")
    });
    let messages = html::forms(tags).into_iter().filter(|f| f.fields.iter().any(|f| f.kind == "textarea"));
    let words = text.blocks.iter().flat_map(|b| b.text.split([' ', '<', '>', '(', ')', ',', ';', '|']));
    let mails = words.filter(|word| is_mail(word));
    u32::try_from(links.count() + messages.count() + mails.count()).unwrap_or(CONTACTS).min(CONTACTS)
}

fn is_mail(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ':', '!', '?']).trim_start_matches("mailto:");
    word.split_once('@').is_some_and(|(user, host)| {
        let name = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(&b));
        !user.is_empty()
            && user.len() <= 64
            && name(user)
            && host.contains('.')
            && !host.ends_with('.')
            && name(host)
    })
}

#[cfg(test)]
mod tests {
    use auscult_facts::pages::Said;

    use super::*;

    fn page(kind: PageKind, status: u16, content_type: &str, body: &[u8]) -> Page {
        let headers: &[(&[u8], &[u8])] = &[(b"content-type", content_type.as_bytes())];
        read(kind, None, &Answered::of(status, headers, body.to_vec()))
    }

    #[test]
    fn forms_are_told_apart() {
        let kind = PageKind::SupportPeriod;
        assert_eq!(page(kind, 200, "text/html", b" \n").form, Form::Empty);
        assert_eq!(page(kind, 200, "application/pdf", b"%PDF-1.7").form, Form::Other);
        assert_eq!(page(kind, 200, "text/html; charset=utf-8", b"<p>x").form, Form::Html);
        assert_eq!(page(kind, 200, "text/plain", b"x").form, Form::Text);
        assert_eq!(page(kind, 200, "text/plain", b"%PDF-1.7 security updates until 2031").form, Form::Other);
        assert_eq!(page(kind, 200, "application/json", b"{}").form, Form::Other);
        assert!(page(kind, 401, "text/html", b"<p>x").barriers.contains(&Barrier::Refused));
        assert!(page(kind, 200, "text/html", b"<title>404 Not Found</title><p>x").says_missing);
    }

    #[test]
    fn an_older_page_is_read_too() {
        let page = page(
            PageKind::SupportPeriod,
            200,
            "text/html",
            b"<p>mindestens f\xfcnf Jahre Sicherheitsupdates",
        );
        let Some(Said::Support(support)) = page.said else { panic!("{page:?}") };
        assert_eq!(support.periods[0].months, Some(60));
    }

    #[test]
    fn contacts_are_counted() {
        let count = |body: &str| {
            let tags = html::tags(body);
            contacts(&tags, &text::html(body))
        };
        assert_eq!(count("<p>Write to psirt@maker.example."), 1);
        assert_eq!(count("<a href='mailto:psirt@maker.example'>us</a>"), 1);
        assert_eq!(count("<form><textarea name=message></textarea></form>"), 1);
        assert_eq!(count("<p>@maker and user@"), 0);
    }

    #[test]
    fn the_path_is_left_out_of_what_is_compared() {
        let of = |body: &str| read_answer(&Answered::of(200, &[], body.as_bytes().to_vec()));
        let one = of("<!doctype html><p>No /support/bp-2 here").bare("/support/bp-2");
        let other = of("<!doctype html><p>No /support/auscult-abcd here").bare("/support/auscult-abcd");
        assert_eq!(one, other);
    }
}
