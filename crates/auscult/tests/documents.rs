//! What the documents say is true today: their commands run, their lists are complete, their figures are right.

mod field;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use auscult_catalog::{By, Catalog};

/// Second part of the loopback addresses where a document gives none; no document and no other test has it.
const OCTET: &str = "205";

/// Lines that are not run: the first would begin this very test again.
const SKIPPED: [&str; 1] = ["./test"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Names of the documents whose commands run, relative to the root.
fn documents() -> Vec<String> {
    let book = fs::read_dir(root().join("docs")).unwrap().map(|e| e.unwrap().file_name());
    let mut pages: Vec<_> = book.map(|name| format!("docs/{}", name.to_str().unwrap())).collect();
    pages.retain(|name| name.ends_with(".md"));
    pages.push("README.md".to_owned());
    pages.sort();
    pages
}

/// Blocks of a document that are marked `sh`.
fn blocks(text: &str) -> Vec<String> {
    let parts = text.split("```sh\n").skip(1);
    parts.map(|part| part.split("\n```").next().unwrap().to_owned() + "\n").collect()
}

/// What a reader types, for a machine where auscult is built already.
fn as_built(block: &str) -> String {
    let mut script = String::new();
    for line in block.lines().filter(|line| !SKIPPED.contains(line)) {
        match line.strip_prefix("cargo run --release -- ") {
            Some("demo") => script += &format!("auscult demo --octet {OCTET}"),
            Some(rest) => script += &format!("auscult {rest}"),
            None => script += line,
        }
        script.push('\n');
    }
    script
}

/// Runs the blocks of a document one after the other in a folder of its own; how many there were.
fn run(document: &str, path: &str) -> usize {
    let dir = tempfile::tempdir().unwrap();
    let blocks = blocks(&read(document));
    for block in &blocks {
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &as_built(block)])
            .current_dir(dir.path())
            .env("PATH", path)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{document}:\n{block}\n{said}\n{}", output.status);
    }
    blocks.len()
}

#[test]
fn every_command_of_the_documents_runs() {
    let bin = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(field::AUSCULT, bin.path().join("auscult")).unwrap();
    let path = format!("{}:{}", bin.path().display(), std::env::var("PATH").unwrap());
    // One after the other: a world that shares its processors with others answers late, and the bench then stops.
    let ran: usize = documents().iter().map(|document| run(document, &path)).sum();
    assert!(ran >= 14, "only {ran} blocks were found");
}

#[test]
fn worlds_of_the_documents_do_not_collide() {
    let all: Vec<_> = documents().iter().flat_map(|d| blocks(&read(d))).map(|b| as_built(&b)).collect();
    let mut octets: Vec<&str> = all
        .iter()
        .flat_map(|block| block.split("--octet ").skip(1))
        .filter_map(|rest| rest.split_whitespace().next())
        .collect();
    let worlds = all.iter().flat_map(|block| block.lines()).filter(|line| {
        ["auscult demo", "auscult lab up", "auscult lab dial"].iter().any(|start| line.starts_with(start))
    });
    assert_eq!(worlds.count(), octets.len(), "a world stands at the addresses that other tests may have");
    octets.sort_unstable();
    let count = octets.len();
    octets.dedup();
    assert_eq!(octets.len(), count, "two documents use the same addresses: {octets:?}");
}

/// Whether a line is the heading that a link names: in lower case, without punctuation, with hyphens for spaces.
fn is_place(line: &str, place: &str) -> bool {
    let Some(heading) = line.strip_prefix('#') else { return false };
    let letters = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = letters.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).eq(place.chars())
}

#[test]
fn links_between_documents_lead_somewhere() {
    let others = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];
    for from in documents().iter().map(String::as_str).chain(others) {
        let text = read(from);
        let folder = root().join(from).parent().unwrap().to_owned();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("https://")) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { root().join(from) } else { folder.join(file) };
            let page = fs::read_to_string(&target).unwrap_or_else(|_| panic!("{from} links to `{link}`"));
            assert!(
                place.is_empty() || page.lines().any(|line| is_place(line, place)),
                "{from} links to `{link}`"
            );
        }
    }
}

#[test]
fn every_page_of_the_book_is_listed() {
    let index = read("docs/README.md");
    for page in documents().iter().filter_map(|d| d.strip_prefix("docs/")).filter(|p| *p != "README.md") {
        assert!(index.contains(&format!("]({page})")), "docs/README.md does not list {page}");
    }
}

#[test]
fn numbers_in_the_documents_are_those_of_the_program() {
    let readme = read("README.md");
    let catalog = Catalog::embedded();
    for (count, what) in [
        (auscult_checks::all().len(), "checks"),
        (catalog.requirements.len(), "requirements"),
        (auscult_lab::faults().len(), "switchable faults"),
    ] {
        assert!(readme.contains(&format!("{count} {what}")), "README says otherwise than {count} {what}");
    }
    let coverage = read("docs/coverage.md");
    let (_, decided) = coverage.split_once(" requirements ").unwrap();
    let (whole, rest) = decided.split_once(" are decided by checks alone, ").unwrap();
    let part = rest.split(' ').next().unwrap();
    assert!(readme.contains(&format!("Checks alone decide {whole} requirements and parts of {part} more")));
    let changes = read("CHANGELOG.md");
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

/// The pages are written from sources read as text; here they are held against what was compiled from them.
#[test]
fn the_manual_tells_every_check_as_it_is() {
    let manual = read("docs/checks.md");
    assert!(manual.contains(&format!("The {} checks", auscult_checks::all().len())));
    for check in auscult_checks::all() {
        let meta = check.meta();
        let (_, page) = manual.split_once(&format!("\n### {}\n", meta.id)).expect("every check has its page");
        let page = page.split("\n### ").next().unwrap();
        let needs = format!("it needs impact {}, and a failure is {}.", meta.impact, meta.severity);
        assert!(page.contains(&needs), "{}: {page}", meta.id);
        assert_eq!(page.matches("\n- ").count(), meta.covers.len(), "{}", meta.id);
        for covers in meta.covers {
            let told = format!("\n- {} ({}): ", covers.requirement, covers.aspect);
            assert!(page.contains(&told), "{}: {told}", meta.id);
        }
    }
    assert_eq!(manual.matches("\n### ").count(), auscult_checks::all().len());
}

#[test]
fn the_coverage_is_that_of_the_program() {
    let page = read("docs/coverage.md");
    let catalog = Catalog::embedded();
    for requirement in catalog.requirements.values() {
        assert!(
            page.contains(&format!("| {} {} | ", requirement.id, requirement.title)),
            "{}",
            requirement.id
        );
        for aspect in &requirement.aspects {
            let row = page.lines().find(|line| line.contains(&format!(" | {} | ", aspect.title)));
            let row = row.unwrap_or_else(|| panic!("{}/{} is missing", requirement.id, aspect.id));
            assert_eq!(row.ends_with("| a person |"), aspect.by == By::Hand, "{row}");
        }
    }
    let page = read("docs/ts103701.md");
    let tests = auscult_engine::coverage(&catalog);
    assert_eq!(tests.len(), 56);
    for test in tests {
        let row = |line: &&str| {
            line.starts_with(&format!("| {} |", test.unit)) || line.starts_with(&format!("| [{}]", test.unit))
        };
        let row = page.lines().find(row).unwrap_or_else(|| panic!("{} is missing", test.unit));
        assert!(row.contains(&format!("| {} | ", test.state.word())), "{row}");
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let page = read("ARCHITECTURE.md");
    let (_, table) = page.split_once("\n## Dependencies\n").unwrap();
    let listed: Vec<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
        .flat_map(|crates| crates.split(", "))
        .collect();
    let manifest = read("Cargo.toml");
    let (_, rest) = manifest.split_once("[workspace.dependencies]\n").unwrap();
    let lines = rest.lines().take_while(|line| !line.starts_with('['));
    for name in lines.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name) {
        assert!(
            listed.contains(&name) || name.starts_with("auscult-"),
            "ARCHITECTURE.md has no reason for `{name}`"
        );
    }
}

#[test]
fn every_trait_of_the_catalog_can_be_looked_up() {
    let page = read("docs/scenario.md");
    let catalog = Catalog::embedded();
    for word in catalog.requirements.values().flat_map(|r| &r.condition.traits) {
        assert!(page.contains(&format!("`{word}`")), "docs/scenario.md does not name the trait `{word}`");
    }
}
