//! The sweep finds what listens on loopback, loses nothing, and keeps open, closed and filtered apart.

mod bench_of;

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use auscult_facts::Interrupted;
use auscult_facts::ports::PortState;
use auscult_model::{Impact, Pace};
use auscult_probe::ports::{EVERY_PORT, bound, sweep};

use bench_of::{bench, bench_at};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_sweep_loses_no_port() {
    // An address of its own: other tests listen on 127.0.0.1.
    let address = "127.77.1.1";
    let listeners: Vec<_> = (0..13).map(|_| TcpListener::bind((address, 0)).unwrap()).collect();
    let ports: BTreeSet<u16> = listeners.iter().map(|l| l.local_addr().unwrap().port()).collect();
    for _ in 0..5 {
        let bench = bench_at(address, Impact::Safe, Pace::Laboratory, []);
        let facts = sweep(&bench, &[EVERY_PORT], &BTreeSet::new()).await.unwrap();
        assert!(facts.complete());
        let open: BTreeSet<u16> = facts.states.keys().copied().collect();
        assert!(ports.is_subset(&open), "lost {:?}", ports.difference(&open));
        // Programs that listen on every address of this machine answer here too, so more may be open.
        assert_eq!(facts.closed as usize + facts.states.len(), 65_535);
        assert!(bench.cost().connections <= bound(Impact::Safe, Pace::Laboratory, 0).connections);
    }
}

#[tokio::test]
async fn only_declared_ports_are_touched() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = listener.local_addr().unwrap().port();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = {
        let gone = TcpListener::bind("127.0.0.1:0").unwrap();
        gone.local_addr().unwrap().port()
    };
    for (impact, pace) in [(Impact::Touch, Pace::Laboratory), (Impact::Safe, Pace::Ward)] {
        let bench = bench(impact, pace, [open, closed]);
        let facts = sweep(&bench, &[EVERY_PORT], &[open, closed].into()).await.unwrap();
        assert!(!facts.complete());
        assert_eq!(facts.states.get(&open), Some(&PortState::Open));
        assert_eq!(facts.states.get(&closed), Some(&PortState::Closed));
        assert!(!facts.states.contains_key(&other.local_addr().unwrap().port()));
        // Two ports, and the open one once more because it is this machine's own.
        assert!(bench.cost().connections <= bound(impact, pace, 2).connections);
    }
}

#[tokio::test]
async fn nothing_allowed_and_nothing_left_are_said() {
    let passive = bench(Impact::Passive, Pace::Laboratory, [80]);
    assert_eq!(sweep(&passive, &[EVERY_PORT], &[80].into()).await, Err(Interrupted::NotAuthorised));
    let stopped = bench(Impact::Safe, Pace::Laboratory, [80]);
    stopped.stop();
    assert_eq!(sweep(&stopped, &[EVERY_PORT], &[80].into()).await, Err(Interrupted::SafetyStop));
    assert_eq!((passive.cost().connections, stopped.cost().connections), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_leaves_what_was_asked_so_far() {
    let bench = bench_at("127.77.1.2", Impact::Safe, Pace::Bench, []);
    let stopper = bench.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(700)).await;
        stopper.stop();
    });
    let started = Instant::now();
    let facts = sweep(&bench, &[EVERY_PORT], &BTreeSet::new()).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(3));
    assert!(!facts.complete() && !facts.asked.is_empty());
    // Ten a second at this pace.
    assert!(bench.cost().connections <= 9, "{}", bench.cost().connections);
}

/// A listener whose queue is full: the kernel drops further connects without a word.
async fn silent_port() -> (tokio::net::TcpListener, Vec<tokio::net::TcpStream>) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) =
        tokio::time::timeout(Duration::from_millis(300), tokio::net::TcpStream::connect(address)).await
    {
        waiting.push(stream.unwrap());
    }
    (listener, waiting)
}

#[tokio::test]
async fn a_port_without_an_answer_is_filtered() {
    let (listener, _waiting) = silent_port().await;
    let silent = listener.local_addr().unwrap().port();
    let answering = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = answering.local_addr().unwrap().port();
    let bench = bench(Impact::Touch, Pace::Laboratory, [silent, open]);
    let started = Instant::now();
    let facts = sweep(&bench, &[], &[silent, open].into()).await.unwrap();
    assert_eq!(facts.states.get(&silent), Some(&PortState::Filtered));
    assert_eq!((facts.filtered, facts.closed), (1, 0));
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());

    let alone = bench_at("127.0.0.1", Impact::Touch, Pace::Laboratory, [silent]);
    assert_eq!(sweep(&alone, &[], &[silent].into()).await, Err(Interrupted::Unreachable));
    assert!(alone.cost().connections <= bound(Impact::Touch, Pace::Laboratory, 1).connections);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_that_answers_when_asked_again_is_not_lost() {
    let (listener, waiting) = silent_port().await;
    let busy = listener.local_addr().unwrap().port();
    let answering = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = answering.local_addr().unwrap().port();
    let bench = bench(Impact::Touch, Pace::Laboratory, [busy, open]);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(3300)).await;
        drop(waiting);
        loop {
            let _ = listener.accept().await;
        }
    });
    let facts = sweep(&bench, &[], &[busy, open].into()).await.unwrap();
    assert_eq!(facts.states.get(&busy), Some(&PortState::Open));
}
