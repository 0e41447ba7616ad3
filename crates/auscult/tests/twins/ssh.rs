//! OpenSSH and Dropbear: as somebody set them up years ago, and as they should be.

use std::fs;

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 6] = [
    Twin {
        name: "openssh-weak",
        address: [127, 90, 2, 1],
        everywhere: &[],
        start: weak,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "shell", port = 17821, protocol = "ssh", logins = [{ by = "public-key" }] }]
"#,
        must: Must::Fail(&[
            ("SRV-07", "hub/shell", "ssh-weak-key-exchange"),
            ("SRV-07", "hub/shell", "ssh-broken-cipher"),
            ("SRV-07", "hub/shell", "ssh-dated-cipher"),
            ("SRV-07", "hub/shell", "ssh-weak-host-key"),
            ("SRV-07", "hub/shell", "ssh-root-password"),
            ("AUT-03", "hub/shell", "ssh-login-other"),
        ]),
    },
    Twin {
        name: "openssh-hardened",
        address: [127, 90, 2, 2],
        everywhere: &[],
        start: hardened,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "shell", port = 17822, protocol = "ssh", logins = [{ by = "public-key" }] }]
"#,
        must: Must::Hold(&ALL),
    },
    Twin {
        name: "dropbear-weak",
        address: [127, 90, 2, 3],
        everywhere: &[],
        start: dropbear_weak,
        scenario: r#"
[device.pump]
class = "III"
address = "{address}"
services = [{ name = "shell", port = 17823, protocol = "ssh" }]
"#,
        must: Must::Fail(&[
            ("SRV-07", "pump/shell", "ssh-weak-key-exchange"),
            ("SRV-07", "pump/shell", "ssh-dated-cipher"),
            ("SRV-07", "pump/shell", "ssh-weak-host-key"),
            ("SRV-07", "pump/shell", "ssh-root-password"),
        ]),
    },
    Twin {
        name: "dropbear-keys-only",
        address: [127, 90, 2, 4],
        everywhere: &[],
        start: dropbear_keys,
        scenario: r#"
[device.pump]
class = "III"
address = "{address}"
services = [{ name = "shell", port = 17824, protocol = "ssh" }]
"#,
        // Its lists are fixed when it is built, and Debian builds them for old clients too.
        must: Must::Fail(&[
            ("SRV-07", "pump/shell", "ssh-weak-key-exchange"),
            ("SRV-07", "pump/shell", "ssh-dated-cipher"),
            ("SRV-07", "pump/shell", "ssh-weak-host-key"),
        ]),
    },
    Twin {
        name: "openssh-shared-key",
        address: [127, 90, 2, 5],
        everywhere: &[],
        start: shared,
        scenario: r#"
[device.pump]
class = "III"
product = { maker = "Example Medical", model = "IP-7" }
address = "{address}"
services = [{ name = "shell", port = 17825, protocol = "ssh" }]
[device.other-pump]
class = "III"
product = { maker = "Example Medical", model = "IP-7" }
address = "127.90.2.6"
services = [{ name = "shell", port = 17825, protocol = "ssh" }]
"#,
        must: Must::Fail(&[
            ("SRV-07", "pump/shell", "ssh-shared-host-key"),
            ("SRV-07", "other-pump/shell", "ssh-shared-host-key"),
            ("PKI-02", "pump/shell", "ssh-shared-host-key"),
            ("PKI-02", "other-pump/shell", "ssh-shared-host-key"),
        ]),
    },
    Twin {
        name: "openssh-own-keys",
        address: [127, 90, 2, 7],
        everywhere: &[],
        start: own_keys,
        scenario: r#"
[device.pump]
class = "III"
product = { maker = "Example Medical", model = "IP-7" }
address = "{address}"
services = [{ name = "shell", port = 17826, protocol = "ssh" }]
[device.other-pump]
class = "III"
product = { maker = "Example Medical", model = "IP-7" }
address = "127.90.2.8"
services = [{ name = "shell", port = 17827, protocol = "ssh" }]
"#,
        must: Must::Hold(&["ssh-shared-host-key", "ssh-weak-host-key"]),
    },
];

const ALL: [&str; 10] = [
    "ssh-default-credentials",
    "ssh-login-other",
    "ssh-old-protocol",
    "ssh-weak-key-exchange",
    "ssh-broken-cipher",
    "ssh-dated-cipher",
    "ssh-prefix-truncation",
    "ssh-weak-host-key",
    "ssh-root-password",
    "ssh-open-root",
];

fn openssh(ground: &Ground, port: u16, keys: &[(&str, &str)], lines: &str) -> Vec<Running> {
    // As root it changes into this folder, which its package makes at the start of the machine.
    let _ = fs::create_dir("/run/sshd");
    let mut text = format!(
        "Port {port}\nListenAddress {}\nPidFile none\nUsePAM no\nStrictModes no\n{lines}\n",
        ground.address
    );
    for (kind, bits) in keys {
        // The empty passphrase is written so, since arguments are parted by spaces.
        let file = format!("host_{kind}_{port}");
        ground.run("ssh-keygen", "openssh-client", &format!("-q -t {kind} -b {bits} -f {file} -N {EMPTY}"));
        text += &format!("HostKey {}\n", ground.at(&file));
    }
    let file = format!("sshd_{port}.conf");
    ground.write(&file, &text);
    let arguments = format!("-D -e -f {}", ground.at(&file));
    vec![ground.start("sshd", "openssh-server", &arguments, &[port])]
}

/// No passphrase.
const EMPTY: &str = "";

fn weak(ground: &Ground) -> Vec<Running> {
    let lines = "KexAlgorithms +diffie-hellman-group14-sha1,diffie-hellman-group1-sha1\nCiphers +3des-cbc,aes128-cbc\n\
                 MACs +hmac-md5\nHostKeyAlgorithms +ssh-rsa\nRequiredRSASize 1024\nPermitRootLogin yes\n\
                 PasswordAuthentication yes";
    openssh(ground, 17821, &[("rsa", "1024")], lines)
}

/// What one image makes of two units; the second address belongs to the same server.
fn shared(ground: &Ground) -> Vec<Running> {
    openssh(ground, 17825, &[("ed25519", "256")], &format!("{SOUND}\nListenAddress 127.90.2.6"))
}

fn own_keys(ground: &Ground) -> Vec<Running> {
    let mut running = openssh(ground, 17826, &[("ed25519", "256")], SOUND);
    // The other unit; its port at the first address is there only to wait for it.
    let other = format!("{SOUND}\nListenAddress 127.90.2.8:17827");
    running.extend(openssh(ground, 17828, &[("ed25519", "256")], &other));
    running
}

fn hardened(ground: &Ground) -> Vec<Running> {
    openssh(ground, 17822, &[("ed25519", "256"), ("rsa", "3072")], SOUND)
}

const SOUND: &str = "KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256\n\
                 Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com\n\
                 MACs hmac-sha2-256-etm@openssh.com\nHostKeyAlgorithms ssh-ed25519,rsa-sha2-512\n\
                 PermitRootLogin prohibit-password\nPasswordAuthentication no\nKbdInteractiveAuthentication no";

fn dropbear(ground: &Ground, port: u16, key: &str, options: &str) -> Vec<Running> {
    ground.run("dropbearkey", "dropbear-bin", &format!("{key} -f {}", ground.at("key")));
    let arguments = format!(
        "-F -E -p {}:{port} -r {} -P {}{options}",
        ground.address,
        ground.at("key"),
        ground.at("pid")
    );
    vec![ground.start("dropbear", "dropbear-bin", &arguments, &[port])]
}

fn dropbear_weak(ground: &Ground) -> Vec<Running> {
    dropbear(ground, 17823, "-t rsa -s 1024", "")
}

fn dropbear_keys(ground: &Ground) -> Vec<Running> {
    dropbear(ground, 17824, "-t ed25519", " -s")
}
