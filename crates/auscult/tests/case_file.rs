//! A case file in a stranger's hands: proved as it is, and refused wherever it was touched.

mod field;

use std::fs;
use std::path::{Path, PathBuf};

use auscult_casefile::CaseError;
use field::{Lab, auscult, code, err, out};

/// A change to a case file.
type Forgery = Box<dyn Fn(&Path)>;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|e| e.unwrap()) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

fn artifact(case: &Path) -> PathBuf {
    fs::read_dir(case.join("artifacts")).unwrap().next().unwrap().unwrap().path()
}

#[test]
fn a_stranger_proves_every_verdict_and_notices_every_change() {
    let dir = tempfile::tempdir().unwrap();
    let lab = Lab::up(dir.path(), 22, &["--variant", "status-quo"]);
    let check = auscult(
        dir.path(),
        &["check", lab.scenario.to_str().unwrap(), "--declared-only", "--case", "it.case", "--exit-zero"],
    );
    assert_eq!(code(&check), 0, "{}", err(&check));
    drop(lab);

    let verified = auscult(dir.path(), &["verify", "it.case"]);
    assert_eq!(code(&verified), 0, "{}", err(&verified));
    assert!(
        out(&verified).contains("the same to the byte") && out(&verified).contains("would have been noticed")
    );
    let judged = auscult(dir.path(), &["judge", "it.case", "--reporter", "json"]);
    assert_eq!(code(&judged), 1);
    assert!(err(&judged).contains("the same verdicts to the byte"), "{}", err(&judged));
    assert_eq!(judged.stdout, fs::read(dir.path().join("it.case/assessment.json")).unwrap());

    let original = dir.path().join("it.case");
    let evidence = fs::read_to_string(original.join("evidence.jsonl")).unwrap();
    let lines: Vec<&str> = evidence.lines().collect();
    let touched = dir.path().join("touched.case");
    let without = |n: usize| {
        let kept: Vec<_> = lines.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, l)| *l).collect();
        kept.join("\n") + "\n"
    };
    let mut swapped = lines.clone();
    swapped.swap(4, 5);
    let forgeries: Vec<(&str, Forgery)> = vec![
        ("scenario", flip(|case| case.join("scenario.toml"), 40)),
        ("catalog", flip(|case| case.join("catalog.json"), 4_000)),
        ("first record", flip(|case| case.join("evidence.jsonl"), 60)),
        ("record in the middle", flip(|case| case.join("evidence.jsonl"), evidence.len() / 2)),
        ("last record", flip(|case| case.join("evidence.jsonl"), evidence.len() - 40)),
        ("assessment", flip(|case| case.join("assessment.json"), 2_000)),
        ("artifact", flip(artifact, 100)),
        ("artifact gone", Box::new(|case| fs::remove_file(artifact(case)).unwrap())),
        ("record gone", rewritten(without(3))),
        ("last record gone", rewritten(without(lines.len() - 1))),
        ("records swapped", rewritten(swapped.join("\n") + "\n")),
        ("record twice", rewritten(evidence.clone() + lines[lines.len() - 1] + "\n")),
        ("torn", rewritten(evidence[..evidence.len() - 9].to_owned())),
    ];
    for (name, forge) in forgeries {
        let _ = fs::remove_dir_all(&touched);
        copy(&original, &touched);
        forge(&touched);
        let refused = auscult(dir.path(), &["verify", "touched.case"]);
        let said = err(&refused);
        assert_eq!(code(&refused), 4, "{name}: {said}{}", out(&refused));
        assert!(said.contains("byte"), "{name} must be placed: {said}");
        assert!(out(&refused).is_empty());
    }
}

#[test]
fn every_record_is_named_when_it_was_touched() {
    let dir = tempfile::tempdir().unwrap();
    let lab = Lab::up(dir.path(), 23, &["--variant", "target"]);
    let scenario = lab.scenario.to_str().unwrap();
    let check =
        auscult(dir.path(), &["check", scenario, "--impact", "touch", "--case", "it.case", "--exit-zero"]);
    assert_eq!(code(&check), 0, "{}", err(&check));
    drop(lab);
    let case = dir.path().join("it.case");
    auscult_casefile::verify(&case).unwrap();
    let whole = fs::read(case.join("evidence.jsonl")).unwrap();
    let refused = |bytes: &[u8]| {
        fs::write(case.join("evidence.jsonl"), bytes).unwrap();
        match auscult_casefile::verify(&case) {
            Err(CaseError::Tampered(tampered)) => tampered,
            other => panic!("{other:?}"),
        }
    };
    let lines: Vec<&[u8]> = whole.split_inclusive(|b| *b == b'\n').collect();
    assert!(lines.len() > 20, "{}", lines.len());
    let mut begins = 0;
    for (n, line) in lines.iter().enumerate() {
        // Near the beginning, in the middle, and in the digest at the end.
        for at in [12, line.len() / 2, line.len() - 20] {
            let mut bytes = whole.clone();
            bytes[begins + at] ^= 1;
            let found = refused(&bytes);
            assert_eq!(found.record, n as u64, "byte {at} of record {n}: {found}");
            let place = usize::try_from(found.byte).unwrap();
            assert!((begins..begins + line.len()).contains(&place), "byte {at} of record {n}: {found}");
        }
        let mut gone = whole.clone();
        gone.drain(begins..begins + line.len());
        let found = refused(&gone);
        assert!(found.record <= n as u64, "record {n} is gone, and {found}");
        begins += line.len();
        let torn = refused(&whole[..begins - 1]);
        assert!(torn.record <= n as u64, "record {n} is torn, and {torn}");
    }
}

/// Flips one bit of a file.
fn flip(file: impl Fn(&Path) -> PathBuf + 'static, at: usize) -> Forgery {
    Box::new(move |case| {
        let path = file(case);
        let mut bytes = fs::read(&path).unwrap();
        bytes[at] ^= 1;
        fs::write(&path, bytes).unwrap();
    })
}

fn rewritten(evidence: String) -> Forgery {
    Box::new(move |case| fs::write(case.join("evidence.jsonl"), &evidence).unwrap())
}
