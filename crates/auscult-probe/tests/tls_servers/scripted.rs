//! The TLS observer against servers that lie, dawdle, break off, or speak what no library speaks any more.

use std::sync::Arc;
use std::time::Duration;

use auscult_facts::tls::{ClientCertificate, Version};
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_model::{Impact, Transport};
use auscult_probe::tls::Tls;
use auscult_probe::{Depth, Limits, Observer};
use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use crate::support::{
    alert, asked_version, bench, errand, hear_hello, limits, look, record, say, scripted, server_hello,
    subject, verdict,
};

/// Looks at both depths and says what came in between; it must, and in time.
async fn interrupted(port: u16) -> Interrupted {
    let short =
        || Limits { answer: Duration::from_millis(400), observation: Duration::from_secs(5), ..limits() };
    let mut last = None;
    for (depth, impact) in [
        (Depth::Verdict, Impact::Safe),
        (Depth::Inventory, Impact::Intrusive),
        (Depth::Verdict, Impact::Touch),
    ] {
        let (seen, _, took) = look(port, depth, impact, short(), None).await;
        assert!(took < Duration::from_secs(6), "took {took:?}");
        let why = seen.expect_err("nothing was seen");
        if impact != Impact::Touch {
            assert!(last.is_none_or(|before| before == why), "{last:?} then {why:?}");
            last = Some(why);
        }
    }
    last.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn silent() {
    let port = scripted(|_, stream| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(stream);
    })
    .await;
    assert_eq!(interrupted(port).await, Interrupted::TimedOut);
}

#[tokio::test(flavor = "multi_thread")]
async fn dribbling() {
    let port = scripted(|_, mut stream| async move {
        hear_hello(&mut stream).await;
        for byte in server_hello(0x0303, 0xc02f, &[]) {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if stream.write_all(&[byte]).await.is_err() {
                return;
            }
        }
    })
    .await;
    assert_eq!(interrupted(port).await, Interrupted::TimedOut);
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_records() {
    let port = scripted(|_, mut stream| async move {
        hear_hello(&mut stream).await;
        let hello_request = record(22, 0x0303, &[0, 0, 0, 0]).repeat(200);
        while stream.write_all(&hello_request).await.is_ok() {}
    })
    .await;
    assert_eq!(interrupted(port).await, Interrupted::NotUnderstood);
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_certificate() {
    let port = scripted(|_, mut stream| async move {
        hear_hello(&mut stream).await;
        let _ = stream.write_all(&record(22, 0x0303, &[2, 0xff, 0xff, 0xff])).await;
        let filling = record(22, 0x0303, &[0x41; 16384]);
        while stream.write_all(&filling).await.is_ok() {}
    })
    .await;
    assert_eq!(interrupted(port).await, Interrupted::NotUnderstood);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_protocols_and_garbage() {
    for words in [
        &b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"[..],
        b"220 ready\r\n",
        b"\x00\x01\x02\x03garbage",
        b"\x80\x80\x80\x80\x80\x80",
        b"\x16\x03\x03\x00\x04\x02\x00\x00\x00",
        b"\x16\x03\x03\x00\x04\x63\x00\x00\x00",
    ] {
        let port = scripted(move |_, mut stream| async move {
            hear_hello(&mut stream).await;
            say(&mut stream, words).await;
        })
        .await;
        assert_eq!(interrupted(port).await, Interrupted::NotUnderstood, "{words:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_everything_says_nothing_about_versions() {
    let port = scripted(|_, mut stream| async move {
        hear_hello(&mut stream).await;
    })
    .await;
    assert_eq!(interrupted(port).await, Interrupted::AccessRefused);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusing_everything_says_nothing_about_versions() {
    for description in [40, 70, 80, 112] {
        let port = scripted(move |_, mut stream| async move {
            hear_hello(&mut stream).await;
            say(&mut stream, &alert(description)).await;
        })
        .await;
        let (seen, connections, _) = look(port, Depth::Verdict, Impact::Safe, limits(), None).await;
        assert_eq!(seen.unwrap_err(), Interrupted::AccessRefused);
        assert!(connections <= 12);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_listens() {
    let port = crate::support::free_port();
    let (seen, connections, _) = look(port, Depth::Verdict, Impact::Safe, limits(), None).await;
    assert_eq!(
        (seen.unwrap_err(), connections),
        (Interrupted::Closed, 2),
        "a refused connect is tried once more"
    );
}

/// A server that has some versions and answers others as it likes.
async fn versions(has: &'static [u16], refusal: Option<u8>) -> u16 {
    scripted(move |_, mut stream| async move {
        let hello = hear_hello(&mut stream).await;
        if hello.is_empty() {
            return;
        }
        let ssl2 = hello[0] & 0x80 != 0;
        let asked = if ssl2 { 2 } else { asked_version(&hello) };
        if ssl2 && has.contains(&2) {
            let mut body = vec![4, 0, 1, 0, 2, 0, 1, 0, 6, 0, 1, 0x30];
            body.extend([1, 0, 0x80, 7, 0, 0xc0, 5]);
            let mut record = vec![0x80, u8::try_from(body.len()).unwrap()];
            record.extend(body);
            return say(&mut stream, &record).await;
        }
        // Below TLS 1.3 a server comes down to what it has.
        let chosen = has.iter().filter(|v| **v <= asked && **v >= 0x0300).max();
        match (chosen, refusal) {
            (Some(version), _) if !ssl2 => {
                let suite = if *version == 0x0304 { 0x1301 } else { 0x002f };
                if offers(&hello, suite) {
                    let extensions: &[u8] =
                        if *version == 0x0304 { &[0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 29] } else { &[] };
                    return say(&mut stream, &server_hello(*version, suite, extensions)).await;
                }
                say(&mut stream, &alert(40)).await;
            }
            (_, Some(description)) => say(&mut stream, &alert(description)).await,
            (_, None) => {}
        }
    })
    .await
}

/// Whether a suite stands in the list of a hello.
fn offers(hello: &[u8], suite: u16) -> bool {
    let session = usize::from(hello[43]);
    let at = 44 + session;
    let length = usize::from(u16::from_be_bytes([hello[at], hello[at + 1]]));
    hello[at + 2..at + 2 + length].chunks(2).any(|code| code == suite.to_be_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn ssl3_and_ssl2_are_seen() {
    for has in [&[2u16][..], &[2, 0x0300], &[0x0300, 0x0301], &[0x0300], &[2, 0x0303], &[0x0301, 0x0303]] {
        for refusal in [Some(70), Some(40), None] {
            let port = versions(has, refusal).await;
            let facts = verdict(port).await;
            for (version, code) in Version::ALL.into_iter().zip([2, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304]) {
                let answer = &facts.versions[&version];
                match has.contains(&code) {
                    true => assert_eq!(*answer, Answer::Seen(true), "{version:?} of {has:x?} {refusal:?}"),
                    false => assert_ne!(*answer, Answer::Seen(true), "{version:?} of {has:x?} {refusal:?}"),
                }
                if refusal.is_some() {
                    assert_eq!(*answer, Answer::Seen(has.contains(&code)), "{version:?} of {has:x?}");
                }
            }
            if has.contains(&2) {
                let broken = facts.broken_suites.seen().unwrap();
                assert!(broken.iter().any(|s| s.name == "SSL_CK_RC4_128_WITH_MD5"), "{broken:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_a_refusal_only_between_two_answers() {
    let port = versions(&[0x0303], None).await;
    let facts = verdict(port).await;
    assert_eq!(facts.versions[&Version::Tls10], Answer::Seen(false));
    assert_eq!(facts.versions[&Version::Ssl2], Answer::Seen(false));

    // It serves once and then no more: its silence says nothing.
    let port = scripted(|n, mut stream| async move {
        let hello = hear_hello(&mut stream).await;
        if n == 0 && !hello.is_empty() {
            say(&mut stream, &server_hello(0x0303, 0xc02f, &[])).await;
        }
    })
    .await;
    let facts = verdict(port).await;
    assert_eq!(facts.versions[&Version::Tls12], Answer::Seen(true));
    for version in [Version::Ssl2, Version::Ssl3, Version::Tls10, Version::Tls11, Version::Tls13] {
        let answer = &facts.versions[&version];
        assert_eq!(*answer, Answer::Interrupted(Interrupted::AccessRefused), "{version:?}");
    }
    assert_eq!(facts.broken_suites, Answer::Interrupted(Interrupted::AccessRefused));
}

/// A server of TLS 1.2 that answers older versions by an alert of its own choice.
async fn peculiar(description: u8, bears_extras: bool) -> u16 {
    scripted(move |_, mut stream| async move {
        let hello = hear_hello(&mut stream).await;
        if hello.is_empty() {
            return;
        }
        let modern = hello[0] & 0x80 == 0 && asked_version(&hello) >= 0x0303;
        // The extension that asks for a certificate status belongs to the full build only.
        let extras = hello.windows(9).any(|w| w == [0, 5, 0, 5, 1, 0, 0, 0, 0]);
        match modern && (bears_extras || !extras) {
            true => say(&mut stream, &server_hello(0x0303, 0xc02f, &[])).await,
            false => say(&mut stream, &alert(description)).await,
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn other_alerts_are_no_refusals() {
    let facts = verdict(peculiar(47, true).await).await;
    for version in [Version::Ssl3, Version::Tls10, Version::Tls11] {
        let answer = &facts.versions[&version];
        assert_eq!(*answer, Answer::Interrupted(Interrupted::AccessRefused), "{version:?}");
    }
    assert_eq!(facts.versions[&Version::Ssl2], Answer::Seen(false), "whoever answers in TLS is no SSL 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn internal_error_is_a_refusal_only_where_the_same_build_is_accepted() {
    let facts = verdict(peculiar(80, true).await).await;
    assert_eq!(facts.versions[&Version::Tls10], Answer::Seen(false));
    assert_eq!(facts.versions[&Version::Tls11], Answer::Seen(false));
    let facts = verdict(peculiar(80, false).await).await;
    assert_eq!(facts.versions[&Version::Tls12], Answer::Seen(true));
    assert_eq!(facts.versions[&Version::Tls10], Answer::Interrupted(Interrupted::AccessRefused));
}

#[tokio::test(flavor = "multi_thread")]
async fn strict_tls13_is_seen_through_the_conservative_hello() {
    // It bears no empty key share and no group but x25519 and the NIST curves.
    let port = scripted(|_, mut stream| async move {
        let hello = hear_hello(&mut stream).await;
        if hello.is_empty() || hello[0] & 0x80 != 0 || asked_version(&hello) < 0x0304 {
            return say(&mut stream, &alert(70)).await;
        }
        let strict = hello.windows(6).any(|w| w == [0, 51, 0, 2, 0, 0]);
        let answer = match strict {
            true => alert(47),
            false => server_hello(0x0304, 0x1301, &[0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 29]),
        };
        say(&mut stream, &answer).await;
    })
    .await;
    let facts = verdict(port).await;
    assert_eq!(facts.versions[&Version::Tls13], Answer::Seen(true));
    assert_eq!(facts.versions[&Version::Tls12], Answer::Seen(false));
    assert_eq!(facts.chosen, Answer::Seen(Version::Tls13));
}

#[tokio::test(flavor = "multi_thread")]
async fn server_that_stumbles_over_long_hellos_is_asked_shortly() {
    let port = scripted(|_, mut stream| async move {
        let hello = hear_hello(&mut stream).await;
        if hello.is_empty() || hello[0] & 0x80 != 0 {
            return;
        }
        if hello.len() > 300 {
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        match asked_version(&hello) {
            0x0301..=0x0303 if offers(&hello, 0x002f) => {
                say(&mut stream, &server_hello(0x0301, 0x002f, &[])).await;
            }
            _ => say(&mut stream, &alert(70)).await,
        }
    })
    .await;
    let quick = Limits { answer: Duration::from_millis(300), ..limits() };
    let (facts, connections, _) = look(port, Depth::Verdict, Impact::Safe, quick, None).await;
    let facts = facts.unwrap();
    assert!(connections <= 12);
    assert_eq!(facts.versions[&Version::Tls10], Answer::Seen(true));
    for (version, answer) in &facts.versions {
        assert!(*version == Version::Tls10 || *answer != Answer::Seen(true), "{version:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_out_of_the_offer_are_not_believed() {
    // Whatever is asked, it chooses the same suite of TLS 1.2, also for hellos that do not offer it.
    let port = scripted(|_, mut stream| async move {
        hear_hello(&mut stream).await;
        say(&mut stream, &server_hello(0x0303, 0xc02f, &[])).await;
    })
    .await;
    let facts = verdict(port).await;
    assert_eq!(facts.versions[&Version::Tls12], Answer::Seen(true));
    for version in [Version::Ssl2, Version::Ssl3, Version::Tls10, Version::Tls11, Version::Tls13] {
        assert_eq!(facts.versions[&version], Answer::Interrupted(Interrupted::NotUnderstood), "{version:?}");
    }
    assert!(matches!(facts.broken_suites, Answer::Interrupted(_) | Answer::NotAsked(NotAsked::Depth)));
}

fn rustls_config(alpn: &[&[u8]]) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["dut.test".to_owned()]).unwrap().self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    config.alpn_protocols = alpn.iter().map(|p| p.to_vec()).collect();
    Arc::new(config)
}

async fn rustls_server(alpn: &[&[u8]]) -> u16 {
    let acceptor = TlsAcceptor::from(rustls_config(alpn));
    scripted(move |_, stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(mut tls) = acceptor.accept(stream).await {
                let _ = tls.read(&mut [0; 256]).await;
                let _ = tls.shutdown().await;
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn rustls_with_a_hybrid_group() {
    let port = rustls_server(&[b"h2", b"http/1.1"]).await;
    let facts = verdict(port).await;
    for version in Version::ALL {
        assert_eq!(facts.versions[&version], Answer::Seen(version >= Version::Tls12), "{version:?}");
    }
    assert_eq!(facts.post_quantum, Answer::Seen(true));
    assert_eq!(facts.groups.seen().unwrap()[0].name, "X25519MLKEM768");
    assert_eq!(facts.alpn.as_deref(), Some("h2"));
    assert_eq!(facts.broken_suites, Answer::Seen(vec![]));
    assert_eq!(facts.dated_suites, Answer::Seen(vec![]));
    assert_eq!(facts.client_certificate, Answer::Seen(ClientCertificate::NotAsked));
    let (deep, connections, _) = look(port, Depth::Inventory, Impact::Intrusive, limits(), None).await;
    let deep = deep.unwrap();
    assert!(deep.inventory && connections < 60, "{connections} connections");
    let groups: Vec<&str> = deep.groups.seen().unwrap().iter().map(|g| g.name.as_str()).collect();
    assert!(groups.contains(&"x25519") && groups.contains(&"secp384r1"), "{groups:?}");
    assert_eq!(deep.suites[&Version::Tls13].len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn server_of_another_application_protocol_is_asked_without() {
    let port = rustls_server(&[b"acme"]).await;
    let facts = verdict(port).await;
    assert_eq!(facts.versions[&Version::Tls12], Answer::Seen(true));
    assert_eq!(facts.chosen, Answer::Seen(Version::Tls13));
    assert!(facts.chain.seen().is_some());
    assert_eq!(facts.alpn, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn web_server_that_refuses_each_request_demands_a_certificate() {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["dut.test".to_owned()]).unwrap().self_signed(&key).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let optional = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .allow_unauthenticated()
        .build()
        .unwrap();
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(optional)
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let port = scripted(move |_, stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut tls) = acceptor.accept(stream).await else { return };
            if tls.get_ref().1.alpn_protocol() == Some(b"h2") {
                let _ = tls.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await;
            }
            let heard = tls.read(&mut [0; 256]).await;
            if heard.is_ok_and(|n| n > 0) {
                let words = b"HTTP/1.1 400 Bad Request\r\n\r\nNo required SSL certificate was sent";
                let _ = tls.write_all(words).await;
            }
            let _ = tls.shutdown().await;
        }
    })
    .await;
    for (protocol, expected) in [("http", ClientCertificate::Demanded), ("mqtt", ClientCertificate::Asked)] {
        let (facts, connections, _) =
            look(port, Depth::Verdict, Impact::Safe, limits(), Some(protocol)).await;
        let facts = facts.unwrap();
        assert_eq!(facts.client_certificate, Answer::Seen(expected), "{protocol}");
        assert!(connections <= 12);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn datagrams_are_beyond_this_observer() {
    let mut subject = subject(1, None);
    subject.service.as_mut().unwrap().transport = Transport::Udp;
    let bench = bench(1, Impact::Safe, limits());
    let seen = Tls::look(&bench, &subject, &errand(Depth::Verdict, Vec::new())).await;
    assert_eq!(seen.unwrap_err(), Interrupted::BeyondInstrument);
}
