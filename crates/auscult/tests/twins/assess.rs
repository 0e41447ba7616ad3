//! Assesses twins with the binary as a user would, and compares what failed with what was planted.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::process::Command;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Instant;

use auscult_model::Verdict;
use auscult_model::assessment::{Assessment, Ruling, Trial};

use crate::certificates::{AUTHORITY, LIST};
use crate::machine::ports_of_the_machine;
use crate::program::{Ground, Running, udp_ports_of_the_machine};
use crate::{brokers, consoles, dcmtk, modbus, mosquitto, nginx, openssl, orthanc, stores};

/// A program in one configuration.
pub(crate) struct Twin {
    pub(crate) name: &'static str,
    /// An address that no other twin has.
    pub(crate) address: [u8; 4],
    /// Ports that the program opens at every address, though it is asked for only one.
    pub(crate) everywhere: &'static [u16],
    /// Writes the configuration and starts the program.
    pub(crate) start: fn(&Ground) -> Vec<Running>,
    /// Nodes and flows of the scenario; `{address}` stands for the twin's own.
    pub(crate) scenario: &'static str,
    pub(crate) must: Must,
}

/// What an assessment of the twin has to show.
pub(crate) enum Must {
    /// Exactly these fail.
    Fail(&'static [Planted]),
    /// No ruling fails, and these checks have passed on each target they concern, or on the one that is named
    /// behind them.
    Hold(&'static [&'static str]),
}

impl Must {
    /// Whether anything is said about undeclared ports; the others are spared 65535 connects each.
    fn asks_for_a_sweep(&self) -> bool {
        let swept = |check: &str| matches!(check, "service-undeclared" | "service-undeclared-udp");
        match self {
            Self::Fail(planted) => planted.iter().any(|(_, _, check)| swept(check)),
            Self::Hold(checks) => checks.iter().any(|check| swept(check)),
        }
    }
}

/// A weakness that a configuration holds: requirement, target (a service, or a node) and check.
///
/// Where another node answers for the target, as one that sends to it does, it is written `node > target`.
pub(crate) type Planted = (&'static str, &'static str, &'static str);

/// What came of one twin.
struct Outcome {
    name: &'static str,
    planted: usize,
    held: usize,
    /// Planted and not found, or held and not shown.
    missed: Vec<String>,
    /// Found and not planted.
    wrong: Vec<String>,
    seconds: f32,
}

/// Assesses all twins of a program side by side, prints what came of each, and fails if any of it is wrong.
pub(crate) fn twins(twins: &[Twin]) {
    let (done, outcomes) = channel();
    thread::scope(|scope| {
        for twin in twins {
            let done = done.clone();
            scope.spawn(move || {
                let ground = Ground::new(Ipv4Addr::from(twin.address));
                let _running = (twin.start)(&ground);
                let _ = done.send(outcome(twin, &ground));
            });
        }
    });
    drop(done);
    let mut outcomes: Vec<Outcome> = outcomes.iter().collect();
    outcomes.sort_by_key(|o| o.name);
    assert_eq!(outcomes.len(), twins.len(), "a twin was not assessed to the end");
    eprintln!("{}", table(&outcomes));
    let faults: Vec<&String> = outcomes.iter().flat_map(|o| o.missed.iter().chain(&o.wrong)).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

fn outcome(twin: &Twin, ground: &Ground) -> Outcome {
    let begun = Instant::now();
    let assessment = assessed(twin, ground);
    let (missed, wrong, planted, held) = match twin.must {
        Must::Fail(planted) => {
            let (missed, wrong) = compared(&assessment, planted);
            (missed, wrong, planted.len(), 0)
        }
        Must::Hold(checks) => (unshown(&assessment, checks), compared(&assessment, &[]).1, 0, checks.len()),
    };
    let named =
        |what: &str, all: Vec<String>| all.iter().map(|one| format!("{}: {what} {one}", twin.name)).collect();
    Outcome {
        name: twin.name,
        planted,
        held,
        missed: named("missed", missed),
        wrong: named("wrong", wrong),
        seconds: begun.elapsed().as_secs_f32(),
    }
}

/// Runs `auscult check` on the twin's scenario.
pub(crate) fn assessed(twin: &Twin, ground: &Ground) -> Assessment {
    let mut anchors = String::new();
    for (key, file) in [("trust_anchors", AUTHORITY), ("crls", LIST)] {
        if ground.path(file).is_file() {
            anchors += &format!("{key} = [\"{file}\"]\n");
        }
    }
    let scenario = format!(
        "title = \"{}\"\nstage = \"status-quo\"\nsetting = \"homecare\"\n{anchors}host_ports = {:?}\n\
         [authorisation]\nby = \"the test\"\nuntil = 2099-12-31\nimpact = \"intrusive\"\npace = \"laboratory\"\n\n{}",
        twin.name,
        elsewhere(twin),
        twin.scenario.replace("{address}", &ground.address.to_string()),
    );
    ground.write("scenario.toml", &scenario);
    let out = Command::new(env!("CARGO_BIN_EXE_auscult"))
        .arg("check")
        .arg(ground.path("scenario.toml"))
        .arg("--case")
        .arg(ground.path("case"))
        .args(["--reporter", "json", "--no-progress"])
        .args((!twin.must.asks_for_a_sweep()).then_some("--declared-only"))
        .output()
        .expect("the binary runs");
    let told = String::from_utf8_lossy(&out.stderr);
    let assessment: Assessment = serde_json::from_slice(&out.stdout).unwrap_or_else(|e| {
        panic!("{}: no assessment ({e}), exit {:?}: {told}", twin.name, out.status.code())
    });
    let code = match assessment.verdict {
        Verdict::Pass => 0,
        Verdict::Fail => 1,
        Verdict::Inconclusive => 3,
    };
    assert_eq!(out.status.code(), Some(code), "{}: {told}", twin.name);
    for safety in &assessment.safety {
        assert!(safety.connections <= safety.connections_announced, "{}: {safety:?}", twin.name);
        assert!(safety.packets <= safety.packets_announced, "{}: {safety:?}", twin.name);
        assert!(safety.stopped.is_none() && safety.liveness_missed == 0, "{}: {safety:?}", twin.name);
    }
    assessment
}

/// Ports that answer at the twin's address and are none of its own: of the machine, and of twins that come later.
fn elsewhere(twin: &Twin) -> Vec<u16> {
    let twins = [
        &mosquitto::TWINS[..],
        &nginx::TWINS,
        &openssl::TWINS,
        &dcmtk::TWINS,
        &orthanc::TWINS,
        &stores::TWINS,
        &consoles::TWINS,
        &brokers::TWINS,
        &modbus::TWINS,
    ];
    let of_twins = twins.into_iter().flatten().flat_map(|other| other.everywhere.iter().copied());
    let usual = auscult_facts::datagrams::WELL_KNOWN.iter().map(|(port, _)| *port);
    let of_machine = ports_of_the_machine().into_iter().chain(udp_ports_of_the_machine(usual));
    let all: BTreeSet<u16> = of_machine.chain(of_twins).collect();
    all.into_iter().filter(|port| !twin.everywhere.contains(port)).collect()
}

/// Planted and not found; found and not planted.
fn compared(assessment: &Assessment, planted: &[Planted]) -> (Vec<String>, Vec<String>) {
    let mut found: BTreeSet<&Planted> = BTreeSet::new();
    let mut wrong = Vec::new();
    for ruling in assessment.rulings.iter().filter(|r| r.verdict == Verdict::Fail) {
        let failed: Vec<_> = ruling.trials.iter().filter(|t| t.verdict == Verdict::Fail).collect();
        if failed.is_empty() {
            wrong.push(format!("{} on {} fails without a trial", ruling.requirement, ruling.node));
        }
        for trial in failed {
            let place = place(ruling, trial);
            let key = (ruling.requirement.as_str(), place.as_str(), trial.check.as_str());
            if !planted.contains(&key) {
                wrong.push(format!("{key:?}: {}", trial.reason.because));
            }
            found.extend(planted.iter().find(|p| **p == key));
        }
    }
    let missed = planted.iter().filter(|key| !found.contains(*key)).map(|key| {
        let (_, _, check) = *key;
        let tried = trials(assessment, check)
            .map(|(place, t)| format!("{place} {}, {}", t.verdict, t.reason.because));
        format!("{key:?}: {:?}", tried.collect::<BTreeSet<_>>())
    });
    (missed.collect(), wrong)
}

/// Checks that did not pass on each target that could be looked at.
fn unshown(assessment: &Assessment, checks: &[&str]) -> Vec<String> {
    let within_reach = |target: &str| {
        let node = target.split('/').next().unwrap_or_default();
        assessment.nodes.iter().any(|n| n.id.as_str() == node && n.address.is_some())
    };
    let mut unshown = Vec::new();
    for held in checks {
        let (check, only) =
            held.split_once(' ').map_or((*held, None), |(check, target)| (check, Some(target)));
        let concerned = |t: &Trial| only.map_or(within_reach(&t.target), |target| t.target == target);
        let mut tried = trials(assessment, check).filter(|(_, t)| concerned(t)).peekable();
        if tried.peek().is_none() {
            unshown.push(format!("{held}: nowhere tried"));
        }
        let open = tried.filter(|(_, t)| t.verdict != Verdict::Pass);
        unshown.extend(
            open.map(|(place, t)| format!("{check} on {place}: {}, {}", t.verdict, t.reason.because)),
        );
    }
    unshown
}

/// What was tried by one check, and where.
fn trials<'a>(assessment: &'a Assessment, check: &'a str) -> impl Iterator<Item = (String, &'a Trial)> {
    let all = assessment.rulings.iter().flat_map(|r| r.trials.iter().map(move |t| (place(r, t), t)));
    all.filter(move |(_, t)| t.check.as_str() == check)
}

fn place(ruling: &Ruling, trial: &Trial) -> String {
    let own = trial.target.split('/').next() == Some(ruling.node.as_str());
    if own { trial.target.clone() } else { format!("{} > {}", ruling.node, trial.target) }
}

fn table(outcomes: &[Outcome]) -> String {
    let mut table = format!("{:<28} planted  found  missed  false  held  seconds\n", "twin");
    for o in outcomes {
        let found = o.planted - if o.planted > 0 { o.missed.len() } else { 0 };
        let held = o.held - if o.held > 0 { o.missed.len().min(o.held) } else { 0 };
        let _ = writeln!(
            table,
            "{:<28} {:>7} {:>6} {:>7} {:>6} {:>2}/{:<2} {:>8.1}",
            o.name,
            o.planted,
            found,
            o.missed.len(),
            o.wrong.len(),
            held,
            o.held,
            o.seconds
        );
    }
    table
}
