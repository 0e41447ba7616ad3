//! Twelve fragile devices, each of which dies on what a published device died on: a run that says nothing special kills
//! none of them, and of one that dies all the same it lets go.
//!
//! They show that auscult keeps away from what is known to kill; they prove nothing about a device that nobody knows.

mod device;
#[path = "../field/mod.rs"]
mod field;
#[path = "../machine/mod.rs"]
mod machine;

use std::fmt::Write as _;
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use auscult_model::assessment::Assessment;

use device::{Device, Speaks, Weakness};

/// Name, what it speaks, how the scenario declares it, what it dies of.
const DEVICES: [(&str, Speaks, u16, &str, Weakness); 11] = [
    ("one-at-a-time", Speaks::Http, 8080, "protocol = \"http\"", Weakness::SecondConnection),
    ("slow", Speaks::Http, 8080, "protocol = \"http\"", Weakness::FasterThanFive),
    ("half-open", Speaks::Banner, 23, "protocol = \"telnet\"", Weakness::HalfOpen),
    ("old-tls", Speaks::Https, 8443, "protocol = \"http\", tls = true", Weakness::Tls13Hello),
    ("small-buffer", Speaks::Https, 8443, "protocol = \"http\", tls = true", Weakness::LongHello),
    ("short-lines", Speaks::Http, 8080, "protocol = \"http\"", Weakness::LongHeader),
    ("no-reset", Speaks::Banner, 23, "protocol = \"telnet\"", Weakness::Reset),
    ("own-protocol", Speaks::Nothing, 4001, "protocol = \"pump-link\"", Weakness::ForeignProtocol),
    ("no-datagrams", Speaks::Http, 8080, "protocol = \"http\"", Weakness::Datagram),
    ("printer", Speaks::Nothing, 9100, "purpose = \"labels\"", Weakness::Printing),
    (
        "archive",
        Speaks::Dicom,
        11112,
        "protocol = \"dicom\", ae_title = \"ARCHIVE\"",
        Weakness::UnknownCaller,
    ),
];

/// The twelfth dies of a burst of ICMP; whoever counts those stands beside it.
const PINGED: usize = DEVICES.len();

fn address(n: usize) -> IpAddr {
    Ipv4Addr::new(127, 97, 0, 10 + u8::try_from(n).unwrap()).into()
}

fn scenario(nodes: &[(&str, usize, u16, &str)], authorised: &str) -> String {
    let mut text = format!(
        "title = \"Fragile devices\"\nstage = \"status-quo\"\nsetting = \"integrated-care\"\n\n[authorisation]\n\
         by = \"Test\"\nuntil = 2099-12-31\n{authorised}\n"
    );
    for (name, n, port, declared) in nodes {
        let _ = write!(
            text,
            "\n[device.{name}]\nclass = \"III\"\naddress = \"{}\"\nservices = [{{ name = \"it\", port = {port}, {declared} }}]\n",
            address(*n)
        );
    }
    text
}

fn check(dir: &Path, scenario: &str, args: &[&str]) -> (i32, Assessment) {
    std::fs::write(dir.join("fragile.toml"), scenario).unwrap();
    let args: Vec<&str> =
        ["check", "fragile.toml", "--case", "it.case"].iter().chain(args).copied().collect();
    let checked = field::auscult(dir, &args);
    let assessment = std::fs::read(dir.join("it.case/assessment.json"))
        .unwrap_or_else(|e| panic!("{e}: {}", field::err(&checked)));
    (field::code(&checked), serde_json::from_slice(&assessment).unwrap())
}

/// Counts ICMP packets to an address, as far as a burst; needs the right to listen, as the tests of safety do.
struct Pinged(Child);

impl Pinged {
    fn watch(address: IpAddr) -> Self {
        let mut child = Command::new("tcpdump")
            .args(["-i", "lo", "-n", "--immediate-mode", "-c", "5", &format!("icmp and dst host {address}")])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = [0; 512];
        let n = child.stderr.as_mut().unwrap().read(&mut said).unwrap();
        assert!(n > 0, "tcpdump said nothing");
        Self(child)
    }

    fn died(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Pinged {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_default_run_kills_none_of_the_twelve() {
    let dir = tempfile::tempdir().unwrap();
    let mut devices = Vec::new();
    let mut declared = Vec::new();
    for (n, (name, speaks, port, how, weakness)) in DEVICES.into_iter().enumerate() {
        devices.push((name, Device::up(address(n), port, speaks, weakness)));
        declared.push((name, n, port, how));
    }
    let pinged = Device::up(address(PINGED), 8080, Speaks::Http, Weakness::None);
    declared.push(("pinged", PINGED, 8080, "protocol = \"http\""));
    let mut burst = Pinged::watch(address(PINGED));

    let (code, assessment) = check(dir.path(), &scenario(&declared, "impact = \"safe\""), &[]);

    let died: Vec<_> = devices.iter().filter_map(|(name, device)| Some((name, device.died()?))).collect();
    assert!(died.is_empty(), "{died:?}");
    for (name, device) in &devices {
        assert!(device.accepted() > 0, "{name} was never visited");
    }
    assert!(!burst.died() && pinged.accepted() > 0);
    assert!(assessment.safety.iter().all(|s| s.stopped.is_none()));
    assert!(matches!(code, 1 | 3), "{code}");
    // What a gentle run sees is little, and not nothing.
    let tls = assessment.nodes.iter().find(|n| n.id.as_str() == "old-tls").unwrap();
    assert_eq!(tls.services[0].tls, Some(true));
    assert_eq!(tls.services[0].protocol.as_deref(), Some("http"));
}

#[test]
fn a_printer_that_nobody_declared_prints_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let n = 30;
    let web = Device::up(address(n), 8080, Speaks::Http, Weakness::None);
    let printer = Device::up(address(n), 9100, Speaks::Nothing, Weakness::Printing);
    let text = scenario(
        &[("device", n, 8080, "protocol = \"http\"")],
        "impact = \"intrusive\"\npace = \"laboratory\"",
    );
    let text = format!("host_ports = {:?}\n{text}", machine::ports_of_the_machine());
    let (_, assessment) = check(dir.path(), &text, &[]);
    assert_eq!(printer.died(), None);
    assert!(web.accepted() > 0 && printer.accepted() > 0);
    let services = &assessment.nodes[0].services;
    assert!(
        services.iter().any(|s| s.port == "tcp/9100" && !s.declared && s.state == "open"),
        "{services:?}"
    );
}

#[test]
fn of_a_device_that_dies_it_lets_go() {
    let dir = tempfile::tempdir().unwrap();
    let n = 40;
    let device = Device::up(address(n), 8080, Speaks::Http, Weakness::ThirdConnection);
    let text = scenario(&[("device", n, 8080, "protocol = \"http\"")], "impact = \"safe\"");
    let (code, assessment) = check(dir.path(), &text, &[]);
    assert!(device.died().is_some());
    assert_eq!(code, 6, "a safety stop has a code of its own");
    let safety = &assessment.safety[0];
    assert!(safety.stopped.is_some());
    // One of the work, and two questions of the oracle, which decide.
    assert!(
        safety.connections <= device.accepted() + 3,
        "{} > {} + 3",
        safety.connections,
        device.accepted()
    );
    assert!(
        assessment.rulings.iter().all(|r| r.verdict != auscult_model::Verdict::Pass || !r.trials.is_empty())
    );
}
