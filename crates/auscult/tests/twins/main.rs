//! The whole instrument against other people's programs: a weak and a hardened twin of each, on loopback.
//!
//! A weak twin says which checks must fail on it, and exactly those do: a planted weakness that is missed fails the
//! test, and so does a finding for which nothing was planted. On a hardened twin no ruling fails, and the checks that
//! guard against the weaknesses of its sister have really passed: a twin that merely says nothing proves nothing.

mod access;
mod assess;
mod brokers;
mod certificates;
mod consoles;
mod dcmtk;
mod flawed;
#[path = "../../../auscult-probe/tests/tls_servers/front.rs"]
#[expect(dead_code, reason = "the observer's own tests try every kind of each flaw")]
mod front;
mod ftp;
mod logins;
#[path = "../machine/mod.rs"]
mod machine;
mod modbus;
mod mosquitto;
mod nginx;
mod openssl;
mod orthanc;
mod over_http;
mod over_udp;
mod pages;
mod perimeter;
mod program;
mod samba;
mod screens;
mod scripted;
mod snmpd;
mod ssh;
mod stores;
#[path = "../rough/strong.rs"]
#[expect(dead_code, reason = "only what it must hold is read here")]
mod strong;
mod telnet;
#[path = "../rough/weak.rs"]
#[expect(dead_code, reason = "only what must fail on it is read here")]
mod weak;

#[test]
fn mosquitto_is_told_apart() {
    assess::twins(&mosquitto::TWINS);
}

#[test]
fn nginx_is_told_apart() {
    assess::twins(&nginx::TWINS);
}

#[test]
fn openssl_is_told_apart() {
    assess::twins(&openssl::TWINS);
}

#[test]
fn known_flaws_and_revoked_certificates_are_told_apart() {
    assess::twins(&flawed::TWINS);
}

#[test]
fn dcmtk_is_told_apart() {
    assess::twins(&dcmtk::TWINS);
}

#[test]
fn stores_are_told_apart() {
    assess::twins(&stores::TWINS);
}

#[test]
fn consoles_are_told_apart() {
    assess::twins(&consoles::TWINS);
}

#[test]
fn brokers_are_told_apart() {
    assess::twins(&brokers::TWINS);
}

#[test]
fn modbus_is_told_apart() {
    assess::twins(&modbus::TWINS);
}

#[test]
fn orthanc_is_told_apart() {
    assess::twins(&orthanc::TWINS);
}

#[test]
fn snmpd_is_told_apart() {
    assess::twins(&snmpd::TWINS);
}

#[test]
fn services_over_udp_are_told_apart() {
    assess::twins(&over_udp::TWINS);
}

#[test]
fn ssh_servers_are_told_apart() {
    assess::twins(&ssh::TWINS);
}

#[test]
fn telnet_servers_are_told_apart() {
    assess::twins(&telnet::TWINS);
}

#[test]
fn vsftpd_is_told_apart() {
    assess::twins(&ftp::TWINS);
}

#[test]
fn logins_are_told_apart() {
    assess::twins(&logins::TWINS);
}

#[test]
fn screens_are_told_apart() {
    assess::twins(&screens::TWINS);
}

#[test]
fn scripted_servers_are_told_apart() {
    assess::twins(&scripted::TWINS);
}

#[test]
fn pages_of_makers_are_told_apart() {
    assess::twins(&pages::TWINS);
}

#[test]
fn what_a_maker_does_not_say_shows_nothing() {
    pages::silence_shows_nothing();
}

#[test]
fn services_within_http_are_told_apart() {
    assess::twins(&over_http::TWINS);
}

#[test]
fn samba_is_told_apart() {
    assess::twins(&samba::TWINS);
}

#[test]
fn those_who_look_who_it_is_are_told_apart() {
    assess::twins(&access::TWINS);
}
