//! Why a world could not be brought up.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use auscult_model::Message;

/// Why a world could not be brought up.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// Somebody else listens there; another lab, most often.
    #[error("`{0}` is already in use")]
    PortInUse(SocketAddr),
    /// The address cannot be used: outside Linux, only 127.0.0.1 is loopback until others are added.
    #[error("cannot listen on `{address}`")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The second octet of the addresses is not one of 1 to 254.
    #[error("octet `{0}` is not between 1 and 254")]
    Octet(u8),
    /// No fault has this name.
    #[error("no fault is named `{0}`")]
    UnknownFault(String),
    /// No device that dials out has this name.
    #[error("no device is named `{0}`")]
    UnknownDevice(String),
    /// Two faults that cannot be in one world.
    #[error("faults `{0}` and `{1}` exclude each other")]
    Conflict(&'static str, &'static str),
    /// The lab's certificates could not be made.
    #[error("cannot make the lab's certificates")]
    Certificates(#[from] rcgen::Error),
    /// The TLS library did not take a configuration.
    #[error("cannot configure TLS")]
    Tls(#[from] rustls::Error),
    /// A file could not be written.
    #[error("cannot write `{path}`")]
    Write {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl LabError {
    /// The same in words for a person, with what to do about it.
    pub fn message(&self) -> Message {
        match self {
            Self::PortInUse(address) => Message::new("lab.port-in-use").with("address", address),
            Self::Listen { address, source } => {
                Message::new("lab.cannot-listen").with("address", address).with("why", source)
            }
            Self::Octet(octet) => Message::new("lab.octet").with("octet", octet),
            Self::UnknownFault(name) => Message::new("lab.unknown-fault").with("name", name),
            Self::UnknownDevice(name) => Message::new("lab.unknown-device").with("name", name),
            Self::Conflict(one, other) => Message::new("lab.conflict").with("one", one).with("other", other),
            Self::Certificates(why) => Message::new("lab.certificates").with("why", why),
            Self::Tls(why) => Message::new("lab.tls").with("why", why),
            Self::Write { path, source } => {
                Message::new("lab.cannot-write").with("path", path.display()).with("why", source)
            }
        }
    }
}
