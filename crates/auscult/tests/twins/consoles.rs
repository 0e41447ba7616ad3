//! Data stores and dashboards over HTTP: InfluxDB, etcd and Prometheus, each open in clear and closed inside TLS.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::assess::{Must, Planted, Twin};
use crate::program::{Ground, Running};

/// Both give their own measurements to everybody, whatever is switched off.
const TELLS_OF_ITSELF: Planted = ("SRV-03", "hub/api", "http-debug-page");
const OPEN: Planted = ("AUT-03", "hub/api", "console-open-to-strangers");
const IN_CLEAR: Planted = ("NET-02", "hub/api", "console-in-clear");

pub(crate) const TWINS: [Twin; 6] = [
    Twin {
        name: "influxdb-open",
        address: [127, 91, 2, 1],
        everywhere: &[],
        start: influxdb_open,
        scenario: INFLUXDB_OPEN,
        must: Must::Fail(&[OPEN, IN_CLEAR, TELLS_OF_ITSELF]),
    },
    Twin {
        name: "influxdb-closed",
        address: [127, 91, 2, 2],
        everywhere: &[],
        start: influxdb_closed,
        scenario: INFLUXDB_CLOSED,
        must: Must::Fail(&[TELLS_OF_ITSELF]),
    },
    Twin {
        name: "etcd-open",
        address: [127, 91, 2, 3],
        everywhere: &[],
        start: etcd_open,
        scenario: ETCD_OPEN,
        must: Must::Fail(&[OPEN, IN_CLEAR, TELLS_OF_ITSELF]),
    },
    Twin {
        name: "etcd-closed",
        address: [127, 91, 2, 4],
        everywhere: &[],
        start: etcd_closed,
        scenario: ETCD_CLOSED,
        must: Must::Fail(&[TELLS_OF_ITSELF]),
    },
    Twin {
        name: "prometheus-open",
        address: [127, 91, 2, 5],
        everywhere: &[],
        start: prometheus_open,
        scenario: PROMETHEUS_OPEN,
        must: Must::Fail(&[
            OPEN,
            IN_CLEAR,
            TELLS_OF_ITSELF,
            ("SRV-04", "hub/api", "http-directory-listing"),
            ("SRV-04", "hub/api", "http-no-redirect-to-tls"),
            ("SRV-04", "hub/api", "http-no-security-headers"),
        ]),
    },
    Twin {
        name: "prometheus-closed",
        address: [127, 91, 2, 6],
        everywhere: &[],
        start: prometheus_closed,
        scenario: PROMETHEUS_CLOSED,
        must: Must::Hold(&["console-open-to-strangers", "console-in-clear", "tls-dated-suite"]),
    },
];

/// Suites with forward secrecy and authenticated encryption.
const CIPHERS: [&str; 2] =
    ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"];

const INFLUXDB_OPEN: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "api", port = 17921, protocol = "http" }]
"#;

const INFLUXDB_CLOSED: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "api", port = 17922, protocol = "http", tls = true }]
"#;

const ETCD_OPEN: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "api", port = 17923, protocol = "http" }]
"#;

const ETCD_CLOSED: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "api", port = 17924, protocol = "http", tls = true }]
"#;

const PROMETHEUS_OPEN: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "api", port = 17925, protocol = "http" }]
"#;

const PROMETHEUS_CLOSED: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "api", port = 17926, protocol = "http", tls = true }]
"#;

fn influxdb(ground: &Ground, port: u16, lines: &str) -> Vec<Running> {
    let (at, folder) = (ground.address, ground.at("data"));
    let text = format!(
        "reporting-disabled = true\nbind-address = \"{at}:{}\"\n[meta]\ndir = \"{folder}/meta\"\n[data]\n\
         dir = \"{folder}/data\"\nwal-dir = \"{folder}/wal\"\n[http]\nbind-address = \"{at}:{port}\"\n{lines}\n",
        port + 100
    );
    ground.write("influxdb.conf", &text);
    let configuration = ground.at("influxdb.conf");
    vec![ground.start("influxd", "influxdb", &format!("run -config {configuration}"), &[port])]
}

fn influxdb_open(ground: &Ground) -> Vec<Running> {
    influxdb(ground, 17921, "auth-enabled = false")
}

fn influxdb_closed(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let lines = format!(
        "auth-enabled = true\nhttps-enabled = true\nhttps-certificate = \"{}\"\nhttps-private-key = \"{}\"\n\
         pprof-enabled = false\n[tls]\nmin-version = \"tls1.2\"\nciphers = {CIPHERS:?}",
        ground.at("server.crt"),
        ground.at("server.key")
    );
    influxdb(ground, 17922, &lines)
}

fn etcd(ground: &Ground, scheme: &str, port: u16, more: &str) -> Running {
    let (at, data) = (ground.address, ground.at("data"));
    let arguments = format!(
        "--data-dir {data} --listen-client-urls {scheme}://{at}:{port} --advertise-client-urls {scheme}://{at}:{port} \
         --listen-peer-urls http://{at}:{} --initial-advertise-peer-urls http://{at}:{} \
         --initial-cluster default=http://{at}:{}{more}",
        port + 100,
        port + 100,
        port + 100
    );
    ground.start("etcd", "etcd-server", &arguments, &[port])
}

fn etcd_open(ground: &Ground) -> Vec<Running> {
    vec![etcd(ground, "http", 17923, "")]
}

/// etcd demands a login once an account `root` exists and logins are switched on.
fn etcd_closed(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let first = etcd(ground, "http", 17944, "");
    for (path, body) in [
        ("/v3/auth/user/add", r#"{"name":"root","password":"b7d20c4f-55e1"}"#),
        ("/v3/auth/role/add", r#"{"name":"root"}"#),
        ("/v3/auth/user/grant", r#"{"user":"root","role":"root"}"#),
        ("/v3/auth/enable", "{}"),
    ] {
        post(SocketAddr::from((ground.address, 17944)), path, body);
    }
    drop(first);
    let more = format!(
        " --cert-file {} --key-file {} --cipher-suites {}",
        ground.at("server.crt"),
        ground.at("server.key"),
        CIPHERS.join(",")
    );
    vec![etcd(ground, "https", 17924, &more)]
}

fn post(to: SocketAddr, path: &str, body: &str) {
    let mut stream = TcpStream::connect(to).expect("a connection");
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("a question");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
}

fn prometheus(ground: &Ground, port: u16, more: &str) -> Vec<Running> {
    ground.write("prometheus.yml", "global:\n  scrape_interval: 1h\n");
    let arguments = format!(
        "--config.file={} --storage.tsdb.path={} --web.listen-address={}:{port}{more}",
        ground.at("prometheus.yml"),
        ground.at("data"),
        ground.address
    );
    vec![ground.start("prometheus", "prometheus", &arguments, &[port])]
}

fn prometheus_open(ground: &Ground) -> Vec<Running> {
    prometheus(ground, 17925, "")
}

fn prometheus_closed(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    // The password is forgotten; only its hash is here.
    let web = format!(
        "tls_server_config:\n  cert_file: {}\n  key_file: {}\n  cipher_suites: {CIPHERS:?}\nbasic_auth_users:\n  \
         clinic: $2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgkj81Ay\n",
        ground.at("server.crt"),
        ground.at("server.key")
    );
    ground.write("web.yml", &web);
    let more = format!(" --web.config.file={}", ground.at("web.yml"));
    prometheus(ground, 17926, &more)
}
