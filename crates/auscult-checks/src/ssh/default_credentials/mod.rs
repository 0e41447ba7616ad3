//! The SSH server accepts an account that products are shipped with.

use auscult_facts::Subject;
use auscult_facts::ssh::SshFacts;
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::telnet::default_credentials::judged;
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct DefaultCredentials;

impl Check for DefaultCredentials {
    const META: Meta = Meta {
        id: CheckId::new("ssh-default-credentials"),
        covers: &[Covers::new("AUT-01", "ssh-login")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = SshFacts;

    fn judge(facts: &SshFacts, _: &Subject) -> Judgement {
        match said(&facts.accounts) {
            Ok(accounts) => judged(accounts),
            Err(unknown) => unknown,
        }
    }
}
