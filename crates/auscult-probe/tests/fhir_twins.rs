//! An open and a guarded FHIR API, and servers that only look like one.

mod http_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use auscult_facts::fhir::{Body, IdFrom};
use auscult_facts::{Answer, NotAsked};
use auscult_model::Impact;
use auscult_probe::fhir::{Fhir, Smart};
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http_support::{look, serve, subject};
use serde_json::json;

fn metadata() -> Response {
    Json(json!({
        "resourceType": "CapabilityStatement", "fhirVersion": "4.0.1",
        "software": {"name": "Example FHIR", "version": "2"},
        "rest": [{"security": {"service": [{"coding": [{"code": "SMART-on-FHIR"}]}]}}]
    }))
    .into_response()
}

fn open(base: &str, deleted: &Arc<AtomicU32>) -> Router {
    let deleted = Arc::clone(deleted);
    let patient = || json!({"resourceType": "Patient", "id": "p7", "name": [{"family": "Invented"}]});
    let api = Router::new()
        .route("/metadata", get(|| async { metadata() }))
        .route(
            "/Patient",
            get(move || async move {
                Json(json!({"resourceType": "Bundle", "total": 3, "entry": [{"resource": patient()}]}))
            }),
        )
        .route("/Observation", get(|| async { Json(json!({"resourceType": "Bundle", "total": 0})) }))
        .route(
            "/Patient/{id}",
            get(move |Path(id): Path<String>| async move {
                if id == "p7" {
                    Json(patient()).into_response()
                } else {
                    StatusCode::NOT_FOUND.into_response()
                }
            }),
        )
        .route(
            "/Patient/{id}/$everything",
            get(|| async {
                Json(
                    json!({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Encounter"}}]}),
                )
            }),
        )
        .route("/_history", get(|| async { Json(json!({"resourceType": "Bundle", "type": "history"})) }))
        .route("/$export", get(|| async { (StatusCode::ACCEPTED, [(header::CONTENT_LOCATION, "/job/1")]) }))
        .route(
            "/.well-known/smart-configuration",
            get(|| async {
                Json(json!({
                    "token_endpoint": "http://login.example/token",
                    "code_challenge_methods_supported": ["plain", "S256"],
                    "capabilities": ["launch-standalone"]
                }))
            }),
        );
    let job = axum::routing::delete(move || {
        deleted.fetch_add(1, SeqCst);
        async { StatusCode::ACCEPTED }
    });
    if base == "/" { api.route("/job/1", job) } else { Router::new().nest(base, api).route("/job/1", job) }
}

fn guarded() -> Router {
    let outcome =
        json!({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "login"}]});
    Router::new()
        .route("/fhir/metadata", get(|| async { metadata() }))
        .fallback(move || async move { (StatusCode::UNAUTHORIZED, Json(outcome.clone())) })
}

#[tokio::test]
async fn an_open_api_is_seen_at_either_base() {
    for base in ["/fhir", "/"] {
        let deleted = Arc::default();
        let port = serve(open(base, &deleted)).await;
        let (facts, cost) = look::<Fhir>(&subject(port, "fhir", false), Impact::Intrusive).await;
        let facts = facts.unwrap();
        assert_eq!(facts.base, base);
        let metadata = facts.metadata.seen().unwrap();
        assert_eq!((metadata.capability, metadata.fhir_version.as_deref()), (true, Some("4.0.1")));
        assert_eq!(metadata.security, ["SMART-on-FHIR"]);
        assert!(facts.searches["Patient"].seen().unwrap().bundle());
        assert!(facts.searches["Observation"].seen().unwrap().bundle(), "an empty bundle is an answer");
        assert!(facts.searches["Condition"].seen().unwrap().not_offered());
        let read = facts.reads.iter().find(|r| r.id == IdFrom::Search).unwrap().reply.seen().unwrap();
        assert_eq!((read.status, read.body), (200, Body::Resource));
        assert_eq!(facts.everything.seen().unwrap().resources["Encounter"], 1);
        assert!(facts.history.seen().unwrap().bundle());
        assert_eq!(facts.export.seen().unwrap().status, 202);
        assert_eq!(deleted.load(SeqCst), 1, "the job is cancelled");
        let kept = serde_json::to_string(&facts).unwrap();
        assert!(!kept.contains("Invented") && !kept.contains("p7"), "neither names nor ids are kept");
        assert!(cost.connections <= 3, "{}", cost.connections);

        let (smart, _) = look::<Smart>(&subject(port, "fhir", false), Impact::Safe).await;
        let smart = smart.unwrap().configuration.unwrap();
        assert_eq!(smart.endpoints["token_endpoint"], "http");
        assert_eq!(smart.code_challenge_methods.unwrap(), ["plain", "S256"]);
    }
}

#[tokio::test]
async fn a_guarded_api_refuses_everything() {
    let port = serve(guarded()).await;
    let (facts, _) = look::<Fhir>(&subject(port, "fhir", false), Impact::Safe).await;
    let facts = facts.unwrap();
    assert!(facts.metadata.seen().unwrap().capability);
    assert!(facts.searches.values().all(|s| s.seen().unwrap().refused()));
    assert!(facts.reads.iter().all(|r| r.reply.seen().unwrap().refused() && r.id == IdFrom::Guess));
    assert_eq!(facts.searches["Patient"].seen().unwrap().issues, ["login"]);
    assert_eq!(facts.everything, Answer::NotAsked(NotAsked::NoOccasion));
    assert!(facts.history.seen().unwrap().refused());
    assert_eq!(facts.export, Answer::NotAsked(NotAsked::Impact));
}

#[tokio::test]
async fn a_page_for_every_path_is_no_api() {
    let port = serve(Router::new().fallback(|| async { Html("<html>Welcome") })).await;
    let (facts, _) = look::<Fhir>(&subject(port, "fhir", false), Impact::Intrusive).await;
    let facts = facts.unwrap();
    assert!(!facts.metadata.seen().unwrap().capability);
    assert!(facts.searches.values().all(|s| s.seen().unwrap().body == Body::Other));
    let (smart, _) = look::<Smart>(&subject(port, "fhir", false), Impact::Safe).await;
    let smart = smart.unwrap();
    assert_eq!((smart.status, smart.configuration), (Answer::Seen(200), None));
}
