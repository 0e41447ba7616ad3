//! The other two ways to the impostor, in a network of their own: its DNS is ours, or the true address leads to us.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::field::{Bench, NOT_SEEN_OF_PROGRAMS, compare};

/// A device behind a cable, in a network namespace of its own; auscult is the other end and the way out.
///
/// Arguments: folder, binary, then the arguments of curl up to `--`, then those of auscult.
const NETWORK: &str = r#"#!/bin/sh
set -e
folder=$1 binary=$2
shift 2
while [ "$1" != "--" ]; do curl="$curl $1"; shift; done
shift
mount --bind "$folder/resolv.conf" /etc/resolv.conf
ip link set lo up
unshare --net sleep 300 &
device=$!
trap 'kill $device $dialling 2>/dev/null' EXIT
until [ "$(readlink /proc/$device/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
ip link add bench type veth peer name eth0 netns $device
ip address add 192.0.2.1/24 dev bench
ip address add 198.51.100.5/32 dev lo
ip link set bench up
inside="nsenter --net=/proc/$device/ns/net"
$inside ip link set lo up
$inside ip address add 192.0.2.7/24 dev eth0
$inside ip link set eth0 up
$inside ip route add default via 192.0.2.1
(while :; do $inside curl --silent --max-time 5 --data {} --output /dev/null --cacert "$folder/ca.pem" $curl || true; sleep 0.1; done) &
dialling=$!
"$binary" "$@"
"#;

fn in_a_network(octet: u8, curl: &str, impostor: &str) -> crate::field::Verdicts {
    let bench = Bench::new(octet);
    let script = bench.path("network.sh");
    std::fs::write(&script, NETWORK).expect("a file");
    std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).expect("a mode");
    std::fs::write(bench.path("resolv.conf"), "nameserver 192.0.2.1\noptions timeout:1\n").expect("a file");
    let scenario = bench.scenario(8443, "fhir", impostor);
    let scenario = scenario
        .replace(&bench.device().to_string(), "192.0.2.7")
        .replace(&format!("listen = \"{}:8443\"\nset_up = \"told\"\n", bench.listen()), "");
    let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n");
    let alone: &[&str] =
        if root { &["--net", "--mount"] } else { &["--net", "--mount", "--user", "--map-root-user"] };
    let mut command = Command::new("unshare");
    command.args(alone).arg(&script).arg(bench.path("")).arg(env!("CARGO_BIN_EXE_auscult"));
    command.args(curl.split(' ')).args(["--", "check"]);
    bench.run(&scenario, &mut command, &[])
}

#[test]
fn names_of_the_test_network_lead_to_the_impostor() {
    let impostor = "listen = \"192.0.2.1:8443\"\nset_up = \"dns\"\ndns = \"192.0.2.1:53\"\nwait = \"8 s\"";
    let verdicts = in_a_network(80, "--tlsv1.2 https://platform.test:8443/fhir/Observation", impostor);
    assert_eq!(compare("curl by name", &verdicts, &[], &NOT_SEEN_OF_PROGRAMS), Vec::<String>::new());
}

#[test]
fn the_true_address_leads_to_the_impostor_in_line() {
    let impostor = "listen = \"198.51.100.5:8443\"\nset_up = \"inline\"\nwait = \"8 s\"";
    let curl = "--tlsv1.2 --insecure https://198.51.100.5:8443/fhir/Observation";
    let verdicts = in_a_network(81, curl, impostor);
    let fails = [
        "client-accepts-expired",
        "client-accepts-self-signed",
        "client-accepts-unknown-authority",
        "client-accepts-weak-key",
        "client-accepts-wrong-name",
        "client-update-server-unchecked",
    ];
    assert_eq!(
        compare("careless curl in line", &verdicts, &fails, &NOT_SEEN_OF_PROGRAMS),
        Vec::<String>::new()
    );
}
