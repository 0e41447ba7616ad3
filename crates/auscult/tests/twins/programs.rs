//! Programs of others, started on loopback with a folder of their own and ended when dropped.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A certificate authority and a certificate for `it.twin.test`.
pub(crate) struct Pki(PathBuf);

impl Pki {
    /// Makes both in a folder: `ca.pem`, `it.pem`, `it.key`.
    pub(crate) fn make(dir: &Path) -> Self {
        let script = "
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 3650 -subj '/CN=twin authority' 2>/dev/null
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout it.key -out it.csr -subj /CN=it.twin.test 2>/dev/null
            printf 'subjectAltName=DNS:it.twin.test\\nextendedKeyUsage=serverAuth\\nbasicConstraints=CA:FALSE\\n' > ext
            openssl x509 -req -in it.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 365 -extfile ext -out it.pem 2>/dev/null";
        shell(dir, script);
        let kept = tempfile::tempdir().unwrap().keep();
        let pki = Self(kept);
        for name in ["ca.pem", "it.pem", "it.key"] {
            fs::copy(dir.join(name), pki.0.join(name)).unwrap();
        }
        pki
    }

    /// Copies them to another folder.
    pub(crate) fn copy(&self, dir: &Path) {
        for name in ["ca.pem", "it.pem", "it.key"] {
            fs::copy(self.0.join(name), dir.join(name)).unwrap();
        }
    }
}

impl Drop for Pki {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A self-signed certificate for another name: `self.pem`, `self.key`.
pub(crate) fn self_signed(dir: &Path) {
    shell(
        dir,
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout self.key -out self.pem -days 90 -subj /CN=other.test -addext subjectAltName=DNS:other.test 2>/dev/null",
    );
}

/// A certificate with a small key that has run out: `old.pem`, `old.key`.
pub(crate) fn expired(dir: &Path) {
    let script =
        "openssl req -newkey rsa:1024 -nodes -keyout old.key -out old.csr -subj /CN=it.twin.test 2>/dev/null
        openssl x509 -req -in old.csr -signkey old.key -days -1 -out old.pem 2>/dev/null";
    shell(dir, script);
}

/// Writes mosquitto's file of passwords.
pub(crate) fn mosquitto_password(dir: &Path, user: &str, password: &str) {
    shell(dir, &format!("mosquitto_passwd -b -c passwords {user} {password}"));
}

fn shell(dir: &Path, script: &str) {
    let status = Command::new("bash").args(["-euc", script]).current_dir(dir).status().unwrap();
    assert!(status.success(), "{script}");
}

/// A program that runs until it is dropped.
pub(crate) struct Program(Child);

impl Program {
    pub(crate) fn mosquitto(dir: &Path, file: &str, config: &str, address: &str, port: u16) -> Self {
        fs::write(dir.join(file), config).unwrap();
        Self::start("mosquitto", &["-c", file], dir, address, port)
    }

    pub(crate) fn nginx(dir: &Path, servers: &str, address: &str, port: u16) -> Self {
        let config = format!(
            "user root; worker_processes 1; master_process off; daemon off; pid {d}/nginx.pid; error_log {d}/error.log crit;
             events {{}} http {{ access_log off; client_body_temp_path {d}; proxy_temp_path {d}; fastcgi_temp_path {d}; uwsgi_temp_path {d}; scgi_temp_path {d};
             types {{ text/html html; text/plain txt; }} {servers} }}",
            d = dir.display()
        );
        fs::write(dir.join("nginx.conf"), config).unwrap();
        let config = dir.join("nginx.conf").display().to_string();
        Self::start("nginx", &["-c", &config], dir, address, port)
    }

    pub(crate) fn s_server(dir: &Path, args: &[&str], address: &str, port: u16) -> Self {
        let accept = format!("{address}:{port}");
        Self::start(
            "openssl",
            &[&["s_server", "-accept", &accept, "-quiet"], args].concat(),
            dir,
            address,
            port,
        )
    }

    pub(crate) fn dcmqrscp(dir: &Path, port: u16) -> Self {
        fs::create_dir_all(dir.join("store")).unwrap();
        let config = format!(
            "NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\nHostTable BEGIN\nHostTable END\nVendorTable BEGIN\nVendorTable END\nAETable BEGIN\nPACS {}/store RW (200, 1024mb) ANY\nAETable END\n",
            dir.display()
        );
        fs::write(dir.join("dcmqrscp.cfg"), config).unwrap();
        Self::start("dcmqrscp", &["-c", "dcmqrscp.cfg"], dir, "127.77.4.1", port)
    }

    pub(crate) fn storescp(dir: &Path, port: u16) -> Self {
        Self::start("storescp", &["-aet", "RECEIVER", "--ignore", &port.to_string()], dir, "127.77.4.1", port)
    }

    pub(crate) fn orthanc(dir: &Path, settings: &str, port: u16) -> Self {
        let d = dir.display();
        let config = format!(
            r#"{{ "Name": "twin", "StorageDirectory": "{d}/db", "IndexDirectory": "{d}/db", "RemoteAccessAllowed": true, "DicomAet": "ORTHANC", "Plugins": [], {settings} }}"#
        );
        fs::write(dir.join("orthanc.json"), config).unwrap();
        Self::start("Orthanc", &["orthanc.json"], dir, "127.77.5.1", port)
    }

    /// Starts a program and waits until it listens.
    fn start(name: &str, args: &[&str], dir: &Path, address: &str, port: u16) -> Self {
        let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap());
        let program = path.split(':').map(|p| Path::new(p).join(name)).find(|p| p.exists());
        let program = program.unwrap_or_else(|| panic!("`{name}` is not installed; ./test installs it"));
        let log = fs::File::create(dir.join("program.log")).unwrap();
        let child = Command::new(program)
            .args(args)
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut program = Self(child);
        let began = Instant::now();
        while TcpStream::connect((address, port)).is_err() {
            let log = || fs::read_to_string(dir.join("program.log")).unwrap_or_default();
            assert!(program.0.try_wait().unwrap().is_none(), "`{name}` ended: {}", log());
            assert!(began.elapsed() < Duration::from_secs(30), "`{name}` does not listen: {}", log());
            std::thread::sleep(Duration::from_millis(100));
        }
        program
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
