//! Whether a requirement concerns a node, and why: role, class and setting, then the condition.

use std::collections::BTreeSet;

use auscult_catalog::{Catalog, Condition, Requirement};
use auscult_model::assessment::Applicability;
use auscult_model::{Force, Message, NodeKind, RiskClass, Setting};

use crate::subject::World;
use crate::words::{own, reason};

/// All that applicability depends on; nodes with the same profile have the same requirements.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Profile {
    kind: NodeKind,
    class: RiskClass,
    setting: Setting,
    legacy: bool,
    wraps: bool,
    has: BTreeSet<String>,
    without: BTreeSet<String>,
    protocols: BTreeSet<String>,
    networks: BTreeSet<String>,
}

impl Profile {
    /// The profile of a node, with the protocols that its services were recognised to speak beside those declared.
    pub(crate) fn of<'p>(world: &World<'p>, n: usize, recognised: impl Iterator<Item = &'p str>) -> Self {
        let node = world.node(n);
        let declared = node.services.iter().filter_map(|s| s.protocol.as_deref());
        Self {
            kind: node.kind,
            class: world.classed(n).class,
            setting: node.setting,
            legacy: node.legacy,
            wraps: !world.wrapped(n).is_empty(),
            has: node.has.clone(),
            without: node.without.clone(),
            protocols: declared.chain(recognised).map(str::to_owned).collect(),
            networks: world.crosses(n).into_iter().flatten().map(|k| (*k).to_owned()).collect(),
        }
    }
}

/// The words that any condition of a catalog speaks of; no other word makes a difference.
#[derive(Debug, Default)]
pub(crate) struct Mentioned<'a> {
    protocols: BTreeSet<&'a str>,
    traits: BTreeSet<&'a str>,
    networks: BTreeSet<&'a str>,
}

impl<'a> Mentioned<'a> {
    pub(crate) fn by(catalog: &'a Catalog) -> Self {
        let mut mentioned = Self::default();
        for requirement in catalog.requirements.values() {
            let condition = &requirement.condition;
            mentioned.protocols.extend(condition.protocols.iter().map(String::as_str));
            mentioned.traits.extend(condition.traits.iter().map(String::as_str));
            mentioned.networks.extend(condition.networks.iter().map(String::as_str));
        }
        mentioned
    }
}

impl Profile {
    /// The same profile without words that make no difference, so that more nodes share one.
    pub(crate) fn narrowed(mut self, to: &Mentioned<'_>) -> Self {
        self.protocols.retain(|w| to.protocols.contains(w.as_str()));
        self.has.retain(|w| to.traits.contains(w.as_str()));
        self.without.retain(|w| to.traits.contains(w.as_str()));
        self.networks.retain(|w| to.networks.contains(w.as_str()));
        self
    }
}

/// Why a requirement concerns a node, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why<'a> {
    /// It does.
    Applies(Force, Met<'a>),
    /// It is not meant for this role.
    Role,
    /// It does not bind at this class and setting.
    NotBinding,
    /// The node has nothing of what the requirement is about.
    Unmet,
}

/// What makes a node meet a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Met<'a> {
    Always,
    Protocol(&'a str),
    Network(&'a str),
    Legacy,
    LegacyBehind,
    Trait(&'a str),
    /// Neither stated nor denied: silence exempts nothing.
    TraitAssumed(&'a str),
}

/// Whether and why a requirement concerns a node of that profile.
pub(crate) fn why<'a>(requirement: &'a Requirement, profile: &Profile) -> Why<'a> {
    if !requirement.roles.contains(&profile.kind) {
        return Why::Role;
    }
    let Some(force) = requirement.applies.force(profile.class, profile.setting) else {
        return Why::NotBinding;
    };
    met(&requirement.condition, profile).map_or(Why::Unmet, |met| Why::Applies(force, met))
}

fn met<'a>(condition: &'a Condition, profile: &Profile) -> Option<Met<'a>> {
    if condition.is_always() {
        return Some(Met::Always);
    }
    let among = |words: &'a [String], set: &BTreeSet<String>| {
        words.iter().find(|w| set.contains(*w)).map(String::as_str)
    };
    if let Some(word) = among(&condition.protocols, &profile.protocols) {
        return Some(Met::Protocol(word));
    }
    if let Some(word) = among(&condition.networks, &profile.networks) {
        return Some(Met::Network(word));
    }
    if condition.legacy && profile.legacy {
        return Some(Met::Legacy);
    }
    if condition.legacy && profile.wraps {
        return Some(Met::LegacyBehind);
    }
    if let Some(word) = among(&condition.traits, &profile.has) {
        return Some(Met::Trait(word));
    }
    let open = condition.traits.iter().find(|t| !profile.without.contains(*t));
    open.map(|word| Met::TraitAssumed(word))
}

impl Why<'_> {
    pub(crate) fn force(&self) -> Option<Force> {
        match self {
            Self::Applies(force, _) => Some(*force),
            Self::Role | Self::NotBinding | Self::Unmet => None,
        }
    }

    pub(crate) fn message(&self, requirement: &Requirement, profile: &Profile) -> Message {
        let message = match self {
            Self::Applies(force, met) => {
                let message = match met {
                    Met::Always => own("applies-always"),
                    Met::Protocol(word) => own("applies-protocol").with("what", word),
                    Met::Network(word) => own("applies-network").with("what", word),
                    Met::Legacy => own("applies-legacy"),
                    Met::LegacyBehind => own("applies-legacy-behind"),
                    Met::Trait(word) => own("applies-trait").with("what", word),
                    Met::TraitAssumed(word) => own("applies-trait-assumed").with("what", word),
                };
                message.with("force", force)
            }
            Self::Role => return own("not-role").with("kind", profile.kind),
            Self::NotBinding => own("not-binding"),
            Self::Unmet => {
                let condition = &requirement.condition;
                let (id, words) = if !condition.protocols.is_empty() {
                    ("not-protocol", &condition.protocols)
                } else if !condition.networks.is_empty() {
                    ("not-network", &condition.networks)
                } else if !condition.traits.is_empty() {
                    ("not-trait", &condition.traits)
                } else {
                    return own("not-legacy");
                };
                return own(id).with_list("what", words);
            }
        };
        message.with("class", profile.class).with("setting", profile.setting)
    }

    pub(crate) fn applicability(&self, requirement: &Requirement, profile: &Profile) -> Applicability {
        Applicability {
            applies: self.force().is_some(),
            force: self.force(),
            reason: reason(self.message(requirement, profile)),
        }
    }
}
