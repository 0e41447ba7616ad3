//! Other people's programs, a weak and a hardened twin of each: no weakness missed, no failure invented.

mod field;
#[path = "twins/programs.rs"]
mod programs;

use std::collections::BTreeSet;
use std::path::Path;

use auscult_model::Verdict;
use auscult_model::assessment::Assessment;
use field::{auscult, code, err};
use programs::{Pki, Program};

/// Checks one service and gives what failed, by check.
fn checked(dir: &Path, address: &str, services: &str, flows: &str) -> (BTreeSet<String>, Assessment) {
    let text = format!(
        r#"title = "twin"
stage = "target"
setting = "integrated-care"
trust_anchors = ["ca.pem"]
[authorisation]
by = "the owner of this machine, on loopback"
until = 2099-12-31
impact = "intrusive"
pace = "laboratory"
[cloud.it]
class = "II"
address = "{address}"
host_names = ["it.twin.test"]
services = [{services}]
[device.caller]
class = "II"
[network.lan]
kind = "ethernet"
{flows}"#
    );
    std::fs::write(dir.join("scenario.toml"), text).unwrap();
    // The ports of other servers of this machine are none of the twin's.
    let output = auscult(
        dir,
        &[
            "check",
            "scenario.toml",
            "--declared-only",
            "--case",
            "it.case",
            "--exit-zero",
            "--reporter",
            "json",
        ],
    );
    assert_eq!(code(&output), 0, "{}", err(&output));
    let assessment: Assessment = serde_json::from_slice(&output.stdout).unwrap();
    let failed = assessment
        .rulings
        .iter()
        .flat_map(|r| &r.trials)
        .filter(|t| t.verdict == Verdict::Fail)
        .map(|t| t.check.to_string())
        .collect();
    (failed, assessment)
}

fn flow(service: &str) -> String {
    format!(
        "[[flow]]\nfrom = \"caller\"\nto = \"it/{service}\"\ndata = [\"vitals\", \"identity\"]\nover = [\"lan\"]\n"
    )
}

/// Every planted weakness is found.
fn weak(name: &str, failed: &BTreeSet<String>, planted: &[&str]) {
    let missed: Vec<_> = planted.iter().filter(|p| !failed.contains(**p)).collect();
    assert!(missed.is_empty(), "{name}: missed {missed:?}; found {failed:?}");
}

/// Nothing fails, and the named checks have passed, so that the silence says something.
fn hardened(name: &str, failed: &BTreeSet<String>, assessment: &Assessment, passed: &[&str]) {
    let why: Vec<_> = assessment
        .rulings
        .iter()
        .flat_map(|r| &r.trials)
        .filter(|t| t.verdict == Verdict::Fail)
        .map(|t| format!("{}: {}", t.check, t.reason.because))
        .collect();
    assert!(failed.is_empty(), "{name}: {why:?}");
    for check in passed {
        let trials: Vec<_> = assessment
            .rulings
            .iter()
            .flat_map(|r| &r.trials)
            .filter(|t| t.check.as_str() == *check)
            .map(|t| (t.verdict, t.reason.because.clone()))
            .collect();
        assert!(trials.iter().any(|(v, _)| *v == Verdict::Pass), "{name}: {check} {trials:?}");
    }
}

#[test]
fn mosquitto() {
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::make(dir.path());
    let address = "127.77.1.1";
    let open = format!("listener 1883 {address}\nallow_anonymous true\nuser root\n");
    let broker = Program::mosquitto(dir.path(), "weak.conf", &open, address, 1883);
    let service = r#"{ name = "broker", port = 1883, protocol = "mqtt" }"#;
    let (failed, _) = checked(dir.path(), address, service, &flow("broker"));
    weak(
        "mosquitto",
        &failed,
        &[
            "mqtt-anonymous-access",
            "mqtt-wildcard-subscribe",
            "mqtt-foreign-publish",
            "mqtt-client-id-takeover",
            "mqtt-in-clear",
            "mqtt-system-topics",
            "flow-in-clear",
        ],
    );
    drop(broker);
    let dir = tempfile::tempdir().unwrap();
    pki.copy(dir.path());
    let closed = format!(
        "listener 8883 {address}\nuser root\nallow_anonymous false\ncafile {d}/ca.pem\ncertfile {d}/it.pem\nkeyfile {d}/it.key\nrequire_certificate true\nuse_identity_as_username true\ntls_version tlsv1.2\nciphers ECDHE+AESGCM:ECDHE+CHACHA20\n",
        d = dir.path().display()
    );
    let _broker = Program::mosquitto(dir.path(), "hard.conf", &closed, address, 8883);
    let service =
        r#"{ name = "broker", port = 8883, protocol = "mqtt", tls = true, client_certificate = true }"#;
    let (failed, assessment) = checked(dir.path(), address, service, &flow("broker"));
    hardened(
        "mosquitto",
        &failed,
        &assessment,
        &[
            "mqtt-anonymous-access",
            "mqtt-in-clear",
            "flow-in-clear",
            "tls-obsolete-version",
            "certificate-untrusted",
        ],
    );
}

#[test]
fn mosquitto_with_passwords_alone() {
    let dir = tempfile::tempdir().unwrap();
    let _pki = Pki::make(dir.path());
    let address = "127.77.1.2";
    programs::mosquitto_password(dir.path(), "cuff", "label-7Q4M-R2XK");
    let acl = dir.path().join("acl");
    std::fs::write(&acl, "user cuff\ntopic readwrite cuff/#\n").unwrap();
    let closed = format!(
        "listener 8883 {address}\nuser root\nallow_anonymous false\npassword_file {d}/passwords\nacl_file {d}/acl\ncafile {d}/ca.pem\ncertfile {d}/it.pem\nkeyfile {d}/it.key\ntls_version tlsv1.2\nciphers ECDHE+AESGCM:ECDHE+CHACHA20\n",
        d = dir.path().display()
    );
    let _broker = Program::mosquitto(dir.path(), "hard.conf", &closed, address, 8883);
    let service = r#"{ name = "broker", port = 8883, protocol = "mqtt", tls = true }"#;
    let (failed, assessment) = checked(dir.path(), address, service, &flow("broker"));
    let passed = [
        "mqtt-anonymous-access",
        "mqtt-default-credentials",
        "mqtt-wildcard-subscribe",
        "mqtt-client-id-takeover",
    ];
    hardened("mosquitto with passwords", &failed, &assessment, &passed);
}

#[test]
fn nginx() {
    let address = "127.77.2.1";
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::make(dir.path());
    programs::self_signed(dir.path());
    std::fs::create_dir_all(dir.path().join("www/files")).unwrap();
    std::fs::write(dir.path().join("www/files/readings.csv"), "invented").unwrap();
    std::fs::write(dir.path().join("passwords"), "admin:{PLAIN}admin\n").unwrap();
    let weak_server = format!(
        "server {{ listen {address}:8080; root {d}/www; autoindex on; server_tokens on; location /admin {{ auth_basic admin; auth_basic_user_file {d}/passwords; try_files $uri /files/readings.csv; }} location = /nginx_status {{ stub_status; }} }}
         server {{ listen {address}:8443 ssl; root {d}/www; autoindex on; ssl_certificate {d}/self.pem; ssl_certificate_key {d}/self.key; ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0; }}",
        d = dir.path().display()
    );
    let server = Program::nginx(dir.path(), &weak_server, address, 8443);
    let services = r#"{ name = "plain", port = 8080, protocol = "http" }, { name = "web", port = 8443, protocol = "http", tls = true }"#;
    let (failed, _) = checked(dir.path(), address, services, &(flow("plain") + &flow("web")));
    weak(
        "nginx",
        &failed,
        &[
            "tls-obsolete-version",
            "tls-broken-suite",
            "tls-dated-suite",
            "certificate-untrusted",
            "certificate-name-mismatch",
            "http-no-redirect-to-tls",
            "http-no-hsts",
            "http-directory-listing",
            "http-version-told",
            "http-login-in-clear",
            "http-default-credentials",
            "http-debug-page",
            "flow-in-clear",
        ],
    );
    drop(server);
    let dir = tempfile::tempdir().unwrap();
    pki.copy(dir.path());
    std::fs::create_dir_all(dir.path().join("www/.well-known")).unwrap();
    std::fs::write(dir.path().join("www/index.html"), "<!doctype html><title>Portal</title><p>Hello")
        .unwrap();
    let hard_server = format!(
        "server_tokens off;
         server {{ listen {address}:8080; return 301 https://it.twin.test:8443$request_uri; }}
         server {{ listen {address}:8443 ssl; root {d}/www; ssl_certificate {d}/it.pem; ssl_certificate_key {d}/it.key;
           ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20; ssl_ecdh_curve X25519:prime256v1;
           add_header Strict-Transport-Security \"max-age=31536000\" always; add_header X-Content-Type-Options nosniff always;
           add_header Content-Security-Policy \"default-src 'self'; frame-ancestors 'none'\" always; add_header Referrer-Policy no-referrer always; }}",
        d = dir.path().display()
    );
    let _server = Program::nginx(dir.path(), &hard_server, address, 8443);
    let services = r#"{ name = "plain", port = 8080, protocol = "http", purpose = "leads to TLS" }, { name = "web", port = 8443, protocol = "http", tls = true }"#;
    let (failed, assessment) = checked(dir.path(), address, services, &flow("web"));
    hardened(
        "nginx",
        &failed,
        &assessment,
        &[
            "tls-obsolete-version",
            "tls-current-version-missing",
            "tls-newest-not-chosen",
            "tls-broken-suite",
            "tls-dated-suite",
            "tls-weak-group",
            "tls-weak-key",
            "tls-insecure-renegotiation",
            "tls-compression",
            "certificate-expired",
            "certificate-name-mismatch",
            "certificate-untrusted",
            "certificate-weak-signature",
            "http-no-redirect-to-tls",
            "http-no-hsts",
            "http-no-security-headers",
            "http-directory-listing",
            "http-trace",
            "http-version-told",
        ],
    );
}

#[test]
fn openssl() {
    let address = "127.77.3.1";
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::make(dir.path());
    programs::expired(dir.path());
    let weak_args = [
        "-cert",
        "old.pem",
        "-key",
        "old.key",
        "-cipher",
        "ALL:eNULL:@SECLEVEL=0",
        "-min_protocol",
        "TLSv1",
        "-max_protocol",
        "TLSv1.2",
        "-www",
    ];
    let server = Program::s_server(dir.path(), &weak_args, address, 4433);
    let service =
        r#"{ name = "web", port = 4433, protocol = "http", tls = true, client_certificate = true }"#;
    let (failed, _) = checked(dir.path(), address, service, &flow("web"));
    weak(
        "openssl s_server",
        &failed,
        &[
            "tls-obsolete-version",
            "tls-broken-suite",
            "tls-dated-suite",
            "tls-weak-key",
            "tls-client-certificate-not-demanded",
            "certificate-expired",
            "certificate-untrusted",
        ],
    );
    drop(server);
    let dir = tempfile::tempdir().unwrap();
    pki.copy(dir.path());
    let hard_args = [
        "-cert",
        "it.pem",
        "-key",
        "it.key",
        "-CAfile",
        "ca.pem",
        "-Verify",
        "1",
        "-verify_return_error",
        "-min_protocol",
        "TLSv1.2",
        "-cipher",
        "ECDHE+AESGCM",
        "-www",
    ];
    let _server = Program::s_server(dir.path(), &hard_args, address, 4433);
    let (failed, assessment) = checked(dir.path(), address, service, &flow("web"));
    hardened(
        "openssl s_server",
        &failed,
        &assessment,
        &[
            "tls-obsolete-version",
            "tls-client-certificate-not-demanded",
            "tls-broken-suite",
            "certificate-untrusted",
        ],
    );
}

#[test]
fn dcmtk() {
    let address = "127.77.4.1";
    let dir = tempfile::tempdir().unwrap();
    Pki::make(dir.path());
    let _server = Program::dcmqrscp(dir.path(), 11112);
    // DCMTK listens at all addresses; what it grants is what counts.
    let service = r#"{ name = "archive", port = 11112, protocol = "dicom", ae_title = "PACS" }"#;
    let (failed, _) = checked(dir.path(), address, service, &flow("archive"));
    weak(
        "dcmqrscp",
        &failed,
        &["dicom-unknown-peer", "dicom-open-query", "dicom-open-store", "dicom-in-clear", "flow-in-clear"],
    );
    let dir = tempfile::tempdir().unwrap();
    Pki::make(dir.path());
    let _receiver = Program::storescp(dir.path(), 11114);
    let service = r#"{ name = "receiver", port = 11114, protocol = "dicom", ae_title = "RECEIVER" }"#;
    let (failed, _) = checked(dir.path(), address, service, &flow("receiver"));
    weak("storescp", &failed, &["dicom-unknown-peer", "dicom-open-store", "dicom-in-clear"]);
}

#[test]
fn orthanc() {
    let address = "127.77.5.1";
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::make(dir.path());
    let open = r#""DicomAlwaysAllowFind": true, "DicomCheckCalledAet": false, "AuthenticationEnabled": false, "DicomPort": 4242, "HttpPort": 8042"#;
    let server = Program::orthanc(dir.path(), open, 4242);
    let service = r#"{ name = "archive", port = 4242, protocol = "dicom", ae_title = "ORTHANC" }"#;
    let (failed, _) = checked(dir.path(), address, service, &flow("archive"));
    weak("Orthanc", &failed, &["dicom-unknown-peer", "dicom-open-store", "dicom-in-clear", "flow-in-clear"]);
    drop(server);
    let dir = tempfile::tempdir().unwrap();
    pki.copy(dir.path());
    let d = dir.path().display();
    let closed = format!(
        r#""DicomAlwaysAllowEcho": false, "DicomAlwaysAllowStore": false, "DicomAlwaysAllowFind": false, "DicomAlwaysAllowGet": false, "DicomAlwaysAllowMove": false, "DicomAlwaysAllowFindWorklist": false, "DicomCheckCalledAet": true, "DicomTlsEnabled": true, "DicomTlsCertificate": "{d}/it.pem", "DicomTlsPrivateKey": "{d}/it.key", "DicomTlsTrustedCertificates": "{d}/ca.pem", "DicomTlsRemoteCertificateRequired": true, "DicomPort": 4243, "HttpServerEnabled": false"#
    );
    let _server = Program::orthanc(dir.path(), &closed, 4243);
    let service = r#"{ name = "archive", port = 4243, protocol = "dicom", tls = true, client_certificate = true, ae_title = "ORTHANC" }"#;
    let (failed, assessment) = checked(dir.path(), address, service, &flow("archive"));
    hardened(
        "Orthanc",
        &failed,
        &assessment,
        &["dicom-in-clear", "flow-in-clear", "tls-client-certificate-not-demanded"],
    );
}
