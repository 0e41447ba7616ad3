//! Services are recognised by what they answer; silent, endless, slow and lying ones end by the deadline as unknown.

mod bench_of;
mod subject_of;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use auscult_facts::ports::PortState;
use auscult_facts::service::ServiceFacts;
use auscult_facts::{Declared, Interrupted};
use auscult_model::{Impact, Pace, Transport};
use auscult_probe::service::{bound, recognise};

use bench_of::bench;
use subject_of::{declared, subject};

/// A server that does the same with every connection; it lives as long as the process.
struct Server {
    port: u16,
    /// Most connections that were open at once.
    most: Arc<AtomicU64>,
    heard: Arc<AtomicU64>,
}

fn serve(with: impl Fn(&mut TcpStream, &AtomicU64) + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (open, most, heard) =
        (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let server = Server { port, most: Arc::clone(&most), heard: Arc::clone(&heard) };
    let with = Arc::new(with);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(mut stream), with, open, most, heard) =
                (stream, Arc::clone(&with), Arc::clone(&open), Arc::clone(&most), Arc::clone(&heard))
            else {
                continue;
            };
            thread::spawn(move || {
                let now = open.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(now, Ordering::SeqCst);
                with(&mut stream, &heard);
                open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    server
}

/// Hears what comes until the other side closes.
fn drain(stream: &mut TcpStream, heard: &AtomicU64) {
    let mut rest = [0u8; 4096];
    while let Ok(count) = stream.read(&mut rest) {
        if count == 0 {
            break;
        }
        heard.fetch_add(count as u64, Ordering::SeqCst);
    }
}

fn greets(banner: &'static [u8]) -> Server {
    serve(move |stream, heard| {
        let _ = stream.write_all(banner);
        drain(stream, heard);
    })
}

/// Answers by what it hears first; `None` hangs up.
fn answers(with: impl Fn(&[u8]) -> Option<Vec<u8>> + Send + Sync + 'static) -> Server {
    serve(move |stream, heard| {
        let mut question = [0u8; 4096];
        while let Ok(count) = stream.read(&mut question) {
            if count == 0 {
                break;
            }
            heard.fetch_add(count as u64, Ordering::SeqCst);
            match with(&question[..count]) {
                Some(answer) => {
                    let _ = stream.write_all(&answer);
                }
                None => break,
            }
        }
    })
}

async fn ask(port: u16, says: Option<Declared>) -> ServiceFacts {
    ask_at(Impact::Safe, port, says).await
}

async fn ask_at(impact: Impact, port: u16, says: Option<Declared>) -> ServiceFacts {
    let known = says.is_some();
    let bench = bench(impact, Pace::Laboratory, known.then_some(port));
    let facts = recognise(&bench, &subject(port, says), PortState::Open, "abcd1234").await.unwrap();
    let (cost, bound) = (bench.cost(), bound(impact));
    assert!(cost.connections <= bound.connections && cost.packets <= bound.packets, "{cost:?} > {bound:?}");
    facts
}

fn protocol(facts: &ServiceFacts) -> &str {
    facts.protocol.as_deref().unwrap_or("unknown")
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_greet_are_known_by_their_greeting() {
    for (banner, word) in [
        (&b"SSH-2.0-OpenSSH_9.2p1\r\n"[..], "ssh"),
        (b"220 (vsFTPd 3.0.3)\r\n", "ftp"),
        (b"220 mail ESMTP\r\n", "smtp"),
        (b"\xff\xfd\x18\xff\xfd\x20", "telnet"),
        (b"RFB 003.008\n", "vnc"),
        (b"+OK ready\r\n", "pop3"),
    ] {
        let server = greets(banner);
        let facts = ask(server.port, None).await;
        assert_eq!((protocol(&facts), facts.tls, facts.by.as_deref()), (word, Some(false), Some("banner")));
        assert_eq!(server.heard.load(Ordering::SeqCst), 0, "{word} was told something");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_220_is_asked_which_of_the_two_it_is() {
    for (answer, word) in [(&b"250 hello\r\n"[..], "smtp"), (b"500 what\r\n", "ftp")] {
        let server = serve(move |stream, heard| {
            let _ = stream.write_all(b"220 ready\r\n");
            let mut line = [0u8; 512];
            while let Ok(count @ 1..) = stream.read(&mut line) {
                heard.fetch_add(count as u64, Ordering::SeqCst);
                let _ = stream.write_all(answer);
            }
        });
        let facts = ask(server.port, None).await;
        assert_eq!((protocol(&facts), facts.by.as_deref()), (word, Some("smtp-ehlo")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_wait_are_asked_one_connection_at_a_time() {
    let dicom = |q: &[u8]| match q[0] {
        1 => {
            let mut accept = vec![2, 0, 0, 0, 0, 68, 0, 1];
            accept.resize(74, 0);
            Some(accept)
        }
        5 => Some(vec![6, 0, 0, 0, 0, 4, 0, 0, 0, 0]),
        _ => None,
    };
    let mllp = |q: &[u8]| {
        Some(if q.ends_with(b"\x1c\r") {
            b"\x0bMSH|^~\\&|B|B|A|A|2027||ACK|1|P|2.5\rMSA|AR|1\r\x1c\r".to_vec()
        } else {
            Vec::new()
        })
    };
    let redis = |q: &[u8]| q.starts_with(b"PING").then(|| b"-NOAUTH Authentication required.\r\n".to_vec());
    let http = |q: &[u8]| {
        Some(if q.starts_with(b"GET") {
            b"HTTP/1.1 404 No\r\nServer: tiny/1\r\nContent-Length: 0\r\n\r\n".to_vec()
        } else {
            b"HTTP/1.0 400 Bad\r\n\r\n".to_vec()
        })
    };
    let mqtt = |q: &[u8]| (q[0] == 0x10).then(|| vec![0x20, 2, 0, 5]);
    let smux = |_: &[u8]| Some(vec![0x41, 1, 2, 0]);
    let postgresql = |q: &[u8]| (q.len() == 8).then(|| b"N".to_vec());
    let websocket = |q: &[u8]| {
        let upgrade = q.windows(18).any(|w| w == b"Upgrade: websocket");
        upgrade.then(|| b"HTTP/1.1 101 Go\r\nSec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Accept: U3L07T36CdveVT1VLwKHoMRonSg=\r\n\r\n".to_vec())
    };
    let servers = [
        ("dicom", answers(dicom)),
        ("hl7-mllp", answers(mllp)),
        ("redis", answers(redis)),
        ("http", answers(http)),
        ("mqtt", answers(mqtt)),
        ("smux", answers(smux)),
        ("postgresql", answers(postgresql)),
        ("mqtt-websocket", answers(websocket)),
    ];
    for (word, server) in &servers {
        let started = Instant::now();
        let facts = ask(server.port, None).await;
        assert_eq!((protocol(&facts), facts.tls), (*word, Some(false)), "{facts:?}");
        assert_eq!(server.most.load(Ordering::SeqCst), 1, "{word} had two connections at once");
        assert!(started.elapsed() < Duration::from_secs(7), "{word} took {:?}", started.elapsed());
    }
    // Declared, each is asked its own question first, and nothing else.
    for (word, server) in &servers {
        if *word == "smux" {
            continue;
        }
        let facts = ask(server.port, declared(word, false)).await;
        assert_eq!((protocol(&facts), facts.asked.len()), (*word, 1), "{facts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_http_answer_does_not_contradict_what_is_spoken_over_http() {
    let server = answers(|_| Some(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n".to_vec()));
    for word in ["fhir", "dicomweb", "hl7-http", "mqtt-websocket"] {
        let facts = ask(server.port, declared(word, false)).await;
        assert_eq!((protocol(&facts), facts.by.as_deref()), (word, Some("http-get")));
    }
    assert_eq!(protocol(&ask(server.port, declared("mqtt", false)).await), "http");
    assert_eq!(protocol(&ask(server.port, declared("acme-own", false)).await), "http");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_declared_over_http_is_shown_by_an_answer_of_its_own() {
    let fhir = answers(|asked| {
        let statement = "{\"fhirVersion\":\"4.0.1\",\n \"resourceType\": \"CapabilityStatement\"}";
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nConnection: close\r\n\r\n";
        let wanted = asked.starts_with(b"GET /fhir/metadata ");
        Some(if wanted {
            format!("{head}{statement}").into_bytes()
        } else {
            b"HTTP/1.1 404 No\r\n\r\n".to_vec()
        })
    });
    let facts = ask(fhir.port, declared("fhir", false)).await;
    assert_eq!((protocol(&facts), facts.by.as_deref()), ("fhir", Some("fhir-metadata")));
    // Nobody declares it, so nobody asks for it.
    let facts = ask(fhir.port, declared("http", false)).await;
    assert_eq!((protocol(&facts), facts.by.as_deref()), ("http", Some("http-get")));

    let hl7 = answers(|asked| {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/hl7-v2; charset=utf-8\r\nConnection: close\r\n\r\n";
        let message = "MSH|^~\\&|A|B|C|D|1||ACK|1|T|2.5\rMSA|AR|x\r";
        let wanted = asked.starts_with(b"POST / ") && asked.ends_with(b"\r");
        wanted.then(|| format!("{head}{message}").into_bytes())
    });
    let facts = ask(hl7.port, declared("hl7-over-http", false)).await;
    assert_eq!((protocol(&facts), facts.by.as_deref()), ("hl7-http", Some("hl7-http")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_touch_is_one_connection_and_says_nothing() {
    let silent = serve(drain);
    let facts = ask_at(Impact::Touch, silent.port, declared("http", false)).await;
    assert_eq!((facts.protocol.as_deref(), facts.tls, facts.asked.len()), (None, None, 1));
    assert_eq!(silent.heard.load(Ordering::SeqCst), 0);
    let ssh = greets(b"SSH-2.0-x\r\n");
    assert_eq!(protocol(&ask_at(Impact::Touch, ssh.port, declared("ssh", false)).await), "ssh");
    let web = answers(|_| Some(b"HTTP/1.1 400 Bad\r\n\r\n".to_vec()));
    let facts = ask_at(Impact::Touch, web.port, declared("http", true)).await;
    assert_eq!((protocol(&facts), facts.tls), ("http", Some(false)));

    let undeclared = bench(Impact::Touch, Pace::Laboratory, []);
    let refused = recognise(&undeclared, &subject(ssh.port, None), PortState::Open, "m").await;
    assert_eq!(refused, Err(Interrupted::NotAuthorised));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_ones_stay_unknown_and_end_by_the_deadline() {
    let silent = serve(drain);
    let echo = answers(|q| Some(q.to_vec()));
    let gone = serve(|_, _| {});
    let endless = serve(|stream, _| while stream.write_all(&[b'x'; 4096]).is_ok() {});
    let dribble = serve(|stream, _| {
        for letter in b"HTTP/1.1 200 OK and on and on".iter().cycle() {
            if stream.write_all(&[*letter]).is_err() {
                break;
            }
            thread::sleep(Duration::from_millis(700));
        }
    });
    let flood_tls = answers(|_| Some([22, 3, 3, 0x40, 0].iter().chain(&[2; 16_384]).copied().collect()));
    let rubbish = answers(|_| Some(b"\x01\x02\x03what?".to_vec()));
    let started = Instant::now();
    let (silent, echo, gone, endless, dribble, flood_tls, rubbish) = tokio::join!(
        ask(silent.port, None),
        ask(echo.port, None),
        ask(gone.port, None),
        ask(endless.port, None),
        ask(dribble.port, None),
        ask(flood_tls.port, None),
        ask(rubbish.port, None),
    );
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    assert_eq!((silent.protocol.as_deref(), silent.tls, silent.first_bytes.as_deref()), (None, None, None));
    assert_eq!((protocol(&echo), echo.tls), ("echo", Some(false)));
    assert!(gone.closes_at_once && gone.protocol.is_none() && gone.tls.is_none());
    assert!(gone.asked.len() <= 3, "it was hammered: {:?}", gone.asked);
    assert_eq!(endless.protocol, None);
    assert_eq!(endless.first_bytes.as_deref(), Some("78".repeat(64).as_str()));
    assert_ne!(dribble.tls, Some(true));
    assert_eq!((flood_tls.tls, flood_tls.protocol), (Some(true), None));
    assert_eq!((rubbish.protocol.as_deref(), rubbish.tls), (None, Some(false)));
    assert_eq!(rubbish.first_bytes.as_deref(), Some("010203776861743f"));
}

#[tokio::test]
async fn what_is_not_open_is_written_down_and_not_touched() {
    let bench = bench(Impact::Safe, Pace::Laboratory, [9]);
    for state in [PortState::Closed, PortState::Filtered] {
        let facts = recognise(&bench, &subject(9, None), state, "m").await.unwrap();
        assert_eq!(facts, ServiceFacts::at(state));
    }
    assert_eq!(bench.cost().connections, 0);
    let mut udp = subject(9, None);
    udp.service.as_mut().unwrap().transport = Transport::Udp;
    assert_eq!(recognise(&bench, &udp, PortState::Open, "m").await, Err(Interrupted::BeyondInstrument));
    bench.stop();
    assert_eq!(
        recognise(&bench, &subject(9, None), PortState::Open, "m").await,
        Err(Interrupted::SafetyStop)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_alone_does_not_show_that_anything_is_protected() {
    for alert in [40, 70, 71, 80] {
        let server = answers(move |_| Some(vec![21, 3, 3, 0, 2, 2, alert]));
        let facts = ask(server.port, declared("http", true)).await;
        assert!(facts.tls != Some(true) || facts.tls_unfinished, "alert {alert}: {facts:?}");
    }
}
