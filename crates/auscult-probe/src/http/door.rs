//! Tells what stands in a stranger's way: logins, and management pages on which nothing does.

use std::collections::BTreeSet;

use auscult_facts::http::{Login, LoginKind};
use hyper::header::WWW_AUTHENTICATE;
use serde_json::Value;

use super::ask::Answered;
use super::html::{self, Field, Form, Tag};
use super::origin::Origin;
use super::page::{cut, is_html};

/// Names of fields that only a form for a device's settings has, as whole words.
const SETTINGS: [&str; 13] =
    ["ssid", "psk", "wpa", "wifi", "wlan", "dhcp", "dns", "ntp", "apn", "ip", "snmp", "mqtt", "subnet"];

/// The same, as parts of a name.
const SETTINGS_WITHIN: [&str; 22] = [
    "netmask",
    "gateway",
    "broker",
    "syslog",
    "firmware",
    "hostname",
    "host_name",
    "ipaddr",
    "ip_addr",
    "ip-addr",
    "timezone",
    "time_zone",
    "alarm",
    "threshold",
    "dose",
    "flow_rate",
    "server_url",
    "upload_interval",
    "dicomaet",
    "dicom_aet",
    "dicomport",
    "dicom_port",
];

/// Words in the title or path of a page on which a device is managed.
pub(super) const MANAGEMENT: [&str; 8] =
    ["admin", "setting", "setup", "set-up", "config", "management", "maintenance", "service menu"];

/// Names of pages to which a server sends those who must log in first, without their extension.
pub(super) const LOGIN_PAGES: [&str; 10] =
    ["login", "log-in", "signin", "sign-in", "sign_in", "logon", "auth", "oauth2", "authenticate", "sso"];

/// Forms are no settings when they ask for one of these: a search, a message, a choice of language.
const EVERYDAY: [&str; 9] =
    ["q", "query", "search", "message", "comment", "lang", "language", "locale", "newsletter"];

/// Parts of the names of fields by which a visitor says who they are: a login in steps, a new account.
const WHO: [&str; 8] = ["user", "mail", "login", "account", "pass", "otp", "code", "captcha"];

/// A login as it was found, with what is needed to try it.
#[derive(Clone, Debug)]
pub(super) struct Door {
    pub(super) login: Login,
    /// Path as it was asked, not cut.
    pub(super) path: String,
    /// What makes two doors the same: where the form sends to, or the realm.
    key: String,
    /// Whether it can be tried: Basic, or a form that sends by POST to this very service.
    pub(super) can_be_tried: bool,
}

impl Door {
    /// Whether both lead to the same login.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.login.kind == other.login.kind && self.key == other.key
    }
}

/// The login that an answer shows, if any.
pub(super) fn door(path: &str, answered: &Answered, origin: &Origin) -> Option<Door> {
    let login = |kind, scheme: &str| Login { path: cut(path, 120), kind, sends_by: scheme.to_owned() };
    if answered.status == 401 {
        let challenges: Vec<String> = answered.all(&WWW_AUTHENTICATE).map(|c| cut(&c, 200)).collect();
        let by = |scheme: &str| challenges.iter().find(|c| says_scheme(c, scheme));
        for (scheme, kind) in [("basic", LoginKind::Basic), ("digest", LoginKind::Digest)] {
            if let Some(challenge) = by(scheme) {
                let login = login(kind, origin.scheme());
                let key = challenge.clone();
                let can_be_tried = kind == LoginKind::Basic;
                return Some(Door { login, path: path.to_owned(), key, can_be_tried });
            }
        }
    }
    let form = login_form(answered)?;
    let to = origin.resolve(path, &form.action)?;
    let can_be_tried = form.post && origin.path_here(path, &form.action).is_some();
    let key = format!("{}{}", to.host_str().unwrap_or_default(), to.path());
    Some(Door {
        login: login(LoginKind::Form, &cut(to.scheme(), 20)),
        path: path.to_owned(),
        key,
        can_be_tried,
    })
}

/// Whether a challenge, or one in a list of them, is of a scheme (RFC 9110, 11.6.1).
fn says_scheme(challenge: &str, scheme: &str) -> bool {
    challenge
        .split(',')
        .any(|part| part.split_whitespace().next().is_some_and(|w| w.eq_ignore_ascii_case(scheme)))
}

/// The form to log in on a page.
pub(super) fn login_form(answered: &Answered) -> Option<Form> {
    if !is_html(answered) {
        return None;
    }
    let text = answered.text();
    html::forms(&html::tags(&text)).into_iter().find(|f| secret(f).is_some())
}

/// The password field of a form to log in; a form that asks for the key of a radio network is none.
pub(super) fn secret(form: &Form) -> Option<&Field> {
    form.password().filter(|_| !form.open_fields().any(|f| setting(&f.name).is_some()))
}

/// Whether an answer keeps a stranger out: 401, 403, a login form, or a redirect to one.
pub(super) fn refuses(path: &str, answered: &Answered, origin: &Origin) -> bool {
    if matches!(answered.status, 401 | 403) || login_form(answered).is_some() {
        return true;
    }
    answered.location().and_then(|l| origin.resolve(path, &l)).is_some_and(|url| is_login_page(url.path()))
}

/// Whether a path is named as a page to log in.
pub(crate) fn is_login_page(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default().to_ascii_lowercase();
    path.split('/').any(|part| LOGIN_PAGES.contains(&part.split('.').next().unwrap_or_default()))
}

/// What kind of management page an answer gives away, if any.
///
/// `usual` says that the path is one where management pages usually are; elsewhere, as on the front page of a
/// portal, only fields that no other form has count.
pub(super) fn management(path: &str, answered: &Answered, usual: bool) -> Option<&'static str> {
    if answered.status != 200 {
        return None;
    }
    if is_html(answered) {
        let text = answered.text();
        let tags = html::tags(&text);
        return settings_form(path, &html::title(&text), &tags, usual).then_some("settings-form");
    }
    let value: Value = serde_json::from_slice(&answered.body).ok()?;
    let mut found = BTreeSet::new();
    settings_in(&value, 0, &mut found);
    (usual && found.len() >= 2).then_some("settings-json")
}

fn settings_form(path: &str, title: &str, tags: &[Tag], usual: bool) -> bool {
    let forms = html::forms(tags);
    if forms.iter().any(|f| secret(f).is_some()) {
        return false;
    }
    let path = path.to_ascii_lowercase();
    let named = MANAGEMENT.iter().any(|word| title.contains(word) || (usual && path.contains(word)));
    forms.iter().any(|form| {
        let names: Vec<&str> =
            form.open_fields().map(|f| f.name.as_str()).filter(|n| !n.is_empty()).collect();
        let telling = names.iter().filter(|n| setting(n).is_some()).count();
        if telling >= 2 {
            return true;
        }
        let changes = form.post || form.fields.iter().any(|f| f.kind == "file");
        if !usual || !changes || names.is_empty() {
            return false;
        }
        let everyday = names.iter().any(|n| {
            let name = n.to_lowercase();
            EVERYDAY.contains(&name.as_str()) || WHO.iter().any(|w| name.contains(w))
        });
        telling == 1 || (named && !everyday)
    })
}

/// The word that makes the name of a field or key one of a device's settings.
fn setting(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let within = SETTINGS_WITHIN.iter().find(|word| lower.contains(*word)).copied();
    within.or_else(|| {
        let words = words(name);
        SETTINGS.iter().find(|setting| words.iter().any(|word| word == *setting)).copied()
    })
}

/// The words of a name such as `wifi_ssid`, `wifi-ssid`, `wifiSsid` or `dns2`, in lower case and without numbers.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for letter in name.chars() {
        let starts = !letter.is_alphabetic() || (letter.is_uppercase() && after_small);
        if starts {
            words.push(String::new());
        }
        if letter.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        after_small = letter.is_lowercase();
    }
    words
}

/// Notes the keys in JSON that are settings of a device, at most four levels down.
fn settings_in(value: &Value, depth: u32, found: &mut BTreeSet<&'static str>) {
    if depth > 4 {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter().take(200) {
                found.extend(setting(name));
                settings_in(value, depth + 1, found);
            }
        }
        Value::Array(items) => items.iter().take(20).for_each(|item| settings_in(item, depth + 1, found)),
        _ => {}
    }
}

/// Paths of links on a page that lead to management pages of this service and do nothing when only read.
pub(super) fn management_links(path: &str, answered: &Answered, origin: &Origin) -> Vec<String> {
    /// Words of links that do something.
    const DEEDS: [&str; 12] = [
        "reset", "reboot", "restart", "delete", "remove", "logout", "apply", "save", "update", "start",
        "stop", "set?",
    ];
    let text = answered.text();
    let mut paths: Vec<String> = html::links(&html::tags(&text))
        .into_iter()
        .filter_map(|link| origin.path_here(path, link))
        .filter(|p| !p.contains('?') && p.len() <= 100)
        .filter(|p| {
            let lower = p.to_ascii_lowercase();
            let leaf = lower.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            let asset = [".css", ".js", ".png", ".svg", ".ico", ".jpg", ".woff2", ".json"];
            MANAGEMENT.iter().any(|w| leaf.contains(w))
                && !DEEDS.iter().any(|w| lower.contains(w))
                && !asset.iter().any(|end| leaf.ends_with(end))
        })
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_settings(html: &str, usual: bool) -> bool {
        settings_form("/admin", &html::title(html), &html::tags(html), usual)
    }

    #[test]
    fn settings_are_told_from_searches_logins_and_messages() {
        assert!(is_settings(
            "<form method=post><input name=ssid><input name=psk type=password></form>",
            false
        ));
        assert!(is_settings("<title>Settings</title><form method=post><input name=volume></form>", true));
        assert!(is_settings("<title>Cuff</title><form><input name=wifiSsid><input name=dns2></form>", false));
        assert!(!is_settings("<form action=/s><input name=q></form>", true));
        assert!(!is_settings("<title>Admin</title><form method=post><input name=username></form>", true));
        assert!(!is_settings("<form method=post><select name=timezone></select></form>", false));
        assert!(!is_settings("<form method=post><input name=user><input type=password name=p></form>", true));
        assert!(!is_settings("<form method=post><input name=email><textarea name=message></form>", true));
        assert!(!is_settings("<title>Portal</title><form method=post><input name=birthday></form>", false));
    }

    #[test]
    fn settings_in_json_are_told_from_a_sign_of_life() {
        let found = |text| {
            let mut found = BTreeSet::new();
            settings_in(&serde_json::from_str(text).unwrap(), 0, &mut found);
            found.len() >= 2
        };
        assert!(found(r#"{"wifi": {"ssid": "ward"}, "ntpServer": "192.0.2.1"}"#));
        // As Orthanc answers at /system.
        assert!(found(
            r#"{"ApiVersion": 17, "DicomAet": "ORTHANC", "DicomPort": 4242, "Version": "1.10.1"}"#
        ));
        assert!(!found(r#"{"status": "up", "version": 3, "name": "archive", "modality": "dicom"}"#));
        assert!(!found(r#"{"dicomWebUrl": "/dicom-web", "aet": "VIEWER"}"#));
    }

    #[test]
    fn schemes_are_found_in_lists() {
        assert!(says_scheme("Basic realm=\"x\"", "basic"));
        assert!(says_scheme("Negotiate, Basic realm=x", "basic"));
        assert!(!says_scheme("Bearer realm=\"basic\"", "basic"));
    }
}
