//! The command line as a person and a script meet it: exit codes, pure results, help, mistakes.

mod field;

use std::fs;

use field::{Lab, auscult, code, err, out};

const COMMANDS: [&[&str]; 14] = [
    &["demo"],
    &["init"],
    &["plan"],
    &["check"],
    &["judge"],
    &["verify"],
    &["report"],
    &["diff"],
    &["lab"],
    &["lab", "up"],
    &["lab", "truth"],
    &["lab", "faults"],
    &["explain"],
    &["completions"],
];

#[test]
fn every_command_has_two_examples_and_the_exit_codes() {
    let dir = tempfile::tempdir().unwrap();
    for command in COMMANDS {
        let help = auscult(dir.path(), &[command, &["--help"]].concat());
        let text = out(&help);
        assert_eq!(code(&help), 0);
        assert!(
            text.matches("      auscult ").count() >= 2 || text.matches("\n  auscult ").count() >= 2,
            "{text}"
        );
        assert!(text.contains("Exit codes: 0 all passed"), "{text}");
        assert!(!text.contains("[cli."), "a text is missing: {text}");
    }
}

#[test]
fn a_mistyped_scenario_is_told_with_its_place_and_what_to_write() {
    let dir = tempfile::tempdir().unwrap();
    let text = include_str!("../templates/device.toml")
        .replace("support_until", "suport_until")
        .replace("# suport_until", "suport_until")
        .replace("setting = \"homecare\"", "setting = \"homecar\"");
    fs::write(dir.path().join("s.toml"), text).unwrap();
    for command in ["plan", "check"] {
        let output = auscult(dir.path(), &[command, "s.toml"]);
        let said = err(&output);
        assert_eq!(code(&output), 2, "{said}");
        assert!(out(&output).is_empty());
        assert!(said.contains("s.toml:6:11") && said.contains("did you mean `homecare`?"), "{said}");
        assert!(
            said.contains("`suport_until` is no key") && said.contains("did you mean `support_until`?"),
            "{said}"
        );
        assert!(said.contains("2 mistakes; nothing was sent"), "{said}");
        assert!(!said.contains('\u{1b}'), "{said}");
    }
}

#[test]
fn what_is_wrong_on_the_command_line_ends_with_2() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(code(&auscult(dir.path(), &["init", "s.toml"])), 0);
    for args in [
        &["chekc", "s.toml"][..],
        &["check", "absent.toml"],
        &["check", "s.toml", "--node", "absent"],
        &["check", "s.toml", "--reporter", "json", "--reporter", "human"],
        &["check", "s.toml", "--reporter", "pdf"],
        &["check", "s.toml", "--impact", "rough"],
        &["init", "s.toml"],
        &["explain", "TLS-99"],
        &["verify", "."],
        &["judge", "s.toml"],
        &["lab", "truth", "edith", "--fault", "absent"],
        &["plan", "s.toml", "--catalog", "."],
    ] {
        let output = auscult(dir.path(), args);
        assert_eq!(code(&output), 2, "{args:?}: {}", err(&output));
        assert!(out(&output).is_empty() && err(&output).len() > 20, "{args:?}");
    }
}

#[test]
fn what_is_written_to_begin_with_can_be_planned() {
    let dir = tempfile::tempdir().unwrap();
    for template in ["device", "homecare"] {
        let file = format!("{template}.toml");
        assert_eq!(code(&auscult(dir.path(), &["init", &file, "--template", template])), 0);
        let plan = auscult(dir.path(), &["plan", &file]);
        assert_eq!(code(&plan), 0, "{}", err(&plan));
        assert!(out(&plan).lines().all(|line| line.chars().count() <= 80), "{}", out(&plan));
        let json: serde_json::Value =
            serde_json::from_str(&out(&auscult(dir.path(), &["plan", &file, "--format", "json"]))).unwrap();
        assert_eq!(json["schema"], "auscult/plan/v1");
    }
    let perimeter =
        auscult(dir.path(), &["plan", "device.toml", "--coverage", "ts103701", "--format", "json"]);
    let perimeter: serde_json::Value = serde_json::from_str(&out(&perimeter)).unwrap();
    assert_eq!(perimeter.as_array().unwrap().len(), 56);
}

#[test]
fn everything_can_be_explained() {
    let dir = tempfile::tempdir().unwrap();
    let requirements = auscult_catalog::Catalog::embedded();
    let ids = requirements.requirements.keys().map(|id| id.as_str().to_owned());
    let ids: Vec<_> = ids.chain(auscult_checks::all().iter().map(|c| c.meta().id.to_string())).collect();
    assert!(ids.len() >= 120 + 45);
    for id in ids {
        let page = auscult(dir.path(), &["explain", &id]);
        assert_eq!(code(&page), 0, "{id}");
        let text = out(&page);
        assert!(text.len() > 300 && text.lines().all(|l| l.chars().count() <= 80), "{id}: {text}");
    }
}

#[test]
fn completions_are_there_for_four_shells() {
    let dir = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = auscult(dir.path(), &["completions", shell]);
        assert!(code(&script) == 0 && out(&script).contains("verify"), "{shell}");
    }
}

#[test]
fn a_check_gives_pure_results_and_the_code_of_its_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let lab = Lab::up(dir.path(), 21, &["--variant", "target", "--fault", "cuff-trace"]);
    let scenario = lab.scenario.to_str().unwrap().to_owned();
    let run = |case: &str, more: &[&str]| {
        auscult(dir.path(), &[&["check", &scenario, "--declared-only", "--case", case], more].concat())
    };
    let failed = run("a.case", &["--reporter", "json", "--reporter", "html:a.html", "--node", "cuff"]);
    assert_eq!(code(&failed), 1, "{}", err(&failed));
    let json: serde_json::Value = serde_json::from_str(&out(&failed)).unwrap();
    assert_eq!((&json["schema"], &json["verdict"]), (&"auscult/assessment/v1".into(), &"fail".into()));
    let html = fs::read_to_string(dir.path().join("a.html")).unwrap().to_lowercase();
    assert!(html.starts_with("<!doctype html>") && !html.contains("<script"));
    assert_eq!(code(&run("b.case", &["--node", "cuff", "--fail-on", "critical"])), 3);
    assert_eq!(code(&run("c.case", &["--node", "cuff", "--exit-zero"])), 0);
    assert_eq!(code(&run("a.case", &["--node", "cuff"])), 2, "a case file that is there is not written over");

    let human = auscult(dir.path(), &["report", "a.case", "--exit-zero"]);
    let text = out(&human);
    assert!(text.lines().all(|line| line.chars().count() <= 80) && !text.contains('\u{1b}'), "{text}");
    assert_eq!(
        text,
        out(&auscult(dir.path(), &["report", "a.case", "--exit-zero"])),
        "same input, same bytes"
    );
    drop(lab);
    let closed = run("d.case", &["--node", "cuff", "--reporter", "json"]);
    assert_eq!(code(&closed), 3, "a closed port is no failure and no pass: {}", err(&closed));
    let json: serde_json::Value = serde_json::from_str(&out(&closed)).unwrap();
    assert_eq!(json["coverage"]["passed"], 0);
    let nowhere = run("/proc/auscult.case", &["--node", "cuff"]);
    assert_eq!(code(&nowhere), 5, "no room for evidence: {}", err(&nowhere));
}
