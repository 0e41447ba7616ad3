//! What the table of TS 103 701 says that checks demonstrate has been seen: each has failed on something real, and passed.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use auscult_catalog::Catalog;
use auscult_lab::{ClientFault, UpdateFault};
use auscult_model::Verdict;
use auscult_model::assessment::Assessment;

use crate::assess::{Must, Twin};
use crate::{
    access, brokers, consoles, dcmtk, flawed, ftp, logins, modbus, mosquitto, nginx, openssl, orthanc,
    over_udp, pages, samba, screens, scripted, snmpd, ssh, stores, strong, telnet, weak,
};

/// Checks that are shown by a verdict.
#[derive(Default)]
struct Shown {
    failed: BTreeSet<String>,
    passed: BTreeSet<String>,
}

impl Shown {
    /// What the tests of the twins hold.
    fn by_twins(&mut self) {
        let twins: [&[Twin]; 20] = [
            &access::TWINS,
            &brokers::TWINS,
            &consoles::TWINS,
            &dcmtk::TWINS,
            &flawed::TWINS,
            &ftp::TWINS,
            &logins::TWINS,
            &modbus::TWINS,
            &mosquitto::TWINS,
            &nginx::TWINS,
            &openssl::TWINS,
            &orthanc::TWINS,
            &over_udp::TWINS,
            &pages::TWINS,
            &samba::TWINS,
            &screens::TWINS,
            &snmpd::TWINS,
            &ssh::TWINS,
            &stores::TWINS,
            &telnet::TWINS,
        ];
        for twin in twins.into_iter().flatten().chain(&scripted::TWINS) {
            match twin.must {
                Must::Fail(planted) => self.failed.extend(planted.iter().map(|(_, _, c)| (*c).to_owned())),
                Must::Hold(held) => {
                    self.passed.extend(held.iter().filter_map(|c| c.split(' ').next()).map(str::to_owned));
                }
            }
        }
        self.failed.extend(weak::TWINS.iter().flat_map(|t| t.fails).map(|c| (*c).to_owned()));
        self.passed.extend(strong::PROGRAMS.iter().flat_map(|p| p.holds).map(|c| (*c).to_owned()));
    }

    /// What the tests of clients hold: each check that a flaw makes fail passes for the client without any.
    fn by_clients(&mut self) {
        let flaws = ClientFault::ALL.iter().flat_map(|f| f.fails());
        // The lab's client speaks no old version: a curl of old times does, and one of today passes.
        let old = ["client-accepts-obsolete-version", "client-accepts-weak-suite"];
        for check in flaws.copied().chain(old).chain(UpdateFault::ALL.map(UpdateFault::fails)) {
            self.failed.insert(check.to_owned());
            self.passed.insert(check.to_owned());
        }
    }

    /// What is seen in both of Edith's worlds.
    fn by_the_lab(&mut self) {
        let dir = tempfile::tempdir().expect("a folder");
        let demo = Command::new(env!("CARGO_BIN_EXE_auscult"))
            .args(["demo", "--octet", "96", "--dir", "demo"])
            .current_dir(dir.path())
            .output()
            .expect("the binary runs");
        for world in ["status-quo", "target"] {
            let path = dir.path().join(format!("demo/{world}.case/assessment.json"));
            let json = std::fs::read(&path).unwrap_or_else(|e| {
                panic!("{}: {e}: {}", path.display(), String::from_utf8_lossy(&demo.stderr))
            });
            self.by(&serde_json::from_slice(&json).expect("an assessment"));
        }
        // Faults that cannot stand beside those of the status quo.
        let octet = "97";
        let mut lab = Command::new(env!("CARGO_BIN_EXE_auscult"))
            .args(["lab", "up", "edith", "--variant", "target", "--dir", "lab", "--octet", octet])
            .args(["--fault", "hub-mllp-misdeclared", "--fault", "security-txt-expired"])
            .args(["--fault", "support-period-contradicts", "--fault", "replacement-plan-behind-login"])
            .current_dir(dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        BufReader::new(lab.stdout.as_mut().expect("its words")).read_line(&mut line).expect("a line");
        let check = Command::new(env!("CARGO_BIN_EXE_auscult"))
            .args(["check", "lab/scenario.toml", "--declared-only", "--no-progress", "--reporter", "json"])
            .args(["--case", "lab.case"])
            .current_dir(dir.path())
            .output()
            .expect("the binary runs");
        let _ = lab.kill();
        let _ = lab.wait();
        self.by(&serde_json::from_slice(&check.stdout).expect("an assessment"));
    }

    fn by(&mut self, assessment: &Assessment) {
        for trial in assessment.rulings.iter().flat_map(|r| &r.trials) {
            match trial.verdict {
                Verdict::Fail => _ = self.failed.insert(trial.check.to_string()),
                Verdict::Pass => _ = self.passed.insert(trial.check.to_string()),
                Verdict::Inconclusive => {}
            }
        }
    }
}

#[test]
fn every_check_that_the_perimeter_names_has_failed_and_passed() {
    let mut shown = Shown::default();
    shown.by_twins();
    shown.by_clients();
    shown.by_the_lab();
    let named: BTreeSet<String> =
        Catalog::embedded().perimeter.iter().flat_map(|t| &t.checks).map(ToString::to_string).collect();
    let never_failed: Vec<_> = named.difference(&shown.failed).collect();
    let never_passed: Vec<_> = named.difference(&shown.passed).collect();
    assert!(
        never_failed.is_empty() && never_passed.is_empty(),
        "of {} checks {never_failed:?} never failed and {never_passed:?} never passed",
        named.len()
    );
}
