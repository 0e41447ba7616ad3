//! The web pages of Edith's world: the cuff's set-up, the hub's administration, the practice's portal.

use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::header::{COOKIE, LOCATION, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use serde::Deserialize;

use crate::pki;

/// Sessions kept; the oldest gives way, so that logins cannot fill the memory.
const SESSIONS: usize = 64;

/// Wrong passwords for one name before it is locked.
const FAILURES: u32 = 5;

/// The pages on which a product is managed, behind a login.
pub(crate) struct Admin {
    /// What stands in the title.
    pub(crate) title: &'static str,
    /// The user's name.
    pub(crate) user: &'static str,
    /// The password, as it stands on the label of this one device.
    pub(crate) password: &'static str,
    /// Takes `admin` with `admin` too.
    pub(crate) default_login: bool,
    /// Opens the settings without a login.
    pub(crate) open: bool,
    /// Lists the files of `/files/`.
    pub(crate) listing: bool,
    /// Has a page for developers.
    pub(crate) debug: bool,
    /// Gives its session cookie the flags `Secure`, `HttpOnly` and `SameSite`.
    pub(crate) safe_cookie: bool,
    /// Deletes the cookie at logout and keeps the session.
    pub(crate) forgets_logout: bool,
    /// Lets passwords be guessed without end.
    pub(crate) unbounded_guessing: bool,
    /// Has a second login, for the service firm.
    pub(crate) second_login: bool,
    /// Has an interface for programs, with its description.
    pub(crate) interface: bool,
}

impl Admin {
    /// Its pages.
    pub(crate) fn pages(self) -> Router {
        let mut pages = Router::new()
            .route("/", get(login_page).post(login))
            .route("/login", get(login_page).post(login))
            .route("/logout", get(logout))
            .route("/files/", get(files));
        for path in ["/admin", "/admin/", "/admin/network", "/settings"] {
            pages = pages.route(path, get(settings));
        }
        if self.debug {
            pages = pages.route("/actuator/env", get(environment));
        }
        if self.second_login {
            pages = pages.route("/service/", get(service));
        }
        if self.interface {
            pages = pages.route("/openapi.json", get(description)).route("/internal/v1/state", get(state));
        }
        pages.with_state(Arc::new(Desk {
            admin: self,
            sessions: Mutex::default(),
            failures: Mutex::default(),
        }))
    }
}

/// The pages and who is logged in.
struct Desk {
    admin: Admin,
    sessions: Mutex<VecDeque<String>>,
    /// Wrong passwords by name, the latest names only.
    failures: Mutex<VecDeque<(String, u32)>>,
}

impl Desk {
    fn cookie(&self, token: &str) -> String {
        let flags = if self.admin.safe_cookie { "; Secure; HttpOnly; SameSite=Strict" } else { "" };
        format!("session={token}; Path=/{flags}")
    }

    /// Whether a name had too many wrong passwords to be looked at again.
    fn locks(&self, name: &str) -> bool {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        !self.admin.unbounded_guessing && failures.iter().any(|(n, count)| n == name && *count >= FAILURES)
    }

    fn failed(&self, name: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        match failures.iter_mut().find(|(n, _)| n == name) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => {
                if failures.len() == SESSIONS {
                    failures.pop_front();
                }
                failures.push_back((name.chars().take(64).collect(), 1));
            }
        }
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        tokens(headers).any(|token| sessions.iter().any(|known| known == token))
    }
}

/// The sessions that a browser shows.
fn tokens(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix("session="))
}

async fn logout(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    if !desk.admin.forgets_logout {
        let mut sessions = desk.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|known| !tokens(&headers).any(|token| token == known));
    }
    let gone = format!("{}; Max-Age=0", desk.cookie("gone"));
    ([(SET_COOKIE, gone)], Redirect::to("/login")).into_response()
}

async fn login_page(State(desk): State<Arc<Desk>>) -> Response {
    // The cookie of a visitor is worth nothing: a login gives a new one.
    ([(SET_COOKIE, desk.cookie(&token()))], form(&desk.admin, "")).into_response()
}

fn form(admin: &Admin, note: &str) -> Html<String> {
    page(
        admin.title,
        &format!(
            "{note}<form method=\"post\" action=\"/login\">\
             <label>User <input name=\"username\" autocomplete=\"username\"></label>\
             <label>Password <input name=\"password\" type=\"password\"></label>\
             <button>Log in</button></form>{}",
            if admin.second_login { "<p><a href=\"/service/\">Service</a></p>" } else { "" }
        ),
    )
}

/// What the service firm sees before it has shown its password; no password opens it.
async fn service() -> Response {
    let realm = [(WWW_AUTHENTICATE, "Basic realm=\"service\", charset=\"UTF-8\"")];
    (StatusCode::UNAUTHORIZED, realm).into_response()
}

/// What the interface for programs says about itself (OpenAPI 3.0).
async fn description() -> Response {
    axum::Json(serde_json::json!({
        "openapi": "3.0.3",
        "info": {"title": "state", "version": "1"},
        "servers": [{"url": "/internal/v1"}],
        "paths": {"/state": {"get": {"responses": {"401": {"description": "no token"}}}}}
    }))
    .into_response()
}

async fn state() -> Response {
    let challenge = [(WWW_AUTHENTICATE, "Bearer")];
    (StatusCode::UNAUTHORIZED, challenge, axum::Json(serde_json::json!({"error": "no token"})))
        .into_response()
}

#[derive(Deserialize)]
struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

async fn login(State(desk): State<Arc<Desk>>, Form(given): Form<Credentials>) -> Response {
    let admin = &desk.admin;
    if desk.locks(&given.username) {
        let wait = [(RETRY_AFTER, "60")];
        return (StatusCode::TOO_MANY_REQUESTS, wait, form(admin, "<p>Too many wrong passwords.</p>"))
            .into_response();
    }
    let own = given.username == admin.user && given.password == admin.password;
    let preset = admin.default_login && given.username == "admin" && given.password == "admin";
    if !own && !preset {
        desk.failed(&given.username);
        return (StatusCode::UNAUTHORIZED, form(admin, "<p>User or password is wrong.</p>")).into_response();
    }
    let token = token();
    let cookie = desk.cookie(&token);
    let mut sessions = desk.sessions.lock().unwrap_or_else(PoisonError::into_inner);
    if sessions.len() == SESSIONS {
        sessions.pop_front();
    }
    sessions.push_back(token);
    ([(SET_COOKIE, cookie)], Redirect::to("/admin/network")).into_response()
}

async fn settings(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    if !desk.admin.open && !desk.knows(&headers) {
        return Redirect::to("/login").into_response();
    }
    page(
        "Network settings",
        "<form method=\"post\" action=\"/admin/network\">\
         <label>Wi-Fi name <input name=\"ssid\" value=\"EDITH-HOME\"></label>\
         <label>Host name <input name=\"hostname\" value=\"cuff\"></label>\
         <label>Gateway <input name=\"gateway\" value=\"192.0.2.1\"></label>\
         <button>Save</button></form>",
    )
    .into_response()
}

async fn files(State(desk): State<Arc<Desk>>) -> Response {
    if !desk.admin.listing {
        return StatusCode::FORBIDDEN.into_response();
    }
    page(
        "Index of /files/",
        "<ul><li><a href=\"../\">../</a></li>\
         <li><a href=\"readings-testpatient.csv\">readings-testpatient.csv</a></li>\
         <li><a href=\"firmware-1.4.2.bin\">firmware-1.4.2.bin</a></li></ul>",
    )
    .into_response()
}

async fn environment() -> Response {
    axum::Json(serde_json::json!({
        "activeProfiles": ["factory-test"],
        "propertySources": [{
            "name": "systemProperties",
            "properties": {
                "java.version": {"value": "11.0.2"},
                "user.dir": {"value": "/opt/example/bp-2"},
                "os.version": {"value": "4.9.118"}
            }
        }]
    }))
    .into_response()
}

/// Edith's password for the portal, as it stands in the letter of the practice.
pub(crate) const PORTAL_PASSWORD: &str = "letter-5H2W-9QXD";

/// The practice's portal for its patients.
pub(crate) fn portal(forgets_logout: bool) -> Router {
    let admin = Admin {
        title: "Practice portal",
        user: "edith.testpatient",
        password: PORTAL_PASSWORD,
        default_login: false,
        open: false,
        listing: false,
        debug: false,
        safe_cookie: true,
        forgets_logout,
        unbounded_guessing: false,
        second_login: false,
        interface: false,
    };
    admin.pages()
}

/// Sends every request to the same path by HTTPS.
pub(crate) fn to_https(address: Ipv4Addr, port: u16) -> Router {
    Router::new().fallback(move |uri: Uri| async move {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        (StatusCode::PERMANENT_REDIRECT, [(LOCATION, format!("https://{address}:{port}{path}"))])
    })
}

/// A page in clear that leads nowhere.
pub(crate) fn clear_page() -> Router {
    Router::new().route(
        "/",
        get(|| async {
            page("Blood pressure cuff", "<p>Measures at 8 in the morning and 8 in the evening.</p>")
        }),
    )
}

/// A page with a title and a headline.
pub(crate) fn page(title: &str, body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
         <body><h1>{title}</h1>{body}</body></html>\n"
    ))
}

/// A word that cannot be guessed: 128 random bits.
pub(crate) fn token() -> String {
    let mut bytes = [0; 16];
    // INVARIANT: without random bytes nobody is given a word that works: it is empty of chance but never kept,
    // because TLS, which needs the same source, would not have come up.
    let filled = pki::provider().secure_random.fill(&mut bytes).is_ok();
    let word: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    if filled { word } else { String::new() }
}
