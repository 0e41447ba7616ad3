//! Every fixture of every check gets the verdict that its file name begins with, and the same words as before.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use auscult_checks::{AnyCheck, all};
use auscult_facts::Subject;
use auscult_text::Catalogue;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    subject: Subject,
    facts: serde_json::Value,
}

fn folder(check: &dyn AnyCheck) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let id = check.meta().id.as_str().replace('-', "_");
    for protocol in fs::read_dir(&source).unwrap().map(|e| e.unwrap()) {
        let name = protocol.file_name().into_string().unwrap();
        if let Some(rest) = id.strip_prefix(&format!("{name}_")) {
            let folder = protocol.path().join(rest);
            if folder.is_dir() {
                return folder;
            }
        }
    }
    panic!("`{id}` has no folder");
}

#[test]
fn every_fixture_gets_its_verdict() {
    let words = Catalogue::english(&auscult_checks::texts().collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for check in all() {
        let mut seen = BTreeMap::from([("pass", 0), ("fail", 0), ("inconclusive", 0)]);
        let fixtures = folder(*check).join("fixtures");
        let mut files: Vec<_> = fs::read_dir(&fixtures).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "json")) {
            let name = format!("{} {}", check.meta().id, file.file_name().unwrap().display());
            let fixture: Fixture = match serde_json::from_str(&fs::read_to_string(file).unwrap()) {
                Ok(fixture) => fixture,
                Err(e) => {
                    wrong.push(format!("{name}: {e}"));
                    continue;
                }
            };
            if !check.selects(&fixture.subject) {
                wrong.push(format!("{name}: the check does not select its subject"));
            }
            let judgement = match check.judge(&fixture.facts, &fixture.subject) {
                Ok(judgement) => judgement,
                Err(e) => {
                    wrong.push(format!("{name}: {e}"));
                    continue;
                }
            };
            let verdict = judgement.verdict.word();
            if !file.file_name().unwrap().to_str().unwrap().starts_with(verdict) {
                wrong.push(format!("{name}: {verdict}, because {:?}", judgement.because));
            }
            *seen.entry(verdict).or_default() += 1;
            let said = words.say(&auscult_checks::global(&check.meta().id, &judgement.because));
            let snap = format!("{verdict}: {said}\n");
            let path = file.with_extension("snap");
            if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
                fs::write(&path, &snap).unwrap();
            } else if fs::read_to_string(&path).unwrap_or_default() != snap {
                wrong.push(format!(
                    "{name}: says otherwise than its snapshot (UPDATE_SNAPSHOTS=1 rewrites): {snap}"
                ));
            }
        }
        for (verdict, count) in seen {
            if count == 0 {
                wrong.push(format!("{} has no fixture for {verdict}", check.meta().id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(words.missing(), 0, "a reason has no words");
}

#[test]
fn every_check_has_its_page() {
    let words = Catalogue::english(&auscult_checks::texts().collect::<Vec<_>>());
    for check in all() {
        for part in ["title", "why", "mend", "limits"] {
            let said = words.say(&auscult_model::Message::new(format!("{}.{part}", check.meta().id)));
            assert!(said.len() > 12, "{} says too little in `{part}`: {said}", check.meta().id);
        }
    }
    assert_eq!(words.missing(), 0);
}

#[test]
fn ids_are_in_order_and_unique() {
    let ids: Vec<_> = all().iter().map(|c| c.meta().id.as_str()).collect();
    assert!(ids.windows(2).all(|w| w[0] < w[1]), "{ids:?}");
}
