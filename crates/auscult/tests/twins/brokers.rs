//! Brokers beside MQTT over TCP: NATS, and MQTT over WebSockets of mosquitto; each open and closed.

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 4] = [
    Twin {
        name: "nats-open",
        address: [127, 91, 3, 1],
        everywhere: &[],
        start: nats_open,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "broker", port = 17931, protocol = "nats" }]
"#,
        must: Must::Fail(&[
            ("AUT-03", "hub/broker", "broker-open-to-strangers"),
            ("AUT-05", "hub/broker", "broker-in-clear"),
            ("NET-02", "hub/broker", "broker-in-clear"),
        ]),
    },
    Twin {
        name: "nats-closed",
        address: [127, 91, 3, 2],
        everywhere: &[],
        start: nats_closed,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "broker", port = 17932, protocol = "nats" }]
"#,
        must: Must::Hold(&["broker-open-to-strangers", "broker-in-clear"]),
    },
    Twin {
        name: "mosquitto-websocket-open",
        address: [127, 91, 3, 3],
        everywhere: &[17933],
        start: websocket_open,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "broker", port = 17933, protocol = "mqtt-websocket" }]
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
        ]),
    },
    Twin {
        name: "mosquitto-websocket-closed",
        address: [127, 91, 3, 4],
        everywhere: &[17934],
        start: websocket_closed,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "broker", port = 17934, protocol = "mqtt-websocket", tls = true }]
"#,
        must: Must::Hold(&[
            "mqtt-anonymous-access",
            "mqtt-wildcard-subscribe",
            "mqtt-foreign-publish",
            "mqtt-client-id-takeover",
            "mqtt-default-credentials",
            "mqtt-system-topics",
            "mqtt-in-clear",
        ]),
    },
];

fn nats(ground: &Ground, port: u16, lines: &str) -> Vec<Running> {
    ground.write("nats.conf", &format!("listen: \"{}:{port}\"\n{lines}\n", ground.address));
    let configuration = ground.at("nats.conf");
    vec![ground.start("nats-server", "nats-server", &format!("-c {configuration}"), &[port])]
}

fn nats_open(ground: &Ground) -> Vec<Running> {
    nats(ground, 17931, "")
}

fn nats_closed(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let lines = format!(
        "authorization {{ user: cuff, password: \"7e1f0a93-c4d2\" }}\ntls {{ cert_file: \"{}\", key_file: \"{}\" }}",
        ground.at("server.crt"),
        ground.at("server.key")
    );
    nats(ground, 17932, &lines)
}

fn mosquitto(ground: &Ground, port: u16, lines: &str) -> Vec<Running> {
    // As root it would go over to a user who cannot read this folder. Version 2.0.11 does not start with listeners for
    // WebSockets alone, and opens them at every address.
    let text = format!(
        "user root\npersistence false\nlistener 0 {}\nlistener {port}\nprotocol websockets\n{lines}\n",
        ground.at("socket")
    );
    ground.write("mosquitto.conf", &text);
    let configuration = ground.at("mosquitto.conf");
    vec![ground.start("mosquitto", "mosquitto", &format!("-c {configuration}"), &[port])]
}

fn websocket_open(ground: &Ground) -> Vec<Running> {
    mosquitto(ground, 17933, "allow_anonymous true")
}

fn websocket_closed(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let passwords = ground.at("passwords");
    ground.run("mosquitto_passwd", "mosquitto", &format!("-b -c {passwords} cuff d2f0b1c6-8a57-4e0c"));
    ground.write("acl", "user cuff\ntopic write cuff/vitals\n");
    let lines = format!(
        "allow_anonymous false\npassword_file {passwords}\nacl_file {}\ncertfile {}\nkeyfile {}\n\
         tls_version tlsv1.2\nciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384",
        ground.at("acl"),
        ground.at("server.crt"),
        ground.at("server.key")
    );
    mosquitto(ground, 17934, &lines)
}
