//! TLS hellos from SSL 2 to TLS 1.3, built byte by byte, and what a server says to them.
//!
//! A [`ClientHello`] may offer what no ordinary client would: one version alone, only broken suites, groups that
//! nobody should use, TLS 1.3 without a key share. A [`FlightReader`] takes the server's bytes as they come and
//! keeps the first flight, up to the point where a client would have to compute something. No cryptography is done.

mod after;
mod bytes;
mod client;
mod dtls;
mod groups;
mod hello;
mod names;
mod offered;
mod reader;
mod server;
mod ssl2;
mod suites;

pub use after::{AfterReader, Said, session_ticket};
pub use client::{
    change_cipher_spec, client_key_exchange, encrypted_noise, heartbeat_request, no_certificate,
};
pub use dtls::{DTLS10, DTLS12, DtlsAnswer, DtlsHello, dtls_goodbye};
pub use groups::{GroupInfo, groups, hybrid_groups, tls13_groups, weak_groups};
pub use hello::{ClientHello, KeyShare};
pub use offered::{MAX_OFFER, Offer, Reply, ServerFlight, read_offer, read_reply};
pub use reader::{Flight, FlightReader, MAX_FLIGHT, ReadError, read_flight};
pub use server::{Alert, KeyExchange, ServerHello};
pub use ssl2::{Ssl2Hello, client_hello as ssl2_client_hello, kind_name as ssl2_kind_name};
pub use suites::{Exchange, SuiteInfo, offer, suite, usual_offer};

/// Versions as on the wire.
pub mod version {
    /// SSL 2.0.
    pub const SSL2: u16 = 0x0002;
    /// SSL 3.0.
    pub const SSL3: u16 = 0x0300;
    /// TLS 1.0.
    pub const TLS10: u16 = 0x0301;
    /// TLS 1.1.
    pub const TLS11: u16 = 0x0302;
    /// TLS 1.2.
    pub const TLS12: u16 = 0x0303;
    /// TLS 1.3.
    pub const TLS13: u16 = 0x0304;
}

/// Alert descriptions that decide something (RFC 8446, section 6).
pub mod alert {
    /// The sender will send nothing more.
    pub const CLOSE_NOTIFY: u8 = 0;
    /// No acceptable set of parameters.
    pub const HANDSHAKE_FAILURE: u8 = 40;
    /// The version is known but not supported.
    pub const PROTOCOL_VERSION: u8 = 70;
    /// The server wants stronger parameters than the client offers.
    pub const INSUFFICIENT_SECURITY: u8 = 71;
    /// The server met a fault of its own; OpenSSL 3 says so when its security level forbids the version's signatures.
    pub const INTERNAL_ERROR: u8 = 80;
    /// A fallback that the server thinks needless (RFC 7507).
    pub const INAPPROPRIATE_FALLBACK: u8 = 86;
    /// The name sent is not served here.
    pub const UNRECOGNIZED_NAME: u8 = 112;
    /// A client certificate is demanded.
    pub const CERTIFICATE_REQUIRED: u8 = 116;
    /// None of the application protocols offered is served.
    pub const NO_APPLICATION_PROTOCOL: u8 = 120;
}

/// `TLS_FALLBACK_SCSV` (RFC 7507): says that the client has come down from a newer version.
pub const FALLBACK_SCSV: u16 = 0x5600;
