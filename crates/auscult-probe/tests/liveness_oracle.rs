//! The oracle counts what it hears, stops a bench whose node falls silent, and is not fooled by our own connections.

mod bench_of;

use std::time::{Duration, Instant};

use auscult_facts::Interrupted;
use auscult_model::{Impact, Pace};
use auscult_probe::liveness::{Oracle, bound};
use tokio::net::TcpListener;

use bench_of::bench;

#[tokio::test]
async fn without_a_port_it_asks_nothing() {
    let bench = bench(Impact::Safe, Pace::Laboratory, []);
    let oracle = Oracle::start(bench.clone(), Vec::new());
    assert!(oracle.ask().await);
    let facts = oracle.finish().await;
    assert_eq!((facts.asked, facts.stopped), (0, false));
}

#[tokio::test]
async fn an_answering_node_is_asked_before_between_and_after() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let bench = bench(Impact::Touch, Pace::Laboratory, [port]);
    let oracle = Oracle::start(bench.clone(), vec![port]);
    assert!(oracle.ask().await);
    assert!(oracle.ask().await);
    let facts = oracle.finish().await;
    assert_eq!((facts.asked, facts.missed, facts.stopped), (3, 0, false));
    assert_eq!(bench.total().connections, 3);
    assert!(facts.asked <= bound(bench.limits()).connections);
}

#[tokio::test]
async fn two_misses_stop_the_bench() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let bench = bench(Impact::Safe, Pace::Laboratory, [port]);
    let oracle = Oracle::start(bench.clone(), vec![port]);
    assert!(oracle.ask().await);
    drop(listener);
    let started = Instant::now();
    assert!(!oracle.ask().await);
    assert!(started.elapsed() < Duration::from_secs(3));
    assert!(bench.stopped());
    assert_eq!(bench.connect(port, Impact::Safe).await.unwrap_err(), Interrupted::SafetyStop);
    let facts = oracle.finish().await;
    assert_eq!((facts.asked, facts.missed, facts.stopped), (3, 2, true));
    assert_eq!(bench.total().connections, 3, "nothing is sent after the stop");
}

#[tokio::test]
async fn a_reset_before_we_look_is_an_answer() {
    let (told, port) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            told.send(listener.local_addr().unwrap().port()).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_zero_linger().unwrap();
            }
        });
    });
    let port = port.recv().unwrap();
    let bench = bench(Impact::Safe, Pace::Laboratory, [port]);
    let oracle = Oracle::start(bench.clone(), vec![port]);
    // Whatever the oracle waits for, the reset is there before this thread lets it look.
    let busy = async {
        for _ in 0..10 {
            std::thread::sleep(Duration::from_millis(20));
            tokio::task::yield_now().await;
        }
    };
    let (alive, ()) = tokio::join!(oracle.ask(), busy);
    assert!(alive);
    let facts = oracle.finish().await;
    assert_eq!((facts.asked, facts.missed, facts.stopped), (2, 0, false));
}

#[tokio::test]
async fn one_miss_is_forgiven() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let bench = bench(Impact::Safe, Pace::Laboratory, [address.port()]);
    let oracle = Oracle::start(bench.clone(), vec![address.port()]);
    drop(listener);
    let restart = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        TcpListener::bind(address).await.unwrap()
    });
    assert!(oracle.ask().await);
    let _listener = restart.await.unwrap();
    let facts = oracle.finish().await;
    assert_eq!((facts.missed, facts.stopped), (1, false));
}

#[tokio::test]
async fn it_is_answered_while_every_place_is_busy() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let bench = bench(Impact::Safe, Pace::Bench, [port]);
    let oracle = Oracle::start(bench.clone(), vec![port]);
    let mut wires = Vec::new();
    for _ in 0..bench.limits().parallel - 1 {
        wires.push(bench.connect(port, Impact::Safe).await.unwrap());
    }
    let more = tokio::time::timeout(Duration::from_millis(300), bench.connect(port, Impact::Safe)).await;
    assert!(more.is_err(), "one place is the oracle's");
    assert!(tokio::time::timeout(Duration::from_secs(4), oracle.ask()).await.unwrap());
}

#[tokio::test]
async fn on_the_ward_it_waits_for_its_turn() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let bench = bench(Impact::Touch, Pace::Ward, [port]);
    let oracle = Oracle::start(bench.clone(), vec![port]);
    let wire = bench.connect(port, Impact::Touch).await.unwrap();
    let early = tokio::time::timeout(Duration::from_secs(3), oracle.ask()).await;
    assert!(early.is_err(), "a second connection was opened");
    assert_eq!(bench.total().connections, 1);
    drop(wire);
    assert!(oracle.ask().await);
}

#[tokio::test]
async fn a_device_that_refuses_a_second_connection_is_not_dead() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let bench = bench(Impact::Safe, Pace::Laboratory, [address.port()]);
    let oracle = Oracle::start(bench.clone(), vec![address.port()]);
    let wire = bench.connect(address.port(), Impact::Safe).await.unwrap();
    // Serves one connection and closes the door behind it, until that one is over.
    let (_served, _) = listener.accept().await.unwrap();
    drop(listener);
    let asking = tokio::spawn(async move {
        let lives = oracle.ask().await;
        (lives, oracle)
    });
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert!(!asking.is_finished(), "it waits until our own connection is closed");
    let reopened = tokio::net::TcpSocket::new_v4().unwrap();
    reopened.set_reuseaddr(true).unwrap();
    reopened.bind(address).unwrap();
    let _listening = reopened.listen(8).unwrap();
    drop(wire);
    let (lives, oracle) = asking.await.unwrap();
    assert!(lives);
    assert_eq!(oracle.finish().await.missed, 0);
}

#[tokio::test]
async fn a_failing_connect_of_the_work_is_looked_into_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let bench = bench(Impact::Safe, Pace::Bench, [port]);
    let oracle = Oracle::start(bench.clone(), vec![port]);
    drop(bench.connect(port, Impact::Safe).await.unwrap());
    drop(listener);
    assert_eq!(bench.connect(port, Impact::Safe).await.unwrap_err(), Interrupted::Closed);
    // The next one waits until the oracle knows, which nobody has told to ask.
    let next = tokio::time::timeout(Duration::from_secs(4), bench.connect(port, Impact::Safe)).await;
    assert_eq!(next.unwrap().unwrap_err(), Interrupted::SafetyStop);
    assert_eq!(bench.total().connections, 4, "two of the work and two of the oracle");
    assert!(oracle.finish().await.stopped);
}

#[tokio::test]
async fn work_goes_on_when_the_doubt_was_wrong() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let bench = bench(Impact::Safe, Pace::Bench, [address.port()]);
    let oracle = Oracle::start(bench.clone(), vec![address.port()]);
    drop(bench.connect(address.port(), Impact::Safe).await.unwrap());
    drop(listener);
    assert_eq!(bench.connect(address.port(), Impact::Safe).await.unwrap_err(), Interrupted::Closed);
    let reopened = tokio::net::TcpSocket::new_v4().unwrap();
    reopened.set_reuseaddr(true).unwrap();
    reopened.bind(address).unwrap();
    let _listening = reopened.listen(8).unwrap();
    let next =
        tokio::time::timeout(Duration::from_secs(4), bench.connect(address.port(), Impact::Safe)).await;
    assert!(next.unwrap().is_ok());
    let facts = oracle.finish().await;
    assert_eq!((facts.missed, facts.stopped), (0, false));
}

#[tokio::test]
async fn without_an_oracle_nobody_waits() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let bench = bench(Impact::Safe, Pace::Laboratory, [port]);
    drop(bench.connect(port, Impact::Safe).await.unwrap());
    drop(listener);
    for _ in 0..3 {
        let refused = tokio::time::timeout(Duration::from_secs(2), bench.connect(port, Impact::Safe)).await;
        assert_eq!(refused.unwrap().unwrap_err(), Interrupted::Closed);
    }
}

#[tokio::test]
async fn only_ports_that_answer_twice_serve_it() {
    let stays = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let goes = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (stays_at, goes_at) = (stays.local_addr().unwrap().port(), goes.local_addr().unwrap().port());
    drop(goes);
    let bench = bench(Impact::Safe, Pace::Laboratory, [stays_at]);
    assert_eq!(auscult_probe::liveness::confirmed(&bench, &[goes_at, stays_at]).await, [stays_at]);
}
