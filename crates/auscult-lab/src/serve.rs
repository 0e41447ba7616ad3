//! Listens for the servers of a world: a bound on connections, deadlines, TLS in front, and an orderly end.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::LabError;
use crate::hello::{self, Alert, Hello, Obsolete, TLS_1_0};

/// Connections of one server open at once; one more is closed as soon as it comes.
const CONNECTIONS: usize = 256;
/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long open connections have to end when the world goes down.
const FAREWELL: Duration = Duration::from_millis(300);
/// Pause after a failed accept: it fails again at once while the process has no file descriptors left.
const BREATH: Duration = Duration::from_millis(50);

/// Something that is done for some time.
pub(crate) type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a server does with a connection.
pub(crate) type Handler = Arc<dyn Fn(Stream) -> Work + Send + Sync>;

/// What stands between the socket and the handler.
pub(crate) enum Front {
    Plain,
    Tls(TlsFront),
}

/// TLS as one server speaks it.
pub(crate) struct TlsFront {
    pub(crate) config: Arc<ServerConfig>,
    /// Newest version that it speaks, on the wire.
    pub(crate) newest: u16,
    /// Plays TLS 1.0 beside it.
    pub(crate) obsolete: Option<Obsolete>,
}

/// A server that has its port and waits to begin.
pub(crate) struct Server {
    listener: TcpListener,
    front: Arc<Front>,
    handler: Handler,
}

impl Server {
    /// Takes the port.
    pub(crate) async fn bind(
        address: Ipv4Addr,
        port: u16,
        front: Front,
        handler: Handler,
    ) -> Result<Self, LabError> {
        let address = SocketAddr::from((address, port));
        let listener = TcpListener::bind(address).await.map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => LabError::PortInUse(address),
            _ => LabError::Listen { address, source },
        })?;
        Ok(Self { listener, front: Arc::new(front), handler })
    }

    async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut open = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                Some(_) = open.join_next() => continue,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            match accepted {
                Ok((stream, _)) if open.len() < CONNECTIONS => {
                    let front = Arc::clone(&self.front);
                    let handler = Arc::clone(&self.handler);
                    open.spawn(async move {
                        // A client that breaks off is nothing that a server should speak about.
                        if let Ok(Some(stream)) = front.open(stream).await {
                            handler(stream).await;
                        }
                    });
                }
                Ok(_) => {}
                Err(_) => tokio::time::sleep(BREATH).await,
            }
        }
        drop(self.listener);
        let ending = async { while open.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(FAREWELL, ending).await;
        open.shutdown().await;
    }
}

impl Front {
    /// The stream that the handler gets; `None` when all is said already.
    async fn open(&self, mut stream: TcpStream) -> io::Result<Option<Stream>> {
        stream.set_nodelay(true)?;
        let Self::Tls(tls) = self else { return Ok(Some(Stream::Plain(stream))) };
        if let Some(hello) = Hello::peek(&stream).await? {
            // rustls leaves RFC 7507 out, because it has nothing old to fall back to; the played server has.
            if hello.falls_back() && hello.newest < tls.newest {
                hello::refuse(&mut stream, &hello, Alert::InappropriateFallback).await?;
                return Ok(None);
            }
            if let Some(obsolete) = &tls.obsolete
                && hello.newest == TLS_1_0
            {
                obsolete.play(&mut stream, &hello).await?;
                return Ok(None);
            }
        }
        let accepting = TlsAcceptor::from(Arc::clone(&tls.config)).accept(stream);
        match tokio::time::timeout(HANDSHAKE, accepting).await {
            Ok(accepted) => Ok(Some(Stream::Tls(Box::new(accepted?)))),
            Err(_) => Ok(None),
        }
    }
}

/// A connection as its handler sees it.
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
}

impl Stream {
    /// The certificate that the client proved, if any.
    pub(crate) fn client_certificate(&self) -> Option<&CertificateDer<'static>> {
        match self {
            Self::Plain(_) => None,
            Self::Tls(stream) => stream.get_ref().1.peer_certificates()?.first(),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(cx),
        }
    }
}

/// All that runs in a world; dropping it ends everything at once, `end` lets it finish.
#[derive(Debug)]
pub(crate) struct House {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl House {
    pub(crate) fn new() -> Self {
        Self { stop: watch::Sender::new(false), tasks: JoinSet::new() }
    }

    /// Lets a server begin.
    pub(crate) fn open(&mut self, server: Server) {
        let stop = self.stop.subscribe();
        self.tasks.spawn(server.run(stop));
    }

    /// Lets a device do its work until the end.
    pub(crate) fn employ(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        let mut stop = self.stop.subscribe();
        self.tasks.spawn(async move {
            tokio::select! {
                () = work => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        });
    }

    /// Ends everything and waits until every port is free again.
    pub(crate) async fn end(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Does one thing with a deadline; what takes longer is an error like any other.
pub(crate) async fn within<T>(limit: Duration, doing: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(limit, doing).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
