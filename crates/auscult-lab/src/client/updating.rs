//! A device that fetches updates: the lab's own small signed image, and what a device can forget to check of it.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsConnector;

use super::{Client, PATIENCE};
use crate::LabError;
use crate::mllp;
use crate::serve::within;

/// First line of an image.
const MAGIC: &str = "auscult lab image 1";
/// The model of the device.
const MODEL: &str = "cuff";
/// The version that it begins with.
const FIRST: u64 = 3;
/// Longest image that it fetches.
const LONGEST: u64 = 64 << 10;
/// Where it tells its version.
pub const VERSION_PORT: u16 = 8080;

/// What a device forgets to check of an update, on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UpdateFault {
    /// That there is a signature.
    TakesUnsigned,
    /// That the key is the maker's: it takes the one in the image.
    TakesForeignKey,
    /// That the contents are those that were signed.
    TakesAltered,
    /// That the contents came to their end.
    TakesCutOff,
    /// That the image is for its model.
    TakesForeignModel,
    /// That it is newer.
    TakesOlder,
}

impl UpdateFault {
    /// Every fault.
    pub const ALL: [Self; 6] = [
        Self::TakesUnsigned,
        Self::TakesForeignKey,
        Self::TakesAltered,
        Self::TakesCutOff,
        Self::TakesForeignModel,
        Self::TakesOlder,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TakesUnsigned => "takes-unsigned",
            Self::TakesForeignKey => "takes-foreign-key",
            Self::TakesAltered => "takes-altered",
            Self::TakesCutOff => "takes-cut-off",
            Self::TakesForeignModel => "takes-foreign-model",
            Self::TakesOlder => "takes-older",
        }
    }

    /// The check that must fail because of it.
    pub const fn fails(self) -> &'static str {
        match self {
            Self::TakesUnsigned => "update-unsigned-accepted",
            Self::TakesForeignKey => "update-foreign-key-accepted",
            Self::TakesAltered => "update-altered-accepted",
            Self::TakesCutOff => "update-cut-off-accepted",
            Self::TakesForeignModel => "update-foreign-model-accepted",
            Self::TakesOlder => "update-older-accepted",
        }
    }
}

/// The maker of the device: who signs its images.
#[derive(Debug)]
pub struct Maker(Ed25519KeyPair);

impl Maker {
    /// A new maker with a new key.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn new() -> Result<Self, LabError> {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
        let key = key.ok().and_then(|der| Ed25519KeyPair::from_pkcs8(der.as_ref()).ok());
        key.map(Self).ok_or_else(|| LabError::Tls(rustls::Error::FailedToGetRandomBytes))
    }

    /// An image.
    fn image(&self, model: &str, version: u64, signed: bool) -> Vec<u8> {
        let contents = format!("program of {model}, version {version}\n").repeat(40);
        let key = hex(self.0.public_key().as_ref());
        let sum = hex(digest(&SHA256, contents.as_bytes()).as_ref());
        let head = format!("{MAGIC}\n{model}\n{version}\n{sum}\n{key}\n");
        let signature = if signed { hex(self.0.sign(head.as_bytes()).as_ref()) } else { "-".to_owned() };
        format!("{head}{signature}\n{contents}").into_bytes()
    }

    /// Writes a folder of images, one folder for each kind; the altered one and the one cut off are left to whoever offers them.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, dir: &Path) -> Result<(), LabError> {
        let foreign = Self::new()?;
        let images = BTreeMap::from([
            ("unsigned", self.image(MODEL, 5, false)),
            ("foreign-key", foreign.image(MODEL, 6, true)),
            ("foreign-model", self.image("pump", 7, true)),
            ("older", self.image(MODEL, 2, true)),
            ("genuine", self.image(MODEL, 100, true)),
        ]);
        for (kind, image) in images {
            let path = dir.join(kind).join("firmware.img");
            let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            let written = written.and_then(|()| std::fs::write(&path, image));
            written.map_err(|source| LabError::Write { path, source })?;
        }
        Ok(())
    }
}

/// A device that fetches an update again and again, and tells its version to whoever asks.
#[derive(Debug)]
pub struct Updater {
    client: Client,
    maker: Vec<u8>,
    fault: Option<UpdateFault>,
    version: Arc<AtomicU64>,
}

impl Updater {
    /// A device that dials as the client does and takes images of the maker.
    pub fn new(client: Client, maker: &Maker, fault: Option<UpdateFault>) -> Self {
        let maker = maker.0.public_key().as_ref().to_vec();
        Self { client, maker, fault, version: Arc::new(AtomicU64::new(FIRST)) }
    }

    /// Runs for ever.
    ///
    /// # Errors
    /// When its own port is taken, or its authority cannot be read.
    pub async fn run(self) -> Result<(), LabError> {
        let config = self.client.config()?;
        let name = ServerName::try_from(self.client.name.clone())
            .map_err(|e| LabError::Tls(rustls::Error::General(e.to_string())))?;
        let address = SocketAddr::from((self.client.from, VERSION_PORT));
        let listener =
            TcpListener::bind(address).await.map_err(|source| LabError::Listen { address, source })?;
        let version = Arc::clone(&self.version);
        let telling = tokio::spawn(tell(listener, move || format!("version {}\n", version.load(Relaxed))));
        let fetching = async {
            loop {
                let connector = TlsConnector::from(Arc::clone(&config));
                if let Ok(image) = within(PATIENCE, self.fetch(connector, name.clone())).await
                    && let Some(version) = self.accepts(&image)
                {
                    self.version.store(version, Relaxed);
                }
                tokio::time::sleep(self.client.pause).await;
            }
        };
        tokio::select! {
            () = fetching => {}
            _ = telling => {}
        }
        Ok(())
    }

    async fn fetch(&self, connector: TlsConnector, name: ServerName<'static>) -> io::Result<Vec<u8>> {
        let stream = mllp::connect(self.client.from, self.client.to).await?;
        let mut inside = connector.connect(name, stream).await?;
        let request = format!("GET /firmware.img HTTP/1.0\r\nHost: {}\r\n\r\n", self.client.name);
        inside.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        inside.take(LONGEST).read_to_end(&mut answer).await?;
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").ok_or(io::ErrorKind::InvalidData)?;
        Ok(answer.split_off(end + 4))
    }

    /// The version of an image that the device would install.
    fn accepts(&self, image: &[u8]) -> Option<u64> {
        let text = std::str::from_utf8(image).ok()?;
        let mut parts = text.splitn(7, '\n');
        let head: Vec<&str> = parts.by_ref().take(5).collect();
        let (signature, contents) = (parts.next()?, parts.next()?);
        let [magic, model, version, sum, key] = head[..] else { return None };
        let version: u64 = version.parse().ok()?;
        let signed = format!("{}\n", head.join("\n"));
        let key =
            if self.fault == Some(UpdateFault::TakesForeignKey) { bytes(key)? } else { self.maker.clone() };
        let verified = || {
            let key = UnparsedPublicKey::new(&ED25519, key);
            bytes(signature).is_some_and(|s| key.verify(signed.as_bytes(), &s).is_ok())
        };
        let unsigned = self.fault == Some(UpdateFault::TakesUnsigned) && signature == "-";
        let whole = hex(digest(&SHA256, contents.as_bytes()).as_ref()) == sum;
        let whole = whole
            || self.fault == Some(UpdateFault::TakesAltered)
            || self.fault == Some(UpdateFault::TakesCutOff) && !contents.ends_with('\n');
        let fine = magic == MAGIC
            && (unsigned || verified())
            && whole
            && (model == MODEL || self.fault == Some(UpdateFault::TakesForeignModel))
            && (version > self.version.load(Relaxed) || self.fault == Some(UpdateFault::TakesOlder));
        fine.then_some(version)
    }
}

/// Tells whoever connects what there is to say.
pub(super) async fn tell(listener: TcpListener, say: impl Fn() -> String + Send) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let said = say();
        let answering = async {
            let _ = stream.read(&mut [0; 1024]).await?;
            let text = format!("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n{said}");
            stream.write_all(text.as_bytes()).await?;
            stream.shutdown().await
        };
        let _ = within(PATIENCE, answering).await;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pairs = hex.as_bytes().as_chunks::<2>();
    let pair = |p: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(p).ok()?, 16).ok();
    if pairs.1.is_empty() { pairs.0.iter().map(pair).collect() } else { None }
}
