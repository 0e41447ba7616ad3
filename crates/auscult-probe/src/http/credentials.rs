//! Tries well-known credentials on one login, with a guard against locking accounts.
//!
//! At most three tries for one account and twelve in all, those that must fail included; the first sign of a lock
//! ends it. An account counts as
//! open only when the same login refuses credentials that were invented for this run.

use std::net::IpAddr;

use auscult_facts::http::{Account, DefaultCredentials, LoginKind, TryingStopped};
use auscult_model::Impact;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderName, ORIGIN, REFERER, RETRY_AFTER};
use url::form_urlencoded;

use super::ask::{Answered, Client, Question};
use super::door::{Door, login_form, refuses, secret};
use super::html::Form;
use crate::credentials::KnownAccount;
use crate::{Errand, Guard};

/// Most questions that trying takes: three for each of ten pairs, for the invented one and for the counter-check, and
/// two for the proof.
pub(super) const QUESTIONS: u64 = 12 * 3 + 2;

/// Words by which a page says that it slows down or locks.
const LOCK_WORDS: [&str; 8] = [
    "too many",
    "locked out",
    "is locked",
    "temporarily locked",
    "temporarily blocked",
    "temporarily disabled",
    "try again in",
    "try again later",
];

/// Words by which a page with status 200 says that it refuses all the same.
const DENIALS: [&str; 7] =
    ["denied", "invalid", "incorrect", "wrong", "unauthorized", "unauthorised", "not authorized"];

/// Tries the list on a door.
pub(super) async fn try_all(
    client: &mut Client<'_>,
    door: &Door,
    guarded: Option<&str>,
    (errand, node): (&Errand, IpAddr),
    left_out: u32,
) -> DefaultCredentials {
    let accounts: Vec<KnownAccount> = errand.guard.accounts();
    let watch = Watch { mark: &errand.mark, guard: &errand.guard, node };
    let mut facts = DefaultCredentials {
        path: door.login.path.clone(),
        kind: door.login.kind,
        tried: 0,
        listed: u32::try_from(accounts.len()).unwrap_or(u32::MAX),
        opened: Vec::new(),
        opens_to_anything: false,
        stopped: None,
        left_out,
    };
    let tried = match door.login.kind {
        LoginKind::Basic => basic(client, door, &accounts, watch, &mut facts).await,
        LoginKind::Form => form(client, door, guarded, &accounts, watch, &mut facts).await,
        LoginKind::Digest => Err(TryingStopped::Undecidable),
    };
    facts.stopped = tried.err();
    if facts.stopped == Some(TryingStopped::Locked) {
        watch.guard.locked(node);
    }
    facts
}

/// Who counts what is tried at a node, over all of its logins.
#[derive(Clone, Copy)]
struct Watch<'a> {
    mark: &'a str,
    guard: &'a Guard,
    node: IpAddr,
}

impl Watch<'_> {
    fn may(&self, user: &str) -> bool {
        self.guard.may(self.node, user)
    }

    fn opened(&self, user: &str) {
        self.guard.opened(self.node, user);
    }
}

async fn basic(
    client: &mut Client<'_>,
    door: &Door,
    accounts: &[KnownAccount],
    watch: Watch<'_>,
    facts: &mut DefaultCredentials,
) -> Result<(), TryingStopped> {
    let mark = watch.mark;
    let mut spared = false;
    let invented = knock(client, door, &format!("auscult-{mark}"), &format!("no-{mark}"), None).await?;
    match accepts(client, door, &invented) {
        Accepts::No => {}
        Accepts::Yes if invented.given() && !denies(&invented) => {
            facts.opens_to_anything = true;
            return Ok(());
        }
        _ => return Err(TryingStopped::Undecidable),
    }
    for account in accounts {
        if !watch.may(&account.user) {
            spared = true;
            continue;
        }
        let answered = knock(client, door, &account.user, &account.password, Some(&invented)).await?;
        facts.tried += 1;
        match accepts(client, door, &answered) {
            Accepts::No => continue,
            Accepts::Unclear => return Err(TryingStopped::Undecidable),
            Accepts::Yes => watch.opened(&account.user),
        }
        // A server that looks at the name only is as open, but not by this password. Where another pair of the
        // same user was refused before, that is shown already, and the account is left alone.
        let shown = accounts.iter().any(|a| a.user == account.user && a.entry < account.entry);
        if !shown {
            if !watch.may(&account.user) {
                return Err(TryingStopped::Spared);
            }
            let wrong = knock(client, door, &account.user, &format!("no-{mark}"), Some(&invented)).await?;
            if !matches!(accepts(client, door, &wrong), Accepts::No) {
                return Err(TryingStopped::Undecidable);
            }
        }
        facts.opened.push(Account { user: account.user.clone(), entry: account.entry });
        return Ok(());
    }
    if spared { Err(TryingStopped::Spared) } else { Ok(()) }
}

/// Whether a door on which a stranger gets 401 gave way.
enum Accepts {
    No,
    Yes,
    Unclear,
}

fn accepts(client: &Client<'_>, door: &Door, answered: &Answered) -> Accepts {
    if answered.status == 407 || refuses(&door.path, answered, &client.origin) {
        Accepts::No
    } else if matches!(answered.status, 200..=399 | 404) {
        Accepts::Yes
    } else {
        Accepts::Unclear
    }
}

/// Whether a page refuses by its words; asked only where no other answer shows what a refusal looks like.
fn denies(answered: &Answered) -> bool {
    let text = answered.text().to_lowercase();
    DENIALS.iter().any(|w| text.contains(w))
}

async fn knock(
    client: &mut Client<'_>,
    door: &Door,
    user: &str,
    password: &str,
    refused: Option<&Answered>,
) -> Result<Answered, TryingStopped> {
    let token = STANDARD.encode(format!("{user}:{password}"));
    let question = Question::get(door.path.clone())
        .with(AUTHORIZATION, &format!("Basic {token}"))
        .step(Impact::Intrusive);
    let answered = client.ask(question).await.map_err(|_| TryingStopped::Silent)?;
    if locks(&answered, refused) { Err(TryingStopped::Locked) } else { Ok(answered) }
}

/// Whether an answer shows a lock; words count only where the first refusal did not hold them.
fn locks(answered: &Answered, refused: Option<&Answered>) -> bool {
    if matches!(answered.status, 423 | 429) || answered.header(&RETRY_AFTER).is_some() {
        return true;
    }
    let words = |a: &Answered| {
        let text = a.text().to_lowercase();
        LOCK_WORDS.iter().any(|w| text.contains(w))
    };
    words(answered) && !refused.is_some_and(words)
}

/// Where a form led.
struct Attempt {
    last: Answered,
    /// The browser was sent away from the login, within the same service.
    moved_on: bool,
    /// Where it was sent.
    landing: Option<String>,
    /// The answer set a cookie with another value than before.
    new_cookie: bool,
    refused: bool,
    jar: Jar,
}

async fn form(
    client: &mut Client<'_>,
    door: &Door,
    guarded: Option<&str>,
    accounts: &[KnownAccount],
    watch: Watch<'_>,
    facts: &mut DefaultCredentials,
) -> Result<(), TryingStopped> {
    let mark = watch.mark;
    let mut spared = false;
    let invented = submit(client, door, &format!("auscult-{mark}"), &format!("no-{mark}"), None).await?;
    if !invented.refused {
        return Err(TryingStopped::Undecidable);
    }
    for account in accounts {
        if !watch.may(&account.user) {
            spared = true;
            continue;
        }
        let attempt = submit(client, door, &account.user, &account.password, Some(&invented.last)).await?;
        facts.tried += 1;
        if attempt.refused {
            continue;
        }
        if attempt.last.status >= 400 {
            return Err(TryingStopped::Undecidable);
        }
        watch.opened(&account.user);
        if !proven(client, guarded, &attempt).await? {
            // Where the pages behind the login are open to anyone, only the login itself can tell: it led on, gave a
            // session, and turns the same user away with another password.
            if !(attempt.moved_on && attempt.new_cookie) {
                return Err(TryingStopped::Undecidable);
            }
            // Where another pair of the same user was refused before, that is shown already: no account is tried a
            // fourth time.
            let shown = accounts.iter().any(|a| a.user == account.user && a.entry < account.entry);
            if !shown {
                if !watch.may(&account.user) {
                    return Err(TryingStopped::Spared);
                }
                let wrong =
                    submit(client, door, &account.user, &format!("no-{mark}"), Some(&invented.last)).await?;
                if !wrong.refused {
                    return Err(TryingStopped::Undecidable);
                }
            }
        }
        facts.opened.push(Account { user: account.user.clone(), entry: account.entry });
        return Ok(());
    }
    if spared { Err(TryingStopped::Spared) } else { Ok(()) }
}

/// Whether a session was really opened: a page that is guarded for strangers opens with its cookies.
///
/// Where the guarded page is the login itself and stays one, the page to which the login led is asked for once more
/// without the cookies, and must refuse.
async fn proven(
    client: &mut Client<'_>,
    guarded: Option<&str>,
    attempt: &Attempt,
) -> Result<bool, TryingStopped> {
    let Some(path) = guarded else { return Ok(attempt.moved_on && attempt.new_cookie) };
    if attempt.jar.is_empty() {
        return Ok(false);
    }
    let question = Question::get(path).with(COOKIE, &attempt.jar.header()).step(Impact::Intrusive);
    let answered = client.ask(question).await.map_err(|_| TryingStopped::Silent)?;
    if answered.status < 400 && !refuses(path, &answered, &client.origin) {
        return Ok(true);
    }
    let Some(landing) = attempt.landing.as_deref().filter(|_| attempt.moved_on && attempt.new_cookie) else {
        return Ok(false);
    };
    let question = Question::get(landing).step(Impact::Intrusive);
    let stranger = client.ask(question).await.map_err(|_| TryingStopped::Silent)?;
    Ok(refuses(landing, &stranger, &client.origin))
}

async fn submit(
    client: &mut Client<'_>,
    door: &Door,
    user: &str,
    password: &str,
    refused: Option<&Answered>,
) -> Result<Attempt, TryingStopped> {
    let silent = |_| TryingStopped::Silent;
    let page = client.ask(Question::get(door.path.clone()).step(Impact::Intrusive)).await.map_err(silent)?;
    if locks(&page, refused.or(Some(&page))) {
        return Err(TryingStopped::Locked);
    }
    let form = login_form(&page).ok_or(TryingStopped::Undecidable)?;
    let mut jar = Jar::default();
    jar.take(&page);
    let before = jar.clone();
    let action = client.origin.path_here(&door.path, &form.action).ok_or(TryingStopped::Undecidable)?;
    let origin = format!("{}://{}", client.origin.scheme(), client.origin.authority());
    let question = Question::new(Method::POST, action.clone())
        .with(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .with(ORIGIN, &origin)
        .with(REFERER, &format!("{origin}{}", door.path))
        .body(filled(&form, user, password).ok_or(TryingStopped::Undecidable)?)
        .step(Impact::Intrusive);
    let mut last = client.ask(jar.send(question)).await.map_err(silent)?;
    if locks(&last, refused.or(Some(&page))) {
        return Err(TryingStopped::Locked);
    }
    jar.take(&last);
    let new_cookie = jar != before;
    let mut refused_here = last.location().is_none() && refuses(&action, &last, &client.origin);
    let mut moved_on = false;
    let mut landing = None;
    if let Some(location) = last.location() {
        let Some(path) = client.origin.path_here(&action, &location) else {
            return Err(TryingStopped::Undecidable);
        };
        let question = jar.send(Question::get(path.clone()).step(Impact::Intrusive));
        last = client.ask(question).await.map_err(silent)?;
        jar.take(&last);
        if locks(&last, refused.or(Some(&page))) {
            return Err(TryingStopped::Locked);
        }
        refused_here = refuses(&path, &last, &client.origin);
        moved_on = !refused_here && path != door.path;
        landing = Some(path);
    }
    Ok(Attempt { last, moved_on, landing, new_cookie, refused: refused_here, jar })
}

/// The form as a browser would send it, hidden fields with the values that the page gave them.
pub(super) fn filled(form: &Form, user: &str, password: &str) -> Option<String> {
    let secret = secret(form)?;
    if secret.name.is_empty() {
        return None;
    }
    let mut body = form_urlencoded::Serializer::new(String::new());
    let mut sent_button = false;
    for field in &form.fields {
        match field.kind.as_str() {
            _ if field.name.is_empty() => {}
            "hidden" => {
                body.append_pair(&field.name, &field.value);
            }
            "submit" if !sent_button => {
                sent_button = true;
                body.append_pair(&field.name, &field.value);
            }
            _ => {}
        }
    }
    if let Some(name) = form.user().map(|f| &f.name).filter(|n| !n.is_empty()) {
        body.append_pair(name, user);
    }
    body.append_pair(&secret.name, password);
    Some(body.finish())
}

/// Cookies of one try; forgotten after it.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Jar(Vec<(String, String)>);

/// Longest cookie that is sent back, in bytes.
const COOKIE_MOST: usize = 4_096;

impl Jar {
    pub(super) fn take(&mut self, answered: &Answered) {
        for line in answered.cookies() {
            let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
            if name.is_empty() || name.len() + value.len() > COOKIE_MOST {
                continue;
            }
            self.0.retain(|(n, _)| *n != name);
            if self.0.len() < 20 {
                self.0.push((name, value));
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same cookies with a value that nobody was given.
    pub(super) fn with_value(&self, value: &str) -> Self {
        Self(self.0.iter().map(|(name, _)| (name.clone(), value.to_owned())).collect())
    }

    pub(super) fn header(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub(super) fn send(&self, question: Question) -> Question {
        const NAME: HeaderName = COOKIE;
        if self.is_empty() {
            return question;
        }
        let without = question.clone();
        question.with_secret(NAME, &self.header()).unwrap_or(without)
    }
}
