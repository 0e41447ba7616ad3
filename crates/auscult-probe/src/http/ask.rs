//! Asks a web server one question at a time over our own sessions, bounded in bytes, packets and time.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use auscult_facts::{Answer, Interrupted, Subject};
use auscult_model::Impact;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{
    ACCEPT, CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue, LOCATION, SET_COOKIE, USER_AGENT,
};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::AlertDescription;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::origin::Origin;
use crate::{Bound, NodeBench, Session};

/// Most bytes of one head: twice what common servers let themselves send.
const HEAD: usize = 64 << 10;

/// Most bytes of one body that any question may read.
const BODY: usize = 256 << 10;

/// Most bytes of a body of which only the kind matters; small, so that many paths cost a device little.
pub(crate) const GLANCE: usize = 16 << 10;

/// Most headers of one answer; hyper keeps a slot for each.
pub(super) const HEADERS: usize = 200;

/// Answers in a row that came too late, after which nothing more is asked.
const STRIKES: u32 = 3;

/// Packets that may still go out after the last one allowed: what one poll of a session can read at most.
const PACKETS_OVERRUN: u64 = 256;

/// One question.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    method: Method,
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    most: usize,
    step: Impact,
}

impl Question {
    /// A GET of a path, query included.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// Any method without a body.
    pub(crate) fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Bytes::new(),
            most: GLANCE,
            step: Impact::Safe,
        }
    }

    /// The same with a header; left out where the value cannot stand in one.
    #[must_use]
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// The same with a header that nobody may see but the server; `None` where the value cannot stand in one.
    pub(crate) fn with_secret(mut self, name: HeaderName, value: &str) -> Option<Self> {
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        self.headers.push((name, value));
        Some(self)
    }

    /// The same with a body.
    #[must_use]
    pub(crate) fn body(mut self, body: String) -> Self {
        self.body = body.into();
        self
    }

    /// The same, reading at most that many bytes of the answer's body.
    #[must_use]
    pub(crate) fn most(mut self, most: usize) -> Self {
        self.most = most.min(BODY);
        self
    }

    /// The same as a rougher step.
    #[must_use]
    pub(crate) fn step(mut self, step: Impact) -> Self {
        self.step = step;
        self
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The body was longer than was read, or did not come to its end.
    pub(crate) cut: bool,
    /// Why the body ended before it was whole and before as much of it was there as was asked for: what it does not
    /// hold may still be there.
    pub(crate) short: Option<Interrupted>,
}

impl Answered {
    /// A header as text, what is not text replaced.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<String> {
        self.headers.get(name).map(lossy)
    }

    /// All values of a header.
    pub(crate) fn all(&self, name: &HeaderName) -> impl Iterator<Item = String> {
        self.headers.get_all(name).iter().map(lossy)
    }

    /// The body as text, what is not text replaced.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether it gave something: status 2xx.
    pub(crate) fn given(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Where it sends the browser by status and `Location`.
    pub(crate) fn location(&self) -> Option<String> {
        (300..400).contains(&self.status).then(|| self.header(&LOCATION)).flatten()
    }

    /// Lines of cookies to set, at most 20.
    pub(crate) fn cookies(&self) -> Vec<String> {
        self.all(&SET_COOKIE).take(20).collect()
    }
}

fn lossy(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// Asks one service; keeps its connection while the server does.
pub(crate) struct Client<'a> {
    bench: &'a NodeBench,
    subject: &'a Subject,
    /// The address under which the service is asked.
    pub(crate) origin: Origin,
    line: Option<Line>,
    asks: u64,
    quota: Arc<Quota>,
    until: Instant,
    last: Option<Instant>,
    strikes: u32,
    /// The server said that it wants a certificate of its clients.
    wants_certificate: bool,
}

impl<'a> Client<'a> {
    /// A client that opens at most `bound.connections` connections, asks as many questions, and stops sending
    /// soon enough to stay within `bound.packets`.
    ///
    /// # Errors
    /// `InstrumentFault` when the subject is no service.
    pub(crate) fn new(bench: &'a NodeBench, subject: &'a Subject, bound: Bound) -> Result<Self, Interrupted> {
        let packets = bench.cost().packets + bound.packets.saturating_sub(PACKETS_OVERRUN);
        Ok(Self {
            bench,
            subject,
            origin: Origin::of(subject, bench.address())?,
            line: None,
            asks: bound.connections,
            quota: Arc::new(Quota { bytes: AtomicU64::new(0), packets, bench: bench.clone() }),
            // The last tenth is left for whoever waits for the facts.
            until: Instant::now() + bench.limits().observation * 9 / 10,
            last: None,
            strikes: 0,
            wants_certificate: false,
        })
    }

    /// Says nothing until then, which does not count as time spent on the work.
    pub(crate) async fn rest_until(&mut self, when: Instant) {
        let rest = when.saturating_duration_since(Instant::now());
        // A connection that is kept open for minutes may be taken for a sign of life.
        self.line = None;
        tokio::time::sleep(rest).await;
        self.until += rest;
    }

    /// Asks for a path.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub(crate) async fn get(&mut self, path: &str) -> Result<Answered, Interrupted> {
        self.ask(Question::get(path)).await
    }

    /// Asks one question; at most one new connection is opened for it.
    ///
    /// # Errors
    /// What came in between. A server that was too slow several times in a row is not asked again.
    pub(crate) async fn ask(&mut self, question: Question) -> Result<Answered, Interrupted> {
        let port = self.subject.service.as_ref().map_or(0, |s| s.port);
        self.bench.may(port, question.step)?;
        if self.strikes >= STRIKES || Instant::now() >= self.until {
            return Err(Interrupted::TimedOut);
        }
        if self.asks == 0 || self.quota.spent() {
            return Err(Interrupted::BudgetSpent);
        }
        self.asks -= 1;
        self.pause().await;
        let until = self.until;
        let answer = match tokio::time::timeout_at(until, self.exchange(&question)).await {
            Ok(answer) => answer,
            Err(_) => Err(Interrupted::TimedOut),
        };
        self.last = Some(Instant::now());
        match &answer {
            Err(Interrupted::TimedOut) | Ok((_, true)) => self.strikes += 1,
            _ => self.strikes = 0,
        }
        let (answered, _) = answer?;
        if certificate_missing(&answered) {
            self.wants_certificate = true;
            return Err(Interrupted::AccessRefused);
        }
        Ok(answered)
    }

    /// Whether the server said, instead of an answer, that it wants a certificate of its clients.
    pub(crate) fn wants_certificate(&self) -> bool {
        self.wants_certificate
    }

    /// Questions over a kept connection keep the pace of the node too.
    async fn pause(&self) {
        let spacing = self.bench.limits().spacing;
        if let (Some(last), Some(_)) = (self.last, &self.line)
            && !spacing.is_zero()
        {
            tokio::time::sleep_until(last + spacing).await;
        }
    }

    /// Gives the answer, and whether its end came too late.
    async fn exchange(&mut self, question: &Question) -> Result<(Answered, bool), Interrupted> {
        self.quota.bytes.store((HEAD + question.most.max(GLANCE) * 2) as u64, Relaxed);
        // A question that changes something is never asked twice, so it goes over a connection of its own.
        let kept = self.line.take().filter(|_| question.method.is_safe());
        if let Some(line) = kept {
            match self.over(line, question).await {
                // The server had closed the kept connection: ask again over a new one.
                Err(Interrupted::AccessRefused) => {}
                done => return done,
            }
        }
        let session = self.bench.dial(self.subject, question.step).await?;
        let line = Line::open(session, Arc::clone(&self.quota)).await?;
        self.over(line, question).await
    }

    async fn over(&mut self, mut line: Line, question: &Question) -> Result<(Answered, bool), Interrupted> {
        let request = self.request(question)?;
        let end = Instant::now() + self.bench.patience();
        let Line { sender, connection } = &mut line;
        let asking = async {
            sender.ready().await?;
            sender.send_request(request).await
        };
        let response = match drive(connection, end, asking).await {
            None => return Err(Interrupted::TimedOut),
            Some(Err(e)) => {
                self.wants_certificate |= alert(&e) == Some(AlertDescription::CertificateRequired);
                return Err(self.why(&e));
            }
            Some(Ok(response)) => response,
        };
        let (head, mut body) = response.into_parts();
        let mut heard = Vec::new();
        let (mut whole, mut late) = (false, false);
        while heard.len() <= question.most {
            match drive(connection, end, body.frame()).await {
                None => late = true,
                Some(None) => whole = true,
                Some(Some(Err(_))) => {}
                Some(Some(Ok(frame))) => {
                    if let Some(data) = frame.data_ref() {
                        heard.extend_from_slice(data);
                    }
                    continue;
                }
            }
            break;
        }
        let why = if late { Interrupted::TimedOut } else { Interrupted::AccessRefused };
        let short = (!whole && heard.len() <= question.most).then_some(why);
        let whole = whole && heard.len() <= question.most;
        heard.truncate(question.most);
        drop(body);
        if whole {
            self.line = Some(line);
        }
        let answered =
            Answered { status: head.status.as_u16(), headers: head.headers, body: heard, cut: !whole, short };
        Ok((answered, late))
    }

    fn request(&self, question: &Question) -> Result<Request<Full<Bytes>>, Interrupted> {
        let mut request = Request::builder()
            .method(question.method.clone())
            .uri(&question.path)
            .header(HOST, self.origin.authority())
            .header(USER_AGENT, concat!("auscult/", env!("CARGO_PKG_VERSION")))
            .header(CONNECTION, "keep-alive");
        if !question.headers.iter().any(|(name, _)| *name == ACCEPT) {
            request = request.header(ACCEPT, "*/*");
        }
        for (name, value) in &question.headers {
            request = request.header(name, value);
        }
        request.body(Full::new(question.body.clone())).map_err(|_| Interrupted::InstrumentFault)
    }

    /// The word for an error of the protocol or below it.
    fn why(&self, error: &hyper::Error) -> Interrupted {
        if self.bench.stopped() {
            return Interrupted::SafetyStop;
        }
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(here) = cause {
            if let Some(below) = here.downcast_ref::<io::Error>() {
                return why_below(below);
            }
            cause = here.source();
        }
        if error.is_parse() || error.is_user() {
            Interrupted::NotUnderstood
        } else {
            // Closed before or within the answer.
            Interrupted::AccessRefused
        }
    }
}

/// The alert of TLS that ended a session, if one did.
fn alert(error: &hyper::Error) -> Option<AlertDescription> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(here) = cause {
        let below =
            here.downcast_ref::<io::Error>().and_then(|e| e.get_ref()?.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::AlertReceived(alert)) = below {
            return Some(*alert);
        }
        cause = here.source();
    }
    None
}

fn why_below(error: &io::Error) -> Interrupted {
    use io::ErrorKind as K;
    // With TLS 1.3 a server that demands a certificate says so only when the first answer is read.
    match error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::AlertReceived(_)) => return Interrupted::AccessRefused,
        Some(_) => return Interrupted::NotUnderstood,
        None => {}
    }
    match error.kind() {
        K::QuotaExceeded => Interrupted::BudgetSpent,
        K::FileTooLarge | K::InvalidData => Interrupted::NotUnderstood,
        K::TimedOut | K::HostUnreachable | K::NetworkUnreachable => Interrupted::Unreachable,
        _ => Interrupted::AccessRefused,
    }
}

/// Whether a server that lets everybody make the handshake then says that it wanted a certificate.
///
/// Some do so with 400 to every question, which must not be taken for an answer to it.
fn certificate_missing(answered: &Answered) -> bool {
    matches!(answered.status, 400 | 495 | 496) && {
        let text = answered.text();
        text.contains("No required SSL certificate was sent") || text.contains("SSL certificate error")
    }
}

/// Turns an answer or what came in between into what stands in facts.
pub(crate) fn noted<T>(answer: Result<T, Interrupted>) -> Answer<T> {
    match answer {
        Ok(seen) => Answer::Seen(seen),
        Err(why) => Answer::Interrupted(why),
    }
}

/// What an observation of that many questions may cost.
///
/// Fifty packets stand for a question whose answer fills a glance (16 KiB) in small segments; `more` is added for
/// bodies that are read whole.
pub(crate) const fn bound(questions: u64, more: u64) -> Bound {
    Bound { connections: questions, packets: questions * 50 + more + PACKETS_OVERRUN }
}

type Driver = Pin<Box<http1::Connection<TokioIo<Gate>, Full<Bytes>>>>;

/// A connection on which HTTP is spoken; dropping it closes it at once, since no other task holds it.
struct Line {
    sender: http1::SendRequest<Full<Bytes>>,
    connection: Option<Driver>,
}

impl Line {
    async fn open(session: Session, quota: Arc<Quota>) -> Result<Self, Interrupted> {
        let (sender, connection) = http1::Builder::new()
            .title_case_headers(true)
            .allow_spaces_after_header_name_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .ignore_invalid_headers_in_responses(true)
            .max_headers(HEADERS)
            .max_buf_size(HEAD)
            .handshake(TokioIo::new(Gate { session, quota }))
            .await
            .map_err(|_| Interrupted::InstrumentFault)?;
        Ok(Self { sender, connection: Some(Box::pin(connection)) })
    }
}

/// Does something on a connection until it is done; `None` when patience ends before.
async fn drive<T>(
    connection: &mut Option<Driver>,
    end: Instant,
    doing: impl Future<Output = T>,
) -> Option<T> {
    let mut doing = pin!(doing);
    let both = poll_fn(|cx| {
        if let Poll::Ready(done) = doing.as_mut().poll(cx) {
            return Poll::Ready(done);
        }
        // Its own end reaches whoever waits for the answer through hyper.
        if connection.as_mut().is_some_and(|c| c.as_mut().poll(cx).is_ready()) {
            *connection = None;
            return doing.as_mut().poll(cx);
        }
        Poll::Pending
    });
    let patience = end.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    tokio::time::timeout(patience, both).await.ok()
}

/// What may still be read for the present question.
struct Quota {
    bytes: AtomicU64,
    packets: u64,
    bench: NodeBench,
}

impl Quota {
    fn spent(&self) -> bool {
        self.bench.cost().packets >= self.packets
    }
}

/// A session that ends when the quota does: a server that never stops talking is cut off here.
struct Gate {
    session: Session,
    quota: Arc<Quota>,
}

impl AsyncRead for Gate {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.quota.spent() {
            return Poll::Ready(Err(io::ErrorKind::QuotaExceeded.into()));
        }
        let left = self.quota.bytes.load(Relaxed);
        if left == 0 {
            return Poll::Ready(Err(io::ErrorKind::FileTooLarge.into()));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.session).poll_read(cx, buf);
        let got = buf.filled().len().saturating_sub(before) as u64;
        self.quota.bytes.store(left.saturating_sub(got), Relaxed);
        polled
    }
}

impl AsyncWrite for Gate {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.session).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.session).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.session).poll_shutdown(cx)
    }
}
