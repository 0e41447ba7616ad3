//! What stands between a stranger and a page, or beside its text.

use std::collections::BTreeSet;

use auscult_facts::pages::Barrier;

use super::text::Text;
use super::vocabulary::holds;
use crate::http::html::{Tag, forms};

/// Below so many letters a page with scripts shows nothing.
const NOTHING: usize = 40;

/// Marks of tests that the reader is human, in addresses and names.
const CAPTCHA: [&str; 4] = ["captcha", "cf-turnstile", "challenge-platform", "challenges.cloudflare"];

/// What a status alone says.
pub(super) fn of_status(status: u16) -> Option<Barrier> {
    match status {
        401 | 403 | 407 | 451 => Some(Barrier::Refused),
        402 => Some(Barrier::Payment),
        _ => None,
    }
}

/// What a page shows beside its text.
pub(super) fn of_page(tags: &[Tag], text: &Text) -> BTreeSet<Barrier> {
    let mut barriers = BTreeSet::new();
    let words: String = text
        .blocks
        .iter()
        .map(|b| b.text.as_str())
        .chain([text.title.as_str()])
        .collect::<Vec<_>>()
        .join("\n");
    let words = words.to_lowercase();
    let forms = forms(tags);
    let passwords = forms.iter().map(|f| f.fields.iter().filter(|f| f.kind == "password").count());
    let most = passwords.max().unwrap_or(0);
    if most > 0
        || holds(
            &words,
            &[
                "log in to",
                "sign in to",
                "please log in",
                "please sign in",
                "login required",
                "members only",
                "subscribers only",
                "you must be logged in",
                "bitte melden sie sich an",
                "bitte anmelden",
                "bitte loggen sie sich ein",
                "anmeldung erforderlich",
                "nur für registrierte",
                "nur für mitglieder",
            ],
        )
    {
        barriers.insert(Barrier::LoginForm);
    }
    let registers = holds(
        &words,
        &[
            "register",
            "sign up",
            "create an account",
            "create account",
            "registrier",
            "konto anlegen",
            "konto erstellen",
        ],
    );
    if most > 1 || registers && forms.iter().any(|f| f.open_fields().count() > 0) {
        barriers.insert(Barrier::Registration);
    }
    let marked = tags.iter().flat_map(|t| &t.attributes).any(|(name, value)| {
        matches!(name.as_str(), "class" | "id" | "src" | "name" | "action") && {
            let value: String = value.chars().take(500).collect();
            let value = value.to_ascii_lowercase();
            CAPTCHA.iter().any(|mark| value.contains(mark))
        }
    });
    if marked
        || holds(
            &words,
            &["captcha", "not a robot", "you are human", "kein roboter", "checking your browser"],
        )
    {
        barriers.insert(Barrier::Captcha);
    }
    let asks = holds(&words, &["cookie", "consent", "einwilligung"]);
    if asks && holds(&words, &["accept", "akzeptier", "agree", "allow", "zustimm", "einverstanden"]) {
        barriers.insert(Barrier::Consent);
    }
    if text.scripts && text.letters() < NOTHING {
        barriers.insert(Barrier::Script);
    }
    barriers
}

#[cfg(test)]
mod tests {
    use super::super::text::html;
    use super::*;
    use crate::http::html::tags;

    fn found(page: &str) -> Vec<Barrier> {
        of_page(&tags(page), &html(page)).into_iter().collect()
    }

    #[test]
    fn barriers_are_told_apart() {
        assert_eq!(found("<form><input name=u><input type=password></form>"), [Barrier::LoginForm]);
        assert_eq!(found("<p>Please log in to read this page"), [Barrier::LoginForm]);
        assert_eq!(found("<h1>Register</h1><form><input name=mail></form>"), [Barrier::Registration]);
        assert_eq!(found("<div class='g-recaptcha'></div>"), [Barrier::Captcha]);
        assert_eq!(found("<p>We use cookies.<button>Accept all</button>"), [Barrier::Consent]);
        assert_eq!(found("<div id=root></div><script src=app.js></script>"), [Barrier::Script]);
        assert_eq!(found("<h1>Support period</h1><p>Security updates until 31 December 2031."), []);
        assert_eq!(of_status(403), Some(Barrier::Refused));
        assert_eq!(of_status(404), None);
    }
}
