//! The observers of live services: the only door to the network.
//!
//! An observer sees and writes down; it has no opinion. Every byte to a node goes through its [`NodeBench`],
//! which knows what the scenario allows, keeps the budget and the pace, and stops when told to.

mod anchors;
mod bench;
mod credentials;
mod guard;
mod observer;

pub mod access;
pub mod broker;
pub mod coap;
pub mod console;
pub mod datagram;
pub mod dicom;
pub mod dicomweb;
pub mod dns;
pub mod dtls;
pub mod fhir;
pub mod ftp;
pub mod health;
pub mod hl7;
pub mod http;
pub mod industrial;
pub mod liveness;
pub mod mdns;
pub mod mqtt;
pub mod ntp;
pub mod pages;
pub mod ports;
pub mod rdp;
pub mod robustness;
pub mod security_txt;
pub mod service;
pub mod smart;
pub mod smb;
pub mod snmp;
pub mod ssdp;
pub mod ssh;
pub mod store;
pub mod telnet;
pub mod tls;
pub mod vnc;
pub mod ws_discovery;

pub use anchors::{certificates_in_pem, revocation_lists};
pub use bench::{Budget, Limits, NodeBench, Noted, Peer, Permit, Session, Wire, stranger};
pub use guard::{Guard, ListError};
pub use observer::{AnyObserver, Bound, Depth, Errand, Looking, Observer, observers};
