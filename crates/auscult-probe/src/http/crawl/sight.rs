//! What one answer shows: the ways in which it asks who is there, the APIs that it tells of, and what it gives.

use std::collections::BTreeSet;

use auscult_facts::logins::{ApiSign, FoundApi, Mechanism};
use hyper::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use serde_json::Value;

use super::super::ask::Answered;
use super::super::door;
use super::super::html::{self, Form};
use super::super::origin::Origin;
use super::super::page::{cut, is_html};

/// Most functions that one description of an API gives.
const FUNCTIONS: usize = 200;

/// Longest path that is kept, in characters.
pub(super) const KEPT: usize = 120;

/// Words in the title or the path of a page on which one logs in.
const LOGIN_WORDS: &[&str] = &[
    "login",
    "log-in",
    "log in",
    "logon",
    "signin",
    "sign-in",
    "sign in",
    "anmelde",
    "einloggen",
    "connexion",
];

/// The form by which a page asks who is there.
pub(super) struct LoginForm {
    /// Path to which it sends, if that is within the service.
    pub(super) sends_to: Option<String>,
    /// Host to which it sends, if that is another service.
    pub(super) elsewhere: Option<String>,
}

/// The ways in which challenges of a 401 ask (RFC 9110, 11.6.1).
pub(super) fn challenges(answered: &Answered) -> BTreeSet<Mechanism> {
    if answered.status != 401 {
        return BTreeSet::new();
    }
    answered
        .all(&WWW_AUTHENTICATE)
        .take(8)
        .flat_map(|line| schemes(&line))
        .map(|scheme| match scheme.as_str() {
            "basic" => Mechanism::Basic,
            "digest" => Mechanism::Digest,
            "bearer" => Mechanism::Bearer,
            "negotiate" => Mechanism::Negotiate,
            _ => Mechanism::Other,
        })
        .collect()
}

/// Schemes of one line of challenges, in lower case; commas part challenges as well as their parameters.
fn schemes(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut quoted = false;
    let parts = line.split(|c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    for part in parts.take(16) {
        let mut words = part.split_whitespace();
        let word = words.next().unwrap_or_default();
        let is_token = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        // Spaces may stand around the sign between a parameter and its value.
        if is_token && !words.next().is_some_and(|next| next.starts_with('=')) {
            found.push(word.to_ascii_lowercase());
        }
    }
    found
}

/// The forms by which a page asks who is there: with a password, or in steps on a page that says what it is for.
pub(super) fn login_forms(path: &str, answered: &Answered, origin: &Origin) -> Vec<LoginForm> {
    if !is_html(answered) {
        return Vec::new();
    }
    let text = answered.text();
    let title = html::title(&text);
    let lower = path.to_ascii_lowercase();
    let said = LOGIN_WORDS.iter().any(|word| title.contains(word) || lower.contains(word));
    html::forms(&html::tags(&text))
        .iter()
        .filter(|form| door::secret(form).is_some() || (said && first_step(form)))
        .map(|form| {
            let to = origin.resolve(path, &form.action);
            let sends_to = origin.path_here(path, &form.action).map(|p| bare(&p).to_owned());
            let elsewhere = to.filter(|_| sends_to.is_none()).map(|url| host_of(&url));
            LoginForm { sends_to, elsewhere }
        })
        .collect()
}

/// Whether a form asks for a name and nothing else, as the first step of a login does.
fn first_step(form: &Form) -> bool {
    let mut open = form.open_fields();
    let only = open.next().filter(|_| open.next().is_none());
    only.is_some_and(|field| {
        let name = field.name.to_ascii_lowercase();
        ["user", "mail", "login", "account", "uid"].iter().any(|word| name.contains(word))
    })
}

/// A path without its query.
pub(super) fn bare(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Host and port of an address, short and harmless.
pub(super) fn host_of(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => cut(&format!("{host}:{port}"), KEPT),
        None => cut(host, KEPT),
    }
}

/// Whether an answer says that it is JSON, and is: what never ends is nothing yet.
fn is_json(answered: &Answered) -> bool {
    let says = answered.header(&CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().contains("json"));
    let value = || serde_json::from_slice::<Value>(&answered.body).ok();
    says && answered.short.is_none() && value().is_some_and(|v| v.is_object() || v.is_array())
}

/// Whether an answer says that it is a script.
pub(super) fn is_script(path: &str, answered: &Answered) -> bool {
    let place = bare(path).to_ascii_lowercase();
    place.ends_with(".js")
        || place.ends_with(".mjs")
        || answered.header(&CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().contains("script"))
}

/// The APIs of which an answer tells, and whether it named more than are taken.
pub(super) fn apis(path: &str, answered: &Answered, origin: &Origin) -> (Vec<FoundApi>, bool) {
    let here = |by| (vec![FoundApi { path: cut(bare(path), KEPT), by }], false);
    let place = bare(path);
    if answered.given() && !is_html(answered) {
        let text = answered.text();
        let head: String = text.chars().take(2_000).collect();
        if head.contains("definitions") && head.contains("schemas.xmlsoap.org/wsdl") {
            return here(ApiSign::Wsdl);
        }
        if let Ok(Value::Object(members)) = serde_json::from_slice::<Value>(&answered.body) {
            if members.contains_key("paths")
                && (members.contains_key("openapi") || members.contains_key("swagger"))
            {
                return described(path, &members, origin);
            }
            if members.get("resourceType").and_then(Value::as_str) == Some("CapabilityStatement") {
                let base = place.strip_suffix("/metadata").filter(|b| !b.is_empty()).unwrap_or("/");
                return (vec![FoundApi { path: cut(base, KEPT), by: ApiSign::Fhir }], false);
            }
        }
    }
    let leaf = place.rsplit('/').next().unwrap_or_default();
    let tells = answered.given() || matches!(answered.status, 400 | 401 | 403 | 422);
    // A file that lies there is no interface, and neither is what stands at the places of RFC 8615.
    if tells && is_json(answered) && !leaf.contains('.') && !place.starts_with("/.well-known/") {
        return here(ApiSign::Json);
    }
    (Vec::new(), false)
}

/// The functions that a description names, under the place where it says that they are.
fn described(path: &str, members: &serde_json::Map<String, Value>, origin: &Origin) -> (Vec<FoundApi>, bool) {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(ToOwned::to_owned);
    let server =
        members.get("servers").and_then(Value::as_array).and_then(|s| s.first()).and_then(|s| s.get("url"));
    // A description of another service says nothing of this one.
    let base = match text(server).or_else(|| text(members.get("basePath"))) {
        None => Some(String::new()),
        // What is put in at run time is not known.
        Some(base) if base.contains('{') => Some(String::new()),
        Some(base) => origin.path_here(path, &base).map(|p| bare(&p).trim_end_matches('/').to_owned()),
    };
    let Some((base, functions)) = base.zip(members.get("paths").and_then(Value::as_object)) else {
        return (Vec::new(), false);
    };
    let found = functions
        .keys()
        .filter(|f| f.starts_with('/'))
        .take(FUNCTIONS)
        .map(|function| FoundApi { path: cut(&format!("{base}{function}"), KEPT), by: ApiSign::Description });
    (found.collect(), functions.len() > FUNCTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_told_from_their_parameters() {
        assert_eq!(schemes("Basic realm=\"a, Digest b\""), ["basic"]);
        assert_eq!(schemes("Negotiate, Basic realm=x, charset=\"UTF-8\""), ["negotiate", "basic"]);
        assert_eq!(schemes("Digest realm=\"x\", nonce=\"y\", qop=\"auth\""), ["digest"]);
        assert_eq!(schemes("Digest realm = \"x\", nonce = \"y\""), ["digest"]);
        assert_eq!(schemes("NTLM"), ["ntlm"]);
        assert_eq!(schemes(""), [] as [&str; 0]);
    }
}
