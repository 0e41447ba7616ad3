//! A telnet server asks for a password in clear.

use auscult_facts::Subject;
use auscult_facts::telnet::{Prompt, TelnetFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct LoginInClear;

impl Check for LoginInClear {
    const META: Meta = Meta {
        id: CheckId::new("telnet-login-in-clear"),
        covers: &[Covers::new("AUT-05", "telnet-login")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = TelnetFacts;

    fn judge(facts: &TelnetFacts, _: &Subject) -> Judgement {
        if facts.tls {
            return Judgement::pass(Message::new("tls"));
        }
        match said(&facts.prompt) {
            Ok(Prompt::Login | Prompt::Password) => Judgement::fail(Message::new("clear")),
            Ok(Prompt::Command) => Judgement::inconclusive(Message::new("none")),
            Ok(Prompt::Other) => Judgement::inconclusive(Message::new("other")),
            Err(unknown) => unknown,
        }
    }
}
