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

#[test]
fn what_goes_to_a_file_or_a_pipe_has_no_escapes_unless_they_are_wanted() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(code(&auscult(dir.path(), &["init", "s.toml"])), 0);
    let check = ["check", "s.toml", "--impact", "passive", "--case"];
    let checked = auscult(dir.path(), &[&check[..], &["a.case"]].concat());
    assert_eq!(code(&checked), 3, "{}", err(&checked));
    let coloured = auscult(dir.path(), &["--color", "always", "report", "a.case"]);
    assert!(out(&coloured).contains('\u{1b}'), "this test would not see an escape");
    for args in [&["plan", "s.toml"][..], &["report", "a.case"], &["judge", "a.case"], &["verify", "a.case"]]
    {
        for wish in [None, Some(("NO_COLOR", "1")), Some(("TERM", "xterm-256color"))] {
            let mut command = std::process::Command::new(field::AUSCULT);
            command.args(args).current_dir(dir.path()).envs(wish);
            let output = command.output().unwrap();
            let both = [output.stdout, output.stderr].concat();
            assert!(!both.is_empty() && !both.contains(&0x1b), "{args:?} {wish:?}");
        }
    }
    let json = auscult(dir.path(), &["report", "a.case", "--reporter", "json"]);
    serde_json::from_slice::<serde_json::Value>(&json.stdout).unwrap();
}

#[test]
fn the_lab_tells_its_truth() {
    let dir = tempfile::tempdir().unwrap();
    let truth = out(&auscult(dir.path(), &["lab", "truth", "edith"]));
    let catalog = auscult_catalog::Catalog::embedded();
    assert!(truth.lines().count() > 30, "{truth}");
    for line in truth.lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let [requirement, node, fault] = parts[..] else { panic!("{line}") };
        assert!(catalog.get(requirement).is_some() && !node.is_empty(), "{line}");
        assert!(auscult_lab::fault(fault).is_some(), "{line}");
    }
    let target = auscult(dir.path(), &["lab", "truth", "edith", "--variant", "target"]);
    assert_eq!((code(&target), out(&target).as_str()), (0, ""));
    let one = ["lab", "truth", "edith", "--variant", "target", "--fault", "cuff-trace"];
    assert_eq!(out(&auscult(dir.path(), &one)), "SRV-04\tcuff\tcuff-trace\n");
    let faults = out(&auscult(dir.path(), &["lab", "faults"]));
    assert!(auscult_lab::faults().iter().all(|f| faults.contains(f.name)), "{faults}");
}

#[test]
fn an_interrupted_check_ends_with_130_and_keeps_what_was_observed() {
    let dir = tempfile::tempdir().unwrap();
    let lab = Lab::up(dir.path(), 24, &["--variant", "target"]);
    let text = fs::read_to_string(&lab.scenario).unwrap();
    // Slow enough to be interrupted in the middle.
    let slow = text.replace("pace   = \"laboratory\"", "pace   = \"ward\"");
    fs::write(dir.path().join("lab/slow.toml"), slow).unwrap();
    let child = std::process::Command::new(field::AUSCULT)
        .args(["check", "lab/slow.toml", "--case", "it.case", "--reporter", "json"])
        .current_dir(dir.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_secs(4));
    let asked = std::time::Instant::now();
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let output = child.wait_with_output().unwrap();
    assert!(asked.elapsed() < std::time::Duration::from_secs(5), "{:?}", asked.elapsed());
    assert_eq!(code(&output), 130, "{}", err(&output));
    let json: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert!(json["evidence"]["records"].as_u64().unwrap() > 5, "{}", json["evidence"]);
    let verified = auscult(dir.path(), &["verify", "it.case"]);
    assert_eq!(code(&verified), 0, "{}", err(&verified));
}

#[test]
fn where_nothing_can_be_reached_at_all_it_ends_with_5() {
    let dir = tempfile::tempdir().unwrap();
    let text = "title = \"t\"\nstage = \"target\"\nsetting = \"homecare\"\n\
                [authorisation]\nby = \"test\"\nuntil = 2099-12-31\nimpact = \"safe\"\npace = \"laboratory\"\n\
                [device.cuff]\nclass = \"II\"\naddress = \"192.0.2.7\"\n\
                services = [{ name = \"admin\", port = 8443, protocol = \"http\", tls = true }]\n";
    fs::write(dir.path().join("s.toml"), text).unwrap();
    // A network of its own, with nothing in it: nobody's address is asked.
    let root = fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    let output = std::process::Command::new("unshare")
        .args(if root { &["--net"][..] } else { &["--net", "--user", "--map-root-user"][..] })
        .args([field::AUSCULT, "check", "s.toml", "--case", "it.case", "--reporter", "json"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert_eq!(code(&output), 5, "{}", err(&output));
    let json: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!((&json["coverage"]["passed"], &json["coverage"]["failed"]), (&0.into(), &0.into()));
    let verified = auscult(dir.path(), &["verify", "it.case"]);
    assert_eq!(code(&verified), 0, "{}", err(&verified));

    // Evidence that was touched is a matter of its own.
    let evidence = fs::read_to_string(dir.path().join("it.case/evidence.jsonl")).unwrap();
    fs::write(dir.path().join("it.case/evidence.jsonl"), evidence.replacen("unreachable", "unreachablf", 1))
        .unwrap();
    for command in ["verify", "judge"] {
        assert_eq!(code(&auscult(dir.path(), &[command, "it.case"])), 4, "{command}");
    }
}
