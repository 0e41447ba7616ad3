//! The work over UDP at one address: the declared services, then the usual ports that nobody declares.
//!
//! One after the other at every pace: a closed port shows only by a message that systems give out a few times a second.

use std::sync::Arc;

use auscult_facts::datagrams::{DatagramPort, DatagramState, DatagramsFacts, WELL_KNOWN};
use auscult_facts::ports::PortState;
use auscult_facts::service::ServiceFacts;
use auscult_facts::{Cost, Facts, Interrupted, Outcome, ServiceSubject, Subject};
use auscult_model::Impact;
use auscult_probe::liveness::Oracle;
use auscult_probe::{NodeBench, datagram};

use super::{Site, seen};
use crate::field::DATAGRAMS;
use crate::subject::{recognise, undeclared_datagram};

impl Site {
    /// Looks at every declared UDP service, and asks the usual ports where that is allowed and has time, and where the
    /// node has answered anything over TCP: silence costs seconds for each port.
    pub(super) async fn visit_datagrams(&self, bench: &NodeBench, oracle: &Oracle, answers: bool) {
        let job = Arc::clone(&self.job);
        for (n, node) in job.nodes.iter().enumerate() {
            for service in &node.datagrams {
                self.visit_datagram(bench, n, service).await;
                self.ask(oracle).await;
            }
        }
        let declared = |port: &u16| job.declared_datagrams.contains(port);
        let of_host: Vec<u16> = usual().filter(|p| job.host_ports.contains(p) && !declared(p)).collect();
        let mut facts = DatagramsFacts { of_host, ..DatagramsFacts::default() };
        let mut cost = Cost::default();
        for port in usual().filter(|p| !declared(p) && !facts.of_host.contains(p)).collect::<Vec<_>>() {
            let found = if answers && job.usual_datagrams.contains(&port) {
                self.visit_usual(bench, port, oracle).await
            } else {
                (DatagramPort::at(DatagramState::Unasked), Cost::default())
            };
            facts.undeclared.insert(port, found.0);
            add(&mut cost, found.1);
        }
        if self.halt.is_cancelled() {
            return;
        }
        for node in &job.nodes {
            let record = self.observation(DatagramsFacts::KIND, DATAGRAMS, &node.subject, seen(&facts), cost);
            self.record(record).await;
            // What it cost stands with the first of the nodes that share the address.
            cost = Cost::default();
        }
    }

    async fn visit_datagram(&self, bench: &NodeBench, n: usize, service: &ServiceSubject) {
        let subject = Subject { service: Some(service.clone()), ..self.job.nodes[n].subject.clone() };
        let (asked, mark) = (Arc::new(subject.clone()), self.job.errand.mark.clone());
        let recognised = self
            .observe(bench, n, ServiceFacts::KIND, DATAGRAMS, &subject, move |bench| async move {
                let facts = datagram::recognise(&bench, &asked, &mark).await?;
                serde_json::to_value(facts).map_err(|_| Interrupted::InstrumentFault)
            })
            .await;
        if let Some(facts) = recognised.and_then(|value| serde_json::from_value(value).ok()) {
            self.observe_datagram(bench, n, subject, &facts).await;
        }
    }

    /// Asks one usual port in its usual protocol; what answers is looked at like a declared service, and has its cost in
    /// a record of its own.
    async fn visit_usual(&self, bench: &NodeBench, port: u16, oracle: &Oracle) -> (DatagramPort, Cost) {
        if bench.stopped() || self.halt.is_cancelled() {
            return (DatagramPort::at(DatagramState::Unasked), Cost::default());
        }
        let subject =
            Subject { service: Some(undeclared_datagram(port)), ..self.job.nodes[0].subject.clone() };
        let meter = bench.metered();
        let (asking, asked, mark) = (meter.clone(), Arc::new(subject.clone()), self.job.errand.mark.clone());
        let recognised =
            self.guarded(bench.limits().observation, async move {
                datagram::recognise(&asking, &asked, &mark).await
            })
            .await;
        let cost = meter.cost();
        self.spend(0, cost, Impact::Safe);
        let state = match recognised {
            Ok(facts) if facts.state == PortState::Open => {
                let record = self.observation(ServiceFacts::KIND, DATAGRAMS, &subject, seen(&facts), cost);
                self.record(record).await;
                self.observe_datagram(bench, 0, subject, &facts).await;
                self.ask(oracle).await;
                let port = DatagramPort { state: DatagramState::Open, protocol: facts.protocol };
                return (port, Cost::default());
            }
            Ok(_) => DatagramState::Closed,
            Err(Interrupted::Silent | Interrupted::Unreachable | Interrupted::TimedOut) => {
                DatagramState::Silent
            }
            Err(_) => DatagramState::Unasked,
        };
        (DatagramPort::at(state), cost)
    }

    /// Lets every observer look that speaks over UDP what the service was recognised to speak.
    async fn observe_datagram(
        &self,
        bench: &NodeBench,
        n: usize,
        mut subject: Subject,
        facts: &ServiceFacts,
    ) {
        if facts.state != PortState::Open {
            return;
        }
        if let Some(service) = &mut subject.service {
            recognise(service, facts);
        }
        let subject = Arc::new(subject);
        for observer in self.job.field.over_udp() {
            if !observer.scope().holds(&subject) {
                continue;
            }
            if observer.impact() > self.job.allowed {
                let outcome = Outcome::Interrupted(Interrupted::NotAuthorised);
                let record =
                    self.observation(observer.kind(), observer.name(), &subject, outcome, Cost::default());
                self.record(record).await;
                continue;
            }
            let (looked_at, errand) = (Arc::clone(&subject), Arc::clone(&self.job.errand));
            self.observe(bench, n, observer.kind(), observer.name(), &subject, move |bench| async move {
                observer.look(&bench, &looked_at, &errand).await
            })
            .await;
        }
    }
}

fn usual() -> impl Iterator<Item = u16> {
    WELL_KNOWN.into_iter().map(|(port, _)| port)
}

fn add(all: &mut Cost, more: Cost) {
    all.connections += more.connections;
    all.packets += more.packets;
    all.bytes_sent += more.bytes_sent;
    all.bytes_received += more.bytes_received;
    all.millis += more.millis;
}
