//! Packets counted by somebody else: tcpdump in a network of its own, beside what the plan announced and the case file
//! says was spent.
//!
//! In that network there is nothing but the lab and auscult, and auscult is the only one that sends from 127.0.0.1: the
//! devices of the lab dial out from their own addresses.

mod field;

use std::collections::BTreeMap;
use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Stdio};

use auscult_model::assessment::Assessment;

/// A connect as it was seen: where to, and when, in microseconds.
#[derive(Clone, Copy, Debug)]
struct Syn {
    to: Ipv4Addr,
    port: u16,
    at: u64,
}

/// Everything of one run.
struct Run {
    syns: Vec<Syn>,
    /// Segments with payload that auscult sent, by port.
    said: BTreeMap<u16, u64>,
    assessment: Option<Assessment>,
}

impl Run {
    fn to(&self, address: &str) -> usize {
        self.syns.iter().filter(|s| s.to.to_string() == address).count()
    }
}

/// Brings the lab up in a network of its own, changes its scenario, checks, and reads what tcpdump saw.
fn run(edit: impl Fn(&str) -> String, args: &str) -> Run {
    let dir = tempfile::tempdir().unwrap();
    let edited = dir.path().join("edit");
    // The scenario is written by the lab inside; it is edited between two steps of the script.
    let script = format!(
        r#"set -eu
ip link set lo up
"{auscult}" lab up edith --variant target --dir lab >up.txt 2>lab.err &
lab=$!
for i in $(seq 100); do grep -q 'is up' up.txt && break; sleep 0.1; done
touch ready
for i in $(seq 100); do [ -e edit ] && break; sleep 0.1; done
tcpdump -i lo -n -s 128 -B 65536 -w seen.pcap -Z "$(id -un)" 'tcp and src host 127.0.0.1' 2>tcpdump.err &
dump=$!
for i in $(seq 100); do grep -q 'listening on' tcpdump.err && break; sleep 0.1; done
set +e
"{auscult}" check edited.toml --case it.case --exit-zero {args} >report.txt 2>check.err
echo $? >code
sleep 0.5
kill -INT $dump; wait $dump
kill -INT $lab; wait $lab
exit 0
"#,
        auscult = field::AUSCULT
    );
    let mut unshared = Command::new("unshare");
    // As root a network of one's own is enough; others get a user namespace beside it.
    let root = fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    unshared.args(if root { &["--net"][..] } else { &["--net", "--user", "--map-root-user"][..] });
    let mut child = unshared
        .args(["bash", "-c", &script])
        .current_dir(dir.path())
        .env("PATH", format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while !dir.path().join("ready").exists() {
        assert!(child.try_wait().unwrap().is_none(), "the network could not be made");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let scenario = fs::read_to_string(dir.path().join("lab/scenario.toml")).unwrap();
    fs::copy(dir.path().join("lab/trust.pem"), dir.path().join("trust.pem")).unwrap();
    fs::write(dir.path().join("edited.toml"), edit(&scenario)).unwrap();
    fs::write(edited, "").unwrap();
    assert!(child.wait().unwrap().success());
    let code = fs::read_to_string(dir.path().join("code")).unwrap();
    assert_eq!(code.trim(), "0", "{}", fs::read_to_string(dir.path().join("check.err")).unwrap());
    let dropped = fs::read_to_string(dir.path().join("tcpdump.err")).unwrap();
    assert!(dropped.contains("0 packets dropped by kernel"), "{dropped}");
    let (syns, said) = read(&dir.path().join("seen.pcap"));
    let assessment = fs::read(dir.path().join("it.case/assessment.json")).ok();
    Run { syns, said, assessment: assessment.map(|bytes| serde_json::from_slice(&bytes).unwrap()) }
}

/// Reads a capture of Ethernet frames with IPv4 and TCP, as tcpdump writes it on this machine.
fn read(file: &Path) -> (Vec<Syn>, BTreeMap<u16, u64>) {
    let bytes = fs::read(file).unwrap();
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!((word(0), word(20)), (0xa1b2_c3d4, 1), "microseconds and Ethernet");
    let (mut syns, mut said) = (Vec::new(), BTreeMap::new());
    let mut at = 24;
    while at + 16 <= bytes.len() {
        let (seconds, micros, kept) = (word(at), word(at + 4), word(at + 8) as usize);
        let ip = &bytes[at + 16 + 14..at + 16 + kept];
        at += 16 + kept;
        let tcp = &ip[usize::from(ip[0] & 15) * 4..];
        let port = u16::from_be_bytes([tcp[2], tcp[3]]);
        let flags = tcp[13];
        if flags & 0x12 == 0x02 {
            let to = Ipv4Addr::new(ip[16], ip[17], ip[18], ip[19]);
            syns.push(Syn { to, port, at: u64::from(seconds) * 1_000_000 + u64::from(micros) });
        }
        let length = usize::from(u16::from_be_bytes([ip[2], ip[3]]));
        if length > usize::from(ip[0] & 15) * 4 + usize::from(tcp[12] >> 4) * 4 {
            *said.entry(port).or_default() += 1;
        }
    }
    (syns, said)
}

#[test]
fn without_an_authorisation_not_one_packet_is_sent() {
    let unauthorised = run(
        |scenario| {
            let (head, rest) = scenario.split_once("[authorisation]").unwrap();
            let rest = &rest[rest.find("\n[").unwrap()..];
            format!("{head}{rest}")
        },
        "",
    );
    assert!(unauthorised.syns.is_empty(), "{:?}", unauthorised.syns);
    let passive = run(str::to_owned, "--impact passive");
    assert!(passive.syns.is_empty(), "{:?}", passive.syns);
    let over = run(|scenario| scenario.replace("until  = 2099-12-31", "until  = 2020-12-31"), "");
    assert!(over.syns.is_empty(), "{:?}", over.syns);
}

#[test]
fn a_device_in_use_is_touched_once_at_each_declared_port() {
    let in_use = run(|text| text.replace("class   = ", "in_use  = true\nclass   = "), "");
    let mut nodes: BTreeMap<Ipv4Addr, usize> = BTreeMap::new();
    for syn in &in_use.syns {
        *nodes.entry(syn.to).or_default() += 1;
    }
    let assessment = in_use.assessment.unwrap();
    for node in assessment.nodes.iter().filter(|n| n.kind == auscult_model::NodeKind::Device) {
        let Some(address) = node.address.as_deref().and_then(|a| a.parse::<Ipv4Addr>().ok()) else {
            continue;
        };
        let declared = node.services.iter().filter(|s| s.declared).count();
        // One for each declared port, and one question of the oracle at the end.
        let seen = nodes.get(&address).copied().unwrap_or(0);
        let once = declared..=declared + usize::from(declared > 0);
        assert!(once.contains(&seen), "{} was connected to {seen} times", node.id);
    }
    assert!(!in_use.syns.is_empty());
}

#[test]
fn what_is_sent_stays_in_the_scenario_and_below_what_was_announced_and_is_counted_honestly() {
    let full = run(str::to_owned, "--node hub --node platform --node practice --node cuff --node pump");
    let assessment = full.assessment.as_ref().unwrap();
    let addresses: Vec<String> = assessment.nodes.iter().filter_map(|n| n.address.clone()).collect();
    for syn in &full.syns {
        assert!(addresses.contains(&syn.to.to_string()), "a packet went to {}", syn.to);
    }
    assert!(full.said.values().sum::<u64>() > 100);
    for safety in assessment.safety.iter().filter(|s| s.connections > 0) {
        let node = assessment.nodes.iter().find(|n| n.id == safety.node).unwrap();
        let seen = full.to(node.address.as_deref().unwrap()) as u64;
        assert!(seen > 60_000, "the sweep of {} was not seen", node.id);
        assert!(seen <= safety.connections, "{}: {seen} connects seen, {safety:?}", node.id);
        assert!(safety.connections <= safety.connections_announced, "{safety:?}");
        assert!(safety.packets <= safety.packets_announced, "{safety:?}");
    }
}

#[test]
fn at_the_wards_pace_no_second_has_more_than_two_connects() {
    let ward = run(
        |scenario| scenario.replace("pace   = \"laboratory\"", "pace   = \"ward\"      "),
        "--node cuff --impact safe",
    );
    let mut times: Vec<u64> = ward.syns.iter().map(|s| s.at).collect();
    times.sort_unstable();
    assert!(times.len() > 4, "{times:?}");
    for three in times.windows(3) {
        assert!(three[2] - three[0] >= 1_000_000, "three connects within {} µs", three[2] - three[0]);
    }
    let ports: Vec<u16> = ward.syns.iter().map(|s| s.port).collect();
    assert!(ports.iter().all(|p| [8080, 8443].contains(p)), "only declared ports are asked: {ports:?}");
}
