//! The run: looks at every node as the plan says and writes each observation into the case file at once.

mod cancel;
mod group;
mod impostor;
mod replay;
mod told;
mod update;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use auscult_casefile::{Body, CaseError, digest};
use auscult_facts::bench::{PermitBecause, PermitFacts};
use auscult_facts::client::Play;
use auscult_facts::datagrams::DatagramsFacts;
use auscult_facts::replay::Sent;
use auscult_facts::update::Image;
use auscult_facts::{Facts, Interrupted, Observation, Outcome, ServiceSubject, Subject, Target};
use auscult_model::scenario::Scenario;
use auscult_model::{Impact, NodeId, Pace};
use auscult_probe::access::Key;
use auscult_probe::health::HealthCommands;
use auscult_probe::{Errand, Guard};
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

pub use cancel::Cancel;
pub use impostor::Authorities;
pub(crate) use impostor::{Cast, DIAL_PACKETS, IMPACT as PLAYED_AT, Theatre};
pub(crate) use replay::ReplayCast;
pub(crate) use update::UpdateCast;

use crate::case::Case;
use crate::field::{BENCH, Field};
use crate::permit::{Allowance, allowances};
use crate::plan::{PlanOptions, every_port, most, swept_by, usual_datagrams};
use crate::subject::{World, tcp, udp};

/// How to run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// What the plan was made for.
    pub plan: PlanOptions,
    /// Certificates of the authorities to trust, DER.
    pub anchors: Vec<Vec<u8>>,
    /// Lists of revoked certificates, DER.
    pub crls: Vec<Vec<u8>>,
    /// The authorities that impostors may sign with.
    pub authorities: Authorities,
    /// Credentials of the scenario, with their secrets.
    pub keys: Vec<Key>,
    /// Well-known accounts that are tried at logins.
    pub guard: Guard,
    /// Addresses that are worked on at the same time.
    pub parallel: usize,
    /// Ends the run early; what was written stays.
    pub cancel: Cancel,
    /// Programs that may be run to ask whether a node is healthy.
    pub health: HealthCommands,
}

impl RunOptions {
    /// As the plan says, 32 addresses at a time.
    pub fn new(plan: PlanOptions) -> Self {
        Self {
            plan,
            anchors: Vec::new(),
            crls: Vec::new(),
            authorities: Authorities::default(),
            keys: Vec::new(),
            guard: Guard::default(),
            parallel: 32,
            cancel: Cancel::default(),
            health: HealthCommands::default(),
        }
    }
}

/// What a run came to; the verdicts come from [`judge`](crate::judge()).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunSummary {
    /// Nodes that were touched.
    pub touched: u64,
    /// Observations that gave facts.
    pub seen: u64,
    /// Observations that something came in between of.
    pub interrupted: u64,
    /// Nodes on which work was stopped because they degraded.
    pub stopped: Vec<NodeId>,
    /// The run was ended early.
    pub cancelled: bool,
}

/// Why a run ended without having written everything.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The case file could not be written.
    #[error(transparent)]
    Case(#[from] CaseError),
}

/// Something that happened, for whoever watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Work on a node begins.
    Began {
        /// The node.
        node: NodeId,
        /// Roughest step allowed.
        allowed: Impact,
        /// Pace kept.
        pace: Pace,
    },
    /// The ports of a node were asked.
    Swept {
        /// The node.
        node: NodeId,
        /// How many are open.
        open: usize,
    },
    /// One observation ended.
    Observed {
        /// `node/service`, or the node.
        target: String,
        /// Kind of facts.
        kind: String,
        /// What came in between; `None` when facts were seen.
        interrupted: Option<Interrupted>,
    },
    /// A far end is played, and the device is waited for.
    Playing {
        /// The node.
        node: NodeId,
        /// Whom auscult plays.
        far: String,
        /// What is played.
        play: Play,
    },
    /// An update is offered, and the device is waited for.
    Offering {
        /// The node.
        node: NodeId,
        /// What is offered.
        image: Image,
    },
    /// A message is sent to a device, or nothing, and its state is looked at.
    Sending {
        /// The node.
        node: NodeId,
        /// What is sent.
        sent: Sent,
    },
    /// The liveness oracle was asked.
    Asked {
        /// The node.
        node: NodeId,
        /// Whether the node may be worked on further.
        alive: bool,
    },
    /// Work on a node ended.
    Ended {
        /// The node.
        node: NodeId,
        /// Connections opened to it.
        connections: u64,
        /// Packets sent to it.
        packets: u64,
        /// It degraded and work on it was stopped.
        stopped: bool,
        /// Nodes done so far.
        done: u64,
        /// Nodes in all.
        of: u64,
    },
}

/// Watches a run.
pub trait Progress: Sync {
    /// Something happened. Must not take long.
    fn tell(&self, event: &Event);
}

/// Nobody watches.
impl Progress for () {
    fn tell(&self, _: &Event) {}
}

/// What those who work tell the one who writes.
enum Note {
    Record(Box<Observation>, Timestamp, Option<oneshot::Sender<()>>),
    Tell(Event),
}

/// Looks at every node of the scenario.
///
/// Each observation is on disk before the next batch is taken in; the permit of a node is on disk before its first
/// packet.
///
/// # Errors
/// When the case file cannot be written; work stops at once.
pub async fn run(
    scenario: &Scenario,
    case: &Case,
    options: &RunOptions,
    progress: &dyn Progress,
) -> Result<RunSummary, RunError> {
    run_with(scenario, case, options, progress, Field::live()).await
}

pub(crate) async fn run_with(
    scenario: &Scenario,
    case: &Case,
    options: &RunOptions,
    progress: &dyn Progress,
    field: Field,
) -> Result<RunSummary, RunError> {
    let world = World::new(scenario);
    let allowances = allowances(&world, &options.plan.wish());
    let mut waiting = groups(&world, &allowances);
    let nodes = waiting.iter().map(|g| g.len() as u64).sum();
    let errand = Arc::new(Errand {
        depth: options.plan.depth,
        anchors: options.anchors.clone(),
        crls: options.crls.clone(),
        mark: mark(options.plan.at),
        at: options.plan.at,
        health: options.health.clone(),
        keys: options.keys.clone(),
        guard: options.guard.clone(),
    });
    let theatre = Theatre::of(options.authorities.clone());
    let halt = Cancel::default();
    let ending = {
        let (wish, halt) = (options.cancel.clone(), halt.clone());
        tokio::spawn(async move {
            wish.cancelled().await;
            halt.cancel();
        })
    };
    let (notes, mut inbox) = mpsc::channel(NOTES);
    let mut desk = Desk { case, progress, summary: RunSummary::default(), nodes, done: 0 };
    let mut working: JoinSet<()> = JoinSet::new();
    let mut notes = Some(notes);
    let mut arrived = Vec::new();
    let mut written = Ok(());
    while written.is_ok() {
        while working.len() < options.parallel.max(1)
            && !halt.is_cancelled()
            && let Some(notes) = &notes
            && let Some(nodes) = waiting.pop_front()
        {
            let job = job(&world, &allowances, &nodes, field, &errand, &theatre, &options.plan);
            working.spawn(group::work(job, notes.clone(), halt.clone()));
        }
        if working.is_empty() {
            // Nobody is left who could write, so that the inbox ends when it is empty.
            notes = None;
        }
        tokio::select! {
            count = inbox.recv_many(&mut arrived, NOTES) => {
                if count == 0 {
                    break;
                }
                written = desk.write(arrived.drain(..)).await;
            }
            Some(_) = working.join_next() => {}
        }
    }
    if written.is_err() {
        halt.cancel();
    }
    drop(inbox);
    while working.join_next().await.is_some() {}
    ending.abort();
    written?;
    desk.summary.cancelled = halt.is_cancelled();
    Ok(desk.summary)
}

/// Notes that may wait for the disk before those who work have to wait.
const NOTES: usize = 256;

/// Writes records and tells events.
struct Desk<'d> {
    case: &'d Case,
    progress: &'d dyn Progress,
    summary: RunSummary,
    nodes: u64,
    done: u64,
}

impl Desk<'_> {
    async fn write(&mut self, notes: impl Iterator<Item = Note>) -> Result<(), RunError> {
        let mut bodies = Vec::new();
        let mut told = Vec::new();
        let mut acknowledge = Vec::new();
        for note in notes {
            match note {
                Note::Tell(event) => told.push(event),
                Note::Record(observation, at, ack) => {
                    told.extend(self.count(&observation));
                    acknowledge.extend(ack);
                    let body = serde_json::to_value(*observation).unwrap_or_default();
                    bodies.push((at, Body::Observation(body)));
                }
            }
        }
        if !bodies.is_empty() {
            self.case.append(bodies).await?;
        }
        for ack in acknowledge {
            let _ = ack.send(());
        }
        for mut event in told {
            if let Event::Ended { node, stopped, done, of, .. } = &mut event {
                self.done += 1;
                (*done, *of) = (self.done, self.nodes);
                if *stopped {
                    self.summary.stopped.push(node.clone());
                }
            }
            if let Event::Began { allowed, .. } = &event {
                self.summary.touched += u64::from(*allowed >= Impact::Touch);
            }
            self.progress.tell(&event);
        }
        Ok(())
    }

    fn count(&mut self, observation: &Observation) -> Option<Event> {
        // That UDP ports are closed or silent is no more than a sweep that found nothing.
        if observation.observer == BENCH || observation.kind == DatagramsFacts::KIND {
            return None;
        }
        let interrupted = match &observation.outcome {
            Outcome::Seen(_) => None,
            Outcome::Interrupted(why) => Some(*why),
        };
        match interrupted {
            None => self.summary.seen += 1,
            Some(_) => self.summary.interrupted += 1,
        }
        Some(Event::Observed {
            target: observation.target.label(),
            kind: observation.kind.clone(),
            interrupted,
        })
    }
}

/// The nodes at one address, as those who work on them need them.
pub(crate) struct Job {
    pub(crate) field: Field,
    pub(crate) errand: Arc<Errand>,
    /// Where they are; `None` when they have no address.
    pub(crate) address: Option<IpAddr>,
    pub(crate) allowed: Impact,
    pub(crate) pace: Pace,
    /// TCP ports that any of them declares.
    pub(crate) declared: BTreeSet<u16>,
    pub(crate) every_port: bool,
    /// UDP ports that any of them declares.
    pub(crate) declared_datagrams: BTreeSet<u16>,
    /// UDP ports that are asked though nobody declares them.
    pub(crate) usual_datagrams: Vec<u16>,
    /// Ports of the machine below a simulated node.
    pub(crate) host_ports: BTreeSet<u16>,
    /// Where impostors are played.
    pub(crate) theatre: Theatre,
    /// The first one is swept for all.
    pub(crate) nodes: Vec<NodeJob>,
}

/// One node, as those who work on it need it.
pub(crate) struct NodeJob {
    pub(crate) subject: Subject,
    pub(crate) permit: PermitFacts,
    /// Declared TCP services.
    pub(crate) services: Vec<ServiceSubject>,
    /// Declared UDP services.
    pub(crate) datagrams: Vec<ServiceSubject>,
    /// Far ends to play towards it.
    pub(crate) casts: Vec<Cast>,
    /// Updates to offer to it.
    pub(crate) update: Option<UpdateCast>,
    /// Messages to send to it, one of them twice.
    pub(crate) replay: Option<ReplayCast>,
}

/// Nodes by address, in the order of the file; a node that is left out is in none.
fn groups(world: &World<'_>, allowances: &[Allowance]) -> VecDeque<Vec<usize>> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for n in 0..world.scenario.nodes.len() {
        if allowances[n].because != PermitBecause::LeftOut {
            groups.entry(swept_by(world, n, allowances)).or_default().push(n);
        }
    }
    let mut all = VecDeque::with_capacity(groups.len());
    for (swept, mut nodes) in groups {
        nodes.sort_by_key(|n| (*n != swept, *n));
        all.push_back(nodes);
    }
    all
}

fn job(
    world: &World<'_>,
    allowances: &[Allowance],
    nodes: &[usize],
    field: Field,
    errand: &Arc<Errand>,
    theatre: &Theatre,
    plan: &PlanOptions,
) -> Job {
    let swept = nodes[0];
    let allowance = allowances[swept];
    let any_service = field.any_service(errand.depth, allowance.allowed);
    let any = (any_service, field.any_datagram(errand.depth, allowance.allowed));
    let declared = world.declared_ports(swept);
    let node_job = |n: &usize| {
        let most = most(world, *n, allowance, field, any, swept, &plan.images);
        NodeJob {
            subject: world.subject(*n, errand.at, declared.clone()),
            permit: PermitFacts {
                allowed: allowance.allowed,
                because: allowances[*n].because,
                pace: allowance.pace,
                connections: most.connections,
                packets: most.packets,
            },
            services: tcp(world.node(*n)).map(|s| world.service(*n, s)).collect(),
            datagrams: udp(world.node(*n)).map(|s| world.service(*n, s)).collect(),
            casts: impostor::casts(world, *n, allowance.allowed),
            update: update::cast(world, *n, allowance.allowed, &plan.images),
            replay: replay::cast(world, *n, allowance.allowed, &plan.messages),
        }
    };
    Job {
        field,
        errand: Arc::clone(errand),
        address: world.node(swept).address,
        allowed: allowance.allowed,
        pace: allowance.pace,
        every_port: every_port(world, swept, allowance),
        declared_datagrams: world.declared_datagrams(swept),
        usual_datagrams: usual_datagrams(world, swept, allowance),
        theatre: theatre.clone(),
        host_ports: world.scenario.host_ports.difference(&declared).copied().collect(),
        nodes: nodes.iter().map(node_job).collect(),
        declared,
    }
}

/// A word for this run, `[a-f0-9]{8}`; two runs have different ones.
fn mark(at: Timestamp) -> String {
    let seed = format!("{} {} {}", at, Timestamp::now(), std::process::id());
    let whole = digest(seed.as_bytes());
    whole.trim_start_matches("sha256:").chars().take(8).collect()
}

/// The bench's own records on a node.
fn bench_record<F: Facts>(node: &NodeId, allowed: Impact, facts: &F) -> Observation {
    let outcome = match serde_json::to_value(facts) {
        Ok(value) => Outcome::Seen(value),
        Err(_) => Outcome::Interrupted(Interrupted::InstrumentFault),
    };
    Observation {
        kind: F::KIND.to_owned(),
        observer: BENCH.to_owned(),
        target: Target { node: node.clone(), service: None, address: None },
        impact: allowed,
        outcome,
        cost: auscult_facts::Cost::default(),
    }
}
