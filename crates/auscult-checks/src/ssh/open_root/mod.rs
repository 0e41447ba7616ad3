//! An SSH server lets root in without any proof.

use auscult_facts::Subject;
use auscult_facts::ssh::{Login, SshFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenRoot;

impl Check for OpenRoot {
    const META: Meta = Meta {
        id: CheckId::new("ssh-open-root"),
        covers: &[Covers::new("AUT-03", "ssh")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = SshFacts;

    fn judge(facts: &SshFacts, _: &Subject) -> Judgement {
        match said(&facts.root) {
            Ok(Login::Open) => Judgement::fail(Message::new("open")),
            Ok(Login::Wants(methods)) if methods.is_empty() => Judgement::pass(Message::new("refused")),
            Ok(Login::Wants(methods)) => Judgement::pass(Message::new("wants").with_list("methods", methods)),
            Err(unknown) => unknown,
        }
    }
}
