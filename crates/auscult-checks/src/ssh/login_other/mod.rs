//! SSH takes another kind of login than is declared.

use std::collections::BTreeSet;

use auscult_facts::Subject;
use auscult_facts::ssh::{Login, SshFacts};
use auscult_model::scenario::LoginBy;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::logins::{declared_logins, nothing_declared};
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct LoginOther;

impl Check for LoginOther {
    const META: Meta = Meta {
        id: CheckId::new("ssh-login-other"),
        covers: &[Covers::new("AUT-03", "logins-declared")],
        severity: Severity::Medium,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = SshFacts;

    fn judge(facts: &SshFacts, subject: &Subject) -> Judgement {
        let Some(logins) = declared_logins(subject) else { return nothing_declared("logins") };
        let declared: BTreeSet<LoginBy> = logins.iter().map(|login| login.by).collect();
        let named = || declared.iter().map(|by| by.word());
        let methods = match said(&facts.root) {
            Ok(Login::Wants(methods)) => methods,
            Ok(Login::Open) if declared.contains(&LoginBy::None) => {
                return Judgement::pass(Message::new("open-as-declared"));
            }
            Ok(Login::Open) => return Judgement::fail(Message::new("open").with_list("declared", named())),
            Err(why) => return why,
        };
        let other: Vec<&String> =
            methods.iter().filter(|m| by(m).is_none_or(|by| !declared.contains(&by))).collect();
        if !other.is_empty() {
            return Judgement::fail(Message::new("other").with_list("methods", other));
        }
        let offered: BTreeSet<LoginBy> = methods.iter().filter_map(|m| by(m)).collect();
        let missing: Vec<&str> = declared.difference(&offered).map(|by| by.word()).collect();
        if methods.is_empty() || !missing.is_empty() {
            return Judgement::inconclusive(Message::new("missing").with_list("declared", missing));
        }
        Judgement::pass(Message::new("same").with_list("methods", methods))
    }
}

/// The word of a scenario for a method of SSH (RFC 4252, RFC 4256, RFC 4462); `None` where there is none.
fn by(method: &str) -> Option<LoginBy> {
    match method {
        "password" | "keyboard-interactive" => Some(LoginBy::Password),
        "publickey" => Some(LoginBy::PublicKey),
        "gssapi-with-mic" | "gssapi-keyex" => Some(LoginBy::Negotiate),
        _ => None,
    }
}
