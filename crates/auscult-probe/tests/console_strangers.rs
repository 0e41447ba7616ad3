//! The observer of consoles against scripted products that Debian does not have, and against ordinary web servers.

mod clinic;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use auscult_facts::console::{ConsoleFacts, Gate};
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_model::Impact;
use auscult_probe::console::Console;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use clinic::{Hostile, hostile, look_patiently, subject};

const PATIENCE: Duration = Duration::from_millis(400);

/// An answer to a path: status, one header and a body.
type Page = (&'static str, u16, &'static str, &'static str);

/// A web server with these pages, and 404 elsewhere; notes what it was asked.
async fn web(pages: &'static [Page]) -> (u16, Arc<Mutex<Vec<String>>>) {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = Arc::clone(&asked);
    let app = Router::new().fallback(move |request: Request| {
        let notes = Arc::clone(&notes);
        async move {
            let path = request.uri().path().to_owned();
            notes.lock().unwrap().push(format!("{} {path}", request.method()));
            let page = pages.iter().find(|(at, ..)| *at == path);
            let (status, header, body) = page.map_or((404, "", "not found"), |(_, s, h, b)| (*s, *h, *b));
            let mut headers = HeaderMap::new();
            if let Some((name, value)) = header.split_once(": ") {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                headers.insert(name, HeaderValue::from_static(value));
            }
            (StatusCode::from_u16(status).unwrap(), headers, body).into_response()
        }
    });
    let listener = tokio::net::TcpListener::bind((clinic::HERE, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, app).await });
    (port, asked)
}

async fn look(port: u16) -> Result<ConsoleFacts, Interrupted> {
    look_patiently::<Console>(&subject("http", port, false, None), Impact::Safe, PATIENCE).await
}

const ELASTICSEARCH: Page = ("/", 200, "", r#"{"tagline":"You Know, for Search"}"#);
const DOCKER: Page = ("/version", 200, "", r#"{"ApiVersion":"1.43","MinAPIVersion":"1.12"}"#);
const KUBERNETES: Page = ("/", 403, "", r#"{"kind":"Status","apiVersion":"v1","code":403}"#);

#[tokio::test]
async fn products_are_open_or_shut() {
    for (pages, product, gate, items) in [
        (
            &[ELASTICSEARCH, ("/_cat/indices", 200, "", r#"[{"index":"vitals"}]"#)][..],
            "Elasticsearch",
            Gate::Open,
            Some(1),
        ),
        (
            &[("/", 401, "X-elastic-product: Elasticsearch", ""), ("/_cat/indices", 401, "", "{}")],
            "Elasticsearch",
            Gate::Shut,
            None,
        ),
        (
            &[("/", 200, "", r#"{"couchdb":"Welcome"}"#), ("/_all_dbs", 200, "", r#"["vitals"]"#)],
            "CouchDB",
            Gate::Open,
            Some(1),
        ),
        (
            &[("/", 200, "", r#"{"couchdb":"Welcome"}"#), ("/_all_dbs", 401, "", "{}")],
            "CouchDB",
            Gate::Shut,
            None,
        ),
        (
            &[DOCKER, ("/containers/json", 200, "", r#"[{"Id":"a"},{"Id":"b"}]"#)],
            "Docker",
            Gate::Open,
            Some(2),
        ),
        (&[DOCKER, ("/containers/json", 403, "", r#"{"message":"denied"}"#)], "Docker", Gate::Shut, None),
        (
            &[KUBERNETES, ("/api/v1/namespaces", 403, "", r#"{"kind":"Status"}"#)],
            "Kubernetes",
            Gate::Shut,
            None,
        ),
        (
            &[KUBERNETES, ("/api/v1/namespaces", 200, "", r#"{"kind":"NamespaceList","items":[{}]}"#)],
            "Kubernetes",
            Gate::Open,
            Some(1),
        ),
        (&[("/pods", 200, "", r#"{"kind":"PodList","items":[{}]}"#)], "kubelet", Gate::Open, Some(1)),
        (
            &[
                ("/", 302, "Location: /login", ""),
                ("/api/health", 200, "", r#"{"database":"ok","version":"10"}"#),
                ("/api/search", 401, "", "{}"),
            ],
            "Grafana",
            Gate::Shut,
            None,
        ),
        (
            &[
                ("/", 200, "Content-Type: text/html", "<script>window.grafanaBootData={}"),
                ("/api/search", 200, "", "[]"),
            ],
            "Grafana",
            Gate::Open,
            Some(0),
        ),
        (
            &[("/", 200, "Content-Type: text/html", "<title>Node-RED</title>"), ("/flows", 200, "", "[]")],
            "Node-RED",
            Gate::Open,
            Some(0),
        ),
        (
            &[
                ("/", 200, "Content-Type: text/html", "<title>Node-RED</title>"),
                ("/flows", 401, "", "Unauthorized"),
            ],
            "Node-RED",
            Gate::Shut,
            None,
        ),
        (
            &[("/", 200, "", "<title>RabbitMQ Management</title>"), ("/api/overview", 401, "", "{}")],
            "RabbitMQ",
            Gate::Shut,
            None,
        ),
        // The second version of InfluxDB before its first owner has come.
        (
            &[
                ("/ping", 204, "X-Influxdb-Version: v2.7", ""),
                ("/query", 401, "", "{}"),
                ("/api/v2/setup", 200, "", r#"{"allowed": true}"#),
            ],
            "InfluxDB",
            Gate::Open,
            None,
        ),
        (
            &[
                ("/ping", 204, "X-Influxdb-Version: v2.7", ""),
                ("/query", 401, "", "{}"),
                ("/api/v2/setup", 200, "", r#"{"allowed": false}"#),
            ],
            "InfluxDB",
            Gate::Shut,
            None,
        ),
    ] {
        let (port, asked) = web(pages).await;
        let facts = look(port).await.unwrap();
        assert_eq!(facts.product.as_deref(), Some(product), "{pages:?}");
        let inner = facts.inner.seen().unwrap();
        assert_eq!((inner.gate, inner.items), (gate, items), "{pages:?}");
        let told = serde_json::to_string(&facts).unwrap();
        assert!(!told.contains("vitals"), "names are forgotten: {told}");
        assert!(asked.lock().unwrap().iter().all(|line| line.starts_with("GET ")));
    }
}

#[tokio::test]
async fn an_ordinary_page_is_asked_for_nothing_more() {
    let (port, asked) = web(&[("/", 200, "Content-Type: text/html", "<title>Cuff</title>")]).await;
    let facts = look(port).await.unwrap();
    assert!(facts.shows_none() && !facts.front_demands_login);
    assert_eq!(*asked.lock().unwrap(), ["GET /"]);
}

#[tokio::test]
async fn a_server_that_gives_the_same_to_every_path_is_no_console() {
    const ALL: &str = r#"{"status":"ok"}"#;
    let pages =
        &[("/", 200, "", ALL), ("/version", 200, "", ALL), ("/ping", 200, "", ALL), ("/pods", 200, "", ALL)];
    let (port, _) = web(pages).await;
    let facts = look(port).await.unwrap();
    assert!(facts.shows_none());
    assert_eq!(facts.inner, Answer::NotAsked(NotAsked::NoOccasion));
}

#[tokio::test]
async fn a_login_at_the_front_page_is_seen() {
    let (port, _) = web(&[("/", 401, "WWW-Authenticate: Basic realm=\"x\"", "")]).await;
    let facts = look(port).await.unwrap();
    assert!(facts.front_demands_login && facts.product.is_none());
}

#[tokio::test]
async fn a_document_too_long_to_be_read_is_not_no_console() {
    let long: &'static str = Box::leak(format!("{{\"a\":\"{}\"}}", "x".repeat(20 << 10)).into_boxed_str());
    let pages: &'static [Page] = Box::leak(Box::new([("/", 200, "Content-Type: application/json", long)]));
    let (port, _) = web(pages).await;
    let facts = look(port).await.unwrap();
    assert!(facts.product.is_none() && !facts.shows_none(), "{facts:?}");
}

#[tokio::test]
async fn hostile_peers_prove_nothing() {
    for how in [
        Hostile::Silent,
        Hostile::Closes,
        Hostile::ReadsAndCloses,
        Hostile::Says(b"SSH-2.0-x\r\n"),
        Hostile::Dribbles(b"HTTP/1.1 200 OK\r\n"),
        Hostile::Floods(b"HTTP/1.1 200 OK\r\n\r\n", b"[{\"Id\":"),
    ] {
        let seen = look(hostile(how).await).await;
        let proven = seen.as_ref().is_ok_and(|f| f.admits_strangers().seen().is_some());
        assert!(!proven, "{how:?}: {seen:?}");
    }
}
