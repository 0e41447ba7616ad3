//! The vocabulary of what can be seen on a node, one module per protocol.
//!
//! Facts say what was seen, never what it means: no module here knows a requirement or a check.
//! They hold no patient data and no secret: counts and kinds, never contents.

mod observation;
mod subject;

pub mod access;
pub mod bench;
pub mod broker;
pub mod client;
pub mod coap;
pub mod console;
pub mod credentials;
pub mod datagrams;
pub mod dicom;
pub mod dicomweb;
pub mod dns;
pub mod dtls;
pub mod entry;
pub mod fhir;
pub mod ftp;
pub mod hl7;
pub mod http;
pub mod industrial;
pub mod liveness;
pub mod logins;
pub mod mdns;
pub mod mqtt;
pub mod ntp;
pub mod pages;
pub mod ports;
pub mod rdp;
pub mod replay;
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
pub mod tls_flaws;
pub mod update;
pub mod vnc;
pub mod ws_discovery;

pub use observation::{Answer, Cost, Facts, Interrupted, NotAsked, Observation, Outcome, Scope, Target};
pub use subject::{Declared, FlowInto, KeysElsewhere, PageOwed, ServiceSubject, Subject, joins_two};
