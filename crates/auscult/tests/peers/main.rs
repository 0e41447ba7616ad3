//! The command against every hostile peer of the catalogue, each under every protocol that it fits, at an address of
//! its own: the work ends by its deadlines, in bounded memory, and proves nothing that was not said.

mod behaviour;
mod catalogue;
mod scripts;
mod strings;
mod tls;
mod watched;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use auscult_casefile::{Body, Reader};
use auscult_facts::{Interrupted, Observation, Outcome};
use auscult_model::Pace;
use auscult_probe::Limits;
use serde_json::Value;
use tokio::net::TcpListener;

use catalogue::{GROUPS, ROWS, Row, SERVICES, Service};
use watched::{Watched, auscult};

/// The octet of the loopback network that this test has for itself.
const OCTET: u8 = 95;

/// A place outside every scenario, to which peers send whoever follows.
pub(crate) const AWAY_HOST: &str = "127.95.250.1";
pub(crate) const AWAY: &str = "127.95.250.1:8080";

/// So much memory may hostile peers cost beyond what the same run takes where nobody listens, KiB.
const MEMORY: u64 = 64 << 10;

/// What shows that something else than declared, or nothing protected, is spoken there: that is really seen.
const SEEN_ANYHOW: &[&str] = &["service-declaration-wrong", "flow-in-clear"];

/// One behaviour under one protocol.
struct Pair {
    row: &'static Row,
    service: &'static Service,
    id: String,
    address: Ipv4Addr,
}

impl Pair {
    /// Whether a check may come to a verdict other than undecided by what the peer really says.
    fn may(&self, check: &str, verdict: &str) -> bool {
        // What a peer speaks is what is declared only where both have the same name, whoever is met under HTTP.
        if check == "service-declaration-wrong" && verdict == "pass" && !self.is_as_declared() {
            return false;
        }
        self.row.shows.iter().any(|shown| check.starts_with(shown))
    }

    fn is_as_declared(&self) -> bool {
        let spoken = self.row.name.strip_prefix("speaks-").unwrap_or(self.row.name);
        spoken.split('-').next() == Some(self.service.name)
    }
}

/// Every pair, by the run that looks at it.
fn pairs() -> Vec<Vec<Pair>> {
    let mut groups: Vec<Vec<Pair>> = (0..GROUPS).map(|_| Vec::new()).collect();
    for row in ROWS {
        for service in SERVICES.iter().filter(|s| row.fits.is_empty() || row.fits.contains(&s.name)) {
            let group = &mut groups[service.group];
            let place = u8::try_from(group.len() + 1).expect("at most 254 pairs in a run");
            let address = Ipv4Addr::new(127, OCTET, u8::try_from(service.group).expect("few runs"), place);
            group.push(Pair { row, service, id: format!("{}-under-{}", row.name, service.name), address });
        }
    }
    groups
}

fn scenario(pairs: &[Pair]) -> String {
    let mut text = "title = \"Peers\"\nstage = \"target\"\nsetting = \"homecare\"\n\
                    [authorisation]\nby = \"test\"\nuntil = 2099-12-31\nimpact = \"intrusive\"\npace = \"laboratory\"\n\
                    [network.home]\nkind = \"wifi\"\n[device.caller]\nclass = \"III\"\n"
        .to_owned();
    for Pair { service, id, address, .. } in pairs {
        let _ = write!(
            text,
            "[device.{id}]\nclass = \"III\"\naddress = \"{address}\"\n\
             services = [{{ name = \"it\", port = {}, {} }}]\n\
             [[flow]]\nfrom = \"caller\"\nto = \"{id}/it\"\ndata = [\"vitals\", \"identity\"]\nover = [\"home\"]\n",
            service.port, service.declared
        );
    }
    text
}

#[test]
fn names_are_unique_and_every_protocol_has_behaviours_of_its_own() {
    let names: BTreeSet<&str> = ROWS.iter().map(|r| r.name).collect();
    assert_eq!(names.len(), ROWS.len());
    assert!(ROWS.len() >= 40, "{}", ROWS.len());
    for service in &SERVICES {
        assert!(ROWS.iter().any(|r| r.fits.contains(&service.name)), "{}", service.name);
    }
    for row in ROWS {
        assert!(row.fits.iter().all(|f| SERVICES.iter().any(|s| s.name == *f)), "{}", row.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_peers_prove_nothing() {
    let reached = lure().await;
    let groups = pairs();
    let dir = Arc::new(tempfile::tempdir().expect("a folder"));
    let mut baseline = Vec::new();
    for (n, group) in groups.iter().enumerate() {
        std::fs::write(dir.path().join(format!("{n}.toml")), scenario(group)).expect("a scenario");
        // Before the peers are there, nobody listens at their addresses.
        let told = check(Arc::clone(&dir), n, "nobody").await;
        assert_eq!(told.code, Some(3), "{}", told.errors);
        baseline.push(told.most_kib);
    }
    for pair in groups.iter().flatten() {
        pair.row.does.serve(pair.address, pair.service.port).await;
    }
    let runs: Vec<_> = (0..GROUPS).map(|n| tokio::spawn(check(Arc::clone(&dir), n, "peers"))).collect();
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for ((n, run), group) in runs.into_iter().enumerate().zip(&groups) {
        let told = run.await.expect("a run");
        let grown = told.most_kib.saturating_sub(baseline[n]);
        let _ = writeln!(
            std::io::stderr(),
            "run {n}: {} pairs, {:?}, {grown} KiB beyond {} KiB",
            group.len(),
            told.took,
            baseline[n]
        );
        if grown > MEMORY {
            wrong.push(format!("run {n} took {grown} KiB beyond {} KiB", baseline[n]));
        }
        // Each of them accepts connections all the time, so that no work is stopped for its safety.
        if !matches!(told.code, Some(1 | 3)) || told.errors.contains("panicked") {
            let stopped = stopped(&dir.path().join(format!("{n}-peers.case")));
            wrong.push(format!("run {n} ended with {:?}: {}{stopped}", told.code, told.errors));
            continue;
        }
        let case = dir.path().join(format!("{n}-peers.case"));
        let verified = auscult(dir.path(), &["verify", &case.display().to_string()]);
        if verified.code != Some(0) {
            wrong.push(format!("run {n} does not verify: {}", verified.errors));
        }
        looked_at += judged(&case, group, &mut wrong);
    }
    let all: usize = groups.iter().map(Vec::len).sum();
    let _ = writeln!(std::io::stderr(), "{} behaviours, {all} pairs, {looked_at} trials", ROWS.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(reached.load(Ordering::SeqCst), 0, "somebody followed a peer out of the scenario");
}

/// Counts who comes to the place outside the scenario.
async fn lure() -> Arc<AtomicUsize> {
    let listener = TcpListener::bind(AWAY).await.expect("a place outside");
    let reached = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&reached);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    reached
}

async fn check(dir: Arc<tempfile::TempDir>, n: usize, what: &'static str) -> Watched {
    let run = move || {
        let (scenario, case) = (format!("{n}.toml"), format!("{n}-{what}.case"));
        auscult(dir.path(), &["check", &scenario, "--declared-only", "--no-progress", "--case", &case])
    };
    tokio::task::spawn_blocking(run).await.expect("a run")
}

/// At which peers work was stopped, and why.
fn stopped(case: &Path) -> String {
    let read = std::fs::read(case.join("assessment.json")).unwrap_or_default();
    let assessment: Value = serde_json::from_slice(&read).unwrap_or_default();
    let nodes = assessment["safety"].as_array().into_iter().flatten();
    nodes.filter(|node| !node["stopped"].is_null()).map(ToString::to_string).collect()
}

/// Notes what a run says that no peer showed; gives the number of trials.
fn judged(case: &Path, group: &[Pair], wrong: &mut Vec<String>) -> usize {
    let limits = Limits::of(Pace::Laboratory);
    let deadline = limits.observation + Duration::from_secs(5);
    for record in Reader::open(case).expect("a case").records().expect("records") {
        let Body::Observation(value) = record.expect("a record").body else { continue };
        let seen: Observation = serde_json::from_value(value).expect("an observation");
        let what = format!("{} of {}", seen.kind, seen.target.label());
        // A panic within an observation is written down as a fault of the instrument.
        if seen.outcome == Outcome::Interrupted(Interrupted::InstrumentFault) {
            wrong.push(format!("{what}: fault of the instrument"));
        }
        if Duration::from_millis(seen.cost.millis) > deadline
            && !["ports", "spent"].contains(&seen.kind.as_str())
        {
            wrong.push(format!("{what} took {} ms", seen.cost.millis));
        }
        if seen.cost.bytes_received > limits.budget.bytes_received + (1 << 20) {
            wrong.push(format!("{what} took in {} bytes", seen.cost.bytes_received));
        }
    }
    let assessment: Value =
        serde_json::from_slice(&std::fs::read(case.join("assessment.json")).expect("an assessment"))
            .expect("JSON");
    let by_id: BTreeMap<&str, &Pair> = group.iter().map(|p| (p.id.as_str(), p)).collect();
    let mut trials: BTreeMap<&str, usize> = BTreeMap::new();
    for ruling in assessment["rulings"].as_array().expect("rulings") {
        let Some(pair) = by_id.get(ruling["node"].as_str().expect("a node")) else { continue };
        for trial in ruling["trials"].as_array().expect("trials") {
            *trials.entry(pair.id.as_str()).or_default() += 1;
            let check = trial["check"].as_str().expect("a check");
            let verdict = trial["verdict"].as_str().expect("a verdict");
            let because = trial["because"].as_str().unwrap_or_default();
            let shown = pair.may(check, verdict) || (verdict == "fail" && SEEN_ANYHOW.contains(&check));
            if verdict != "inconclusive" && !shown {
                wrong.push(format!("{}: {check} is {verdict}: {because}", pair.id));
            }
            if because.is_empty()
                || trial["message"]["id"].as_str().is_some_and(|m| m.ends_with("check-fault"))
            {
                wrong.push(format!("{}: {check} has no reason", pair.id));
            }
        }
        if ruling["verdict"] == "pass" && pair.row.shows.is_empty() {
            wrong.push(format!("{}: {} passes", pair.id, ruling["requirement"]));
        }
    }
    for pair in group {
        if trials.get(pair.id.as_str()).is_none_or(|n| *n == 0) {
            wrong.push(format!("{}: no trial", pair.id));
        }
    }
    trials.values().sum()
}
