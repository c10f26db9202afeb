//! What a socket is before it is a websocket: HTTP/1, for the page and for the upgrade.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, Version};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tungstenite::handshake::derive_accept_key;

use super::admission::{Admission, Handshake, Place};
use super::builder::Shared;
use super::connection::{Connection, Stage};
use super::socket::Socket;
use crate::protocol::SUBPROTOCOL;

/// How long one socket may be used for pages: who reads no byte of them must not keep it.
const MAX_HTTP_TIME: Duration = Duration::from_secs(120);

type Reply = Response<Full<Bytes>>;

/// A socket that speaks HTTP.
pub(super) struct HttpSocket {
    pub(super) shared: Arc<Shared>,
    pub(super) admission: Arc<Admission>,
    pub(super) place: Place,
    pub(super) id: u64,
    pub(super) stage: watch::Receiver<Stage>,
}

/// A client that has not said who it is: since when, and its place among those.
type Newcomer = Option<(Instant, Handshake)>;

impl HttpSocket {
    /// Serves requests until the socket closes or becomes a websocket, which is then served too.
    pub(super) async fn run(self, tcp: TcpStream, handshake: Handshake) {
        let limits = self.shared.limits.clone();
        let newcomer: Arc<Mutex<Newcomer>> = Arc::new(Mutex::new(Some((Instant::now(), handshake))));
        let upgraded = Arc::new(Mutex::new(None));
        let service = service_fn(|request: Request<Incoming>| {
            let (newcomer, upgraded) = (newcomer.clone(), upgraded.clone());
            let this = &self;
            async move { Ok::<_, Infallible>(this.answer(request, &newcomer, &upgraded).await) }
        });
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(limits.handshake_timeout)
            .max_headers(limits.max_http_headers)
            .max_buf_size(limits.max_http_head_bytes.max(8 << 10));
        let mut stage = self.stage.clone();
        {
            let serving = builder.serve_connection(TokioIo::new(tcp), service).with_upgrades();
            let served = tokio::select! {
                served = serving => served,
                () = sleep(MAX_HTTP_TIME) => return,
                _ = stage.changed() => return,
            };
            if let Err(error) = served {
                tracing::debug!(connection = self.id, %error, "the HTTP connection ended");
                return;
            }
        }
        let upgrade = upgraded.lock().unwrap_or_else(PoisonError::into_inner).take();
        let newcomer = newcomer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(upgrade), Some(newcomer)) = (upgrade, newcomer) {
            self.serve_websocket(upgrade, newcomer).await;
        }
    }

    async fn serve_websocket(self, upgrade: hyper::upgrade::OnUpgrade, (since, handshake): (Instant, Handshake)) {
        let Ok(upgraded) = upgrade.await else { return };
        let Ok(parts) = upgraded.downcast::<TokioIo<TcpStream>>() else { return };
        let socket = Socket::new(parts.io.into_inner(), &parts.read_buf, &self.shared.limits);
        let Self { shared, place, id, stage, .. } = self;
        Connection::new(shared, id, since, handshake).run(socket, stage).await;
        drop(place);
    }

    async fn answer(
        &self,
        mut request: Request<Incoming>,
        newcomer: &Mutex<Newcomer>,
        upgraded: &Mutex<Option<hyper::upgrade::OnUpgrade>>,
    ) -> Reply {
        if request.uri().path() != self.shared.socket_path {
            let reply = self.serve_asset(&request).await;
            // Who only reads pages is not counted any more; the header timeout goes on.
            *newcomer.lock().unwrap_or_else(PoisonError::into_inner) = None;
            return reply;
        }
        let reply = match self.check_upgrade(&request) {
            Ok(reply) => reply,
            Err(refusal) => return *refusal,
        };
        let mut newcomer = newcomer.lock().unwrap_or_else(PoisonError::into_inner);
        if newcomer.is_none() {
            match self.admission.greet() {
                Ok(handshake) => *newcomer = Some((Instant::now(), handshake)),
                Err(_) => return plain(StatusCode::SERVICE_UNAVAILABLE, "overloaded"),
            }
        }
        *upgraded.lock().unwrap_or_else(PoisonError::into_inner) = Some(hyper::upgrade::on(&mut request));
        reply
    }

    /// The answer that makes a websocket of the socket. Source: RFC 6455, section 4.2.
    fn check_upgrade(&self, request: &Request<Incoming>) -> Result<Reply, Box<Reply>> {
        let headers = request.headers();
        let key = headers.get(header::SEC_WEBSOCKET_KEY);
        let (Some(key), true) = (key, is_websocket_request(request)) else {
            return Err(Box::new(plain(StatusCode::BAD_REQUEST, "this is a websocket")));
        };
        if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            let mut reply = plain(StatusCode::UPGRADE_REQUIRED, "websocket version 13");
            reply.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            return Err(Box::new(reply));
        }
        // Which of two would count is for nobody to guess.
        if [header::HOST, header::ORIGIN].iter().any(|name| headers.get_all(name).iter().count() > 1) {
            return Err(Box::new(plain(StatusCode::BAD_REQUEST, "a header twice")));
        }
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("(not a text)"));
        if !self.shared.origins.allow(origin, text(header::HOST)) {
            let origin = origin.unwrap_or_default();
            let line = self.shared.origins.line_that_allows(origin);
            tracing::warn!("refused a socket from {origin:?}; to allow it: {line}");
            return Err(Box::new(plain(StatusCode::FORBIDDEN, "origin")));
        }
        if !has_token(headers, &header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL) {
            return Err(Box::new(plain(StatusCode::BAD_REQUEST, "the subprotocol restream.v1 is required")));
        }
        let mut reply = Reply::default();
        *reply.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes()));
        let accept = accept.map_err(|_| Box::new(plain(StatusCode::BAD_REQUEST, "key")))?;
        let out = reply.headers_mut();
        out.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        out.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        out.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        out.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        Ok(reply)
    }

    async fn serve_asset(&self, request: &Request<Incoming>) -> Reply {
        let is_head = request.method() == Method::HEAD;
        if !is_head && request.method() != Method::GET {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "GET or HEAD");
        }
        let Some(assets) = &self.shared.assets else { return plain(StatusCode::NOT_FOUND, "not found") };
        let Some(asset) = assets.get(request.uri().path()).await else {
            return plain(StatusCode::NOT_FOUND, "not found");
        };
        let mut reply = Reply::default();
        if request.headers().get(header::IF_NONE_MATCH).is_some_and(|held| held.as_bytes() == asset.etag.as_bytes()) {
            *reply.status_mut() = StatusCode::NOT_MODIFIED;
        } else if !is_head {
            *reply.body_mut() = Full::new(asset.bytes);
        }
        let out = reply.headers_mut();
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
        out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if let Ok(etag) = HeaderValue::from_str(&asset.etag) {
            out.insert(header::ETAG, etag);
        }
        reply
    }
}

fn is_websocket_request(request: &Request<Incoming>) -> bool {
    let headers = request.headers();
    // 16 bytes in base64.
    let has_key = headers.get(header::SEC_WEBSOCKET_KEY).is_some_and(|key| key.len() == 24);
    request.method() == Method::GET
        && request.version() == Version::HTTP_11
        && has_key
        && has_token(headers, &header::UPGRADE, "websocket")
        && has_token(headers, &header::CONNECTION, "upgrade")
}

/// Whether a header that is a list has this entry.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|entry| entry.trim().eq_ignore_ascii_case(token))
}

fn plain(status: StatusCode, text: &'static str) -> Reply {
    let mut reply = Reply::new(Full::new(Bytes::from_static(text.as_bytes())));
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    reply
}
