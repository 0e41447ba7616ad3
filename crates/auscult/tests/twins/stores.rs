//! Data stores: Redis, memcached, PostgreSQL and MariaDB, each open in clear and closed inside TLS.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 8] = [
    weak("redis-open", [127, 91, 1, 1], redis_open, REDIS_OPEN),
    hardened("redis-closed", [127, 91, 1, 2], redis_closed, REDIS_CLOSED),
    weak("memcached-open", [127, 91, 1, 3], memcached_open, MEMCACHED_OPEN),
    hardened("memcached-closed", [127, 91, 1, 4], memcached_closed, MEMCACHED_CLOSED),
    weak("postgresql-open", [127, 91, 1, 5], postgresql_open, POSTGRESQL_OPEN),
    Twin {
        must: Must::Hold(&["store-open-to-strangers", "store-in-clear"]),
        ..weak("postgresql-closed", [127, 91, 1, 6], postgresql_closed, POSTGRESQL_CLOSED)
    },
    weak("mariadb-open", [127, 91, 1, 7], mariadb_open, MARIADB_OPEN),
    // Whether it takes logins in clear only a right password would show.
    Twin {
        must: Must::Hold(&["store-open-to-strangers"]),
        ..weak("mariadb-closed", [127, 91, 1, 8], mariadb_closed, MARIADB_CLOSED)
    },
];

const fn weak(
    name: &'static str,
    address: [u8; 4],
    start: fn(&Ground) -> Vec<Running>,
    scenario: &'static str,
) -> Twin {
    Twin {
        name,
        address,
        everywhere: &[],
        start,
        scenario,
        must: Must::Fail(&[
            ("AUT-03", "hub/store", "store-open-to-strangers"),
            ("AUT-05", "hub/store", "store-in-clear"),
            ("NET-02", "hub/store", "store-in-clear"),
        ]),
    }
}

const fn hardened(
    name: &'static str,
    address: [u8; 4],
    start: fn(&Ground) -> Vec<Running>,
    scenario: &'static str,
) -> Twin {
    Twin {
        must: Must::Hold(&[
            "store-open-to-strangers",
            "store-in-clear",
            "service-declaration-wrong",
            "tls-obsolete-version",
            "tls-dated-suite",
            "certificate-untrusted",
        ]),
        ..weak(name, address, start, scenario)
    }
}

const REDIS_OPEN: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "store", port = 17911, protocol = "redis" }]
"#;

const REDIS_CLOSED: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "store", port = 17912, protocol = "redis", tls = true }]
"#;

const MEMCACHED_OPEN: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "store", port = 17913, protocol = "memcached" }]
"#;

const MEMCACHED_CLOSED: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "store", port = 17914, protocol = "memcached", tls = true }]
"#;

const POSTGRESQL_OPEN: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "store", port = 17915, protocol = "postgresql" }]
"#;

const POSTGRESQL_CLOSED: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "store", port = 17916, protocol = "postgresql" }]
"#;

const MARIADB_OPEN: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "store", port = 17917, protocol = "mysql" }]
"#;

const MARIADB_CLOSED: &str = r#"
[gateway.hub]
class = "III"
address = "{address}"
services = [{ name = "store", port = 17918, protocol = "mysql" }]
"#;

/// Suites with forward secrecy and authenticated encryption.
const CIPHERS: &str = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384";

fn redis(ground: &Ground, lines: &str, port: u16) -> Vec<Running> {
    let (folder, at) = (ground.at("."), ground.address);
    ground.write("redis.conf", &format!("bind {at}\ndir {folder}\nsave \"\"\nappendonly no\n{lines}\n"));
    let configuration = ground.at("redis.conf");
    vec![ground.start("redis-server", "redis-server", &configuration, &[port])]
}

fn redis_open(ground: &Ground) -> Vec<Running> {
    redis(ground, "port 17911\nprotected-mode no", 17911)
}

fn redis_closed(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let lines = format!(
        "port 0\ntls-port 17912\ntls-cert-file {}\ntls-key-file {}\ntls-ca-cert-file {}\ntls-auth-clients no\n\
         tls-protocols \"TLSv1.2 TLSv1.3\"\ntls-ciphers {CIPHERS}\nrequirepass 5f0d6c1e-93b2",
        ground.at("server.crt"),
        ground.at("server.key"),
        ground.at("authority.crt")
    );
    redis(ground, &lines, 17912)
}

fn memcached(ground: &Ground, port: u16, more: &str) -> Vec<Running> {
    let arguments = format!("-u root -l {} -p {port} -U 0 -m 8{more}", ground.address);
    vec![ground.start("memcached", "memcached", &arguments, &[port])]
}

fn memcached_open(ground: &Ground) -> Vec<Running> {
    memcached(ground, 17913, "")
}

fn memcached_closed(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    ground.write("accounts", "cuff:e8b1c0d2-77aa\n");
    let more = format!(
        " -Z -o ssl_chain_cert={},ssl_key={},ssl_ciphers={CIPHERS} -Y {}",
        ground.at("server.crt"),
        ground.at("server.key"),
        ground.at("accounts")
    );
    memcached(ground, 17914, &more)
}

/// PostgreSQL refuses to run as root: as root it is run as the user of its package.
fn as_postgres() -> (&'static str, String) {
    let root = fs::metadata("/proc/self").expect("a state of ours").uid() == 0;
    let words = "--reuid=postgres --regid=postgres --clear-groups ".to_owned();
    if root { ("setpriv", words) } else { ("env", String::new()) }
}

fn postgresql_folder() -> PathBuf {
    let all = fs::read_dir("/usr/lib/postgresql").expect("`apt-get install postgresql`, or run `./test`");
    let newest =
        all.filter_map(|e| Some(e.ok()?.path().join("bin"))).filter(|p| p.join("initdb").is_file()).max();
    newest.expect("`apt-get install postgresql`, or run `./test`")
}

fn postgresql(ground: &Ground, rules: &str, lines: &str, port: u16) -> Vec<Running> {
    let (program, words) = as_postgres();
    let bin = postgresql_folder().display().to_string();
    // The folder of a test is its user's own; this program runs as another.
    fs::set_permissions(ground.path("."), fs::Permissions::from_mode(0o755)).expect("a folder");
    let data = ground.at("data");
    fs::create_dir(&data).expect("a folder");
    let own = |what: &str| {
        if program == "setpriv" {
            ground.run("chown", "coreutils", &format!("-R postgres:postgres {what}"));
        }
    };
    own(&data);
    ground.run(program, "util-linux", &format!("{words}{bin}/initdb -D {data} -U postgres --auth=trust -N"));
    ground.write("data/pg_hba.conf", rules);
    let at = ground.address;
    let settings = format!(
        "listen_addresses = '{at}'\nport = {port}\nunix_socket_directories = ''\nfsync = off\n{lines}\n"
    );
    ground.write("data/postgresql.auto.conf", &settings);
    own(&data);
    vec![ground.start(program, "util-linux", &format!("{words}{bin}/postgres -D {data}"), &[port])]
}

fn postgresql_open(ground: &Ground) -> Vec<Running> {
    postgresql(ground, "host all all 0.0.0.0/0 trust\n", "", 17915)
}

fn postgresql_closed(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let key = ground.path("server.key");
    // The key has to belong to the user that the program runs as, and to nobody else.
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("a key");
    if as_postgres().0 == "setpriv" {
        ground.run("chown", "coreutils", &format!("postgres:postgres {}", key.display()));
    }
    let lines = "ssl = on\nssl_cert_file = '../server.crt'\nssl_key_file = '../server.key'";
    postgresql(ground, "hostssl all all 0.0.0.0/0 scram-sha-256\n", lines, 17916)
}

fn mariadb(ground: &Ground, accounts: &str, more: &str, port: u16) -> Vec<Running> {
    let data = ground.at("data");
    ground.run(
        "mariadb-install-db",
        "mariadb-server",
        &format!("--no-defaults --user=root --datadir={data} --auth-root-authentication-method=normal --skip-test-db"),
    );
    ground.write("accounts.sql", accounts);
    let arguments = format!(
        "--no-defaults --user=root --datadir={data} --socket={data}/s --pid-file={data}/p --port={port} \
         --bind-address={} --skip-name-resolve --init-file={} --innodb-buffer-pool-size=16M{more}",
        ground.address,
        ground.at("accounts.sql")
    );
    vec![ground.start("mariadbd", "mariadb-server", &arguments, &[port])]
}

fn mariadb_open(ground: &Ground) -> Vec<Running> {
    mariadb(ground, "GRANT ALL ON *.* TO 'root'@'%' IDENTIFIED BY '';\n", "", 17917)
}

fn mariadb_closed(ground: &Ground) -> Vec<Running> {
    ground.good_certificate();
    let accounts = "DROP USER IF EXISTS 'root'@'127.0.0.1';\nDROP USER IF EXISTS 'root'@'::1';\n\
                    ALTER USER 'root'@'localhost' IDENTIFIED BY '9c3f7e50-1d24';\n\
                    GRANT ALL ON *.* TO 'root'@'%' IDENTIFIED BY '9c3f7e50-1d24';\n";
    let more = format!(
        " --require-secure-transport=ON --ssl-cert={} --ssl-key={} --ssl-ca={}",
        ground.at("server.crt"),
        ground.at("server.key"),
        ground.at("authority.crt")
    );
    mariadb(ground, accounts, &more, 17918)
}
