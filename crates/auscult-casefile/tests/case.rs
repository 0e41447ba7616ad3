//! A case file survives crashes, keeps a second writer out, and notices every change.

use std::fs;
use std::path::{Path, PathBuf};

use auscult_casefile::{Body, CaseError, CaseFile, Reader, Tail, Tampered, What, canonical, digest, verify};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

fn at() -> Timestamp {
    "2026-05-01T10:00:00Z".parse().unwrap()
}

fn seen(n: u64) -> (Timestamp, Body) {
    (at(), Body::Observation(json!({"kind": "demo", "n": n, "text": "grüße\u{1b}"})))
}

/// A whole case file: five observations, an anchor, and an assessment of six records.
fn whole(dir: &Path) {
    let files = [("anchors/ca.pem".to_owned(), b"-----BEGIN".to_vec())];
    let mut case = CaseFile::create(dir, b"title = \"x\"\n", b"{}", &files, at()).unwrap();
    case.append((0..5).map(seen)).unwrap();
    let assessment = json!({"verdict": "fail", "evidence": {"records": case.records(), "head": case.head()}});
    case.write_assessment(at(), |out| out.write_all(&canonical(&assessment).unwrap())).unwrap();
}

fn tampered(dir: &Path) -> Tampered {
    match verify(dir) {
        Err(CaseError::Tampered(tampered)) => tampered,
        other => panic!("{other:?}"),
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found.retain(|f| !f.ends_with("lock"));
    found.sort();
    found
}

#[test]
fn what_was_written_is_read() {
    let dir = tempfile::tempdir().unwrap();
    whole(dir.path());
    let verified = verify(dir.path()).unwrap();
    assert_eq!((verified.records, verified.artifacts, verified.tail), (7, 1, Tail::Sealed));
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!(reader.scenario().unwrap(), b"title = \"x\"\n");
    assert_eq!(reader.file("anchors/ca.pem").unwrap().unwrap(), b"-----BEGIN");
    assert_eq!(reader.file("../../etc/passwd").unwrap(), None);
    let bodies: Vec<_> = reader.records().unwrap().map(|r| r.unwrap().body).collect();
    assert_eq!(bodies[1], seen(0).1);
}

#[test]
fn the_same_assessment_again_adds_no_record() {
    let dir = tempfile::tempdir().unwrap();
    whole(dir.path());
    let (mut case, torn) = CaseFile::open_for_append(dir.path()).unwrap();
    assert_eq!(torn, None);
    let bytes = fs::read(dir.path().join("assessment.json")).unwrap();
    case.write_assessment(at(), |out| out.write_all(&bytes)).unwrap();
    assert_eq!(case.records(), 7);
}

#[test]
fn evidence_younger_than_the_assessment_is_told() {
    let dir = tempfile::tempdir().unwrap();
    whole(dir.path());
    let (mut case, _) = CaseFile::open_for_append(dir.path()).unwrap();
    case.append([seen(9)]).unwrap();
    assert_eq!(verify(dir.path()).unwrap().tail, Tail::SealedUpTo { assessed: 6 });
}

#[test]
fn a_torn_record_is_told_and_cut() {
    let dir = tempfile::tempdir().unwrap();
    let mut case = CaseFile::create(dir.path(), b"", b"", &[], at()).unwrap();
    case.append((0..3).map(seen)).unwrap();
    drop(case);
    let path = dir.path().join("evidence.jsonl");
    let bytes = fs::read(&path).unwrap();
    let last = bytes[..bytes.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
    for end in last + 1..bytes.len() {
        fs::write(&path, &bytes[..end]).unwrap();
        let told = tampered(dir.path());
        assert_eq!((told.record, told.byte, told.what), (3, last as u64, What::Torn), "{end}");
        let (mut case, torn) = CaseFile::open_for_append(dir.path()).unwrap();
        assert_eq!(torn.map(|t| (t.record, t.bytes)), Some((3, (end - last) as u64)));
        assert_eq!(case.records(), 3);
        case.append([seen(7)]).unwrap();
        drop(case);
        assert_eq!(verify(dir.path()).unwrap().records, 4);
    }
}

#[test]
fn a_missing_tail_is_noticed_with_an_assessment_and_said_to_be_unnoticeable_without() {
    let dir = tempfile::tempdir().unwrap();
    whole(dir.path());
    let path = dir.path().join("evidence.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().collect();
    for kept in 1..lines.len() {
        fs::write(&path, lines[..kept].join("\n") + "\n").unwrap();
        let what = tampered(dir.path()).what;
        assert_eq!(what, if kept < 6 { What::Truncated } else { What::Unsealed }, "{kept}");
    }
    fs::remove_file(dir.path().join("assessment.json")).unwrap();
    fs::write(&path, lines[..4].join("\n") + "\n").unwrap();
    assert_eq!(verify(dir.path()).unwrap().tail, Tail::Open);
    fs::write(&path, text).unwrap();
    assert_eq!(tampered(dir.path()).what, What::Missing);
}

#[test]
fn records_that_are_dropped_swapped_or_doubled_are_named() {
    let dir = tempfile::tempdir().unwrap();
    whole(dir.path());
    let path = dir.path().join("evidence.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let mut variants = Vec::new();
    for n in 0..lines.len() - 1 {
        let mut dropped = lines.clone();
        dropped.remove(n);
        let mut swapped = lines.clone();
        swapped.swap(n, n + 1);
        let mut doubled = lines.clone();
        doubled.insert(n, lines[n].clone());
        variants.extend([(n, dropped), (n, swapped), (n + 1, doubled)]);
    }
    for (n, variant) in variants {
        fs::write(&path, variant.join("\n") + "\n").unwrap();
        let told = tampered(dir.path());
        assert_eq!((told.record, told.what), (n as u64, What::Place));
    }
}

#[test]
fn a_forged_record_breaks_the_chain_after_it() {
    let dir = tempfile::tempdir().unwrap();
    whole(dir.path());
    let path = dir.path().join("evidence.jsonl");
    let mut lines: Vec<String> = fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
    let mut forged: Value = serde_json::from_str(&lines[2]).unwrap();
    forged["body"]["observation"]["n"] = json!(99);
    forged.as_object_mut().unwrap().remove("digest");
    let own = digest(&canonical(&forged).unwrap());
    forged["digest"] = json!(own);
    lines[2] = String::from_utf8(canonical(&forged).unwrap()).unwrap();
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    let told = tampered(dir.path());
    assert_eq!((told.record, told.what), (3, What::Chain));
}

#[test]
fn a_second_writer_is_kept_out_and_a_dead_one_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let first = CaseFile::create(dir.path(), b"", b"", &[], at()).unwrap();
    let told = CaseFile::open_for_append(dir.path()).unwrap_err().to_string();
    assert!(told.contains(&std::process::id().to_string()), "{told}");
    drop(first);
    fs::write(dir.path().join("lock"), "4194303\n").unwrap();
    assert!(CaseFile::open_for_append(dir.path()).is_ok());
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("scenario.toml"), "mine").unwrap();
    assert!(matches!(CaseFile::create(dir.path(), b"", b"", &[], at()), Err(CaseError::NotEmpty(_))));
    assert!(matches!(CaseFile::open_for_append(dir.path()), Err(CaseError::NotACase(_))));
    assert_eq!(fs::read(dir.path().join("scenario.toml")).unwrap(), b"mine");
}

#[test]
fn a_record_that_cannot_be_written_leaves_the_chain_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let mut case = CaseFile::create(dir.path(), b"", b"", &[], at()).unwrap();
    let float = (at(), Body::Observation(json!(0.5)));
    assert!(matches!(case.append([seen(1), float]), Err(CaseError::NotCanonical { seq: 2, .. })));
    let long = (at(), Body::Observation(json!("x".repeat(5 << 20))));
    assert!(matches!(case.append([long]), Err(CaseError::LongRecord { seq: 1, .. })));
    case.append([seen(1)]).unwrap();
    assert_eq!(verify(dir.path()).unwrap().records, 2);
}

#[test]
fn an_endless_line_is_refused_without_being_read() {
    let dir = tempfile::tempdir().unwrap();
    drop(CaseFile::create(dir.path(), b"", b"", &[], at()).unwrap());
    let path = dir.path().join("evidence.jsonl");
    let mut bytes = fs::read(&path).unwrap();
    bytes.resize(bytes.len() + (6 << 20), b'[');
    fs::write(&path, bytes).unwrap();
    assert_eq!(tampered(dir.path()).what, What::NotARecord);
}

#[cfg(unix)]
#[test]
fn links_are_refused() {
    for file in ["scenario.toml", "catalog.json", "evidence.jsonl", "assessment.json", "lock"] {
        let dir = tempfile::tempdir().unwrap();
        whole(dir.path());
        let outside = tempfile::NamedTempFile::new().unwrap();
        fs::copy(dir.path().join(file), outside.path()).unwrap();
        fs::remove_file(dir.path().join(file)).unwrap();
        std::os::unix::fs::symlink(outside.path(), dir.path().join(file)).unwrap();
        let refused = if file == "lock" {
            CaseFile::open_for_append(dir.path()).map(drop)
        } else {
            verify(dir.path()).map(drop)
        };
        assert!(matches!(refused, Err(CaseError::NotAFile(_))), "{file}: {refused:?}");
    }
}

#[test]
fn a_foreign_name_among_the_artifacts_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    whole(dir.path());
    fs::write(dir.path().join("artifacts/readme.txt"), "hello").unwrap();
    assert_eq!(tampered(dir.path()).what, What::ForeignArtifact);
}

#[test]
fn every_single_byte_of_a_small_case_counts() {
    let dir = tempfile::tempdir().unwrap();
    whole(dir.path());
    for file in files(dir.path()) {
        let good = fs::read(&file).unwrap();
        for n in 0..good.len() {
            let mut bad = good.clone();
            bad[n] ^= 0x01;
            fs::write(&file, &bad).unwrap();
            tampered(dir.path());
        }
        fs::write(&file, &good).unwrap();
    }
    verify(dir.path()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_change_of_a_byte_is_noticed_at_the_record_it_touches(which: prop::sample::Index, place: prop::sample::Index, xor in 1u8..) {
        let dir = tempfile::tempdir().unwrap();
        whole(dir.path());
        let files = files(dir.path());
        let file = which.get(&files);
        let mut bytes = fs::read(file).unwrap();
        let n = place.index(bytes.len());
        let record = bytes[..n].iter().filter(|b| **b == b'\n').count() as u64;
        bytes[n] ^= xor;
        fs::write(file, &bytes).unwrap();
        let told = tampered(dir.path());
        if file.ends_with("evidence.jsonl") {
            prop_assert_eq!(told.record, record);
            prop_assert!(told.byte <= bytes.len() as u64);
        }
    }

    #[test]
    fn whatever_was_acknowledged_is_there_after_any_cut_beyond_it(extra in prop::collection::vec(any::<u8>(), 0..200)) {
        let dir = tempfile::tempdir().unwrap();
        let mut case = CaseFile::create(dir.path(), b"", b"", &[], at()).unwrap();
        let acknowledged = case.append((0..4).map(seen)).unwrap();
        drop(case);
        let path = dir.path().join("evidence.jsonl");
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend(extra.iter().filter(|b| **b != b'\n'));
        fs::write(&path, bytes).unwrap();
        let (case, _) = CaseFile::open_for_append(dir.path()).unwrap();
        prop_assert_eq!(case.head(), &acknowledged[3].digest);
    }
}
