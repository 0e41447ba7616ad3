//! A session that a form opens with a credential of the scenario, and its end.

use auscult_facts::Interrupted;
use auscult_facts::http::Cookie;
use auscult_model::Impact;
use hyper::Method;
use hyper::header::{CONTENT_TYPE, ORIGIN, REFERER, SET_COOKIE};

use super::ask::{Answered, Client, Question};
use super::credentials::{Jar, filled};
use super::door::{login_form, refuses};
use super::page;
use super::thing::slows;

/// An open session; its cookies are forgotten with it.
pub(super) struct Session {
    pub(super) jar: Jar,
    /// Cookies that were set by the login, without their values.
    pub(super) cookies: Vec<Cookie>,
}

/// What came of a login.
pub(super) enum Entered {
    In(Session),
    /// With the text of the refusal, in lower case.
    Refused(String),
    /// There is no form, or nothing tells whether it led on.
    Unclear,
    Locked,
}

/// Fills in the form on a page and sends it, once; follows one redirect.
pub(super) async fn enter(
    client: &mut Client<'_>,
    path: &str,
    (user, password): (&str, &str),
) -> Result<Entered, Interrupted> {
    let page = client.ask(Question::get(path).step(Impact::Intrusive)).await?;
    if slows(&page) {
        return Ok(Entered::Locked);
    }
    let Some(form) = login_form(&page) else { return Ok(Entered::Unclear) };
    let mut jar = Jar::default();
    jar.take(&page);
    let before = jar.clone();
    let action = client.origin.path_here(path, &form.action).filter(|_| form.post);
    let (Some(action), Some(body)) = (action, filled(&form, user, password)) else {
        return Ok(Entered::Unclear);
    };
    let origin = format!("{}://{}", client.origin.scheme(), client.origin.authority());
    let question = Question::new(Method::POST, action.clone())
        .with(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .with(ORIGIN, &origin)
        .with(REFERER, &format!("{origin}{path}"))
        .body(body)
        .step(Impact::Intrusive);
    let answered = client.ask(jar.send(question)).await?;
    if slows(&answered) {
        return Ok(Entered::Locked);
    }
    jar.take(&answered);
    let mut cookies = page::cookies(&action, &answered);
    if refuses(&action, &answered, &client.origin) {
        return Ok(Entered::Refused(answered.text().to_lowercase()));
    }
    if answered.status >= 400 {
        return Ok(Entered::Unclear);
    }
    if let Some(landing) = answered.location().and_then(|l| client.origin.path_here(&action, &l)) {
        let landed = client.ask(jar.send(Question::get(landing.clone()).step(Impact::Intrusive))).await?;
        if slows(&landed) {
            return Ok(Entered::Locked);
        }
        jar.take(&landed);
        cookies.extend(page::cookies(&landing, &landed));
        if refuses(&landing, &landed, &client.origin) {
            return Ok(Entered::Refused(landed.text().to_lowercase()));
        }
    }
    if jar == before {
        // The cookie of the visitor became the session.
        cookies.extend(page::cookies(path, &page));
    }
    cookies.truncate(20);
    Ok(if jar.is_empty() { Entered::Unclear } else { Entered::In(Session { jar, cookies }) })
}

/// Ends a session by its path; true where the answer tells that it did something.
///
/// A page that every path gets does not: it sets no cookie and leads nowhere.
pub(super) async fn leave(
    client: &mut Client<'_>,
    session: &Session,
    path: &str,
) -> Result<bool, Interrupted> {
    let tells = |answered: &Answered| {
        answered.status < 400
            && ((300..400).contains(&answered.status)
                || answered.status == 204
                || answered.headers.contains_key(SET_COOKIE))
    };
    for method in [Method::GET, Method::POST] {
        let question = Question::new(method, path).step(Impact::Intrusive);
        let answered = client.ask(session.jar.send(question)).await?;
        if tells(&answered) {
            return Ok(true);
        }
    }
    Ok(false)
}
