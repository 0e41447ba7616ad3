//! Rolls trials up to aspects and aspects to rulings, honestly: nothing seen is never a pass.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use auscult_casefile::digest;
use auscult_catalog::{Aspect, By, Catalog, Requirement};
use auscult_checks::Side;
use auscult_facts::datagrams::KINDS;
use auscult_facts::joins_two;
use auscult_model::assessment::{Applicability, Disposition, NotTested, Ruling, Trial};
use auscult_model::scenario::Flow;
use auscult_model::{AspectId, CheckId, FindingId, Force, Message, NodeId, Severity, Verdict};

use super::Shared;
use super::cause::Cause;
use super::ground::Ground;
use super::trial::{Tried, tries};
use crate::checks::Covering;
use crate::words::{own, reason, say};

/// The requirement that says whether a gateway really stands between its legacy devices and the rest.
const WRAPPING: &str = "GWY-02";

/// Rulings in the making.
pub(super) struct Drafts<'j, 'a> {
    ground: &'j Ground<'a>,
    catalog: &'j Catalog,
    covering: &'j Covering,
    /// Trials of a check on the targets of a node, made once for all requirements that it decides.
    tried: HashMap<(usize, usize), Vec<Tried>>,
    drafts: Vec<Draft<'j>>,
}

/// One requirement on one node.
struct Draft<'j> {
    node: usize,
    requirement: &'j Requirement,
    applicability: Applicability,
    parts: Vec<Part>,
    only_with: Option<NodeId>,
}

/// One aspect of a requirement on a node.
struct Part {
    aspect: AspectId,
    trials: Vec<(CheckId, Severity, Tried)>,
    /// Why the aspect is undecided without any trial.
    open: Option<Cause>,
}

impl Part {
    fn verdict(&self, wrapped: bool) -> Verdict {
        let trials = self.trials.iter().map(|(_, _, t)| match t.verdict {
            Verdict::Fail if wrapped => Verdict::Pass,
            verdict => verdict,
        });
        Verdict::roll_up(trials.chain(self.open.as_ref().map(|_| Verdict::Inconclusive)))
    }
}

impl Draft<'_> {
    /// Of no parts it is inconclusive.
    fn verdict(&self) -> Verdict {
        Verdict::roll_up(self.parts.iter().map(|p| p.verdict(self.only_with.is_some())))
    }

    /// Targets on which a trial failed.
    fn failures(&self) -> impl Iterator<Item = &str> {
        let trials = self.parts.iter().flat_map(|p| &p.trials);
        trials.filter(|(_, _, t)| t.verdict == Verdict::Fail).map(|(_, _, t)| t.label.as_str())
    }
}

impl<'j, 'a> Drafts<'j, 'a> {
    pub(super) fn new(ground: &'j Ground<'a>, catalog: &'j Catalog, covering: &'j Covering) -> Self {
        Self { ground, catalog, covering, tried: HashMap::new(), drafts: Vec::new() }
    }

    /// Rules on a requirement that applies to a node.
    pub(super) fn draft(
        &mut self,
        node: usize,
        requirement: &'j Requirement,
        force: Force,
        applicability: Applicability,
    ) {
        let parts = requirement
            .aspects
            .iter()
            .filter_map(|aspect| self.part(node, requirement, aspect, force))
            .collect();
        self.drafts.push(Draft { node, requirement, applicability, parts, only_with: None });
    }

    /// An aspect; `None` when it has no occasion on this node.
    fn part(
        &mut self,
        node: usize,
        requirement: &Requirement,
        aspect: &Aspect,
        force: Force,
    ) -> Option<Part> {
        let mut part = Part { aspect: aspect.id.clone(), trials: Vec::new(), open: None };
        let checks = match aspect.by {
            By::Hand => &[],
            By::Check => self.covering.of_aspect(&requirement.id, &aspect.id),
        };
        if checks.is_empty() {
            let step = aspect.step.clone();
            part.open = Some(match aspect.by {
                By::Hand => Cause::Hand { step },
                By::Check => Cause::NoCheck { step },
            });
            return Some(part);
        }
        let mut looks_at_node = false;
        let mut over_udp = false;
        let mut owing = false;
        for c in checks {
            let check = self.covering.all()[*c];
            looks_at_node |= matches!(check.side(), Side::Own | Side::Both);
            owing |= check.side() == Side::Owing;
            over_udp |= KINDS.contains(&check.kind());
            let severity = match force {
                Force::Mandatory => check.meta().severity,
                Force::Recommended => check.meta().severity.milder(),
            };
            let ground = self.ground;
            let tried = self.tried.entry((node, *c)).or_insert_with(|| tries(ground, node, check));
            part.trials.extend(tried.iter().map(|t| (check.meta().id.clone(), severity, t.clone())));
        }
        if !part.trials.is_empty() {
            return Some(part);
        }
        if owing {
            // Whoever declares no page has not shown that there is one.
            part.open = Some(Cause::NoPage { step: aspect.step.clone() });
            return Some(part);
        }
        let known = &self.ground.nodes[node];
        if !looks_at_node || known.nothing_hidden && (known.no_datagram_hidden || !over_udp) {
            return None;
        }
        let permit = self.ground.nodes[node].permit.as_ref().map(|p| p.because);
        part.open = Some(Cause::Unswept { permit });
        Some(part)
    }

    /// Lets the failures of legacy equipment pass, only with the gateway that was shown to wrap it.
    ///
    /// A gateway wraps what goes through it: a failure counts as wrapped only on a service that declared flows
    /// use, all of them between the device and its gateway, on a cable that nobody else is on. A service that no
    /// flow explains, or one that is reached over a shared network, is as open as before.
    ///
    /// What was not seen stays not seen: an undecided part keeps the ruling undecided.
    pub(super) fn let_gateways_wrap(&mut self) {
        let wrapping: BTreeSet<usize> = self
            .drafts
            .iter()
            .filter(|d| d.requirement.id.as_str() == WRAPPING && d.verdict() == Verdict::Pass)
            .map(|d| d.node)
            .collect();
        for draft in &mut self.drafts {
            let node = self.ground.world.node(draft.node);
            let gateway = node.behind.as_ref().filter(|_| node.legacy && draft.requirement.gateway_may_wrap);
            if let Some(gateway) = gateway
                && let Some(place) = self.ground.world.find(gateway.as_str())
                && wrapping.contains(&place)
                && draft.verdict() == Verdict::Fail
                && draft.failures().all(|target| carried(self.ground, draft.node, gateway, target))
            {
                draft.only_with = Some(gateway.clone());
            }
        }
    }

    /// Every target that a check selected for a ruling, and whether it answered.
    pub(super) fn targets(&self) -> BTreeMap<String, bool> {
        let mut targets: BTreeMap<String, bool> = BTreeMap::new();
        for (_, _, tried) in self.drafts.iter().flat_map(|d| &d.parts).flat_map(|p| &p.trials) {
            match targets.get_mut(&tried.label) {
                Some(observed) => *observed |= tried.observed,
                None => {
                    targets.insert(tried.label.clone(), tried.observed);
                }
            }
        }
        targets
    }

    /// The rulings, worst first, and what keeps them undecided.
    pub(super) fn finish(self) -> (Vec<Ruling>, Vec<NotTested>) {
        let mut shared = Shared::default();
        let mut finished: Vec<(Ruling, Vec<NotTested>)> = Vec::with_capacity(self.drafts.len());
        for draft in self.drafts {
            finished.push(finish(draft, self.ground, self.catalog, &mut shared));
        }
        finished.sort_by(|(a, _), (b, _)| {
            (b.verdict, b.severity, &a.requirement, &a.node).cmp(&(
                a.verdict,
                a.severity,
                &b.requirement,
                &b.node,
            ))
        });
        let mut rulings = Vec::with_capacity(finished.len());
        let mut not_tested = Vec::new();
        for (ruling, open) in finished {
            rulings.push(ruling);
            not_tested.extend(open);
        }
        (rulings, not_tested)
    }
}

/// Whether a target is used only between a node and its gateway, over a network that joins just the two.
fn carried(ground: &Ground<'_>, node: usize, gateway: &NodeId, target: &str) -> bool {
    let world = &ground.world;
    let id = &world.node(node).id;
    let ends_there = |flow: &&Flow| match (&flow.to.service, target.split_once('/')) {
        (Some(service), Some((at, name))) => flow.to.node.as_str() == at && service.as_str() == name,
        (None, Some((at, _))) => flow.to.node.as_str() == at,
        (_, None) => false,
    };
    let direct = |network: &NodeId| {
        let kind = world.find(network.as_str()).and_then(|n| world.node(n).network_kind.as_deref());
        kind.is_some_and(joins_two)
    };
    let mut uses = world
        .scenario
        .flows
        .iter()
        .filter(ends_there)
        .filter(|f| f.to.node == *id || f.from.node == *id)
        .peekable();
    uses.peek().is_some()
        && uses.all(|flow| {
            let other = if flow.to.node == *id { &flow.from.node } else { &flow.to.node };
            other == gateway && !flow.over.is_empty() && flow.over.iter().all(direct)
        })
}

fn finish(
    draft: Draft<'_>,
    ground: &Ground<'_>,
    catalog: &Catalog,
    shared: &mut Shared,
) -> (Ruling, Vec<NotTested>) {
    let verdict = draft.verdict();
    let node = ground.world.node(draft.node).id.clone();
    let open = not_tested(&draft, &node);
    let message = because(&draft, verdict);
    let mut trials = Vec::new();
    for part in draft.parts {
        for (check, severity, tried) in part.trials {
            let failed = tried.verdict == Verdict::Fail;
            trials.push(Trial {
                finding: failed.then(|| finding(&check, &tried.label)),
                check,
                aspect: part.aspect.clone(),
                target: tried.label,
                verdict: tried.verdict,
                severity: failed.then_some(severity),
                reason: reason(tried.said),
                evidence: tried.evidence,
            });
        }
    }
    trials.sort_by(|a, b| {
        (b.verdict, b.severity, &a.target, &a.check, &a.aspect)
            .cmp(&(a.verdict, a.severity, &b.target, &b.check, &b.aspect))
    });
    let severity = trials.iter().filter_map(|t| t.severity).max().filter(|_| verdict == Verdict::Fail);
    let requirement = catalog.requirements.get(&draft.requirement.id).unwrap_or(draft.requirement);
    let ruling = Ruling {
        requirement: requirement.id.clone(),
        node,
        applicability: draft.applicability,
        verdict,
        severity,
        reason: reason(message),
        only_with: draft.only_with,
        trials,
        cites: shared.cites(requirement),
        remedy: shared.remedy(requirement),
        disposition: Disposition::Open,
    };
    (ruling, open)
}

/// Why the ruling is what it is: the worst that was seen, else what is open, else what was shown.
fn because(draft: &Draft<'_>, verdict: Verdict) -> Message {
    let trials = || draft.parts.iter().flat_map(|p| &p.trials);
    match verdict {
        Verdict::Fail => {
            let failing = trials().filter(|(_, _, t)| t.verdict == Verdict::Fail);
            let worst = failing.max_by(|(a_check, a, a_tried), (b_check, b, b_tried)| {
                // Of equally grave ones the first in order stands for all.
                (a, &b_tried.label, b_check).cmp(&(b, &a_tried.label, a_check))
            });
            worst.map_or_else(|| own("nothing-there"), |(_, _, t)| t.said.clone())
        }
        Verdict::Inconclusive => {
            let parts = draft.parts.iter();
            let mut causes = parts.flat_map(|p| {
                let tried = p.trials.iter().filter_map(|(_, _, t)| t.cause.as_ref());
                tried.chain(p.open.as_ref())
            });
            // What a machine could still do is said before what only a person can.
            let first = causes.clone().find(|c| !c.by_hand()).or_else(|| causes.next());
            first.map_or_else(|| Cause::NothingThere.message(), Cause::message)
        }
        Verdict::Pass => {
            let failed = trials().filter(|(_, _, t)| t.verdict == Verdict::Fail).count();
            if let Some(gateway) = &draft.only_with {
                return own("only-with").with("gateway", gateway).with("failed", failed);
            }
            let checks: BTreeSet<_> = trials().map(|(check, _, _)| check).collect();
            let targets: BTreeSet<_> = trials().map(|(_, _, t)| &t.label).collect();
            own("passed").with("checks", checks.len()).with("targets", targets.len())
        }
    }
}

fn not_tested(draft: &Draft<'_>, node: &NodeId) -> Vec<NotTested> {
    let entry = |aspect: Option<&AspectId>, target: Option<&str>, cause: &Cause| NotTested {
        requirement: draft.requirement.id.clone(),
        node: node.clone(),
        aspect: aspect.cloned(),
        target: target.map(str::to_owned),
        reason: reason(cause.message()),
        next: cause.step().map_or_else(|| say(&cause.next()), str::to_owned),
        by_hand: cause.by_hand(),
    };
    let mut open: Vec<NotTested> = Vec::new();
    for part in &draft.parts {
        let tried =
            part.trials.iter().filter_map(|(_, _, t)| Some((Some(t.label.as_str()), t.cause.as_ref()?)));
        for (target, cause) in tried.chain(part.open.as_ref().map(|cause| (None, cause))) {
            let entry = entry(Some(&part.aspect), target, cause);
            // Several checks of one aspect are often kept from a target by the same thing.
            if !open.iter().rev().take(8).any(|known| *known == entry) {
                open.push(entry);
            }
        }
    }
    if draft.parts.is_empty() {
        open.push(entry(None, None, &Cause::NothingThere));
    }
    open
}

/// The same fault on the same target has the same id in every run.
fn finding(check: &CheckId, target: &str) -> FindingId {
    let whole = digest(format!("{check}\0{target}").as_bytes());
    let hex = whole.strip_prefix("sha256:").unwrap_or(&whole);
    FindingId::from(hex.chars().take(12).collect::<String>())
}
