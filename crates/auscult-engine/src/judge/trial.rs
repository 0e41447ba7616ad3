//! One check on one target: the judgement, or the reason why there is none.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use auscult_checks::{AnyCheck, Side};
use auscult_facts::client::ClientFacts;
use auscult_facts::datagrams::{DatagramsFacts, KINDS};
use auscult_facts::ports::PortState;
use auscult_facts::replay::ReplayFacts;
use auscult_facts::ssh::SshFacts;
use auscult_facts::update::UpdateFacts;
use auscult_facts::{Declared, Facts, FlowInto, Interrupted, Outcome, ServiceSubject, Subject};
use auscult_model::{Impact, Message, ServiceName, Transport, Verdict};

use super::cause::Cause;
use super::ground::{Ground, PORTS, SERVICE};
use crate::evidence::Item;

/// What one check gave on one target.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    /// `node/service`, or the node.
    pub(super) label: String,
    pub(super) verdict: Verdict,
    pub(super) said: Message,
    /// Why it is undecided, if it is.
    pub(super) cause: Option<Cause>,
    /// Digest of the record it rests on.
    pub(super) evidence: Option<String>,
    /// Whether the target answered at all.
    pub(super) observed: bool,
}

/// A target that a check selects.
struct Chosen {
    node: usize,
    subject: Subject,
    /// A flow ends there without saying at which service.
    without_end: bool,
}

/// Tries a check on every target that counts for a node.
pub(super) fn tries(ground: &Ground<'_>, n: usize, check: &dyn AnyCheck) -> Vec<Tried> {
    chosen(ground, n, check).iter().map(|target| tried(ground, check, target)).collect()
}

fn chosen(ground: &Ground<'_>, n: usize, check: &dyn AnyCheck) -> Vec<Chosen> {
    let mut chosen = Vec::new();
    let mut choose = |node: usize, service: Option<ServiceSubject>, without_end: bool| {
        let subject = Subject { service, ..ground.nodes[node].subject.clone() };
        if check.selects(&subject) {
            chosen.push(Chosen { node, subject, without_end });
        }
    };
    let world = &ground.world;
    if matches!(check.side(), Side::Own | Side::Both) {
        choose(n, None, false);
        for service in &ground.nodes[n].services {
            choose(n, Some(service.service.clone()), false);
        }
        let flows: Vec<_> = world.flows_unplaced(n).map(|f| world.flow_into(f)).collect();
        if !flows.is_empty() {
            choose(n, Some(unnamed(flows)), true);
        }
    }
    if matches!(check.side(), Side::Caller | Side::Both) {
        let mut ends: BTreeMap<(usize, Option<&str>), Vec<FlowInto>> = BTreeMap::new();
        for flow in world.flows_out(n) {
            let Some((to, service)) = world.end(flow) else { continue };
            // What a node sends to itself is already looked at on its own side.
            if to != n || check.side() == Side::Caller {
                ends.entry((to, service.map(|s| s.name.as_str()))).or_default().push(world.flow_into(flow));
            }
        }
        for ((to, service), flows) in ends {
            match service {
                Some(name) => choose(to, ground.far(to, name, flows), false),
                None => choose(to, Some(unnamed(flows)), true),
            }
        }
    }
    if check.side() == Side::Owing {
        for (host, service, page) in world.pages_of(n) {
            choose(host, ground.publishing(host, service, page), false);
        }
    }
    chosen
}

/// Stands for whichever service a flow ends at.
fn unnamed(flows: Vec<FlowInto>) -> ServiceSubject {
    ServiceSubject {
        name: ServiceName::new("unnamed"),
        port: 0,
        transport: Transport::Tcp,
        declared: Some(Declared::default()),
        recognised: None,
        tls_seen: None,
        flows,
        pages: Vec::new(),
    }
}

fn tried(ground: &Ground<'_>, check: &dyn AnyCheck, target: &Chosen) -> Tried {
    let node = &ground.nodes[target.node];
    let id = &node.subject.node;
    let service = target.subject.service.as_ref();
    if target.without_end {
        return undecided(id.to_string(), Cause::FlowWithoutEnd, None, false);
    }
    let label = service.map_or_else(|| id.to_string(), |s| format!("{id}/{}", s.name));
    let over_udp = service.is_some_and(|s| s.transport == Transport::Udp);
    if over_udp && check.kind() != SERVICE && !KINDS.contains(&check.kind()) {
        return undecided(label, Cause::Udp, None, false);
    }
    let name = service.map(|s| &s.name);
    match ground.evidence.item(id, name, check.kind()) {
        Some(item) => match &item.observation.outcome {
            Outcome::Seen(facts) => {
                let open = match name {
                    Some(name) => {
                        node.service(name.as_str()).is_some_and(|s| s.state == Some(PortState::Open))
                    }
                    // That a node was silent over UDP, or was not asked, is no answer of it.
                    None if check.kind() == DatagramsFacts::KIND => {
                        item.facts::<DatagramsFacts>().is_some_and(|f| f.answered())
                    }
                    None => true,
                };
                Tried { observed: open, ..judged(ground, check, target, item, facts, label) }
            }
            Outcome::Interrupted(why) => {
                let cause = interrupted(ground, check, target.node, *why);
                undecided(label, cause, Some(item), false)
            }
        },
        None => {
            let (cause, item) = missing(ground, check, target.node, service);
            undecided(label, cause, item, false)
        }
    }
}

fn judged(
    ground: &Ground<'_>,
    check: &dyn AnyCheck,
    target: &Chosen,
    item: &Item,
    facts: &serde_json::Value,
    label: String,
) -> Tried {
    let mut subject = Subject { at: item.at, ..target.subject.clone() };
    if let Some(ssh) = (check.kind() == SshFacts::KIND).then(|| item.facts::<SshFacts>()).flatten() {
        subject.keys_elsewhere = ground.keys.elsewhere(&ground.world, target.node, &ssh);
    }
    // A check that falls over on facts nobody thought of takes only itself down.
    let judgement = match catch_unwind(AssertUnwindSafe(|| check.judge(facts, &subject))) {
        Err(_) => return undecided(label, Cause::CheckFault, Some(item), true),
        Ok(Err(_)) => return undecided(label, Cause::Unreadable, Some(item), true),
        Ok(Ok(judgement)) => judgement,
    };
    let said = auscult_checks::global(&check.meta().id, &judgement.because);
    if judgement.verdict == Verdict::Inconclusive {
        let had = item.observation.impact;
        let wanted = check.meta().impact;
        let needed = if wanted > had {
            Some(wanted)
        } else {
            (said.id == "checks.not-asked-impact").then(|| rougher(had))
        };
        let permit = ground.nodes[target.node].permit.as_ref().map(|p| p.because);
        return undecided(label, Cause::Undecided { said, permit, needed }, Some(item), true);
    }
    Tried {
        label,
        verdict: judgement.verdict,
        said,
        cause: None,
        evidence: Some(item.digest.clone()),
        observed: true,
    }
}

/// The next rougher step.
fn rougher(impact: Impact) -> Impact {
    Impact::ALL.iter().copied().find(|i| *i > impact).unwrap_or(impact)
}

fn undecided(label: String, cause: Cause, item: Option<&Item>, observed: bool) -> Tried {
    Tried {
        label,
        verdict: Verdict::Inconclusive,
        said: cause.message(),
        evidence: item.map(|i| i.digest.clone()),
        cause: Some(cause),
        observed,
    }
}

fn interrupted(ground: &Ground<'_>, check: &dyn AnyCheck, node: usize, why: Interrupted) -> Cause {
    let permit = ground.nodes[node].permit.as_ref().map(|p| p.because);
    Cause::Interrupted { why, permit, needed: check.meta().impact.max(Impact::Touch) }
}

/// Why there is no record of what a check reads, and the record that tells why.
fn missing<'g>(
    ground: &'g Ground<'_>,
    check: &dyn AnyCheck,
    node: usize,
    service: Option<&ServiceSubject>,
) -> (Cause, Option<&'g Item>) {
    let known = &ground.nodes[node];
    let id = &known.subject.node;
    // Over UDP the least that can be said is a request.
    let over_udp = service.is_some_and(|s| s.transport == Transport::Udp);
    let least = if over_udp { Impact::Safe } else { Impact::Touch };
    let needed = check.meta().impact.max(least);
    let Some(permit) = &known.permit else { return (Cause::LeftOut, None) };
    if check.kind() == ClientFacts::KIND && ground.world.node(node).impostors.is_empty() {
        return (Cause::NoImpostor, None);
    }
    if check.kind() == UpdateFacts::KIND && ground.world.node(node).update.is_none() {
        return (Cause::NoUpdate, None);
    }
    if check.kind() == ReplayFacts::KIND && ground.world.node(node).replay.is_none() {
        return (Cause::NoReplay, None);
    }
    let not_permitted = Cause::Permit { because: permit.because, allowed: permit.allowed, needed };
    let permit_item = ground.evidence.item(id, None, "permit");
    if permit.allowed < Impact::Touch {
        return (not_permitted, permit_item);
    }
    if let Some(service) = service {
        let own = ground.evidence.item(id, Some(&service.name), SERVICE);
        if let Some(item) = own
            && let Some(why) = item.interrupted()
        {
            return (interrupted(ground, check, node, why), Some(item));
        }
        let state = known.service(service.name.as_str()).and_then(|s| s.state);
        let item = own.or_else(|| ground.evidence.item(id, None, PORTS));
        match state {
            Some(PortState::Closed) => return (interrupted(ground, check, node, Interrupted::Closed), item),
            Some(PortState::Filtered) => {
                return (interrupted(ground, check, node, Interrupted::Unreachable), item);
            }
            Some(PortState::Open) | None => {}
        }
    }
    if known.liveness.as_ref().is_some_and(|l| l.stopped) {
        let item = ground.evidence.item(id, None, "liveness");
        return (interrupted(ground, check, node, Interrupted::SafetyStop), item);
    }
    if let Some(item) = ground.evidence.item(id, None, PORTS)
        && let Some(why) = item.interrupted()
    {
        return (interrupted(ground, check, node, why), Some(item));
    }
    if permit.allowed < check.meta().impact || over_udp && permit.allowed < least {
        return (not_permitted, permit_item);
    }
    (Cause::NotObserved, None)
}
