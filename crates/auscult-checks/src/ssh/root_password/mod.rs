//! An SSH server takes passwords for the account that may do everything.

use auscult_facts::Subject;
use auscult_facts::ssh::{Login, SshFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct RootPassword;

impl Check for RootPassword {
    const META: Meta = Meta {
        id: CheckId::new("ssh-root-password"),
        covers: &[Covers::new("SRV-07", "root-password")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = SshFacts;

    fn judge(facts: &SshFacts, _: &Subject) -> Judgement {
        let methods = match said(&facts.root) {
            Ok(Login::Wants(methods)) => methods,
            Ok(Login::Open) => return Judgement::fail(Message::new("open")),
            Err(unknown) => return unknown,
        };
        let guessable: Vec<_> = methods.iter().filter(|m| GUESSABLE.contains(&m.as_str())).collect();
        if !guessable.is_empty() {
            Judgement::fail(Message::new("offered").with_list("methods", guessable))
        } else if methods.is_empty() {
            Judgement::pass(Message::new("none"))
        } else {
            Judgement::pass(Message::new("keys").with_list("methods", methods))
        }
    }
}

/// Methods that ask for something that can be guessed.
const GUESSABLE: [&str; 2] = ["keyboard-interactive", "password"];
