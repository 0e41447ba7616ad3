//! An update server that offers genuine and false images, and sees what the device says is installed afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use auscult_facts::Cost;
use auscult_facts::client::{Kept, Play};
use auscult_facts::update::{Image, Offered, UpdateFacts};
use aws_lc_rs::digest::{Context, SHA256};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;

use crate::secure::Wardrobe;
use crate::stage::{Dial, Stage, prepared};
use crate::wire::{Caps, Meter, Wire};

/// Says what the device tells at one address of its own, as a digest; `None` where it does not tell.
pub type Told = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Option<String>> + Send>> + Send + Sync>;

/// Is told what is offered next.
pub type TellOffer = Arc<dyn Fn(Image) + Send + Sync>;

/// The images of one device, by kind; each a set of files by path.
pub type Images = BTreeMap<Image, Arc<BTreeMap<String, Bytes>>>;

/// Most connections of the device that one offer takes.
const MOST_CONNECTIONS: usize = 8;
/// How often it is asked what is installed while it may be installing.
const ASKING: Duration = Duration::from_secs(2);
/// Longest head of a request.
const HEAD: usize = 16 << 10;

/// The largest images that are offered, all files of one kind together, in bytes.
pub const LARGEST_IMAGE: u64 = 64 << 20;

/// How often the device is asked what is installed for one offer, at most.
pub fn most_questions(settle: Duration) -> u64 {
    settle.as_secs() / ASKING.as_secs() + 4
}

/// Most packets that all offers send to the device, orders and questions aside.
pub fn most_update_packets(images: &Images) -> u64 {
    images.values().map(|files| Caps::for_files(size(files)).most_packets() * MOST_CONNECTIONS as u64).sum()
}

/// Most seconds that all offers take.
pub fn most_update_seconds(offers: usize, wait: Duration, settle: Duration) -> u64 {
    // Asking and ordering take their time as well.
    let one = wait.saturating_add(settle.saturating_mul(3)).saturating_add(Duration::from_secs(60));
    one.as_secs().saturating_mul(offers as u64)
}

fn size(files: &BTreeMap<String, Bytes>) -> u64 {
    files.values().map(|f| f.len() as u64).sum()
}

/// Offers every image to the device, the genuine one last, and gives what it did and what that took.
pub async fn offer(
    stage: &Stage,
    authority: Option<&crate::Authority>,
    images: &Images,
    settle: Duration,
    dial: Option<&Dial>,
    installed: &Told,
    tell: &TellOffer,
) -> (UpdateFacts, Cost) {
    let meter = Arc::new(Meter::default());
    let mut facts = UpdateFacts { far: stage.far.clone(), kept: None, offers: Vec::new() };
    let (listener, wardrobe) = match prepared(stage, authority).await {
        Ok(ready) => ready,
        Err(kept) => {
            facts.kept = Some(kept);
            return (facts, meter.cost());
        }
    };
    let Ok(_names) = crate::stage::name_server(stage, &meter).await else {
        facts.kept = Some(Kept::CannotListen);
        return (facts, meter.cost());
    };
    let desk = Desk { stage, listener, wardrobe, meter: Arc::clone(&meter), settle, dial, installed };
    for (image, files) in images {
        tell(*image);
        facts.offers.push(desk.offer(*image, files).await);
    }
    (facts, meter.cost())
}

struct Desk<'d> {
    stage: &'d Stage,
    listener: TcpListener,
    wardrobe: Wardrobe,
    meter: Arc<Meter>,
    settle: Duration,
    dial: Option<&'d Dial>,
    installed: &'d Told,
}

/// What the device asked for.
#[derive(Debug, Default)]
struct Asked {
    requests: u32,
    files: BTreeSet<String>,
}

impl Desk<'_> {
    async fn offer(&self, image: Image, files: &Arc<BTreeMap<String, Bytes>>) -> Offered {
        let before = told_twice(self.installed).await;
        let begun = Instant::now();
        let order = self.dial.map(|dial| tokio::spawn(dial()));
        let asked = Arc::new(Mutex::new(Asked::default()));
        let mut open = JoinSet::new();
        let mut deadline = begun + self.stage.wait;
        let mut settling = false;
        let mut after = before.clone();
        let mut connections = 0;
        loop {
            let turn = deadline.min(Instant::now() + ASKING);
            match timeout_at(turn, self.listener.accept()).await {
                Ok(Ok((stream, from))) => {
                    if from.ip().to_canonical() == self.stage.device && connections < MOST_CONNECTIONS {
                        connections += 1;
                        open.spawn(self.serve(stream, files, &asked));
                    }
                }
                Ok(Err(_)) => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(_turn) => {}
            }
            while open.try_join_next().is_some() {}
            let fetched = !asked.lock().unwrap_or_else(PoisonError::into_inner).files.is_empty();
            if fetched && !settling {
                settling = true;
                deadline = Instant::now() + self.settle;
            }
            if Instant::now() >= turn && settling {
                after = (self.installed)().await;
                if before.is_some() && after.is_some() && after != before {
                    break;
                }
            }
            if Instant::now() >= deadline {
                break;
            }
        }
        open.shutdown().await;
        if after == before {
            after = (self.installed)().await;
        }
        if let Some(order) = order {
            order.abort();
        }
        let asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Offered {
            image,
            digest: digest(files),
            files: count(files.len()),
            fetched: count(asked.files.len()),
            requests: asked.requests,
            before,
            after,
            waited_millis: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// Serves one connection, in TLS where the far end is declared to speak it.
    fn serve(
        &self,
        stream: TcpStream,
        files: &Arc<BTreeMap<String, Bytes>>,
        asked: &Arc<Mutex<Asked>>,
    ) -> impl Future<Output = ()> + Send + 'static {
        let wire = Wire::with_caps(stream, &self.meter, Caps::for_files(size(files)));
        let tls = self.stage.tls.then(|| self.wardrobe.config(Play::Proper));
        let (patience, files, asked) = (self.wardrobe.patience(), Arc::clone(files), Arc::clone(asked));
        async move {
            match tls {
                None => http(wire, files, asked).await,
                Some(config) => {
                    if let Ok(Ok(inside)) = timeout(patience, TlsAcceptor::from(config).accept(wire)).await {
                        http(inside, files, asked).await;
                    }
                }
            }
        }
    }
}

/// What the device tells, where it tells the same twice: a text with a clock in it tells nothing.
pub(crate) async fn told_twice(told: &Told) -> Option<String> {
    let once = told().await?;
    let twice = told().await?;
    (once == twice).then_some(once)
}

/// Answers requests for the files until the device goes.
async fn http<S>(stream: S, files: Arc<BTreeMap<String, Bytes>>, asked: Arc<Mutex<Asked>>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let path = request.uri().path().trim_start_matches('/').to_owned();
        let file = files.get(&path).cloned();
        let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.requests = asked.requests.saturating_add(1);
        let response = match file {
            Some(bytes) => {
                asked.files.insert(path);
                Response::new(Full::new(bytes))
            }
            None => {
                let mut nothing = Response::new(Full::new(Bytes::new()));
                *nothing.status_mut() = StatusCode::NOT_FOUND;
                nothing
            }
        };
        async move { Ok::<_, Infallible>(response) }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    // How a client leaves is its own affair.
    let _ = serving.await;
}

/// SHA-256 over the files with their paths and lengths.
fn digest(files: &BTreeMap<String, Bytes>) -> String {
    let mut context = Context::new(&SHA256);
    for (path, bytes) in files {
        context.update(&(path.len() as u64).to_be_bytes());
        context.update(path.as_bytes());
        context.update(&(bytes.len() as u64).to_be_bytes());
        context.update(bytes);
    }
    written(&context.finish())
}

/// SHA-256 of a single message.
pub(crate) fn digest_of(bytes: &[u8]) -> String {
    written(&aws_lc_rs::digest::digest(&SHA256, bytes))
}

fn written(digest: &aws_lc_rs::digest::Digest) -> String {
    let hex: String = digest.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    format!("sha256:{hex}")
}

/// A genuine image of which one bit is turned: the last but one byte of its largest file, which is in its contents
/// in any format that ends with contents or a signature.
pub fn altered(genuine: &BTreeMap<String, Bytes>) -> BTreeMap<String, Bytes> {
    with_largest(genuine, |bytes| {
        let mut bytes = bytes.to_vec();
        let place = bytes.len().saturating_sub(2);
        if let Some(byte) = bytes.get_mut(place) {
            *byte ^= 1;
        }
        Bytes::from(bytes)
    })
}

/// A genuine image without its end: of its largest file the last quarter is missing, and the server says the length
/// that it sends, so that nothing but the image itself can tell.
pub fn cut_off(genuine: &BTreeMap<String, Bytes>) -> BTreeMap<String, Bytes> {
    with_largest(genuine, |bytes| bytes.slice(..bytes.len().saturating_sub(bytes.len().div_ceil(4))))
}

fn with_largest(
    files: &BTreeMap<String, Bytes>,
    change: impl FnOnce(&Bytes) -> Bytes,
) -> BTreeMap<String, Bytes> {
    let mut files = files.clone();
    if let Some(largest) = files.values_mut().max_by_key(|bytes| bytes.len()) {
        *largest = change(largest);
    }
    files
}
