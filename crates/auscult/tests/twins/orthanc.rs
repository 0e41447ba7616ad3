//! Orthanc: as it comes with its doors opened, known modalities only, and known modalities with certificates only; and
//! its DICOMweb interface, open and behind a login.

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

const PACKAGE: &str = "orthanc";

pub(crate) const TWINS: [Twin; 5] = [
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
    Twin {
        name: "orthanc-web-open",
        address: [127, 77, 5, 4],
        everywhere: &[17505, 17506],
        start: web_open,
        scenario: r#"
[cloud.archive]
class = "II"
address = "{address}"
services = [{ name = "web", port = 17506, protocol = "dicomweb", base = "/dicom-web" }]
"#,
        must: Must::Fail(&[("MED-01", "archive/web", "dicomweb-open-search")]),
    },
    Twin {
        name: "orthanc-web-login",
        address: [127, 77, 5, 5],
        everywhere: &[17507, 17508],
        start: web_login,
        scenario: r#"
[cloud.archive]
class = "II"
address = "{address}"
services = [{ name = "web", port = 17508, protocol = "dicomweb", base = "/dicom-web" }]
"#,
        must: Must::Hold(&["dicomweb-open-search", "dicomweb-open-retrieval"]),
    },
];

/// The plug-in, where Debian puts it.
const DICOMWEB: &str = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";

fn web_open(ground: &Ground) -> Vec<Running> {
    let lines = r#""HttpServerEnabled": true, "HttpPort": 17506, "RemoteAccessAllowed": true,
        "AuthenticationEnabled": false"#;
    serve_with(ground, &format!("\"{DICOMWEB}\""), lines, &[17505, 17506])
}

/// In clear, because the build of Debian 12 dies of the first request inside TLS.
fn web_login(ground: &Ground) -> Vec<Running> {
    let lines = r#""DicomCheckCalledAet": true, "DicomCheckModalityHost": true, "HttpServerEnabled": true, "HttpPort": 17508,
        "RemoteAccessAllowed": true, "AuthenticationEnabled": true,
        "RegisteredUsers": { "viewer": "kP7-not-a-default-9xq" }"#;
    serve_with(ground, &format!("\"{DICOMWEB}\""), lines, &[17507, 17508])
}

fn serve(ground: &Ground, lines: &str, ports: &[u16]) -> Vec<Running> {
    serve_with(ground, "", lines, ports)
}

fn serve_with(ground: &Ground, plugins: &str, lines: &str, ports: &[u16]) -> Vec<Running> {
    let store = ground.at("store");
    ground.write(
        "orthanc.json",
        &format!(
            r#"{{ "Name": "Twin", "StorageDirectory": "{store}", "IndexDirectory": "{store}", "Plugins": [{plugins}],
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
