//! A cookie that a login gives can be read on the line, by a script, or sent along by a foreign page.

use auscult_facts::Subject;
use auscult_facts::access::AccessFacts;
use auscult_facts::http::Cookie;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::apart::{before, speaks};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
#[derive(Debug)]
pub struct SessionCookieUnsafe;

impl Check for SessionCookieUnsafe {
    const META: Meta = Meta {
        id: CheckId::new("access-session-cookie-unsafe"),
        covers: &[Covers::new("ACC-03", "declared-cookies")],
        severity: Severity::Medium,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = AccessFacts;

    fn concerns(subject: &Subject) -> bool {
        speaks(subject, &["http"])
    }

    fn judge(facts: &AccessFacts, _: &Subject) -> Judgement {
        // A login gives few cookies; those whose names say nothing may carry the session as well as another.
        let of_session = |cookies: &'_ Vec<Cookie>| -> Vec<Cookie> {
            let named: Vec<Cookie> = cookies.iter().filter(|c| c.session).cloned().collect();
            if named.is_empty() { cookies.clone() } else { named }
        };
        let (mut bad, mut unclear, mut safe) = (Vec::new(), 0, 0);
        for cookie in
            facts.cookies.iter().filter(|(name, _)| facts.works(name)).flat_map(|(_, c)| of_session(c))
        {
            let lacks = lacks(&cookie);
            match (lacks.is_empty(), cookie.session) {
                (true, _) => safe += 1,
                (false, true) => bad.push(format!("{} ({})", lacks.join(" + "), cookie.name)),
                (false, false) => unclear += 1,
            }
        }
        bad.sort();
        bad.dedup();
        if !bad.is_empty() {
            return Judgement::fail(Message::new("unsafe").with_list("cookies", bad));
        }
        if let Some(why) = before(facts) {
            return why;
        }
        if unclear > 0 {
            return Judgement::inconclusive(Message::new("checks.access-unclear").with("n", unclear));
        }
        if safe == 0 {
            return Judgement::inconclusive(Message::new("nothing"));
        }
        Judgement::pass(Message::new("safe").with("n", safe))
    }
}

/// Attributes that guard a session and are not set.
fn lacks(cookie: &Cookie) -> Vec<&'static str> {
    let same_site = matches!(cookie.same_site.as_deref(), Some("strict" | "lax"));
    let all = [(cookie.secure, "Secure"), (cookie.http_only, "HttpOnly"), (same_site, "SameSite")];
    all.into_iter().filter(|(set, _)| !set).map(|(_, name)| name).collect()
}
