//! The SSH observer against OpenSSH and Dropbear, and against servers that break.

mod doors;
mod subject_of;

use std::collections::BTreeSet;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use auscult_facts::credentials::Stopped;
use auscult_facts::ssh::{KeyKind, Login, SshFacts};
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_model::Impact;
use auscult_probe::ssh::Ssh;
use auscult_wire::ssh::{self, KexInit};
use doors::scripted;
use tempfile::TempDir;

async fn look(address: &str, port: u16, impact: Impact) -> Result<SshFacts, Interrupted> {
    doors::look::<Ssh>("ssh", (address, port), impact).await
}

/// A program that ends with the test.
struct Server {
    child: Child,
    _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a program and waits until its port is open.
fn started(mut command: Command, (address, port): (&str, u16), folder: TempDir) -> Server {
    let log = folder.path().join("log");
    let words = fs::File::create(&log).unwrap();
    command.stdin(Stdio::null()).stdout(words.try_clone().unwrap()).stderr(words);
    let child = command.spawn().unwrap_or_else(|e| panic!("`{command:?}`: {e}; run `./test`"));
    let mut server = Server { child, _folder: folder };
    let end = Instant::now() + Duration::from_secs(20);
    let to: SocketAddr = format!("{address}:{port}").parse().unwrap();
    while TcpStream::connect(to).is_err() {
        let told = || fs::read_to_string(&log).unwrap_or_default();
        assert!(server.child.try_wait().unwrap().is_none(), "it ended by itself: {}", told());
        assert!(Instant::now() < end, "it does not open its port: {}", told());
        std::thread::sleep(Duration::from_millis(30));
    }
    server
}

/// Makes a host key; `kind` and bits as `ssh-keygen` takes them.
fn host_key(folder: &Path, kind: &str, bits: &str) -> String {
    let path = folder.join(kind).display().to_string();
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-t", kind, "-N", "", "-f", &path]);
    if !bits.is_empty() {
        command.args(["-b", bits]);
    }
    assert!(command.status().expect("`ssh-keygen`; run `./test`").success());
    path
}

fn fingerprint(key: &str) -> String {
    let out = Command::new("ssh-keygen").args(["-l", "-E", "sha256", "-f", key]).output().unwrap();
    let told = String::from_utf8(out.stdout).unwrap();
    told.split(' ').nth(1).unwrap().trim_start_matches("SHA256:").to_owned()
}

fn openssh(address: &str, port: u16, folder: TempDir, keys: &[&str], lines: &str) -> Server {
    // As root it changes into this folder, which its package makes at the start of the machine.
    let _ = fs::create_dir("/run/sshd");
    let keys: String = keys.iter().map(|k| format!("HostKey {k}\n")).collect();
    let text = format!(
        "Port {port}\nListenAddress {address}\nPidFile none\nUsePAM no\nStrictModes no\n{keys}{lines}\n"
    );
    let path = folder.path().join("config");
    fs::write(&path, text).unwrap();
    let mut command = Command::new("/usr/sbin/sshd");
    command.args(["-D", "-e", "-f"]).arg(&path);
    started(command, (address, port), folder)
}

fn methods(facts: &SshFacts) -> Vec<&str> {
    match &facts.root {
        Answer::Seen(Login::Wants(methods)) => methods.iter().map(String::as_str).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_shows_its_lists_its_keys_and_its_methods() {
    let folder = tempfile::tempdir().unwrap();
    let (ed25519, rsa) = (host_key(folder.path(), "ed25519", ""), host_key(folder.path(), "rsa", "2048"));
    let ecdsa = host_key(folder.path(), "ecdsa", "384");
    let expected = [&ed25519, &rsa, &ecdsa].map(|key| fingerprint(key));
    let _server =
        openssh("127.90.1.1", 17801, folder, &[&ed25519, &rsa, &ecdsa], "PasswordAuthentication yes");
    let facts = look("127.90.1.1", 17801, Impact::Intrusive).await.unwrap();
    assert_eq!(facts.protocol, "2.0");
    assert!(facts.software.as_ref().unwrap().starts_with("OpenSSH"));
    let algorithms = facts.algorithms.seen().unwrap();
    assert!(algorithms.key_exchange.iter().any(|n| n == "curve25519-sha256"));
    assert!(algorithms.cipher.iter().any(|n| n == "aes128-ctr"));
    let key = |kind| facts.host_keys[&kind].seen().unwrap();
    assert_eq!((key(KeyKind::Ed25519).bits, &key(KeyKind::Ed25519).sha256), (256, &expected[0]));
    assert_eq!((key(KeyKind::Rsa).bits, &key(KeyKind::Rsa).sha256), (2048, &expected[1]));
    assert_eq!((key(KeyKind::Ecdsa).bits, &key(KeyKind::Ecdsa).sha256), (384, &expected[2]));
    assert!(!facts.host_keys.contains_key(&KeyKind::Dsa));
    assert!(methods(&facts).contains(&"password"), "{:?}", facts.root);
    let accounts = facts.accounts.seen().unwrap();
    assert_eq!((accounts.tried, accounts.opened.as_deref(), accounts.stopped), (10, None, None));
    let gentle = look("127.90.1.1", 17801, Impact::Safe).await.unwrap();
    assert_eq!(gentle.root, Answer::NotAsked(NotAsked::Impact));
    assert_eq!(gentle.accounts, Answer::NotAsked(NotAsked::Impact));
    assert_eq!(gentle.host_keys, facts.host_keys);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_of_ours_is_understood_by_openssh() {
    let exchanges = [
        "curve25519-sha256",
        "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384",
        "ecdh-sha2-nistp521",
        "diffie-hellman-group14-sha256",
        "diffie-hellman-group16-sha512",
        "diffie-hellman-group14-sha1",
        "diffie-hellman-group1-sha1",
    ];
    let protections = [
        ("chacha20-poly1305@openssh.com", "hmac-sha2-256"),
        ("aes128-gcm@openssh.com", "hmac-sha2-256"),
        ("aes256-gcm@openssh.com", "hmac-sha2-256"),
        ("aes128-ctr", "hmac-sha2-256-etm@openssh.com"),
        ("aes256-ctr", "hmac-sha2-512-etm@openssh.com"),
        ("aes128-ctr", "hmac-sha2-256"),
        ("aes256-ctr", "hmac-sha2-512"),
        ("aes128-ctr", "hmac-sha1-etm@openssh.com"),
        ("aes256-ctr", "hmac-sha1"),
    ];
    for (exchange, (cipher, mac)) in exchanges.into_iter().zip(protections) {
        let folder = tempfile::tempdir().unwrap();
        let key = host_key(folder.path(), "ed25519", "");
        let lines = format!(
            "KexAlgorithms {exchange}\nCiphers {cipher}\nMACs {mac}\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no"
        );
        let _server = openssh("127.90.1.2", 17802, folder, &[&key], &lines);
        let facts = look("127.90.1.2", 17802, Impact::Intrusive).await.unwrap();
        assert!(facts.host_keys[&KeyKind::Ed25519].seen().is_some(), "{exchange}: {:?}", facts.host_keys);
        assert_eq!(methods(&facts), ["publickey"], "{exchange} {cipher} {mac}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_do_not_speak_is_beyond_us_and_its_lists_are_still_read() {
    let folder = tempfile::tempdir().unwrap();
    let key = host_key(folder.path(), "ed25519", "");
    let lines = "KexAlgorithms diffie-hellman-group-exchange-sha1\nCiphers aes128-cbc";
    let _server = openssh("127.90.1.3", 17803, folder, &[&key], lines);
    let facts = look("127.90.1.3", 17803, Impact::Intrusive).await.unwrap();
    assert_eq!(facts.algorithms.seen().unwrap().cipher, ["aes128-cbc"]);
    let beyond = Interrupted::BeyondInstrument;
    assert_eq!(facts.host_keys[&KeyKind::Ed25519], Answer::Interrupted(beyond));
    assert_eq!(facts.root, Answer::Interrupted(beyond));
}

#[tokio::test(flavor = "multi_thread")]
async fn dropbear_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key").display().to_string();
    let made = Command::new("dropbearkey").args(["-t", "rsa", "-s", "1024", "-f", &key]).output();
    assert!(made.expect("`dropbearkey`; run `./test`").status.success());
    let mut command = Command::new("/usr/sbin/dropbear");
    command.args(["-F", "-E", "-p", "127.90.1.4:17804", "-r", &key, "-P"]).arg(folder.path().join("pid"));
    let _server = started(command, ("127.90.1.4", 17804), folder);
    let facts = look("127.90.1.4", 17804, Impact::Intrusive).await.unwrap();
    assert!(facts.software.as_ref().unwrap().starts_with("dropbear"));
    assert_eq!(facts.host_keys[&KeyKind::Rsa].seen().unwrap().bits, 1024);
    let methods: BTreeSet<&str> = methods(&facts).into_iter().collect();
    assert!(methods.contains("password") && methods.contains("publickey"), "{methods:?}");
}

#[tokio::test]
async fn a_server_of_version_1_is_told_by_its_greeting_and_left_alone() {
    let (address, port) = scripted("127.90.1.5", vec![b"SSH-1.5-OldBox 1.0\n".to_vec()]).await;
    let facts = look(address, port, Impact::Intrusive).await.unwrap();
    assert_eq!((facts.protocol.as_str(), facts.software.as_deref()), ("1.5", Some("OldBox 1.0")));
    assert_eq!(facts.algorithms, Answer::NotAsked(NotAsked::NoOccasion));
    assert_eq!(facts.root, Answer::NotAsked(NotAsked::NoOccasion));
}

#[tokio::test]
async fn servers_that_break_do_not_break_us() {
    let greeting = b"SSH-2.0-x\r\n";
    let init = KexInit {
        key_exchange: vec!["curve25519-sha256".into()],
        host_key: vec!["ssh-ed25519".into()],
        cipher_to_server: vec!["aes128-ctr".into()],
        cipher_to_client: vec!["aes128-ctr".into()],
        mac_to_server: vec!["hmac-sha2-256".into()],
        mac_to_client: vec!["hmac-sha2-256".into()],
        ..KexInit::default()
    };
    let lists = ssh::seal(&init.write(), 8, 0);
    let small_point = ssh::KexReply { host_key: vec![1, 2, 3], public: vec![0; 32], signature: vec![] };
    let endless = ssh::seal(&[2], 8, 0).repeat(2000);
    for (name, script) in [
        ("another protocol", b"HTTP/1.1 400 Bad Request\r\n\r\n".repeat(2000)),
        ("an endless line", vec![b'a'; 1 << 20]),
        ("a packet that is too long", [&greeting[..], &[0xff; 64]].concat()),
        ("no lists", [&greeting[..], &ssh::seal(&[21], 8, 0)].concat()),
        ("endless ignoring", [&greeting[..], &endless].concat()),
        ("a value that is none", [&greeting[..], &lists, &ssh::seal(&small_point.write(), 8, 0)].concat()),
        ("lists and rubbish", [&greeting[..], &lists, &[0x7f; 4096]].concat()),
        ("lists and no reply", [&greeting[..], &lists, &ssh::disconnect()].concat()),
    ] {
        let (address, port) = scripted("127.90.1.5", vec![script]).await;
        let seen = look(address, port, Impact::Intrusive).await;
        if let Ok(facts) = seen {
            assert!(facts.root.seen().is_none(), "{name}: {facts:?}");
            assert!(facts.host_keys.values().all(|k| k.seen().is_none()), "{name}: {facts:?}");
        }
    }
}

/// A server written with Paramiko, since no account of this machine may have a password that everybody knows.
const PARAMIKO: &str = r#"
import socket, sys, threading, paramiko
class Server(paramiko.ServerInterface):
    def get_allowed_auths(self, name): return "password"
    def check_auth_password(self, name, word):
        opens = name == sys.argv[3] and sys.argv[4] in (word, "*")
        return paramiko.AUTH_SUCCESSFUL if opens else paramiko.AUTH_FAILED
def serve(client):
    try:
        transport = paramiko.Transport(client)
        transport.add_server_key(key)
        transport.start_server(server=Server())
        transport.join()
    except Exception: pass
key = paramiko.ECDSAKey.generate()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=32)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"#;

fn paramiko(address: &str, port: u16, user: &str, password: &str) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.py");
    fs::write(&path, PARAMIKO).unwrap();
    let mut command = Command::new("/usr/bin/python3");
    command.arg(&path).args([address, &port.to_string(), user, password]);
    started(command, (address, port), folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn well_known_accounts_are_tried_and_told() {
    let _server = paramiko("127.90.1.9", 17805, "root", "root");
    let facts = look("127.90.1.9", 17805, Impact::Intrusive).await.unwrap();
    let accounts = facts.accounts.seen().unwrap();
    assert_eq!((accounts.opened.as_deref(), accounts.tried, accounts.stopped), (Some("root"), 4, None));
    let _any = paramiko("127.90.1.9", 17806, "root", "*");
    let facts = look("127.90.1.9", 17806, Impact::Intrusive).await.unwrap();
    let accounts = facts.accounts.seen().unwrap();
    assert_eq!((accounts.opened.as_deref(), accounts.stopped), (None, Some(Stopped::Undecidable)));
}
