//! Programs of others as clients: mosquitto_sub and curl, each as a weak and as a hardened twin.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::field::{Bench, NOT_SEEN_OF_PROGRAMS, compare};

/// Passwords and tokens that the twins have.
const SECRET: &str = "s3cret-invented";

/// A program that dials again and again.
struct Twin {
    name: &'static str,
    octet: u8,
    program: &'static str,
    package: &'static str,
    protocol: &'static str,
    port: u16,
    /// `{listen}`, `{device}`, `{port}` and `{ca}` stand for the bench's own.
    arguments: &'static [&'static str],
    /// Checks that must fail; all others must pass.
    fails: &'static [&'static str],
}

const MOSQUITTO: [&str; 14] = [
    "-h", "{listen}", "-p", "{port}", "-A", "{device}", "-t", "orders/#", "-u", "cuff", "-P", SECRET, "-W",
    "4",
];
const CURL: [&str; 12] = [
    "--silent",
    "--interface",
    "{device}",
    "--max-time",
    "5",
    "--header",
    "Authorization: Bearer s3cret-invented",
    "--data",
    "{}",
    "--output",
    "/dev/null",
    "https://{listen}:{port}/fhir/Observation",
];

fn twins() -> [Twin; 6] {
    let mosquitto = |name, octet, arguments, fails| Twin {
        name,
        octet,
        program: "mosquitto_sub",
        package: "mosquitto-clients",
        protocol: "mqtt",
        port: 8883,
        arguments,
        fails,
    };
    let curl = |name, octet, arguments, fails| Twin {
        name,
        octet,
        program: "curl",
        package: "curl",
        protocol: "fhir",
        port: 8443,
        arguments,
        fails,
    };
    [
        mosquitto("mosquitto_sub", 50, &["--cafile", "{ca}"], &[]),
        mosquitto(
            "mosquitto_sub --insecure",
            51,
            &["--cafile", "{ca}", "--insecure"],
            &[
                "client-accepts-wrong-name",
                "client-credentials-to-impostor",
                "client-update-server-unchecked",
            ],
        ),
        curl("curl", 52, &["--cacert", "{ca}", "--tlsv1.2"], &[]),
        // At its security level OpenSSL refuses the signatures of old versions, but static RSA has none.
        curl("curl of Debian", 55, &["--cacert", "{ca}"], &["client-accepts-obsolete-version"]),
        curl(
            "curl --insecure",
            53,
            &["--insecure", "--tlsv1.2"],
            &[
                "client-accepts-expired",
                "client-accepts-self-signed",
                "client-accepts-unknown-authority",
                "client-accepts-weak-key",
                "client-accepts-wrong-name",
                "client-credentials-to-impostor",
                "client-update-server-unchecked",
            ],
        ),
        curl(
            "curl of old times",
            54,
            &["--cacert", "{ca}", "--tlsv1.0", "--ciphers", "ALL:eNULL:@SECLEVEL=0"],
            &["client-accepts-obsolete-version", "client-accepts-weak-key", "client-accepts-weak-suite"],
        ),
    ]
}

impl Twin {
    fn command(&self, bench: &Bench) -> Command {
        let usual: &[&str] = if self.program == "curl" { &CURL } else { &MOSQUITTO };
        let own = |word: &&str| {
            word.replace("{listen}", &bench.listen().to_string())
                .replace("{device}", &bench.device().to_string())
                .replace("{port}", &self.port.to_string())
                .replace("{ca}", &bench.path("ca.pem").display().to_string())
        };
        let mut command = Command::new(self.program);
        command.args(self.arguments.iter().chain(usual).map(own));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn checked(&self) -> Vec<String> {
        let bench = Bench::new(self.octet);
        let over = AtomicBool::new(false);
        let verdicts = thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let ended = self.command(&bench).status();
                    assert!(
                        ended.is_ok(),
                        "`{}`: `apt-get install {}`, or run `./test`",
                        self.program,
                        self.package
                    );
                    thread::sleep(Duration::from_millis(100));
                }
            });
            let verdicts = bench.check(self.port, self.protocol, "wait = \"15 s\"");
            over.store(true, Ordering::Relaxed);
            verdicts
        });
        compare(self.name, &verdicts, self.fails, &NOT_SEEN_OF_PROGRAMS)
    }
}

#[test]
fn programs_of_others_are_told_apart() {
    let twins = twins();
    let wrong: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = twins.iter().map(|twin| scope.spawn(|| twin.checked())).collect();
        running.into_iter().flat_map(|r| r.join().expect("a thread that ends")).collect()
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}
