//! An SSH server protects sessions with a cipher or MAC that is broken.

use auscult_facts::Subject;
use auscult_facts::ssh::SshFacts;
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::ssh::weak_key_exchange::sorted;
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct BrokenCipher;

impl Check for BrokenCipher {
    const META: Meta = Meta {
        id: CheckId::new("ssh-broken-cipher"),
        covers: &[Covers::new("SRV-07", "ciphers")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SshFacts;

    fn judge(facts: &SshFacts, _: &Subject) -> Judgement {
        let lists = match said(&facts.algorithms) {
            Ok(lists) => lists,
            Err(unknown) => return unknown,
        };
        sorted(lists.cipher.iter().chain(&lists.mac), is_broken, |name| !is_broken(name) && is_known(name))
    }
}

/// No protection, blocks of 64 bits, RC4, and MACs made with MD5 or RIPEMD-160.
fn is_broken(name: &str) -> bool {
    const STARTS: [&str; 9] = [
        "3des",
        "des-",
        "arcfour",
        "blowfish",
        "cast128",
        "idea",
        "hmac-md5",
        "hmac-ripemd",
        "rijndael-cbc@",
    ];
    name == "none" || STARTS.iter().any(|start| name.starts_with(start))
}

/// Whether anything is known of a cipher or MAC.
pub(crate) fn is_known(name: &str) -> bool {
    const STARTS: [&str; 11] = [
        "aes128-",
        "aes192-",
        "aes256-",
        "AEAD_AES_",
        "chacha20-poly1305",
        "camellia",
        "hmac-sha1",
        "hmac-sha2-",
        "umac-64",
        "umac-128",
        "twofish",
    ];
    is_broken(name) || STARTS.iter().any(|start| name.starts_with(start))
}
