//! The ground that judging stands on: each node with its services, declared and found, and what is known of them.

use std::collections::BTreeSet;

use auscult_facts::bench::PermitFacts;
use auscult_facts::datagrams::{DatagramState, DatagramsFacts};
use auscult_facts::liveness::LivenessFacts;
use auscult_facts::ports::{PortState, PortsFacts};
use auscult_facts::service::ServiceFacts;
use auscult_facts::tls::{ClientCertificate, TlsFacts};
use auscult_facts::{Facts, FlowInto, PageOwed, ServiceSubject, Subject};
use auscult_model::scenario::Scenario;
use auscult_model::{ServiceName, Transport};

use super::keys::Keys;
use crate::evidence::Evidence;
use crate::field::MAX_FOUND;
use crate::subject::{World, recognise, undeclared, undeclared_datagram, undeclared_name};

/// Everything that is known.
pub(super) struct Ground<'a> {
    pub(super) world: World<'a>,
    pub(super) evidence: &'a Evidence,
    pub(super) nodes: Vec<NodeGround>,
    pub(super) keys: Keys,
}

/// What is known of one node.
pub(super) struct NodeGround {
    pub(super) subject: Subject,
    pub(super) services: Vec<ServiceGround>,
    pub(super) permit: Option<PermitFacts>,
    pub(super) liveness: Option<LivenessFacts>,
    pub(super) ports: Option<PortsFacts>,
    /// Every TCP port was asked, and whatever is open was recognised: what was not found is not there.
    pub(super) nothing_hidden: bool,
    /// Every usual UDP port was asked, and answered or is closed; whatever answered was recognised.
    pub(super) no_datagram_hidden: bool,
}

/// What is known of one service.
pub(super) struct ServiceGround {
    pub(super) service: ServiceSubject,
    /// State of its port; `None` when it is not known.
    pub(super) state: Option<PortState>,
    /// Whether it is known what it speaks, or why that cannot be known from outside.
    settled: bool,
}

impl<'a> Ground<'a> {
    pub(super) fn new(scenario: &'a Scenario, evidence: &'a Evidence) -> Self {
        let world = World::new(scenario);
        let nodes: Vec<_> = (0..scenario.nodes.len()).map(|n| node(&world, evidence, n)).collect();
        let keys = Keys::seen(evidence, &nodes);
        let mut ground = Self { world, evidence, nodes, keys };
        for n in 0..ground.nodes.len() {
            ground.nodes[n].nothing_hidden = ground.nothing_hidden(n);
            ground.nodes[n].no_datagram_hidden = ground.no_datagram_hidden(n);
        }
        ground
    }

    /// The service at which a declared flow ends, as it is known, with the flows given.
    pub(super) fn far(&self, n: usize, service: &str, flows: Vec<FlowInto>) -> Option<ServiceSubject> {
        let known = self.nodes[n].service(service)?;
        Some(ServiceSubject { flows, ..known.service.clone() })
    }

    /// The service on which a page is declared to stand, as it is known, with that page alone.
    pub(super) fn publishing(&self, n: usize, service: &str, page: PageOwed) -> Option<ServiceSubject> {
        let known = self.nodes[n].service(service)?;
        Some(ServiceSubject { pages: vec![page], ..known.service.clone() })
    }

    fn nothing_hidden(&self, n: usize) -> bool {
        let Some(ports) = self.nodes[n].ports.as_ref().filter(|p| p.complete()) else { return false };
        let neighbours = self.world.neighbours(n);
        let settled = |port: u16| {
            neighbours
                .iter()
                .flat_map(|m| &self.nodes[*m].services)
                .any(|s| s.service.port == port && s.service.transport == Transport::Tcp && s.settled)
        };
        let open_ones = ports.states.iter().filter(|(_, s)| **s == PortState::Open).all(|(p, _)| settled(*p));
        // A declared service that was not seen may still be anything if the scenario does not say what it speaks.
        let silent_ones = self.nodes[n].services.iter().all(|s| {
            let said = s.service.declared.as_ref().is_some_and(|d| d.protocol.is_some());
            s.settled || said || s.state == Some(PortState::Closed)
        });
        open_ones && silent_ones
    }
}

impl Ground<'_> {
    fn no_datagram_hidden(&self, n: usize) -> bool {
        let facts: Option<DatagramsFacts> = self.evidence.facts(&self.nodes[n].subject.node, None);
        let services = self.world.neighbours(n).iter().flat_map(|m| &self.nodes[*m].services);
        let mut datagrams = services.filter(|s| s.service.transport == Transport::Udp);
        facts.is_some_and(|f| f.complete()) && datagrams.all(|s| s.settled)
    }
}

impl NodeGround {
    pub(super) fn service(&self, name: &str) -> Option<&ServiceGround> {
        self.services.iter().find(|s| s.service.name.as_str() == name)
    }
}

fn node(world: &World<'_>, evidence: &Evidence, n: usize) -> NodeGround {
    let declared = world.node(n);
    let ports: Option<PortsFacts> = evidence.facts(&declared.id, None);
    let mut services: Vec<ServiceSubject> = declared.services.iter().map(|s| world.service(n, s)).collect();
    let taken: BTreeSet<&str> = declared.services.iter().map(|s| s.name.as_str()).collect();
    if world.leader(n) == n {
        let found = found(world, evidence, n, ports.as_ref());
        services.extend(
            found.into_iter().filter(|p| !taken.contains(undeclared_name(*p).as_str())).map(undeclared),
        );
        let datagrams: Option<DatagramsFacts> = evidence.facts(&declared.id, None);
        let answered = datagrams.iter().flat_map(|d| d.ports(DatagramState::Open));
        let declared = world.declared_datagrams(n);
        services.extend(answered.filter(|p| !declared.contains(p)).map(undeclared_datagram));
    }
    let services = services.into_iter().map(|s| service(evidence, n, world, s, ports.as_ref())).collect();
    NodeGround {
        subject: world.subject(n, evidence.clock(), world.declared_ports(n)),
        services,
        permit: evidence.facts(&declared.id, None),
        liveness: evidence.facts(&declared.id, None),
        ports,
        nothing_hidden: false,
        no_datagram_hidden: false,
    }
}

/// TCP ports that are open and that no node at the address declares.
///
/// Where the last sweep failed, an earlier recognition still counts: what was found once is not forgotten.
fn found(world: &World<'_>, evidence: &Evidence, n: usize, ports: Option<&PortsFacts>) -> BTreeSet<u16> {
    let declared = world.declared_ports(n);
    let node = &world.node(n).id;
    let open: BTreeSet<u16> = match ports {
        Some(ports) => ports.states.iter().filter(|(_, s)| **s == PortState::Open).map(|(p, _)| *p).collect(),
        None => evidence
            .services(node)
            .filter_map(|name| name.as_str().strip_prefix("tcp-")?.parse().ok())
            .filter(|port| *port != 0)
            .collect(),
    };
    open.difference(&declared).copied().take(MAX_FOUND).collect()
}

fn service(
    evidence: &Evidence,
    n: usize,
    world: &World<'_>,
    mut service: ServiceSubject,
    ports: Option<&PortsFacts>,
) -> ServiceGround {
    let node = &world.node(n).id;
    let facts: Option<ServiceFacts> = evidence.facts(node, Some(&service.name));
    let tcp = service.transport == Transport::Tcp;
    let state = facts.as_ref().map(|f| f.state).or_else(|| {
        let ports = ports.filter(|_| tcp)?;
        ports.states.get(&service.port).copied()
    });
    let mut settled = false;
    if let Some(facts) = &facts {
        recognise(&mut service, facts);
        settled = match facts.state {
            PortState::Open => {
                facts.protocol.is_some()
                    || facts.tls == Some(true) && demands_certificate(evidence, world, n, &service.name)
            }
            PortState::Closed => true,
            PortState::Filtered => false,
        };
    }
    ServiceGround { service, state, settled }
}

/// Whether a service lets nobody in without a client certificate, so that nobody can be told what it speaks.
fn demands_certificate(evidence: &Evidence, world: &World<'_>, n: usize, name: &ServiceName) -> bool {
    let facts: Option<TlsFacts> = evidence.facts(&world.node(n).id, Some(name));
    facts.is_some_and(|f| f.client_certificate.seen() == Some(&ClientCertificate::Demanded))
}

/// The kind of facts that tells the state of a service.
pub(super) const SERVICE: &str = ServiceFacts::KIND;
/// The kind of facts that tells the ports of a node.
pub(super) const PORTS: &str = PortsFacts::KIND;
