//! Runs every target over its corpus: the seeds, and every input that ever broke something.

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use auscult_fuzz::TARGETS;

/// Longest that one input may take, on a slow machine and without optimisation.
const PATIENCE: Duration = Duration::from_secs(5);

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("`{}`: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_input_is_borne() {
    let mut broken = Vec::new();
    for (name, target) in TARGETS {
        let files = files(&corpus().join(name));
        assert!(!files.is_empty(), "{name} has no corpus");
        for file in files {
            let bytes = fs::read(&file).unwrap();
            let began = Instant::now();
            if catch_unwind(|| target(&bytes)).is_err() {
                broken.push(file);
            } else if began.elapsed() > PATIENCE {
                panic!("`{}` took {:?}", file.display(), began.elapsed());
            }
        }
    }
    assert!(broken.is_empty(), "broken by {broken:#?}");
}

#[test]
fn every_short_input_and_every_beginning_is_borne() {
    for (name, target) in TARGETS {
        target(&[]);
        for byte in 0..=255 {
            target(&[byte]);
        }
        let smallest =
            files(&corpus().join(name)).into_iter().map(|f| fs::read(f).unwrap()).min_by_key(Vec::len);
        let smallest = smallest.unwrap_or_default();
        for cut in 0..smallest.len().min(300) {
            target(&smallest[..cut]);
        }
    }
}

#[test]
fn each_target_has_a_binary_and_a_corpus_and_there_are_no_others() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    for folder in ["fuzz_targets", "corpus"] {
        let found = files(&root.join(folder));
        let found = found.iter().map(|f| f.file_stem().unwrap().to_string_lossy().into_owned());
        assert_eq!(found.collect::<BTreeSet<_>>(), named, "{folder}");
    }
}
