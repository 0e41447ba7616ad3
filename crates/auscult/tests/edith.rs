//! Edith's world against its own ground truth: every planted weakness is found, and nothing else fails.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use auscult_catalog::Catalog;
use auscult_engine::{Case, PlanOptions, RunOptions, judge, run};
use auscult_lab::{Edith, Options, Truth, Variant, faults};
use auscult_model::Verdict;
use auscult_model::assessment::{Assessment, Ruling};
use auscult_model::scenario::{Credential, Scenario, SecretFrom};
use auscult_probe::access::{Key, Secret};
use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Worlds that stand side by side: each has its own loopback addresses, and two cores serve no more.
const WORLDS: usize = 3;

/// Requirement and node.
type Pair = (String, String);

async fn assessed(options: Options, declared_only: bool) -> (Assessment, Vec<Truth>) {
    let dir = tempfile::tempdir().unwrap();
    let edith = Edith::up(options).await.unwrap();
    let text = edith.scenario();
    let scenario = auscult_model::scenario::parse(&text).unwrap();
    let catalog = Catalog::embedded();
    let plan = PlanOptions { declared_only, ..PlanOptions::new(Timestamp::now()) };
    let mut run_options = RunOptions::new(plan);
    for (name, bytes) in edith.files() {
        if scenario.crls.contains(&name) {
            run_options.crls = auscult_probe::revocation_lists(&bytes).unwrap();
        } else {
            assert_eq!(scenario.trust_anchors, [name]);
            run_options.anchors = auscult_probe::certificates_in_pem(&bytes).unwrap();
        }
    }
    run_options.keys = keys(&scenario, edith.secrets());
    let case = dir.path().join("case");
    let case = Case::create(&case, text.as_bytes(), &catalog, &edith.files(), Timestamp::now()).unwrap();
    let summary = run(&scenario, &case, &run_options, &()).await.unwrap();
    assert!(!summary.cancelled && summary.stopped.is_empty(), "{summary:?}");
    let assessment = judge(&scenario, &catalog, &case.evidence().unwrap());
    let truth = edith.truth();
    edith.down().await;
    (assessment, truth)
}

/// The credentials of a scenario, with the secrets of the world.
fn keys(scenario: &Scenario, secrets: Vec<(String, Vec<u8>)>) -> Vec<Key> {
    let secret = |file: &str| secrets.iter().find(|(name, _)| name == file).unwrap().1.clone();
    let key = |credential: &Credential| match &credential.secret {
        Some(SecretFrom::File(file)) => {
            Key { credential: credential.clone(), secret: Secret::new(secret(file)).unwrap() }
        }
        None => Key { credential: credential.clone(), secret: Secret::none() },
        other => panic!("{other:?}"),
    };
    scenario.credentials.iter().map(key).collect()
}

/// What failed, with the reasons.
fn failed(assessment: &Assessment) -> BTreeMap<Pair, String> {
    let rulings = assessment.rulings.iter().filter(|r| r.verdict == Verdict::Fail);
    rulings.map(|r| ((r.requirement.to_string(), r.node.to_string()), r.reason.because.clone())).collect()
}

/// Where truth and verdicts differ, in words; empty when they agree.
fn differences(name: &str, assessment: &Assessment, truth: &[Truth]) -> Vec<String> {
    let found = failed(assessment);
    let planted: BTreeSet<Pair> =
        truth.iter().map(|t| (t.requirement.to_owned(), t.node.to_owned())).collect();
    let said = |(requirement, node): &Pair| {
        let of = |r: &&Ruling| r.requirement.as_str() == requirement && r.node.as_str() == node;
        let ruling = assessment.rulings.iter().find(of);
        ruling.map_or("not judged", |r| r.reason.because.as_str())
    };
    let missed = planted.iter().filter(|p| !found.contains_key(*p));
    let missed = missed.map(|p| format!("{name}: missed {p:?}: {}", said(p)));
    let extra = found.iter().filter(|(p, _)| !planted.contains(*p));
    missed
        .chain(extra.map(|(p, why)| format!("{name}: {p:?} fails though nothing was planted: {why}")))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_the_status_quo_is_found_and_the_target_has_none() {
    let (today, planted) = assessed(Options { octet: 31, ..Options::new(Variant::StatusQuo) }, false).await;
    assert!(planted.len() > 30);
    assert_eq!(differences("status quo", &today, &planted), [] as [String; 0]);

    let (target, planted) = assessed(Options { octet: 31, ..Options::new(Variant::Target) }, false).await;
    assert!(planted.is_empty());
    assert_eq!(differences("target", &target, &planted), [] as [String; 0]);
    assert!(target.coverage.passed > 20, "{:?}", target.coverage);
    assert_eq!(target.coverage.targets_observed, target.coverage.targets_selected);
    for safety in &target.safety {
        assert!(safety.connections <= safety.connections_announced, "{safety:?}");
        assert!(safety.packets <= safety.packets_announced, "{safety:?}");
        assert_eq!(safety.liveness_missed, 0, "{safety:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_single_fault_is_found_and_nothing_else_fails() {
    let places = Arc::new(Semaphore::new(WORLDS));
    let mut worlds = JoinSet::new();
    for (n, fault) in faults().iter().enumerate() {
        let places = Arc::clone(&places);
        worlds.spawn(async move {
            let _place = places.acquire_owned().await.unwrap();
            let options = Options {
                octet: 100 + u8::try_from(n).unwrap(),
                faults: BTreeSet::from([fault.name]),
                ..Options::new(Variant::Target)
            };
            // Every port of six nodes is asked only where the fault is one of undeclared ports.
            let hidden = fault.fails.iter().any(|(requirement, _)| *requirement == "SRV-01");
            let (assessment, truth) = assessed(options, !hidden).await;
            assert!(!truth.is_empty(), "{} makes nothing fail", fault.name);
            differences(fault.name, &assessment, &truth)
        });
    }
    let mut wrong: Vec<String> = worlds.join_all().await.into_iter().flatten().collect();
    wrong.sort();
    assert_eq!(wrong, [] as [String; 0]);
}
