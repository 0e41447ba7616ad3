//! The plan: what will be done to each node and why, before anything is done.
//!
//! Nodes of the same kind, class, setting and traits have the same requirements; a plan holds these once, as a
//! profile, so that a plan for ten thousand nodes stays small.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use auscult_catalog::{By, Catalog};
use auscult_facts::bench::PermitBecause;
use auscult_facts::client::Play;
use auscult_facts::datagrams::{self, WELL_KNOWN};
use auscult_facts::{Scope, Subject};
use auscult_impostor::{Bytes, Images};
use auscult_model::assessment::{Reason, RequirementSummary};
use auscult_model::scenario::{Scenario, SetUp};
use auscult_model::{
    AspectId, CheckId, Force, Impact, Message, NodeId, NodeKind, Pace, RequirementId, RiskClass, ServiceName,
    Setting, Stage, Transport,
};
use auscult_probe::{Bound, Depth, datagram};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::applicability::{Mentioned, Profile, why};
use crate::checks::Covering;
use crate::field::{self, Field, MAX_UNDECLARED, plus, times};
use crate::perimeter::{self, Perimeter};
use crate::permit::{self, Allowance, Wish};
use crate::run::PLAYED_AT;
use crate::subject::{World, tcp, udp};
use crate::words::{own, reason};

/// What a plan is made for.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// When the work begins.
    pub at: Timestamp,
    /// How deep to look.
    pub depth: Depth,
    /// No rougher than this, whatever is authorised.
    pub impact: Option<Impact>,
    /// Only these nodes.
    pub nodes: Option<BTreeSet<NodeId>>,
    /// No ports but those declared: quicker and gentler, and what nobody declared stays unseen.
    pub declared_only: bool,
    /// Images that are offered as updates, by the folder that the scenario names.
    pub images: BTreeMap<String, Images>,
    /// Messages that are sent to devices, one of them twice, by the file that the scenario names.
    pub messages: BTreeMap<String, Bytes>,
}

impl PlanOptions {
    /// All that is authorised at that time, at the depth that a verdict needs.
    pub fn new(at: Timestamp) -> Self {
        Self {
            at,
            depth: Depth::Verdict,
            impact: None,
            nodes: None,
            declared_only: false,
            images: BTreeMap::new(),
            messages: BTreeMap::new(),
        }
    }

    pub(crate) fn wish(&self) -> Wish {
        Wish {
            at: self.at,
            impact: self.impact,
            nodes: self.nodes.clone(),
            declared_only: self.declared_only,
        }
    }
}

/// What will be done to each node and why.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// Always `auscult/plan/v1`.
    pub schema: &'static str,
    /// Title of the scenario.
    pub title: String,
    /// Status quo or target.
    pub stage: Stage,
    /// Where it plays, unless a node says otherwise.
    pub setting: Setting,
    /// Version of the catalog.
    pub catalog: String,
    /// When the work begins.
    pub at: Timestamp,
    /// `verdict` or `inventory`.
    pub depth: &'static str,
    /// Who authorised the work, where anybody did.
    pub authorised_by: Option<String>,
    /// Last day of the authorisation.
    pub authorised_until: Option<Date>,
    /// The nodes in the order of the scenario.
    pub nodes: Vec<NodePlan>,
    /// What applies to nodes of the same kind; a node names its place in this list.
    pub profiles: Vec<ProfilePlan>,
    /// How each requirement that applies to some node is decided.
    pub requirements: BTreeMap<RequirementId, RequirementPlan>,
    /// How far a machine decides the perimeter tests of ETSI TS 103 701.
    pub perimeter: Vec<Perimeter>,
    /// Most that goes to all nodes together.
    pub totals: Totals,
}

/// Most that goes to all nodes together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Nodes that will be touched.
    pub touched: u64,
    /// Connections at most.
    pub connections: u64,
    /// Packets at most.
    pub packets: u64,
    /// Pairs of requirement and node that apply.
    pub applicable: u64,
    /// Pairs that do not.
    pub not_applicable: u64,
}

/// What will be done to one node.
#[derive(Clone, Debug, Serialize)]
pub struct NodePlan {
    /// The node.
    pub id: NodeId,
    /// What people call it.
    pub name: String,
    /// Its role.
    pub kind: NodeKind,
    /// Class it is planned with.
    pub class: RiskClass,
    /// Why that class.
    pub class_because: Reason,
    /// Where it is used.
    pub setting: Setting,
    /// Its address.
    pub address: Option<std::net::IpAddr>,
    /// Roughest step allowed.
    pub allowed: Impact,
    /// What set that.
    pub permit: PermitBecause,
    /// The same in words.
    pub permit_because: Reason,
    /// Pace kept.
    pub pace: Pace,
    /// Whether every TCP port is asked, or only those declared.
    pub every_port: bool,
    /// UDP ports that are asked, each in its usual protocol, though nobody declares them.
    pub usual_datagrams: Vec<u16>,
    /// Most connections opened to it: a true upper bound, whatever its services turn out to be.
    pub connections: u64,
    /// Most packets sent to it.
    pub packets: u64,
    /// Connections for looking at its declared services, if they are what they are declared to be.
    pub expected_connections: u64,
    /// Its place in the list of profiles: which requirements apply to it.
    pub profile: usize,
    /// Checks on the node as a whole.
    pub checks: Arc<[CheckId]>,
    /// The program of the tester's own machine that is asked whether the node is healthy, with its arguments; only where
    /// the node is treated badly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub health_command: Vec<String>,
    /// Its declared services.
    pub services: Vec<ServicePlan>,
    /// Far ends that are played towards it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub impostors: Vec<ImpostorPlan>,
    /// Updates that are offered to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update: Option<UpdatePlan>,
    /// Messages that are sent to it, one of them twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<ReplayPlan>,
    /// The gateway with which alone failures of this legacy node may pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_with: Option<NodeId>,
}

/// What will be done to one declared service.
#[derive(Clone, Debug, Serialize)]
pub struct ServicePlan {
    /// Its name.
    pub name: ServiceName,
    /// `tcp/8883`.
    pub port: String,
    /// Protocol as declared.
    pub protocol: Option<String>,
    /// Declared to speak TLS.
    pub tls: bool,
    /// Who will look at it, if it is what it is declared to be.
    pub visits: Arc<[Visit]>,
    /// Checks that judge what is seen there.
    pub checks: Arc<[CheckId]>,
    /// Why nobody looks at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untouched: Option<Reason>,
}

/// One far end that is played towards a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImpostorPlan {
    /// Whom auscult plays.
    pub far: String,
    /// Where it listens.
    pub listen: std::net::SocketAddr,
    /// What is played, in order.
    pub plays: Vec<auscult_facts::client::Play>,
    /// Most packets that go to the node; all but orders to dial are answers.
    pub packets: u64,
    /// Most seconds that it takes.
    pub seconds: u64,
    /// What a person has to do before.
    pub step: Reason,
    /// Why nothing is played.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untouched: Option<Reason>,
}

/// Updates that are offered to a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UpdatePlan {
    /// Whom auscult plays.
    pub far: String,
    /// What is offered, in order; none where the images were not read.
    pub offers: Vec<auscult_facts::update::Image>,
    /// Most packets that go to the node for it.
    pub packets: u64,
    /// Most seconds that it takes.
    pub seconds: u64,
}

/// Messages that are sent to a node, one of them twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReplayPlan {
    /// Whom auscult plays.
    pub far: String,
    /// What is sent, in order.
    pub sends: [auscult_facts::replay::Sent; 5],
    /// Most packets that go to the node for it.
    pub packets: u64,
    /// Most seconds that it takes.
    pub seconds: u64,
}

/// One observer on one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Visit {
    /// Name and version.
    pub observer: &'static str,
    /// Kind of facts that it writes.
    pub kind: &'static str,
    /// Least impact with which it does anything.
    pub impact: Impact,
    /// Connections at most.
    pub connections: u64,
    /// Packets at most.
    pub packets: u64,
}

/// What applies to nodes of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct ProfilePlan {
    /// Requirements that apply, with the reason.
    pub applies: Vec<Applying>,
    /// Requirements that do not, with the reason.
    pub not_applicable: Vec<NotApplying>,
}

/// A requirement that applies.
#[derive(Clone, Debug, Serialize)]
pub struct Applying {
    /// The requirement.
    pub requirement: RequirementId,
    /// How strongly.
    pub force: Force,
    /// Why.
    #[serde(flatten)]
    pub reason: Arc<Reason>,
}

/// A requirement that does not apply.
#[derive(Clone, Debug, Serialize)]
pub struct NotApplying {
    /// The requirement.
    pub requirement: RequirementId,
    /// Why.
    #[serde(flatten)]
    pub reason: Arc<Reason>,
}

/// How a requirement is decided.
#[derive(Clone, Debug, Serialize)]
pub struct RequirementPlan {
    /// Title, area and intent.
    #[serde(flatten)]
    pub summary: RequirementSummary,
    /// Its parts.
    pub aspects: Vec<AspectPlan>,
}

/// How one part of a requirement is decided.
#[derive(Clone, Debug, Serialize)]
pub struct AspectPlan {
    /// Its id.
    pub id: AspectId,
    /// Title in the good state.
    pub title: String,
    /// Checks that decide it; none where a person does, or where no check exists yet.
    pub checks: Vec<CheckId>,
    /// Whether a person has to do it.
    pub by_hand: bool,
    /// What the person does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
}

/// Makes the plan; nothing is sent.
pub fn plan(scenario: &Scenario, catalog: &Catalog, options: &PlanOptions) -> Plan {
    plan_for(scenario, catalog, options, Field::live(), Covering::live())
}

pub(crate) fn plan_for(
    scenario: &Scenario,
    catalog: &Catalog,
    options: &PlanOptions,
    field: Field,
    covering: &Covering,
) -> Plan {
    let world = World::new(scenario);
    let mut planner = Planner {
        allowances: permit::allowances(&world, &options.wish()),
        world: &world,
        catalog,
        options,
        field,
        covering,
        mentioned: Mentioned::by(catalog),
        profiles: HashMap::new(),
        plans: Vec::new(),
        words: HashMap::new(),
        worst: HashMap::new(),
        same: HashMap::new(),
    };
    let nodes: Vec<NodePlan> = (0..scenario.nodes.len()).map(|n| planner.node(n)).collect();
    let profiles = planner.plans;
    let mut totals = Totals::default();
    for node in &nodes {
        totals.touched += u64::from(node.allowed > Impact::Passive);
        totals.connections = totals.connections.saturating_add(node.connections);
        totals.packets = totals.packets.saturating_add(node.packets);
        totals.applicable += profiles[node.profile].applies.len() as u64;
        totals.not_applicable += profiles[node.profile].not_applicable.len() as u64;
    }
    let applying: BTreeSet<&RequirementId> =
        profiles.iter().flat_map(|p| &p.applies).map(|a| &a.requirement).collect();
    Plan {
        schema: "auscult/plan/v1",
        title: scenario.title.clone(),
        stage: scenario.stage,
        setting: scenario.setting,
        catalog: catalog.version.clone(),
        at: options.at,
        depth: match options.depth {
            Depth::Verdict => "verdict",
            Depth::Inventory => "inventory",
        },
        authorised_by: scenario.authorisation.as_ref().map(|a| a.by.clone()),
        authorised_until: scenario.authorisation.as_ref().map(|a| a.until),
        requirements: applying
            .into_iter()
            .filter_map(|id| Some((id.clone(), requirement_plan(catalog, covering, id)?)))
            .collect(),
        perimeter: perimeter::table(catalog, covering),
        nodes,
        profiles,
        totals,
    }
}

fn requirement_plan(catalog: &Catalog, covering: &Covering, id: &RequirementId) -> Option<RequirementPlan> {
    let requirement = catalog.requirements.get(id)?;
    let aspects = requirement.aspects.iter().map(|aspect| {
        let by_hand = aspect.by == By::Hand;
        let checks = if by_hand { Vec::new() } else { covering.ids(id, &aspect.id) };
        AspectPlan {
            id: aspect.id.clone(),
            title: aspect.title.clone(),
            checks,
            by_hand,
            step: aspect.step.clone(),
        }
    });
    Some(RequirementPlan {
        summary: RequirementSummary {
            title: requirement.title.clone(),
            area: requirement.area.clone(),
            intent: requirement.intent.clone(),
        },
        aspects: aspects.collect(),
    })
}

/// Most connections and packets that go to one node.
///
/// INVARIANT: `run` sends no more: the sweep and the oracle count for the node that is swept for its address, and at
/// most [`MAX_UNDECLARED`] services beside the declared ones are looked at, and as many UDP ports as are usual.
pub(crate) fn most(
    world: &World<'_>,
    n: usize,
    allowance: Allowance,
    field: Field,
    (any_service, any_datagram): (Bound, Bound),
    swept_by: usize,
    images: &BTreeMap<String, Images>,
) -> Bound {
    if allowance.allowed < Impact::Touch {
        return Bound::default();
    }
    let limits = (field.limits)(allowance.pace);
    let mut services = tcp(world.node(n)).count() as u64;
    let mut over_udp = udp(world.node(n)).count() as u64;
    let mut most = Bound::default();
    if swept_by == n {
        let every_port = every_port(world, n, allowance);
        let declared = world.declared_ports(n).len();
        most = plus(
            field::sweep_bound(allowance.allowed, allowance.pace, declared, every_port),
            field::oracle_bound(&limits),
        );
        services += if every_port { MAX_UNDECLARED } else { 0 };
        over_udp += if every_port { WELL_KNOWN.len() as u64 } else { 0 };
    }
    most = plus(most, times(any_service, services));
    most = plus(most, times(any_datagram, over_udp));
    for service in tcp(world.node(n)) {
        most = plus(most, field.pages(allowance.allowed, world.published(n, service)));
    }
    if allowance.allowed >= PLAYED_AT {
        for impostor in &world.node(n).impostors {
            most = plus(most, field::impostor_bound(impostor));
        }
        if let Some(update) = &world.node(n).update {
            most = plus(most, field::update_bound(update, world.node(n), images));
        }
        if let Some(replay) = &world.node(n).replay {
            most = plus(most, field::replay_bound(replay, world.node(n)));
        }
    }
    // Connects on their way when the budget ran out are the only ones beyond it.
    let budget = limits.budget.connections + limits.sweep.max(limits.parallel) as u64;
    Bound { connections: most.connections.min(budget), packets: most.packets }
}

/// Whether a node is asked for every TCP port, not only for those declared.
///
/// A process is not: its address is often that of somebody who did not authorise anything.
pub(crate) fn every_port(world: &World<'_>, n: usize, allowance: Allowance) -> bool {
    !allowance.declared_only
        && world.node(n).kind != NodeKind::Process
        && field::reaches_beyond(allowance.allowed, allowance.pace)
}

/// UDP ports that are asked at the address of a node though nobody there declares them.
pub(crate) fn usual_datagrams(world: &World<'_>, n: usize, allowance: Allowance) -> Vec<u16> {
    if !every_port(world, n, allowance) {
        return Vec::new();
    }
    let (declared, host) = (world.declared_datagrams(n), &world.scenario.host_ports);
    let usual = WELL_KNOWN.iter().map(|(port, _)| *port);
    usual.filter(|port| !declared.contains(port) && !host.contains(port)).collect()
}

struct Planner<'p, 'a> {
    world: &'p World<'a>,
    catalog: &'a Catalog,
    options: &'p PlanOptions,
    field: Field,
    covering: &'p Covering,
    allowances: Vec<Allowance>,
    mentioned: Mentioned<'a>,
    profiles: HashMap<Profile, usize>,
    plans: Vec<ProfilePlan>,
    /// Reasons that many nodes share, said once.
    words: HashMap<Message, Arc<Reason>>,
    worst: HashMap<Impact, (Bound, Bound)>,
    /// Lists of checks and visits that many services share.
    same: HashMap<Vec<CheckId>, Arc<[CheckId]>>,
}

impl Planner<'_, '_> {
    fn node(&mut self, n: usize) -> NodePlan {
        let node = self.world.node(n);
        let allowance = self.allowances[n];
        let profile = self.profile(n);
        let (depth, field) = (self.options.depth, self.field);
        let any = *self.worst.entry(allowance.allowed).or_insert_with(|| {
            (field.any_service(depth, allowance.allowed), field.any_datagram(depth, allowance.allowed))
        });
        let swept_by = swept_by(self.world, n, &self.allowances);
        let most = most(self.world, n, allowance, field, any, swept_by, &self.options.images);
        let subject = self.world.subject(n, self.options.at, BTreeSet::new());
        let checks = self.checks(&subject);
        let mut expected = 0u64;
        let mut services = Vec::with_capacity(node.services.len());
        for service in &node.services {
            let of_it = self.world.service(n, service);
            let least = match service.transport {
                Transport::Tcp => Impact::Touch,
                Transport::Udp => Impact::Safe,
            };
            let visited = allowance.allowed >= least;
            let subject = Subject { service: Some(of_it), ..subject.clone() };
            let visits = if visited { self.visits(&subject, allowance.allowed) } else { Vec::new() };
            expected += visits.iter().map(|v| v.connections).sum::<u64>();
            services.push(ServicePlan {
                name: service.name.clone(),
                port: format!("{}/{}", service.transport, service.port),
                protocol: service.protocol.clone(),
                tls: service.tls,
                visits: visits.into(),
                checks: self.checks(&subject),
                untouched: (!visited).then(|| self.untouched(service.transport, allowance)),
            });
        }
        NodePlan {
            id: node.id.clone(),
            name: node.name.clone(),
            kind: node.kind,
            class: self.world.classed(n).class,
            class_because: self.say(self.world.class_message(n)).as_ref().clone(),
            setting: node.setting,
            address: node.address,
            allowed: allowance.allowed,
            permit: allowance.because,
            permit_because: self.say(permit::message(allowance.allowed, allowance.because)).as_ref().clone(),
            pace: allowance.pace,
            every_port: swept_by == n && every_port(self.world, n, allowance),
            usual_datagrams: if swept_by == n {
                usual_datagrams(self.world, n, allowance)
            } else {
                Vec::new()
            },
            connections: most.connections,
            packets: most.packets,
            expected_connections: expected,
            profile,
            checks,
            health_command: match allowance.allowed {
                Impact::Disruptive => node.health_command.clone(),
                _ => Vec::new(),
            },
            services,
            impostors: self.impostors(n, allowance),
            update: self.update(n, allowance),
            replay: self.replay(n, allowance),
            only_with: node.behind.clone().filter(|_| node.legacy),
        }
    }

    fn update(&self, n: usize, allowance: Allowance) -> Option<UpdatePlan> {
        let node = self.world.node(n);
        let update = node.update.as_ref().filter(|_| allowance.allowed >= PLAYED_AT)?;
        let images = self.options.images.get(&update.images);
        Some(UpdatePlan {
            far: update.far.label(),
            offers: images.into_iter().flat_map(|i| i.keys()).copied().collect(),
            packets: field::update_bound(update, node, &self.options.images).packets,
            seconds: field::update_seconds(update, node, images),
        })
    }

    fn replay(&self, n: usize, allowance: Allowance) -> Option<ReplayPlan> {
        let node = self.world.node(n);
        let replay = node.replay.as_ref().filter(|_| allowance.allowed >= PLAYED_AT)?;
        Some(ReplayPlan {
            far: replay.far.label(),
            sends: auscult_facts::replay::Sent::ALL,
            packets: field::replay_bound(replay, node).packets,
            seconds: field::replay_seconds(replay, node),
        })
    }

    fn impostors(&mut self, n: usize, allowance: Allowance) -> Vec<ImpostorPlan> {
        let played = allowance.allowed >= PLAYED_AT;
        let node = self.world.node(n);
        let plans = node.impostors.iter().map(|impostor| {
            let wait = std::time::Duration::from_secs(impostor.wait_seconds.into());
            let step = own(match impostor.set_up {
                SetUp::Told => "impostor-told",
                SetUp::Dns => "impostor-dns",
                SetUp::Inline => "impostor-inline",
            })
            .with("node", &node.id)
            .with("far", impostor.far.label())
            .with("listen", impostor.listen)
            .with("dns", impostor.dns.map_or_else(String::new, |d| d.to_string()))
            .with("ca", &impostor.ca);
            let untouched = match allowance.because {
                PermitBecause::Authorised => {
                    own("needs-more").with("allowed", allowance.allowed).with("needed", PLAYED_AT)
                }
                because => permit::message(allowance.allowed, because),
            };
            ImpostorPlan {
                far: impostor.far.label(),
                listen: impostor.listen,
                plays: auscult_impostor::PLAYS
                    .into_iter()
                    .filter(|play| *play != Play::WrongTime || impostor.ntp.is_some())
                    .collect(),
                packets: field::impostor_bound(impostor).packets,
                seconds: auscult_impostor::most_seconds(wait),
                step: reason(step),
                untouched: (!played).then(|| reason(untouched)),
            }
        });
        plans.collect()
    }

    fn untouched(&mut self, transport: Transport, allowance: Allowance) -> Reason {
        let message = match (transport, allowance.allowed) {
            // It may be touched, and over UDP the least that can be said is a request.
            (Transport::Udp, Impact::Touch) => own("udp-needs-safe"),
            _ => permit::message(allowance.allowed, allowance.because),
        };
        self.say(message).as_ref().clone()
    }

    fn visits(&self, subject: &Subject, allowed: Impact) -> Vec<Visit> {
        let over_udp = subject.service.as_ref().is_some_and(|s| s.transport == Transport::Udp);
        let (observer, impact, recognise) = match over_udp {
            false => (field::RECOGNISER, Impact::Touch, field::recognise_bound(allowed)),
            true => (field::DATAGRAMS, Impact::Safe, datagram::bound(allowed)),
        };
        let mut visits = vec![Visit {
            observer,
            kind: "service",
            impact,
            connections: recognise.connections,
            packets: recognise.packets,
        }];
        for observer in self.field.observers {
            let speaks_it = over_udp == datagrams::KINDS.contains(&observer.kind());
            if speaks_it && observer.impact() <= allowed && observer.scope().holds(subject) {
                let bound = match (observer.scope(), &subject.service) {
                    (Scope::Pages, Some(service)) => self.field.pages(allowed, service.pages.len() as u64),
                    _ => observer.bound(self.options.depth, allowed),
                };
                visits.push(Visit {
                    observer: observer.name(),
                    kind: observer.kind(),
                    impact: observer.impact(),
                    connections: bound.connections,
                    packets: bound.packets,
                });
            }
        }
        visits
    }

    fn checks(&mut self, subject: &Subject) -> Arc<[CheckId]> {
        let ids: Vec<CheckId> =
            self.covering.all().iter().filter(|c| c.selects(subject)).map(|c| c.meta().id.clone()).collect();
        if let Some(same) = self.same.get(&ids) {
            return Arc::clone(same);
        }
        let list: Arc<[CheckId]> = ids.clone().into();
        self.same.insert(ids, Arc::clone(&list));
        list
    }

    fn profile(&mut self, n: usize) -> usize {
        let profile = Profile::of(self.world, n, std::iter::empty()).narrowed(&self.mentioned);
        if let Some(known) = self.profiles.get(&profile) {
            return *known;
        }
        let mut plan = ProfilePlan { applies: Vec::new(), not_applicable: Vec::new() };
        for requirement in self.catalog.requirements.values() {
            let why = why(requirement, &profile);
            let reason = self.say(why.message(requirement, &profile));
            let requirement = requirement.id.clone();
            match why.force() {
                Some(force) => plan.applies.push(Applying { requirement, force, reason }),
                None => plan.not_applicable.push(NotApplying { requirement, reason }),
            }
        }
        let place = self.plans.len();
        self.plans.push(plan);
        self.profiles.insert(profile, place);
        place
    }

    fn say(&mut self, message: Message) -> Arc<Reason> {
        if let Some(said) = self.words.get(&message) {
            return Arc::clone(said);
        }
        let said = Arc::new(reason(message.clone()));
        self.words.insert(message, Arc::clone(&said));
        said
    }
}

/// The node that is swept for the address of a node: the first one there that is not left out.
pub(crate) fn swept_by(world: &World<'_>, n: usize, allowances: &[Allowance]) -> usize {
    let taking_part = |m: &&usize| allowances[**m].because != PermitBecause::LeftOut;
    let neighbours = world.neighbours(n);
    let swept = neighbours.iter().filter(taking_part).find(|m| world.node(**m).kind != NodeKind::Process);
    swept.or_else(|| neighbours.iter().find(taking_part)).copied().unwrap_or(n)
}
