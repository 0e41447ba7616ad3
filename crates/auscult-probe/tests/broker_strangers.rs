//! The observers of brokers and industrial servers against scripted peers: what Debian has no program for.

mod clinic;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use auscult_facts::broker::BrokerFacts;
use auscult_facts::entry::Entry;
use auscult_facts::industrial::IndustrialFacts;
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_model::Impact;
use auscult_probe::broker::Broker;
use auscult_probe::industrial::Industrial;
use clinic::{Hostile, hostile, look_patiently, serve, subject};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PATIENCE: Duration = Duration::from_millis(400);

async fn broker(protocol: &str, port: u16, impact: Impact) -> Result<BrokerFacts, Interrupted> {
    look_patiently::<Broker>(&subject(protocol, port, false, None), impact, PATIENCE).await
}

async fn industrial(protocol: &str, port: u16) -> Result<IndustrialFacts, Interrupted> {
    look_patiently::<Industrial>(&subject(protocol, port, false, None), Impact::Intrusive, PATIENCE).await
}

fn sized(body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], body].concat()
}

fn frame(method: u16, arguments: &[u8]) -> Vec<u8> {
    let payload = [&[0, 10][..], &method.to_be_bytes(), arguments].concat();
    [&[1, 0, 0][..], &sized(&payload), &[0xce]].concat()
}

/// A broker of AMQP with these ways of login, that lets in whose login holds this; notes the logins.
async fn amqp(mechanisms: &'static str, accepts: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let logins: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = Arc::clone(&logins);
    let port = serve(move |mut stream| {
        let notes = Arc::clone(&notes);
        async move {
            let mut question = [0u8; 1024];
            let read = stream.read(&mut question).await.unwrap_or(0);
            assert_eq!(&question[..read], b"AMQP\0\0\x09\x01");
            let start =
                [&[0u8, 9][..], &sized(b""), &sized(mechanisms.as_bytes()), &sized(b"en_US")].concat();
            let _ = stream.write_all(&frame(10, &start)).await;
            let Ok(read @ 1..) = stream.read(&mut question).await else { return };
            let login = String::from_utf8_lossy(&question[..read]).into_owned();
            let lets_in = login.contains(accepts);
            notes.lock().unwrap().push(login);
            let answer = if lets_in { frame(30, &[0; 8]) } else { frame(50, &[1, 0x93, 0, 0, 0, 0, 0]) };
            let _ = stream.write_all(&answer).await;
            let _ = stream.read(&mut question).await;
        }
    })
    .await;
    (port, logins)
}

#[tokio::test]
async fn an_anonymous_session_of_amqp_is_seen() {
    let (port, _) = amqp("PLAIN ANONYMOUS", "ANONYMOUS").await;
    let facts = broker("amqp", port, Impact::Safe).await.unwrap();
    assert_eq!(facts.in_clear, Answer::Seen(Entry::Open));
    assert_eq!(facts.accounts, Answer::NotAsked(NotAsked::Impact));
    // Offered, and then refused.
    let (port, _) = amqp("PLAIN ANONYMOUS", "nobody").await;
    let facts = broker("amqp", port, Impact::Safe).await.unwrap();
    assert_eq!(facts.in_clear, Answer::Seen(Entry::LoginDemanded));
}

#[tokio::test]
async fn guest_is_tried_once_and_only_at_intrusive() {
    let (port, logins) = amqp("AMQPLAIN PLAIN", "\0guest\0guest").await;
    let facts = broker("amqp", port, Impact::Safe).await.unwrap();
    assert_eq!(facts.in_clear, Answer::Seen(Entry::LoginDemanded));
    assert_eq!(facts.ways().serves_in_clear(), Answer::Seen(true));
    assert!(logins.lock().unwrap().is_empty(), "no login at safe");
    let facts = broker("amqp", port, Impact::Intrusive).await.unwrap();
    assert_eq!(facts.accounts.seen().unwrap().accepted.as_deref(), Some("guest"));
    let of_guest = logins.lock().unwrap().iter().filter(|l| l.contains("\0guest\0")).count();
    assert!(of_guest <= 3, "{of_guest} tries for one account");
    let (port, _) = amqp("PLAIN", "nobody").await;
    let facts = broker("amqp", port, Impact::Intrusive).await.unwrap();
    assert_eq!(facts.accounts.seen().unwrap().accepted, None);
    let (port, _) = amqp("PLAIN", "PLAIN").await;
    let facts = broker("amqp", port, Impact::Intrusive).await.unwrap();
    assert!(facts.accounts.seen().unwrap().accepts_any_password);
}

#[tokio::test]
async fn another_version_of_amqp_is_beyond_us() {
    let port = hostile(Hostile::Says(b"AMQP\x03\x01\0\0")).await;
    assert_eq!(broker("amqp", port, Impact::Safe).await, Err(Interrupted::BeyondInstrument));
}

/// A server that gives each question the next answer, and notes what it was asked.
async fn scripted(greeting: &'static [u8], answers: Vec<Vec<u8>>) -> u16 {
    serve(move |mut stream| {
        let answers = answers.clone();
        async move {
            let _ = stream.write_all(greeting).await;
            let mut question = [0u8; 2048];
            for answer in answers {
                if !stream.read(&mut question).await.is_ok_and(|n| n > 0) {
                    return;
                }
                let _ = stream.write_all(&answer).await;
            }
            while stream.read(&mut question).await.is_ok_and(|n| n > 0) {}
        }
    })
    .await
}

#[tokio::test]
async fn a_nats_is_told_by_what_it_does_and_not_by_what_it_says() {
    const LIES: &[u8] = b"INFO {\"server_id\":\"x\",\"auth_required\":false}\r\n";
    let port = scripted(LIES, vec![b"-ERR 'Authorization Violation'\r\n".to_vec()]).await;
    let facts = broker("nats", port, Impact::Safe).await.unwrap();
    assert_eq!(facts.in_clear, Answer::Seen(Entry::LoginDemanded));
    let port = scripted(LIES, vec![b"PONG\r\n".to_vec()]).await;
    let facts = broker("nats", port, Impact::Safe).await.unwrap();
    assert_eq!(facts.in_clear, Answer::Seen(Entry::Open));
    assert_eq!(facts.offers_tls, Answer::Seen(false));
}

#[tokio::test]
async fn a_modbus_without_identification_is_asked_for_a_register() {
    let exception = |t: u8| vec![0, t, 0, 0, 0, 3, 255, 0xab, 1];
    let register = vec![0, 3, 0, 0, 0, 5, 1, 3, 2, 0, 42];
    let port = scripted(b"", vec![exception(1), exception(2), register]).await;
    assert_eq!(industrial("modbus", port).await.unwrap().in_clear, Answer::Seen(Entry::Open));
    // It has nothing of what was asked for: that shows nothing.
    let none = vec![0, 3, 0, 0, 0, 3, 1, 0x83, 2];
    let port = scripted(b"", vec![exception(1), exception(2), none]).await;
    let facts = industrial("modbus", port).await.unwrap();
    assert_eq!(facts.in_clear, Answer::Seen(Entry::Unclear));
    assert_eq!(facts.ways().admits_strangers(), Answer::NotAsked(NotAsked::NoOccasion));
}

/// What OPC UA answers: acknowledgement, a channel, and endpoints of these modes and tokens.
fn opcua(endpoints: &[(u32, u32)]) -> Vec<Vec<u8>> {
    let number = |n: u32| n.to_le_bytes().to_vec();
    let text = |t: &str| [&number(u32::try_from(t.len()).unwrap())[..], t.as_bytes()].concat();
    let none = || vec![0xff; 4];
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        [&kind[..], &number(u32::try_from(body.len() + 8).unwrap()), body].concat()
    };
    let response = |id: u16| [&[1, 0][..], &id.to_le_bytes(), &[0; 16], &[0], &none(), &[0; 3]].concat();
    let acknowledge = chunk(b"ACKF", &[0; 20]);
    let opened = [
        number(7),
        text("http://opcfoundation.org/UA/SecurityPolicy#None"),
        none(),
        none(),
        vec![0; 8],
        response(449),
        number(0),
        number(7),
        number(9),
        vec![0; 8],
        number(60_000),
        none(),
    ];
    let mut list = [vec![0; 16], response(431), number(u32::try_from(endpoints.len()).unwrap())].concat();
    for (mode, token) in endpoints {
        let one = [
            text("opc.tcp://pump:4840"),
            text("urn:pump"),
            none(),
            vec![0],
            number(0),
            none(),
            none(),
            none(),
            none(),
            number(*mode),
            text("policy"),
            number(1),
            text("p"),
            number(*token),
            none(),
            none(),
            none(),
            text("t"),
            vec![0],
        ];
        list.extend(one.concat());
    }
    // The list comes in two parts.
    let (first, rest) = list.split_at(list.len() / 2);
    let parts = [chunk(b"MSGC", first), chunk(b"MSGF", &[&[0; 16][..], rest].concat())].concat();
    vec![acknowledge, chunk(b"OPNF", &opened.concat()), parts]
}

#[tokio::test]
async fn endpoints_of_opcua_are_counted() {
    let port = scripted(b"", opcua(&[(1, 0), (2, 1), (3, 1)])).await;
    let facts = industrial("opcua", port).await.unwrap();
    let seen = *facts.endpoints.seen().unwrap();
    assert_eq!((seen.all, seen.none, seen.sign, seen.encrypt, seen.anonymous), (3, 1, 1, 1, 1));
    assert_eq!(facts.ways().admits_strangers(), Answer::Seen(true));
    let port = scripted(b"", opcua(&[(3, 1), (3, 2)])).await;
    let facts = industrial("opcua", port).await.unwrap();
    assert_eq!(facts.ways().admits_strangers(), Answer::Seen(false));
    // No endpoint at all is no answer.
    let port = scripted(b"", opcua(&[])).await;
    assert_eq!(industrial("opcua", port).await, Err(Interrupted::NotUnderstood));
}

#[tokio::test]
async fn hostile_peers_interrupt_and_prove_nothing() {
    for how in [
        Hostile::Silent,
        Hostile::Closes,
        Hostile::ReadsAndCloses,
        Hostile::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        Hostile::Says(b"\xff\xff\xff\xff\xff\xff\xff\xff"),
        Hostile::Dribbles(b"INFO {\"server_id\":"),
        Hostile::Floods(b"ACKF\x08\0\0\0", b"MSGC\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    ] {
        let port = hostile(how).await;
        for protocol in ["amqp", "nats"] {
            let seen = broker(protocol, port, Impact::Intrusive).await;
            let proven = seen.as_ref().is_ok_and(|f| f.ways().admits_strangers().seen().is_some());
            assert!(!proven, "{protocol} {how:?}: {seen:?}");
        }
        for protocol in ["modbus", "opcua"] {
            let seen = industrial(protocol, port).await;
            let proven = seen.as_ref().is_ok_and(|f| f.ways().admits_strangers().seen().is_some());
            assert!(!proven, "{protocol} {how:?}: {seen:?}");
        }
    }
}
