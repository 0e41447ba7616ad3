//! An SSH server protects sessions with a cipher or MAC that is out of date.

use auscult_facts::Subject;
use auscult_facts::ssh::SshFacts;
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::ssh::broken_cipher::is_known;
use crate::ssh::weak_key_exchange::sorted;
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct DatedCipher;

impl Check for DatedCipher {
    const META: Meta = Meta {
        id: CheckId::new("ssh-dated-cipher"),
        covers: &[Covers::new("SRV-07", "ciphers")],
        severity: Severity::Low,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SshFacts;

    fn judge(facts: &SshFacts, _: &Subject) -> Judgement {
        let lists = match said(&facts.algorithms) {
            Ok(lists) => lists,
            Err(unknown) => return unknown,
        };
        sorted(lists.cipher.iter().chain(&lists.mac), is_dated, |name| !is_dated(name) && is_known(name))
    }
}

/// CBC, SHA-1, and tags of 64 bits; what is broken is another check's.
fn is_dated(name: &str) -> bool {
    let cbc = name.contains("-cbc") && !name.starts_with("3des") && !name.starts_with("des-");
    (cbc && !["blowfish", "cast128", "idea"].iter().any(|start| name.starts_with(start)))
        || name.starts_with("hmac-sha1")
        || name.starts_with("umac-64")
}
