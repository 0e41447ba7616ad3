//! Services that look who somebody is, and such that only look whether somebody is known.

mod http_support;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use auscult_facts::access::{AccessFacts, Question, Reach, Tally, tally};
use auscult_facts::credentials::Stopped;
use auscult_facts::{Answer, NotAsked};
use auscult_model::Impact;
use auscult_model::scenario::{Credential, CredentialKind, Endpoint, Place, Role, SecretFrom};
use auscult_probe::access::{Access, Key, Secret};
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http_support::{errand, look, look_with, serve, subject};
use serde_json::{Value, json};

fn key(name: &str, role: Role, tenant: Option<&str>, owns: &[&str]) -> Key {
    let credential = Credential {
        name: name.to_owned(),
        target: Endpoint { node: "cuff".into(), service: Some("web".into()) },
        kind: CredentialKind::Bearer,
        role,
        secret: Some(SecretFrom::Env("AUSCULT_X".to_owned())),
        user: None,
        tenant: tenant.map(str::to_owned),
        owns: owns.iter().map(|o| (*o).to_owned()).collect(),
        topics: Vec::new(),
        login: None,
        logout: None,
        idle_seconds: None,
        place: Place::default(),
    };
    Key { credential, secret: Secret::new(format!("token-of-{name}").into_bytes()).unwrap() }
}

/// Whose token it is.
fn caller(headers: &HeaderMap) -> Option<String> {
    let shown = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    shown.strip_prefix("Bearer token-of-").map(str::to_owned)
}

async fn looked(router: Router, protocol: &str, keys: Vec<Key>) -> AccessFacts {
    let port = serve(router).await;
    let (facts, _) = look_with::<Access>(&subject(port, protocol, false), Impact::Intrusive, keys).await;
    let facts = facts.unwrap();
    let kept = serde_json::to_string(&facts).unwrap();
    assert!(!kept.contains("token-of"), "no secret is kept: {kept}");
    facts
}

/// A study in DICOM's JSON.
fn study(uid: &str) -> Value {
    json!({"0020000D": {"vr": "UI", "Value": [uid]}, "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Invented"}]}})
}

/// DICOMweb that gives each his own studies, or all of them to whoever is known.
fn dicomweb(own_only: bool) -> Router {
    const STUDIES: [(&str, &str); 2] = [("anna", "1.2.3"), ("bert", "1.2.4")];
    let may = move |who: &str, whose: &str| !own_only || who == whose;
    let list = move |headers: HeaderMap, Query(asked): Query<std::collections::HashMap<String, String>>| async move {
        let Some(who) = caller(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
        let wanted = asked.get("StudyInstanceUID");
        let seen = STUDIES
            .iter()
            .filter(|(whose, uid)| may(&who, whose) && wanted.is_none_or(|wanted| wanted == uid));
        Json(seen.map(|(_, uid)| study(uid)).collect::<Vec<_>>()).into_response()
    };
    let metadata = move |headers: HeaderMap, Path(uid): Path<String>| async move {
        let Some(who) = caller(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
        match STUDIES.iter().find(|(whose, known)| *known == uid && may(&who, whose)) {
            Some((_, uid)) => Json(vec![study(uid)]).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    };
    Router::new()
        .route("/dicom-web/studies", get(list))
        .route("/dicom-web/studies/{uid}/metadata", get(metadata))
}

#[tokio::test]
async fn dicomweb_that_gives_each_his_own_is_told_from_one_that_gives_all() {
    for own_only in [true, false] {
        let keys = vec![
            key("anna", Role::Patient, None, &["studies/1.2.3"]),
            key("bert", Role::Patient, None, &["studies/1.2.4"]),
        ];
        let facts = looked(dicomweb(own_only), "dicomweb", keys).await;
        assert!(facts.works("anna") && facts.works("bert"));
        for question in [Question::Read, Question::Search, Question::List] {
            let came = tally(facts.between(question, false));
            let both = ("anna".to_owned(), "bert".to_owned());
            match own_only {
                true => assert_eq!(came, Tally::KeptOut(2), "{question:?}"),
                false => {
                    assert_eq!(came, Tally::Reached(vec![both.clone(), (both.1, both.0)]), "{question:?}")
                }
            }
        }
    }
}

/// A web service with a page for each, and one for the administrator.
fn pages(who_may: fn(&str, &str) -> bool) -> Router {
    Router::new().route(
        "/{whose}",
        get(move |headers: HeaderMap, Path(whose): Path<String>| async move {
            match caller(&headers) {
                None => StatusCode::UNAUTHORIZED.into_response(),
                Some(who) if who_may(&who, &whose) => format!("what belongs to {whose}").into_response(),
                // As many pages do: 200 with words that refuse.
                Some(_) => "You must not see this".into_response(),
            }
        }),
    )
}

fn staff() -> Vec<Key> {
    vec![
        key("clerk", Role::Low, Some("a"), &["/clerk"]),
        key("root", Role::Admin, Some("a"), &["/root"]),
        key("other", Role::Low, Some("b"), &["/other"]),
        key("former", Role::Withdrawn, None, &["/clerk"]),
    ]
}

#[tokio::test]
async fn pages_count_only_where_they_are_those_of_their_owner() {
    let facts = looked(pages(|who, whose| who == whose), "http", staff()).await;
    assert_eq!(facts.idle(), [""; 0]);
    assert_eq!(tally(facts.of(Question::Function)), Tally::Unclear(2), "words that refuse are no proof");
    assert_eq!(tally(facts.of(Question::Withdrawn)), Tally::Unclear(1));
    let facts = looked(pages(|_, _| true), "http", staff()).await;
    let Tally::Reached(pairs) = tally(facts.of(Question::Function)) else { panic!("{facts:?}") };
    assert_eq!(pairs, [("clerk".to_owned(), "root".to_owned()), ("other".to_owned(), "root".to_owned())]);
    assert!(matches!(tally(facts.between(Question::Read, true)), Tally::Reached(_)));
    assert_eq!(
        tally(facts.of(Question::Withdrawn)),
        Tally::Reached(vec![("former".into(), "former".into())])
    );
    assert_eq!(
        tally(facts.between(Question::Read, false)),
        Tally::Nothing,
        "clerks of one tenant may see all"
    );
}

#[tokio::test]
async fn a_page_that_everybody_gets_proves_no_credential() {
    let open = Router::new().fallback(|| async { "welcome" });
    let facts = looked(open, "http", staff()).await;
    assert_eq!(facts.idle(), ["clerk", "other", "root"]);
    assert!(facts.of(Question::Function).all(|t| t.outcome == Answer::NotAsked(NotAsked::NoOccasion)));
    let withdrawn: Vec<_> = facts.of(Question::MadeUp).chain(facts.of(Question::Withdrawn)).collect();
    assert!(
        withdrawn.iter().all(|t| t.outcome == Answer::Seen(Reach::Reached)),
        "both are alike: {withdrawn:?}"
    );
}

#[tokio::test]
async fn the_first_sign_of_a_lock_ends_it() {
    for (status, waits) in [(429, false), (423, false), (403, true)] {
        let asked = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&asked);
        let router = Router::new().fallback(move || {
            count.fetch_add(1, SeqCst);
            async move {
                let mut headers = HeaderMap::new();
                if waits {
                    headers.insert(header::RETRY_AFTER, "60".parse().unwrap());
                }
                (StatusCode::from_u16(status).unwrap(), headers).into_response()
            }
        });
        let facts = looked(router, "http", staff()).await;
        assert_eq!((facts.stopped, asked.load(SeqCst)), (Some(Stopped::Locked), 1), "{status}");
    }
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let router = Router::new().fallback(move || {
        count.fetch_add(1, SeqCst);
        async { "x" }
    });
    let port = serve(router).await;
    let mut strange = staff();
    strange.iter_mut().for_each(|k| k.credential.target.node = "pump".into());
    let (facts, cost) = look::<Access>(&subject(port, "http", false), Impact::Intrusive).await;
    assert_eq!((facts.unwrap(), cost.connections), (AccessFacts::default(), 0));
    for (keys, protocol) in [(strange, "http"), (staff(), "mqtt")] {
        let (facts, cost) =
            look_with::<Access>(&subject(port, protocol, false), Impact::Intrusive, keys).await;
        assert_eq!((facts.unwrap(), cost.connections), (AccessFacts::default(), 0));
    }
    assert_eq!(asked.load(SeqCst), 0);
}

#[tokio::test]
async fn hostile_answers_prove_nothing() {
    let bodies: [fn() -> Response; 5] = [
        || "[".repeat(60_000).into_response(),
        || vec![0xff; 200_000].into_response(),
        || "{\"resourceType\":\"Bundle\",\"entry\":{\"0\":1},\"total\":-1}".into_response(),
        || Json(json!({"resourceType": "Patient", "id": ["a1"]})).into_response(),
        || (StatusCode::from_u16(599).unwrap(), "x").into_response(),
    ];
    for body in bodies {
        let keys = vec![
            key("anna", Role::Patient, None, &["Patient/a1"]),
            key("bert", Role::Patient, None, &["Patient/b1"]),
        ];
        let facts = looked(Router::new().fallback(move || async move { body() }), "fhir", keys).await;
        assert_eq!(facts.idle(), ["anna", "bert"]);
        assert!(!facts.tries.iter().any(|t| t.outcome == Answer::Seen(Reach::Reached)), "{facts:?}");
    }
}

/// A site with a form to log in, whose sessions end after so long without use, or never.
fn with_form(ends_after: Option<Duration>) -> Router {
    let sessions: Arc<Mutex<HashMap<String, Instant>>> = Arc::default();
    let opened = Arc::clone(&sessions);
    let log_in = move |body: String| {
        let number = opened.lock().unwrap().len();
        let fine = body.contains("token-of-anna");
        if fine {
            opened.lock().unwrap().insert(format!("s{number}"), Instant::now());
        }
        let cookie = format!("sid=s{number}; HttpOnly");
        async move {
            if fine {
                let headers = [(header::LOCATION, "/home".to_owned()), (header::SET_COOKIE, cookie)];
                (StatusCode::SEE_OTHER, headers, "").into_response()
            } else {
                (StatusCode::UNAUTHORIZED, "no").into_response()
            }
        }
    };
    let page = move |headers: HeaderMap| {
        let cookie = headers.get(header::COOKIE).and_then(|c| c.to_str().ok()).unwrap_or_default();
        let id = cookie.strip_prefix("sid=").unwrap_or_default().to_owned();
        let mut sessions = sessions.lock().unwrap();
        let fresh = |used: &Instant| ends_after.is_none_or(|after| used.elapsed() < after);
        let known = sessions.get(&id).is_some_and(fresh);
        if known {
            sessions.insert(id, Instant::now());
        }
        async move {
            if known {
                "the record of an invented patient".into_response()
            } else {
                (StatusCode::SEE_OTHER, [(header::LOCATION, "/login")], "").into_response()
            }
        }
    };
    let form = "<form method=\"post\" action=\"/login\"><input name=\"user\"><input type=\"password\" name=\"word\"></form>";
    Router::new()
        .route("/login", get(move || async move { axum::response::Html(form) }).post(log_in))
        .fallback(get(page))
}

#[tokio::test]
async fn an_idle_session_is_left_alone_and_asked_once_more() {
    let mut anna = key("anna", Role::Patient, None, &["/records/a1"]);
    anna.credential.kind = CredentialKind::Form;
    anna.credential.user = Some("anna".to_owned());
    anna.credential.login = Some("/login".to_owned());
    let undeclared = looked(with_form(None), "http", vec![anna.clone()]).await;
    assert_eq!(undeclared.of(Question::AfterIdle).count(), 0, "{undeclared:?}");
    assert!(undeclared.works("anna"), "{undeclared:?}");

    anna.credential.idle_seconds = Some(1);
    for (ends_after, reach) in [(None, Reach::Reached), (Some(Duration::from_secs(2)), Reach::Refused)] {
        let facts = looked(with_form(ends_after), "http", vec![anna.clone()]).await;
        let tries: Vec<_> = facts.of(Question::AfterIdle).map(|t| t.outcome.clone()).collect();
        assert_eq!(tries, [Answer::Seen(reach)], "{facts:?}");
    }
}

#[test]
fn only_a_declared_idle_time_makes_an_observation_longer() {
    let mut keys = staff();
    let subject = subject(80, "http", false);
    assert_eq!(errand(keys.clone()).waits("access", &subject), Duration::ZERO);
    keys[0].credential.idle_seconds = Some(600);
    assert_eq!(errand(keys.clone()).waits("access", &subject), Duration::from_secs(670));
    assert_eq!(errand(keys.clone()).waits("http", &subject), Duration::ZERO);
    keys[0].credential.target.node = "pump".into();
    assert_eq!(errand(keys).waits("access", &subject), Duration::ZERO);
}
