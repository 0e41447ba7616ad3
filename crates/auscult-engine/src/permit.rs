//! What may be done to a node, how fast, and why no more.

use std::collections::BTreeSet;

use auscult_facts::bench::PermitBecause;
use auscult_model::{Impact, Message, NodeId, Pace, RiskClass};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::subject::World;
use crate::words::own;

/// What the person at the keyboard asks for.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    /// When the work begins; decides whether an authorisation still holds.
    pub(crate) at: Timestamp,
    /// No rougher than this.
    pub(crate) impact: Option<Impact>,
    /// Only these nodes.
    pub(crate) nodes: Option<BTreeSet<NodeId>>,
    /// No ports but those declared.
    pub(crate) declared_only: bool,
}

/// What may be done to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    pub(crate) allowed: Impact,
    pub(crate) because: PermitBecause,
    pub(crate) pace: Pace,
    /// No ports but those declared.
    pub(crate) declared_only: bool,
}

/// What may be done to each node, in the order of the scenario.
///
/// Nodes that share an address are one thing to whoever sends packets there: the most careful of them decides for
/// all, also one that is left out of this run.
pub(crate) fn allowances(world: &World<'_>, wish: &Wish) -> Vec<Allowance> {
    let nodes = &world.scenario.nodes;
    let alone: Vec<_> = (0..nodes.len()).map(|n| by_itself(world, n, wish)).collect();
    let mut all = alone.clone();
    for n in 0..nodes.len() {
        let [first, _, ..] = world.neighbours(n) else { continue };
        if *first == n {
            let together = world.neighbours(n).iter().map(|m| alone[*m]).reduce(gentler);
            for m in world.neighbours(n) {
                all[*m] = together.unwrap_or(all[*m]);
            }
        }
    }
    if let Some(chosen) = &wish.nodes {
        for (n, allowance) in all.iter_mut().enumerate() {
            if allowance.because != PermitBecause::NoAddress && !chosen.contains(&nodes[n].id) {
                allowance.allowed = Impact::Passive;
                allowance.because = PermitBecause::LeftOut;
            }
        }
    }
    all
}

fn gentler(a: Allowance, b: Allowance) -> Allowance {
    let gentle = if b.allowed < a.allowed { b } else { a };
    Allowance { pace: a.pace.min(b.pace), declared_only: a.declared_only || b.declared_only, ..gentle }
}

fn by_itself(world: &World<'_>, n: usize, wish: &Wish) -> Allowance {
    let declared_only = wish.declared_only;
    let node = world.node(n);
    let authorisation = world.scenario.authorisation.as_ref();
    let cautious =
        if node.in_use || world.classed(n).class >= RiskClass::III { Pace::Ward } else { Pace::Bench };
    let pace = match authorisation.and_then(|a| a.pace) {
        // Whatever was authorised, a device on a patient is touched slowly.
        Some(authorised) if node.in_use => authorised.min(Pace::Ward),
        Some(authorised) => authorised,
        None => cautious,
    };
    let nothing = |because| Allowance { allowed: Impact::Passive, because, pace, declared_only };
    if node.address.is_none() {
        return nothing(PermitBecause::NoAddress);
    }
    let Some(authorisation) = authorisation else {
        return nothing(PermitBecause::NoAuthorisation);
    };
    if TimeZone::UTC.to_datetime(wish.at).date() > authorisation.until {
        return nothing(PermitBecause::Expired);
    }
    let mut allowance =
        Allowance { allowed: authorisation.impact, because: PermitBecause::Authorised, pace, declared_only };
    if node.in_use && allowance.allowed > Impact::Touch {
        allowance = Allowance { allowed: Impact::Touch, because: PermitBecause::InUse, pace, declared_only };
    }
    match wish.impact {
        Some(asked) if asked < allowance.allowed => {
            Allowance { allowed: asked, because: PermitBecause::Asked, pace, declared_only }
        }
        _ => allowance,
    }
}

/// Why a node is not touched more than it is.
pub(crate) fn message(allowed: Impact, because: PermitBecause) -> Message {
    own(match because {
        PermitBecause::Authorised => "permit-authorised",
        PermitBecause::NoAuthorisation => "permit-no-authorisation",
        PermitBecause::Expired => "permit-expired",
        PermitBecause::InUse => "permit-in-use",
        PermitBecause::Asked => "permit-asked",
        PermitBecause::NoAddress => "permit-no-address",
        PermitBecause::LeftOut => "permit-left-out",
    })
    .with("allowed", allowed)
}
