//! Services over UDP: CoAP and DTLS (libcoap, `openssl s_server`), NTP (chrony), DNS (unbound) and TFTP (atftpd).

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 8] = [
    Twin {
        name: "libcoap-open",
        address: [127, 92, 2, 1],
        everywhere: &[],
        start: coap_open,
        scenario: r#"
[device.sensor]
class = "II"
address = "{address}"
services = [{ name = "values", port = 17683, transport = "udp", protocol = "coap" }]
[gateway.hub]
class = "II"
[network.home]
kind = "wifi"
[[flow]]
from = "hub"
to = "sensor/values"
data = ["vitals"]
over = ["home"]
"#,
        must: Must::Fail(&[
            ("MSG-03", "sensor/values", "coap-open-resources"),
            ("AUT-03", "sensor/values", "coap-open-resources"),
            ("MSG-03", "sensor/values", "coap-amplifier"),
            ("NET-07", "sensor/values", "coap-amplifier"),
            ("TLS-01", "sensor/values", "flow-in-clear"),
            ("TLS-01", "hub > sensor/values", "flow-in-clear"),
        ]),
    },
    Twin {
        name: "libcoap-shared-key",
        address: [127, 92, 2, 2],
        everywhere: &[],
        start: coap_shared_key,
        scenario: r#"
[device.sensor]
class = "II"
address = "{address}"
services = [{ name = "values", port = 17684, transport = "udp", protocol = "coap", tls = true }]
[gateway.hub]
class = "II"
[network.home]
kind = "wifi"
[[flow]]
from = "hub"
to = "sensor/values"
data = ["vitals"]
over = ["home"]
"#,
        must: Must::Hold(&[
            "dtls-obsolete-version",
            "dtls-broken-suite",
            "dtls-no-cookie",
            "flow-in-clear",
            "service-cleartext-administration",
        ]),
    },
    Twin {
        name: "openssl-dtls-old",
        address: [127, 92, 2, 3],
        everywhere: &[],
        start: dtls_old,
        scenario: DTLS,
        must: Must::Fail(&[
            ("TLS-02", "hub/values", "dtls-obsolete-version"),
            ("TLS-03", "hub/values", "dtls-broken-suite"),
        ]),
    },
    Twin {
        name: "openssl-dtls-strict",
        address: [127, 92, 2, 4],
        everywhere: &[],
        start: dtls_strict,
        scenario: DTLS,
        must: Must::Hold(&["dtls-obsolete-version", "dtls-broken-suite", "dtls-no-cookie"]),
    },
    Twin {
        name: "chrony",
        address: [127, 92, 2, 5],
        everywhere: &[],
        start: chrony,
        scenario: r#"
[gateway.hub]
class = "II"
address = "{address}"
services = [{ name = "time", port = 17123, transport = "udp", protocol = "ntp" }]
"#,
        must: Must::Hold(&[
            "ntp-control-open",
            "service-declaration-wrong",
            "service-cleartext-administration",
        ]),
    },
    Twin {
        name: "unbound-for-all",
        address: [127, 92, 2, 6],
        everywhere: &[],
        start: unbound_for_all,
        scenario: DNS,
        must: Must::Fail(&[
            ("NET-07", "pump/names", "dns-open-recursion"),
            ("SRV-03", "pump/names", "dns-version-told"),
        ]),
    },
    Twin {
        name: "unbound-for-nobody",
        address: [127, 92, 2, 7],
        everywhere: &[],
        start: unbound_for_nobody,
        scenario: DNS,
        must: Must::Hold(&["dns-open-recursion", "dns-version-told", "service-declaration-wrong"]),
    },
    Twin {
        name: "atftpd",
        address: [127, 92, 2, 8],
        everywhere: &[],
        start: tftp,
        scenario: r#"
[device.pump]
class = "III"
address = "{address}"
services = [{ name = "install", port = 17069, transport = "udp", protocol = "tftp" }]
"#,
        must: Must::Fail(&[("SRV-02", "pump/install", "service-cleartext-administration")]),
    },
];

const DTLS: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "values", port = 17686, transport = "udp", tls = true }]
"#;

const DNS: &str = r#"
[device.pump]
class = "III"
address = "{address}"
services = [{ name = "names", port = 17053, transport = "udp", protocol = "dns" }]
"#;

fn coap_server(ground: &Ground, more: &str, ports: &[u16]) -> Vec<Running> {
    let arguments = format!("-A {} -p 17683{more}", ground.address);
    vec![ground.start_udp("coap-server-openssl", "libcoap3-bin", &arguments, ports)]
}

fn coap_open(ground: &Ground) -> Vec<Running> {
    coap_server(ground, "", &[17683])
}

fn coap_shared_key(ground: &Ground) -> Vec<Running> {
    coap_server(ground, " -k d2f0b1c68a574e0c", &[17684])
}

fn s_server(ground: &Ground, more: &str) -> Vec<Running> {
    ground.good_certificate();
    let (certificate, key) = (ground.at("server.crt"), ground.at("server.key"));
    let at = ground.address;
    let arguments = format!("s_server -accept {at}:17686 -cert {certificate} -key {key} -quiet {more}");
    vec![ground.start_udp("openssl", "openssl", &arguments, &[17686])]
}

fn dtls_old(ground: &Ground) -> Vec<Running> {
    s_server(ground, "-dtls -cipher ALL:eNULL:aNULL:@SECLEVEL=0")
}

fn dtls_strict(ground: &Ground) -> Vec<Running> {
    s_server(ground, "-dtls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384")
}

fn chrony(ground: &Ground) -> Vec<Running> {
    let at = ground.address;
    let folder = ground.at("kept");
    ground.write("kept/.keep", "");
    ground.write(
        "chrony.conf",
        &format!(
            "port 17123\nbindaddress {at}\nallow all\nlocal stratum 8\ncmdport 0\nbindcmdaddress /\n\
             pidfile {folder}/chronyd.pid\ndriftfile {folder}/drift\n"
        ),
    );
    let configuration = ground.at("chrony.conf");
    vec![ground.start_udp("chronyd", "chrony", &format!("-x -d -u root -f {configuration}"), &[17123])]
}

fn unbound(ground: &Ground, lines: &str) -> Vec<Running> {
    let at = ground.address;
    let folder = ground.at("");
    ground.write(
        "unbound.conf",
        &format!(
            "server:\n username: \"\"\n chroot: \"\"\n directory: \"{folder}\"\n pidfile: \"\"\n use-syslog: no\n \
             interface: {at}@17053\n do-ip6: no\n module-config: \"iterator\"\n{lines}\n\
             remote-control:\n control-enable: no\n"
        ),
    );
    let configuration = ground.at("unbound.conf");
    vec![ground.start_udp("unbound", "unbound", &format!("-d -c {configuration}"), &[17053])]
}

fn unbound_for_all(ground: &Ground) -> Vec<Running> {
    unbound(ground, " access-control: 127.0.0.0/8 allow")
}

fn unbound_for_nobody(ground: &Ground) -> Vec<Running> {
    unbound(ground, " access-control: 127.0.0.0/8 refuse\n hide-version: yes\n hide-identity: yes")
}

fn tftp(ground: &Ground) -> Vec<Running> {
    let at = ground.address;
    ground.write("files/firmware.bin", "invented");
    let folder = ground.at("files");
    let arguments =
        format!("--daemon --no-fork --port 17069 --bind-address {at} --logfile - --user root.root {folder}");
    vec![ground.start_udp("atftpd", "atftpd", &arguments, &[17069])]
}
