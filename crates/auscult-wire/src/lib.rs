//! Codecs without I/O for what no well-kept crate offers; hostile bytes in, never a panic out.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

pub mod amqp;
pub mod coap;
pub mod dicom;
pub mod dns;
pub mod ftp;
pub mod industrial;
pub mod mllp;
pub mod ntp;
pub mod ocsp;
pub mod rdp;
pub mod rfb;
pub mod smb;
pub mod snmp;
pub mod ssh;
pub mod store;
pub mod telnet;
pub mod tftp;
pub mod tls;
