//! Servers that lie, flood, dribble or say nothing: every look ends by its deadline, within its bounds.

mod http_support;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use auscult_facts::pages::{Barrier, Said};
use auscult_facts::{Interrupted, PageOwed, Subject};
use auscult_model::Impact;
use auscult_model::scenario::PageKind;
use auscult_probe::fhir::{Fhir, Smart};
use auscult_probe::http::{Http, Logins, SecurityTxt};
use auscult_probe::pages::Pages;
use http_support::{look, serve, subject};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a hostile server does with a connection after the first bytes of a question.
#[derive(Clone, Copy, Debug)]
enum Malice {
    Silence,
    CloseAtOnce,
    ManyHeaders,
    EndlessHeader,
    EndlessBody,
    NonsenseChunks,
    EndlessChunks,
    TinyChunks,
    GzipBomb,
    InformationalFlood,
    Dribble,
    Rubbish,
    Telnet,
    HugeLength,
    TwoLengths,
    Nul,
    DeepJson,
}

const ALL: [Malice; 17] = [
    Malice::Silence,
    Malice::CloseAtOnce,
    Malice::ManyHeaders,
    Malice::EndlessHeader,
    Malice::EndlessBody,
    Malice::NonsenseChunks,
    Malice::EndlessChunks,
    Malice::TinyChunks,
    Malice::GzipBomb,
    Malice::InformationalFlood,
    Malice::Dribble,
    Malice::Rubbish,
    Malice::Telnet,
    Malice::HugeLength,
    Malice::TwoLengths,
    Malice::Nul,
    Malice::DeepJson,
];

async fn misbehave(malice: Malice, stream: &mut TcpStream) -> std::io::Result<()> {
    let ok = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
    match malice {
        Malice::CloseAtOnce => return Ok(()),
        Malice::Silence => tokio::time::sleep(Duration::from_secs(60)).await,
        Malice::ManyHeaders => {
            stream.write_all(ok).await?;
            for n in 0..100_000 {
                stream.write_all(format!("X-{n}: {n}\r\n").as_bytes()).await?;
            }
            stream.write_all(b"\r\n").await?;
        }
        Malice::EndlessHeader => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nX: ").await?;
            loop {
                stream.write_all(&[b'a'; 4096]).await?;
            }
        }
        Malice::EndlessBody => {
            stream.write_all(ok).await?;
            stream.write_all(b"\r\n").await?;
            loop {
                stream.write_all(b"<a href=x><form><input type=password name=p>").await?;
            }
        }
        Malice::NonsenseChunks => {
            stream.write_all(ok).await?;
            stream.write_all(b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\nffffffffffffffffffff\r\n").await?;
        }
        Malice::EndlessChunks => {
            stream.write_all(ok).await?;
            stream.write_all(b"Transfer-Encoding: chunked\r\n\r\n").await?;
            loop {
                stream.write_all(b"1;extension=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\r\na\r\n").await?;
            }
        }
        Malice::TinyChunks => {
            stream.set_nodelay(true)?;
            stream.write_all(ok).await?;
            stream.write_all(b"Transfer-Encoding: chunked\r\n\r\n").await?;
            loop {
                stream.write_all(b"1\r\na\r\n").await?;
                tokio::task::yield_now().await;
            }
        }
        Malice::GzipBomb => {
            stream.write_all(ok).await?;
            stream.write_all(b"Content-Encoding: gzip\r\nContent-Length: 4194304\r\n\r\n").await?;
            stream.write_all(&vec![0u8; 4 << 20]).await?;
        }
        Malice::InformationalFlood => loop {
            stream.write_all(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n").await?;
        },
        Malice::Dribble => {
            for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".iter().cycle() {
                stream.write_all(&[*byte]).await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Malice::Rubbish => stream.write_all(&[0xff; 4096]).await?,
        Malice::Telnet => stream.write_all(b"\xff\xfd\x18\xff\xfd\x20login: ").await?,
        Malice::HugeLength => {
            stream.write_all(ok).await?;
            stream.write_all(b"Content-Length: 18446744073709551615\r\n\r\n<html>").await?;
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        Malice::TwoLengths => {
            stream.write_all(ok).await?;
            stream.write_all(b"Content-Length: 3\r\nContent-Length: 30000\r\n\r\n<html>").await?;
        }
        Malice::Nul => {
            stream
                .write_all(b"HTTP/1.1 200 OK\0\r\nServer: a\0b\x1b[2J\r\nContent-Length: 0\r\n\r\n")
                .await?;
        }
        Malice::DeepJson => {
            let body = "[".repeat(200_000);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(body.as_bytes()).await?;
        }
    }
    Ok(())
}

async fn hostile(malice: Malice) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut first = [0u8; 1024];
                let _ = stream.read(&mut first).await;
                let _ = misbehave(malice, &mut stream).await;
            });
        }
    });
    port
}

/// The same service with a page of each kind.
fn with_pages(mut subject: Subject) -> Subject {
    let of = subject.node.clone();
    let owed = PageKind::ALL.iter().map(|kind| PageOwed {
        of: of.clone(),
        kind: *kind,
        path: format!("/{}/page", kind.word()),
        model: Some("BP-2".to_owned()),
        support_until: None,
    });
    subject.service.as_mut().unwrap().pages = owed.collect();
    subject
}

/// Memory of this process in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_look_ends_in_time_and_without_growth() {
    let before = resident();
    for malice in ALL {
        let port = hostile(malice).await;
        let start = Instant::now();
        let (web, _) = look::<Http>(&subject(port, "http", false), Impact::Intrusive).await;
        let (file, _) = look::<SecurityTxt>(&subject(port, "http", false), Impact::Safe).await;
        let (fhir, _) = look::<Fhir>(&subject(port, "fhir", false), Impact::Intrusive).await;
        let (smart, _) = look::<Smart>(&subject(port, "fhir", false), Impact::Safe).await;
        let (pages, cost) = look::<Pages>(&with_pages(subject(port, "http", false)), Impact::Safe).await;
        let most = auscult_probe::pages::bound(4);
        assert!(cost.connections <= most.connections && cost.packets <= most.packets, "{malice:?}: {cost:?}");
        let mut declares = subject(port, "http", false);
        let declared = declares.service.as_mut().and_then(|s| s.declared.as_mut()).unwrap();
        (declared.logins, declared.apis) = (Some(Vec::new()), Some(Vec::new()));
        let (logins, _) = look::<Logins>(&declares, Impact::Safe).await;
        let took = start.elapsed();
        assert!(took < Duration::from_secs(40), "{malice:?} took {took:?}");
        if let Ok(web) = web {
            assert!(web.debug.found.is_empty() && web.admin.found.is_empty(), "{malice:?}: {web:?}");
            assert!(web.default_credentials.seen().is_none_or(|d| d.opened.is_empty()), "{malice:?}");
        }
        for page in pages.iter().flat_map(|p| &p.pages).filter_map(|p| p.page.seen()) {
            let told = match &page.said {
                Some(Said::Policy(policy)) => policy.acknowledged_within.is_some(),
                Some(Said::Support(support)) => !support.periods.is_empty(),
                Some(Said::Replacement(plan)) => plan.topic || plan.not_updatable,
                Some(Said::Sensors(sensors)) => !sensors.kinds.is_empty(),
                None => false,
            };
            assert!(!told, "{malice:?}: {page:?}");
        }
        assert!(file.is_err() || !file.as_ref().unwrap().well_known.seen().is_some_and(|f| f.is_one()));
        assert!(
            fhir.is_err()
                || !fhir.as_ref().unwrap().searches.values().any(|s| s.seen().is_some_and(|r| r.bundle()))
        );
        let crawl = logins.ok().and_then(|l| l.crawl.seen().cloned());
        assert!(crawl.is_none_or(|c| !c.complete() || c.logins.is_empty()), "{malice:?}");
        assert!(smart.is_err() || smart.as_ref().unwrap().configuration.is_none());
    }
    let grown = resident().saturating_sub(before);
    assert!(grown < 64 << 10, "grew by {grown} KiB");
}

#[tokio::test]
async fn silence_and_refusal_stay_different_words() {
    let port = hostile(Malice::Silence).await;
    assert_eq!(look::<Http>(&subject(port, "http", false), Impact::Safe).await.0, Err(Interrupted::TimedOut));
    let port = hostile(Malice::CloseAtOnce).await;
    assert_eq!(
        look::<Http>(&subject(port, "http", false), Impact::Safe).await.0,
        Err(Interrupted::AccessRefused)
    );
    let port = hostile(Malice::Telnet).await;
    assert_eq!(
        look::<Http>(&subject(port, "http", false), Impact::Safe).await.0,
        Err(Interrupted::NotUnderstood)
    );
    let closed = {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        listener.local_addr().unwrap().port()
    };
    assert_eq!(look::<Http>(&subject(closed, "http", false), Impact::Safe).await.0, Err(Interrupted::Closed));
}

#[tokio::test]
async fn one_bad_answer_does_not_spoil_the_others() {
    // A server that ends the connection on TRACE and on one page, and answers everything else.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = vec![0u8; 4096];
                while let Ok(n @ 1..) = stream.read(&mut asked).await {
                    let line =
                        String::from_utf8_lossy(&asked[..n]).lines().next().unwrap_or_default().to_owned();
                    if line.starts_with("TRACE") || line.contains("/server-status") {
                        return;
                    }
                    let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
                    if stream.write_all(answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    let (facts, cost) = look::<Http>(&subject(port, "http", false), Impact::Safe).await;
    let facts = facts.unwrap();
    assert_eq!(facts.trace, auscult_facts::Answer::Interrupted(Interrupted::AccessRefused));
    assert_eq!(facts.debug.answered + 1, facts.debug.asked);
    assert!(facts.admin.complete() && facts.listings.complete());
    assert!(cost.connections <= 6, "{}", cost.connections);
}

/// A TLS server that demands a certificate of its clients, with both versions of the protocol.
#[tokio::test]
async fn a_demanded_certificate_is_access_refused() {
    use tokio_rustls::rustls::{self, RootCertStore, ServerConfig, server::WebPkiClientVerifier, version};
    let made = rcgen::generate_simple_self_signed(vec!["cuff.example".to_owned()]).unwrap();
    for only in [&version::TLS12, &version::TLS13] {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .unwrap();
        let key = made.signing_key.serialize_der().try_into().unwrap();
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[only])
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = acceptor.accept(stream).await;
            }
        });
        let (facts, _) = look::<Http>(&subject(port, "http", true), Impact::Safe).await;
        assert_eq!(facts.unwrap_err(), Interrupted::AccessRefused, "{only:?}");
        let (facts, _) = look::<Fhir>(&subject(port, "fhir", true), Impact::Safe).await;
        assert_eq!(facts.unwrap_err(), Interrupted::AccessRefused, "{only:?}");
        let (facts, _) = look::<Pages>(&with_pages(subject(port, "http", true)), Impact::Safe).await;
        if *only == version::TLS13 {
            // Here it says that it is a certificate that it wants.
            for page in facts.unwrap().pages {
                let page = page.page.seen().cloned().unwrap();
                assert_eq!((page.status, page.barriers), (0, [Barrier::ClientCertificate].into()));
            }
        } else {
            assert_eq!(facts.unwrap_err(), Interrupted::AccessRefused, "{only:?}");
        }
    }
}

#[tokio::test]
async fn touch_sends_nothing() {
    let port = serve(axum::Router::new()).await;
    let (facts, cost) = look::<Http>(&subject(port, "http", false), Impact::Touch).await;
    assert_eq!(facts.unwrap_err(), Interrupted::NotAuthorised);
    assert_eq!(cost.connections, 0);
    let (facts, cost) = look::<Pages>(&with_pages(subject(port, "http", false)), Impact::Touch).await;
    assert_eq!(facts.unwrap_err(), Interrupted::NotAuthorised);
    assert_eq!(cost.connections, 0);
}
