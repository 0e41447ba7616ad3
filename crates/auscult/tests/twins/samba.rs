//! Samba: as a network drive of twenty years ago, and with SMB 3 and signing alone.

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 2] = [
    Twin {
        name: "samba-old",
        address: [127, 90, 2, 41],
        everywhere: &[],
        start: old,
        scenario: r#"
[device.recorder]
class = "III"
address = "{address}"
services = [{ name = "files", port = 17871, protocol = "smb" }]
"#,
        must: Must::Fail(&[
            ("SRV-02", "recorder/files", "smb-old-version"),
            ("SRV-02", "recorder/files", "smb-signing-optional"),
        ]),
    },
    Twin {
        name: "samba-signed",
        address: [127, 90, 2, 42],
        everywhere: &[],
        start: signed,
        scenario: r#"
[device.recorder]
class = "III"
address = "{address}"
services = [{ name = "files", port = 17872, protocol = "smb" }]
"#,
        must: Must::Hold(&["smb-old-version", "smb-signing-optional", "service-cleartext-administration"]),
    },
];

fn samba(ground: &Ground, port: u16, lines: &str) -> Vec<Running> {
    let mut text = format!(
        "[global]\ninterfaces = {}/8\nbind interfaces only = yes\nsmb ports = {port}\nserver role = standalone\n\
         disable spoolss = yes\nload printers = no\nlog file = {}\n{lines}\n",
        ground.address,
        ground.at("log")
    );
    for (key, folder) in [
        ("private dir", "private"),
        ("lock directory", "lock"),
        ("state directory", "state"),
        ("cache directory", "cache"),
        ("pid directory", "pid"),
        ("ncalrpc dir", "ncalrpc"),
    ] {
        ground.write(&format!("{folder}/.keep"), "");
        text += &format!("{key} = {}\n", ground.at(folder));
    }
    ground.write("smb.conf", &text);
    let arguments = format!("-F --no-process-group -s {}", ground.at("smb.conf"));
    vec![ground.start("smbd", "samba", &arguments, &[port])]
}

fn old(ground: &Ground) -> Vec<Running> {
    samba(ground, 17871, "server min protocol = NT1\nserver signing = auto")
}

fn signed(ground: &Ground) -> Vec<Running> {
    samba(ground, 17872, "server min protocol = SMB3_00\nserver signing = mandatory")
}
