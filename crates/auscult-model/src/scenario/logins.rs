//! Which logins and which APIs a service has, as a scenario declares them (the mechanisms and interfaces of IXIT).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::DeValue;

use super::mistake::Mistakes;
use super::parse::words;
use super::reader::{At, Table, word, wrong_type};
use crate::Message;

/// Most logins, and most APIs, of one service.
const MOST: usize = 16;

/// Longest path, in bytes.
const LONGEST: usize = 100;

/// A login that a service is declared to have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredLogin {
    /// Path of a web service for which it stands, with what is below it; `None` where the service has no paths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How it asks who is there.
    pub by: LoginBy,
}

/// How a login asks who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoginBy {
    /// A page with a form; of a web service.
    Form,
    /// HTTP Basic (RFC 7617).
    Basic,
    /// HTTP Digest (RFC 7616).
    Digest,
    /// A token, shown as `Bearer` (RFC 6750).
    Bearer,
    /// Kerberos by HTTP Negotiate (RFC 4559) or by GSS-API within SSH (RFC 4462).
    Negotiate,
    /// A certificate of the client.
    ClientCertificate,
    /// A password, where the service has no paths.
    Password,
    /// A public key, where the service has no paths.
    PublicKey,
    /// Not at all: declared to be open.
    None,
}

impl LoginBy {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Form,
        Self::Basic,
        Self::Digest,
        Self::Bearer,
        Self::Negotiate,
        Self::ClientCertificate,
        Self::Password,
        Self::PublicKey,
        Self::None,
    ];

    /// The word in a scenario.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Basic => "basic",
            Self::Digest => "digest",
            Self::Bearer => "bearer",
            Self::Negotiate => "negotiate",
            Self::ClientCertificate => "client-certificate",
            Self::Password => "password",
            Self::PublicKey => "public-key",
            Self::None => "none",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|by| by.word() == word)
    }

    /// Whether it stands on a path and nowhere else.
    const fn needs_path(self) -> bool {
        matches!(self, Self::Form | Self::Basic | Self::Digest | Self::Bearer)
    }

    /// Whether it stands on no path.
    const fn has_no_path(self) -> bool {
        matches!(self, Self::Password | Self::PublicKey)
    }
}

/// Whether a declared path stands for another one: it is the same, or above it.
///
/// Queries and a slash at the end say nothing.
pub fn stands_for(declared: &str, path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let declared = declared.trim_end_matches('/');
    path.strip_prefix(declared).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Reads `logins`; `None` where nothing is said about them, which is not the same as none.
pub(super) fn logins(table: Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Option<Vec<DeclaredLogin>> {
    if !table.table.contains_key("logins") {
        return None;
    }
    let mut found = BTreeSet::new();
    let mut all = Vec::new();
    for item in table.list("logins", "a list of logins", MOST, mistakes) {
        let Some(login) = login(item, mistakes) else { continue };
        if found.insert(login.clone()) {
            all.push(login);
        } else {
            let message = Message::new("scenario.double-login").with("by", login.by.word());
            mistakes.add(item.span(), message, None);
        }
    }
    Some(all)
}

fn login(item: &Spanned<DeValue<'_>>, mistakes: &mut Mistakes<'_>) -> Option<DeclaredLogin> {
    let DeValue::Table(fields) = item.get_ref() else {
        wrong_type("logins", "logins such as { path = \"/admin\", by = \"form\" }", item, mistakes);
        return None;
    };
    let table = Table { table: fields, name: "a login", at: item.span().start };
    table.only(&["path", "by"], mistakes);
    let written = table.text("path", mistakes);
    let span = written.as_ref().map(|text| text.span.clone());
    let path = written.and_then(|text| path(text, mistakes));
    let by = table.needed_text("by", mistakes).and_then(|text| {
        word(&text, "login", LoginBy::from_word, &words(LoginBy::ALL, LoginBy::word), mistakes)
    })?;
    if by.needs_path() && !table.table.contains_key("path") {
        table.missing("path", mistakes);
        return None;
    }
    if let Some(span) = span.filter(|_| by.has_no_path()) {
        let message = Message::new("scenario.login-without-path").with("by", by.word());
        mistakes.add(span, message, Some(Message::new("scenario.hint-login-without-path")));
        return None;
    }
    Some(DeclaredLogin { path, by })
}

/// Reads `apis`; `None` where nothing is said about them, which is not the same as none.
pub(super) fn apis(table: Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Option<Vec<String>> {
    if !table.table.contains_key("apis") {
        return None;
    }
    let texts = table.texts("apis", mistakes);
    if texts.len() > MOST {
        let message = Message::new("scenario.too-many").with("what", "apis").with("count", texts.len());
        mistakes.add(table.at..table.at + 1, message.with("most", MOST), None);
    }
    Some(texts.into_iter().take(MOST).filter_map(|text| path(text, mistakes)).collect())
}

/// A path alone, without a query and without anything that leads elsewhere: it is asked for as it stands.
fn path(text: At<String>, mistakes: &mut Mistakes<'_>) -> Option<String> {
    let path = &text.value;
    let parts = path.strip_prefix('/').map(|rest| rest.trim_end_matches('/'));
    let fine = path.len() <= LONGEST
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~$".contains(&b))
        && parts.is_some_and(|rest| {
            rest.is_empty() || rest.split('/').all(|part| !matches!(part, "" | "." | ".."))
        })
        && !path.ends_with("//");
    if !fine {
        let message = Message::new("scenario.bad-base").with("base", path);
        mistakes.add(text.span, message, Some(Message::new("scenario.hint-login-path")));
        return None;
    }
    Some(text.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stands_for_what_is_below_it_and_for_nothing_beside_it() {
        for path in ["/admin", "/admin/", "/admin/users?x=1", "/admin?tab=2"] {
            assert!(stands_for("/admin", path) && stands_for("/admin/", path), "{path}");
        }
        assert!(!stands_for("/admin", "/administrator"));
        assert!(!stands_for("/admin", "/"));
        assert!(stands_for("/", "/anything") && stands_for("/", "/"));
    }
}
