//! Every input that was kept is read again.

use std::fs;
use std::path::Path;

use auscult_fuzz::TARGETS;

#[test]
fn every_corpus_is_read_without_a_fall() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, target) in TARGETS {
        let mut read = 0;
        for entry in fs::read_dir(corpora.join(name)).unwrap_or_else(|e| panic!("corpus of {name}: {e}")) {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            target(&bytes);
            // Truncated and with a bit flipped, as a damaged line would give it.
            target(&bytes[..bytes.len() / 2]);
            let mut flipped = bytes.clone();
            if let Some(byte) = flipped.get_mut(bytes.len() / 3) {
                *byte ^= 0x10;
            }
            target(&flipped);
            read += 1;
        }
        assert!(read >= 3, "{name} has {read} inputs");
    }
}

#[test]
fn every_target_has_its_program() {
    for (name, _) in TARGETS {
        assert!(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fuzz_targets/{name}.rs")).exists(),
            "{name}"
        );
    }
}
