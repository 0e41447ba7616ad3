//! Mosquitto: open to everybody; with passwords that everybody knows; with good passwords; with client certificates.

use crate::assess::{Must, Twin};
use crate::certificates::{GOOD, Order};
use crate::program::{Ground, Running};

pub(crate) const PACKAGE: &str = "mosquitto";

pub(crate) const TWINS: [Twin; 4] = [
    Twin {
        name: "mosquitto-open",
        address: [127, 77, 1, 1],
        everywhere: &[],
        start: open,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "broker", port = 17101, protocol = "mqtt" }]
[device.cuff]
class = "III"
[network.home]
kind = "wifi"
[[flow]]
from = "cuff"
to = "hub/broker"
data = ["vitals", "identity"]
over = ["home"]
"#,
        must: Must::Fail(&[
            ("MSG-01", "hub/broker", "mqtt-anonymous-access"),
            ("MSG-01", "hub/broker", "mqtt-wildcard-subscribe"),
            ("MSG-01", "hub/broker", "mqtt-foreign-publish"),
            ("MSG-01", "hub/broker", "mqtt-client-id-takeover"),
            ("AUT-03", "hub/broker", "mqtt-anonymous-access"),
            ("AUT-05", "hub/broker", "mqtt-in-clear"),
            ("MSG-02", "hub/broker", "mqtt-in-clear"),
            ("SRV-03", "hub/broker", "mqtt-system-topics"),
            ("TLS-01", "hub/broker", "flow-in-clear"),
            ("TLS-01", "cuff > hub/broker", "flow-in-clear"),
            // The second listener, that nobody has declared.
            ("SRV-01", "hub", "service-undeclared"),
            ("MSG-01", "hub/tcp-17111", "mqtt-anonymous-access"),
            ("MSG-01", "hub/tcp-17111", "mqtt-wildcard-subscribe"),
            ("MSG-01", "hub/tcp-17111", "mqtt-foreign-publish"),
            ("MSG-01", "hub/tcp-17111", "mqtt-client-id-takeover"),
            ("AUT-03", "hub/tcp-17111", "mqtt-anonymous-access"),
            ("AUT-05", "hub/tcp-17111", "mqtt-in-clear"),
            ("MSG-02", "hub/tcp-17111", "mqtt-in-clear"),
            ("SRV-03", "hub/tcp-17111", "mqtt-system-topics"),
        ]),
    },
    Twin {
        name: "mosquitto-known-password",
        address: [127, 77, 1, 2],
        everywhere: &[],
        start: known_password,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "broker", port = 17102, protocol = "mqtt", tls = true, client_certificate = true }]
"#,
        must: Must::Fail(&[
            ("AUT-01", "hub/broker", "mqtt-default-credentials"),
            ("TLS-06", "hub/broker", "tls-client-certificate-not-demanded"),
            ("TLS-03", "hub/broker", "tls-dated-suite"),
            ("TLS-03", "hub/broker", "tls-weak-key"),
            ("PKI-01", "hub/broker", "certificate-untrusted"),
        ]),
    },
    Twin {
        name: "mosquitto-passwords",
        address: [127, 77, 1, 3],
        everywhere: &[],
        start: passwords,
        scenario: HARDENED,
        must: Must::Hold(&[
            "mqtt-anonymous-access",
            "mqtt-wildcard-subscribe",
            "mqtt-foreign-publish",
            "mqtt-client-id-takeover",
            "mqtt-default-credentials",
            "mqtt-system-topics",
            "mqtt-in-clear",
            "flow-in-clear",
            "service-undeclared",
            "service-declaration-wrong",
            "tls-obsolete-version",
            "tls-broken-suite",
            "tls-dated-suite",
            "tls-heartbeat-overread",
            "tls-early-key-change",
            "tls-rsa-padding-told",
            "tls-session-id-overread",
            "tls-weak-group",
            "tls-weak-key",
            "certificate-untrusted",
            "certificate-expired",
            "certificate-name-mismatch",
        ]),
    },
    Twin {
        name: "mosquitto-certificates",
        address: [127, 77, 1, 4],
        everywhere: &[],
        start: certificates,
        scenario: HARDENED_WITH_CERTIFICATES,
        must: Must::Hold(&[
            "mqtt-anonymous-access",
            "mqtt-wildcard-subscribe",
            "mqtt-foreign-publish",
            "mqtt-client-id-takeover",
            "mqtt-default-credentials",
            "mqtt-system-topics",
            "mqtt-in-clear",
            "flow-in-clear",
            "service-undeclared",
            "tls-client-certificate-not-demanded",
            "tls-obsolete-version",
            "tls-broken-suite",
            "tls-dated-suite",
            "tls-weak-group",
            "certificate-untrusted",
            "certificate-name-mismatch",
        ]),
    },
];

const HARDENED: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "broker", port = 17103, protocol = "mqtt", tls = true }]
[device.cuff]
class = "III"
[network.home]
kind = "wifi"
[[flow]]
from = "cuff"
to = "hub/broker"
data = ["vitals", "identity"]
over = ["home"]
"#;

const HARDENED_WITH_CERTIFICATES: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "broker", port = 17104, protocol = "mqtt", tls = true, client_certificate = true }]
[device.cuff]
class = "III"
[network.home]
kind = "wifi"
[[flow]]
from = "cuff"
to = "hub/broker"
data = ["vitals", "identity"]
over = ["home"]
"#;

/// Suites with forward secrecy and authenticated encryption, where the default also has CBC.
pub(crate) const CIPHERS: &str =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305";

pub(crate) fn broker(ground: &Ground, lines: &str, ports: &[u16]) -> Vec<Running> {
    // As root it would go over to a user who cannot read this folder.
    ground.write("mosquitto.conf", &format!("user root\npersistence false\n{lines}\n"));
    let configuration = ground.at("mosquitto.conf");
    vec![ground.start("mosquitto", PACKAGE, &format!("-c {configuration}"), ports)]
}

fn open(ground: &Ground) -> Vec<Running> {
    let at = ground.address;
    let lines = format!("allow_anonymous true\nlistener 17101 {at}\nlistener 17111 {at}");
    broker(ground, &lines, &[17101, 17111])
}

fn account(ground: &Ground, name: &str, password: &str) {
    let file = ground.at("passwords");
    ground.run("mosquitto_passwd", PACKAGE, &format!("-b -c {file} {name} {password}"));
}

fn known_password(ground: &Ground) -> Vec<Running> {
    ground.authority("authority");
    ground.authority("stranger");
    ground.certificate(Order { key: "rsa:2048", by: "stranger", ..GOOD });
    account(ground, "admin", "admin");
    let lines = format!(
        "allow_anonymous false\npassword_file {}\nlistener 17102 {}\ncertfile {}\nkeyfile {}",
        ground.at("passwords"),
        ground.address,
        ground.at("server.crt"),
        ground.at("server.key")
    );
    broker(ground, &lines, &[17102])
}

fn hardened(ground: &Ground, port: u16, more: &str) -> Vec<Running> {
    ground.good_certificate();
    account(ground, "cuff", "d2f0b1c6-8a57-4e0c");
    ground.write("acl", "user cuff\ntopic write cuff/vitals\n");
    let lines = format!(
        "allow_anonymous false\npassword_file {}\nacl_file {}\nlistener {port} {}\ncertfile {}\nkeyfile {}\n\
         tls_version tlsv1.2\nciphers {CIPHERS}\n{more}",
        ground.at("passwords"),
        ground.at("acl"),
        ground.address,
        ground.at("server.crt"),
        ground.at("server.key")
    );
    broker(ground, &lines, &[port])
}

fn passwords(ground: &Ground) -> Vec<Running> {
    hardened(ground, 17103, "")
}

fn certificates(ground: &Ground) -> Vec<Running> {
    let demanded = format!("cafile {}\nrequire_certificate true", ground.at("authority.crt"));
    hardened(ground, 17104, &demanded)
}
