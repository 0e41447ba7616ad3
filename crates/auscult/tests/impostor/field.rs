//! A bench on loopback: an authority, a scenario, and `auscult check` on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Command;

use auscult_model::Verdict;
use auscult_model::assessment::Assessment;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, KeyUsagePurpose};
use tempfile::TempDir;

/// The checks of clients.
pub(crate) const CHECKS: [&str; 13] = [
    "client-accepts-expired",
    "client-accepts-obsolete-version",
    "client-accepts-revoked",
    "client-accepts-self-signed",
    "client-accepts-unknown-authority",
    "client-accepts-weak-key",
    "client-accepts-weak-suite",
    "client-accepts-wrong-name",
    "client-accepts-wrong-time",
    "client-credentials-to-impostor",
    "client-no-recovery",
    "client-sends-in-clear",
    "client-update-server-unchecked",
];

/// What stays undecided where no time server is played.
pub(crate) const NO_TIME_SERVER: &str = "client-accepts-wrong-time";

/// What stays undecided of programs of OpenSSL, which ask for no status of a certificate, where no time server is
/// played.
pub(crate) const NOT_SEEN_OF_PROGRAMS: [&str; 2] = [NO_TIME_SERVER, "client-accepts-revoked"];

/// The checks of updates.
pub(crate) const UPDATES: [&str; 6] = [
    "update-altered-accepted",
    "update-cut-off-accepted",
    "update-foreign-key-accepted",
    "update-foreign-model-accepted",
    "update-older-accepted",
    "update-unsigned-accepted",
];

/// The check of messages that are sent twice.
pub(crate) const REPLAY: &str = "replay-command-taken";

/// The verdict and reason of each check of clients.
pub(crate) type Verdicts = BTreeMap<String, (Verdict, String)>;

/// One bench; the third octet keeps benches apart.
pub(crate) struct Bench {
    dir: TempDir,
    octet: u8,
}

impl Bench {
    pub(crate) fn new(octet: u8) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "authority of a test bench");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key).expect("a certificate");
        fs::write(dir.path().join("ca.pem"), certificate.pem()).expect("a file");
        fs::write(dir.path().join("ca.key"), key.serialize_pem()).expect("a file");
        Self { dir, octet }
    }

    pub(crate) fn device(&self) -> Ipv4Addr {
        Ipv4Addr::new(127, 93, self.octet, 10)
    }

    pub(crate) fn listen(&self) -> Ipv4Addr {
        Ipv4Addr::new(127, 93, self.octet, 1)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn authority(&self) -> String {
        fs::read_to_string(self.path("ca.pem")).expect("a file")
    }

    /// A scenario with one device and one impostor, whose further keys are given.
    pub(crate) fn scenario(&self, port: u16, protocol: &str, impostor: &str) -> String {
        let (device, listen) = (self.device(), self.listen());
        format!(
            r#"title = "A client on the bench"
stage = "status-quo"
setting = "homecare"
[authorisation]
by = "the test"
until = 2099-12-31
impact = "intrusive"
pace = "laboratory"
[device.cuff]
class = "II"
address = "{device}"
[cloud.platform]
host_names = ["platform.test"]
services = [{{ name = "far", port = {port}, protocol = "{protocol}", tls = true }}]
[network.home]
kind = "wifi"
[[flow]]
from = "cuff"
to = "platform/far"
data = ["vitals", "firmware"]
over = ["home"]
[[device.cuff.impostor]]
for = "platform/far"
listen = "{listen}:{port}"
set_up = "told"
ca = "ca.pem"
ca_key = "ca.key"
{impostor}
"#
        )
    }

    /// Runs `auscult check` while the client dials; gives the verdicts of the checks of clients, with their reasons.
    pub(crate) fn check(&self, port: u16, protocol: &str, impostor: &str) -> Verdicts {
        self.check_this(&self.scenario(port, protocol, impostor), &[])
    }

    /// The same with a scenario and arguments of one's own.
    pub(crate) fn check_this(&self, scenario: &str, arguments: &[&str]) -> Verdicts {
        self.run(scenario, Command::new(env!("CARGO_BIN_EXE_auscult")).arg("check"), arguments)
    }

    /// The same with a command in front of the arguments.
    pub(crate) fn run(&self, scenario: &str, command: &mut Command, arguments: &[&str]) -> Verdicts {
        fs::write(self.path("scenario.toml"), scenario).expect("a file");
        let out = command
            .arg(self.path("scenario.toml"))
            .arg("--case")
            .arg(self.path("case"))
            .args(["--reporter", "json", "--no-progress", "--declared-only"])
            .args(arguments)
            .output()
            .expect("the binary runs");
        let told = String::from_utf8_lossy(&out.stderr);
        let assessment: Assessment = serde_json::from_slice(&out.stdout)
            .unwrap_or_else(|e| panic!("no assessment ({e}), exit {:?}: {told}", out.status.code()));
        for safety in &assessment.safety {
            assert!(safety.connections <= safety.connections_announced, "{safety:?}");
            assert!(safety.packets <= safety.packets_announced, "{safety:?}");
        }
        self.no_secret_in_the_case();
        let trials = assessment.rulings.iter().filter(|r| r.node.as_str() == "cuff").flat_map(|r| &r.trials);
        let updates = scenario.contains("[device.cuff.update]");
        let replays = scenario.contains("[device.cuff.replay]");
        let of_clients = trials.filter(|t| {
            let check = t.check.as_str();
            CHECKS.contains(&check) || updates && UPDATES.contains(&check) || replays && check == REPLAY
        });
        of_clients.map(|t| (t.check.as_str().to_owned(), (t.verdict, t.reason.because.clone()))).collect()
    }

    /// Neither the key of the authority nor what the client handed over stands in any file of the case.
    fn no_secret_in_the_case(&self) {
        let key = fs::read_to_string(self.path("ca.key")).expect("a file");
        let line = key.lines().nth(1).expect("a line of the key");
        let mut files = vec![self.path("case")];
        let mut read = 0;
        while let Some(path) = files.pop() {
            if path.is_dir() {
                files.extend(fs::read_dir(&path).expect("a folder").map(|e| e.expect("an entry").path()));
                continue;
            }
            let text = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
            for secret in
                [line, "lab-cuff-invented", "lab-invented", "TEST-0001", "systolic", "s3cret-invented"]
            {
                assert!(!text.contains(secret), "{secret} stands in {}", path.display());
            }
            read += 1;
        }
        assert!(read >= 4, "the case was not read");
    }
}

/// Compares verdicts to what must fail, what must be undecided, and that all else passes.
pub(crate) fn compare(who: &str, verdicts: &Verdicts, fails: &[&str], undecided: &[&str]) -> Vec<String> {
    let seen: BTreeSet<&str> = verdicts.keys().map(String::as_str).collect();
    let all = CHECKS
        .into_iter()
        .chain(seen.iter().any(|c| UPDATES.contains(c)).then_some(UPDATES).into_iter().flatten())
        .chain(seen.get(REPLAY).copied());
    assert_eq!(seen, all.collect(), "{who}");
    let wrong = verdicts.iter().filter_map(|(check, (verdict, because))| {
        let wanted = if fails.contains(&check.as_str()) {
            Verdict::Fail
        } else if undecided.contains(&check.as_str()) {
            Verdict::Inconclusive
        } else {
            Verdict::Pass
        };
        (*verdict != wanted).then(|| format!("{who}: {check} is {verdict} and not {wanted}: {because}"))
    });
    wrong.collect()
}
