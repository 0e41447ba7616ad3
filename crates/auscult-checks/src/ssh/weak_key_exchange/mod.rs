//! An SSH server agrees on keys by a method that is too weak.

use auscult_facts::Subject;
use auscult_facts::ssh::SshFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct WeakKeyExchange;

impl Check for WeakKeyExchange {
    const META: Meta = Meta {
        id: CheckId::new("ssh-weak-key-exchange"),
        covers: &[Covers::new("SRV-07", "key-exchange")],
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
        sorted(lists.key_exchange.iter().filter(|name| !is_mark(name)), is_weak, is_sound)
    }
}

/// Names that announce extensions and are no methods.
fn is_mark(name: &str) -> bool {
    name.starts_with("ext-info-") || name.starts_with("kex-strict-") || name.starts_with("kexguess2@")
}

/// SHA-1, and groups of 1024 bits (RFC 9142).
fn is_weak(name: &str) -> bool {
    let bare = name.strip_prefix("gss-").unwrap_or(name);
    bare.starts_with("rsa1024-sha1")
        || (bare.starts_with("diffie-hellman-group") && bare.ends_with("-sha1"))
        || (name.starts_with("gss-") && bare.contains("-sha1-"))
}

fn is_sound(name: &str) -> bool {
    const STARTS: [&str; 13] = [
        "curve25519-sha256",
        "curve448-sha512",
        "ecdh-sha2-nistp",
        "sntrup761x25519-sha512",
        "mlkem768x25519-sha256",
        "mlkem768nistp256-sha256",
        "mlkem1024nistp384-sha384",
        "diffie-hellman-group14-sha256",
        "diffie-hellman-group15-sha512",
        "diffie-hellman-group16-sha512",
        "diffie-hellman-group17-sha512",
        "diffie-hellman-group18-sha512",
        "diffie-hellman-group-exchange-sha256",
    ];
    const GSS: [&str; 5] = ["gss-group14-sha256-", "gss-group15-", "gss-group16-", "gss-nistp", "gss-curve"];
    STARTS.iter().chain(&GSS).any(|start| name.starts_with(start))
}

/// Judges names: a weak one fails, an unknown one leaves it open, and none at all too.
pub(crate) fn sorted<'a>(
    names: impl Iterator<Item = &'a String>,
    weak: fn(&str) -> bool,
    sound: fn(&str) -> bool,
) -> Judgement {
    let names: Vec<&String> = names.collect();
    let message = |id: &str, names: Vec<&String>| Message::new(id).with_list("names", names);
    let found: Vec<_> = names.iter().copied().filter(|name| weak(name)).collect();
    if !found.is_empty() {
        return Judgement::fail(message("weak", found));
    }
    let unknown: Vec<_> = names.iter().copied().filter(|name| !sound(name)).collect();
    if !unknown.is_empty() {
        return Judgement::inconclusive(message("unknown", unknown));
    }
    if names.is_empty() {
        return Judgement::inconclusive(Message::new("none"));
    }
    Judgement::pass(message("sound", names))
}
