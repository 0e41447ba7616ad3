//! A weak and a hardened web server, each as its maker would write it: every weakness of the one is seen, none at
//! the other.

mod http_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use auscult_facts::http::{AllowedOrigin, LoginKind, TryingStopped};
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_model::Impact;
use auscult_probe::http::{Http, SecurityTxt};
use axum::Router;
use axum::extract::{Form, Request};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{any, get};
use http_support::{look, serve, subject};

#[derive(serde::Deserialize)]
struct Credentials {
    user: String,
    pass: String,
    #[serde(default)]
    csrf: String,
}

const LOGIN: &str = r#"<html><form method="post" action="/login"><input type="hidden" name="csrf" value="c&amp;1">
    <input name="user"><input type="password" name="pass"><button>Log in</button></form>"#;

fn weak() -> Router {
    Router::new()
        .route(
            "/",
            any(|request: Request| async move {
                if request.method() == "TRACE" {
                    let lines: Vec<String> = request
                        .headers()
                        .iter()
                        .map(|(n, v)| format!("{n}: {}", v.to_str().unwrap_or_default()))
                        .collect();
                    return lines.join("\r\n").into_response();
                }
                let origin = request.headers().get(header::ORIGIN).cloned();
                let mut page =
                    Html("<title>Cuff</title><a href='/setup-page'>Setup</a><script src='/assets/app.js'>")
                        .into_response();
                page.headers_mut().insert(header::SERVER, "nginx/1.18.0".parse().unwrap());
                page.headers_mut().insert(header::SET_COOKIE, "sessionid=abc; Path=/".parse().unwrap());
                if let Some(origin) = origin {
                    page.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                    page.headers_mut()
                        .insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true".parse().unwrap());
                }
                page
            }),
        )
        .route(
            "/setup-page",
            get(|| async {
                Html("<title>Set-up</title><form method=post><input name=ssid><input name=wpa_key>")
            }),
        )
        .route("/assets/", get(|| async { Html("<title>Index of /assets</title><a href=\"../\">..</a>") }))
        .route("/.env", get(|| async { "DB_HOST=localhost\nDB_PASSWORD=invented\n" }))
        .route(
            "/login",
            get(|| async { Html(LOGIN) }).post(|Form(c): Form<Credentials>| async move {
                if c.csrf == "c&1" && c.user == "root" && c.pass == "root" {
                    ([(header::SET_COOKIE, "sid=1; HttpOnly")], Redirect::to("/home")).into_response()
                } else {
                    Redirect::to("/login?again=1").into_response()
                }
            }),
        )
        .route("/home", get(|| async { Html("<p>Welcome, root") }))
        .fallback(|| async { (StatusCode::NOT_FOUND, "Traceback (most recent call last):\n  File \"a.py\"") })
}

async fn harden(response: Response) -> Response {
    let mut response = response;
    for (name, value) in [
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'self'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

fn hardened() -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/login") }))
        .route(
            "/login",
            get(|| async {
                (
                    [(header::SET_COOKIE, "__Host-sid=x; Secure; HttpOnly; SameSite=Strict; Path=/")],
                    Html(LOGIN),
                )
            })
            .post(|| async { (StatusCode::UNAUTHORIZED, Html(LOGIN)) }),
        )
        .route("/admin", get(|| async { Redirect::to("/login") }))
        .route(
            "/.well-known/security.txt",
            get(|| async { "Contact: mailto:psirt@maker.example\nExpires: 2027-01-01T00:00:00Z\n" }),
        )
        .layer(axum::middleware::map_response(harden))
}

fn words(finds: &[auscult_facts::http::Find]) -> Vec<String> {
    finds.iter().map(|f| format!("{} {}", f.path, f.what)).collect()
}

#[tokio::test]
async fn every_weakness_is_seen() {
    let port = serve(weak()).await;
    let (facts, cost) = look::<Http>(&subject(port, "http", false), Impact::Intrusive).await;
    let facts = facts.unwrap();
    let front = facts.front.seen().unwrap();
    assert_eq!((front.status, front.server.as_deref()), (200, Some("nginx/1.18.0")));
    assert_eq!(front.hsts, None);
    assert_eq!(facts.unknown.seen().unwrap().stack_trace.as_deref(), Some("python-traceback"));
    assert!(facts.trace.seen().unwrap().reflected);
    let cors = facts.foreign_origin.seen().unwrap();
    assert_eq!((cors.allowed, cors.credentials), (AllowedOrigin::Ours, true));
    assert_eq!(words(&facts.listings.found), ["/assets/ index-of"]);
    assert_eq!(words(&facts.debug.found), ["/.env environment-file"]);
    assert_eq!(words(&facts.admin.found), ["/setup-page settings-form"]);
    assert!(facts.listings.complete() && facts.debug.complete() && facts.admin.complete());
    assert_eq!((facts.logins[0].kind, facts.logins[0].sends_by.as_str()), (LoginKind::Form, "http"));
    assert_eq!(facts.cookies[0].name, "sessionid");
    assert!(facts.cookies[0].session && !facts.cookies[0].http_only);
    let tried = facts.default_credentials.seen().unwrap();
    assert_eq!(tried.opened.iter().map(|a| a.user.as_str()).collect::<Vec<_>>(), ["root"]);
    assert_eq!((tried.tried, tried.stopped), (4, None));
    assert!(!serde_json::to_string(&facts).unwrap().contains("invented"), "no secret is kept");
    // One kept connection for what is only read, and one for each login.
    assert!(cost.connections < 16, "{} connections", cost.connections);
}

#[tokio::test]
async fn nothing_is_seen_that_is_not_there() {
    let port = serve(hardened()).await;
    let (facts, _) = look::<Http>(&subject(port, "http", false), Impact::Intrusive).await;
    let facts = facts.unwrap();
    assert_eq!(facts.front.seen().unwrap().status, 303);
    let landing = facts.landing.seen().unwrap();
    assert_eq!((landing.path.as_str(), landing.frame_ancestors), ("/login", true));
    assert_eq!(landing.hsts.as_deref(), Some("max-age=63072000"));
    assert!(!facts.trace.seen().unwrap().reflected);
    assert_eq!(facts.foreign_origin.seen().unwrap().allowed, AllowedOrigin::None);
    for sweep in [&facts.listings, &facts.debug, &facts.admin] {
        assert!(sweep.complete() && sweep.found.is_empty(), "{sweep:?}");
    }
    assert!(facts.admin.refused >= 2);
    let tried = facts.default_credentials.seen().unwrap();
    assert_eq!((tried.tried, tried.opened.len(), tried.stopped), (10, 0, None));
    let (file, _) = look::<SecurityTxt>(&subject(port, "http", false), Impact::Safe).await;
    assert!(file.unwrap().well_known.seen().unwrap().is_one());
}

#[tokio::test]
async fn no_login_is_tried_unless_allowed() {
    let port = serve(hardened()).await;
    let (facts, _) = look::<Http>(&subject(port, "http", false), Impact::Safe).await;
    assert_eq!(facts.unwrap().default_credentials, Answer::NotAsked(NotAsked::Impact));
}

#[tokio::test]
async fn a_page_that_stands_on_every_path_is_no_find() {
    for body in [
        "<title>Index of everything</title><a href=\"../\">x</a><p>DB_HOST=1\nDB_NAME=2\nApache Server Status Server Version",
        "<title>App</title><div id=app></div><script src=/app.js></script>",
        "<title>Settings</title><form method=post><input name=ssid></form>",
    ] {
        let port = serve(Router::new().fallback(move || async move { Html(body) })).await;
        let (facts, _) = look::<Http>(&subject(port, "http", false), Impact::Safe).await;
        let facts = facts.unwrap();
        assert!(facts.debug.found.is_empty() && facts.listings.found.is_empty(), "{facts:?}");
        assert!(facts.admin.found.iter().all(|f| f.path == "/"), "{facts:?}");
        assert_eq!(facts.unknown.seen().unwrap().status, 200);
    }
}

fn basic(accepts: &'static [&'static str], lock_after: u32) -> (Router, Arc<AtomicU32>) {
    let tries = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&tries);
    let router = Router::new().fallback(move |headers: HeaderMap| {
        let counter = Arc::clone(&counter);
        async move {
            let ask = [(header::WWW_AUTHENTICATE, "Basic realm=\"cuff\"")];
            let Some(token) = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()) else {
                return (StatusCode::UNAUTHORIZED, ask, "who?").into_response();
            };
            if counter.fetch_add(1, SeqCst) >= lock_after {
                return (StatusCode::TOO_MANY_REQUESTS, "slow down").into_response();
            }
            if accepts.contains(&token) || accepts.contains(&"*") {
                return Html("in").into_response();
            }
            (StatusCode::UNAUTHORIZED, ask, "who?").into_response()
        }
    });
    (router, tries)
}

async fn tried(router: Router) -> auscult_facts::http::DefaultCredentials {
    let port = serve(router).await;
    let (facts, _) = look::<Http>(&subject(port, "http", false), Impact::Intrusive).await;
    facts.unwrap().default_credentials.seen().unwrap().clone()
}

#[tokio::test]
async fn basic_logins_are_tried_with_care() {
    // admin:password
    let (router, tries) = basic(&["Basic YWRtaW46cGFzc3dvcmQ="], 100);
    let weak = tried(router).await;
    assert_eq!((weak.opened[0].user.as_str(), weak.opened[0].entry, weak.tried), ("admin", 2, 2));
    assert_eq!(tries.load(SeqCst), 3, "the invented pair, and two of the list");

    // root:root, the first pair of its user: a wrong password for the same user is the counter-check.
    let (router, tries) = basic(&["Basic cm9vdDpyb290"], 100);
    assert_eq!(tried(router).await.opened[0].user, "root");
    assert_eq!(tries.load(SeqCst), 6);

    let (router, tries) = basic(&[], 100);
    let hard = tried(router).await;
    assert_eq!((hard.opened.len(), hard.tried, hard.stopped), (0, 10, None));
    assert_eq!(tries.load(SeqCst), 11);

    let (router, tries) = basic(&[], 3);
    let locking = tried(router).await;
    assert_eq!((locking.tried, locking.stopped), (2, Some(TryingStopped::Locked)));
    assert_eq!(tries.load(SeqCst), 4, "nothing is sent after the first sign of a lock");

    let (router, _) = basic(&["*"], 100);
    assert!(tried(router).await.opens_to_anything);
}

#[tokio::test]
async fn a_form_that_says_neither_yes_nor_no_is_undecidable() {
    let router = Router::new()
        .route("/login", get(|| async { Html(LOGIN) }).post(|| async { Html("<p>Hello!") }))
        .route("/", get(|| async { Redirect::to("/login") }));
    let seen = tried(router).await;
    assert_eq!((seen.opened.len(), seen.stopped), (0, Some(TryingStopped::Undecidable)));
}

/// A login whose pages are open to anyone and which opens with one password of `admin`; counts the tries of `admin`.
fn open_behind_its_login(password: &'static str) -> (Router, Arc<AtomicU32>) {
    let tries = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&tries);
    let router = Router::new()
        .route("/", get(|| async { Html(LOGIN) }))
        .route(
            "/login",
            get(|| async { Html(LOGIN) }).post(move |Form(c): Form<Credentials>| async move {
                counted.fetch_add(u32::from(c.user == "admin"), SeqCst);
                if c.user == "admin" && c.pass == password {
                    ([(header::SET_COOKIE, "sid=1; HttpOnly")], Redirect::to("/home")).into_response()
                } else {
                    (StatusCode::UNAUTHORIZED, Html(LOGIN)).into_response()
                }
            }),
        )
        .route("/home", get(|| async { Html("<p>Welcome") }));
    (router, tries)
}

#[tokio::test]
async fn no_account_is_tried_a_fourth_time_even_to_prove_what_was_found() {
    for (password, expected) in [("admin", 2), ("password", 2), ("", 3)] {
        let (router, tries) = open_behind_its_login(password);
        let facts = tried(router).await;
        assert_eq!(facts.opened.len(), 1, "{password:?}: {facts:?}");
        assert_eq!((facts.opened[0].user.as_str(), facts.stopped), ("admin", None));
        assert_eq!(tries.load(SeqCst), expected, "{password:?}");
    }
}

#[tokio::test]
async fn redirects_are_followed_within_the_service_only() {
    let far = Router::new().fallback(|| async { Redirect::to("http://192.0.2.1/other") });
    let port = serve(far).await;
    let (facts, _) = look::<Http>(&subject(port, "http", false), Impact::Safe).await;
    let facts = facts.unwrap();
    let redirect = facts.front.seen().unwrap().redirect.clone().unwrap();
    assert_eq!((redirect.scheme.as_str(), redirect.to.as_str(), redirect.here), ("http", "192.0.2.1", false));
    assert_eq!(facts.landing, Answer::NotAsked(NotAsked::NoOccasion));

    let circle = Router::new()
        .route("/", get(|| async { Redirect::to("/a") }))
        .route("/a", get(|| async { Redirect::to("/") }));
    let port = serve(circle).await;
    let (facts, _) = look::<Http>(&subject(port, "http", false), Impact::Safe).await;
    assert!(facts.unwrap().landing.seen().is_some());
}

#[tokio::test]
async fn a_page_that_moves_on_by_html_is_a_redirect() {
    let port = serve(
        Router::new()
            .fallback(|| async { Html("<meta http-equiv=refresh content='0; url=https://cuff.example/'>") }),
    )
    .await;
    let (facts, _) = look::<Http>(&subject(port, "http", false), Impact::Safe).await;
    assert!(facts.unwrap().front.seen().unwrap().to_tls());
}

#[tokio::test]
async fn missing_client_certificates_are_access_refused() {
    // nginx lets the handshake pass and then says so.
    let page = "<center>No required SSL certificate was sent</center>";
    let port = serve(Router::new().fallback(move || async move { (StatusCode::BAD_REQUEST, page) })).await;
    let (facts, _) = look::<Http>(&subject(port, "http", false), Impact::Safe).await;
    assert_eq!(facts.unwrap_err(), Interrupted::AccessRefused);
}

#[tokio::test]
async fn a_server_that_takes_one_question_per_connection_is_walked_as_well() {
    let close = |response: Response| async move {
        let mut response = response;
        response.headers_mut().insert(HeaderName::from_static("connection"), "close".parse().unwrap());
        response
    };
    let port = serve(weak().layer(axum::middleware::map_response(close))).await;
    let (facts, cost) = look::<Http>(&subject(port, "http", false), Impact::Intrusive).await;
    assert_eq!(words(&facts.unwrap().admin.found), ["/setup-page settings-form"]);
    assert!(cost.connections > 40);
}
