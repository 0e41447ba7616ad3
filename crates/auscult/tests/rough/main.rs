//! Treating services badly: what weak ones do is found, hardened programs of others bear all of it, and nobody is treated
//! so who must not be.

mod strong;
mod weak;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A host in the part of the loopback network that this test has for itself.
fn host(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 95, 210, last)
}

fn scenario(impact: &str, pace: &str, nodes: &str) -> String {
    format!(
        "title = \"Rough\"\nstage = \"target\"\nsetting = \"homecare\"\n\
         [authorisation]\nby = \"test\"\nuntil = 2099-12-31\nimpact = \"{impact}\"\npace = \"{pace}\"\n{nodes}"
    )
}

fn node(id: &str, at: Ipv4Addr, port: u16, protocol: &str, more: &str) -> String {
    format!(
        "[device.{id}]\nclass = \"II\"\naddress = \"{at}\"\n{more}\
         services = [{{ name = \"it\", port = {port}, {protocol} }}]\n"
    )
}

fn auscult(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auscult"));
    command.args(args).current_dir(dir).stdin(Stdio::null()).env_remove("AUSCULT_IMPACT");
    command.output().expect("the command")
}

fn check(dir: &Path, scenario: &str, more: &[&str]) -> Output {
    std::fs::write(dir.join("s.toml"), scenario).expect("a scenario");
    let mut args =
        vec!["check", "s.toml", "--declared-only", "--no-progress", "--case", "s.case", "--reporter", "json"];
    args.extend(more);
    auscult(dir, &args)
}

/// What each check of robustness says of each node, with the reason.
fn told(output: &Output) -> BTreeMap<(String, String), (String, String)> {
    let errors = String::from_utf8_lossy(&output.stderr);
    let assessment: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {errors}"));
    let mut told = BTreeMap::new();
    for ruling in assessment["rulings"].as_array().expect("rulings") {
        for trial in ruling["trials"].as_array().expect("trials") {
            let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let check = word(&trial["check"]);
            if check.starts_with("robustness-") || check == "coap-malformed-input" {
                let said = (word(&trial["verdict"]), word(&trial["because"]));
                told.insert((word(&ruling["node"]), check), said);
            }
        }
    }
    told
}

#[test]
fn nobody_is_treated_badly_who_must_not_be() {
    let (runtime, port) = (tokio::runtime::Runtime::new().expect("a runtime"), 8080);
    runtime.block_on(weak::Weak::Counts.serve(host(1), port));
    let web = "protocol = \"http\"";
    for (impact, pace, more) in [
        ("intrusive", "laboratory", ""),
        ("disruptive", "ward", ""),
        ("disruptive", "laboratory", "in_use = true\n"),
    ] {
        let dir = tempfile::tempdir().expect("a folder");
        let output = check(dir.path(), &scenario(impact, pace, &node("web", host(1), port, web, more)), &[]);
        let said = told(&output);
        assert!(!said.is_empty() && said.values().all(|(verdict, _)| verdict == "inconclusive"), "{said:?}");
        let evidence = std::fs::read_to_string(dir.path().join("s.case/evidence.jsonl")).expect("evidence");
        assert!(!evidence.contains("\"malformed\""), "{impact} {pace} {more}");
    }
    assert_eq!(weak::badly_treated(), 0);
}

#[test]
fn a_program_is_only_run_where_the_user_allows_it() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(weak::Weak::Never.serve(host(2), 8080));
    let dir = tempfile::tempdir().expect("a folder");
    let mark = dir.path().join("was-run");
    let health = format!("health = {{ command = [\"touch\", \"{}\"] }}\n", mark.display());
    let web = |more: &str| node("web", host(2), 8080, "protocol = \"http\"", more);

    let output = check(dir.path(), &scenario("disruptive", "laboratory", &web(&health)), &[]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("--allow-health-command") && errors.contains("touch"), "{errors}");
    assert!(!mark.exists() && !dir.path().join("s.case").exists());

    // The plan tells of it and runs nothing; at a lower impact nothing is run either, and nothing need be allowed.
    let plan = auscult(dir.path(), &["plan", "s.toml"]);
    assert!(String::from_utf8_lossy(&plan.stdout).contains("was-run"));
    let output =
        check(dir.path(), &scenario("disruptive", "laboratory", &web(&health)), &["--impact", "safe"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!mark.exists());

    std::fs::remove_dir_all(dir.path().join("s.case")).expect("the case");
    let output =
        check(dir.path(), &scenario("disruptive", "laboratory", &web(&health)), &["--allow-health-command"]);
    assert!(mark.exists(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = told(&output);
    assert_eq!(said[&("web".into(), "robustness-malformed-input".into())].0, "pass", "{said:?}");
}

#[test]
fn what_weak_services_do_is_found() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let dir = tempfile::tempdir().expect("a folder");
    let sign = dir.path().join("therapy-runs");
    std::fs::write(&sign, "").expect("a sign");
    weak::SIGN.set(sign.clone()).expect("once");
    let mut nodes = String::new();
    for (n, twin) in weak::TWINS.iter().enumerate() {
        let at = host(u8::try_from(n + 10).expect("few"));
        runtime.block_on(twin.weak.serve(at, 8080));
        let more = match twin.weak {
            weak::Weak::StopsTherapy => {
                format!("health = {{ command = [\"test\", \"-e\", \"{}\"] }}\n", sign.display())
            }
            _ => String::new(),
        };
        nodes += &node(twin.name, at, 8080, twin.declared, &more);
    }
    let output =
        check(dir.path(), &scenario("disruptive", "laboratory", &nodes), &["--allow-health-command"]);
    let said = told(&output);
    let mut wrong = Vec::new();
    for twin in &weak::TWINS {
        let mine = said.iter().filter(|((node, _), _)| node == twin.name);
        let failed: Vec<_> =
            mine.clone().filter(|(_, (v, _))| v == "fail").map(|((_, c), _)| c.as_str()).collect();
        if failed != twin.fails {
            wrong.push(format!(
                "{}: {failed:?} instead of {:?}: {:#?}",
                twin.name,
                twin.fails,
                mine.collect::<Vec<_>>()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A service that is gone is gone for the oracle too: work on its node was stopped.
    assert_eq!(output.status.code(), Some(6));
}

#[test]
fn hardened_programs_bear_all_of_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut running = Vec::new();
    let mut nodes = String::new();
    for (n, program) in strong::PROGRAMS.iter().enumerate() {
        let at = host(u8::try_from(n + 100).expect("few"));
        running.push((program.name, (program.start)(dir.path(), at)));
        nodes += &node(program.name, at, program.port, program.declared, "");
    }
    let output = check(dir.path(), &scenario("disruptive", "laboratory", &nodes), &[]);
    let said = told(&output);
    for program in &strong::PROGRAMS {
        for held in program.holds {
            let key = (program.name.to_owned(), (*held).to_owned());
            assert_eq!(said.get(&key).map(|s| s.0.as_str()), Some("pass"), "{key:?}: {:#?}", said.get(&key));
        }
    }
    assert!(said.values().all(|(verdict, _)| verdict != "fail"), "{said:#?}");
    assert!(matches!(output.status.code(), Some(1 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
    for (name, program) in &mut running {
        assert!(program.is_up(), "{name} has ended");
    }
}
