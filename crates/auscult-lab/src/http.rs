//! Serves HTTP on a lab connection, with or without the headers and refusals that make a web server hard.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ORIGIN, REFERRER_POLICY, SERVER, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;

use crate::serve::{Handler, Stream};

/// How long one connection may stay open.
const CONNECTION: Duration = Duration::from_secs(60);
/// How long a client may take over its header.
const HEADER: Duration = Duration::from_secs(10);
/// Longest header that is read, in bytes.
const HEADER_SIZE: usize = 16 << 10;
/// Longest body that is read, in bytes.
const BODY_SIZE: usize = 8 << 10;

/// How hard a web server is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hardening {
    /// Sends the headers that browsers protect a page by.
    pub(crate) headers: bool,
    /// Sends `Strict-Transport-Security`; only meant behind TLS.
    pub(crate) hsts: bool,
    /// Says which product it is, and in which version.
    pub(crate) server: Option<&'static str>,
    /// Answers TRACE with the request (RFC 9110 section 9.3.8).
    pub(crate) trace: bool,
    /// Lets any origin read with the user's login.
    pub(crate) any_origin: bool,
}

impl Hardening {
    /// A hard one behind TLS.
    pub(crate) const TLS: Self =
        Self { headers: true, hsts: true, server: None, trace: false, any_origin: false };
    /// A hard one in clear.
    pub(crate) const CLEAR: Self = Self { hsts: false, ..Self::TLS };

    /// Puts it in front of all pages.
    pub(crate) fn around(self, pages: Router) -> Router {
        pages.layer(DefaultBodyLimit::max(BODY_SIZE)).layer(middleware::from_fn_with_state(self, harden))
    }
}

/// The handler that serves these pages.
pub(crate) fn handler(pages: Router) -> Handler {
    Arc::new(move |stream: Stream| {
        let service = TowerToHyperService::new(pages.clone());
        Box::pin(async move {
            let serving = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADER)
                .max_buf_size(HEADER_SIZE)
                .serve_connection(TokioIo::new(stream), service);
            // How a client leaves is its own affair.
            let _ = tokio::time::timeout(CONNECTION, serving).await;
        })
    })
}

async fn harden(State(hardening): State<Hardening>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let mut response = match *request.method() {
        Method::TRACE if hardening.trace => echo(&request),
        Method::TRACE | Method::CONNECT => {
            (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD, POST")]).into_response()
        }
        Method::OPTIONS => (StatusCode::NO_CONTENT, [(ALLOW, "GET, HEAD, POST")]).into_response(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    if hardening.headers {
        protect(headers);
    }
    if hardening.hsts {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    if let Some(server) = hardening.server {
        headers.insert(SERVER, HeaderValue::from_static(server));
    }
    if hardening.any_origin
        && let Some(origin) = origin
    {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(VARY, HeaderValue::from_static("Origin"));
    }
    response
}

fn protect(headers: &mut HeaderMap) {
    const ALL: [(HeaderName, &str); 5] = [
        (CONTENT_SECURITY_POLICY, "default-src 'self'; form-action 'self'; frame-ancestors 'none'"),
        (X_FRAME_OPTIONS, "DENY"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in ALL {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// The request as it came, as the body.
fn echo(request: &Request) -> Response {
    let mut text = format!("{} {} HTTP/1.1\r\n", request.method(), request.uri()).into_bytes();
    for (name, value) in request.headers() {
        text.extend(name.as_str().bytes());
        text.extend(b": ");
        text.extend(value.as_bytes());
        text.extend(b"\r\n");
    }
    text.extend(b"\r\n");
    ([(CONTENT_TYPE, "message/http")], Body::from(text)).into_response()
}
