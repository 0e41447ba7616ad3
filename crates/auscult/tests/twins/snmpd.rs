//! The agent of net-snmp: open to names that everybody knows; in version 3 with passwords alone.

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

const PACKAGE: &str = "snmpd";

pub(crate) const TWINS: [Twin; 2] = [
    Twin {
        name: "snmpd-communities",
        address: [127, 92, 1, 1],
        everywhere: &[],
        start: communities,
        scenario: SCENARIO,
        must: Must::Fail(&[
            ("AUT-01", "hub/monitoring", "snmp-default-community"),
            ("SRV-02", "hub/monitoring", "snmp-unprotected-version"),
        ]),
    },
    Twin {
        name: "snmpd-version-3",
        address: [127, 92, 1, 2],
        everywhere: &[],
        start: version_3,
        scenario: SCENARIO,
        must: Must::Hold(&[
            "snmp-default-community",
            "snmp-unprotected-version",
            "service-declaration-wrong",
            "service-undeclared",
            "service-undeclared-udp",
        ]),
    },
];

const SCENARIO: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "monitoring", port = 17161, transport = "udp", protocol = "snmp" }]
"#;

fn agent(ground: &Ground, lines: &str) -> Vec<Running> {
    let at = ground.address;
    let folder = ground.at("kept");
    ground.write("kept/.keep", "");
    ground.write("snmpd.conf", &format!("[snmp] persistentDir {folder}\n[snmpd]\n{lines}\n"));
    let configuration = ground.at("snmpd.conf");
    vec![ground.start_udp(
        "snmpd",
        PACKAGE,
        &format!("-f -C -c {configuration} -Lo udp:{at}:17161"),
        &[17161],
    )]
}

fn communities(ground: &Ground) -> Vec<Running> {
    agent(ground, "rocommunity public\nrwcommunity private\ncreateUser initial\nrouser initial noauth")
}

fn version_3(ground: &Ground) -> Vec<Running> {
    agent(ground, "createUser nurse SHA d2f0b1c6-8a57-4e0c AES 7b1f02aa-91c3-44d8\nrouser nurse priv")
}
