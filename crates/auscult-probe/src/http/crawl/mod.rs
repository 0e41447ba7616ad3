//! Reads the pages of a web service whose logins or APIs are declared, and notes which ones it shows.
//!
//! Only GET, only within the service, and only what does not look as if asking for it did something. The declared paths
//! come first, then the front page and the places that are usual, then what all of these lead to.

mod frontier;
mod scan;
mod sight;

use std::collections::{BTreeMap, BTreeSet};

use auscult_facts::logins::{Asked, Crawl, End, FoundLogin, LoginsFacts, Mechanism, Shown};
use auscult_facts::{Answer, Declared, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_model::scenario::LoginBy;

use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE};

use super::ask::{Answered, Client, Question, bound};
use super::page::{cut, is_html};
use super::{base, door, html, lists};
use crate::{Bound, Depth, Errand, NodeBench, Observer};
use frontier::Frontier;
use scan::Scan;
use sight::{KEPT, bare};

/// Reads the pages of a web service for the ways to log in and the APIs that they show.
#[derive(Debug)]
pub struct Logins;

/// Most paths that are asked.
const PAGES: u64 = 96;

/// Most bytes of one page or script.
const PAGE: usize = 128 << 10;

/// Most bytes of all of them together.
const BYTES: usize = 1 << 20;

/// Most steps from where reading begins.
const DEPTH: u8 = 5;

/// Most logins, pages and the like that are kept.
const LOGINS: usize = 32;
const PATHS: usize = 16;
const HOSTS: usize = 8;
const APIS: usize = 200;

/// Most redirects that are followed from a declared path, all within the service.
const HOPS: u32 = 4;

/// Usual places of lists of pages, and of descriptions and roots of APIs.
const USUAL: [&str; 14] = [
    "/robots.txt",
    "/sitemap.xml",
    "/openapi.json",
    "/swagger.json",
    "/api/openapi.json",
    "/swagger/v1/swagger.json",
    "/v2/api-docs",
    "/v3/api-docs",
    "/api-docs",
    "/api",
    "/api/v1",
    "/rest",
    "/graphql",
    "/metadata",
];

impl Observer for Logins {
    type Facts = LoginsFacts;
    const NAME: &'static str = "logins/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        // Beyond a glance for each page, 2.2 packets for each KiB of what is read of all together.
        bound(PAGES, 2_260)
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<LoginsFacts, Interrupted> {
        let declared = subject.service.as_ref().and_then(|s| s.declared.as_ref());
        let Some(declared) = declared.filter(|d| d.logins.is_some() || d.apis.is_some()) else {
            return Ok(LoginsFacts { crawl: Answer::NotAsked(NotAsked::NoOccasion) });
        };
        let client = Client::new(bench, subject, Self::bound(errand.depth, bench.allowed()))?;
        let mut reader = Reader::new(client);
        let never = format!("/auscult-{}", errand.mark);
        reader.begin(subject, declared, &never).await?;
        reader.read_on().await;
        Ok(LoginsFacts { crawl: Answer::Seen(reader.end(declared)) })
    }
}

/// What is remembered of an answer.
struct Brief {
    shown: Shown,
    /// Where it sends the browser within the service.
    next: Option<String>,
}

/// The answer to a path that cannot exist.
struct Nowhere {
    path: String,
    answered: Answered,
}

struct Reader<'a> {
    client: Client<'a>,
    frontier: Frontier,
    nowhere: Option<Nowhere>,
    briefs: BTreeMap<String, Brief>,
    crawl: Crawl,
    end: Option<End>,
    bytes: usize,
}

impl<'a> Reader<'a> {
    fn new(client: Client<'a>) -> Self {
        Self {
            client,
            frontier: Frontier::default(),
            nowhere: None,
            briefs: BTreeMap::new(),
            crawl: Crawl::default(),
            end: None,
            bytes: 0,
        }
    }

    /// Asks for a path that cannot exist, and lays out what is asked first.
    ///
    /// # Errors
    /// What came in between: then nothing could be told from anything.
    async fn begin(
        &mut self,
        subject: &Subject,
        declared: &Declared,
        never: &str,
    ) -> Result<(), Interrupted> {
        let answered = self.ask(never).await?;
        if let Some(why) = answered.short {
            return Err(why);
        }
        self.crawl.same_page = answered.given();
        self.note_logins(never, &answered, true);
        self.nowhere = Some(Nowhere { path: never.to_owned(), answered });
        let logins = declared.logins.iter().flatten().filter_map(|login| login.path.as_deref());
        let front = base(subject, "/");
        let apis = declared.apis.iter().flatten().map(String::as_str);
        let under = format!("{}/metadata", front.trim_end_matches('/'));
        let first = logins.chain([front.as_str(), "/"]).chain(apis).chain(USUAL).chain([under.as_str()]);
        for path in first {
            self.meet(path, 0);
        }
        for path in lists::admin_paths() {
            self.meet(path, 0);
        }
        Ok(())
    }

    async fn ask(&mut self, path: &str) -> Result<Answered, Interrupted> {
        self.crawl.asked += 1;
        let left = BYTES.saturating_sub(self.bytes);
        let answered = self.client.ask(Question::get(path).most(PAGE.min(left.max(1)))).await?;
        self.bytes += answered.body.len();
        // What is packed although nobody asked for that is not read.
        let packed = answered
            .header(&CONTENT_ENCODING)
            .is_some_and(|how| !how.trim().eq_ignore_ascii_case("identity"));
        self.crawl.answered += u32::from(answered.short.is_none() && !packed);
        self.crawl.given += u32::from(answered.given() && !answered.body.is_empty());
        Ok(answered)
    }

    /// Reads until nothing is left or a bound is met.
    async fn read_on(&mut self) {
        while let Some((path, depth)) = self.frontier.next() {
            if u64::from(self.crawl.asked) >= PAGES || self.bytes >= BYTES {
                self.crawl.left += 1;
                self.stop(if self.bytes >= BYTES { End::Bytes } else { End::Pages });
                break;
            }
            match self.ask(&path).await {
                Ok(answered) => self.note(&path, depth, &answered),
                // One page that breaks off is counted as unanswered; behind the others nothing more will come.
                Err(Interrupted::TimedOut | Interrupted::AccessRefused | Interrupted::NotUnderstood)
                    if self.crawl.answered > 0 => {}
                Err(_) => {
                    self.stop(End::Interrupted);
                    break;
                }
            }
        }
        self.crawl.left += self.frontier.waiting();
    }

    fn stop(&mut self, why: End) {
        self.end.get_or_insert(why);
    }

    /// Lays out a path of this service, where it may be asked for.
    fn meet(&mut self, path: &str, depth: u8) {
        self.go(path, depth, scan::follow(path));
    }

    /// Lays out where the service itself sends whoever asks, as every browser follows it without a word.
    fn meet_sent(&mut self, path: &str, depth: u8) {
        self.go(path, depth, scan::follow_sent(path));
    }

    fn go(&mut self, path: &str, depth: u8, follow: scan::Follow) {
        match follow {
            scan::Follow::Ask if depth > DEPTH => {
                if !self.frontier.knows(path) {
                    self.crawl.left += 1;
                    self.stop(End::Depth);
                }
            }
            scan::Follow::Ask => {
                if !self.frontier.add(path, depth) {
                    self.stop(End::Many);
                }
            }
            scan::Follow::Spare => self.keep_path(path, |crawl| &mut crawl.spared),
            scan::Follow::Asset | scan::Follow::Leaves => {}
        }
    }

    /// Keeps a path in one of the lists.
    fn keep_path(&mut self, path: &str, list: impl Fn(&mut Crawl) -> &mut Vec<String>) {
        let path = cut(path, KEPT);
        let list = list(&mut self.crawl);
        if list.contains(&path) {
            return;
        }
        if list.len() < PATHS {
            list.push(path);
        } else {
            self.stop(End::Many);
        }
    }

    /// Notes what an answer shows, and where it leads.
    fn note(&mut self, path: &str, depth: u8, answered: &Answered) {
        if answered.given() && answered.cut && worth_its_end(path, answered) {
            self.stop(End::Bytes);
        }
        let by = self.note_logins(path, answered, false);
        let text = answered.text();
        let html = is_html(answered);
        let refresh = if html { html::refresh(&html::tags(&text)).map(ToOwned::to_owned) } else { None };
        let location = answered.location().or(refresh);
        let next =
            location.as_ref().and_then(|l| self.client.origin.path_here(path, l)).filter(|n| n != path);
        let same = self.is_nowhere(path, answered);
        let away = location.as_ref().is_some_and(|l| {
            next.is_none()
                && self.client.origin.resolve(path, l).is_some_and(|url| !self.is_way_to_tls(path, &url))
        });
        if let (true, false, Some(location)) = (away, same, &location) {
            self.note_elsewhere(path, location);
        }
        let usual = lists::admin_paths().any(|usual| usual == bare(path)) || scan::is_of_management(path);
        let managed = !same && by.is_empty() && door::management(path, answered, usual).is_some();
        if managed {
            self.keep_path(bare(path), |crawl| &mut crawl.managed);
        }
        if !same {
            self.note_apis(path, answered);
        }
        let shown = if !by.is_empty() {
            Shown::Login { at: cut(path, KEPT), by }
        } else if matches!(answered.status, 401 | 403) {
            Shown::Refused
        } else if location.is_some() && next.is_none() {
            Shown::Elsewhere
        } else if same || !answered.given() || answered.body.is_empty() {
            Shown::Nothing
        } else if managed {
            Shown::Managed
        } else if html {
            let tags = html::tags(&text);
            let may_ask = tags.iter().any(|t| t.name == "script") || !html::forms(&tags).is_empty();
            Shown::Page { may_ask }
        } else {
            Shown::Data
        };
        self.briefs.insert(path.to_owned(), Brief { shown, next: next.clone() });
        if let Some(next) = next {
            self.meet_sent(&next, depth);
        }
        self.lead_on(path, depth, answered, &text);
    }

    /// Notes the logins of an answer, and gives the ways in which it asks.
    fn note_logins(&mut self, path: &str, answered: &Answered, everywhere: bool) -> BTreeSet<Mechanism> {
        let mut by = sight::challenges(answered);
        let everywhere_by: BTreeSet<_> =
            self.crawl.logins.iter().filter(|l| l.everywhere).map(|l| l.by).collect();
        for mechanism in by.clone() {
            // What is asked everywhere is one login and not one for each path.
            if everywhere || !everywhere_by.contains(&mechanism) {
                let path = if everywhere { "/" } else { bare(path) };
                self.keep_login(FoundLogin {
                    path: cut(path, KEPT),
                    by: mechanism,
                    sends_to: None,
                    everywhere,
                });
            }
        }
        if answered.status == 401 && by.is_empty() && !everywhere && !self.is_nowhere(path, answered) {
            self.keep_path(bare(path), |crawl| &mut crawl.unnamed);
        }
        for form in sight::login_forms(path, answered, &self.client.origin) {
            by.insert(Mechanism::Form);
            if let Some(host) = form.elsewhere {
                self.keep_host(host);
            }
            if everywhere || !everywhere_by.contains(&Mechanism::Form) {
                let path = if everywhere { "/" } else { bare(path) };
                let sends_to = form.sends_to.map(|to| cut(&to, KEPT));
                let login = FoundLogin { path: cut(path, KEPT), by: Mechanism::Form, sends_to, everywhere };
                self.keep_login(login);
            }
        }
        by
    }

    fn keep_login(&mut self, login: FoundLogin) {
        if self.crawl.logins.contains(&login) {
            return;
        }
        if self.crawl.logins.len() < LOGINS {
            self.crawl.logins.push(login);
        } else {
            self.stop(End::Many);
        }
    }

    fn keep_host(&mut self, host: String) {
        if self.crawl.elsewhere.contains(&host) || self.crawl.elsewhere.len() < HOSTS {
            self.crawl.elsewhere.insert(host);
        } else {
            self.stop(End::Many);
        }
    }

    /// Notes the service to which those must go who want to log in.
    fn note_elsewhere(&mut self, path: &str, location: &str) {
        let Some(url) = self.client.origin.resolve(path, location) else { return };
        let asks = door::LOGIN_PAGES.iter().any(|page| {
            url.path().to_ascii_lowercase().split('/').any(|p| p.split('.').next() == Some(page))
        });
        if asks {
            self.keep_host(sight::host_of(&url));
        }
    }

    /// Whether an address is the same path on the same host inside TLS.
    fn is_way_to_tls(&self, path: &str, url: &url::Url) -> bool {
        let own = self.client.origin.resolve(path, "");
        url.scheme() == "https"
            && self.client.origin.scheme() == "http"
            && url.path() == bare(path)
            && own.is_some_and(|own| own.host_str() == url.host_str())
    }

    fn note_apis(&mut self, path: &str, answered: &Answered) {
        let (apis, more) = sight::apis(path, answered, &self.client.origin);
        if more {
            self.stop(End::Many);
        }
        for api in apis {
            if self.crawl.apis.contains(&api) {
                continue;
            }
            if self.crawl.apis.len() == APIS {
                self.stop(End::Many);
                break;
            }
            self.crawl.apis.push(api);
        }
    }

    /// Whether an answer is what a path gets that cannot exist.
    fn is_nowhere(&self, path: &str, answered: &Answered) -> bool {
        if matches!(answered.status, 404 | 405 | 410 | 501) {
            return true;
        }
        // The front page is there, even where it is given for every path.
        if path == "/" {
            return false;
        }
        let Some(nowhere) = self.nowhere.as_ref().filter(|n| n.answered.status == answered.status) else {
            return false;
        };
        // Some pages repeat the path that was asked for.
        let plain = |text: &str, path: &str| text.replace(path, "/");
        let location = |a: &Answered, path: &str| a.location().map(|l| plain(&l, path));
        let (ours, theirs) = (location(answered, path), location(&nowhere.answered, &nowhere.path));
        ours == theirs
            && (answered.body == nowhere.answered.body
                || plain(&answered.text(), path) == plain(&nowhere.answered.text(), &nowhere.path))
    }

    /// Lays out what an answer leads to.
    fn lead_on(&mut self, path: &str, depth: u8, answered: &Answered, text: &str) {
        if !answered.given() && !is_html(answered) {
            return;
        }
        let found = if is_html(answered) {
            scan::page(text)
        } else if !answered.given() {
            return;
        } else if sight::is_script(path, answered) {
            scan::script(text)
        } else if bare(path) == "/robots.txt" {
            scan::robots(text)
        } else if text.contains("<loc>") {
            scan::sitemap(text)
        } else {
            return;
        };
        self.take(path, depth, &found);
    }

    fn take(&mut self, path: &str, depth: u8, found: &Scan) {
        if found.cut {
            self.stop(End::Many);
        }
        if found.builds {
            self.keep_scripted(path.to_owned());
        }
        for link in &found.links {
            if let Some(next) = self.client.origin.path_here(path, link) {
                self.meet(&next, depth + 1);
            }
        }
        for script in &found.scripts {
            match self.client.origin.path_here(path, script) {
                Some(next) => self.meet(&next, depth + 1),
                None => {
                    let url = self.client.origin.resolve(path, script);
                    if let Some(url) = url.filter(|u| u.has_host()) {
                        self.keep_scripted(sight::host_of(&url));
                    }
                }
            }
        }
    }

    fn keep_scripted(&mut self, what: String) {
        let what = cut(&what, KEPT);
        if self.crawl.scripted.len() < HOSTS && !self.crawl.scripted.contains(&what) {
            self.crawl.scripted.push(what);
        }
    }

    /// What was found, with what each declared path showed.
    fn end(mut self, declared: &Declared) -> Crawl {
        let logins = declared.logins.iter().flatten();
        let paths: BTreeSet<&String> =
            logins.filter(|l| l.by != LoginBy::None).filter_map(|l| l.path.as_ref()).collect();
        let asked = paths.into_iter().map(|path| Asked { path: path.clone(), shown: self.shown(path) });
        self.crawl.declared = asked.collect();
        self.crawl.end = self.end.unwrap_or(End::Complete);
        self.crawl
    }

    /// What a path showed, behind its redirects within the service.
    fn shown(&self, path: &str) -> Answer<Shown> {
        let mut at = path.to_owned();
        for _ in 0..=HOPS {
            let Some(brief) = self.briefs.get(&at) else {
                return match self.frontier.knows(&at) {
                    true => Answer::Interrupted(Interrupted::TimedOut),
                    false => Answer::NotAsked(NotAsked::NoOccasion),
                };
            };
            match (&brief.shown, &brief.next) {
                (Shown::Login { .. }, _) | (_, None) => return Answer::Seen(brief.shown.clone()),
                (_, Some(next)) => at.clone_from(next),
            }
        }
        Answer::Seen(Shown::Elsewhere)
    }
}

/// Whether what stands at the end of an answer could matter.
fn worth_its_end(path: &str, answered: &Answered) -> bool {
    let kind = answered.header(&CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    is_html(answered)
        || sight::is_script(path, answered)
        || kind.is_empty()
        || ["json", "xml", "text/plain"].iter().any(|word| kind.contains(word))
}

/// Reads a page, a script and a list of pages as the observer does, and gives the addresses it takes, with those that it
/// would ask for: the entry for whoever wants to hand it hostile ones.
pub fn read_addresses(text: &str) -> (Vec<String>, Vec<String>) {
    let scans = [scan::page(text), scan::script(text), scan::robots(text), scan::sitemap(text)];
    let all: Vec<String> = scans.into_iter().flat_map(|s| s.links.into_iter().chain(s.scripts)).collect();
    let asked = all.iter().filter(|link| scan::follow(link) == scan::Follow::Ask).cloned().collect();
    (all, asked)
}

/// What one answer to a GET of `path` shows: the logins and the APIs; for bytes that come from elsewhere than a server.
///
/// # Errors
/// `InstrumentFault` when the subject is no service, or its name cannot stand in an address.
pub fn read_sight(
    subject: &Subject,
    address: std::net::IpAddr,
    path: &str,
    answered: &Answered,
) -> Result<Crawl, Interrupted> {
    let origin = super::origin::Origin::of(subject, address)?;
    let forms = sight::login_forms(path, answered, &origin);
    let by_form = forms.into_iter().map(|form| (Mechanism::Form, form.sends_to));
    let ways = sight::challenges(answered).into_iter().map(|by| (by, None)).chain(by_form);
    let login = |(by, to): (Mechanism, Option<String>)| FoundLogin {
        path: cut(path, KEPT),
        by,
        sends_to: to.map(|to| cut(&to, KEPT)),
        everywhere: false,
    };
    let logins = ways.map(login).take(LOGINS).collect();
    Ok(Crawl { logins, apis: sight::apis(path, answered, &origin).0, ..Crawl::default() })
}
