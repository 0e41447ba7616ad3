//! An authorisation server takes login codes without proof by S256, or with the weak `plain` (RFC 7636).

use auscult_facts::Subject;
use auscult_facts::smart::SmartFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct PlainPkce;

impl Check for PlainPkce {
    const META: Meta = Meta {
        id: CheckId::new("smart-plain-pkce"),
        covers: &[Covers::new("MED-05", "s256")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SmartFacts;

    fn judge(facts: &SmartFacts, _: &Subject) -> Judgement {
        if let Err(why) = said(&facts.status) {
            return why;
        }
        let Some(configuration) = &facts.configuration else {
            return Judgement::inconclusive(Message::new("no-configuration"));
        };
        let Some(methods) = &configuration.code_challenge_methods else {
            return Judgement::fail(Message::new("unsaid"));
        };
        let lists = |method: &str| methods.iter().any(|m| m == method);
        if lists("plain") {
            Judgement::fail(Message::new("plain").with_list("methods", methods))
        } else if lists("S256") {
            Judgement::pass(Message::new("only-s256"))
        } else {
            Judgement::fail(Message::new("not-s256"))
        }
    }
}
