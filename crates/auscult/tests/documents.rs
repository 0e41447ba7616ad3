//! What the documents say is true today: their commands run, and their lists are complete.

mod field;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Blocks of a document that are marked `sh`.
fn blocks(text: &str) -> Vec<String> {
    let parts = text.split("```sh\n").skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

/// What a reader types, for a machine where auscult is built: the first command of the README runs what it builds,
/// and the second one runs this very test.
fn as_built(block: &str) -> String {
    block.replace("cargo run --release -- demo", "auscult demo --octet 62").replace("./test\n", "true\n")
}

#[test]
fn every_command_of_the_documents_runs() {
    let bin = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(field::AUSCULT, bin.path().join("auscult")).unwrap();
    let path = format!("{}:{}", bin.path().display(), std::env::var("PATH").unwrap());
    let mut documents = vec![root().join("README.md")];
    let book = fs::read_dir(root().join("docs")).unwrap().map(|e| e.unwrap().path());
    documents.extend(book.filter(|p| p.extension().is_some_and(|e| e == "md")));
    documents.sort();
    let mut ran = 0;
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        let dir = tempfile::tempdir().unwrap();
        for block in blocks(&text) {
            let output = Command::new("bash")
                .args(["-euo", "pipefail", "-c", &as_built(&block)])
                .current_dir(dir.path())
                .env("PATH", &path)
                .stdin(Stdio::null())
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}:\n{block}\n{said}", document.display());
            ran += 1;
        }
    }
    assert!(ran >= 8, "only {ran} blocks were found");
}

#[test]
fn links_between_documents_lead_somewhere() {
    for from in ["README.md", "docs/README.md", "ARCHITECTURE.md", "SECURITY.md"] {
        let file = root().join(from);
        let text = fs::read_to_string(&file).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(file.parent().unwrap().join(link).exists(), "{from} links to `{link}`");
        }
    }
}

#[test]
fn numbers_in_the_documents_are_those_of_the_program() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let catalog = auscult_catalog::Catalog::embedded();
    for (count, what) in [
        (auscult_checks::all().len(), "checks"),
        (catalog.requirements.len(), "requirements"),
        (auscult_lab::faults().len(), "switchable faults"),
    ] {
        assert!(readme.contains(&format!("{count} {what}")), "README says otherwise than {count} {what}");
    }
    let changes = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    assert!(changes.contains(&format!("## {}", env!("CARGO_PKG_VERSION"))));
    let citations: usize = catalog.requirements.values().map(|r| r.cites.len()).sum();
    let text = format!(
        "{},{:03} citations of {} frameworks",
        citations / 1000,
        citations % 1000,
        catalog.frameworks.len()
    );
    assert!(changes.contains(&text), "{text}");
}
