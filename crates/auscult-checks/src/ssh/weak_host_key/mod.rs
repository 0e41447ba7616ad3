//! An SSH server proves who it is with a key or signature that is too weak.

use auscult_facts::Subject;
use auscult_facts::ssh::{KeyKind, SshFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct WeakHostKey;

impl Check for WeakHostKey {
    const META: Meta = Meta {
        id: CheckId::new("ssh-weak-host-key"),
        covers: &[Covers::new("SRV-07", "host-key-strength")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SshFacts;

    fn judge(facts: &SshFacts, _: &Subject) -> Judgement {
        let lists = match said(&facts.algorithms) {
            Ok(lists) => lists,
            Err(unknown) => return unknown,
        };
        let mut weak = Vec::new();
        let offers = |name: &str| lists.host_key.iter().any(|offered| offered == name);
        if offers("ssh-dss") {
            weak.push("ssh-dss".to_owned());
        }
        if offers("ssh-rsa") {
            weak.push("ssh-rsa (SHA-1)".to_owned());
        }
        let rsa = facts.host_keys.get(&KeyKind::Rsa);
        if let Some(key) = rsa.and_then(|key| key.seen())
            && key.bits < LEAST_RSA
        {
            weak.push(format!("RSA ({})", key.bits));
        }
        if !weak.is_empty() {
            return Judgement::fail(Message::new("weak").with_list("names", weak));
        }
        if facts.host_keys.is_empty() {
            return Judgement::inconclusive(Message::new("none"));
        }
        // The length of a key on a curve follows from its name; only RSA has to be looked at.
        if let Some(rsa) = rsa
            && let Err(unknown) = said(rsa)
        {
            return unknown;
        }
        let known =
            |name: &String| KeyKind::ALL.iter().any(|kind| kind.offered_as().contains(&name.as_str()));
        let unknown: Vec<_> = lists.host_key.iter().filter(|name| !known(name)).collect();
        if !unknown.is_empty() {
            return Judgement::inconclusive(Message::new("unknown").with_list("names", unknown));
        }
        Judgement::pass(
            Message::new("strong").with_list("kinds", facts.host_keys.keys().map(|kind| kind.name())),
        )
    }
}

/// Least size of an RSA key, in bits.
const LEAST_RSA: u32 = 2048;
