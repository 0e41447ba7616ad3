//! The whole instrument against other people's programs: a weak and a hardened twin of each, on loopback.
//!
//! A weak twin says which checks must fail on it, and exactly those do: a planted weakness that is missed fails the
//! test, and so does a finding for which nothing was planted. On a hardened twin no ruling fails, and the checks that
//! guard against the weaknesses of its sister have really passed: a twin that merely says nothing proves nothing.

mod assess;
mod certificates;
mod dcmtk;
mod mosquitto;
mod nginx;
mod openssl;
mod orthanc;
mod over_udp;
mod program;
mod snmpd;

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
fn dcmtk_is_told_apart() {
    assess::twins(&dcmtk::TWINS);
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
