//! A session cookie can be read on the line, by a script, or sent along by a foreign page.

use auscult_facts::Subject;
use auscult_facts::http::{Cookie, HttpFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct CookieUnsafe;

impl Check for CookieUnsafe {
    const META: Meta = Meta {
        id: CheckId::new("http-cookie-unsafe"),
        covers: &[Covers::new("ACC-03", "cookies")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    fn judge(facts: &HttpFacts, _: &Subject) -> Judgement {
        let sessions: Vec<&Cookie> = facts.cookies.iter().filter(|c| c.session).collect();
        let unsafe_ones: Vec<String> = sessions
            .iter()
            .filter_map(|cookie| {
                let lacks = lacks(cookie);
                (!lacks.is_empty()).then(|| format!("{} ({})", cookie.name, lacks.join(" + ")))
            })
            .collect();
        if !unsafe_ones.is_empty() {
            return Judgement::fail(Message::new("unsafe").with_list("cookies", unsafe_ones));
        }
        if !sessions.is_empty() {
            let names = sessions.iter().map(|c| &c.name);
            return Judgement::pass(Message::new("safe").with_list("cookies", names));
        }
        if facts.cookies.is_empty() {
            Judgement::inconclusive(Message::new("none-set"))
        } else {
            let names = facts.cookies.iter().map(|c| &c.name);
            Judgement::pass(Message::new("no-session").with_list("cookies", names))
        }
    }
}

/// Attributes that guard a session and are not set.
fn lacks(cookie: &Cookie) -> Vec<&'static str> {
    let mut lacks = Vec::new();
    if !cookie.secure {
        lacks.push("Secure");
    }
    if !cookie.http_only {
        lacks.push("HttpOnly");
    }
    if !matches!(cookie.same_site.as_deref(), Some("strict" | "lax")) {
        lacks.push("SameSite");
    }
    lacks
}
