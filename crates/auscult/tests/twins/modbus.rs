//! Modbus TCP by pymodbus: in clear to everybody, and inside TLS with client certificates.
//!
//! Debian has no OPC UA server; its observer is tested against a scripted one in `auscult-probe`.

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 2] = [
    Twin {
        name: "modbus-open",
        address: [127, 91, 4, 1],
        everywhere: &[],
        start: open,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "plc", port = 17941, protocol = "modbus" }]
"#,
        must: Must::Fail(&[
            ("AUT-03", "hub/plc", "industrial-open-to-strangers"),
            ("NET-02", "hub/plc", "industrial-in-clear"),
        ]),
    },
    Twin {
        name: "modbus-closed",
        address: [127, 91, 4, 2],
        everywhere: &[],
        start: closed,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "plc", port = 17942, protocol = "modbus", tls = true, client_certificate = true }]
"#,
        must: Must::Hold(&["industrial-open-to-strangers", "industrial-in-clear"]),
    },
];

const PROGRAM: &str = r#"
import ssl, sys
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartTcpServer, StartTlsServer

block = ModbusSequentialDataBlock(0, [17] * 100)
context = ModbusServerContext(slaves=ModbusSlaveContext(hr=block), single=True)
address = (sys.argv[1], int(sys.argv[2]))
if len(sys.argv) == 3:
    StartTcpServer(context=context, address=address)
else:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    tls.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384")
    tls.load_cert_chain(sys.argv[3], sys.argv[4])
    tls.load_verify_locations(sys.argv[5])
    tls.verify_mode = ssl.CERT_REQUIRED
    StartTlsServer(context=context, address=address, sslctx=tls)
"#;

fn serve(ground: &Ground, port: u16, more: &str) -> Vec<Running> {
    ground.write("server.py", PROGRAM);
    // The machine's own interpreter is the one that knows Debian's modules.
    let arguments = format!("/usr/bin/python3 {} {} {port}{more}", ground.at("server.py"), ground.address);
    vec![ground.start("env", "python3-pymodbus", &arguments, &[port])]
}

fn open(ground: &Ground) -> Vec<Running> {
    serve(ground, 17941, "")
}

fn closed(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let (certificate, key) = (ground.at("server.crt"), ground.at("server.key"));
    serve(ground, 17942, &format!(" {certificate} {key} {}", ground.at("authority.crt")))
}
