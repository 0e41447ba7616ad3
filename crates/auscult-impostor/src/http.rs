//! An HTTP server that answers one request kindly and counts what was handed over.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use auscult_facts::client::Said;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE, COOKIE, HeaderName, PROXY_AUTHORIZATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

/// How long a request may take.
const LISTENING: Duration = Duration::from_secs(5);
/// Most bytes of a body that are counted.
const BODY: usize = 24 << 10;

/// Headers in which a password, key or token comes.
const SECRETS: [HeaderName; 5] = [
    AUTHORIZATION,
    PROXY_AUTHORIZATION,
    COOKIE,
    HeaderName::from_static("x-api-key"),
    HeaderName::from_static("x-auth-token"),
];

/// Listens to one request.
pub(crate) async fn hear<S>(stream: S) -> Said
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let said = Arc::new(Mutex::new(Said::default()));
    let heard = Arc::clone(&said);
    let service = service_fn(move |request| {
        let heard = Arc::clone(&heard);
        async move { Ok::<_, Infallible>(answer(request, &heard).await) }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .keep_alive(false)
        .max_buf_size(16 << 10)
        .serve_connection(TokioIo::new(stream), service);
    // How a client leaves is its own affair.
    let _ = timeout(LISTENING, serving).await;
    let said = said.lock().unwrap_or_else(PoisonError::into_inner);
    said.clone()
}

/// Counts what came; nothing of its contents is kept.
async fn answer(request: Request<Incoming>, heard: &Mutex<Said>) -> Response<Full<Bytes>> {
    let secret = SECRETS.iter().any(|name| request.headers().contains_key(name));
    let posted = request.method() == Method::POST;
    {
        let mut said = heard.lock().unwrap_or_else(PoisonError::into_inner);
        said.credentials = secret;
        said.identity = secret;
        said.bytes = 1;
    }
    let body = timeout(LISTENING, Limited::new(request.into_body(), BODY).collect()).await;
    let bytes = match body {
        Ok(Ok(body)) => body.to_bytes().len() as u64,
        // It was longer, or broke off: something came in any case only where it was longer.
        _ => 0,
    };
    let mut said = heard.lock().unwrap_or_else(PoisonError::into_inner);
    said.messages = u32::from(bytes > 0);
    said.payload = bytes;
    said.bytes = said.bytes.max(bytes);
    drop(said);
    let mut response = Response::new(Full::new(Bytes::from_static(b"{}\n")));
    *response.status_mut() = if posted { StatusCode::CREATED } else { StatusCode::OK };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static("application/json"));
    headers.insert(CONNECTION, hyper::header::HeaderValue::from_static("close"));
    response
}
