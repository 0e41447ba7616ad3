//! TigerVNC and xrdp: screens that are shown to everybody, to whoever listens, and inside TLS.

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 4] = [
    Twin {
        name: "tigervnc-open",
        address: [127, 90, 2, 31],
        everywhere: &[],
        start: open,
        scenario: r#"
[device.monitor]
class = "III"
address = "{address}"
services = [{ name = "screen", port = 17851, protocol = "vnc" }]
"#,
        must: Must::Fail(&[
            ("AUT-03", "monitor/screen", "vnc-no-authentication"),
            ("AUT-05", "monitor/screen", "vnc-in-clear"),
            ("SRV-02", "monitor/screen", "vnc-in-clear"),
        ]),
    },
    Twin {
        name: "tigervnc-tls",
        address: [127, 90, 2, 32],
        everywhere: &[],
        start: tls,
        scenario: r#"
[device.monitor]
class = "III"
address = "{address}"
services = [{ name = "screen", port = 17852, protocol = "vnc" }]
"#,
        must: Must::Hold(&["vnc-no-authentication", "vnc-in-clear"]),
    },
    Twin {
        name: "xrdp-own-security",
        address: [127, 90, 2, 33],
        everywhere: &[],
        start: own_security,
        scenario: r#"
[device.monitor]
class = "III"
address = "{address}"
services = [{ name = "screen", port = 17853, protocol = "rdp" }]
"#,
        must: Must::Fail(&[
            ("AUT-05", "monitor/screen", "rdp-standard-security"),
            ("SRV-02", "monitor/screen", "rdp-standard-security"),
            ("SRV-02", "monitor/screen", "rdp-without-nla"),
        ]),
    },
    Twin {
        // It knows no login before the session, so that one fault is left.
        name: "xrdp-tls",
        address: [127, 90, 2, 34],
        everywhere: &[],
        start: rdp_inside_tls,
        scenario: r#"
[device.monitor]
class = "III"
address = "{address}"
services = [{ name = "screen", port = 17854, protocol = "rdp" }]
"#,
        must: Must::Fail(&[("SRV-02", "monitor/screen", "rdp-without-nla")]),
    },
];

fn tigervnc(ground: &Ground, display: u16, port: u16, options: &str) -> Vec<Running> {
    // It counts each connection without a login as one that failed, those of the oracle too, and shuts out after five.
    let patience = "-BlacklistThreshold 100";
    let arguments = format!(
        ":{display} -interface {} -rfbport {port} -nolisten tcp {patience} {options}",
        ground.address
    );
    vec![ground.start("Xtigervnc", "tigervnc-standalone-server", &arguments, &[port])]
}

fn open(ground: &Ground) -> Vec<Running> {
    tigervnc(ground, 178, 17851, "-SecurityTypes None,VncAuth")
}

fn tls(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let options = format!(
        "-SecurityTypes X509Plain,X509Vnc -X509Cert {} -X509Key {}",
        ground.at("server.crt"),
        ground.at("server.key")
    );
    tigervnc(ground, 179, 17852, &options)
}

fn xrdp(ground: &Ground, port: u16, lines: &str) -> Vec<Running> {
    let text = format!(
        "[Globals]\nini_version=1\nfork=true\nport=tcp://{}:{port}\ncrypt_level=high\n{lines}\n[Logging]\n\
         LogFile={}\nLogLevel=INFO\nEnableSyslog=false\n[Channels]\n",
        ground.address,
        ground.at("xrdp.log")
    );
    ground.write("xrdp.ini", &text);
    let arguments = format!("--nodaemon --config {}", ground.at("xrdp.ini"));
    vec![ground.start("xrdp", "xrdp", &arguments, &[port])]
}

fn own_security(ground: &Ground) -> Vec<Running> {
    xrdp(ground, 17853, "security_layer=rdp")
}

fn rdp_inside_tls(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let lines = format!(
        "security_layer=tls\nssl_protocols=TLSv1.2, TLSv1.3\ncertificate={}\nkey_file={}",
        ground.at("server.crt"),
        ground.at("server.key")
    );
    xrdp(ground, 17854, &lines)
}
