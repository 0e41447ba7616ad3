//! Codecs without I/O for what no well-kept crate offers; hostile bytes in, never a panic out.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

pub mod coap;
pub mod dicom;
pub mod dns;
pub mod mllp;
pub mod ntp;
pub mod snmp;
pub mod tftp;
pub mod tls;
