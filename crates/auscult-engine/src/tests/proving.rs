//! A case file proves its verdicts, and a changed one is caught.

use std::fs;

use auscult_casefile::Body;
use auscult_catalog::Catalog;
use auscult_model::assessment::Assessment;

use super::{Found, at};
use crate::case::to_json;
use crate::{Case, ProofError, Verdicts, judge, load, prove};

const TEXT: &str = r#"
title = "one"
stage = "target"
setting = "homecare"
[device.a]
class = "II"
address = "127.10.0.1"
services = [{ name = "s", port = 1, protocol = "http" }]
"#;

fn written(dir: &std::path::Path) -> Assessment {
    let case = Case::create(dir, TEXT.as_bytes(), &Catalog::embedded(), &[], at()).unwrap();
    let mut found = Found::default();
    found.swept("a", &[1]);
    let bodies = found.0.iter().map(|o| (at(), Body::Observation(serde_json::to_value(o).unwrap())));
    case.file().append(bodies).unwrap();
    let loaded = load(dir).unwrap();
    let assessment = judge(&loaded.scenario, &loaded.catalog, &loaded.evidence);
    case.write_assessment(at(), &assessment).unwrap();
    assessment
}

#[test]
fn verdicts_are_computed_again_to_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let assessment = written(dir.path());
    assert_eq!(prove(dir.path()).unwrap().verdicts, Verdicts::Same);
    let loaded = load(dir.path()).unwrap();
    let again = judge(&loaded.scenario, &loaded.catalog, &loaded.evidence);
    assert_eq!(to_json(&again), fs::read(dir.path().join("assessment.json")).unwrap());
    assert_eq!(again, assessment);
}

#[test]
fn younger_evidence_does_not_change_what_was_assessed() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path());
    let (mut file, _) = auscult_casefile::CaseFile::open_for_append(dir.path()).unwrap();
    let mut found = Found::default();
    found.swept("a", &[1, 2]);
    let more = found.0.iter().map(|o| (at(), Body::Observation(serde_json::to_value(o).unwrap())));
    file.append(more).unwrap();
    assert_eq!(prove(dir.path()).unwrap().verdicts, Verdicts::Same);
}

#[test]
fn a_verdict_that_does_not_follow_is_caught_even_when_it_is_sealed() {
    let dir = tempfile::tempdir().unwrap();
    let mut assessment = written(dir.path());
    assessment.rulings[0].verdict = auscult_model::Verdict::Pass;
    let (file, _) = auscult_casefile::CaseFile::open_for_append(dir.path()).unwrap();
    Case::from(file).write_assessment(at(), &assessment).unwrap();
    assert!(matches!(prove(dir.path()), Err(ProofError::Verdicts { byte }) if byte > 0));
}

#[test]
fn another_set_of_checks_is_told_and_not_called_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    let mut assessment = written(dir.path());
    assessment.checks.version = "9.9.9".to_owned();
    let (file, _) = auscult_casefile::CaseFile::open_for_append(dir.path()).unwrap();
    Case::from(file).write_assessment(at(), &assessment).unwrap();
    assert!(matches!(prove(dir.path()).unwrap().verdicts, Verdicts::OtherChecks(_)));
}
