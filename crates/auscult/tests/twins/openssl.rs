//! `openssl s_server`: as old as Debian's build lets it be, and as strict as it can be.

use crate::assess::{Must, Twin};
use crate::certificates::{GOOD, Order};
use crate::program::{Ground, Running};

const PACKAGE: &str = "openssl";

pub(crate) const TWINS: [Twin; 4] = [
    Twin {
        name: "openssl-old",
        address: [127, 77, 3, 1],
        everywhere: &[],
        start: old,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
host_names = ["hub.test"]
services = [{ name = "api", port = 17301, protocol = "http", tls = true }]
"#,
        must: Must::Fail(&[
            ("TLS-02", "hub/api", "tls-obsolete-version"),
            ("TLS-02", "hub/api", "tls-current-version-missing"),
            ("TLS-03", "hub/api", "tls-broken-suite"),
            ("TLS-03", "hub/api", "tls-dated-suite"),
            ("TLS-03", "hub/api", "tls-weak-group"),
            ("TLS-03", "hub/api", "tls-weak-key"),
            ("PKI-01", "hub/api", "certificate-expired"),
            ("PKI-01", "hub/api", "certificate-expiring"),
            ("PKI-01", "hub/api", "certificate-weak-signature"),
        ]),
    },
    Twin {
        name: "openssl-all-versions",
        address: [127, 77, 3, 2],
        everywhere: &[],
        start: all_versions,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
host_names = ["hub.test"]
services = [{ name = "api", port = 17302, protocol = "http", tls = true, client_certificate = true }]
"#,
        must: Must::Fail(&[
            ("TLS-02", "hub/api", "tls-obsolete-version"),
            ("TLS-03", "hub/api", "tls-broken-suite"),
            ("TLS-03", "hub/api", "tls-dated-suite"),
            ("TLS-03", "hub/api", "tls-weak-group"),
            ("TLS-03", "hub/api", "tls-weak-key"),
            ("TLS-06", "hub/api", "tls-client-certificate-not-demanded"),
            ("PKI-01", "hub/api", "certificate-name-mismatch"),
            ("PKI-01", "hub/api", "certificate-untrusted"),
            ("SRV-04", "hub/api", "http-no-hsts"),
            ("SRV-04", "hub/api", "http-no-security-headers"),
        ]),
    },
    Twin {
        name: "openssl-strict",
        address: [127, 77, 3, 3],
        everywhere: &[],
        start: strict,
        scenario: r#"
[gateway.hub]
class = "IV"
address = "{address}"
host_names = ["hub.test"]
services = [{ name = "api", port = 17303, protocol = "http", tls = true, client_certificate = true }]
"#,
        must: Must::Hold(&STRICT),
    },
    Twin {
        name: "openssl-strict-1.3",
        address: [127, 77, 3, 4],
        everywhere: &[],
        start: strict_13,
        scenario: r#"
[gateway.hub]
class = "IV"
address = "{address}"
host_names = ["hub.test"]
services = [{ name = "api", port = 17304, protocol = "http", tls = true, client_certificate = true }]
"#,
        must: Must::Hold(&STRICT),
    },
];

const STRICT: [&str; 20] = [
    "tls-obsolete-version",
    "tls-current-version-missing",
    "tls-newest-not-chosen",
    "tls-broken-suite",
    "tls-dated-suite",
    "tls-weak-group",
    "tls-weak-key",
    "tls-insecure-renegotiation",
    "tls-compression",
    "tls-downgrade-unnoticed",
    "tls-heartbeat-overread",
    "tls-early-key-change",
    "tls-rsa-padding-told",
    "tls-client-certificate-not-demanded",
    "certificate-expired",
    "certificate-name-mismatch",
    "certificate-untrusted",
    "certificate-wrong-purpose",
    "certificate-weak-signature",
    "service-undeclared",
];

fn serve(ground: &Ground, port: u16, arguments: &str) -> Vec<Running> {
    let line = format!(
        "s_server -accept {}:{port} -cert server.crt -key server.key -www {arguments}",
        ground.address
    );
    vec![ground.start("openssl", PACKAGE, &line, &[port])]
}

/// TLS 1.0 and nothing else, with a certificate of those days.
fn old(ground: &Ground) -> Vec<Running> {
    ground.authority("authority");
    ground.certificate(Order {
        key: "rsa:1024",
        hash: "sha1",
        host: "hub.test",
        until: "20201231000000Z",
        ..GOOD
    });
    ground.run("openssl", PACKAGE, "dhparam -dsaparam -out dh.pem 1024");
    serve(ground, 17301, "-tls1 -dhparam dh.pem -cipher ALL:COMPLEMENTOFALL:@SECLEVEL=0")
}

/// Every version that the build has, each suite, and a client certificate that is asked for and not demanded.
fn all_versions(ground: &Ground) -> Vec<Running> {
    ground.authority("authority");
    ground.authority("stranger");
    ground.certificate(Order { key: "rsa:2048", by: "stranger", host: "other.test", ..GOOD });
    ground.run("openssl", PACKAGE, "dhparam -dsaparam -out dh.pem 1024");
    serve(
        ground,
        17302,
        "-min_protocol TLSv1 -dhparam dh.pem -cipher ALL:COMPLEMENTOFALL:@SECLEVEL=0 -legacy_renegotiation \
         -groups P-256:secp224r1 -verify 1 -CAfile authority.crt",
    )
}

fn strict(ground: &Ground) -> Vec<Running> {
    ground.authority("authority");
    ground.certificate(Order { host: "hub.test", ..GOOD });
    serve(
        ground,
        17303,
        "-min_protocol TLSv1.2 -cipher ECDHE+AESGCM:ECDHE+CHACHA20 -Verify 1 -verify_return_error -CAfile authority.crt",
    )
}

fn strict_13(ground: &Ground) -> Vec<Running> {
    ground.authority("authority");
    ground.certificate(Order { host: "hub.test", key: "rsa:3072", ..GOOD });
    serve(ground, 17304, "-tls1_3 -Verify 1 -verify_return_error -CAfile authority.crt")
}
