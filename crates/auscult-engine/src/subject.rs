//! The world of a scenario: who stands where, in which class, and what ends at which service.
//!
//! Everything is indexed once, so that ten thousand nodes cost no more than ten thousand times one.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::net::IpAddr;

use auscult_facts::service::ServiceFacts;
use auscult_facts::{Declared, FlowInto, KeysElsewhere, PageOwed, ServiceSubject, Subject};
use auscult_model::scenario::{Flow, Node, Page, Scenario, Service};
use auscult_model::{Message, NodeKind, RiskClass, ServiceName, Transport};
use jiff::Timestamp;

use crate::words::own;

/// The class that a node is planned with, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Classed {
    pub(crate) class: RiskClass,
    pub(crate) because: ClassBecause,
}

/// What gave a node its class; numbers are places in `Scenario::nodes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClassBecause {
    /// The scenario says so.
    Declared,
    /// A gateway takes the highest class behind it.
    Behind(usize),
    /// Data of that node arrives here.
    FlowFrom(usize),
    /// Data of that node crosses the network.
    Crossing(usize),
    /// A process takes the highest class of all.
    Highest(usize),
    /// Nothing is known, so caution decides.
    Unknown,
}

/// A scenario with its indexes.
#[derive(Debug)]
pub(crate) struct World<'a> {
    pub(crate) scenario: &'a Scenario,
    by_id: HashMap<&'a str, usize>,
    services: HashMap<(usize, &'a str), &'a Service>,
    classes: Vec<Classed>,
    /// Legacy nodes behind each gateway.
    wrapped: HashMap<usize, Vec<usize>>,
    /// Flows that end at a service, by node and service.
    into: HashMap<(usize, &'a str), Vec<usize>>,
    /// Flows that begin at a node.
    out_of: HashMap<usize, Vec<usize>>,
    /// Flows that end at a node without saying at which of its services.
    unplaced: HashMap<usize, Vec<usize>>,
    /// Kinds of network that the flows of a node cross.
    crosses: HashMap<usize, BTreeSet<&'a str>>,
    /// Pages that stand on a service, by node and service: the node that owes them, and their place among its pages.
    published: HashMap<(usize, &'a str), Vec<(usize, usize)>>,
    /// Nodes at each address, in the order of the file.
    at: HashMap<IpAddr, Vec<usize>>,
}

impl<'a> World<'a> {
    pub(crate) fn new(scenario: &'a Scenario) -> Self {
        let by_id: HashMap<&str, usize> =
            scenario.nodes.iter().enumerate().map(|(n, node)| (node.id.as_str(), n)).collect();
        let classes = Classes::of(scenario, &by_id);
        let mut world = Self {
            scenario,
            by_id,
            services: HashMap::new(),
            classes,
            wrapped: HashMap::new(),
            into: HashMap::new(),
            out_of: HashMap::new(),
            unplaced: HashMap::new(),
            crosses: HashMap::new(),
            published: HashMap::new(),
            at: HashMap::new(),
        };
        world.index_nodes();
        world.index_flows();
        world
    }

    fn index_nodes(&mut self) {
        for (n, node) in self.scenario.nodes.iter().enumerate() {
            for service in &node.services {
                self.services.entry((n, service.name.as_str())).or_insert(service);
            }
            for (p, page) in node.pages.iter().enumerate() {
                if let Some((host, service)) = self.host(page) {
                    self.published.entry((host, service)).or_default().push((n, p));
                }
            }
            if let Some(address) = node.address {
                self.at.entry(address).or_default().push(n);
            }
            if node.legacy
                && let Some(gateway) = node.behind.as_ref().and_then(|g| self.find(g.as_str()))
            {
                self.wrapped.entry(gateway).or_default().push(n);
            }
        }
    }

    fn index_flows(&mut self) {
        for (f, flow) in self.scenario.flows.iter().enumerate() {
            let (from, to) = (self.find(flow.from.node.as_str()), self.find(flow.to.node.as_str()));
            for network in &flow.over {
                let Some(network) = self.find(network.as_str()) else { continue };
                let kind = kind_of(self.node(network));
                for end in [from, to].into_iter().flatten() {
                    self.crosses.entry(end).or_default().insert(kind);
                }
            }
            if let Some(from) = from {
                self.out_of.entry(from).or_default().push(f);
            }
            let Some(to) = to else { continue };
            match self.place(to, flow) {
                Some(service) => self.into.entry((to, service.name.as_str())).or_default().push(f),
                None => self.unplaced.entry(to).or_default().push(f),
            }
        }
        for (n, node) in self.scenario.nodes.iter().enumerate() {
            if node.kind == NodeKind::Network {
                self.crosses.entry(n).or_default().insert(kind_of(node));
            }
        }
    }

    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn node(&self, n: usize) -> &'a Node {
        &self.scenario.nodes[n]
    }

    pub(crate) fn classed(&self, n: usize) -> Classed {
        self.classes[n]
    }

    pub(crate) fn class_message(&self, n: usize) -> Message {
        let Classed { class, because } = self.classed(n);
        let message = match because {
            ClassBecause::Declared => own("class-declared"),
            ClassBecause::Behind(other) => own("class-behind").with("node", &self.node(other).id),
            ClassBecause::FlowFrom(other) => own("class-flow").with("node", &self.node(other).id),
            ClassBecause::Crossing(other) => own("class-crossing").with("node", &self.node(other).id),
            ClassBecause::Highest(other) => own("class-highest").with("node", &self.node(other).id),
            ClassBecause::Unknown => own("class-unknown"),
        };
        message.with("class", class)
    }

    /// Legacy nodes behind a gateway.
    pub(crate) fn wrapped(&self, n: usize) -> &[usize] {
        self.wrapped.get(&n).map_or(&[], Vec::as_slice)
    }

    /// Kinds of network that the flows of a node cross.
    pub(crate) fn crosses(&self, n: usize) -> Option<&BTreeSet<&'a str>> {
        self.crosses.get(&n)
    }

    /// The nodes that share the address of a node, itself among them; the first of them is swept for all.
    pub(crate) fn neighbours(&self, n: usize) -> &[usize] {
        self.node(n).address.and_then(|a| self.at.get(&a)).map_or(&[], Vec::as_slice)
    }

    /// The node of an address to which what nobody declares there is counted.
    pub(crate) fn leader(&self, n: usize) -> usize {
        let neighbours = self.neighbours(n);
        let swept = neighbours.iter().find(|m| self.node(**m).kind != NodeKind::Process);
        swept.or(neighbours.first()).copied().unwrap_or(n)
    }

    /// TCP ports that any node at the address of a node declares.
    pub(crate) fn declared_ports(&self, n: usize) -> BTreeSet<u16> {
        let own = [n];
        let neighbours = self.neighbours(n);
        let nodes = if neighbours.is_empty() { &own } else { neighbours };
        nodes.iter().flat_map(|m| tcp(self.node(*m))).map(|s| s.port).collect()
    }

    /// UDP ports that any node at the address of a node declares.
    pub(crate) fn declared_datagrams(&self, n: usize) -> BTreeSet<u16> {
        let own = [n];
        let neighbours = self.neighbours(n);
        let nodes = if neighbours.is_empty() { &own } else { neighbours };
        nodes.iter().flat_map(|m| udp(self.node(*m))).map(|s| s.port).collect()
    }

    /// Flows that begin at a node.
    pub(crate) fn flows_out(&self, n: usize) -> impl Iterator<Item = &'a Flow> + use<'a, '_> {
        self.out_of.get(&n).into_iter().flatten().map(|f| &self.scenario.flows[*f])
    }

    /// Flows that end at a node without saying at which of its services.
    pub(crate) fn flows_unplaced(&self, n: usize) -> impl Iterator<Item = &'a Flow> + use<'a, '_> {
        self.unplaced.get(&n).into_iter().flatten().map(|f| &self.scenario.flows[*f])
    }

    /// The service at which a flow ends; `None` when it names none and the node has none or several.
    pub(crate) fn end(&self, flow: &Flow) -> Option<(usize, Option<&'a Service>)> {
        let to = self.find(flow.to.node.as_str())?;
        Some((to, self.place(to, flow)))
    }

    fn place(&self, to: usize, flow: &Flow) -> Option<&'a Service> {
        match (&flow.to.service, self.node(to).services.as_slice()) {
            (Some(name), _) => self.services.get(&(to, name.as_str())).copied(),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    /// The node and the service on which a page stands.
    fn host(&self, page: &'a Page) -> Option<(usize, &'a str)> {
        Some((self.find(page.on.node.as_str())?, page.on.service.as_ref()?.as_str()))
    }

    /// The pages that a node's maker owes, each with the node and the service on which it stands.
    pub(crate) fn pages_of(
        &self,
        n: usize,
    ) -> impl Iterator<Item = (usize, &'a str, PageOwed)> + use<'a, '_> {
        self.node(n).pages.iter().filter_map(move |page| {
            let (host, service) = self.host(page)?;
            Some((host, service, self.owed(n, page)))
        })
    }

    /// How many pages stand on a service.
    pub(crate) fn published(&self, n: usize, service: &Service) -> u64 {
        self.published.get(&(n, service.name.as_str())).map_or(0, |pages| pages.len() as u64)
    }

    fn owed(&self, n: usize, page: &Page) -> PageOwed {
        let node = self.node(n);
        PageOwed {
            of: node.id.clone(),
            kind: page.kind,
            path: page.path.clone(),
            model: node.product.model.clone(),
            support_until: node.support_until,
        }
    }

    /// The node itself as a subject.
    pub(crate) fn subject(&self, n: usize, at: Timestamp, declared_ports: BTreeSet<u16>) -> Subject {
        let node = self.node(n);
        Subject {
            node: node.id.clone(),
            kind: node.kind,
            class: self.classes[n].class,
            setting: node.setting,
            address: node.address,
            host_names: node.host_names.clone(),
            legacy: node.legacy,
            behind: node.behind.clone(),
            wraps: self
                .wrapped(n)
                .iter()
                .flat_map(|m| &self.node(*m).services)
                .filter_map(|s| s.protocol.clone())
                .collect(),
            declared_ports,
            at,
            keys_elsewhere: KeysElsewhere::default(),
            service: None,
        }
    }

    /// A declared service with every flow that ends at it.
    pub(crate) fn service(&self, n: usize, service: &Service) -> ServiceSubject {
        let into = self.into.get(&(n, service.name.as_str()));
        let flows = into.into_iter().flatten().map(|f| self.flow_into(&self.scenario.flows[*f])).collect();
        let published = self.published.get(&(n, service.name.as_str()));
        let pages = published.into_iter().flatten().filter_map(|&(of, p)| {
            let page = self.node(of).pages.get(p)?;
            Some(self.owed(of, page))
        });
        ServiceSubject { pages: pages.collect(), ..declared(service, flows) }
    }

    /// What a service knows of a flow that ends at it.
    pub(crate) fn flow_into(&self, flow: &Flow) -> FlowInto {
        let from = self.find(flow.from.node.as_str());
        FlowInto {
            from: flow.from.node.clone(),
            data: flow.data.clone(),
            over: flow
                .over
                .iter()
                .filter_map(|network| Some(kind_of(self.node(self.find(network.as_str())?)).to_owned()))
                .collect(),
            from_wrapping_gateway: from
                .is_some_and(|n| self.node(n).kind == NodeKind::Gateway && !self.wrapped(n).is_empty()),
        }
    }
}

/// A declared service with the flows given.
pub(crate) fn declared(service: &Service, flows: Vec<FlowInto>) -> ServiceSubject {
    ServiceSubject {
        name: service.name.clone(),
        port: service.port,
        transport: service.transport,
        declared: Some(Declared {
            protocol: service.protocol.clone(),
            tls: service.tls,
            client_certificate: service.client_certificate,
            purpose: service.purpose.clone(),
            base: service.base.clone(),
            ae_title: service.ae_title.clone(),
            logins: service.logins.clone(),
            apis: service.apis.clone(),
        }),
        recognised: None,
        tls_seen: None,
        flows,
        pages: Vec::new(),
    }
}

/// A TCP service that nobody declares.
pub(crate) fn undeclared(port: u16) -> ServiceSubject {
    ServiceSubject {
        name: undeclared_name(port),
        port,
        transport: Transport::Tcp,
        declared: None,
        recognised: None,
        tls_seen: None,
        flows: Vec::new(),
        pages: Vec::new(),
    }
}

/// A UDP service that nobody declares.
pub(crate) fn undeclared_datagram(port: u16) -> ServiceSubject {
    ServiceSubject {
        name: ServiceName::from(format!("udp-{port}")),
        transport: Transport::Udp,
        ..undeclared(port)
    }
}

/// The name of a TCP service that nobody declares.
pub(crate) fn undeclared_name(port: u16) -> ServiceName {
    ServiceName::from(format!("tcp-{port}"))
}

/// Adds to a service what it was recognised as.
pub(crate) fn recognise(service: &mut ServiceSubject, facts: &ServiceFacts) {
    service.recognised.clone_from(&facts.protocol);
    service.tls_seen = facts.tls;
}

/// The TCP services that a node declares.
pub(crate) fn tcp(node: &Node) -> impl Iterator<Item = &Service> {
    node.services.iter().filter(|s| s.transport == Transport::Tcp)
}

/// The UDP services that a node declares.
pub(crate) fn udp(node: &Node) -> impl Iterator<Item = &Service> {
    node.services.iter().filter(|s| s.transport == Transport::Udp)
}

fn kind_of(network: &Node) -> &str {
    network.network_kind.as_deref().unwrap_or("unknown")
}

/// Gives every node its class.
struct Classes<'a> {
    scenario: &'a Scenario,
    by_id: &'a HashMap<&'a str, usize>,
    found: Vec<Option<Classed>>,
    behind: Vec<Option<usize>>,
    /// Gateways with something behind them.
    fronts: BTreeSet<usize>,
    /// Where the flows of each node end.
    ends: HashMap<usize, Vec<usize>>,
}

impl<'a> Classes<'a> {
    fn of(scenario: &'a Scenario, by_id: &'a HashMap<&'a str, usize>) -> Vec<Classed> {
        let find = |id: &str| by_id.get(id).copied();
        let behind: Vec<_> =
            scenario.nodes.iter().map(|n| n.behind.as_ref().and_then(|g| find(g.as_str()))).collect();
        let mut ends: HashMap<usize, Vec<usize>> = HashMap::new();
        for flow in &scenario.flows {
            if let (Some(from), Some(to)) = (find(flow.from.node.as_str()), find(flow.to.node.as_str())) {
                ends.entry(from).or_default().push(to);
            }
        }
        let mut classes = Self {
            scenario,
            by_id,
            found: scenario
                .nodes
                .iter()
                .map(|n| n.class.map(|class| Classed { class, because: ClassBecause::Declared }))
                .collect(),
            fronts: behind.iter().flatten().copied().collect(),
            behind,
            ends,
        };
        for (n, node) in scenario.nodes.iter().enumerate() {
            if node.kind == NodeKind::Device && node.class.is_none() {
                classes.found[n] = Some(UNKNOWN);
            }
        }
        classes.spread();
        for (n, node) in scenario.nodes.iter().enumerate() {
            if matches!(node.kind, NodeKind::Gateway | NodeKind::Cloud) && classes.found[n].is_none() {
                classes.found[n] = Some(UNKNOWN);
            }
        }
        classes.spread();
        classes.cross_networks();
        classes.take_highest();
        classes.found.into_iter().map(|c| c.unwrap_or(UNKNOWN)).collect()
    }

    /// Carries classes up to gateways and along flows until nothing rises any more.
    ///
    /// A class only rises, and there are four, so that this ends also where nodes stand behind each other in a ring.
    fn spread(&mut self) {
        let mut waiting: VecDeque<usize> =
            (0..self.found.len()).filter(|n| self.found[*n].is_some()).collect();
        while let Some(n) = waiting.pop_front() {
            let Some(Classed { class, .. }) = self.found[n] else { continue };
            if let Some(gateway) = self.behind[n]
                && self.scenario.nodes[gateway].kind == NodeKind::Gateway
                && self.raise(gateway, class, ClassBecause::Behind(n))
            {
                waiting.push_back(gateway);
            }
            for end in self.ends.get(&n).cloned().unwrap_or_default() {
                let node = &self.scenario.nodes[end];
                let takes = match node.kind {
                    NodeKind::Cloud => true,
                    NodeKind::Gateway => !self.fronts.contains(&end),
                    NodeKind::Device | NodeKind::Network | NodeKind::Process => false,
                };
                if takes && node.class.is_none() && self.raise(end, class, ClassBecause::FlowFrom(n)) {
                    waiting.push_back(end);
                }
            }
        }
    }

    fn cross_networks(&mut self) {
        for flow in &self.scenario.flows {
            for end in [&flow.from.node, &flow.to.node] {
                let Some(end) = self.by_id.get(end.as_str()).copied() else { continue };
                let Some(Classed { class, .. }) = self.found[end] else { continue };
                for network in &flow.over {
                    if let Some(network) = self.by_id.get(network.as_str()).copied()
                        && self.scenario.nodes[network].kind == NodeKind::Network
                    {
                        self.raise(network, class, ClassBecause::Crossing(end));
                    }
                }
            }
        }
    }

    fn take_highest(&mut self) {
        let mut highest: Option<(RiskClass, usize)> = None;
        for (n, node) in self.scenario.nodes.iter().enumerate() {
            if node.kind != NodeKind::Process
                && let Some(Classed { class, .. }) = self.found[n]
                && highest.is_none_or(|(so_far, _)| class > so_far)
            {
                highest = Some((class, n));
            }
        }
        let Some((class, from)) = highest else { return };
        for (n, node) in self.scenario.nodes.iter().enumerate() {
            if node.kind == NodeKind::Process {
                self.raise(n, class, ClassBecause::Highest(from));
            }
        }
    }

    fn raise(&mut self, n: usize, class: RiskClass, because: ClassBecause) -> bool {
        let rises = self.found[n].is_none_or(|c| class > c.class);
        if rises {
            self.found[n] = Some(Classed { class, because });
        }
        rises
    }
}

/// Without any hint a node is taken to be able to do much harm.
const UNKNOWN: Classed = Classed { class: RiskClass::III, because: ClassBecause::Unknown };
