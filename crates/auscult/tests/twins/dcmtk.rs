//! DCMTK: an archive and a store that serve anybody in clear, a store whose TLS encrypts nothing, and a store that
//! speaks only with peers that show a certificate.

use std::fs;

use crate::assess::{Must, Twin};
use crate::certificates::{GOOD, Order};
use crate::program::{Ground, Running};

const PACKAGE: &str = "dcmtk";

pub(crate) const TWINS: [Twin; 3] = [
    Twin {
        name: "dcmtk-open",
        address: [127, 77, 4, 1],
        everywhere: &[17401, 17402],
        start: open,
        scenario: r#"
[gateway.archive]
class = "III"
address = "{address}"
services = [
  { name = "query", port = 17401, protocol = "dicom", ae_title = "ARCHIVE" },
  { name = "store", port = 17402, protocol = "dicom", ae_title = "STORE" },
]
[device.scanner]
class = "III"
[network.ward]
kind = "ethernet"
[[flow]]
from = "scanner"
to = "archive/store"
data = ["images", "identity"]
over = ["ward"]
"#,
        must: Must::Fail(&[
            ("MED-01", "archive/query", "dicom-unknown-peer"),
            ("MED-01", "archive/query", "dicom-open-query"),
            ("MED-01", "archive/query", "dicom-open-store"),
            ("MED-01", "archive/query", "dicom-in-clear"),
            ("MED-01", "archive/store", "dicom-unknown-peer"),
            ("MED-01", "archive/store", "dicom-open-store"),
            ("MED-01", "archive/store", "dicom-in-clear"),
            ("TLS-01", "archive/store", "flow-in-clear"),
            ("TLS-01", "scanner > archive/store", "flow-in-clear"),
        ]),
    },
    Twin {
        name: "dcmtk-null-encryption",
        address: [127, 77, 4, 2],
        everywhere: &[17403],
        start: null_encryption,
        scenario: r#"
[gateway.archive]
class = "III"
address = "{address}"
services = [{ name = "store", port = 17403, protocol = "dicom", tls = true, client_certificate = true }]
"#,
        must: Must::Fail(&[
            ("TLS-02", "archive/store", "tls-obsolete-version"),
            ("TLS-02", "archive/store", "tls-current-version-missing"),
            ("TLS-03", "archive/store", "tls-broken-suite"),
            // A suite without encryption and with a key by RSA has no forward secrecy either.
            ("TLS-03", "archive/store", "tls-dated-suite"),
            ("TLS-03", "archive/store", "tls-weak-key"),
            ("TLS-06", "archive/store", "tls-client-certificate-not-demanded"),
        ]),
    },
    // This DCMTK has no TLS 1.3, which class III would ask for.
    Twin {
        name: "dcmtk-hardened",
        address: [127, 77, 4, 3],
        everywhere: &[17404],
        start: hardened,
        scenario: r#"
[gateway.archive]
class = "II"
address = "{address}"
services = [{ name = "store", port = 17404, protocol = "dicom", tls = true, client_certificate = true }]
[device.scanner]
class = "II"
[network.ward]
kind = "ethernet"
[[flow]]
from = "scanner"
to = "archive/store"
data = ["images", "identity"]
over = ["ward"]
"#,
        must: Must::Hold(&[
            "dicom-unknown-peer",
            "dicom-open-query",
            "dicom-open-store",
            "dicom-in-clear",
            "flow-in-clear",
            "service-undeclared",
            "tls-client-certificate-not-demanded",
            "tls-obsolete-version",
            "tls-broken-suite",
            "tls-dated-suite",
            "tls-weak-group",
            "certificate-untrusted",
        ]),
    },
];

fn open(ground: &Ground) -> Vec<Running> {
    fs::create_dir(ground.path("images")).expect("a folder");
    fs::create_dir(ground.path("inbox")).expect("a folder");
    ground.write(
        "dcmqrscp.cfg",
        &format!(
            "NetworkTCPPort = 17401\nMaxPDUSize = 16384\nMaxAssociations = 16\n\
             HostTable BEGIN\nHostTable END\nVendorTable BEGIN\nVendorTable END\n\
             AETable BEGIN\nARCHIVE {} RW (9, 1024mb) ANY\nAETable END\n",
            ground.at("images")
        ),
    );
    vec![
        ground.start("dcmqrscp", PACKAGE, "-c dcmqrscp.cfg", &[17401]),
        ground.start("storescp", PACKAGE, "-od inbox 17402", &[17402]),
    ]
}

fn null_encryption(ground: &Ground) -> Vec<Running> {
    ground.authority("authority");
    // Its suites want a key by RSA.
    ground.certificate(Order { key: "rsa:2048", ..GOOD });
    vec![ground.start("storescp", PACKAGE, "+tls server.key server.crt +pn -ic 17403", &[17403])]
}

fn hardened(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    vec![ground.start(
        "storescp",
        PACKAGE,
        "+tls server.key server.crt +cf authority.crt +pz -rc 17404",
        &[17404],
    )]
}
