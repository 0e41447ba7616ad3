//! Orthanc: as it comes with its doors opened, known modalities only, and known modalities with certificates only.

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

const PACKAGE: &str = "orthanc";

pub(crate) const TWINS: [Twin; 3] = [
    Twin {
        name: "orthanc-open",
        address: [127, 77, 5, 1],
        everywhere: &[17501, 17502],
        start: open,
        scenario: r#"
[cloud.archive]
class = "III"
address = "{address}"
services = [
  { name = "dicom", port = 17501, protocol = "dicom", ae_title = "ORTHANC" },
  { name = "rest", port = 17502, protocol = "http" },
]
[device.scanner]
class = "III"
[network.ward]
kind = "ethernet"
[[flow]]
from = "scanner"
to = "archive/dicom"
data = ["images", "identity"]
over = ["ward"]
"#,
        must: Must::Fail(&[
            ("MED-01", "archive/dicom", "dicom-unknown-peer"),
            ("MED-01", "archive/dicom", "dicom-open-query"),
            ("MED-01", "archive/dicom", "dicom-open-store"),
            ("MED-01", "archive/dicom", "dicom-in-clear"),
            ("TLS-01", "archive/dicom", "flow-in-clear"),
            ("TLS-01", "scanner > archive/dicom", "flow-in-clear"),
            ("SRV-04", "archive/rest", "http-no-redirect-to-tls"),
            ("SRV-04", "archive/rest", "http-no-security-headers"),
            ("AUT-03", "archive/rest", "http-admin-open"),
        ]),
    },
    Twin {
        name: "orthanc-certificates",
        address: [127, 77, 5, 2],
        everywhere: &[17503],
        start: certificates,
        scenario: r#"
[cloud.archive]
class = "III"
address = "{address}"
services = [{ name = "dicom", port = 17503, protocol = "dicom", tls = true, client_certificate = true, ae_title = "ORTHANC" }]
[device.scanner]
class = "III"
[network.ward]
kind = "ethernet"
[[flow]]
from = "scanner"
to = "archive/dicom"
data = ["images", "identity"]
over = ["ward"]
"#,
        must: Must::Hold(&[
            "dicom-unknown-peer",
            "dicom-open-query",
            "dicom-open-store",
            "dicom-in-clear",
            "flow-in-clear",
            "tls-client-certificate-not-demanded",
            "tls-obsolete-version",
            "tls-broken-suite",
            "certificate-untrusted",
        ]),
    },
    Twin {
        name: "orthanc-known-modalities",
        address: [127, 77, 5, 3],
        everywhere: &[17504],
        start: known_modalities,
        scenario: r#"
[cloud.archive]
class = "III"
address = "{address}"
services = [{ name = "dicom", port = 17504, protocol = "dicom", tls = true, ae_title = "ORTHANC" }]
"#,
        must: Must::Hold(&[
            "dicom-unknown-peer",
            "dicom-open-query",
            "dicom-open-store",
            "dicom-in-clear",
            "tls-obsolete-version",
            "tls-broken-suite",
            "certificate-untrusted",
        ]),
    },
];

fn serve(ground: &Ground, lines: &str, ports: &[u16]) -> Vec<Running> {
    let store = ground.at("store");
    ground.write(
        "orthanc.json",
        &format!(
            r#"{{ "Name": "Twin", "StorageDirectory": "{store}", "IndexDirectory": "{store}", "Plugins": [],
                 "DicomServerEnabled": true, "DicomAet": "ORTHANC", "DicomPort": {port}, {lines} }}"#,
            port = ports[0]
        ),
    );
    vec![ground.start("Orthanc", PACKAGE, "orthanc.json", ports)]
}

fn open(ground: &Ground) -> Vec<Running> {
    let lines = r#""HttpServerEnabled": true, "HttpPort": 17502, "RemoteAccessAllowed": true,
        "AuthenticationEnabled": false, "DicomAlwaysAllowFind": true"#;
    serve(ground, lines, &[17501, 17502])
}

/// Nobody but one modality, by title and address.
const KNOWN: &str = r#""HttpServerEnabled": false, "DicomCheckCalledAet": true, "DicomCheckModalityHost": true,
    "DicomAlwaysAllowEcho": false, "DicomAlwaysAllowStore": false, "DicomAlwaysAllowFind": false,
    "DicomAlwaysAllowGet": false, "DicomModalities": { "scanner": ["SCANNER", "192.0.2.7", 104] }"#;

fn certificates(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let lines = format!(
        r#"{KNOWN}, "DicomTlsEnabled": true, "DicomTlsCertificate": "server.crt", "DicomTlsPrivateKey": "server.key",
           "DicomTlsTrustedCertificates": "authority.crt", "DicomTlsRemoteCertificateRequired": true"#
    );
    serve(ground, &lines, &[17503])
}

fn known_modalities(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let lines = format!(
        r#"{KNOWN}, "DicomTlsEnabled": true, "DicomTlsCertificate": "server.crt", "DicomTlsPrivateKey": "server.key",
           "DicomTlsTrustedCertificates": "authority.crt", "DicomTlsRemoteCertificateRequired": false"#
    );
    serve(ground, &lines, &[17504])
}
