//! Reading a web service for its logins and APIs: what is there is found, what acts is never asked for, and what has no
//! end ends.

mod http_support;

use std::sync::{Arc, Mutex};

use auscult_facts::logins::{ApiSign, Crawl, End, LoginsFacts, Mechanism, Shown};
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::Impact;
use auscult_model::scenario::{DeclaredLogin, LoginBy};
use auscult_probe::http::Logins;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use http_support::{look, serve, subject};

const FORM: &str = "<title>Hub</title><form method=post action=/session><input name=user>\
                    <input type=password name=word></form>";

type Asked = Arc<Mutex<Vec<String>>>;

async fn remember(State(asked): State<Asked>, request: Request, next: Next) -> Response {
    assert_eq!(request.method(), "GET");
    asked.lock().unwrap().push(request.uri().to_string());
    next.run(request).await
}

/// Reads a site whose logins and APIs are declared, and gives what was found with what was asked for.
async fn read(site: Router, logins: &[(&str, LoginBy)], apis: &[&str]) -> (Crawl, Vec<String>) {
    let asked = Asked::default();
    let port = serve(site.layer(middleware::from_fn_with_state(Arc::clone(&asked), remember))).await;
    let subject = declaring(subject(port, "http", false), logins, apis);
    let (facts, _) = look::<Logins>(&subject, Impact::Safe).await;
    let crawl = facts.unwrap().crawl.seen().unwrap().clone();
    let asked = asked.lock().unwrap().clone();
    (crawl, asked)
}

fn declaring(mut subject: Subject, logins: &[(&str, LoginBy)], apis: &[&str]) -> Subject {
    let declared = subject.service.as_mut().unwrap().declared.as_mut().unwrap();
    let login = |(path, by): &(&str, LoginBy)| DeclaredLogin { path: Some((*path).to_owned()), by: *by };
    declared.logins = Some(logins.iter().map(login).collect());
    declared.apis = Some(apis.iter().map(|api| (*api).to_owned()).collect());
    subject
}

fn challenge(scheme: &'static str) -> Response {
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, scheme)]).into_response()
}

fn found(crawl: &Crawl) -> Vec<(String, Mechanism)> {
    let mut all: Vec<_> = crawl.logins.iter().map(|l| (l.path.clone(), l.by)).collect();
    all.sort();
    all
}

#[tokio::test]
async fn logins_and_apis_are_found_where_pages_scripts_and_lists_lead() {
    let site = Router::new()
        .route("/", get(|| async { Html("<a href=/a>a</a><script src=/app.js></script>") }))
        .route(
            "/app.js",
            get(|| async { ([(header::CONTENT_TYPE, "text/javascript")], "get('/hidden/state')") }),
        )
        .route("/a", get(|| async { Html("<a href='/deep/er'>b</a>") }))
        .route("/deep/er", get(|| async { challenge("Negotiate, Basic realm=\"old\"") }))
        .route("/hidden/state", get(|| async { axum::Json(serde_json::json!({"on": true})) }))
        .route("/robots.txt", get(|| async { "Disallow: /service/\n" }))
        .route("/service/", get(|| async { Html(FORM) }))
        .route("/settings", get(|| async { Redirect::to("/enter?next=/settings") }))
        .route("/enter", get(|| async { Html(FORM) }))
        .route(
            "/openapi.json",
            get(|| async {
                axum::Json(serde_json::json!({
                    "openapi": "3.1.0", "servers": [{"url": "/v7"}], "paths": {"/pumps/{id}": {}}
                }))
            }),
        )
        .route("/sso", get(|| async { Redirect::to("https://sso.example.test/login") }))
        .route("/admin", get(|| async { Redirect::to("/sso") }));
    let (crawl, _) = read(site, &[("/settings", LoginBy::Form), ("/gone", LoginBy::Basic)], &["/v7"]).await;
    assert_eq!((crawl.end, crawl.left, crawl.same_page), (End::Complete, 0, false), "{crawl:?}");
    assert_eq!(
        found(&crawl),
        [
            ("/deep/er".to_owned(), Mechanism::Basic),
            ("/deep/er".to_owned(), Mechanism::Negotiate),
            ("/enter".to_owned(), Mechanism::Form),
            ("/service/".to_owned(), Mechanism::Form),
        ]
    );
    assert!(
        crawl
            .logins
            .iter()
            .filter(|l| l.by == Mechanism::Form)
            .all(|l| l.sends_to.as_deref() == Some("/session"))
    );
    let apis: Vec<_> = crawl.apis.iter().map(|api| (api.path.as_str(), api.by)).collect();
    assert!(
        apis.contains(&("/v7/pumps/{id}", ApiSign::Description))
            && apis.contains(&("/hidden/state", ApiSign::Json))
    );
    assert_eq!(apis.len(), 2, "{apis:?}");
    assert_eq!(crawl.elsewhere.iter().collect::<Vec<_>>(), ["sso.example.test"]);
    let shown = |path: &str| crawl.declared.iter().find(|a| a.path == path).unwrap().shown.clone();
    let by = [Mechanism::Form].into();
    assert_eq!(shown("/settings"), Answer::Seen(Shown::Login { at: "/enter?next=/settings".to_owned(), by }));
    assert_eq!(shown("/gone"), Answer::Seen(Shown::Nothing));
}

#[tokio::test]
async fn what_looks_like_a_deed_is_never_asked_for() {
    const ACTS: [&str; 10] = [
        "/reboot",
        "/pump/start",
        "/relay/0?turn=on",
        "/dose?ml=5",
        "/firmwareUpdate",
        "/users/delete/3",
        "/factory-reset",
        "/alarm/mute",
        "/cgi-bin/cmd",
        "/unlock",
    ];
    let page: String =
        ACTS.iter().map(|path| format!("<a href='{path}'>x</a><script>f('{path}')</script>")).collect();
    let page =
        format!("{page}<a href=/logout>out</a><form action=/apply><input name=x></form><img src=/stop.cgi>");
    let site = Router::new()
        .route("/", get(move || async { Html(page) }))
        .fallback(|| async { (StatusCode::NOT_FOUND, "no") });
    let (crawl, asked) = read(site, &[("/reset", LoginBy::Basic)], &[]).await;
    for path in ACTS.iter().chain(&["/logout", "/apply", "/stop.cgi", "/reset"]) {
        let bare = path.split('?').next().unwrap();
        assert!(!asked.iter().any(|a| a.split('?').next() == Some(bare)), "{path} was asked for");
    }
    for path in ACTS {
        assert!(crawl.spared.iter().any(|s| s == path), "{path}: {:?}", crawl.spared);
    }
    assert!(!crawl.spared.iter().any(|s| s == "/logout"));
    assert_eq!(crawl.declared[0].shown, Answer::NotAsked(NotAsked::NoOccasion));
}

#[tokio::test]
async fn a_site_without_end_is_left_at_its_bounds_and_says_so() {
    let endless = Router::new().fallback(|request: Request| async move {
        let path = request.uri().path().trim_end_matches('/').to_owned();
        if path.starts_with("/auscult-") {
            return StatusCode::NOT_FOUND.into_response();
        }
        Html(format!("<title>{path}</title><a href='{path}/a'>a</a><a href='{path}/b'>b</a>")).into_response()
    });
    let (crawl, asked) = read(endless, &[], &[]).await;
    assert!(!crawl.complete() && crawl.left > 0, "{crawl:?}");
    assert!(asked.len() <= 96, "{}", asked.len());

    let long = Router::new().fallback(|request: Request| async move {
        if request.uri().path() == "/" {
            Html("x".repeat(1 << 20)).into_response()
        } else {
            StatusCode::NOT_FOUND.into_response()
        }
    });
    let (crawl, _) = read(long, &[], &[]).await;
    assert!(crawl.end == End::Bytes && !crawl.complete(), "{crawl:?}");
}

#[tokio::test]
async fn one_login_for_everything_is_one_login() {
    let site = Router::new().fallback(|| async { challenge("Basic realm=\"hub\"") });
    let (crawl, _) = read(site, &[("/admin", LoginBy::Basic)], &[]).await;
    assert!(crawl.complete(), "{crawl:?}");
    assert_eq!(found(&crawl), [("/".to_owned(), Mechanism::Basic)]);
    assert!(crawl.logins[0].everywhere);
    assert!(matches!(crawl.declared[0].shown, Answer::Seen(Shown::Login { .. })));
}

#[tokio::test]
async fn a_program_in_the_browser_is_not_taken_for_a_page_without_logins() {
    let site = Router::new()
        .route(
            "/main.js",
            get(|| async {
                ([(header::CONTENT_TYPE, "text/javascript")], "e('input',{type:'password'});r('/admin')")
            }),
        )
        .fallback(|| async { Html("<title>Hub</title><div id=root></div><script src=/main.js></script>") });
    let (crawl, _) = read(site, &[("/admin", LoginBy::Form)], &[]).await;
    assert!(crawl.same_page, "{crawl:?}");
    assert_eq!(crawl.scripted, ["/main.js"]);
    assert_eq!(crawl.declared[0].shown, Answer::Seen(Shown::Nothing));
    assert!(crawl.apis.is_empty() && crawl.logins.is_empty());
}

#[tokio::test]
async fn what_answers_without_its_login_is_seen() {
    let site = Router::new()
        .route("/api", get(|| async { axum::Json(serde_json::json!({"pumps": 3})) }))
        .route("/stats", get(|| async { Html("<p>Twelve readings") }))
        .route(
            "/setup",
            get(|| async {
                Html("<title>Set-up</title><form method=post><input name=ssid><input name=dns></form>")
            }),
        )
        .route("/locked", get(|| async { StatusCode::FORBIDDEN }))
        .route("/mute", get(|| async { "never" }));
    let logins = [
        ("/api", LoginBy::Bearer),
        ("/stats", LoginBy::Basic),
        ("/setup", LoginBy::Form),
        ("/locked", LoginBy::Digest),
    ];
    let (crawl, _) = read(site, &logins, &["/api"]).await;
    let shown: Vec<_> = crawl.declared.iter().map(|a| (a.path.as_str(), a.shown.seen().cloned())).collect();
    assert_eq!(
        shown,
        [
            ("/api", Some(Shown::Data)),
            ("/locked", Some(Shown::Refused)),
            ("/setup", Some(Shown::Managed)),
            ("/stats", Some(Shown::Page { may_ask: false })),
        ]
    );
    assert_eq!(crawl.managed, ["/setup"]);
}

#[tokio::test]
async fn where_nothing_is_declared_nothing_is_asked() {
    let (facts, cost) = look::<Logins>(&subject(17_299, "http", false), Impact::Safe).await;
    assert_eq!(facts, Ok(LoginsFacts { crawl: Answer::NotAsked(NotAsked::NoOccasion) }));
    assert_eq!((cost.connections, cost.packets), (0, 0));
}
