//! Which keys were seen where: the one thing that cannot be judged by looking at one node.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use auscult_facts::KeysElsewhere;
use auscult_facts::ssh::{KeyKind, SshFacts};
use auscult_model::scenario::Product;

use super::ground::NodeGround;
use crate::evidence::Evidence;
use crate::subject::World;

/// SSH host keys by what they are.
#[derive(Default)]
pub(super) struct Keys {
    /// Who showed a key, by its digest: place of the node, and service.
    holders: BTreeMap<String, BTreeSet<(usize, String)>>,
    /// Nodes that showed a key of a kind.
    of_kind: BTreeMap<KeyKind, BTreeSet<usize>>,
}

impl Keys {
    pub(super) fn seen(evidence: &Evidence, nodes: &[NodeGround]) -> Self {
        let mut keys = Self::default();
        for (n, node) in nodes.iter().enumerate() {
            for service in &node.services {
                let name = &service.service.name;
                let Some(facts) = evidence.facts::<SshFacts>(&node.subject.node, Some(name)) else {
                    continue;
                };
                for (kind, key) in &facts.host_keys {
                    let Some(key) = key.seen() else { continue };
                    keys.holders.entry(key.sha256.clone()).or_default().insert((n, name.to_string()));
                    keys.of_kind.entry(*kind).or_default().insert(n);
                }
            }
        }
        keys
    }

    /// How the keys of a service stand to those of nodes at other addresses.
    pub(super) fn elsewhere(&self, world: &World<'_>, n: usize, facts: &SshFacts) -> KeysElsewhere {
        // Nodes at one address are one machine.
        let other = |m: &usize| *m != n && address(world, *m) != address(world, n);
        let mut elsewhere = KeysElsewhere::default();
        let mut units: BTreeSet<usize> = BTreeSet::new();
        for (kind, key) in &facts.host_keys {
            let Some(key) = key.seen() else { continue };
            let holders = self.holders.get(&key.sha256).into_iter().flatten();
            let same = holders.filter(|(m, _)| other(m));
            elsewhere.same.extend(same.map(|(m, service)| format!("{}/{service}", world.node(*m).id)));
            let seen = self.of_kind.get(kind).into_iter().flatten().filter(|m| other(m));
            units.extend(seen.filter(|m| is_same(&world.node(n).product, &world.node(**m).product)));
        }
        elsewhere.units = u32::try_from(units.len()).unwrap_or(u32::MAX);
        elsewhere
    }
}

fn address(world: &World<'_>, n: usize) -> Option<IpAddr> {
    world.node(n).address
}

/// Whether both are known to be the same product.
fn is_same(one: &Product, other: &Product) -> bool {
    one.model.is_some() && (&one.maker, &one.model) == (&other.maker, &other.model)
}
