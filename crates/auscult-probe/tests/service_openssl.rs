//! Recognition against OpenSSL's own server: inside TLS, behind a client certificate, and in obsolete versions.

mod bench_of;
mod subject_of;

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use auscult_facts::Declared;
use auscult_facts::ports::PortState;
use auscult_facts::service::ServiceFacts;
use auscult_model::{Impact, Pace};
use auscult_probe::service::recognise;

use bench_of::bench;
use subject_of::{declared, subject};

struct Openssl {
    child: Child,
    port: u16,
    _files: tempfile::TempDir,
}

impl Drop for Openssl {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `openssl s_server` with more arguments, or `None` on a machine without it.
fn openssl(arguments: &[&str]) -> Option<Openssl> {
    let files = tempfile::tempdir().unwrap();
    let (key, certificate) = (files.path().join("key.pem"), files.path().join("certificate.pem"));
    let made = rcgen::generate_simple_self_signed(vec!["device.test".to_owned()]).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let path = |p: &Path| p.to_str().unwrap().to_owned();
    let child = Command::new("openssl")
        .args(["s_server", "-accept", &format!("127.0.0.1:{port}"), "-quiet"])
        .args(["-key", &path(&key), "-cert", &path(&certificate), "-CAfile", &path(&certificate)])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let server = Openssl { child, port, _files: files };
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            std::thread::sleep(Duration::from_millis(50));
            return Some(server);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("openssl does not listen");
}

async fn ask(impact: Impact, port: u16, says: Option<Declared>) -> ServiceFacts {
    let bench = bench(impact, Pace::Laboratory, [port]);
    recognise(&bench, &subject(port, says), PortState::Open, "abcd1234").await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_server_is_found_inside_tls() {
    for version in ["-tls1_2", "-tls1_3"] {
        let Some(server) = openssl(&["-www", version]) else { return };
        for says in [None, declared("http", true), declared("http", false), declared("fhir", true)] {
            let word = says.as_ref().and_then(|d| d.protocol.clone()).unwrap_or("http".to_owned());
            let facts = ask(Impact::Safe, server.port, says).await;
            assert_eq!((facts.tls, facts.protocol), (Some(true), Some(word)), "{version}");
        }
        let touched = ask(Impact::Touch, server.port, declared("http", true)).await;
        assert_eq!((touched.tls, touched.protocol), (Some(true), None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demanded_client_certificate_is_written_down() {
    for version in ["-tls1_2", "-tls1_3"] {
        let Some(server) = openssl(&["-www", "-Verify", "1", "-verify_return_error", version]) else {
            return;
        };
        for (impact, says) in [
            (Impact::Safe, None),
            (Impact::Safe, declared("http", true)),
            (Impact::Touch, declared("http", true)),
        ] {
            let facts = ask(impact, server.port, says).await;
            assert_eq!((facts.tls, facts.protocol.as_deref()), (Some(true), None), "{version} {impact}");
            assert!(facts.client_certificate_demanded, "{version} {impact}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_only_asked_for_does_not_stop_it() {
    let Some(server) = openssl(&["-www", "-verify", "1"]) else { return };
    let facts = ask(Impact::Safe, server.port, None).await;
    assert_eq!((facts.tls, facts.protocol.as_deref()), (Some(true), Some("http")));
    assert!(!facts.client_certificate_demanded);
}

#[tokio::test(flavor = "multi_thread")]
async fn obsolete_tls_is_still_tls() {
    let Some(server) = openssl(&["-www", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]) else { return };
    for says in [None, declared("http", true)] {
        let facts = ask(Impact::Safe, server.port, says).await;
        assert_eq!((facts.tls, facts.protocol.as_deref()), (Some(true), None));
        assert!(!facts.client_certificate_demanded);
    }
}
