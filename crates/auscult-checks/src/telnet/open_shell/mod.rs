//! A telnet server takes commands from anybody.

use auscult_facts::Subject;
use auscult_facts::telnet::{Prompt, TelnetFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenShell;

impl Check for OpenShell {
    const META: Meta = Meta {
        id: CheckId::new("telnet-open-shell"),
        covers: &[Covers::new("AUT-03", "telnet")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = TelnetFacts;

    fn judge(facts: &TelnetFacts, _: &Subject) -> Judgement {
        match said(&facts.prompt) {
            Ok(Prompt::Command) => Judgement::fail(Message::new("open")),
            Ok(Prompt::Login) => Judgement::pass(Message::new("login")),
            Ok(Prompt::Password) => Judgement::pass(Message::new("password")),
            Ok(Prompt::Other) => Judgement::inconclusive(Message::new("other")),
            Err(unknown) => unknown,
        }
    }
}
