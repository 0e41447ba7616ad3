//! `auscult lab dial`: on the bench that it writes exactly those checks fail of which it says so.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

use auscult_lab::dialler;
use auscult_model::Verdict;
use auscult_model::assessment::Assessment;

/// A device that dials until this is dropped.
struct Dialling(Child);

impl Drop for Dialling {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What was said of the device before it dialled, and which checks failed on it and which passed.
fn played(octet: u8, device: &str) -> (String, BTreeSet<String>, BTreeSet<String>) {
    let dir = tempfile::tempdir().expect("a folder");
    let mut dialling = Dialling(
        Command::new(env!("CARGO_BIN_EXE_auscult"))
            .args(["lab", "dial", device, "--dir", "bench", "--octet", &octet.to_string()])
            .current_dir(dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs"),
    );
    let mut said = String::new();
    let mut lines = BufReader::new(dialling.0.stdout.as_mut().expect("its words")).lines();
    while !said.contains("next:") {
        said += &lines.next().expect("another line").expect("a line");
        said.push('\n');
    }
    let check = Command::new(env!("CARGO_BIN_EXE_auscult"))
        .args(["check", "bench/scenario.toml", "--declared-only", "--no-progress", "--reporter", "json"])
        .args(["--case", "bench.case"])
        .current_dir(dir.path())
        .output()
        .expect("the binary runs");
    let told = String::from_utf8_lossy(&check.stderr);
    let assessment: Assessment =
        serde_json::from_slice(&check.stdout).unwrap_or_else(|e| panic!("no assessment ({e}): {told}"));
    let of = |wanted: Verdict| {
        let trials = assessment.rulings.iter().flat_map(|r| &r.trials);
        trials.filter(|t| t.verdict == wanted).map(|t| t.check.to_string()).collect()
    };
    (said, of(Verdict::Fail), of(Verdict::Pass))
}

/// What is wrong with what came of a device.
fn wrong(octet: u8, device: &str, passes: &str) -> Option<String> {
    let known = dialler(device).expect("a device of the lab");
    let (said, failed, passed) = played(octet, device);
    let fails: BTreeSet<String> = known.fails().into_iter().map(str::to_owned).collect();
    let fine = failed == fails && passed.contains(passes) && fails.iter().all(|check| said.contains(check));
    (!fine).then(|| format!("{device}: {failed:?} failed and not {fails:?}, {passed:?} passed: {said}"))
}

#[test]
fn what_is_said_of_a_device_that_dials_is_found_on_its_bench() {
    let first = [
        (186, "mqtt-believes-any-name", "client-accepts-expired"),
        (187, "update-takes-older", "update-unsigned-accepted"),
        (189, "command-takes-old", "client-accepts-expired"),
    ];
    let second = [(186, "fhir", "client-no-recovery"), (187, "command", "replay-command-taken")];
    for round in [&first[..], &second] {
        let wrong: Vec<String> = thread::scope(|scope| {
            let running: Vec<_> = round
                .iter()
                .map(|(octet, device, passes)| scope.spawn(move || wrong(*octet, device, passes)))
                .collect();
            running.into_iter().filter_map(|r| r.join().expect("a thread that ends")).collect()
        });
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
