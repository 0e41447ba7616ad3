//! The observer of data stores against scripted ones: MongoDB, which Debian does not have, and peers that lie.

mod clinic;

use std::time::{Duration, Instant};

use auscult_facts::store::{Entry, StoreFacts};
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_model::Impact;
use auscult_probe::store::Store;
use clinic::{Hostile, hostile, look_patiently, serve, subject};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PATIENCE: Duration = Duration::from_millis(400);

async fn look(protocol: &str, port: u16, impact: Impact) -> Result<StoreFacts, Interrupted> {
    look_patiently::<Store>(&subject(protocol, port, false, None), impact, PATIENCE).await
}

/// A peer that says something at first, and then to each question the next answer.
async fn scripted(greeting: &'static [u8], answers: &'static [&'static [u8]]) -> u16 {
    serve(move |mut stream| async move {
        let _ = stream.write_all(greeting).await;
        let mut question = [0u8; 1024];
        for answer in answers {
            if !stream.read(&mut question).await.is_ok_and(|n| n > 0) {
                return;
            }
            let _ = stream.write_all(answer).await;
        }
        while stream.read(&mut question).await.is_ok_and(|n| n > 0) {}
    })
    .await
}

/// A MongoDB of a version of the wire protocol that answers `listDatabases` with a document.
async fn mongodb(wire: i32, list: Vec<u8>) -> u16 {
    serve(move |mut stream| {
        let list = list.clone();
        async move {
            let mut question = [0u8; 1024];
            loop {
                let Ok(read @ 16..) = stream.read(&mut question).await else { return };
                let asked = &question[..read];
                let says = |word: &[u8]| asked.windows(word.len()).any(|w| w == word);
                let answer = if says(b"isMaster") {
                    let mut all = b"\x10maxWireVersion\0".to_vec();
                    all.extend(wire.to_le_bytes());
                    all.extend(OK);
                    document(&all)
                } else {
                    assert_eq!(asked[12..16] == 2013u32.to_le_bytes(), wire >= 6, "asked in its own form");
                    document(&list)
                };
                let in_op_msg = asked[12..16] == 2013u32.to_le_bytes();
                let (kind, head) = if in_op_msg { (2013u32, 5) } else { (1, 20) };
                let mut reply = vec![0u8; head];
                reply.extend(&answer);
                let length = u32::try_from(reply.len() + 16).unwrap();
                let mut whole = length.to_le_bytes().to_vec();
                whole.extend([0; 4]);
                whole.extend(&asked[4..8]);
                whole.extend(kind.to_le_bytes());
                whole.extend(reply);
                let _ = stream.write_all(&whole).await;
            }
        }
    })
    .await
}

const OK: &[u8] = b"\x01ok\0\0\0\0\0\0\0\xf0\x3f";

fn document(elements: &[u8]) -> Vec<u8> {
    let length = u32::try_from(elements.len() + 5).unwrap();
    [&length.to_le_bytes()[..], elements, &[0]].concat()
}

fn databases() -> Vec<u8> {
    let one = document(b"\x02name\0\x07\0\0\0vitals\0");
    let list = document(&[&b"\x030\0"[..], &one, b"\x031\0", &one].concat());
    [&b"\x04databases\0"[..], &list, OK].concat()
}

#[tokio::test]
async fn an_open_mongodb_tells_how_many_databases_it_has() {
    for wire in [5, 6, 21] {
        let port = mongodb(wire, databases()).await;
        let facts = look("mongodb", port, Impact::Safe).await.unwrap();
        assert_eq!(facts.in_clear, Answer::Seen(Entry::Open));
        assert_eq!(facts.databases, Answer::Seen(2));
        assert_eq!(facts.admits_strangers(), Answer::Seen(true));
        let told = serde_json::to_string(&facts).unwrap();
        assert!(!told.contains("vitals"), "names are forgotten: {told}");
    }
}

#[tokio::test]
async fn a_mongodb_that_demands_a_login_refuses() {
    let refusal = b"\x01ok\0\0\0\0\0\0\0\0\0\x10code\0\x0d\0\0\0".to_vec();
    let port = mongodb(21, refusal).await;
    let facts = look("mongodb", port, Impact::Safe).await.unwrap();
    assert_eq!(facts.in_clear, Answer::Seen(Entry::LoginDemanded));
    assert_eq!(facts.admits_strangers(), Answer::Seen(false));
    assert_eq!(facts.serves_in_clear(), Answer::Seen(true));
    // Another error is no refusal of strangers.
    let port = mongodb(21, b"\x01ok\0\0\0\0\0\0\0\0\0\x10code\0\x3b\0\0\0".to_vec()).await;
    let facts = look("mongodb", port, Impact::Safe).await.unwrap();
    assert_eq!(facts.admits_strangers(), Answer::NotAsked(NotAsked::NoOccasion));
}

#[tokio::test]
async fn a_redis_of_another_configuration_is_understood() {
    const UNKNOWN: &[u8] = b"-ERR unknown command `INFO`\r\n";
    const CASES: [(&[&[u8]], Entry); 5] = [
        (&[UNKNOWN, b":7\r\n"], Entry::Open),
        (&[UNKNOWN, b"-NOAUTH Authentication required.\r\n"], Entry::LoginDemanded),
        (&[UNKNOWN, b"-ERR unknown command `DBSIZE`\r\n"], Entry::Unclear),
        (&[b"-DENIED Redis is running in protected mode\r\n"], Entry::Refused),
        (&[b"-NOPERM this user has no permissions\r\n"], Entry::Refused),
    ];
    for (answers, entry) in CASES {
        let port = scripted(b"", answers).await;
        let facts = look("redis", port, Impact::Safe).await.unwrap();
        assert_eq!(facts.in_clear, Answer::Seen(entry), "{answers:?}");
    }
}

#[tokio::test]
async fn a_memcached_that_speaks_binary_alone_is_asked_so() {
    const DENIED: &[u8] = b"\x81\x10\0\0\0\0\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let port = serve(|mut stream| async move {
        let mut question = [0u8; 64];
        let read = stream.read(&mut question).await.unwrap_or(0);
        if question[..read].first() == Some(&0x80) {
            let _ = stream.write_all(DENIED).await;
        }
    })
    .await;
    let facts = look("memcached", port, Impact::Safe).await.unwrap();
    assert_eq!(facts.in_clear, Answer::Seen(Entry::LoginDemanded));
}

#[tokio::test]
async fn a_postgresql_that_lets_in_and_then_knows_no_such_account_is_unclear() {
    let port = scripted(b"", &[b"N", b"R\0\0\0\x08\0\0\0\0E\0\0\0\x13SFATAL\0C28000\0\0"]).await;
    let facts = look("postgresql", port, Impact::Safe).await.unwrap();
    assert_eq!(facts.offers_tls, Answer::Seen(false));
    assert_eq!(facts.in_clear, Answer::Seen(Entry::Unclear));
    assert_eq!(facts.admits_strangers(), Answer::NotAsked(NotAsked::NoOccasion));
}

#[tokio::test]
async fn bytes_behind_the_offer_of_tls_are_no_answer() {
    let port = scripted(b"", &[b"NR\0\0\0\x08\0\0\0\0"]).await;
    assert_eq!(look("postgresql", port, Impact::Safe).await, Err(Interrupted::NotUnderstood));
}

#[tokio::test]
async fn mysql_is_not_logged_in_to_below_intrusive() {
    const GREETING: &[u8] =
        b"\x29\0\0\0\x0a8.0.36\0\x01\0\0\0abcdefgh\0\0\x82\x21\x02\0\x08\0\x15\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let port = scripted(GREETING, &[b"\x07\0\0\x02\0\0\0\x02\0\0\0"]).await;
    let facts = look("mysql", port, Impact::Safe).await.unwrap();
    assert_eq!(facts.in_clear, Answer::NotAsked(NotAsked::Impact));
    assert_eq!(facts.offers_tls, Answer::Seen(false));
    assert_eq!(facts.serves_in_clear(), Answer::Seen(true));
    let facts = look("mysql", port, Impact::Intrusive).await.unwrap();
    assert_eq!(facts.in_clear, Answer::Seen(Entry::Open));
}

#[tokio::test]
async fn hostile_peers_interrupt_and_prove_nothing() {
    for protocol in ["redis", "memcached", "mongodb", "postgresql", "mysql"] {
        for how in [
            Hostile::Silent,
            Hostile::Closes,
            Hostile::ReadsAndCloses,
            Hostile::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            Hostile::Says(b"\xff\xff\xff\xff\xff\xff\xff\xff"),
            Hostile::Dribbles(b"STAT a b\r\n"),
            Hostile::Floods(b"$9999\r\n", b"STAT a b\r\n"),
        ] {
            let port = hostile(how).await;
            let begun = Instant::now();
            let seen = look(protocol, port, Impact::Intrusive).await;
            assert!(begun.elapsed() < Duration::from_secs(4), "{protocol} {how:?}: {:?}", begun.elapsed());
            let proven = seen.as_ref().is_ok_and(|f| f.admits_strangers().seen().is_some());
            assert!(!proven, "{protocol} {how:?}: {seen:?}");
        }
    }
}
