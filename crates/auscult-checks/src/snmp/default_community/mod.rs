//! An SNMP agent answers to a community name that everybody knows.

use std::collections::BTreeSet;

use auscult_facts::snmp::{Community, Reply, SnmpFacts};
use auscult_facts::{NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, not_asked};

/// See the first line of the module.
pub struct DefaultCommunity;

impl Check for DefaultCommunity {
    const META: Meta = Meta {
        id: CheckId::new("snmp-default-community"),
        covers: &[Covers::new("AUT-01", "snmp-community")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SnmpFacts;

    fn judge(facts: &SnmpFacts, _: &Subject) -> Judgement {
        // A report is no answer to a name; a value, an error or its absence is: the agent took the name.
        let taken = facts
            .communities
            .iter()
            .filter(|a| matches!(a.answer.seen(), Some(Reply::Value | Reply::NoValue | Reply::Error { .. })));
        let names: BTreeSet<Community> = taken.map(|a| a.community).collect();
        if names.contains(&Community::MadeUp) {
            return Judgement::fail(Message::new("any"));
        }
        if !names.is_empty() {
            let words = names.iter().map(|c| c.word());
            return Judgement::fail(Message::new("taken").with_list("names", words));
        }
        if let Some(why) = facts.broken() {
            return Judgement::inconclusive(interrupted(why));
        }
        if !facts.answers() {
            return Judgement::inconclusive(Message::new("silent"));
        }
        let asked: BTreeSet<Community> = facts.communities.iter().map(|a| a.community).collect();
        if !asked.contains(&Community::Public) {
            return Judgement::inconclusive(not_asked(NotAsked::NoOccasion));
        }
        if !asked.contains(&Community::Private) {
            return Judgement::inconclusive(not_asked(NotAsked::Impact));
        }
        Judgement::pass(Message::new("refused").with_list("names", asked.iter().map(|c| c.word())))
    }
}
