//! A web login sends the password in clear.

use auscult_facts::Subject;
use auscult_facts::http::{HttpFacts, Login, LoginKind};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct LoginInClear;

impl Check for LoginInClear {
    const META: Meta = Meta {
        id: CheckId::new("http-login-in-clear"),
        covers: &[Covers::new("AUT-05", "http-login")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    fn judge(facts: &HttpFacts, subject: &Subject) -> Judgement {
        let inside_tls = subject.service.as_ref().is_some_and(|s| s.speaks_tls());
        let readable: Vec<&Login> = facts
            .logins
            .iter()
            .filter(|l| l.sends_by == "http" && matches!(l.kind, LoginKind::Basic | LoginKind::Form))
            .collect();
        if !readable.is_empty() {
            let id = if inside_tls { "form-leaves-tls" } else { "in-clear" };
            return Judgement::fail(Message::new(id).with_list("paths", readable.iter().map(|l| &l.path)));
        }
        let front = match said(&facts.front) {
            Ok(front) => front,
            Err(why) => return why,
        };
        if !facts.admin.complete() {
            return Judgement::inconclusive(Message::new("incomplete"));
        }
        let to_clear = front.redirect.as_ref().is_some_and(|r| r.scheme == "http" && !r.here);
        if to_clear {
            return Judgement::inconclusive(Message::new("elsewhere-in-clear"));
        }
        match (inside_tls, facts.logins.first()) {
            (true, Some(_)) => Judgement::pass(Message::new("inside-tls")),
            (true, None) => Judgement::pass(Message::new("all-inside-tls")),
            (false, Some(login)) if login.kind == LoginKind::Digest => {
                Judgement::inconclusive(Message::new("digest").with("path", &login.path))
            }
            (false, Some(login)) => {
                Judgement::inconclusive(Message::new("form-in-clear").with("path", &login.path))
            }
            (false, None) if front.to_tls() => Judgement::pass(Message::new("sent-to-tls")),
            (false, None) => Judgement::inconclusive(Message::new("none-found")),
        }
    }
}
