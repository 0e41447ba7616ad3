//! A login asks in another way than is declared.

use auscult_facts::Subject;
use auscult_facts::logins::{LoginsFacts, Shown};
use auscult_model::scenario::LoginBy;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::logins::{
    Standing, declared, declared_logins, governs, is, not_seen, shows_itself, standing, unseen, whole,
};
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct MechanismOther;

impl Check for MechanismOther {
    const META: Meta = Meta {
        id: CheckId::new("login-mechanism-other"),
        covers: &[Covers::new("AUT-03", "logins-declared")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = LoginsFacts;

    fn concerns(subject: &Subject) -> bool {
        declared_logins(subject).is_none_or(|logins| !logins.is_empty())
    }

    fn judge(facts: &LoginsFacts, subject: &Subject) -> Judgement {
        let Some((all, logins)) = declared(subject).and_then(|d| Some((d, d.logins.as_deref()?))) else {
            return crate::logins::nothing_declared("logins");
        };
        let crawl = match said(&facts.crawl) {
            Ok(crawl) => crawl,
            Err(why) => return why,
        };
        let otherwise = crawl.logins.iter().filter(|l| standing(l, logins, crawl) == Standing::Otherwise);
        let mut wrong: Vec<String> = otherwise.map(|l| format!("{} ({})", l.path, l.by.word())).collect();
        for asked in &crawl.declared {
            let Some(Shown::Login { by, .. }) = asked.shown.seen() else { continue };
            for seen in by {
                let said = logins.iter().any(|d| governs(d, &asked.path) && is(d.by, *seen));
                let label = format!("{} ({})", asked.path, seen.word());
                if !said && !wrong.contains(&label) {
                    wrong.push(label);
                }
            }
        }
        if !wrong.is_empty() {
            return Judgement::fail(Message::new("other").with_list("logins", wrong));
        }
        let beyond = logins.iter().filter(|d| matches!(d.by, LoginBy::Password | LoginBy::PublicKey));
        let beyond: Vec<&str> = beyond.map(|d| d.by.word()).collect();
        if !beyond.is_empty() {
            return Judgement::inconclusive(Message::new("beyond").with_list("declared", beyond));
        }
        let unseen = unseen(crawl, logins);
        if !unseen.is_empty() {
            return not_seen(unseen);
        }
        if let Err(why) = whole(crawl, all) {
            return why;
        }
        let count = logins.iter().filter(|d| shows_itself(d.by)).count();
        if count == 0 {
            return Judgement::inconclusive(Message::new("none-asks"));
        }
        Judgement::pass(Message::new("same").with("count", count))
    }
}
