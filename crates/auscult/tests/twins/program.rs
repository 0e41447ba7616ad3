//! Somebody else's program, started on loopback and ended with the test.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a program may take to open its ports; Orthanc builds a database first.
const STARTING: Duration = Duration::from_secs(30);

/// Where one twin lives: a folder of its own and an address of its own.
pub(crate) struct Ground {
    dir: TempDir,
    pub(crate) address: Ipv4Addr,
}

impl Ground {
    pub(crate) fn new(address: Ipv4Addr) -> Self {
        Self { dir: tempfile::tempdir().expect("a temporary folder"), address }
    }

    /// A file or folder of this twin.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The same as text, for configurations and arguments.
    pub(crate) fn at(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder");
        fs::write(&path, text).expect("a file");
    }

    /// Runs a program to its end; `arguments` are parted by spaces.
    pub(crate) fn run(&self, program: &str, package: &str, arguments: &str) {
        let out = command(program, package).args(arguments.split(' ')).current_dir(self.dir.path()).output();
        let out = out.unwrap_or_else(|e| panic!("`{program}`: {e}"));
        let told = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "`{program} {arguments}` failed: {told}");
    }

    /// Starts a program in this twin's folder and waits until these ports are open; its words go to `NAME.log`.
    pub(crate) fn start(&self, program: &str, package: &str, arguments: &str, ports: &[u16]) -> Running {
        let open = |port| TcpStream::connect(SocketAddr::from((self.address, port))).is_ok();
        self.start_when(program, package, arguments, ports, open)
    }

    /// As [`start`](Self::start), for a program that listens on UDP.
    pub(crate) fn start_udp(&self, program: &str, package: &str, arguments: &str, ports: &[u16]) -> Running {
        self.start_when(program, package, arguments, ports, |port| bound_udp(self.address, port))
    }

    fn start_when(
        &self,
        program: &str,
        package: &str,
        arguments: &str,
        ports: &[u16],
        open: impl Fn(u16) -> bool,
    ) -> Running {
        let log = self.path(&format!("{program}-{}.log", ports[0]));
        let words = fs::File::create(&log).expect("a log");
        for port in ports {
            let taken = open(*port);
            assert!(!taken, "port {port} of {} is taken: `{program}` cannot have it", self.address);
        }
        let child = command(program, package)
            .args(arguments.split(' '))
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .stdout(words.try_clone().expect("a log"))
            .stderr(words)
            .spawn();
        let mut running = Running(child.unwrap_or_else(|e| panic!("`{program}`: {e}")));
        let end = Instant::now() + STARTING;
        for port in ports {
            while !open(*port) {
                let ended = running.0.try_wait().expect("a state");
                let told = || fs::read_to_string(&log).unwrap_or_default();
                assert!(ended.is_none(), "`{program}` ended by itself: {}", told());
                assert!(Instant::now() < end, "`{program}` does not open port {port}: {}", told());
                thread::sleep(Duration::from_millis(30));
            }
        }
        running
    }
}

/// A program that runs; ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A command that is known to be installed.
fn command(program: &str, package: &str) -> Command {
    let folders = format!("{}:/usr/sbin:/sbin", env::var("PATH").unwrap_or_default());
    let installed = env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file());
    // By its whole path: an SSH server starts itself once more for each connection.
    let program = installed.unwrap_or_else(|| {
        panic!("`{program}` is not installed, and this test is nothing without it: `apt-get install {package}`, or run `./test`")
    });
    let mut command = Command::new(program);
    command.env("PATH", folders);
    command
}

/// Whether a program has a UDP port of an address, or of every address.
fn bound_udp(address: Ipv4Addr, port: u16) -> bool {
    let own = u32::from_le_bytes(address.octets());
    udp_sockets().into_iter().any(|(at, bound)| bound == port && (at == own || at == 0))
}

/// UDP sockets over IPv4, and those over IPv6 that stand at every address: address as the kernel writes it, and port.
fn udp_sockets() -> Vec<(u32, u16)> {
    let tables = ["/proc/net/udp", "/proc/net/udp6"].map(Path::new);
    let lines = tables.iter().filter_map(|table| fs::read_to_string(table).ok());
    let socket = |line: &str| {
        let (address, port) = line.split_whitespace().nth(1)?.split_once(':')?;
        let everywhere = address.bytes().all(|b| b == b'0');
        let address = if everywhere { 0 } else { u32::from_str_radix(address, 16).ok()? };
        Some((address, u16::from_str_radix(port, 16).ok()?))
    };
    lines.flat_map(|table| table.lines().filter_map(socket).collect::<Vec<_>>()).collect()
}

/// UDP ports among these that this machine has at all addresses.
pub(crate) fn udp_ports_of_the_machine(among: impl Iterator<Item = u16>) -> Vec<u16> {
    let sockets = udp_sockets();
    among.filter(|port| sockets.contains(&(0, *port))).collect()
}
