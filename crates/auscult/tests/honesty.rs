//! Nothing seen is never a pass: each observation of a whole run is taken away in turn, and so is each service.

use std::collections::{BTreeMap, BTreeSet};

use auscult_casefile::{Body, Reader, Record};
use auscult_catalog::Catalog;
use auscult_engine::{Case, Evidence, PlanOptions, RunOptions, judge, run};
use auscult_facts::{Interrupted, Observation, Outcome};
use auscult_lab::{Edith, Options, Variant};
use auscult_model::Verdict;
use auscult_model::assessment::{Assessment, Ruling};
use auscult_model::scenario::Scenario;
use jiff::Timestamp;

/// Everything that can come in between.
const INTERRUPTED: [Interrupted; 10] = [
    Interrupted::Closed,
    Interrupted::Unreachable,
    Interrupted::TimedOut,
    Interrupted::AccessRefused,
    Interrupted::NotUnderstood,
    Interrupted::NotAuthorised,
    Interrupted::BudgetSpent,
    Interrupted::SafetyStop,
    Interrupted::BeyondInstrument,
    Interrupted::InstrumentFault,
];

fn key(ruling: &Ruling) -> (String, String) {
    (ruling.requirement.to_string(), ruling.node.to_string())
}

fn verdicts(assessment: &Assessment) -> BTreeMap<(String, String), Verdict> {
    assessment.rulings.iter().map(|r| (key(r), r.verdict)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_seen_is_never_a_pass() {
    let dir = tempfile::tempdir().unwrap();
    let edith = Edith::up(Options { octet: 81, ..Options::new(Variant::Target) }).await.unwrap();
    let text = edith.scenario();
    let scenario = auscult_model::scenario::parse(&text).unwrap();
    let catalog = Catalog::embedded();
    let mut options = RunOptions::new(PlanOptions::new(Timestamp::now()));
    options.anchors = auscult_probe::certificates_in_pem(&edith.files()[0].1).unwrap();
    let folder = dir.path().join("case");
    let case = Case::create(&folder, text.as_bytes(), &catalog, &edith.files(), Timestamp::now()).unwrap();
    run(&scenario, &case, &options, &()).await.unwrap();
    edith.down().await;

    let records: Vec<Record> =
        Reader::open(&folder).unwrap().records().unwrap().collect::<Result<_, _>>().unwrap();
    let evidence = |records: &[Record]| Evidence::read(records.iter().cloned().map(Ok)).unwrap();
    let whole = judge(&scenario, &catalog, &evidence(&records));
    let before = verdicts(&whole);
    let passed = before.values().filter(|v| **v == Verdict::Pass).count();
    assert!(passed > 20, "{passed}");

    let mut taken = 0;
    let mut lost: BTreeSet<(String, String)> = BTreeSet::new();
    for (n, record) in records.iter().enumerate() {
        let Body::Observation(value) = &record.body else { continue };
        let observation: Observation = serde_json::from_value(value.clone()).unwrap();
        // What the bench writes about itself is no observation of the node.
        if ["permit", "spent", "liveness"].contains(&observation.kind.as_str()) {
            continue;
        }
        for why in INTERRUPTED.map(Some).into_iter().chain([None]) {
            let mut changed = records.clone();
            match why {
                Some(why) => {
                    let without = Observation { outcome: Outcome::Interrupted(why), ..observation.clone() };
                    changed[n].body = Body::Observation(serde_json::to_value(without).unwrap());
                }
                // As if nobody had ever looked.
                None => drop(changed.remove(n)),
            }
            let after = verdicts(&judge(&scenario, &catalog, &evidence(&changed)));
            for (pair, verdict) in &after {
                let was = before.get(pair).copied();
                assert!(
                    *verdict != Verdict::Pass || was == Some(Verdict::Pass),
                    "{pair:?} passes because {} of {} was {why:?}",
                    observation.kind,
                    observation.target.label()
                );
                assert!(
                    *verdict != Verdict::Fail || was == Some(Verdict::Fail),
                    "{pair:?} fails because something was not seen"
                );
            }
            for ruling in &whole.rulings {
                let rests = ruling.trials.iter().any(|t| t.evidence.as_ref() == Some(&record.digest));
                if rests && ruling.verdict == Verdict::Pass {
                    assert_ne!(
                        after.get(&key(ruling)),
                        Some(&Verdict::Pass),
                        "{:?} rests on {} of {}",
                        key(ruling),
                        observation.kind,
                        observation.target.label()
                    );
                    lost.insert(key(ruling));
                }
            }
        }
        taken += 1;
    }
    assert!(taken > 30, "{taken}");
    assert_eq!(lost.len(), passed, "every pass rests on something that was taken away once");
}

/// Runs against what is up now, without a sweep of undeclared ports.
async fn assessed(scenario: &Scenario, edith: &Edith) -> Assessment {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::embedded();
    let plan = PlanOptions { declared_only: true, ..PlanOptions::new(Timestamp::now()) };
    let mut options = RunOptions::new(plan);
    options.anchors = auscult_probe::certificates_in_pem(&edith.files()[0].1).unwrap();
    let folder = dir.path().join("case");
    let text = edith.scenario();
    let case = Case::create(&folder, text.as_bytes(), &catalog, &edith.files(), Timestamp::now()).unwrap();
    run(scenario, &case, &options, &()).await.unwrap();
    judge(scenario, &catalog, &case.evidence().unwrap())
}

/// A scenario whose chosen services are declared where nothing listens: nobody has heard of the world changing.
fn without(scenario: &Scenario, gone: impl Fn(&str) -> bool) -> Scenario {
    let mut scenario = scenario.clone();
    for node in &mut scenario.nodes {
        for service in &mut node.services {
            if gone(&format!("{}/{}", node.id, service.name)) {
                service.port += 20_000;
            }
        }
    }
    scenario
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_gone_passes_nothing() {
    let edith = Edith::up(Options { octet: 83, ..Options::new(Variant::Target) }).await.unwrap();
    let scenario = auscult_model::scenario::parse(&edith.scenario()).unwrap();
    let whole = assessed(&scenario, &edith).await;
    let before = verdicts(&whole);
    let services: Vec<String> = scenario
        .nodes
        .iter()
        .flat_map(|node| node.services.iter().map(move |s| format!("{}/{}", node.id, s.name)))
        .collect();
    assert!(services.len() >= 9, "{services:?}");
    let mut lost = 0;
    for service in &services {
        let after = assessed(&without(&scenario, |s| s == service), &edith).await;
        for ruling in &after.rulings {
            let was = before.get(&key(ruling));
            let said = format!("{:?} without {service}: {}", key(ruling), ruling.reason.because);
            assert!(ruling.verdict != Verdict::Pass || was == Some(&Verdict::Pass), "passes, {said}");
            assert!(ruling.verdict != Verdict::Fail, "fails, {said}");
            let rests = ruling.trials.iter().filter(|t| t.target == *service);
            assert!(rests.clone().all(|t| t.verdict == Verdict::Inconclusive), "{said}");
            if rests.count() > 0 {
                assert_eq!(ruling.verdict, Verdict::Inconclusive, "{said}");
                lost += usize::from(was == Some(&Verdict::Pass));
            }
        }
    }
    assert!(lost > 20, "only {lost} passes were lost");

    let nothing = assessed(&without(&scenario, |_| true), &edith).await;
    edith.down().await;
    assert_eq!((nothing.coverage.passed, nothing.coverage.failed), (0, 0), "{:?}", nothing.coverage);
}
