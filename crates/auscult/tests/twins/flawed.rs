//! Known flaws of implementations, which no server of Debian has any more, on a front before one that has none; and
//! certificates that were revoked, by statuses and lists of `openssl`.

use std::net::SocketAddr;

use crate::assess::{Must, Twin};
use crate::certificates::{GOOD, Order};
use crate::front::{Flaws, Heart, Tell, front};
use crate::program::{Ground, Running};

const PACKAGE: &str = "openssl";

pub(crate) const TWINS: [Twin; 6] = [
    Twin {
        name: "tls-flawed",
        address: [127, 0, 179, 1],
        everywhere: &[],
        start: flawed,
        scenario: r#"
[gateway.hub]
class = "II"
address = "{address}"
host_names = ["hub.test"]
services = [{ name = "api", port = 17300, protocol = "http", tls = true }]
"#,
        must: Must::Fail(&[
            ("TLS-03", "hub/api", "tls-dated-suite"),
            ("TLS-04", "hub/api", "tls-heartbeat-overread"),
            ("TLS-04", "hub/api", "tls-early-key-change"),
            ("TLS-04", "hub/api", "tls-rsa-padding-told"),
            ("TLS-04", "hub/api", "tls-session-id-overread"),
            ("SRV-04", "hub/api", "http-no-hsts"),
            ("SRV-04", "hub/api", "http-no-security-headers"),
        ]),
    },
    Twin {
        name: "openssl-status-revoked",
        address: [127, 0, 179, 3],
        everywhere: &[],
        start: status_revoked,
        scenario: HUB,
        must: Must::Fail(&[("PKI-01", "hub/api", "certificate-revoked")]),
    },
    Twin {
        name: "openssl-listed",
        address: [127, 0, 179, 4],
        everywhere: &[],
        start: listed,
        scenario: HUB,
        must: Must::Fail(&[("PKI-01", "hub/api", "certificate-revoked")]),
    },
    Twin {
        name: "openssl-status-promised",
        address: [127, 0, 179, 5],
        everywhere: &[],
        start: promised,
        scenario: HUB,
        must: Must::Fail(&[("PKI-01", "hub/api", "certificate-staple-broken")]),
    },
    Twin {
        name: "openssl-status-good",
        address: [127, 0, 179, 6],
        everywhere: &[],
        start: status_good,
        scenario: HUB,
        must: Must::Hold(&["certificate-revoked", "certificate-staple-broken", "certificate-untrusted"]),
    },
    Twin {
        name: "openssl-not-listed",
        address: [127, 0, 179, 7],
        everywhere: &[],
        start: not_listed,
        scenario: HUB,
        must: Must::Hold(&["certificate-revoked", "certificate-staple-broken", "certificate-untrusted"]),
    },
];

const HUB: &str = r#"
[gateway.hub]
class = "II"
address = "{address}"
host_names = ["hub.test"]
services = [{ name = "api", port = 17302, protocol = "http", tls = true, client_certificate = true }]
"#;

/// Certificates that promise a stapled status.
const PROMISE: &str = "serverAuth\ntlsfeature = status_request";

fn flawed(ground: &Ground) -> Vec<Running> {
    ground.authority("authority");
    ground.certificate(Order { key: "rsa:2048", host: "hub.test", ..GOOD });
    let line = format!(
        "s_server -accept {}:17301 -cert server.crt -key server.key -www -tls1_2 \
         -cipher AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
        ground.address
    );
    let running = ground.start("openssl", PACKAGE, &line, &[17301]);
    let flaws = Flaws {
        heartbeat: Some(Heart::Believes),
        early: true,
        session: true,
        rsa: Some((Tell::Faults, ground.at("server.key"))),
    };
    front(SocketAddr::from((ground.address, 17300)), SocketAddr::from((ground.address, 17301)), flaws);
    vec![running]
}

fn serve(ground: &Ground, arguments: &str) -> Vec<Running> {
    let line = format!(
        "s_server -accept {}:17302 -cert server.crt -key server.key -www -min_protocol TLSv1.2 \
         -cipher ECDHE+AESGCM -Verify 1 -verify_return_error -CAfile authority.crt {arguments}",
        ground.address
    );
    vec![ground.start("openssl", PACKAGE, line.trim_end(), &[17302])]
}

fn run(ground: &Ground, arguments: &str) {
    ground.run("openssl", PACKAGE, arguments);
}

fn issued(ground: &Ground, usage: &'static str, revoked: bool) {
    ground.authority("authority");
    ground.certificate(Order { host: "hub.test", usage, ..GOOD });
    if revoked {
        run(ground, "ca -config server.cnf -keyfile authority.key -cert authority.crt -revoke server.crt");
    }
}

/// A status of the certificate in `status.der`.
fn status(ground: &Ground) {
    run(ground, "ocsp -issuer authority.crt -cert server.crt -no_nonce -reqout request.der");
    run(
        ground,
        "ocsp -index server.index -CA authority.crt -rsigner authority.crt -rkey authority.key -reqin request.der \
         -ndays 5 -respout status.der",
    );
}

/// The authority's list in `authority.crl`, which the scenario then names.
fn list(ground: &Ground) {
    run(
        ground,
        "ca -config server.cnf -keyfile authority.key -cert authority.crt -gencrl -crldays 30 -out authority.crl",
    );
}

const STAPLES: &str = "-status -status_file status.der";

fn status_revoked(ground: &Ground) -> Vec<Running> {
    issued(ground, GOOD.usage, true);
    status(ground);
    serve(ground, STAPLES)
}

fn status_good(ground: &Ground) -> Vec<Running> {
    issued(ground, PROMISE, false);
    status(ground);
    serve(ground, STAPLES)
}

fn listed(ground: &Ground) -> Vec<Running> {
    issued(ground, GOOD.usage, true);
    list(ground);
    serve(ground, "")
}

fn not_listed(ground: &Ground) -> Vec<Running> {
    issued(ground, GOOD.usage, false);
    list(ground);
    serve(ground, "")
}

fn promised(ground: &Ground) -> Vec<Running> {
    issued(ground, PROMISE, false);
    serve(ground, "")
}
