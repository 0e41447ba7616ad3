//! Simulated worlds of devices, hub and cloud on loopback, each weakness a fault that can be switched.
//!
//! Every server is real where the protocol is concerned and small where the product is: it says what a product
//! of its kind would say to a stranger, and nothing leaves the loopback network. Patients are invented.

mod archive;
mod broker;
mod client;
mod devices;
mod dial;
mod edith;
mod error;
mod faults;
mod fhir;
mod hello;
mod host;
mod http;
mod maker;
mod mllp;
mod pki;
mod scenario;
mod serve;
mod telnet;
mod web;

pub use client::{
    COMMAND_PATH, COMMAND_TOPIC, Client, ClientFault, ClientProtocol, Commanded, Maker, UpdateFault, Updater,
    VERSION_PORT,
};
pub use dial::{Dialler, dialler, diallers};
pub use edith::{Edith, Options};
pub use error::LabError;
pub use faults::{Fault, Truth, Variant, fault, faults, truth};

/// The texts of this crate in English, room `lab`: what each fault is, and what its errors say.
pub const TEXT: &str = include_str!("../text/en.ftl");
