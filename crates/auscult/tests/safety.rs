//! Packets counted by somebody else: tcpdump in a network of its own, beside what the plan announced and the case file
//! says was spent.
//!
//! In that network there is nothing but the lab and auscult. What does not come from the lab's addresses, from which its
//! devices dial out too, comes from auscult; and every way out leads back to where tcpdump listens, so that a packet to
//! anybody else is seen as well.

mod field;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Stdio};

use auscult_model::assessment::{Assessment, NodeSummary};

/// Flags of TCP.
const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;

/// A segment of TCP that auscult sent.
#[derive(Clone, Copy, Debug)]
struct Sent {
    /// When, in microseconds.
    at: u64,
    to: Ipv4Addr,
    port: u16,
    /// Port at our end.
    from: u16,
    flags: u8,
    /// Bytes of payload, and the first of them.
    payload: usize,
    first: Option<u8>,
}

impl Sent {
    /// A connect.
    fn opens(&self) -> bool {
        self.flags & (SYN | ACK) == SYN
    }
}

/// A datagram that auscult sent.
#[derive(Clone, Copy, Debug)]
struct Datagram {
    /// When, in microseconds.
    at: u64,
    to: Ipv4Addr,
    port: u16,
}

/// Everything of one run.
struct Run {
    sent: Vec<Sent>,
    datagrams: Vec<Datagram>,
    /// Connections that the hub broke off: when, the port at our end, and its own.
    broken: Vec<(u64, u16, u16)>,
    /// Packets of anything but TCP and UDP, in words.
    stray: Vec<String>,
    assessment: Option<Assessment>,
}

impl Run {
    fn opened(&self) -> impl Iterator<Item = &Sent> {
        self.sent.iter().filter(|s| s.opens())
    }

    fn assessment(&self) -> &Assessment {
        self.assessment.as_ref().unwrap()
    }

    /// Nodes with an address, and everything that was sent there.
    fn nodes(&self) -> Vec<(&NodeSummary, Vec<Sent>)> {
        let addressed = |n: &NodeSummary| n.address.as_deref().and_then(|a| a.parse::<Ipv4Addr>().ok());
        let sent_to = |to: Ipv4Addr| self.sent.iter().filter(|s| s.to == to).copied().collect();
        self.assessment().nodes.iter().filter_map(|n| Some((n, sent_to(addressed(n)?)))).collect()
    }

    /// Sees that nothing went to anybody whom the scenario does not name.
    fn stays_in_the_scenario(&self) {
        assert_eq!(self.stray, [] as [String; 0]);
        let known: BTreeSet<String> =
            self.assessment().nodes.iter().filter_map(|n| n.address.clone()).collect();
        for to in self.sent.iter().map(|s| s.to).chain(self.datagrams.iter().map(|d| d.to)) {
            assert!(known.contains(&to.to_string()), "a packet went to {to}");
        }
    }
}

/// What auscult sends, and where the hub breaks a connection off: the answers of 65,000 closed ports are left out.
const SEEN: &str = "not src net 127.10.0.0/16 or \
                    (src host 127.10.0.20 and tcp[tcpflags] & tcp-rst != 0 and src port (2575 or 5555 or 8443))";

/// Brings the lab up in a network of its own, changes its scenario, checks, and reads what tcpdump saw.
fn run(world: &str, edit: impl Fn(&str) -> String, args: &str) -> Run {
    let dir = tempfile::tempdir().unwrap();
    let edited = dir.path().join("edit");
    // The scenario is written by the lab inside; it is edited between two steps of the script.
    let script = format!(
        r#"set -eu
ip link set lo up
ip route add default dev lo
"{auscult}" lab up edith {world} --dir lab >up.txt 2>lab.err &
lab=$!
for i in $(seq 100); do grep -q 'is up' up.txt && break; sleep 0.1; done
touch ready
for i in $(seq 100); do [ -e edit ] && break; sleep 0.1; done
tcpdump -i lo -n --immediate-mode -s 128 -B 65536 -w seen.pcap -Z "$(id -un)" '{SEEN}' 2>tcpdump.err &
dump=$!
for i in $(seq 100); do grep -qs "listening on" tcpdump.err && break; sleep 0.1; done
set +e
"{auscult}" check edited.toml --case it.case --exit-zero {args} >report.txt 2>check.err
echo $? >code
# What was sent last waits in the kernel for up to a second before tcpdump is given it.
sleep 1.5
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
    for file in fs::read_dir(dir.path().join("lab")).unwrap().map(|e| e.unwrap()) {
        if file.file_name() != "scenario.toml" {
            fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
        }
    }
    fs::write(dir.path().join("edited.toml"), edit(&scenario)).unwrap();
    fs::write(edited, "").unwrap();
    assert!(child.wait().unwrap().success());
    let code = fs::read_to_string(dir.path().join("code")).unwrap();
    assert_eq!(code.trim(), "0", "{}", fs::read_to_string(dir.path().join("check.err")).unwrap());
    let dropped = fs::read_to_string(dir.path().join("tcpdump.err")).unwrap();
    assert!(dropped.contains("0 packets dropped by kernel"), "{dropped}");
    let mut run = read(&dir.path().join("seen.pcap"));
    let assessment = fs::read(dir.path().join("it.case/assessment.json")).ok();
    run.assessment = assessment.map(|bytes| serde_json::from_slice(&bytes).unwrap());
    run
}

/// Reads a capture of Ethernet frames as tcpdump writes it on this machine: TCP over IPv4, and the rest in words.
fn read(file: &Path) -> Run {
    let bytes = fs::read(file).unwrap();
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!((word(0), word(20)), (0xa1b2_c3d4, 1), "microseconds and Ethernet");
    let mut run = Run {
        sent: Vec::new(),
        datagrams: Vec::new(),
        broken: Vec::new(),
        stray: Vec::new(),
        assessment: None,
    };
    let mut at = 24;
    while at + 16 <= bytes.len() {
        let (seconds, micros, kept) = (word(at), word(at + 4), word(at + 8) as usize);
        let frame = &bytes[at + 16..at + 16 + kept];
        at += 16 + kept;
        let short = |n: usize| u16::from_be_bytes([frame[n], frame[n + 1]]);
        let ip = 14;
        let tcp = ip + usize::from(frame[ip] & 15) * 4;
        let when = u64::from(seconds) * 1_000_000 + u64::from(micros);
        if short(12) == 0x0800 && frame[ip + 9] == 17 {
            let to = Ipv4Addr::from(<[u8; 4]>::try_from(&frame[ip + 16..ip + 20]).unwrap());
            run.datagrams.push(Datagram { at: when, to, port: short(tcp + 2) });
            continue;
        }
        if short(12) != 0x0800 || frame[ip + 9] != 6 {
            run.stray.push(format!("{frame:02x?}"));
            continue;
        }
        if frame[ip + 12..ip + 14] == [127, 10] {
            run.broken.push((when, short(tcp + 2), short(tcp)));
            continue;
        }
        let data = tcp + usize::from(frame[tcp + 12] >> 4) * 4;
        run.sent.push(Sent {
            at: when,
            to: Ipv4Addr::from(<[u8; 4]>::try_from(&frame[ip + 16..ip + 20]).unwrap()),
            port: short(tcp + 2),
            from: short(tcp),
            flags: frame[tcp + 13],
            payload: ip + usize::from(short(ip + 2)) - data,
            first: frame.get(data).copied().filter(|_| ip + usize::from(short(ip + 2)) > data),
        });
    }
    run
}

/// A UDP service for the hub; nothing listens there.
const MONITORING: &str =
    "  { name = \"monitoring\", port = 161, transport = \"udp\", protocol = \"snmp\" },\n";

/// The scenario with one more service of the hub.
fn with_service_of_hub(scenario: &str, service: &str) -> String {
    let (before, hub) = scenario.split_once("[gateway.hub]").unwrap();
    let hub = hub.replacen("services = [\n", &format!("services = [\n{service}"), 1);
    format!("{before}[gateway.hub]{hub}")
}

const TARGET: &str = "--variant target";

#[test]
fn without_an_authorisation_not_one_packet_is_sent() {
    let unauthorised = run(
        TARGET,
        |scenario| {
            let (head, rest) = scenario.split_once("[authorisation]").unwrap();
            let rest = &rest[rest.find("\n[").unwrap()..];
            format!("{head}{rest}")
        },
        "",
    );
    let passive = run(TARGET, str::to_owned, "--impact passive");
    let over = run(TARGET, |scenario| scenario.replace("until  = 2099-12-31", "until  = 2020-12-31"), "");
    for quiet in [unauthorised, passive, over] {
        assert!(quiet.sent.is_empty() && quiet.stray.is_empty(), "{:?} {:?}", quiet.sent, quiet.stray);
        assert!(quiet.datagrams.is_empty(), "{:?}", quiet.datagrams);
        assert_eq!(quiet.assessment().coverage.passed, 0);
    }
}

/// What a touch allows: one connection for each declared port, silent or with one TLS handshake, and one question of the
/// oracle for the node.
fn is_no_more_than_a_touch(node: &NodeSummary, sent: &[Sent]) {
    let declared: BTreeMap<u16, Option<bool>> = node
        .services
        .iter()
        .filter(|s| s.declared && s.port.starts_with("tcp/"))
        .map(|s| (s.port.trim_start_matches("tcp/").parse().unwrap(), s.tls))
        .collect();
    let mut opened: BTreeMap<u16, usize> = BTreeMap::new();
    for connect in sent.iter().filter(|s| s.opens()) {
        *opened.entry(connect.port).or_default() += 1;
    }
    let id = &node.id;
    assert_eq!(opened.keys().collect::<Vec<_>>(), declared.keys().collect::<Vec<_>>(), "{id}");
    let asked = usize::from(!declared.is_empty());
    assert_eq!(opened.values().sum::<usize>(), declared.len() + asked, "{id}: {opened:?}");
    for port in declared.keys() {
        let said: Vec<_> = sent.iter().filter(|s| s.port == *port && s.payload > 0).collect();
        let speakers: BTreeSet<u16> = said.iter().map(|s| s.from).collect();
        assert!(speakers.len() <= 1, "{id}: something was said on {} connections", speakers.len());
        // A handshake record first, and only records of TLS after it.
        assert!(said.first().is_none_or(|s| s.first == Some(22)), "{id} {port}: {said:?}");
        assert!(
            said.iter().all(|s| s.first.is_some_and(|b| (20..=23).contains(&b))),
            "{id} {port}: {said:?}"
        );
        let bytes: usize = said.iter().map(|s| s.payload).sum();
        assert!(bytes < 2_500, "{id} {port}: {bytes} bytes");
    }
}

#[test]
fn a_touch_says_nothing_but_a_tls_hello_where_tls_is_declared() {
    let monitored = |text: &str| with_service_of_hub(text, MONITORING);
    let touch = run("--variant status-quo", monitored, "--impact touch");
    touch.stays_in_the_scenario();
    // The least that can be said over UDP is a request, and that is more than a touch.
    assert!(touch.datagrams.is_empty(), "{:?}", touch.datagrams);
    for (node, sent) in touch.nodes() {
        is_no_more_than_a_touch(node, &sent);
    }
    let said: BTreeSet<(Ipv4Addr, u16)> =
        touch.sent.iter().filter(|s| s.payload > 0).map(|s| (s.to, s.port)).collect();
    let to = |net, host| Ipv4Addr::new(127, 10, net, host);
    // The hub's administration, the FHIR API, the portal and the maker's site are declared to speak TLS, nothing else.
    let declared = [(to(0, 20), 8443), (to(1, 1), 8443), (to(1, 2), 9443), (to(1, 9), 9443)];
    assert_eq!(said.into_iter().collect::<Vec<_>>(), declared);
}

#[test]
fn a_device_in_use_is_only_touched_whatever_is_authorised() {
    let in_use = run(TARGET, |text| text.replace("class   = ", "in_use  = true\nclass   = "), "");
    in_use.stays_in_the_scenario();
    let devices = in_use.nodes().into_iter().filter(|(n, _)| n.kind == auscult_model::NodeKind::Device);
    let mut touched = 0;
    for (node, sent) in devices {
        is_no_more_than_a_touch(node, &sent);
        touched += usize::from(!sent.is_empty());
    }
    assert!(touched > 0);
}

#[test]
fn what_is_sent_stays_in_the_scenario_and_below_what_was_announced_and_is_counted_honestly() {
    let full = run(TARGET, str::to_owned, "");
    full.stays_in_the_scenario();
    assert!(full.sent.iter().filter(|s| s.payload > 0).count() > 100);
    let (mut swept, mut asked) = (0, 0);
    for (node, sent) in full.nodes() {
        let safety = full.assessment().safety.iter().find(|s| s.node == node.id).unwrap();
        let opened = sent.iter().filter(|s| s.opens()).count() as u64;
        swept += u64::from(opened > 60_000);
        assert!(opened <= safety.connections, "{}: {opened} connects seen, {safety:?}", node.id);
        let datagrams = full.datagrams.iter().filter(|d| Some(d.to.to_string()) == node.address).count();
        let packets = (sent.len() + datagrams) as u64;
        assert!(packets <= safety.packets, "{}: {packets} packets seen, {safety:?}", node.id);
        asked += u64::from(datagrams >= 9);
        assert!(safety.connections <= safety.connections_announced, "{safety:?}");
        assert!(safety.packets <= safety.packets_announced, "{safety:?}");
    }
    assert!(swept >= 5, "only {swept} sweeps were seen");
    assert!(asked >= 5, "only {asked} nodes were asked at the usual UDP ports");
}

#[test]
fn at_the_wards_pace_no_second_has_more_than_two_sendings_and_one_is_open_at_a_time() {
    // A device with three declared ports, and one over UDP.
    let ward = run(
        "--variant target --fault hub-undeclared-port",
        |scenario| {
            let third = "  { name = \"third\", port = 5555, protocol = \"telnet\" },\n";
            with_service_of_hub(&with_service_of_hub(scenario, third), MONITORING)
                .replace("pace   = \"laboratory\"", "pace   = \"ward\"      ")
        },
        "--node hub --impact safe",
    );
    ward.stays_in_the_scenario();
    let mut times: Vec<u64> =
        ward.opened().map(|s| s.at).chain(ward.datagrams.iter().map(|d| d.at)).collect();
    times.sort_unstable();
    assert!(times.len() > 10, "{times:?}");
    for three in times.windows(3) {
        assert!(three[2] - three[0] >= 1_000_000, "three sendings within {} µs", three[2] - three[0]);
    }
    let datagrams: BTreeSet<u16> = ward.datagrams.iter().map(|d| d.port).collect();
    assert_eq!(datagrams.into_iter().collect::<Vec<_>>(), [161], "only declared ports are asked");
    let ports: BTreeSet<u16> = ward.opened().map(|s| s.port).collect();
    assert_eq!(ports.into_iter().collect::<Vec<_>>(), [2575, 5555, 8443], "only declared ports are asked");
    let mut open: BTreeSet<(u16, u16)> = BTreeSet::new();
    for sent in &ward.sent {
        for (_, ours, theirs) in ward.broken.iter().filter(|(at, _, _)| *at <= sent.at) {
            open.remove(&(*ours, *theirs));
        }
        if sent.opens() {
            open.insert((sent.from, sent.port));
            assert!(open.len() <= 1, "{} are open at once: {open:?}", open.len());
        } else if sent.flags & (FIN | RST) != 0 {
            open.remove(&(sent.from, sent.port));
        }
    }
}
