//! A TLS service agrees on keys in a group that is too small.

use std::collections::BTreeSet;

use auscult_facts::tls::{Group, TlsFacts};
use auscult_facts::{Answer, NotAsked, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::tls::obsolete_version::only_tls13;
use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct WeakGroup;

impl Check for WeakGroup {
    const META: Meta = Meta {
        id: CheckId::new("tls-weak-group"),
        covers: &[Covers::new("TLS-03", "groups")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, _: &Subject) -> Judgement {
        let groups = facts.groups.seen().map(Vec::as_slice).unwrap_or_default();
        // An offer of weak groups only tells what a preference for strong ones hides.
        let offered = facts.weak_groups.seen().map(Vec::as_slice).unwrap_or_default();
        let weak: BTreeSet<_> = groups
            .iter()
            .filter(|g| is_weak(g))
            .chain(offered)
            .map(|g| format!("{} ({})", g.name, g.bits))
            .collect();
        if !weak.is_empty() {
            return Judgement::fail(Message::new("weak").with_list("groups", weak));
        }
        if let Some(Some(bits)) = facts.dh_bits.seen()
            && *bits < LEAST_DH
        {
            return Judgement::fail(Message::new("weak-dh").with("bits", bits));
        }
        if let Err(unknown) = said(&facts.groups) {
            return unknown;
        }
        let without_dh = facts.dh_bits == Answer::NotAsked(NotAsked::NoOccasion) && only_tls13(facts);
        if !without_dh && let Err(unknown) = said(&facts.dh_bits) {
            return unknown;
        }
        if let Err(unknown) = said(&facts.weak_groups) {
            return unknown;
        }
        let hybrid = groups.iter().find(|g| g.name.to_ascii_uppercase().contains("MLKEM"));
        match (hybrid, facts.dh_bits.seen()) {
            (Some(hybrid), _) => Judgement::pass(Message::new("post-quantum").with("group", &hybrid.name)),
            (None, _) if facts.post_quantum == Answer::Seen(true) => {
                Judgement::pass(Message::new("post-quantum").with("group", "ML-KEM"))
            }
            (None, _) if !groups.is_empty() => {
                Judgement::pass(Message::new("strong").with_list("groups", groups.iter().map(|g| &g.name)))
            }
            (None, Some(Some(bits))) => Judgement::pass(Message::new("strong-dh").with("bits", bits)),
            (None, _) => Judgement::inconclusive(Message::new("no-group")),
        }
    }
}

/// Least size of a finite-field group, in bits.
const LEAST_DH: u32 = 2048;

/// Least size of the field of a curve, in bits: that of X25519.
const LEAST_CURVE: u32 = 255;

fn is_weak(group: &Group) -> bool {
    match group.code {
        // Finite fields (RFC 7919).
        0x0100..=0x01ff => group.bits < LEAST_DH,
        // ML-KEM alone has no field size to compare.
        0x0200..=0x02ff => false,
        _ => group.bits < LEAST_CURVE,
    }
}
