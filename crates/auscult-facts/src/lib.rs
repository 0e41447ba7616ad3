//! The vocabulary of what can be seen on a node, one module per protocol.
//!
//! Facts say what was seen, never what it means: no module here knows a requirement or a check.
//! They hold no patient data and no secret: counts and kinds, never contents.

mod observation;
mod subject;

pub mod bench;
pub mod coap;
pub mod datagrams;
pub mod dicom;
pub mod dns;
pub mod dtls;
pub mod fhir;
pub mod hl7;
pub mod http;
pub mod liveness;
pub mod mdns;
pub mod mqtt;
pub mod ntp;
pub mod ports;
pub mod security_txt;
pub mod service;
pub mod smart;
pub mod snmp;
pub mod ssdp;
pub mod tls;
pub mod ws_discovery;

pub use observation::{Answer, Cost, Facts, Interrupted, NotAsked, Observation, Outcome, Scope, Target};
pub use subject::{Declared, FlowInto, ServiceSubject, Subject, joins_two};
