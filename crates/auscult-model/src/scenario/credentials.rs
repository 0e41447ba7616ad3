//! Credentials of a scenario: whom they stand for, and where their secret is found; never the secret itself.

use std::collections::HashMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

use super::impostor::seconds_within;
use super::mistake::Mistakes;
use super::parse::{endpoint, is_id, words};
use super::reader::{At, Table, word, wrong_type};
use super::{Endpoint, Node, Place};
use crate::{Message, NodeKind};

/// Most credentials of one scenario, and most for one service: what is asked grows with their square.
const MOST: usize = 1_000;
const MOST_OF_SERVICE: usize = 8;
/// Most things that one credential owns.
const MOST_OWNED: usize = 8;
/// Longest path, reference or topic.
const LONGEST: usize = 200;
/// What the name of an environment variable begins with: a scenario of a stranger reads no other.
const ENVIRONMENT: &str = "AUSCULT_";
/// How the name of a file with a secret ends, for the same reason.
const SECRET_FILE: &str = ".secret";

/// Longest idle time that is waited for, in seconds.
pub const LONGEST_IDLE: u32 = 15 * 60;

const KEYS: [&str; 12] = [
    "for",
    "kind",
    "role",
    "user",
    "from_env",
    "from_file",
    "owns",
    "topics",
    "tenant",
    "login",
    "logout",
    "idle",
];

/// A credential that was made for the test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Its key in the file, by which evidence and reports call it.
    pub name: String,
    /// The service that it is for.
    pub target: Endpoint,
    /// How it is shown.
    pub kind: CredentialKind,
    /// Whom it stands for.
    pub role: Role,
    /// Where its secret is; `None` only where the role needs none.
    pub secret: Option<SecretFrom>,
    /// User name.
    pub user: Option<String>,
    /// Clinic or customer to which it belongs.
    pub tenant: Option<String>,
    /// What it may reach: `Patient/a1`, `studies/1.2.3`, or a path with its slash in front.
    pub owns: Vec<String>,
    /// Filters of the MQTT topics that it may hear.
    pub topics: Vec<String>,
    /// Path of the page with the form to log in, of kind `form`; the base path of the service where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Path that ends the session, of kind `form`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logout: Option<String>,
    /// Idle time in seconds after which the service is declared to end a session, of kind `form`; 1 to
    /// [`LONGEST_IDLE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_seconds: Option<u32>,
    /// Where it is declared.
    pub place: Place,
}

/// How a credential is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialKind {
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization: Basic`, with user name and password.
    Basic,
    /// A form to log in, with user name and password; a cookie is shown after it.
    Form,
    /// User name and password of an MQTT session.
    Mqtt,
}

impl CredentialKind {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Bearer, Self::Basic, Self::Form, Self::Mqtt];

    /// The word in a scenario.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Basic => "basic",
            Self::Form => "form",
            Self::Mqtt => "mqtt",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.word() == word)
    }
}

/// Whom a credential stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// One patient, or the device of one: it reaches what it owns and nothing of another.
    Patient,
    /// Somebody with few rights: it reaches what it owns and no administrative function.
    Low,
    /// An administrator; what it owns are the administrative functions.
    Admin,
    /// Withdrawn before the run: it reaches nothing any more.
    Withdrawn,
    /// No credential at all, but leave to guess at a login: of an account that may be locked, or of a made-up name.
    Guess,
}

impl Role {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Patient, Self::Low, Self::Admin, Self::Withdrawn, Self::Guess];

    /// The word in a scenario.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Low => "low",
            Self::Admin => "admin",
            Self::Withdrawn => "withdrawn",
            Self::Guess => "guess",
        }
    }

    /// Whether a credential of this role is meant to be let in.
    pub const fn is_let_in(self) -> bool {
        !matches!(self, Self::Withdrawn | Self::Guess)
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.word() == word)
    }
}

/// Where a secret is found when a run begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretFrom {
    /// In the environment variable of that name, which begins with `AUSCULT_`.
    Env(String),
    /// In the file of that name beside the scenario, which ends with `.secret`.
    File(String),
}

/// The text with everything that may be a secret in a table of credentials covered, byte for byte, so that mistakes
/// can be shown with their lines.
pub fn covered(text: &str) -> String {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut spans = Vec::new();
    if let Some(DeValue::Table(all)) = root.get_ref().get("credentials").map(|v| v.get_ref()) {
        for (_, one) in all {
            let DeValue::Table(one) = one.get_ref() else {
                spans.push(one.span());
                continue;
            };
            let hidden =
                one.iter().filter(|(key, value)| !is_harmless(key.get_ref(), value.get_ref().as_str()));
            spans.extend(hidden.map(|(_, value)| value.span()));
        }
    }
    if !errors.is_empty() {
        // What is not TOML was not read, so that the lines themselves must tell.
        spans.extend(lines_of_credentials(text));
    }
    spans.sort_by_key(|span| span.start);
    let mut spans = spans.into_iter().peekable();
    let mut end = 0;
    let mut covered = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        while let Some(span) = spans.next_if(|span| span.start <= at) {
            end = end.max(span.end);
        }
        match letter {
            '\n' | '\r' => covered.push(letter),
            _ if at < end => (0..letter.len_utf8()).for_each(|_| covered.push('*')),
            _ => covered.push(letter),
        }
    }
    covered
}

/// Whether what a key holds may be shown.
fn is_harmless(key: &str, value: Option<&str>) -> bool {
    match key {
        "from_env" => value.is_some_and(is_environment),
        "from_file" => value.is_some_and(is_secret_file),
        _ => KEYS.contains(&key),
    }
}

/// Whatever follows the key in lines that may be of a credential.
fn lines_of_credentials(text: &str) -> Vec<Range<usize>> {
    let (mut at, mut within) = (0, false);
    let mut spans = Vec::new();
    for line in text.split_inclusive('\n') {
        let starts_table = line.trim_start().starts_with('[') && !line.contains('=');
        within = line.contains("credentials") || (within && !starts_table);
        let value = line.find('=').map_or(0, |equals| equals + 1);
        let key = line.get(..value.saturating_sub(1)).unwrap_or_default().trim();
        if within && !starts_table && !(is_harmless(key, None) && line.matches('=').count() == 1) {
            spans.push(at + value..at + line.len());
        }
        at += line.len();
    }
    spans
}

/// Reads the table `credentials`.
pub(super) fn credentials(
    top: Table<'_, '_>,
    nodes: &[Node],
    mistakes: &mut Mistakes<'_>,
) -> Vec<Credential> {
    let Some((group, at)) = top.table("credentials", mistakes) else { return Vec::new() };
    if group.len() > MOST {
        let message = Message::new("scenario.too-many").with("what", "credentials");
        mistakes.add(at..at + 1, message.with("count", group.len()).with("most", MOST), None);
        return Vec::new();
    }
    let index: HashMap<&str, &Node> = nodes.iter().map(|n| (n.id.as_str(), n)).collect();
    let kinds: HashMap<String, NodeKind> = nodes.iter().map(|n| (n.id.as_str().to_owned(), n.kind)).collect();
    let mut found: Vec<Credential> = Vec::new();
    let mut of_service: HashMap<Endpoint, usize> = HashMap::new();
    for (key, value) in group {
        let name: &str = key.get_ref();
        if !is_id(name) {
            let message = Message::new("scenario.bad-credential-name").with("id", name);
            mistakes.add(key.span(), message, Some(Message::new("scenario.hint-id")));
            continue;
        }
        let DeValue::Table(fields) = value.get_ref() else {
            wrong_type(name, "a table", value, mistakes);
            continue;
        };
        let title = format!("[credentials.{name}]");
        let table = Table { table: fields, name: &title, at: key.span().start };
        let Some(credential) = credential(name, table, &index, &kinds, mistakes) else { continue };
        let count = of_service.entry(credential.target.clone()).or_default();
        *count += 1;
        if *count == MOST_OF_SERVICE + 1 {
            let message = Message::new("scenario.too-many").with("what", "credentials for one service");
            mistakes.add(key.span(), message.with("count", *count).with("most", MOST_OF_SERVICE), None);
        }
        found.push(credential);
    }
    found.sort_by_key(|c| (c.place.line, c.place.column));
    found
}

fn credential(
    name: &str,
    table: Table<'_, '_>,
    index: &HashMap<&str, &Node>,
    kinds: &HashMap<String, NodeKind>,
    mistakes: &mut Mistakes<'_>,
) -> Option<Credential> {
    no_secret(table, mistakes);
    let target = table.needed_text("for", mistakes).and_then(|t| service(&t, index, kinds, mistakes));
    let kind = table.needed_text("kind", mistakes).and_then(|k| {
        let all = words(CredentialKind::ALL, CredentialKind::word);
        word(&k, "kind of credential", CredentialKind::from_word, &all, mistakes)
    });
    let role = table
        .needed_text("role", mistakes)
        .and_then(|r| word(&r, "role", Role::from_word, &words(Role::ALL, Role::word), mistakes));
    let guess = role == Some(Role::Guess);
    let secret =
        if guess { no_secret_to_guess(table, mistakes) } else { secret_from(table, mistakes).map(Some) };
    if guess && kind == Some(CredentialKind::Bearer) {
        mistakes.add(table.at..table.at + 1, Message::new("scenario.guess-at-tokens"), None);
    }
    let user = table.text("user", mistakes).and_then(|user| {
        let fine = user.value.chars().all(|c| !c.is_control() && c != ':');
        if !fine {
            mistakes.add(user.span, Message::new("scenario.bad-user"), None);
        }
        fine.then_some(user.value)
    });
    let has_user = matches!(kind, Some(CredentialKind::Basic | CredentialKind::Form | CredentialKind::Mqtt));
    if has_user && user.is_none() && !guess {
        table.missing("user", mistakes);
    }
    let tenant = table.text("tenant", mistakes).and_then(|tenant| {
        if !is_id(&tenant.value) {
            let message = Message::new("scenario.bad-tenant").with("id", &tenant.value);
            mistakes.add(tenant.span.clone(), message, Some(Message::new("scenario.hint-id")));
        }
        is_id(&tenant.value).then_some(tenant.value)
    });
    let owns = owned(table, "owns", is_reference, mistakes);
    let topics = owned(table, "topics", is_filter, mistakes);
    let login = session_path(table, "login", kind, mistakes);
    let logout = session_path(table, "logout", kind, mistakes);
    let idle_seconds = idle(table, kind, mistakes);
    let fine = owns.is_some() && topics.is_some();
    let (owns, topics) = (owns.unwrap_or_default(), topics.unwrap_or_default());
    let (kind, role) = (kind?, role?);
    let (wanted, other) = match kind {
        CredentialKind::Mqtt => ("topics", "owns"),
        CredentialKind::Bearer | CredentialKind::Basic | CredentialKind::Form => ("owns", "topics"),
    };
    if table.table.contains_key(other) {
        let message = Message::new("scenario.owns-otherwise").with("kind", kind.word()).with("key", wanted);
        mistakes.add(table.at..table.at + 1, message, None);
    }
    // That a withdrawn device is turned away is seen at its login already.
    let none_needed = guess || (kind == CredentialKind::Mqtt && role == Role::Withdrawn);
    if fine && owns.is_empty() && topics.is_empty() && !none_needed {
        table.missing(wanted, mistakes);
    }
    let place = mistakes.place(table.at);
    Some(Credential {
        name: name.to_owned(),
        target: target?,
        kind,
        role,
        secret: secret?,
        user,
        tenant,
        owns,
        topics,
        login,
        logout,
        idle_seconds,
        place,
    })
}

/// The idle time after which a session that a form opens is to end.
fn idle(table: Table<'_, '_>, kind: Option<CredentialKind>, mistakes: &mut Mistakes<'_>) -> Option<u32> {
    let time = table.text("idle", mistakes)?;
    if kind.is_some_and(|kind| kind != CredentialKind::Form) {
        mistakes.add(time.span, Message::new("scenario.only-for-form").with("key", "idle"), None);
        return None;
    }
    let seconds = seconds_within(&time.value, LONGEST_IDLE);
    if seconds.is_none() {
        let message = Message::new("scenario.bad-idle").with("text", &time.value);
        mistakes.add(time.span, message, Some(Message::new("scenario.hint-idle")));
    }
    seconds
}

/// A path that has to do with the session that a form opens.
fn session_path(
    table: Table<'_, '_>,
    key: &str,
    kind: Option<CredentialKind>,
    mistakes: &mut Mistakes<'_>,
) -> Option<String> {
    let path = table.text(key, mistakes)?;
    if kind.is_some_and(|kind| kind != CredentialKind::Form) {
        mistakes.add(path.span, Message::new("scenario.only-for-form").with("key", key), None);
        return None;
    }
    if !(path.value == "/" || (path.value.starts_with('/') && is_reference(&path.value))) {
        let message = Message::new("scenario.bad-base").with("base", &path.value);
        mistakes.add(path.span, message, Some(Message::new("scenario.hint-session-path")));
        return None;
    }
    Some(path.value)
}

/// A secret, or anything that may be one, does not belong into a file that is handed around.
fn no_secret(table: Table<'_, '_>, mistakes: &mut Mistakes<'_>) {
    /// Names under which people write a secret down.
    const NAMES: [&str; 10] =
        ["secret", "password", "passwd", "pass", "token", "bearer", "key", "value", "api_key", "pin"];
    let mut told = false;
    for key in table.table.keys() {
        let word: &str = key.get_ref();
        if NAMES.contains(&word.to_ascii_lowercase().as_str()) {
            let message = Message::new("scenario.secret-in-scenario").with("key", word);
            mistakes.add(key.span(), message, Some(Message::new("scenario.hint-secret")));
            told = true;
        }
    }
    if !told {
        table.only(&KEYS, mistakes);
    }
}

fn secret_from(table: Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Option<SecretFrom> {
    let env = table.text("from_env", mistakes);
    let file = table.text("from_file", mistakes);
    let mut wrong = |span: Range<usize>, id: &str, hint: &str| {
        // What stands there may be the secret itself, so it is not repeated.
        mistakes.add(span, Message::new(id), Some(Message::new(hint)));
        None
    };
    match (env, file) {
        (Some(_), Some(file)) => wrong(file.span, "scenario.secret-twice", "scenario.hint-secret"),
        (Some(env), None) if is_environment(&env.value) => Some(SecretFrom::Env(env.value)),
        (Some(env), None) => wrong(env.span, "scenario.bad-secret-env", "scenario.hint-secret-env"),
        (None, Some(file)) if is_secret_file(&file.value) => Some(SecretFrom::File(file.value)),
        (None, Some(file)) => wrong(file.span, "scenario.bad-secret-file", "scenario.hint-secret-file"),
        (None, None) => {
            let at = table.at..table.at + 1;
            let present = table.table.contains_key("from_env") || table.table.contains_key("from_file");
            if present { None } else { wrong(at, "scenario.no-secret", "scenario.hint-secret") }
        }
    }
}

/// Who guesses has no secret.
#[expect(
    clippy::option_option,
    reason = "the outer one says that there was no mistake, the inner one that there is none to fetch"
)]
fn no_secret_to_guess(table: Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Option<Option<SecretFrom>> {
    if table.table.contains_key("from_env") || table.table.contains_key("from_file") {
        mistakes.add(table.at..table.at + 1, Message::new("scenario.guess-with-secret"), None);
        return None;
    }
    Some(None)
}

fn is_environment(name: &str) -> bool {
    name.strip_prefix(ENVIRONMENT).is_some_and(|rest| {
        (1..=100).contains(&rest.len())
            && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    })
}

fn is_secret_file(name: &str) -> bool {
    name.ends_with(SECRET_FILE)
        && name.len() <= LONGEST
        && !name.starts_with('/')
        && !name.contains(['\\', '\0', ':'])
        && name.split('/').all(|part| !part.is_empty() && part != "..")
}

/// The service that a credential is for.
fn service(
    text: &At<String>,
    index: &HashMap<&str, &Node>,
    kinds: &HashMap<String, NodeKind>,
    mistakes: &mut Mistakes<'_>,
) -> Option<Endpoint> {
    let end = endpoint(text, index, kinds, mistakes)?;
    if end.service.is_none() {
        let message = Message::new("scenario.credential-without-service").with("node", &end.node);
        mistakes.add(text.span.clone(), message, None);
        return None;
    }
    Some(end)
}

/// What a list names; `None` where something in it names nothing.
fn owned(
    table: Table<'_, '_>,
    key: &str,
    fits: fn(&str) -> bool,
    mistakes: &mut Mistakes<'_>,
) -> Option<Vec<String>> {
    let mut all = Vec::new();
    let mut fine = true;
    let texts = table.texts(key, mistakes);
    if texts.len() > MOST_OWNED {
        let message = Message::new("scenario.too-many").with("what", key).with("count", texts.len());
        mistakes.add(table.at..table.at + 1, message.with("most", MOST_OWNED), None);
    }
    for text in texts {
        if fits(&text.value) {
            all.push(text.value);
        } else {
            fine = false;
            let message = Message::new("scenario.bad-owned").with("text", &text.value);
            mistakes.add(text.span, message, Some(Message::new(format!("scenario.hint-{key}"))));
        }
    }
    fine.then_some(all)
}

/// A path of this service, or a reference below its base: nothing that changes the meaning of a request.
fn is_reference(text: &str) -> bool {
    let parts = text.strip_prefix('/').unwrap_or(text);
    text.len() <= LONGEST
        && !parts.is_empty()
        && (text.starts_with('/') || parts.contains('/'))
        && parts.trim_end_matches('/').split('/').all(|part| !matches!(part, "" | "." | ".."))
        && parts.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~$".contains(&b))
}

/// A filter that names something: a wildcard alone is nobody's own.
fn is_filter(text: &str) -> bool {
    let levels: Vec<&str> = text.split('/').collect();
    let fine = |(n, level): (usize, &&str)| match *level {
        "#" => n + 1 == levels.len(),
        "+" => true,
        level => !level.contains(['#', '+']),
    };
    text.len() <= LONGEST
        && !text.starts_with(['#', '+', '$'])
        && text.chars().all(|c| !c.is_control())
        && levels.iter().enumerate().all(fine)
}
