//! An SSH server lets the first messages of a session be cut away unnoticed.

use auscult_facts::Subject;
use auscult_facts::ssh::SshFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct PrefixTruncation;

impl Check for PrefixTruncation {
    const META: Meta = Meta {
        id: CheckId::new("ssh-prefix-truncation"),
        covers: &[Covers::new("SRV-07", "prefix-truncation")],
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
        if lists.cipher.is_empty() {
            return Judgement::inconclusive(Message::new("none"));
        }
        if lists.key_exchange.iter().any(|name| name == STRICT) {
            return Judgement::pass(Message::new("strict"));
        }
        let chacha = lists.cipher.iter().filter(|name| name.starts_with("chacha20-poly1305"));
        let after = lists.mac.iter().any(|name| name.contains("-etm@"));
        let cbc = lists.cipher.iter().filter(|name| after && name.contains("-cbc"));
        let exposed: Vec<&String> = chacha.chain(cbc).collect();
        if exposed.is_empty() {
            Judgement::pass(Message::new("not-concerned"))
        } else {
            Judgement::fail(Message::new("exposed").with_list("names", exposed))
        }
    }
}

/// The name by which a server announces strict key exchange.
const STRICT: &str = "kex-strict-s-v00@openssh.com";
