//! Devices that listen on nothing and dial out: a proper one, and one with each flaw of a client.

mod believing;
mod clock;
mod commanded;
mod updating;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsConnector;

pub use commanded::{COMMAND_PATH, COMMAND_TOPIC, Commanded};
pub use updating::{Maker, UpdateFault, Updater, VERSION_PORT};

use crate::LabError;
use crate::mllp;
use crate::pki::provider;
use crate::serve::within;

/// How long a far end may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is wrong with a client, on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientFault {
    /// It takes a certificate that nobody but itself signed.
    BelievesSelfSigned,
    /// It takes any chain that holds together, whoever its authority is.
    BelievesAnyAuthority,
    /// It does not compare the name.
    BelievesAnyName,
    /// It does not look at the date.
    BelievesExpired,
    /// It asks for the status of the certificate and does not look at it.
    BelievesRevoked,
    /// It takes any time that the network tells.
    BelievesAnyTime,
    /// It does not look at the length of the key.
    BelievesWeakKey,
    /// It comes back in clear when the handshake fails.
    FallsBackToClear,
    /// It never spoke TLS.
    SpeaksInClear,
    /// It never dials again after a handshake that failed.
    GivesUp,
}

impl ClientFault {
    /// Every fault.
    pub const ALL: [Self; 10] = [
        Self::BelievesSelfSigned,
        Self::BelievesAnyAuthority,
        Self::BelievesAnyName,
        Self::BelievesExpired,
        Self::BelievesRevoked,
        Self::BelievesAnyTime,
        Self::BelievesWeakKey,
        Self::FallsBackToClear,
        Self::SpeaksInClear,
        Self::GivesUp,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BelievesSelfSigned => "believes-self-signed",
            Self::BelievesAnyAuthority => "believes-any-authority",
            Self::BelievesAnyName => "believes-any-name",
            Self::BelievesExpired => "believes-expired",
            Self::BelievesRevoked => "believes-revoked",
            Self::BelievesAnyTime => "believes-any-time",
            Self::BelievesWeakKey => "believes-weak-key",
            Self::FallsBackToClear => "falls-back-to-clear",
            Self::SpeaksInClear => "speaks-in-clear",
            Self::GivesUp => "gives-up",
        }
    }

    /// The checks that must fail because of it, and no others.
    pub const fn fails(self) -> &'static [&'static str] {
        match self {
            // It has a password, so that who is believed is given it.
            Self::BelievesSelfSigned => {
                &["client-accepts-self-signed", "client-credentials-to-impostor", UPDATES]
            }
            Self::BelievesAnyAuthority => {
                &["client-accepts-unknown-authority", "client-credentials-to-impostor", UPDATES]
            }
            Self::BelievesAnyName => {
                &["client-accepts-wrong-name", "client-credentials-to-impostor", UPDATES]
            }
            Self::BelievesExpired => &["client-accepts-expired", "client-credentials-to-impostor", UPDATES],
            Self::BelievesRevoked => &["client-accepts-revoked"],
            Self::BelievesAnyTime => &["client-accepts-wrong-time"],
            Self::BelievesWeakKey => &["client-accepts-weak-key"],
            Self::FallsBackToClear => &["client-credentials-to-impostor", "client-sends-in-clear"],
            Self::SpeaksInClear => &["client-sends-in-clear"],
            Self::GivesUp => &["client-no-recovery"],
        }
    }
}

/// Fails with every certificate that is believed, where the flow carries firmware.
const UPDATES: &str = "client-update-server-unchecked";

/// What a client speaks inside TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientProtocol {
    /// It connects to a broker and publishes a reading.
    Mqtt,
    /// It posts an Observation to a FHIR server.
    Fhir,
}

/// A device that dials out.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its own address.
    pub from: Ipv4Addr,
    /// Where it dials.
    pub to: SocketAddr,
    /// Name or address that the certificate has to be for.
    pub name: String,
    /// Certificate of the authority that it trusts, PEM.
    pub authority: String,
    /// Where it asks for the time.
    pub time: Option<SocketAddr>,
    /// What it speaks.
    pub protocol: ClientProtocol,
    /// What is wrong with it.
    pub fault: Option<ClientFault>,
    /// Pause between two connections.
    pub pause: Duration,
}

trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

impl Client {
    /// Dials again and again, for ever or until its fault makes it give up.
    ///
    /// # Errors
    /// When its authority or the name of its server cannot be read.
    pub async fn run(self) -> Result<(), LabError> {
        let clock = Arc::new(clock::Clock::default());
        let mut config = self.config()?;
        if let Some(config) = Arc::get_mut(&mut config) {
            config.time_provider = Arc::clone(&clock) as Arc<dyn rustls::time_provider::TimeProvider>;
        }
        let name = ServerName::try_from(self.name.clone())
            .map_err(|e| LabError::Tls(rustls::Error::General(e.to_string())))?;
        let mut refused = false;
        loop {
            if let Some(server) = self.time {
                // Without an answer it keeps the time that it has.
                let _ = clock.ask(self.from, server, self.fault == Some(ClientFault::BelievesAnyTime)).await;
            }
            let in_clear = match self.fault {
                Some(ClientFault::SpeaksInClear) => true,
                Some(ClientFault::FallsBackToClear) => refused,
                _ => false,
            };
            refused = !self.visit(&config, &name, in_clear).await;
            if refused && self.fault == Some(ClientFault::GivesUp) {
                return Ok(());
            }
            tokio::time::sleep(self.pause).await;
        }
    }

    /// One connection; false when its handshake failed.
    async fn visit(&self, config: &Arc<ClientConfig>, name: &ServerName<'static>, in_clear: bool) -> bool {
        let Ok(stream) = within(PATIENCE, mllp::connect(self.from, self.to)).await else { return true };
        let wire: Box<dyn Wire> = if in_clear {
            Box::new(stream)
        } else {
            let shaken = TlsConnector::from(Arc::clone(config)).connect(name.clone(), stream);
            match within(PATIENCE, shaken).await {
                Ok(inside) => Box::new(inside),
                Err(_) => return false,
            }
        };
        // What became of the reading is nothing to a device without memory.
        let _ = within(PATIENCE, self.speak(wire)).await;
        true
    }

    async fn speak(&self, mut wire: Box<dyn Wire>) -> io::Result<()> {
        let mut answer = [0; 512];
        match self.protocol {
            ClientProtocol::Mqtt => {
                wire.write_all(&mqtt_connect()).await?;
                if wire.read(&mut answer).await? > 0 {
                    wire.write_all(&mqtt_publish()).await?;
                }
            }
            ClientProtocol::Fhir => {
                wire.write_all(&fhir_post(&self.name)).await?;
                while wire.read(&mut answer).await? > 0 {}
            }
        }
        wire.shutdown().await
    }

    fn config(&self) -> Result<Arc<ClientConfig>, LabError> {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_slice(self.authority.as_bytes())
            .map_err(|e| LabError::Tls(rustls::Error::General(e.to_string())))?;
        roots.add(authority)?;
        let roots = Arc::new(roots);
        let builder =
            ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
        // The library by itself asks for the status of a certificate and does not look at it.
        let believes = self.fault.and_then(believing::Believes::of);
        let mut config = builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(believing::Believing::new(believes, roots)?))
            .with_no_client_auth();
        config.resumption = rustls::client::Resumption::disabled();
        Ok(Arc::new(config))
    }
}

/// CONNECT of MQTT 3.1.1 with an account of the lab.
fn mqtt_connect() -> Vec<u8> {
    let mut body = vec![0, 4];
    body.extend(b"MQTT");
    body.extend([4, 0b1100_0010, 0, 60]);
    for text in ["cuff", "cuff", "lab-cuff-invented"] {
        body.extend((text.len() as u16).to_be_bytes());
        body.extend(text.as_bytes());
    }
    [vec![0x10, body.len() as u8], body].concat()
}

/// PUBLISH with an invented reading.
fn mqtt_publish() -> Vec<u8> {
    let topic = "edith/cuff/pressure";
    let reading = br#"{"patient":"TEST-0001","systolic":151}"#;
    let mut body = Vec::from((topic.len() as u16).to_be_bytes());
    body.extend(topic.as_bytes());
    body.extend(reading);
    [vec![0x30, body.len() as u8], body].concat()
}

/// A POST of an invented Observation with an invented token.
fn fhir_post(host: &str) -> Vec<u8> {
    let body =
        r#"{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/TEST-0001"}}"#;
    format!(
        "POST /fhir/Observation HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer lab-invented\r\n\
         Content-Type: application/fhir+json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
