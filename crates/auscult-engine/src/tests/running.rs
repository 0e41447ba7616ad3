//! Runs against real sockets on loopback, with observers that do what the test wants.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use auscult_catalog::Catalog;
use auscult_facts::bench::{PermitBecause, PermitFacts, SpentFacts};
use auscult_facts::ports::{PortState, PortsFacts};
use auscult_facts::service::ServiceFacts;
use auscult_facts::{Facts, Interrupted, Outcome, Scope, Subject};
use auscult_model::{Impact, NodeId, Pace, ServiceName};
use auscult_probe::{AnyObserver, Bound, Depth, Errand, Limits, Looking, NodeBench};
use serde_json::json;
use tokio::net::TcpListener;

use super::{at, scenario};
use crate::field::Field;
use crate::run::run_with;
use crate::{Cancel, Case, Event, Evidence, PlanOptions, Progress, RunOptions, RunSummary};

/// What an observer of a test does.
#[derive(Clone, Copy)]
enum Does {
    Connect,
    Hang,
    Panic,
    Float,
}

struct Doing {
    kind: &'static str,
    does: Does,
}

impl AnyObserver for Doing {
    fn name(&self) -> &'static str {
        "doing 1"
    }
    fn kind(&self) -> &'static str {
        self.kind
    }
    fn scope(&self) -> Scope {
        Scope::EveryService
    }
    fn impact(&self) -> Impact {
        Impact::Touch
    }
    fn bound(&self, _: Depth, _: Impact) -> Bound {
        Bound { connections: 1, packets: 8 }
    }
    fn look<'a>(&'a self, bench: &'a NodeBench, subject: &'a Subject, errand: &'a Errand) -> Looking<'a> {
        Box::pin(async move {
            assert_eq!(errand.mark.len(), 8);
            let port = subject.service.as_ref().map(|s| s.port).unwrap_or_default();
            match self.does {
                Does::Connect => bench.connect(port, Impact::Touch).await.map(|_| json!({"port": port})),
                Does::Hang => {
                    let _wire = bench.connect(port, Impact::Touch).await?;
                    std::future::pending().await
                }
                Does::Panic => panic!("an observer that falls over"),
                Does::Float => Ok(json!(0.5)),
            }
        })
    }
}

fn quick(pace: Pace) -> Limits {
    Limits {
        connect: Duration::from_millis(500),
        answer: Duration::from_millis(150),
        // At the ward's pace every connect waits its turn.
        observation: Duration::from_millis(if pace == Pace::Ward { 6_000 } else { 900 }),
        ..Limits::of(pace)
    }
}

fn field(does: &[(&'static str, Does)]) -> Field {
    let observers: Vec<&'static dyn AnyObserver> = does
        .iter()
        .map(|(kind, does)| &*Box::leak(Box::new(Doing { kind, does: *does })) as &'static dyn AnyObserver)
        .collect();
    Field { observers: observers.leak(), limits: quick }
}

/// A server that accepts, says nothing, and counts.
struct Silent {
    port: u16,
    accepted: Arc<AtomicU64>,
}

async fn silent(address: &str) -> Silent {
    let listener = TcpListener::bind((address, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let accepted = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&accepted);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut sink = tokio::io::sink();
                let _ = tokio::io::copy(&mut stream, &mut sink).await;
            });
        }
    });
    Silent { port, accepted }
}

fn world(authorised: &str, nodes: &str) -> String {
    let authorisation = if authorised.is_empty() {
        String::new()
    } else {
        format!(
            "[authorisation]\nby = \"lab\"\nuntil = 2027-01-01\nimpact = \"{authorised}\"\npace = \"laboratory\"\n"
        )
    };
    format!("title = \"t\"\nstage = \"target\"\nsetting = \"homecare\"\n{authorisation}{nodes}")
}

/// Only declared ports are asked at the ward's pace.
fn at_ward_pace(world: String) -> String {
    world.replace("laboratory", "ward")
}

fn device(id: &str, address: &str, port: u16) -> String {
    format!(
        "[device.{id}]\nclass = \"I\"\naddress = \"{address}\"\nservices = [{{ name = \"s\", port = {port}, protocol = \"http\" }}]\n"
    )
}

async fn ran(
    dir: &Path,
    text: &str,
    field: Field,
    options: &RunOptions,
    progress: &dyn Progress,
) -> RunSummary {
    let case = Case::create(dir, text.as_bytes(), &Catalog::embedded(), &[], at()).unwrap();
    run_with(&scenario(text), &case, options, progress, field).await.unwrap()
}

fn options() -> RunOptions {
    RunOptions::new(PlanOptions::new(at()))
}

fn evidence(dir: &Path) -> Evidence {
    auscult_casefile::verify(dir).unwrap();
    Evidence::read(auscult_casefile::Reader::open(dir).unwrap().records().unwrap()).unwrap()
}

fn facts<F: Facts>(evidence: &Evidence, node: &str, service: Option<&str>) -> Option<F> {
    evidence.facts(&NodeId::from(node), service.map(ServiceName::from).as_ref())
}

fn outcome(evidence: &Evidence, node: &str, kind: &str) -> Option<Outcome> {
    let item = evidence.item(&NodeId::from(node), Some(&ServiceName::new("s")), kind)?;
    Some(item.observation.outcome.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_touch_is_one_connection_for_each_declared_port_and_one_question_at_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let server = silent("127.21.0.9").await;
    let text = world("touch", &device("a", "127.21.0.9", server.port));
    let summary = ran(dir.path(), &text, field(&[]), &options(), &()).await;
    assert_eq!((summary.touched, summary.interrupted), (1, 0), "{summary:?}");
    assert_eq!(server.accepted.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_seen_is_written_and_no_more_is_spent_than_announced() {
    let dir = tempfile::tempdir().unwrap();
    let server = silent("127.21.0.1").await;
    let text = at_ward_pace(world("safe", &device("a", "127.21.0.1", server.port)));
    let summary = ran(dir.path(), &text, field(&[("k", Does::Connect)]), &options(), &()).await;
    assert_eq!((summary.touched, summary.interrupted, summary.cancelled), (1, 0, false));
    let evidence = evidence(dir.path());
    let ports: PortsFacts = facts(&evidence, "a", None).unwrap();
    assert_eq!(ports.states[&server.port], PortState::Open);
    let service: ServiceFacts = facts(&evidence, "a", Some("s")).unwrap();
    assert_eq!(service.state, PortState::Open);
    assert_eq!(outcome(&evidence, "a", "k"), Some(Outcome::Seen(json!({"port": server.port}))));
    let permit: PermitFacts = facts(&evidence, "a", None).unwrap();
    let spent: SpentFacts = facts(&evidence, "a", None).unwrap();
    assert_eq!(permit.because, PermitBecause::Authorised);
    assert_eq!(spent.used, Impact::Safe);
    assert_eq!(spent.cost.connections, server.accepted.load(Ordering::SeqCst), "every connection is counted");
    assert!(spent.cost.connections <= permit.connections && spent.cost.packets <= permit.packets);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_authorisation_nothing_is_touched() {
    let dir = tempfile::tempdir().unwrap();
    let server = silent("127.21.0.2").await;
    let text = world("", &device("a", "127.21.0.2", server.port));
    let summary = ran(dir.path(), &text, field(&[("k", Does::Connect)]), &options(), &()).await;
    assert_eq!(summary.touched, 0);
    assert_eq!(server.accepted.load(Ordering::SeqCst), 0);
    let evidence = evidence(dir.path());
    let permit: PermitFacts = facts(&evidence, "a", None).unwrap();
    assert_eq!((permit.allowed, permit.because), (Impact::Passive, PermitBecause::NoAuthorisation));
    assert!(facts::<PortsFacts>(&evidence, "a", None).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_observer_that_hangs_falls_over_or_babbles_takes_only_itself_down() {
    let dir = tempfile::tempdir().unwrap();
    let server = silent("127.21.0.3").await;
    let text = at_ward_pace(world("safe", &device("a", "127.21.0.3", server.port)));
    let field = field(&[
        ("hangs", Does::Hang),
        ("panics", Does::Panic),
        ("babbles", Does::Float),
        ("works", Does::Connect),
    ]);
    let began = Instant::now();
    let summary = ran(dir.path(), &text, field, &options(), &()).await;
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    assert_eq!(summary.interrupted, 3);
    let evidence = evidence(dir.path());
    for (kind, why) in [
        ("hangs", Interrupted::TimedOut),
        ("panics", Interrupted::InstrumentFault),
        ("babbles", Interrupted::InstrumentFault),
    ] {
        assert_eq!(outcome(&evidence, "a", kind), Some(Outcome::Interrupted(why)), "{kind}");
    }
    assert!(matches!(outcome(&evidence, "a", "works"), Some(Outcome::Seen(_))));
}

/// Ends the run as soon as something was observed.
struct EndAfterFirst(Cancel);

impl Progress for EndAfterFirst {
    fn tell(&self, event: &Event) {
        if matches!(event, Event::Observed { kind, .. } if kind == "service") {
            self.0.cancel();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_early_end_keeps_what_was_written_and_blames_no_node() {
    let dir = tempfile::tempdir().unwrap();
    let mut nodes = String::new();
    for n in 0..8 {
        let address = format!("127.21.1.{n}");
        let server = silent(&address).await;
        nodes.push_str(&device(&format!("d{n}"), &address, server.port));
    }
    let text = world("touch", &nodes);
    let mut options = options();
    options.parallel = 2;
    let progress = EndAfterFirst(options.cancel.clone());
    let began = Instant::now();
    let summary = ran(dir.path(), &text, field(&[("k", Does::Hang)]), &options, &progress).await;
    assert!(summary.cancelled && summary.touched < 8, "{summary:?}");
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(summary.stopped.is_empty());
    let evidence = evidence(dir.path());
    assert!(
        facts::<ServiceFacts>(&evidence, "d0", Some("s")).is_some_and(|f| f.state == PortState::Open)
            || facts::<ServiceFacts>(&evidence, "d1", Some("s")).is_some()
    );
    for n in 0..8 {
        let node = format!("d{n}");
        assert!(!matches!(outcome(&evidence, &node, "k"), Some(Outcome::Interrupted(_))));
    }
    assert!(facts::<PermitFacts>(&evidence, "d7", None).is_none(), "what was not begun is not written");
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_at_one_address_share_the_sweep_and_a_closed_port_is_not_observed() {
    let dir = tempfile::tempdir().unwrap();
    let server = silent("127.21.0.4").await;
    let text = world("safe", &(device("a", "127.21.0.4", server.port) + &device("b", "127.21.0.4", 9)));
    ran(dir.path(), &text, field(&[("k", Does::Connect)]), &options(), &()).await;
    let evidence = evidence(dir.path());
    let (a, b): (PortsFacts, PortsFacts) =
        (facts(&evidence, "a", None).unwrap(), facts(&evidence, "b", None).unwrap());
    assert_eq!(a, b);
    assert_eq!((a.states[&server.port], a.states[&9]), (PortState::Open, PortState::Closed));
    let closed: ServiceFacts = facts(&evidence, "b", Some("s")).unwrap();
    assert_eq!(closed.state, PortState::Closed);
    assert_eq!(outcome(&evidence, "b", "k"), None);
    let spent: SpentFacts = facts(&evidence, "b", None).unwrap();
    assert_eq!(spent.cost.connections, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undeclared_port_is_found_and_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    let (declared, hidden) = (silent("127.21.0.5").await, silent("127.21.0.5").await);
    let text = world("safe", &device("a", "127.21.0.5", declared.port));
    ran(dir.path(), &text, field(&[("k", Does::Connect)]), &options(), &()).await;
    let evidence = evidence(dir.path());
    let ports: PortsFacts = facts(&evidence, "a", None).unwrap();
    assert!(ports.complete());
    let name = format!("tcp-{}", hidden.port);
    let service: ServiceFacts = facts(&evidence, "a", Some(&name)).unwrap();
    assert_eq!(service.state, PortState::Open);
    let target = SocketAddr::new("127.21.0.5".parse().unwrap(), hidden.port);
    let item = evidence.item(&NodeId::new("a"), Some(&ServiceName::from(name)), "k").unwrap();
    assert_eq!(item.observation.target.address, Some(target));
    let permit: PermitFacts = facts(&evidence, "a", None).unwrap();
    let spent: SpentFacts = facts(&evidence, "a", None).unwrap();
    assert!(spent.cost.connections <= permit.connections && spent.cost.packets <= permit.packets);
}

/// Takes the only socket away after the first observation, so that the oracle misses.
struct Dies(std::sync::Mutex<Option<tokio::task::JoinHandle<()>>>);

impl Progress for Dies {
    fn tell(&self, event: &Event) {
        if matches!(event, Event::Observed { kind, .. } if kind == "service")
            && let Some(task) = self.0.lock().unwrap().take()
        {
            task.abort();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn work_stops_when_a_node_dies() {
    let dir = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind(("127.21.0.6", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    let text = world("safe", &device("a", "127.21.0.6", port));
    let progress = Dies(std::sync::Mutex::new(Some(serving)));
    let summary = ran(dir.path(), &text, field(&[("k", Does::Hang)]), &options(), &progress).await;
    assert_eq!(summary.stopped, [NodeId::new("a")]);
    let loaded = crate::load(dir.path()).unwrap();
    let assessment = crate::judge(&loaded.scenario, &loaded.catalog, &loaded.evidence);
    assert!(assessment.safety[0].stopped.is_some());
}
