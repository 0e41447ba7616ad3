//! An SNMP agent answers in a version, or to a user, without any protection.

use std::collections::BTreeSet;

use auscult_facts::Subject;
use auscult_facts::snmp::{Reply, SnmpFacts, Version};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted};

/// See the first line of the module.
pub struct UnprotectedVersion;

impl Check for UnprotectedVersion {
    const META: Meta = Meta {
        id: CheckId::new("snmp-unprotected-version"),
        covers: &[Covers::new("SRV-02", "snmp-version")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SnmpFacts;

    fn judge(facts: &SnmpFacts, _: &Subject) -> Judgement {
        let spoken = facts
            .communities
            .iter()
            .filter(|a| matches!(a.answer.seen(), Some(reply) if *reply != Reply::Report));
        let versions: BTreeSet<Version> = spoken.map(|a| a.version).collect();
        if !versions.is_empty() {
            return Judgement::fail(
                Message::new("spoken").with_list("versions", versions.iter().map(|v| v.name())),
            );
        }
        if matches!(facts.unauthenticated.seen(), Some(reply) if *reply != Reply::Report) {
            return Judgement::fail(Message::new("unauthenticated"));
        }
        if let Some(why) = facts.broken() {
            return Judgement::inconclusive(interrupted(why));
        }
        if facts.discovery.seen().is_none() {
            return Judgement::inconclusive(Message::new("silent"));
        }
        let asked: BTreeSet<Version> = facts.communities.iter().map(|a| a.version).collect();
        if asked.len() < 2 {
            return Judgement::inconclusive(Message::new("not-all"));
        }
        Judgement::pass(Message::new("only-3").with("asked", facts.communities.len()))
    }
}
