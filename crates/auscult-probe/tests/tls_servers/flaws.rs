//! The observer of known flaws against servers by OpenSSL, sound ones and ones behind a front that has the flaws.

use std::net::SocketAddr;

use auscult_facts::tls_flaws::{Heartbeat, RsaAnswers, Ticket, TlsFlawsFacts};
use auscult_facts::{Answer, Interrupted};
use auscult_model::{Impact, Pace};
use auscult_probe::tls::TlsFlaws;
use auscult_probe::{Depth, Limits, Observer};
use tokio::io::AsyncWriteExt;

use crate::front::{Flaws, Heart, Tell, front};
use crate::support::{
    LOCALHOST, Server, Shop, alert, bench, errand, hear_hello, record, scripted, server_hello, subject,
};

/// One look; fails when it takes more than the observer announced.
async fn look(port: u16) -> Result<TlsFlawsFacts, Interrupted> {
    // What a server does not say tells as much as what it says, so that it is waited for as long as in the field.
    let bench = bench(port, Impact::Intrusive, Limits::of(Pace::Laboratory));
    let seen = TlsFlaws::look(&bench, &subject(port, None), &errand(Depth::Verdict, Vec::new())).await;
    let (cost, bound) = (bench.cost(), TlsFlaws::bound(Depth::Verdict, Impact::Intrusive));
    assert!(cost.connections <= bound.connections, "{} connections", cost.connections);
    assert!(cost.packets <= bound.packets, "{} packets, bound {}", cost.packets, bound.packets);
    seen
}

const RSA: &str = "-cert @a.crt -key @a.key -tls1_2 -cipher AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";

fn server() -> (Shop, Server) {
    let shop = Shop::new();
    shop.certificate("a", "rsa:2048", "");
    let server = shop.serve(RSA);
    (shop, server)
}

async fn behind(flaws: impl FnOnce(&Shop) -> Flaws) -> TlsFlawsFacts {
    let (shop, server) = server();
    let flaws = flaws(&shop);
    let at = front(SocketAddr::from((LOCALHOST, 0)), SocketAddr::from((LOCALHOST, server.port)), flaws);
    look(at.port()).await.expect("it can be looked at")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_today_has_none() {
    let (_shop, server) = server();
    let facts = look(server.port).await.unwrap();
    assert_eq!(facts.old_version, Answer::Seen(true));
    assert_eq!(facts.heartbeat, Answer::Seen(Heartbeat::NotOffered));
    assert_eq!(facts.early_change, Answer::Seen(false));
    assert_eq!(facts.rsa, Answer::Seen(RsaAnswers::Alike));
    assert_eq!(facts.ticket, Answer::Seen(Ticket::Echoed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_without_flaws_adds_none() {
    let facts = behind(|_| Flaws::default()).await;
    assert_eq!(facts.heartbeat, Answer::Seen(Heartbeat::NotOffered));
    assert_eq!(facts.early_change, Answer::Seen(false));
    assert_eq!(facts.rsa, Answer::Seen(RsaAnswers::Alike));
    assert_eq!(facts.ticket, Answer::Seen(Ticket::Echoed));
}

#[tokio::test(flavor = "multi_thread")]
async fn older_versions_and_cbc_are_alike_too() {
    let shop = Shop::new();
    shop.certificate("a", "rsa:2048", "");
    for (version, cipher) in
        [("-tls1", "AES128-SHA"), ("-tls1_1", "AES256-SHA"), ("-tls1_2", "AES128-SHA256")]
    {
        let server = shop.serve(&format!("-cert @a.crt -key @a.key {version} -cipher {cipher}:@SECLEVEL=0"));
        let facts = look(server.port).await.unwrap();
        assert_eq!(facts.heartbeat, Answer::Seen(Heartbeat::NotOffered), "{version}");
        assert_eq!(facts.early_change, Answer::Seen(false), "{version}");
        assert_eq!(facts.rsa, Answer::Seen(RsaAnswers::Alike), "{version}");
        // The handshake to its end speaks neither these versions nor RSA.
        assert_eq!(facts.ticket, Answer::Interrupted(Interrupted::BeyondInstrument), "{version}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_has_no_flaw() {
    let shop = Shop::new();
    shop.certificate("a", "ec -pkeyopt ec_paramgen_curve:prime256v1", "");
    let new = shop.serve("-cert @a.crt -key @a.key -tls1_3");
    assert_eq!(look(new.port).await.unwrap().old_version, Answer::Seen(false));
    let plain = shop.serve("-cert @a.crt -key @a.key -no_ticket");
    let facts = look(plain.port).await.unwrap();
    assert_eq!(facts.rsa, Answer::Seen(RsaAnswers::NoRsa));
    assert_eq!(facts.ticket, Answer::Seen(Ticket::None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_demands_a_certificate_stays_undecided_where_it_must() {
    let (shop, _) = server();
    let server = shop.serve(&format!("{RSA} -Verify 1 -verify_return_error -CAfile @a.crt"));
    let facts = look(server.port).await.unwrap();
    assert_eq!(facts.heartbeat, Answer::Seen(Heartbeat::NotOffered));
    assert_eq!(facts.early_change, Answer::Seen(false));
    assert_eq!(facts.rsa, Answer::Interrupted(Interrupted::BeyondInstrument));
    assert_eq!(facts.ticket, Answer::Interrupted(Interrupted::BeyondInstrument));
}

#[tokio::test(flavor = "multi_thread")]
async fn heartbeats() {
    for (heart, told) in [
        (Heart::Believes, Heartbeat::LengthIgnored),
        (Heart::CountsPaddingAsPayload, Heartbeat::PaddingIgnored),
        (Heart::Sound, Heartbeat::LengthChecked),
        (Heart::Mute, Heartbeat::Unanswered),
    ] {
        let facts = behind(|_| Flaws { heartbeat: Some(heart), ..Flaws::default() }).await;
        assert_eq!(facts.heartbeat, Answer::Seen(told), "{heart:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_before_there_are_keys_and_session_ids_that_grow() {
    let facts = behind(|_| Flaws { early: true, session: true, ..Flaws::default() }).await;
    assert_eq!(facts.early_change, Answer::Seen(true));
    assert_eq!(facts.ticket, Answer::Seen(Ticket::Longer));
    assert_eq!(facts.heartbeat, Answer::Seen(Heartbeat::NotOffered));
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_that_are_told() {
    for (tell, told) in [
        (Tell::Faults, Answer::Seen(RsaAnswers::TellFaults)),
        (Tell::Wrong, Answer::Seen(RsaAnswers::TellRight)),
        (Tell::WrongIfAlone, Answer::Seen(RsaAnswers::TellRight)),
        // What is different each time tells nothing.
        (Tell::Moods, Answer::Interrupted(Interrupted::NotUnderstood)),
    ] {
        let facts = behind(|shop| Flaws { rsa: Some((tell, shop.path("a.key"))), ..Flaws::default() }).await;
        assert_eq!(facts.rsa, told, "{tell:?}");
        assert_eq!(facts.early_change, Answer::Seen(false), "{tell:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_say_nothing_prove_nothing() {
    // Silent after its hello, whatever comes.
    let port = scripted(|_, mut stream| async move {
        hear_hello(&mut stream).await;
        let _ = stream.write_all(&server_hello(0x0303, 0xc02f, &[0, 15, 0, 1, 1])).await;
        tokio::time::sleep(std::time::Duration::from_secs(30)).await;
    })
    .await;
    let facts = look(port).await.unwrap();
    assert_eq!(facts.heartbeat, Answer::Seen(Heartbeat::Unanswered));
    assert_eq!(facts.early_change, Answer::Interrupted(Interrupted::TimedOut));
    assert!(matches!(facts.rsa, Answer::Interrupted(_)) && matches!(facts.ticket, Answer::Interrupted(_)));
    // Sends back whatever it gets.
    let port = scripted(|_, mut stream| async move {
        hear_hello(&mut stream).await;
        let _ = stream.write_all(&server_hello(0x0303, 0x009c, &[0, 15, 0, 1, 1])).await;
        let (mut reader, mut writer) = stream.split();
        let _ = tokio::io::copy(&mut reader, &mut writer).await;
    })
    .await;
    let facts = look(port).await.unwrap();
    assert_eq!(facts.heartbeat, Answer::Seen(Heartbeat::Unanswered));
    assert_eq!(facts.early_change, Answer::Interrupted(Interrupted::NotUnderstood));
    assert!(matches!(facts.rsa, Answer::Interrupted(_)));
    // Refuses every version, and one that answers with records without end.
    let port = scripted(|_, mut stream| async move {
        hear_hello(&mut stream).await;
        let _ = stream.write_all(&alert(70)).await;
    })
    .await;
    assert!(look(port).await.is_err());
    let port = scripted(|_, mut stream| async move {
        hear_hello(&mut stream).await;
        let _ = stream.write_all(&server_hello(0x0303, 0x009c, &[0, 15, 0, 1, 1])).await;
        let flood = record(24, 0x0303, &[2; 40]);
        while stream.write_all(&flood).await.is_ok() {}
    })
    .await;
    let facts = look(port).await.unwrap();
    assert!(!matches!(facts.heartbeat, Answer::Seen(Heartbeat::LengthIgnored)));
    assert!(!matches!(facts.early_change, Answer::Seen(true)));
}
