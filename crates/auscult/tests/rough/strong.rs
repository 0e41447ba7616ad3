//! Programs of others that bear what they are sent.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program of the system that serves one protocol.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    pub(crate) declared: &'static str,
    pub(crate) start: fn(&Path, Ipv4Addr) -> Running,
    /// Checks that must pass on it.
    pub(crate) holds: &'static [&'static str],
}

pub(crate) const PROGRAMS: [Program; 5] = [
    Program {
        name: "mosquitto",
        port: 17950,
        declared: "protocol = \"mqtt\"",
        start: mosquitto,
        holds: &["robustness-malformed-input", "robustness-slow-connections", "robustness-load"],
    },
    Program {
        name: "nginx",
        port: 17951,
        declared: "protocol = \"http\"",
        start: nginx,
        holds: &[
            "robustness-malformed-input",
            "robustness-injection",
            "robustness-slow-connections",
            "robustness-load",
        ],
    },
    Program {
        name: "nginx-tls",
        port: 17952,
        declared: "protocol = \"http\", tls = true",
        start: nginx_tls,
        holds: &[
            "robustness-malformed-input",
            "robustness-injection",
            "robustness-slow-connections",
            "robustness-load",
        ],
    },
    Program {
        name: "storescp",
        port: 17953,
        declared: "protocol = \"dicom\", ae_title = \"STORE\"",
        start: storescp,
        holds: &[
            "robustness-malformed-input",
            "robustness-clinical-input",
            "robustness-slow-connections",
            "robustness-load",
        ],
    },
    Program {
        name: "libcoap",
        port: 17500,
        declared: "protocol = \"coap\", transport = \"udp\"",
        start: libcoap,
        holds: &["coap-malformed-input"],
    },
];

/// A program that runs; ends when it is dropped.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn is_up(&mut self) -> bool {
        self.0.try_wait().expect("a state").is_none()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // In order, so that a program that has children takes them along.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let end = Instant::now() + Duration::from_secs(3);
        while Instant::now() < end && self.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(dir: &Path, at: Ipv4Addr, port: u16, program: &str, args: &[&str]) -> Running {
    start_when(dir, program, args, || TcpStream::connect(SocketAddr::from((at, port))).is_ok())
}

fn start_when(dir: &Path, program: &str, args: &[&str], answers: impl Fn() -> bool) -> Running {
    let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default());
    let child = Command::new(program)
        .args(args)
        .env("PATH", path)
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|e| panic!("`{program}`: {e}; `./test` installs it"));
    let mut running = Running(child);
    let end = Instant::now() + Duration::from_secs(20);
    while !answers() {
        assert!(running.is_up(), "`{program}` ended by itself");
        assert!(Instant::now() < end, "`{program}` does not open its port");
        std::thread::sleep(Duration::from_millis(30));
    }
    running
}

fn mosquitto(dir: &Path, at: Ipv4Addr) -> Running {
    fs::write(dir.join("m.conf"), format!("listener 17950 {at}\nallow_anonymous true\nuser root\n"))
        .expect("a file");
    start(dir, at, 17950, "mosquitto", &["-c", "m.conf"])
}

fn nginx_with(dir: &Path, at: Ipv4Addr, port: u16, name: &str, more: &str) -> Running {
    let home = dir.join(name);
    fs::create_dir_all(home.join("www")).expect("a folder");
    fs::create_dir_all(home.join("tmp")).expect("a folder");
    fs::write(home.join("www/index.html"), "<html>fine</html>").expect("a page");
    let place = home.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {place}/tmp;"))
        .concat();
    fs::write(
        home.join("n.conf"),
        format!(
            "daemon off;\nworker_processes 1;\npid {place}/pid;\nerror_log {place}/log;\n\
             events {{ worker_connections 256; }}\nhttp {{ access_log off; {temporary}\n\
             server {{ listen {at}:{port}{more} root {place}/www; }} }}\n"
        ),
    )
    .expect("a file");
    let conf = home.join("n.conf").display().to_string();
    start(dir, at, port, "nginx", &["-c", &conf, "-p", &home.display().to_string()])
}

fn nginx(dir: &Path, at: Ipv4Addr) -> Running {
    nginx_with(dir, at, 17951, "plain", ";")
}

fn nginx_tls(dir: &Path, at: Ipv4Addr) -> Running {
    let (key, certificate) = (dir.join("k.pem"), dir.join("c.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "30",
        ])
        .args(["-subj", "/CN=web.test", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .stderr(Stdio::null())
        .status()
        .expect("openssl");
    assert!(made.success());
    let more =
        format!(" ssl; ssl_certificate {}; ssl_certificate_key {};", certificate.display(), key.display());
    nginx_with(dir, at, 17952, "tls", &more)
}

fn storescp(dir: &Path, at: Ipv4Addr) -> Running {
    let inbox = dir.join("inbox");
    fs::create_dir_all(&inbox).expect("a folder");
    // It serves at every address, one association in a process of its own.
    start(dir, at, 17953, "storescp", &["--fork", "-od", &inbox.display().to_string(), "17953"])
}

fn libcoap(dir: &Path, at: Ipv4Addr) -> Running {
    let answers = || {
        let ping = || -> std::io::Result<usize> {
            let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
            socket.set_read_timeout(Some(Duration::from_millis(200)))?;
            // An empty message is answered with a reset (RFC 7252, section 4.3).
            socket.send_to(&[0x40, 0, 0, 1], (at, 17500))?;
            socket.recv(&mut [0; 16])
        };
        ping().is_ok()
    };
    start_when(dir, "coap-server-openssl", &["-A", &at.to_string(), "-p", "17500"], answers)
}
