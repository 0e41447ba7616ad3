//! Devices of the lab that fetch updates: what each forgets to check is found, and a proper one refuses everything.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use auscult_lab::{Client, ClientProtocol, Maker, UpdateFault, Updater, VERSION_PORT};

use crate::field::{Bench, NO_TIME_SERVER, UPDATES, compare};

fn checked(octet: u8, fault: Option<UpdateFault>) -> Vec<String> {
    let bench = Bench::new(octet);
    let maker = Maker::new().expect("a maker");
    maker.write(&bench.path("images")).expect("images");
    let client = Client {
        from: bench.device(),
        to: SocketAddr::from((bench.listen(), 8443)),
        name: "platform.test".to_owned(),
        authority: bench.authority(),
        time: None,
        protocol: ClientProtocol::Fhir,
        fault: None,
        pause: Duration::from_millis(100),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let running = runtime.spawn(Updater::new(client, &maker, fault).run());
    let keys = format!(
        "wait = \"4 s\"\n[device.cuff.update]\nfor = \"platform/far\"\nimages = \"images\"\n\
         installed = \"http://{}:{VERSION_PORT}/version\"\nsettle = \"3 s\"",
        bench.device()
    );
    let verdicts = bench.check(8443, "http", &keys);
    running.abort();
    let fails: Vec<&str> = fault.map(UpdateFault::fails).into_iter().collect();
    // What comes after an image that was taken shows nothing, and before it nothing without the genuine one.
    let mut undecided = match fault {
        None | Some(UpdateFault::TakesOlder) => Vec::new(),
        Some(UpdateFault::TakesForeignModel) => vec!["update-older-accepted"],
        Some(UpdateFault::TakesForeignKey) => {
            let mut later = UPDATES.to_vec();
            later.retain(|c| !["update-unsigned-accepted", "update-foreign-key-accepted"].contains(c));
            later
        }
        Some(UpdateFault::TakesUnsigned | UpdateFault::TakesAltered | UpdateFault::TakesCutOff) => {
            UPDATES.to_vec()
        }
    };
    undecided.push(NO_TIME_SERVER);
    compare(&format!("{fault:?}"), &verdicts, &fails, &undecided)
}

#[test]
fn what_a_device_forgets_to_check_of_an_update_is_found_and_nothing_else() {
    let faults = std::iter::once(None).chain(UpdateFault::ALL.map(Some));
    let wrong: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> =
            (90..).zip(faults).map(|(octet, fault)| scope.spawn(move || checked(octet, fault))).collect();
        running.into_iter().flat_map(|r| r.join().expect("a thread that ends")).collect()
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}
