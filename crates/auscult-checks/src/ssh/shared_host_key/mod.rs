//! Several units prove who they are with one SSH host key.

use auscult_facts::Subject;
use auscult_facts::ssh::SshFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct SharedHostKey;

impl Check for SharedHostKey {
    const META: Meta = Meta {
        id: CheckId::new("ssh-shared-host-key"),
        covers: &[Covers::new("SRV-07", "host-key-differs"), Covers::new("PKI-02", "ssh-keys-differ")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SshFacts;

    fn judge(facts: &SshFacts, subject: &Subject) -> Judgement {
        let elsewhere = &subject.keys_elsewhere;
        if !elsewhere.same.is_empty() {
            return Judgement::fail(Message::new("shared").with_list("targets", &elsewhere.same));
        }
        if let Err(unknown) = said(&facts.algorithms) {
            return unknown;
        }
        if let Some(unseen) = facts.host_keys.values().find_map(|key| said(key).err()) {
            return unseen;
        }
        if facts.host_keys.is_empty() {
            return Judgement::inconclusive(Message::new("none"));
        }
        if elsewhere.units == 0 {
            return Judgement::inconclusive(Message::new("alone"));
        }
        Judgement::pass(Message::new("differs").with("units", elsewhere.units))
    }
}
