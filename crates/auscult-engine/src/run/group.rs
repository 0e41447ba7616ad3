//! The work at one address: sweep, recognise, observe, between the first and the last question to the oracle.

mod udp;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use auscult_casefile::{MAX_LINE, canonical};
use auscult_facts::bench::SpentFacts;
use auscult_facts::datagrams::KINDS;
use auscult_facts::liveness::LivenessFacts;
use auscult_facts::ports::{PortState, PortsFacts};
use auscult_facts::service::ServiceFacts;
use auscult_facts::{Cost, Facts, Interrupted, Observation, Outcome, Scope, ServiceSubject, Subject, Target};
use auscult_model::Impact;
use auscult_probe::liveness::{self, Oracle};
use auscult_probe::{NodeBench, Permit, ports, service};
use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;

use super::{Cancel, Event, Job, NodeJob, Note, bench_record};
use crate::field::{MAX_FOUND, MAX_UNDECLARED, RECOGNISER, SWEEPER};
use crate::subject::{recognise, undeclared};

/// Works on the nodes at one address and notes everything.
pub(super) async fn work(job: Job, notes: mpsc::Sender<Note>, halt: Cancel) {
    let job = Arc::new(job);
    let mut site = Site { job: Arc::clone(&job), notes, halt, spent: Arc::default() };
    if !site.begin().await {
        return;
    }
    let (Some(address), true) = (job.address, job.allowed >= Impact::Touch) else {
        site.end(None).await;
        return;
    };
    let bench = NodeBench::new(Permit {
        node: job.nodes[0].subject.node.clone(),
        address,
        impact: job.allowed,
        declared: job.declared.clone(),
        limits: (job.field.limits)(job.pace),
    });
    bench.declare_datagrams(job.declared_datagrams.clone());
    let stopping = {
        let (bench, halt) = (bench.clone(), site.halt.clone());
        tokio::spawn(async move {
            halt.cancelled().await;
            bench.stop();
        })
    };
    let liveness = site.look(&bench).await;
    site.play_impostors(&bench).await;
    site.offer_updates(&bench).await;
    site.replay_messages(&bench).await;
    stopping.abort();
    site.end(Some(liveness)).await;
}

/// The place where the work is done.
#[derive(Clone)]
pub(super) struct Site {
    pub(super) job: Arc<Job>,
    pub(super) notes: mpsc::Sender<Note>,
    pub(super) halt: Cancel,
    /// What each node cost so far, and the roughest step, by its place in the job.
    spent: Arc<Mutex<BTreeMap<usize, SpentFacts>>>,
}

impl Site {
    /// Writes down what is allowed; true when that is on disk.
    async fn begin(&self) -> bool {
        let mut on_disk = Vec::new();
        for node in &self.job.nodes {
            let id = &node.subject.node;
            let (done, wait) = oneshot::channel();
            let record = bench_record(id, self.job.allowed, &node.permit);
            if self.notes.send(Note::Record(Box::new(record), Timestamp::now(), Some(done))).await.is_err() {
                return false;
            }
            on_disk.push(wait);
            self.tell(Event::Began { node: id.clone(), allowed: self.job.allowed, pace: self.job.pace })
                .await;
        }
        for wait in on_disk {
            if wait.await.is_err() {
                return false;
            }
        }
        true
    }

    /// Writes down what was spent and whether the nodes stayed alive.
    async fn end(&mut self, liveness: Option<LivenessFacts>) {
        let spent = std::mem::take(&mut *self.spent.lock().unwrap_or_else(PoisonError::into_inner));
        let job = Arc::clone(&self.job);
        for (n, node) in job.nodes.iter().enumerate() {
            let id = &node.subject.node;
            let cost = spent.get(&n).map(|s| s.cost).unwrap_or_default();
            if let Some(liveness) = &liveness {
                let used = spent.get(&n).map_or(Impact::Passive, |s| s.used);
                self.record(bench_record(id, job.allowed, liveness)).await;
                self.record(bench_record(id, job.allowed, &SpentFacts { cost, used })).await;
            }
            self.tell(Event::Ended {
                node: id.clone(),
                connections: cost.connections,
                packets: cost.packets,
                stopped: liveness.as_ref().is_some_and(|l| l.stopped),
                done: 0,
                of: 0,
            })
            .await;
        }
    }

    /// One connect or handshake for each declared port, and one question to the oracle when all is done: a device on
    /// a patient is given nothing more to do than a client that looks in.
    async fn touch(&self, bench: &NodeBench) -> LivenessFacts {
        let mut states = BTreeMap::new();
        for (n, node) in self.job.nodes.iter().enumerate() {
            for service in &node.services {
                if states.contains_key(&service.port) || bench.stopped() || self.halt.is_cancelled() {
                    continue;
                }
                if let Some(state) = self.touch_service(bench, n, service).await {
                    states.insert(service.port, state);
                }
            }
        }
        let count = |state| states.values().filter(|s| **s == state).count() as u32;
        let facts = PortsFacts {
            asked: states.keys().map(|port| (*port, *port)).collect(),
            closed: count(PortState::Closed),
            filtered: count(PortState::Filtered),
            of_host: Vec::new(),
            states,
        };
        let asked = bench.metered();
        let oracle = Oracle::start(asked.clone(), open(&facts));
        self.note_ports(&Ok(facts)).await;
        let liveness = oracle.finish().await;
        self.spend(0, asked.cost(), Impact::Touch);
        liveness
    }

    /// Touches one declared service, with a handshake where it is declared to speak TLS; gives the state of its port
    /// where that was seen.
    async fn touch_service(
        &self,
        bench: &NodeBench,
        n: usize,
        service: &ServiceSubject,
    ) -> Option<PortState> {
        let subject = Subject { service: Some(service.clone()), ..self.job.nodes[n].subject.clone() };
        let handshake = self.job.field.observers.iter().find(|o| {
            matches!(o.scope(), Scope::Tls) && o.impact() <= self.job.allowed && o.scope().holds(&subject)
        });
        let facts = match handshake {
            Some(observer) => {
                let (looked_at, errand) = (Arc::new(subject.clone()), Arc::clone(&self.job.errand));
                let looked = self
                    .observe_why(
                        bench,
                        n,
                        observer.kind(),
                        observer.name(),
                        &subject,
                        move |bench| async move { observer.look(&bench, &looked_at, &errand).await },
                    )
                    .await;
                let facts = service::after_handshake(looked.err());
                let outcome = match &facts {
                    Ok(facts) => seen(facts),
                    Err(why) => Outcome::Interrupted(*why),
                };
                let record =
                    self.observation(ServiceFacts::KIND, RECOGNISER, &subject, outcome, Cost::default());
                self.record(record).await;
                facts.ok()
            }
            None => {
                let (asked, mark) = (Arc::new(subject.clone()), self.job.errand.mark.clone());
                let looked = self
                    .observe_why(
                        bench,
                        n,
                        ServiceFacts::KIND,
                        RECOGNISER,
                        &subject,
                        move |bench| async move {
                            let facts = service::recognise(&bench, &asked, PortState::Open, &mark).await?;
                            serde_json::to_value(facts).map_err(|_| Interrupted::InstrumentFault)
                        },
                    )
                    .await;
                match looked {
                    Ok(value) => serde_json::from_value(value).ok(),
                    Err(Interrupted::Closed) => Some(ServiceFacts::at(PortState::Closed)),
                    Err(Interrupted::Unreachable) => Some(ServiceFacts::at(PortState::Filtered)),
                    // It was connected to, and then said nothing, or ended it.
                    Err(Interrupted::TimedOut | Interrupted::AccessRefused | Interrupted::NotUnderstood) => {
                        Some(ServiceFacts::at(PortState::Open))
                    }
                    Err(_) => None,
                }
            }
        };
        facts.map(|f| f.state)
    }

    async fn look(&self, bench: &NodeBench) -> LivenessFacts {
        if self.job.allowed == Impact::Touch {
            return self.touch(bench).await;
        }
        // The oracle asks ports that are open, so the declared ones are knocked at before its first question.
        let declared = self.sweep(bench, false).await;
        let answered = declared.as_ref().is_ok_and(|p| !open(p).is_empty());
        let asked = bench.metered();
        let known = declared.as_ref().map(open).unwrap_or_default();
        let mut oracle = Oracle::start(asked.clone(), known);
        self.ask(&oracle).await;
        let mut swept = declared;
        // Where declared ports are there and not one answers, asking the other 65,000 would take hours.
        let worth_it = self.job.declared.is_empty() || !matches!(swept, Err(Interrupted::Unreachable));
        if self.job.every_port && worth_it && !bench.stopped() {
            swept = self.sweep(bench, true).await;
            if !answered && let Ok(ports) = &swept {
                oracle = Oracle::start(asked.clone(), liveness::confirmed(&asked, &open(ports)).await);
                self.ask(&oracle).await;
            }
        }
        self.note_ports(&swept).await;
        let oracle = Arc::new(oracle);
        if let Ok(ports) = &swept {
            self.visit_all(bench, ports, &oracle).await;
        }
        self.visit_datagrams(bench, &oracle, swept.is_ok()).await;
        let liveness = match Arc::into_inner(oracle) {
            Some(oracle) => oracle.finish().await,
            None => LivenessFacts::default(),
        };
        self.spend(0, asked.cost(), Impact::Touch);
        liveness
    }

    async fn ask(&self, oracle: &Oracle) {
        let alive = oracle.ask().await;
        if !self.halt.is_cancelled() {
            self.tell(Event::Asked { node: self.job.nodes[0].subject.node.clone(), alive }).await;
        }
    }

    /// Knocks at the declared ports, or at all of them.
    async fn sweep(&self, bench: &NodeBench, every_port: bool) -> Result<PortsFacts, Interrupted> {
        let meter = bench.metered();
        let ranges = if every_port { around(&self.job.host_ports) } else { Vec::new() };
        let (knocking, declared) = (meter.clone(), self.job.declared.clone());
        let mut swept =
            self.guarded(bench.limits().budget.time, async move {
                ports::sweep(&knocking, &ranges, &declared).await
            })
            .await;
        if every_port && let Ok(facts) = &mut swept {
            facts.of_host = self.job.host_ports.iter().copied().collect();
        }
        self.spend(0, meter.cost(), if every_port { Impact::Safe } else { Impact::Touch });
        swept
    }

    async fn note_ports(&self, swept: &Result<PortsFacts, Interrupted>) {
        if self.halt.is_cancelled() && swept.is_err() {
            return;
        }
        for (n, node) in self.job.nodes.iter().enumerate() {
            let outcome = match swept {
                Ok(facts) => seen(facts),
                Err(why) => Outcome::Interrupted(*why),
            };
            // Nodes that share the address share the sweep; what it cost stands with the first of them.
            let cost = if n == 0 { self.spent_so_far(0) } else { Cost::default() };
            self.record(self.observation(PortsFacts::KIND, SWEEPER, &node.subject, outcome, cost)).await;
            if let Ok(facts) = swept {
                let open = open(facts).len();
                self.tell(Event::Swept { node: node.subject.node.clone(), open }).await;
            }
        }
    }

    /// Recognises and observes every service, port by port, as many at once as the bench has places.
    async fn visit_all(&self, bench: &NodeBench, ports: &PortsFacts, oracle: &Arc<Oracle>) {
        let mut by_port: BTreeMap<u16, Vec<(usize, ServiceSubject)>> = BTreeMap::new();
        for (n, node) in self.job.nodes.iter().enumerate() {
            for service in &node.services {
                by_port.entry(service.port).or_default().push((n, service.clone()));
            }
        }
        let found = open(ports).into_iter().filter(|p| !self.job.declared.contains(p)).take(MAX_FOUND);
        let mut left_alone = Vec::new();
        for (count, port) in found.enumerate() {
            if (count as u64) < MAX_UNDECLARED {
                by_port.entry(port).or_default().push((0, undeclared(port)));
            } else {
                left_alone.push(undeclared(port));
            }
        }
        // One place of the bench belongs to the oracle.
        let places = Arc::new(Semaphore::new(bench.limits().parallel.saturating_sub(1).max(1)));
        let mut visiting = JoinSet::new();
        for (port, services) in by_port {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
            if self.halt.is_cancelled() {
                break;
            }
            let state = ports.states.get(&port).copied().unwrap_or(PortState::Filtered);
            let (site, bench, oracle) = (self.clone(), bench.clone(), Arc::clone(oracle));
            visiting.spawn(async move {
                for (n, service) in services {
                    site.visit(&bench, n, service, state).await;
                }
                if state == PortState::Open {
                    site.ask(&oracle).await;
                }
                drop(place);
            });
            while visiting.try_join_next().is_some() {}
        }
        while visiting.join_next().await.is_some() {}
        for service in left_alone {
            let subject = Subject { service: Some(service), ..self.job.nodes[0].subject.clone() };
            let outcome = Outcome::Interrupted(Interrupted::BudgetSpent);
            let record = self.observation(ServiceFacts::KIND, RECOGNISER, &subject, outcome, Cost::default());
            self.record(record).await;
        }
    }

    /// Recognises one service, then lets every observer look whose facts can be seen on it.
    async fn visit(&self, bench: &NodeBench, n: usize, service: ServiceSubject, state: PortState) {
        let node: &NodeJob = &self.job.nodes[n];
        let mut subject = Subject { service: Some(service), ..node.subject.clone() };
        let mark = self.job.errand.mark.clone();
        let asked = Arc::new(subject.clone());
        let recognised = self
            .observe(bench, n, ServiceFacts::KIND, RECOGNISER, &subject, move |bench| async move {
                let facts = service::recognise(&bench, &asked, state, &mark).await?;
                serde_json::to_value(facts).map_err(|_| Interrupted::InstrumentFault)
            })
            .await;
        let facts = recognised.and_then(|value| serde_json::from_value::<ServiceFacts>(value).ok());
        let Some(facts) = facts.filter(|f| f.state == PortState::Open) else { return };
        if let Some(service) = &mut subject.service {
            recognise(service, &facts);
        }
        let subject = Arc::new(subject);
        for observer in self.job.field.observers {
            let over_udp = KINDS.contains(&observer.kind());
            if over_udp || !observer.scope().holds(&subject) || observer.impact() > self.job.allowed {
                continue;
            }
            let (looked_at, errand) = (Arc::clone(&subject), Arc::clone(&self.job.errand));
            self.observe(bench, n, observer.kind(), observer.name(), &subject, move |bench| async move {
                observer.look(&bench, &looked_at, &errand).await
            })
            .await;
        }
    }

    /// Makes one observation, writes it down, and gives the facts if there are any.
    async fn observe<W, F>(
        &self,
        bench: &NodeBench,
        n: usize,
        kind: &str,
        observer: &str,
        subject: &Subject,
        look: W,
    ) -> Option<serde_json::Value>
    where
        W: FnOnce(NodeBench) -> F,
        F: Future<Output = Result<serde_json::Value, Interrupted>> + Send + 'static,
    {
        self.observe_why(bench, n, kind, observer, subject, look).await.ok()
    }

    /// Makes one observation, writes it down, and gives the facts or what came in between.
    async fn observe_why<W, F>(
        &self,
        bench: &NodeBench,
        n: usize,
        kind: &str,
        observer: &str,
        subject: &Subject,
        look: W,
    ) -> Result<serde_json::Value, Interrupted>
    where
        W: FnOnce(NodeBench) -> F,
        F: Future<Output = Result<serde_json::Value, Interrupted>> + Send + 'static,
    {
        if self.halt.is_cancelled() {
            return Err(Interrupted::SafetyStop);
        }
        let meter = bench.metered();
        let began = Instant::now();
        let time = bench.limits().observation + self.job.errand.waits(kind, subject);
        let looked = self.guarded(time, look(meter.clone())).await;
        let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let cost = Cost { millis, ..meter.cost() };
        // Which of its steps an observer took is its own matter; it was allowed up to this one.
        self.spend(n, cost, if cost.packets > 0 { self.job.allowed } else { Impact::Passive });
        let looked = looked.and_then(writable);
        if looked.is_err() && self.halt.is_cancelled() {
            // That the run was ended says nothing about the node.
            return Err(Interrupted::SafetyStop);
        }
        let outcome = match &looked {
            Ok(value) => Outcome::Seen(value.clone()),
            Err(why) => Outcome::Interrupted(*why),
        };
        self.record(self.observation(kind, observer, subject, outcome, cost)).await;
        looked
    }

    /// Lets something run until its deadline, and lets nothing of it fall on anybody else.
    pub(super) async fn guarded<T: Send + 'static>(
        &self,
        deadline: Duration,
        work: impl Future<Output = Result<T, Interrupted>> + Send + 'static,
    ) -> Result<T, Interrupted> {
        let mut task = tokio::spawn(work);
        let ended = tokio::select! {
            ended = tokio::time::timeout(deadline, &mut task) => ended,
            () = self.halt.cancelled() => {
                task.abort();
                let _ = task.await;
                return Err(Interrupted::SafetyStop);
            }
        };
        match ended {
            Ok(Ok(result)) => result,
            Ok(Err(_panicked)) => Err(Interrupted::InstrumentFault),
            Err(_elapsed) => {
                task.abort();
                let _ = task.await;
                Err(Interrupted::TimedOut)
            }
        }
    }

    pub(super) fn observation(
        &self,
        kind: &str,
        observer: &str,
        subject: &Subject,
        outcome: Outcome,
        cost: Cost,
    ) -> Observation {
        let service = subject.service.as_ref();
        let address = service.and_then(|s| Some(SocketAddr::new(self.job.address?, s.port)));
        Observation {
            kind: kind.to_owned(),
            observer: observer.to_owned(),
            target: Target { node: subject.node.clone(), service: service.map(|s| s.name.clone()), address },
            impact: self.job.allowed,
            outcome,
            cost,
        }
    }

    pub(super) fn spend(&self, n: usize, cost: Cost, step: Impact) {
        let mut all = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let spent = all.entry(n).or_insert(SpentFacts { cost: Cost::default(), used: Impact::Passive });
        spent.cost.connections += cost.connections;
        spent.cost.packets += cost.packets;
        spent.cost.bytes_sent += cost.bytes_sent;
        spent.cost.bytes_received += cost.bytes_received;
        spent.cost.millis += cost.millis;
        if cost.packets > 0 {
            spent.used = spent.used.max(step);
        }
    }

    fn spent_so_far(&self, n: usize) -> Cost {
        let all = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&n).map(|s| s.cost).unwrap_or_default()
    }

    pub(super) async fn record(&self, observation: Observation) {
        // Nobody takes notes any more only when the case file failed; then the run ends with that error.
        let _ = self.notes.send(Note::Record(Box::new(observation), Timestamp::now(), None)).await;
    }

    pub(super) async fn tell(&self, event: Event) {
        let _ = self.notes.send(Note::Tell(event)).await;
    }
}

/// The open ports.
fn open(ports: &PortsFacts) -> Vec<u16> {
    ports.states.iter().filter(|(_, s)| **s == PortState::Open).map(|(p, _)| *p).collect()
}

pub(super) fn seen<F: Facts>(facts: &F) -> Outcome {
    match serde_json::to_value(facts) {
        Ok(value) => Outcome::Seen(value),
        Err(_) => Outcome::Interrupted(Interrupted::InstrumentFault),
    }
}

/// Facts as they are if a record can hold them; the fault is ours if not.
fn writable(facts: serde_json::Value) -> Result<serde_json::Value, Interrupted> {
    // A record adds its own members around the facts.
    let fits = canonical(&facts).is_ok_and(|bytes| bytes.len() < MAX_LINE / 2);
    if fits { Ok(facts) } else { Err(Interrupted::InstrumentFault) }
}

/// Every port but those of the host, as ranges.
fn around(host: &BTreeSet<u16>) -> Vec<(u16, u16)> {
    let (mut from, last) = ports::EVERY_PORT;
    let mut ranges = Vec::new();
    for port in host {
        if *port > from {
            ranges.push((from, port - 1));
        }
        match port.checked_add(1) {
            Some(next) => from = next,
            None => return ranges,
        }
    }
    ranges.push((from, last));
    ranges
}
