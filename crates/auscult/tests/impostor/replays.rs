//! Devices of the lab that take commands: one that takes an old one again is found, and a proper one passes.

use std::fs;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use auscult_lab::{COMMAND_PATH, COMMAND_TOPIC, Client, ClientProtocol, Commanded, VERSION_PORT};

use crate::field::{Bench, NO_TIME_SERVER, REPLAY, compare};

/// What is sent to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sends {
    /// Commands in their order.
    Commands,
    /// Commands of which none is one for the device.
    Nonsense,
    /// The same command three times.
    TheSame,
}

fn checked(octet: u8, protocol: ClientProtocol, takes_old: bool, sends: Sends) -> Vec<String> {
    let bench = Bench::new(octet);
    let (port, word, at) = match protocol {
        ClientProtocol::Mqtt => (8883, "mqtt", COMMAND_TOPIC),
        ClientProtocol::Fhir => (8443, "http", COMMAND_PATH),
    };
    for (name, text) in ["first", "second", "third"].into_iter().zip(Commanded::commands()) {
        let text = match sends {
            Sends::Commands => text,
            Sends::Nonsense => "nothing that it knows",
            Sends::TheSame => Commanded::commands()[0],
        };
        fs::write(bench.path(&format!("{name}.json")), text).expect("a file");
    }
    let client = Client {
        from: bench.device(),
        to: SocketAddr::from((bench.listen(), port)),
        name: "platform.test".to_owned(),
        authority: bench.authority(),
        time: None,
        protocol,
        fault: None,
        pause: Duration::from_millis(100),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let running = runtime.spawn(Commanded::new(client, takes_old).run());
    let keys = format!(
        "wait = \"4 s\"\n[device.cuff.replay]\nfor = \"platform/far\"\nat = \"{at}\"\nfirst = \"first.json\"\n\
         second = \"second.json\"\nthird = \"third.json\"\nstate = \"http://{}:{VERSION_PORT}/state\"\n\
         settle = \"2 s\"",
        bench.device()
    );
    let verdicts = bench.check(port, word, &keys);
    running.abort();
    let fails = if takes_old && sends == Sends::Commands { vec![REPLAY] } else { Vec::new() };
    let mut undecided = vec![NO_TIME_SERVER];
    if sends != Sends::Commands {
        undecided.push(REPLAY);
    }
    compare(&format!("{protocol:?} takes_old {takes_old} {sends:?}"), &verdicts, &fails, &undecided)
}

#[test]
fn who_takes_an_old_command_again_is_found_and_who_refuses_it_passes() {
    let devices = [
        (ClientProtocol::Mqtt, false, Sends::Commands),
        (ClientProtocol::Mqtt, true, Sends::Commands),
        (ClientProtocol::Fhir, false, Sends::Commands),
        (ClientProtocol::Fhir, true, Sends::Commands),
        (ClientProtocol::Mqtt, true, Sends::Nonsense),
        (ClientProtocol::Fhir, true, Sends::TheSame),
    ];
    let wrong: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = (200..)
            .zip(devices)
            .map(|(octet, (protocol, old, sends))| scope.spawn(move || checked(octet, protocol, old, sends)))
            .collect();
        running.into_iter().flat_map(|r| r.join().expect("a thread that ends")).collect()
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}
