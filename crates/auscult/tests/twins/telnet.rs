//! Telnetd of the GNU inetutils: in front of a login that opens to everybody, to a known password, and to none of them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

/// A telnet server is never without fault: what holds on the best of them stands in the last one.
pub(crate) const TWINS: [Twin; 3] = [
    Twin {
        name: "telnetd-shell",
        address: [127, 90, 2, 11],
        everywhere: &[],
        start: shell,
        scenario: r#"
[device.pump]
class = "III"
address = "{address}"
services = [{ name = "console", port = 17831, protocol = "telnet" }]
"#,
        must: Must::Fail(&[
            ("AUT-03", "pump/console", "telnet-open-shell"),
            ("SRV-02", "pump/console", "service-cleartext-administration"),
        ]),
    },
    Twin {
        name: "telnetd-known-password",
        address: [127, 90, 2, 12],
        everywhere: &[],
        start: known_password,
        scenario: r#"
[device.pump]
class = "III"
address = "{address}"
services = [{ name = "console", port = 17832, protocol = "telnet" }]
"#,
        must: Must::Fail(&[
            ("AUT-01", "pump/console", "telnet-default-credentials"),
            ("AUT-05", "pump/console", "telnet-login-in-clear"),
            ("SRV-02", "pump/console", "service-cleartext-administration"),
        ]),
    },
    Twin {
        name: "telnetd-own-password",
        address: [127, 90, 2, 13],
        everywhere: &[],
        start: own_password,
        scenario: r#"
[device.pump]
class = "III"
address = "{address}"
services = [{ name = "console", port = 17833, protocol = "telnet" }]
"#,
        must: Must::Fail(&[
            ("AUT-05", "pump/console", "telnet-login-in-clear"),
            ("SRV-02", "pump/console", "service-cleartext-administration"),
        ]),
    },
];

/// A login as a maker writes one; the accounts of this machine are left alone.
const LOGIN: &str = r#"#!/bin/sh
for turn in 1 2 3; do
  printf 'pump login: '; read -r name || exit
  printf 'Password: '; stty -echo; read -r word || exit; stty echo; printf '\n'
  if [ "$name:$word" = "ACCOUNT" ]; then printf 'Welcome\n'; while printf '~ # '; read -r line; do :; done; exit; fi
  printf 'Login incorrect\n'
done
"#;

/// A line as that of a shell, and nothing behind it.
const SHELL: &str = "#!/bin/sh\nwhile printf '/ # '; read -r line; do :; done\n";

fn script(ground: &Ground, name: &str, text: &str) -> String {
    ground.write(name, text);
    let path = ground.path(name);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program of ours");
    ground.at(name)
}

/// Telnetd waits for its connections to be handed over, as inetd does.
fn telnetd(ground: &Ground, port: u16, login: &str) -> Vec<Running> {
    let login = script(ground, "login.sh", login);
    let serve = format!("#!/bin/sh\nPATH=\"$PATH:/usr/sbin:/sbin\" exec telnetd -h -E {login}\n");
    let serve = script(ground, "serve.sh", &serve);
    let arguments = format!("TCP-LISTEN:{port},bind={},fork,reuseaddr EXEC:{serve},nofork", ground.address);
    vec![ground.start("socat", "socat", &arguments, &[port])]
}

fn shell(ground: &Ground) -> Vec<Running> {
    telnetd(ground, 17831, SHELL)
}

fn known_password(ground: &Ground) -> Vec<Running> {
    telnetd(ground, 17832, &LOGIN.replace("ACCOUNT", "root:root"))
}

fn own_password(ground: &Ground) -> Vec<Running> {
    telnetd(ground, 17833, &LOGIN.replace("ACCOUNT", "nurse:d2f0b1c6-8a57"))
}
