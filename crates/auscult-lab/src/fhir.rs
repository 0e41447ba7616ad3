//! The platform's FHIR API (R4) with three invented patients, its SMART configuration and one administrative page.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_LOCATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

/// Ids under which Edith is found; a stranger guesses the second and third.
const PATIENT: [&str; 3] = ["TEST-0001", "1", "example"];

/// The patients: id, family name, given name, and the practice that they belong to.
const PATIENTS: [(&str, &str, &str, &str); 3] = [
    ("TEST-0001", "TESTPATIENT", "Edith", "practice"),
    ("TEST-0002", "TESTNEIGHBOUR", "Fred", "practice"),
    ("TEST-0003", "TESTSTRANGER", "Berta", "clinic"),
];

/// What the API grants to strangers, and what it says about logins.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    pub(crate) open_read: bool,
    pub(crate) open_search: bool,
    pub(crate) open_bulk: bool,
    /// Shows a patient the others of the same practice.
    pub(crate) other_patient: bool,
    /// Shows a patient those of other practices.
    pub(crate) other_tenant: bool,
    /// Still takes the token that was withdrawn.
    pub(crate) takes_withdrawn: bool,
    /// Gives the administrative page to every token.
    pub(crate) anyone_administers: bool,
    /// Tokens, by whom they were given to: `edith`, `fred`, `berta`, `operator` and `former`.
    pub(crate) tokens: Vec<(&'static str, String)>,
    pub(crate) smart: Smart,
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// Anybody, at a door that stands open.
    Anybody,
    /// The patient of that place in the list.
    Patient(usize),
    Operator,
}

/// What the SMART configuration says (SMART App Launch 2.2, "Conformance").
#[derive(Clone, Copy, Debug)]
pub(crate) struct Smart {
    pub(crate) present: bool,
    /// Allows a code challenge that is the verifier itself (RFC 7636 section 4.2).
    pub(crate) plain: bool,
    /// Names a token endpoint in clear.
    pub(crate) clear_endpoint: bool,
}

/// Whose door a request knocks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Read,
    Search,
    Bulk,
    Admin,
}

struct Shop {
    api: Api,
}

impl Api {
    /// Its resources, below `/fhir`.
    pub(crate) fn pages(self) -> Router {
        let mut fhir = Router::new()
            .route("/metadata", get(metadata))
            .route("/_history", get(system_history))
            .route("/$export", get(export))
            .route("/Patient/$export", get(export))
            .route("/$export-status/{job}", get(no_job).delete(no_job))
            .route("/Patient/$everything", get(system_history))
            .route("/Patient/{id}/$everything", get(everything))
            .route("/{resource}", get(search))
            .route("/{resource}/_search", post(search_by_post))
            .route("/{resource}/{id}", get(read))
            .fallback(|| async { outcome(StatusCode::NOT_FOUND, "not-found") });
        fhir = match self.smart.present {
            true => fhir.route("/.well-known/smart-configuration", get(smart)),
            false => fhir.route("/.well-known/{document}", get(|| async { StatusCode::NOT_FOUND })),
        };
        Router::new()
            .nest("/fhir", fhir)
            .route("/admin/users", get(users))
            .route(
                "/auth/token",
                post(|| async { (StatusCode::UNAUTHORIZED, Json(json!({"error": "invalid_client"}))) }),
            )
            .with_state(Arc::new(Shop { api: self }))
    }
}

impl Shop {
    /// Lets a request in, or says why not (FHIR R4, "Access Denied Response Handling").
    fn admits(&self, door: Door, headers: &HeaderMap) -> Result<Caller, Refused> {
        let open = match door {
            Door::Read => self.api.open_read,
            Door::Search => self.api.open_search,
            Door::Bulk => self.api.open_bulk,
            Door::Admin => false,
        };
        if open {
            return Ok(Caller::Anybody);
        }
        let bearer = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()?.strip_prefix("Bearer "));
        let known = self.api.tokens.iter().find(|(_, token)| bearer == Some(token) && !token.is_empty());
        let caller = match known.map(|(holder, _)| *holder) {
            Some("edith") => Caller::Patient(0),
            Some("fred") => Caller::Patient(1),
            Some("berta") => Caller::Patient(2),
            Some("operator") => Caller::Operator,
            Some("former") if self.api.takes_withdrawn => Caller::Patient(0),
            _ => return Err(Refused::Unknown),
        };
        match (door, caller) {
            (Door::Bulk, Caller::Patient(_)) => Err(Refused::Forbidden),
            (Door::Admin, Caller::Patient(_)) if !self.api.anyone_administers => Err(Refused::Forbidden),
            _ => Ok(caller),
        }
    }

    /// Whether a caller may see what belongs to a patient.
    fn shows(&self, caller: Caller, patient: &str) -> bool {
        let Caller::Patient(own) = caller else { return true };
        let tenant = |id: &str| PATIENTS.iter().find(|p| p.0 == id).map(|p| p.3);
        let (own, practice) = (PATIENTS[own].0, PATIENTS[own].3);
        own == patient
            || (self.api.other_patient && tenant(patient) == Some(practice))
            || (self.api.other_tenant && tenant(patient) != Some(practice))
    }

    /// Resources of a kind that a caller may see, of one patient only where that is asked for.
    fn resources(&self, caller: Caller, kind: &str, of: Option<&str>) -> Vec<Value> {
        let mut found = resources(kind);
        found.retain(|r| {
            let patient = patient_of(r);
            self.shows(caller, patient) && of.is_none_or(|of| of == patient)
        });
        found
    }
}

/// Why somebody is not let in.
enum Refused {
    /// No token, or none that is known.
    Unknown,
    /// A token that is not for this.
    Forbidden,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        if let Self::Forbidden = self {
            return outcome(StatusCode::FORBIDDEN, "forbidden");
        }
        let challenge = [(WWW_AUTHENTICATE, "Bearer realm=\"Example Health Cloud\"")];
        (challenge, outcome(StatusCode::UNAUTHORIZED, "login")).into_response()
    }
}

async fn metadata() -> Response {
    let resource =
        |kind: &str| json!({"type": kind, "interaction": [{"code": "read"}, {"code": "search-type"}]});
    fhir(json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-01-01",
        "kind": "instance",
        "implementation": {"description": "Example Health Cloud, invented patients only"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [{
            "mode": "server",
            "security": {"service": [{"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
                "code": "SMART-on-FHIR"
            }]}]},
            "resource": [resource("Patient"), resource("Observation")]
        }]
    }))
}

async fn smart(State(shop): State<Arc<Shop>>) -> Response {
    let smart = shop.api.smart;
    let scheme = if smart.clear_endpoint { "http" } else { "https" };
    let methods = if smart.plain { json!(["plain"]) } else { json!(["S256"]) };
    Json(json!({
        "issuer": "https://platform.edith.test:8443/fhir",
        "jwks_uri": "https://platform.edith.test:8443/auth/keys",
        "authorization_endpoint": "https://platform.edith.test:8443/auth/authorize",
        "token_endpoint": format!("{scheme}://platform.edith.test:8443/auth/token"),
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "code_challenge_methods_supported": methods,
        "capabilities": ["launch-standalone", "client-confidential-asymmetric", "permission-patient", "sso-openid-connect"]
    }))
    .into_response()
}

async fn read(
    State(shop): State<Arc<Shop>>,
    Path((resource, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let caller = shop.admits(Door::Read, &headers)?;
    Ok(match shop.resources(caller, &resource, None).into_iter().find(|r| is(r, &id)) {
        Some(mut found) => {
            found["id"] = id.into();
            fhir(found)
        }
        None => outcome(StatusCode::NOT_FOUND, "not-found"),
    })
}

async fn search(
    State(shop): State<Arc<Shop>>,
    Path(resource): Path<String>,
    Query(asked): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let caller = shop.admits(Door::Search, &headers)?;
    let of = asked.get("patient").map(|p| p.rsplit('/').next().unwrap_or_default());
    Ok(bundle("searchset", shop.resources(caller, &resource, of)))
}

/// The administrative page: names only.
async fn users(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Result<Response, Refused> {
    shop.admits(Door::Admin, &headers)?;
    Ok(Json(json!({"users": ["edith", "fred", "berta", "operator"]})).into_response())
}

async fn search_by_post(
    shop: State<Arc<Shop>>,
    resource: Path<String>,
    asked: Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    search(shop, resource, asked, headers).await
}

async fn system_history(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Result<Response, Refused> {
    shop.admits(Door::Bulk, &headers)?;
    Ok(bundle("history", all()))
}

async fn everything(
    State(shop): State<Arc<Shop>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    shop.admits(Door::Bulk, &headers)?;
    Ok(if PATIENT.contains(&id.as_str()) {
        bundle("searchset", all())
    } else {
        outcome(StatusCode::NOT_FOUND, "not-found")
    })
}

/// Begins a bulk export (FHIR Bulk Data Access, "Kick-off Request"); nothing is ever written.
async fn export(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Result<Response, Refused> {
    shop.admits(Door::Bulk, &headers)?;
    let json = headers.get(ACCEPT).is_some_and(|v| v.to_str().is_ok_and(|v| v.contains("fhir+json")));
    let asynchronous =
        headers.get("prefer").is_some_and(|v| v.to_str().is_ok_and(|v| v.contains("respond-async")));
    Ok(if json && asynchronous {
        (StatusCode::ACCEPTED, [(CONTENT_LOCATION, "https://platform.edith.test:8443/fhir/$export-status/1")])
            .into_response()
    } else {
        outcome(StatusCode::BAD_REQUEST, "required")
    })
}

async fn no_job(
    State(shop): State<Arc<Shop>>,
    Path(_): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    shop.admits(Door::Bulk, &headers)?;
    Ok(StatusCode::ACCEPTED.into_response())
}

fn all() -> Vec<Value> {
    let kinds: BTreeSet<&str> = BTreeSet::from(["Patient", "Observation"]);
    kinds.into_iter().flat_map(resources).collect()
}

/// Every resource of a kind; all of them are invented.
fn resources(kind: &str) -> Vec<Value> {
    let observation = |id: &str, patient: &str, code: &str, text: &str, value: f64, unit: &str| {
        json!({
            "resourceType": "Observation",
            "id": id,
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": code}], "text": text},
            "subject": {"reference": format!("Patient/{patient}")},
            "effectiveDateTime": "2026-01-01T08:00:00Z",
            "valueQuantity": {"value": value, "unit": unit}
        })
    };
    let pressure = |id: &str, patient: &str, value| {
        observation(id, patient, "8480-6", "Systolic blood pressure", value, "mmHg")
    };
    match kind {
        "Patient" => PATIENTS
            .iter()
            .map(|(id, family, given, practice)| {
                json!({
                    "resourceType": "Patient",
                    "id": id,
                    "identifier": [{"system": "urn:example:test", "value": id}],
                    "name": [{"family": family, "given": [given]}],
                    "managingOrganization": {"display": practice},
                    "birthDate": "1945-01-01"
                })
            })
            .collect(),
        "Observation" => vec![
            pressure("1", "TEST-0001", 148.0),
            observation("2", "TEST-0001", "2339-0", "Glucose", 132.0, "mg/dL"),
            pressure("3", "TEST-0002", 131.0),
            pressure("4", "TEST-0003", 127.0),
        ],
        _ => Vec::new(),
    }
}

/// The id of the patient that a resource is, or is about.
fn patient_of(resource: &Value) -> &str {
    let about = resource["subject"]["reference"].as_str().and_then(|r| r.rsplit('/').next());
    about.or(resource["id"].as_str()).unwrap_or_default()
}

fn is(resource: &Value, id: &str) -> bool {
    match resource["resourceType"].as_str() {
        Some("Patient") => resource["id"] == id || (resource["id"] == PATIENT[0] && PATIENT.contains(&id)),
        _ => resource["id"] == id || (id == "example" && resource["id"] == "1"),
    }
}

fn bundle(kind: &str, resources: Vec<Value>) -> Response {
    let entries: Vec<Value> = resources.into_iter().map(|r| json!({"resource": r})).collect();
    fhir(json!({"resourceType": "Bundle", "type": kind, "total": entries.len(), "entry": entries}))
}

fn outcome(status: StatusCode, code: &str) -> Response {
    let body = json!({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code}]});
    (status, fhir(body)).into_response()
}

fn fhir(body: Value) -> Response {
    ([(CONTENT_TYPE, "application/fhir+json; charset=utf-8")], body.to_string()).into_response()
}
