//! The MQTT observer against peers that are silent, slow, endless or lying.

mod clinic;

use std::time::{Duration, Instant};

use auscult_facts::{Answer, Interrupted};
use auscult_model::Impact;
use auscult_probe::mqtt::Mqtt;
use clinic::{Hostile, hostile, look_patiently, serve, subject};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PATIENCE: Duration = Duration::from_millis(400);

async fn meet(how: Hostile) -> Interrupted {
    let port = hostile(how).await;
    let begun = Instant::now();
    let seen = look_patiently::<Mqtt>(&subject("mqtt", port, false, None), Impact::Intrusive, PATIENCE).await;
    assert!(begun.elapsed() < Duration::from_secs(4), "{how:?} took {:?}", begun.elapsed());
    seen.expect_err("nothing was to be seen")
}

#[tokio::test]
async fn hostile_peers_interrupt_and_prove_nothing() {
    for (how, why) in [
        (Hostile::Silent, Interrupted::TimedOut),
        (Hostile::Closes, Interrupted::AccessRefused),
        (Hostile::ReadsAndCloses, Interrupted::AccessRefused),
        // A PUBLISH before any CONNACK, a packet of 256 MB, one whose length never ends, another protocol.
        (Hostile::Says(b"\x30\x05\0\x01ahi"), Interrupted::NotUnderstood),
        (Hostile::Says(b"\x20\xff\xff\xff\x7f\0\0"), Interrupted::NotUnderstood),
        (Hostile::Says(b"\x20\xff\xff\xff\xff\xff\xff"), Interrupted::NotUnderstood),
        (Hostile::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Interrupted::NotUnderstood),
        (Hostile::Says(b"\x20\x02\0"), Interrupted::TimedOut),
        (Hostile::Dribbles(b"\x20\xff\x01\0\0\0\0\0\0\0"), Interrupted::TimedOut),
    ] {
        assert_eq!(meet(how).await, why, "{how:?}");
    }
}

#[tokio::test]
async fn a_web_server_that_does_not_go_over_to_mqtt_proves_nothing() {
    const UPGRADE: &[u8] =
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    for (how, why) in [
        (Hostile::Silent, Interrupted::TimedOut),
        (Hostile::Closes, Interrupted::AccessRefused),
        (Hostile::Says(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), Interrupted::NotUnderstood),
        (Hostile::Says(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"), Interrupted::AccessRefused),
        // The proof that it understood our key is another's.
        (
            Hostile::Says(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                  Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
            ),
            Interrupted::NotUnderstood,
        ),
        (Hostile::Says(b"\x20\x02\0\0"), Interrupted::NotUnderstood),
    ] {
        let port = hostile(how).await;
        let subject = subject("mqtt-websocket", port, false, None);
        let seen = look_patiently::<Mqtt>(&subject, Impact::Intrusive, PATIENCE).await;
        assert_eq!(seen.expect_err("nothing was to be seen"), why, "{how:?}");
    }
    for how in [Hostile::Dribbles(UPGRADE), Hostile::Floods(UPGRADE, b"X-More: 1\r\n")] {
        let port = hostile(how).await;
        let subject = subject("mqtt-websocket", port, false, None);
        assert!(look_patiently::<Mqtt>(&subject, Impact::Intrusive, PATIENCE).await.is_err(), "{how:?}");
    }
}

#[tokio::test]
async fn a_session_that_floods_is_cut_and_its_grant_proves_nothing() {
    // CONNACK, SUBACK, and then messages without end on a topic nobody subscribed to.
    let flood = Hostile::Floods(b"\x20\x02\0\0\x90\x03\0\x01\0\x90\x03\0\x01\0", b"\x30\x05\0\x01ahi");
    let port = hostile(flood).await;
    let begun = Instant::now();
    let subject = subject("mqtt", port, false, None);
    let facts = look_patiently::<Mqtt>(&subject, Impact::Safe, PATIENCE).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(6));
    assert!(facts.heard.seen().is_none_or(|h| h.cut && h.messages <= 500), "{facts:?}");
}

#[tokio::test]
async fn a_session_that_falls_silent_after_connack_answers_nothing_more() {
    let port = hostile(Hostile::Says(b"\x20\x02\0\0")).await;
    let subject = subject("mqtt", port, false, None);
    let facts = look_patiently::<Mqtt>(&subject, Impact::Safe, PATIENCE).await.unwrap();
    assert_eq!(facts.wildcard, Answer::Interrupted(Interrupted::TimedOut));
    assert!(facts.heard.seen().is_none());
}

#[tokio::test]
async fn a_broker_that_is_busy_has_not_refused_strangers() {
    let port = serve(|mut stream| async move {
        let mut question = [0u8; 256];
        let read = stream.read(&mut question).await.unwrap_or(0);
        // The protocol level stands at offset 8 of a short CONNECT.
        let five = question[..read].get(8) == Some(&5);
        let answer: &[u8] = if five { b"\x20\x03\0\x89\0" } else { b"\x20\x02\0\x03" };
        let _ = stream.write_all(answer).await;
    })
    .await;
    let subject = subject("mqtt", port, false, None);
    let facts = look_patiently::<Mqtt>(&subject, Impact::Safe, PATIENCE).await.unwrap();
    assert_eq!(facts.admits_strangers().seen(), None, "{facts:?}");
    assert_eq!(facts.refusals(), ["3.1.1: 0x03", "5: 0x89"]);
}
