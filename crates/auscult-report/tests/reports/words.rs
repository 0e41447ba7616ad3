//! Every word of the reports is there, and every word that is there is used.

use std::fs;
use std::path::Path;

use auscult_model::{DataClass, Force, Impact, NodeKind, Pace, Setting, Severity, Stage, Verdict};

use crate::edith;

/// Ids that code puts together from a kind and a word.
const KINDS: &[&str] = &[
    "area-",
    "data-",
    "force-",
    "impact-",
    "kind-",
    "pace-",
    "relation-",
    "setting-",
    "severity-",
    "stage-",
    "state-",
    "verdict-word-",
    "zone-",
];

fn ids() -> Vec<&'static str> {
    let (_, text) = auscult_report::texts();
    text.lines()
        .filter(|l| !l.starts_with([' ', '#', '}']))
        .filter_map(|l| l.split(" =").next())
        .filter(|l| !l.is_empty())
        .collect()
}

fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_message_is_well_formed() {
    let catalogue = edith::catalogue();
    assert!(ids().len() > 100);
    for id in ids() {
        assert!(catalogue.has(&format!("report.{id}")), "{id}");
    }
}

#[test]
fn every_message_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code = String::new();
    sources(&root.join("src"), &mut code);
    sources(&root.join("templates"), &mut code);
    for id in ids() {
        let built = KINDS.iter().any(|kind| id.starts_with(kind));
        assert!(built || code.contains(&format!("\"{id}\"")), "{id} is never said");
    }
}

#[test]
fn every_value_has_its_word() {
    let catalogue = edith::catalogue();
    let mut ids: Vec<String> = Vec::new();
    ids.extend(Severity::ALL.iter().map(|v| format!("severity-{v}")));
    ids.extend(Setting::ALL.iter().map(|v| format!("setting-{v}")));
    ids.extend(Stage::ALL.iter().map(|v| format!("stage-{v}")));
    ids.extend(Force::ALL.iter().map(|v| format!("force-{v}")));
    ids.extend(Impact::ALL.iter().map(|v| format!("impact-{v}")));
    ids.extend(Pace::ALL.iter().map(|v| format!("pace-{v}")));
    ids.extend(NodeKind::ALL.iter().map(|v| format!("kind-{v}")));
    ids.extend(DataClass::ALL.iter().map(|v| format!("data-{v}")));
    ids.extend([Verdict::Pass, Verdict::Fail, Verdict::Inconclusive].map(|v| format!("verdict-word-{v}")));
    ids.extend(["equal", "subset", "superset", "intersects"].map(|v| format!("relation-{v}")));
    ids.extend(["open", "closed", "filtered", "unknown"].map(|v| format!("state-{v}")));
    for id in ids {
        assert!(catalogue.has(&format!("report.{id}")), "{id}");
    }
}
