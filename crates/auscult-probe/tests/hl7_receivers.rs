//! The HL7 observer against receivers that take, check or break.

mod clinic;

use std::sync::Arc;
use std::time::{Duration, Instant};

use auscult_facts::hl7::{AckCode, Hl7Facts, Reason};
use auscult_facts::{Answer, Interrupted};
use auscult_model::Impact;
use auscult_probe::hl7::Hl7;
use auscult_wire::mllp::{self, Frames, Message};
use clinic::{Hostile, MARK, certificate, hostile, look, look_patiently, serve, subject};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Answers one message as a receiver with these segments after its header would; `{id}` is the control id.
async fn receive<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, then: &str) {
    let mut frames = Frames::default();
    let mut bytes = vec![0u8; 4096];
    loop {
        let Ok(read @ 1..) = stream.read(&mut bytes).await else { return };
        let Some(message) = frames.take(&bytes[..read]).unwrap() else { continue };
        let message = Message::read(&message).unwrap();
        let header = message.segment("MSH").unwrap();
        assert!(message.segment("PID").is_none(), "no patient is sent");
        assert_eq!((header.field(3), header.field(9)), (&b"AUSCULT"[..], &b"QRY^A19"[..]));
        let id = String::from_utf8(header.field(10).to_vec()).unwrap();
        let answer =
            format!("MSH|^~\\&|HUB|HOME|AUSCULT||20261109||ACK^A19|1|T|2.3.1\r{then}").replace("{id}", &id);
        let _ = stream.write_all(&mllp::frame(answer.as_bytes())).await;
    }
}

async fn seen(then: &'static str) -> Hl7Facts {
    let port = serve(move |mut stream| async move { receive(&mut stream, then).await }).await;
    look::<Hl7>(&subject("hl7-mllp", port, false, None), Impact::Safe).await.unwrap()
}

#[tokio::test]
async fn codes_and_kinds_of_reason_are_seen_and_nothing_else() {
    for (then, code, reason) in [
        ("MSA|AA|{id}\r", AckCode::ApplicationAccept, Reason::Unsaid),
        ("MSA|AR|{id}|unknown sending application\r", AckCode::ApplicationReject, Reason::Sender),
        ("MSA|AR|{id}\rERR||MSH^1^9|200\r", AckCode::ApplicationReject, Reason::Message),
        ("MSA|AE|{id}|Invented Edith is not here\r", AckCode::ApplicationError, Reason::Other),
    ] {
        let facts = seen(then).await;
        let reply = facts.stranger.seen().unwrap();
        assert_eq!((reply.code, reply.reason, reply.answers_query), (Some(code), reason, true), "{then}");
        let written = serde_json::to_string(&facts).unwrap();
        assert!(!written.contains("Edith") && !written.contains(MARK), "{written}");
    }
}

#[tokio::test]
async fn a_message_of_its_own_before_the_answer_is_let_pass() {
    let facts = seen("OBX|1\r\x1c\r\x0bMSH|^~\\&|HUB\rMSA|AA|{id}\r").await;
    assert_eq!(facts.stranger.seen().unwrap().code, Some(AckCode::ApplicationAccept));
}

#[tokio::test]
async fn certificates_are_demanded_or_not_inside_tls() {
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = certificate(folder.path());
    let chain: Vec<_> = CertificateDer::pem_file_iter(cert).unwrap().map(Result::unwrap).collect();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(chain[0].clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        for demanded in [true, false] {
            let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
                .with_protocol_versions(&[version])
                .unwrap();
            let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
                Arc::new(roots.clone()),
                Arc::clone(&provider),
            );
            // In the second case a certificate is asked for and not demanded: that is no refusal.
            let verifier = if demanded { verifier } else { verifier.allow_unauthenticated() };
            let config = builder
                .with_client_cert_verifier(verifier.build().unwrap())
                .with_single_cert(chain.clone(), PrivateKeyDer::from_pem_file(&key).unwrap())
                .unwrap();
            let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
            let port = serve(move |stream| {
                let acceptor = acceptor.clone();
                async move {
                    if let Ok(mut stream) = acceptor.accept(stream).await {
                        receive(&mut stream, "MSA|AA|{id}\r").await;
                    }
                }
            })
            .await;
            let facts = look::<Hl7>(&subject("hl7-mllp", port, true, None), Impact::Safe).await.unwrap();
            assert!(facts.tls);
            assert_eq!(facts.client_certificate_demanded, demanded, "{version:?}");
            assert_eq!(facts.stranger.seen().is_some(), !demanded);
        }
    }
}

#[tokio::test]
async fn hostile_peers_interrupt_and_prove_nothing() {
    let patience = Duration::from_millis(500);
    for (how, why) in [
        (Hostile::Silent, Interrupted::TimedOut),
        (Hostile::Closes, Interrupted::AccessRefused),
        (Hostile::ReadsAndCloses, Interrupted::AccessRefused),
        (Hostile::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Interrupted::NotUnderstood),
        (Hostile::Says(b"\x0bPID|1\x1c\r"), Interrupted::NotUnderstood),
        (Hostile::Says(b"\x0bMSH|^~\\&|A"), Interrupted::TimedOut),
        (Hostile::Dribbles(b"\x0bMSH|^~\\&|AAAA"), Interrupted::TimedOut),
        // A frame without end.
        (Hostile::Floods(b"\x0bMSH|^~\\&|", b"A"), Interrupted::BudgetSpent),
    ] {
        let port = hostile(how).await;
        let begun = Instant::now();
        let seen =
            look_patiently::<Hl7>(&subject("hl7-mllp", port, false, None), Impact::Safe, patience).await;
        assert_eq!(seen, Err(why), "{how:?}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{how:?}");
    }
}

#[tokio::test]
async fn messages_without_an_acknowledgement_are_hl7_and_no_answer() {
    let patience = Duration::from_millis(500);
    let port = hostile(Hostile::Says(b"\x0bMSH|^~\\&|A\x1c\r")).await;
    let subject = subject("hl7-mllp", port, false, None);
    let facts = look_patiently::<Hl7>(&subject, Impact::Safe, patience).await.unwrap();
    assert!(matches!(facts.stranger, Answer::Seen(reply) if reply.code.is_none()));
}
