//! When a far end is played and when it is not, and what is said about it.

use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::time::Duration;
use std::{io::Read, io::Write, thread};

use auscult_lab::{Client, ClientProtocol};
use auscult_model::Verdict;

use crate::field::{Bench, CHECKS, NO_TIME_SERVER, compare};

/// Runs the proper client of the lab against a bench.
fn with_client(bench: &Bench, port: u16, options: &Options) -> Vec<(String, Verdict, String)> {
    let client = Client {
        from: bench.device(),
        to: SocketAddr::from((bench.listen(), port)),
        name: "platform.test".to_owned(),
        authority: bench.authority(),
        time: None,
        protocol: ClientProtocol::Mqtt,
        fault: None,
        pause: Duration::from_millis(100),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let dialling = runtime.spawn(client.run());
    let scenario = options.scenario(&bench.scenario(port, "mqtt", "wait = \"2 s\""));
    let verdicts = bench.check_this(&scenario, options.arguments);
    dialling.abort();
    verdicts.into_iter().map(|(check, (verdict, because))| (check, verdict, because)).collect()
}

/// What is otherwise than usual.
#[derive(Default)]
struct Options {
    /// Replaced in the scenario.
    replace: &'static [(&'static str, &'static str)],
    arguments: &'static [&'static str],
}

impl Options {
    fn scenario(&self, text: &str) -> String {
        self.replace.iter().fold(text.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        })
    }
}

fn all_undecided_because(octet: u8, options: &Options, because: &str) {
    let bench = Bench::new(octet);
    let verdicts = with_client(&bench, 8883, options);
    assert_eq!(verdicts.len(), CHECKS.len());
    for (check, verdict, said) in verdicts {
        assert_eq!(verdict, Verdict::Inconclusive, "{check}: {said}");
        assert!(said.contains(because), "{check}: {said}");
    }
}

#[test]
fn a_device_in_use_is_played_nothing() {
    let in_use = Options { replace: &[("class = \"II\"", "class = \"II\"\nin_use = true")], arguments: &[] };
    all_undecided_because(60, &in_use, "in use on a patient");
}

#[test]
fn nothing_is_played_below_intrusive() {
    let safe = Options { replace: &[("\"intrusive\"", "\"safe\"")], arguments: &[] };
    all_undecided_because(61, &safe, "it needs intrusive");
    let asked = Options { replace: &[], arguments: &["--impact", "safe"] };
    all_undecided_because(62, &asked, "no more than safe was asked for");
}

#[test]
fn nothing_is_played_without_authorisation() {
    let over = Options { replace: &[("2099-12-31", "2020-12-31")], arguments: &[] };
    all_undecided_because(63, &over, "authorisation has run out");
}

#[test]
fn where_no_far_end_is_declared_it_is_said() {
    let bench = Bench::new(64);
    let scenario = bench.scenario(8883, "mqtt", "");
    let without = scenario.split("[[device.cuff.impostor]]").next().expect("a scenario");
    for (check, (verdict, because)) in bench.check_this(without, &[]) {
        assert_eq!(verdict, Verdict::Inconclusive, "{check}");
        assert!(because.contains("no far end is declared"), "{check}: {because}");
    }
}

#[test]
fn a_device_that_never_comes_is_undecided() {
    let bench = Bench::new(65);
    for (check, (verdict, because)) in bench.check(8883, "mqtt", "wait = \"1 s\"") {
        assert_eq!(verdict, Verdict::Inconclusive, "{check}");
        assert!(because.contains("it did not dial platform/far"), "{check}: {because}");
    }
}

#[test]
fn an_address_that_is_taken_is_told() {
    let bench = Bench::new(66);
    let _taken = TcpListener::bind((bench.listen(), 8883)).expect("a port");
    for (check, (verdict, because)) in bench.check(8883, "mqtt", "wait = \"1 s\"") {
        assert_eq!(verdict, Verdict::Inconclusive, "{check}");
        assert!(because.contains("auscult could not listen"), "{check}: {because}");
    }
}

#[test]
fn a_device_that_dials_when_it_is_told_to_is_told_to() {
    let bench = Bench::new(67);
    let device = TcpListener::bind((bench.device(), 8080)).expect("a port");
    let client = Client {
        from: bench.device(),
        to: SocketAddr::from((bench.listen(), 8883)),
        name: "platform.test".to_owned(),
        authority: bench.authority(),
        time: None,
        protocol: ClientProtocol::Mqtt,
        fault: None,
        pause: Duration::from_secs(3_600),
    };
    // It dials once for each order, and never by itself.
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        for order in device.incoming() {
            let mut order = order.expect("a connection");
            let mut request = [0; 512];
            let n = order.read(&mut request).unwrap_or_default();
            if request[..n].starts_with(b"POST /measure HTTP/1.1\r\n") {
                let _ = order.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
                runtime.spawn(client.clone().run());
            }
        }
    });
    let trigger = format!("wait = \"4 s\"\ntrigger = \"http://{}:8080/measure\"", bench.device());
    let verdicts = bench.check(8883, "mqtt", &trigger);
    // One connection for each order leaves no second one after the handshake was refused, but the next act has one.
    assert_eq!(compare("told to dial", &verdicts, &[], &[NO_TIME_SERVER]), Vec::<String>::new());
}

#[test]
fn the_plan_says_what_is_played_and_what_a_person_does() {
    let bench = Bench::new(68);
    let path = bench.path("scenario.toml");
    std::fs::write(&path, bench.scenario(8883, "mqtt", "")).expect("a file");
    let out =
        Command::new(env!("CARGO_BIN_EXE_auscult")).arg("plan").arg(&path).output().expect("the binary runs");
    let text = String::from_utf8_lossy(&out.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("plays platform/far at 127.93.68.1:8883 — the proper far end, a self-signed"),
        "{text}"
    );
    assert!(text.contains("set the address of platform/far on cuff to 127.93.68.1:8883"), "{text}");
}
