//! Clients that mean no good, or nothing: every act ends, and nothing but the declared device is answered.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use auscult_facts::Cost;
use auscult_facts::client::{Ended, FarEnd, Kept, Play, Reached, Stance};
use auscult_facts::replay::{Replayed, Sent};
use auscult_impostor::{
    Authority, AuthorityError, Bytes, Messages, Stage, Told, most_packets, most_replay_packets, play, replay,
};
use auscult_model::scenario::SetUp;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

fn pem() -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

fn authority() -> Authority {
    let (certificate, key) = pem();
    Authority::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap()
}

fn stage(octet: u8) -> Stage {
    Stage {
        far: "platform/broker".to_owned(),
        set_up: SetUp::Told,
        tls: true,
        firmware: false,
        names: vec!["platform.test".to_owned()],
        addresses: Vec::new(),
        listen: SocketAddr::from(([127, 93, octet, 1], 8883)),
        dns: None,
        ntp: None,
        device: Ipv4Addr::new(127, 93, octet, 10).into(),
        wait: Duration::from_millis(700),
    }
}

async fn connect(from: [u8; 4], to: SocketAddr) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    socket.connect(to).await.ok()
}

/// Plays everything to a client that writes these bytes again and again on each connection.
async fn played(octet: u8, again_and_again: &'static [u8]) -> (FarEnd, Cost) {
    let stage = stage(octet);
    let to = stage.listen;
    let client = tokio::spawn(async move {
        loop {
            if let Some(mut stream) = connect([127, 93, octet, 10], to).await {
                while !again_and_again.is_empty() && stream.write_all(again_and_again).await.is_ok() {}
                let _ = stream.read(&mut [0; 64]).await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let played = play(&stage, Some(&authority()), None, &(Arc::new(|_| {}) as _)).await;
    client.abort();
    assert!(played.1.packets <= most_packets(false, false), "{:?}", played.1);
    assert_eq!(played.1.connections, 0);
    played
}

#[tokio::test]
async fn nobody_comes() {
    let end = play(&stage(70), Some(&authority()), None, &(Arc::new(|_| {}) as _)).await.0;
    assert_eq!(end.acts.len(), 1, "nothing is played to nobody");
    assert!(end.acts[0].meetings.is_empty() && end.acts[0].waited_millis >= 700);
    assert_eq!(end.stance(Play::Proper), Stance::Away);
}

#[tokio::test]
async fn a_silent_client_is_not_waited_for_for_ever() {
    let (end, _) = played(71, b"").await;
    assert_eq!(end.acts.len(), 1);
    assert!(end.acts[0].meetings.iter().all(|m| (m.reached, m.ended) == (Reached::Tcp, Ended::TimeOver)));
    assert_eq!(end.proper(), None);
}

#[tokio::test]
async fn garbage_is_noise() {
    let (end, _) = played(72, b"\xff\xfe garbage \0\0\0").await;
    assert_eq!(end.acts.len(), 1);
    assert_eq!(end.acts[0].meetings.len(), 3);
    assert!(end.acts[0].meetings.iter().all(|m| m.reached == Reached::Noise), "{end:?}");
}

#[tokio::test]
async fn an_endless_hello_ends() {
    // Records of one byte each, of a hello that says it has 16 KiB.
    let (end, cost) = played(73, &[22, 3, 1, 0, 1, 1, 22, 3, 1, 0, 1, 0, 22, 3, 1, 0, 1, 0x40]).await;
    assert!(end.acts[0].meetings.iter().all(|m| m.reached == Reached::Noise), "{end:?}");
    assert!(cost.bytes_received <= 3 * (32 << 10), "{cost:?}");
}

#[tokio::test]
async fn endless_clear_text_ends() {
    let (end, cost) = played(74, b"POST / HTTP/1.1\r\nA: b\r\n").await;
    assert!(cost.bytes_received <= 3 * (32 << 10), "{cost:?}");
    assert!(end.acts[0].meetings.iter().all(|m| m.reached == Reached::InClear), "{end:?}");
    let (end, cost) = played(75, &[0x10, 0xff, 0xff, 0xff, 0x7f, 0, 4, b'M', b'Q', b'T', b'T', 4]).await;
    assert!(cost.bytes_received <= 3 * (32 << 10), "{cost:?}");
    assert!(end.acts[0].meetings.iter().all(|m| m.reached == Reached::InClear), "{end:?}");
    assert_eq!(end.acts.len(), 1, "who speaks no TLS shows nothing by the other acts");
}

#[tokio::test]
async fn a_stranger_is_not_answered() {
    let stage = stage(76);
    let to = stage.listen;
    let stranger = tokio::spawn(async move {
        loop {
            if let Some(mut stream) = connect([127, 93, 76, 11], to).await {
                let _ = stream.write_all(b"\x10\x0c\0\x04MQTT\x04\x02\0\0\0\0").await;
                let mut answer = Vec::new();
                let _ = stream.read_to_end(&mut answer).await;
                assert!(answer.is_empty(), "a stranger was answered");
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let (end, cost) = play(&stage, Some(&authority()), None, &(Arc::new(|_| {}) as _)).await;
    stranger.await.unwrap();
    assert_eq!((end.acts[0].strangers, end.acts[0].meetings.len()), (1, 0));
    assert_eq!(cost, Cost::default());
}

#[tokio::test]
async fn what_cannot_be_played_is_told() {
    let taken = tokio::net::TcpListener::bind("127.93.77.1:8883").await.unwrap();
    let end = play(&stage(77), Some(&authority()), None, &(Arc::new(|_| {}) as _)).await.0;
    assert_eq!((end.kept, end.acts.len()), (Some(Kept::CannotListen), 0));
    drop(taken);
    let foreign = Stage { listen: "192.0.2.1:8883".parse().unwrap(), ..stage(77) };
    let end = play(&foreign, Some(&authority()), None, &(Arc::new(|_| {}) as _)).await.0;
    assert_eq!(end.kept, Some(Kept::CannotListen));
    let end = play(&stage(77), None, None, &(Arc::new(|_| {}) as _)).await.0;
    assert_eq!(end.kept, Some(Kept::AuthorityUnusable));
}

#[test]
fn an_authority_has_to_be_a_pair() {
    let (certificate, key) = pem();
    let (_, other) = pem();
    let of = |certificate: &str, key: &str| Authority::from_pem(certificate.as_bytes(), key.as_bytes()).err();
    assert_eq!(of(&certificate, &key), None);
    assert_eq!(of(&certificate, &other), Some(AuthorityError::NotAPair));
    assert_eq!(of(&key, &key), Some(AuthorityError::Certificate));
    assert_eq!(of(&certificate, &certificate), Some(AuthorityError::Key));
}

/// Sends messages to a client that writes these bytes again and again on each connection, in clear.
async fn replayed(octet: u8, again_and_again: &'static [u8], state: Told) -> (Replayed, Vec<Sent>, Cost) {
    let stage = Stage { tls: false, ..stage(octet) };
    let to = stage.listen;
    let client = tokio::spawn(async move {
        loop {
            if let Some(mut stream) = connect([127, 93, octet, 10], to).await {
                while !again_and_again.is_empty() && stream.write_all(again_and_again).await.is_ok() {}
                let _ = stream.read(&mut [0; 64]).await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let bodies = [&b"1"[..], b"2", b"3"].map(Bytes::from_static);
    let messages = Messages { at: "a".to_owned(), bodies };
    let settle = Duration::from_millis(300);
    let tell = Arc::new(|_| {}) as _;
    let authority = authority();
    let (facts, cost) = replay(&stage, Some(&authority), &messages, settle, None, &state, &tell).await;
    client.abort();
    assert!(cost.packets <= most_replay_packets(), "{cost:?}");
    (facts.replayed(), facts.turns.iter().map(|t| t.sent).collect(), cost)
}

#[tokio::test]
async fn who_never_asks_for_messages_is_sent_none() {
    let always: Told = Arc::new(|| Box::pin(async { Some("the same".to_owned()) }));
    let never: Told = Arc::new(|| Box::pin(async { None }));
    for (octet, bytes) in [
        (210, &b""[..]),
        (211, b"\xff\xfe garbage \0\0\0"),
        (212, b"POST / HTTP/1.1\r\nA: b\r\n"),
        (213, &[0x10, 0xff, 0xff, 0xff, 0x7f, 0, 4, b'M', b'Q', b'T', b'T', 4]),
    ] {
        let (became, sent, _) = replayed(octet, bytes, Arc::clone(&always)).await;
        assert_eq!((became, sent), (Replayed::NotFetched(Sent::First), vec![Sent::First]), "{bytes:?}");
    }
    // A CONNECT and a SUBSCRIBE to `a`, over and over: the message is handed over, and nobody tells what it did.
    let asks = b"\x10\x0d\0\x04MQTT\x04\x02\0\x05\0\x01x\x82\x06\0\x01\0\x01a\0";
    let (became, sent, cost) = replayed(214, asks, never).await;
    assert_eq!((became, sent), (Replayed::Untold(Sent::First), vec![Sent::First]), "{cost:?}");
    let (became, _, _) = replayed(215, asks, always).await;
    assert_eq!(became, Replayed::NotTaken(Sent::First));
}
