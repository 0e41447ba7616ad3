//! Looks at a web server as a stranger.

pub(crate) mod apart;
pub(crate) mod ask;
mod crawl;
mod credentials;
pub(crate) mod door;
pub(crate) mod html;
mod lists;
pub(crate) mod origin;
pub(crate) mod page;
mod reading;
mod session;
mod thing;

use auscult_facts::http::{AllowedOrigin, Cookie, Find, ForeignOrigin, HttpFacts, Login, Page, Sweep, Trace};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use hyper::Method;
use hyper::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, HeaderName, ORIGIN};

use crate::{Bound, Depth, Errand, NodeBench, Observer};
pub(crate) use ask::Client;
use ask::{GLANCE, Question, bound, noted};
use door::Door;
use page::cut;

pub use crate::security_txt::SecurityTxt;
pub use ask::Answered;
pub use crawl::{Logins, read_addresses, read_sight};
pub use reading::{Reading, read};

/// Looks at a web server as a stranger: what it tells, what it grants, how it asks who is there.
#[derive(Debug)]
pub struct Http;

/// Most redirects of the front page that are followed, all within the same service.
const HOPS: u64 = 3;

/// Most bytes of the front page that are read.
const FRONT: usize = 64 << 10;

/// Most bytes of a management page that are read: its forms stand near the top.
const MENU: usize = 32 << 10;

/// Most links and folders of the front page that are asked beside the lists, and redirects of management pages.
const EXTRA_LINKS: usize = 4;
const EXTRA_FOLDERS: usize = 2;
const EXTRA_HOPS: usize = 4;

/// Questions without a login: the lists (20 + 13 + 6), what is beside them, and front, unknown, TRACE, origin.
const QUESTIONS: u64 = 39 + (EXTRA_LINKS + EXTRA_FOLDERS + EXTRA_HOPS) as u64 + HOPS + 4;

/// Most logins and cookies written down.
const LOGINS: usize = 8;
const COOKIES: usize = 20;

/// An origin that nobody can own (RFC 2606).
const FOREIGN: &str = "https://auscult.invalid";

const MARK: HeaderName = HeaderName::from_static("x-auscult-mark");

impl Observer for Http {
    type Facts = HttpFacts;
    const NAME: &'static str = "http/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, allowed: Impact) -> Bound {
        let logins = if allowed >= Impact::Intrusive { credentials::QUESTIONS } else { 0 };
        // Beyond a glance, 2.2 packets for each KiB of the front page and its hops, and of management pages.
        bound(QUESTIONS + logins, 4 * 106 + 21 * 36)
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<HttpFacts, Interrupted> {
        let client = Client::new(bench, subject, Self::bound(errand.depth, bench.allowed()))?;
        let mut walk = Walk { client, cookies: Vec::new(), doors: Vec::new(), unknown: None };
        let base = base(subject, "/");
        let first = walk.visit(&base, FRONT).await;
        if let Err(
            why @ (Interrupted::Closed
            | Interrupted::Unreachable
            | Interrupted::NotAuthorised
            | Interrupted::BudgetSpent
            | Interrupted::SafetyStop
            | Interrupted::BeyondInstrument
            | Interrupted::InstrumentFault),
        ) = first
        {
            return Err(why);
        }
        let unknown = walk.unknown(&errand.mark).await;
        if let (Err(why), Answer::Interrupted(_)) = (&first, &unknown) {
            return Err(*why);
        }
        let (landing, landed) = walk.landing(&base, first.as_ref().ok()).await;
        let front = noted(first.as_ref().map(|a| walk.page(&base, a)).map_err(|e| *e));
        // What a stranger sees first: the end of the redirects, or the front page itself.
        let shown = landed.or_else(|| first.ok().map(|a| (base.clone(), a)));
        let foreign_origin = walk.foreign_origin(shown.as_ref().map_or(base.as_str(), |(p, _)| p)).await;
        let admin = walk.admin(shown.as_ref()).await;
        let listings = walk.listings(shown.as_ref()).await;
        let debug = walk.debug().await;
        let trace = walk.trace(&base, &errand.mark).await;
        let default_credentials = walk.credentials(bench, shown.as_ref(), &base, errand).await;
        Ok(HttpFacts {
            front,
            landing,
            unknown,
            trace,
            foreign_origin,
            listings,
            debug,
            admin,
            logins: walk.logins(),
            cookies: walk.cookies,
            default_credentials,
        })
    }
}

/// The declared base path with its slash in front, or another.
pub(crate) fn base(subject: &Subject, otherwise: &str) -> String {
    let declared = subject.service.as_ref().and_then(|s| s.declared.as_ref()?.base.clone());
    let base = declared.unwrap_or_else(|| otherwise.to_owned());
    if base.starts_with('/') { base } else { format!("/{base}") }
}

/// One walk through a site, with what is noted on the way.
struct Walk<'a> {
    client: Client<'a>,
    cookies: Vec<Cookie>,
    doors: Vec<Door>,
    unknown: Option<Answered>,
}

impl Walk<'_> {
    /// Asks for a path, and notes cookies and logins of the answer.
    async fn visit(&mut self, path: &str, most: usize) -> Result<Answered, Interrupted> {
        let answered = self.client.ask(Question::get(path).most(most)).await?;
        for cookie in page::cookies(path, &answered) {
            if self.cookies.len() < COOKIES && !self.cookies.iter().any(|c| c.name == cookie.name) {
                self.cookies.push(cookie);
            }
        }
        if let Some(door) = door::door(path, &answered, &self.client.origin)
            && self.doors.len() < LOGINS
            && !self.doors.iter().any(|d| d.same(&door))
        {
            self.doors.push(door);
        }
        Ok(answered)
    }

    fn page(&self, path: &str, answered: &Answered) -> Page {
        page::page(path, answered, &self.client.origin)
    }

    fn logins(&self) -> Vec<Login> {
        self.doors.iter().map(|d| d.login.clone()).collect()
    }

    async fn unknown(&mut self, mark: &str) -> Answer<Page> {
        let path = format!("/auscult-{mark}");
        let answered = self.visit(&path, GLANCE).await;
        let noted = noted(answered.as_ref().map(|a| self.page(&path, a)).map_err(|e| *e));
        self.unknown = answered.ok();
        noted
    }

    /// Follows the front page's redirects within the service.
    async fn landing(
        &mut self,
        base: &str,
        first: Option<&Answered>,
    ) -> (Answer<Page>, Option<(String, Answered)>) {
        let mut path = base.to_owned();
        let mut next = first.and_then(|a| self.next(&path, a));
        let mut landed = None;
        for _ in 0..HOPS {
            let Some(to) = next.take() else { break };
            path = to;
            match self.visit(&path, FRONT).await {
                Err(why) => return (Answer::Interrupted(why), None),
                Ok(answered) => {
                    next = self.next(&path, &answered);
                    landed = Some(answered);
                }
            }
        }
        match landed {
            None => (Answer::NotAsked(NotAsked::NoOccasion), None),
            Some(answered) => (Answer::Seen(self.page(&path, &answered)), Some((path, answered))),
        }
    }

    fn next(&self, path: &str, answered: &Answered) -> Option<String> {
        let text = answered.text();
        let location =
            answered.location().or_else(|| html::refresh(&html::tags(&text)).map(ToOwned::to_owned))?;
        self.client.origin.path_here(path, &location).filter(|next| next != path)
    }

    async fn trace(&mut self, path: &str, mark: &str) -> Answer<Trace> {
        let question = Question::new(Method::TRACE, path).with(MARK, mark);
        noted(self.client.ask(question).await.and_then(|a| {
            let text = a.text().to_ascii_lowercase();
            let reflected = a.given() && text.contains(&format!("{MARK}: {mark}"));
            match a.short.filter(|_| a.given() && !reflected) {
                Some(why) => Err(why),
                None => Ok(Trace { status: a.status, reflected }),
            }
        }))
    }

    async fn foreign_origin(&mut self, path: &str) -> Answer<ForeignOrigin> {
        let question = Question::get(path).with(ORIGIN, FOREIGN);
        noted(self.client.ask(question).await.map(|a| {
            ForeignOrigin {
                status: a.status,
                allowed: match a.header(&ACCESS_CONTROL_ALLOW_ORIGIN).as_deref().map(str::trim) {
                    None => AllowedOrigin::None,
                    Some("*") => AllowedOrigin::Any,
                    Some(FOREIGN) => AllowedOrigin::Ours,
                    Some(_) => AllowedOrigin::Other,
                },
                credentials: a
                    .header(&ACCESS_CONTROL_ALLOW_CREDENTIALS)
                    .is_some_and(|v| v.trim().eq_ignore_ascii_case("true")),
            }
        }))
    }

    async fn listings(&mut self, shown: Option<&(String, Answered)>) -> Sweep {
        let mut sweep = Sweep::default();
        let everywhere = self.unknown.as_ref().and_then(listing);
        let note = |sweep: &mut Sweep, path: &str, answered: &Answered| {
            let found = listing(answered).filter(|_| everywhere.is_none());
            sweep.answered += u32::from(found.is_some() || shows_nothing(answered));
            if let Some(what) = found {
                sweep.found.push(Find { path: cut(path, 120), what: what.to_owned() });
            }
        };
        let mut paths: Vec<String> = lists::listing_paths().map(ToOwned::to_owned).collect();
        sweep.asked += 1;
        if let Some((path, answered)) = shown {
            note(&mut sweep, path, answered);
            for folder in folders(path, answered, &self.client).into_iter().take(EXTRA_FOLDERS) {
                if !paths.contains(&folder) {
                    paths.push(folder);
                }
            }
        }
        for path in paths {
            sweep.asked += 1;
            if let Ok(answered) = self.visit(&path, GLANCE).await {
                note(&mut sweep, &path, &answered);
            }
        }
        sweep
    }

    async fn debug(&mut self) -> Sweep {
        let mut sweep = Sweep::default();
        let everywhere = self.unknown.as_ref().map(|a| (a.text(), page::is_html(a)));
        for page in lists::debug_pages() {
            sweep.asked += 1;
            let Ok(answered) = self.visit(page.path, GLANCE).await else { continue };
            let before = sweep.found.len();
            if door::refuses(page.path, &answered, &self.client.origin) {
                sweep.refused += 1;
            }
            let stands_everywhere =
                everywhere.as_ref().is_some_and(|(text, html)| page.proven_by(text, *html));
            if answered.status == 200
                && !stands_everywhere
                && page.proven_by(&answered.text(), page::is_html(&answered))
            {
                sweep.found.push(Find { path: page.path.to_owned(), what: page.what.to_owned() });
            }
            sweep.answered += u32::from(sweep.found.len() > before || shows_nothing(&answered));
        }
        sweep
    }

    async fn admin(&mut self, shown: Option<&(String, Answered)>) -> Sweep {
        let mut sweep = Sweep { asked: 1, ..Sweep::default() };
        let mut paths: Vec<String> = lists::admin_paths().map(ToOwned::to_owned).collect();
        if let Some((path, answered)) = shown {
            sweep.answered += u32::from(shows_nothing(answered));
            sweep.refused += u32::from(door::refuses(path, answered, &self.client.origin));
            if let Some(what) = door::management(path, answered, false) {
                sweep.found.push(Find { path: cut(path, 120), what: what.to_owned() });
            }
            let links = door::management_links(path, answered, &self.client.origin);
            for link in links.into_iter().filter(|l| l != path).take(EXTRA_LINKS) {
                if !paths.contains(&link) {
                    paths.push(link);
                }
            }
        }
        let everywhere = self.unknown.as_ref().and_then(|a| door::management("/admin", a, true));
        let mut hops = EXTRA_HOPS;
        for path in paths {
            sweep.asked += 1;
            let Ok(mut answered) = self.visit(&path, MENU).await else { continue };
            let mut at = path;
            if hops > 0
                && !door::refuses(&at, &answered, &self.client.origin)
                && let Some(next) = self.next(&at, &answered)
                && shown.is_none_or(|(front, _)| *front != next)
            {
                hops -= 1;
                let Ok(hopped) = self.visit(&next, MENU).await else { continue };
                (at, answered) = (next, hopped);
            }
            sweep.answered += u32::from(shows_nothing(&answered));
            sweep.refused += u32::from(door::refuses(&at, &answered, &self.client.origin));
            if everywhere.is_none()
                && let Some(what) = door::management(&at, &answered, true)
                && !sweep.found.iter().any(|f| f.path == cut(&at, 120))
            {
                sweep.found.push(Find { path: cut(&at, 120), what: what.to_owned() });
            }
        }
        sweep
    }

    async fn credentials(
        &mut self,
        bench: &NodeBench,
        shown: Option<&(String, Answered)>,
        base: &str,
        errand: &Errand,
    ) -> Answer<auscult_facts::http::DefaultCredentials> {
        if bench.allowed() < Impact::Intrusive {
            return Answer::NotAsked(NotAsked::Impact);
        }
        let Some(door) = self.doors.iter().find(|d| d.can_be_tried).cloned() else {
            return Answer::NotAsked(NotAsked::NoOccasion);
        };
        let guarded =
            shown.filter(|(path, answered)| door::refuses(path, answered, &self.client.origin)).map(|_| base);
        let left_out = u32::try_from(self.doors.len()).unwrap_or(u32::MAX).saturating_sub(1);
        Answer::Seen(
            credentials::try_all(&mut self.client, &door, guarded, (errand, bench.address()), left_out).await,
        )
    }
}

/// Whether what an answer does not hold is really not there: a page that broke off may hold it further down.
fn shows_nothing(answered: &Answered) -> bool {
    !(answered.given() && answered.short.is_some())
}

/// Which listing of a folder an answer is, if any.
fn listing(answered: &Answered) -> Option<&'static str> {
    if answered.status != 200 || !page::is_html(answered) {
        return None;
    }
    let text = answered.text();
    lists::listing(&text, &html::title(&text))
}

/// Folders of this service from which a page takes its files.
fn folders(path: &str, answered: &Answered, client: &Client<'_>) -> Vec<String> {
    let text = answered.text();
    let mut folders: Vec<String> = html::links(&html::tags(&text))
        .into_iter()
        .filter_map(|link| client.origin.path_here(path, link))
        .filter_map(|p| {
            let p = p.split('?').next().unwrap_or_default();
            let (folder, file) = p.rsplit_once('/')?;
            (!folder.is_empty() && file.contains('.') && folder.len() <= 100).then(|| format!("{folder}/"))
        })
        .collect();
    folders.sort();
    folders.dedup();
    folders
}

/// Reads a page as the observer does and gives how many tags, forms and links it found: the entry for whoever wants to
/// hand it hostile pages.
pub fn read_page(page: &str) -> (usize, usize, usize) {
    let tags = html::tags(page);
    let _ = (html::title(page), html::generator(&tags), html::refresh(&tags));
    (tags.len(), html::forms(&tags).len(), html::links(&tags).len())
}
