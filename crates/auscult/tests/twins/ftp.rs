//! vsftpd: open to strangers; with a login in clear; inside TLS.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 3] = [
    Twin {
        name: "vsftpd-anonymous",
        address: [127, 90, 2, 21],
        everywhere: &[],
        start: anonymous,
        scenario: r#"
[device.recorder]
class = "III"
address = "{address}"
services = [{ name = "files", port = 17841, protocol = "ftp" }]
"#,
        must: Must::Fail(&[
            ("AUT-03", "recorder/files", "ftp-anonymous"),
            ("AUT-05", "recorder/files", "ftp-login-in-clear"),
            ("SRV-02", "recorder/files", "service-cleartext-administration"),
        ]),
    },
    Twin {
        name: "vsftpd-clear",
        address: [127, 90, 2, 22],
        everywhere: &[],
        start: clear,
        scenario: r#"
[device.recorder]
class = "III"
address = "{address}"
services = [{ name = "files", port = 17842, protocol = "ftp" }]
"#,
        must: Must::Fail(&[
            ("AUT-05", "recorder/files", "ftp-login-in-clear"),
            ("SRV-02", "recorder/files", "service-cleartext-administration"),
        ]),
    },
    Twin {
        name: "vsftpd-tls",
        address: [127, 90, 2, 23],
        everywhere: &[],
        start: tls,
        scenario: r#"
[device.recorder]
class = "III"
address = "{address}"
services = [{ name = "files", port = 17843, protocol = "ftp", tls = true }]
"#,
        must: Must::Hold(&[
            "ftp-anonymous",
            "ftp-login-in-clear",
            "service-cleartext-administration",
            "certificate-untrusted",
        ]),
    },
];

fn vsftpd(ground: &Ground, port: u16, lines: &str) -> Vec<Running> {
    ground.write("files/readme", "invented\n");
    ground.write("empty/.keep", "");
    // It refuses a root folder that its users could write to.
    for folder in ["files", "empty"] {
        fs::set_permissions(ground.path(folder), fs::Permissions::from_mode(0o555))
            .expect("a folder of ours");
    }
    let text = format!(
        "listen=YES\nlisten_address={}\nlisten_port={port}\nbackground=NO\nseccomp_sandbox=NO\nlocal_enable=YES\n\
         anon_root={}\nsecure_chroot_dir={}\n{lines}\n",
        ground.address,
        ground.at("files"),
        ground.at("empty")
    );
    ground.write("vsftpd.conf", &text);
    vec![ground.start("vsftpd", "vsftpd", &ground.at("vsftpd.conf"), &[port])]
}

fn anonymous(ground: &Ground) -> Vec<Running> {
    vsftpd(ground, 17841, "anonymous_enable=YES")
}

fn clear(ground: &Ground) -> Vec<Running> {
    vsftpd(ground, 17842, "anonymous_enable=NO")
}

fn tls(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let lines = format!(
        "anonymous_enable=NO\nssl_enable=YES\nimplicit_ssl=YES\nssl_ciphers=ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384\nrsa_cert_file={}\n\
         rsa_private_key_file={}",
        ground.at("server.crt"),
        ground.at("server.key")
    );
    vsftpd(ground, 17843, &lines)
}
