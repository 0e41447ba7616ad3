//! The door to the observers: what looks at a node, in which order, and what that can cost.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use auscult_facts::{Scope, datagrams};
use auscult_impostor::{
    Images, most_questions, most_replay_packets, most_replay_questions, most_replay_seconds,
    most_update_packets, most_update_seconds,
};
use auscult_model::scenario::{Impostor, Node, Replay, Update};
use auscult_model::{Impact, Pace};
use auscult_probe::{AnyObserver, Bound, Depth, Limits, datagram, liveness, pages, ports, service};

/// Services that nobody declares and that one run looks at, on one address; more are counted and left alone.
pub(crate) const MAX_UNDECLARED: u64 = 64;

/// Open ports that nobody declares and that are written down one by one; of more only the number is kept.
pub(crate) const MAX_FOUND: usize = 256;

/// Who looks.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    /// Observers of recognised services.
    pub(crate) observers: &'static [&'static dyn AnyObserver],
    /// The limits of a pace.
    pub(crate) limits: fn(Pace) -> Limits,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Field").field("observers", &self.observers.len()).finish()
    }
}

impl Field {
    /// The observers of this release.
    pub(crate) fn live() -> Self {
        Self { observers: auscult_probe::observers(), limits: Limits::of }
    }

    /// What one service can cost at most, whatever it turns out to be: to recognise it, to look at it, and to ask the
    /// oracle afterwards.
    pub(crate) fn any_service(self, depth: Depth, allowed: Impact) -> Bound {
        let mut always = plus(recognise_bound(allowed), QUESTION);
        let mut words = BTreeSet::new();
        for observer in self.observers.iter().filter(|o| !datagrams::KINDS.contains(&o.kind())) {
            match observer.scope() {
                Scope::Tls | Scope::EveryService => always = plus(always, observer.bound(depth, allowed)),
                Scope::Protocols(of) => words.extend(of.iter().copied()),
                // What pages cost depends on how many are declared.
                Scope::Node | Scope::Pages => {}
            }
        }
        let most = words
            .into_iter()
            .map(|word| {
                let of_it = self
                    .observers
                    .iter()
                    .filter(|o| !datagrams::KINDS.contains(&o.kind()))
                    .filter(|o| matches!(o.scope(), Scope::Protocols(of) if of.contains(&word)));
                of_it.map(|o| o.bound(depth, allowed)).fold(Bound::default(), plus)
            })
            .reduce(|a, b| Bound {
                connections: a.connections.max(b.connections),
                packets: a.packets.max(b.packets),
            });
        plus(always, most.unwrap_or_default())
    }

    /// What one UDP service can cost at most, whatever it turns out to be, the question to the oracle included.
    pub(crate) fn any_datagram(self, depth: Depth, allowed: Impact) -> Bound {
        if allowed < Impact::Safe {
            return Bound::default();
        }
        let mut by_word: BTreeMap<&str, Bound> = BTreeMap::new();
        let mut always = plus(datagram::bound(allowed), QUESTION);
        for observer in self.over_udp() {
            let Scope::Protocols(words) = observer.scope() else {
                always = plus(always, observer.bound(depth, allowed));
                continue;
            };
            for word in words {
                let of_it = by_word.entry(word).or_default();
                *of_it = plus(*of_it, observer.bound(depth, allowed));
            }
        }
        let most = by_word.into_values().reduce(|a, b| Bound {
            connections: a.connections.max(b.connections),
            packets: a.packets.max(b.packets),
        });
        plus(always, most.unwrap_or_default())
    }

    /// What the pages that are declared to stand on one service can cost at most.
    pub(crate) fn pages(self, allowed: Impact, count: u64) -> Bound {
        let looks = |o: &&&dyn AnyObserver| matches!(o.scope(), Scope::Pages) && o.impact() <= allowed;
        let observers = self.observers.iter().filter(looks).count() as u64;
        times(pages::bound(count), observers)
    }

    /// Observers of services over UDP.
    pub(crate) fn over_udp(self) -> impl Iterator<Item = &'static dyn AnyObserver> {
        self.observers.iter().copied().filter(|o| datagrams::KINDS.contains(&o.kind()))
    }
}

/// Both together.
pub(crate) fn plus(a: Bound, b: Bound) -> Bound {
    Bound {
        connections: a.connections.saturating_add(b.connections),
        packets: a.packets.saturating_add(b.packets),
    }
}

/// As often.
pub(crate) fn times(bound: Bound, n: u64) -> Bound {
    Bound { connections: bound.connections.saturating_mul(n), packets: bound.packets.saturating_mul(n) }
}

/// Whether a sweep goes beyond the declared ports: at the ward's pace it would take nine hours.
pub(crate) fn reaches_beyond(allowed: Impact, pace: Pace) -> bool {
    allowed >= Impact::Safe && pace != Pace::Ward
}

/// What a sweep of one address can cost at most: the declared ports first, then every port where that is allowed.
pub(crate) fn sweep_bound(allowed: Impact, pace: Pace, declared: usize, every_port: bool) -> Bound {
    let first = ports::bound(allowed.min(Impact::Touch), pace, declared);
    if every_port { plus(first, ports::bound(allowed, pace, declared)) } else { first }
}

/// Name and version of the recogniser in evidence.
pub(crate) const RECOGNISER: &str = "service 1";

/// Name and version of the recogniser of services over UDP in evidence.
pub(crate) const DATAGRAMS: &str = "datagram 1";

/// Name and version of the sweep in evidence.
pub(crate) const SWEEPER: &str = "ports 1";

/// Name and version of the bench in evidence.
pub(crate) const BENCH: &str = "bench 1";

/// What the oracle can cost at most, the questions after each service aside.
pub(crate) fn oracle_bound(limits: &Limits) -> Bound {
    liveness::bound(limits)
}

/// What the question after one service can cost at most: it is asked again twice before it counts as missed.
pub(crate) const QUESTION: Bound = Bound { connections: 3, packets: 12 };

/// What recognising one service can cost at most.
pub(crate) fn recognise_bound(allowed: Impact) -> Bound {
    service::bound(allowed)
}

/// What playing one far end can cost at most: every packet is an answer, but for the order to dial.
pub(crate) fn impostor_bound(impostor: &Impostor) -> Bound {
    let orders = if impostor.trigger.is_some() { auscult_impostor::PLAYS.len() as u64 } else { 0 };
    Bound {
        connections: orders,
        packets: auscult_impostor::most_packets(impostor.dns.is_some(), impostor.ntp.is_some())
            + orders * crate::run::DIAL_PACKETS,
    }
}

/// What offering every image can cost at most: answers, orders to dial, and questions what is installed.
pub(crate) fn update_bound(update: &Update, node: &Node, images: &BTreeMap<String, Images>) -> Bound {
    let Some(images) = images.get(&update.images) else { return Bound::default() };
    let settle = Duration::from_secs(update.settle_seconds.into());
    let triggered = node.impostors.iter().any(|i| i.far == update.far && i.trigger.is_some());
    let each = most_questions(settle) + u64::from(triggered);
    let connections = each * images.len() as u64;
    let names = if node.impostors.iter().any(|i| i.far == update.far && i.dns.is_some()) { 400 } else { 0 };
    let packets = most_update_packets(images) + names;
    plus(
        Bound { connections, packets },
        Bound { connections: 0, packets: connections * crate::run::DIAL_PACKETS },
    )
}

/// Most seconds that offering every image takes.
pub(crate) fn update_seconds(update: &Update, node: &Node, images: Option<&Images>) -> u64 {
    let wait = node.impostors.iter().find(|i| i.far == update.far).map_or(0, |i| i.wait_seconds);
    let (wait, settle) =
        (Duration::from_secs(wait.into()), Duration::from_secs(update.settle_seconds.into()));
    most_update_seconds(images.map_or(0, BTreeMap::len), wait, settle)
}

/// What sending messages twice can cost at most: answers, orders to dial, and questions for the state.
pub(crate) fn replay_bound(replay: &Replay, node: &Node) -> Bound {
    let by = node.impostors.iter().find(|i| i.far == replay.far);
    let orders =
        if by.is_some_and(|i| i.trigger.is_some()) { auscult_facts::replay::Sent::ALL.len() } else { 0 };
    let connections = most_replay_questions() + orders as u64;
    let names = if by.is_some_and(|i| i.dns.is_some()) { 400 } else { 0 };
    Bound { connections, packets: most_replay_packets() + names + connections * crate::run::DIAL_PACKETS }
}

/// Most seconds that sending messages twice takes.
pub(crate) fn replay_seconds(replay: &Replay, node: &Node) -> u64 {
    let wait = node.impostors.iter().find(|i| i.far == replay.far).map_or(0, |i| i.wait_seconds);
    most_replay_seconds(Duration::from_secs(wait.into()), Duration::from_secs(replay.settle_seconds.into()))
}
