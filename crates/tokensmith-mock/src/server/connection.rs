//! One connection: TLS or not, and what is asked on it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::uri::{Authority, Scheme, Uri};
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Body, Shared, broken_off};
use crate::certificate::ClientCertificate;
use crate::provider::origin;
use crate::reply::{Delivery, Reply, refused, respond, set};

/// The largest body of a request.
const MAX_BODY: usize = 1 << 20;

/// The body of most requests is smaller, in bytes.
const SMALL_BODY: u64 = 64 * 1024;

/// How long a client may take to begin, for its TLS handshake, for the head of a request and for its
/// body.
const PATIENCE: Duration = Duration::from_secs(30);

/// What TLS connections begin with: the type of a handshake record (RFC 8446 section 5.1).
const HANDSHAKE: u8 = 22;

/// Serves one connection, over TLS if it begins like that.
pub(super) async fn converse(stream: TcpStream, shared: Arc<Shared>) {
    drop(stream.set_nodelay(true));
    let mut first = [0];
    let begun = timeout(PATIENCE, stream.peek(&mut first)).await;
    if !matches!(begun, Ok(Ok(1))) {
        return;
    }
    if first != [HANDSHAKE] {
        return serve(stream, shared, None).await;
    }
    let Ok(tls) = shared.tls() else { return };
    let accepted = timeout(PATIENCE, tls.acceptor.accept(stream)).await;
    let Ok(Ok(stream)) = accepted else { return };
    let certificates = stream.get_ref().1.peer_certificates();
    let certificate = certificates.and_then(|chain| chain.first());
    let secure = Secure {
        certificate: certificate.map(|der| ClientCertificate::from_der(der)),
    };
    serve(stream, shared, Some(secure)).await;
}

/// What is known of a connection over TLS.
#[derive(Clone)]
struct Secure {
    certificate: Option<ClientCertificate>,
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send,
    shared: Arc<Shared>,
    secure: Option<Secure>,
) {
    let service = service_fn(move |request| {
        let (shared, secure) = (Arc::clone(&shared), secure.clone());
        async move { exchange(request, &shared, secure).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service);
    // How a connection ends is the client's matter.
    drop(connection.await);
}

async fn exchange(
    request: Request<Incoming>,
    shared: &Shared,
    secure: Option<Secure>,
) -> Result<Response<Body>, io::Error> {
    let (mut parts, body) = request.into_parts();
    let most = u64::try_from(MAX_BODY).unwrap_or(u64::MAX);
    if body.size_hint().lower() > most {
        return Ok(whole(too_large()));
    }
    // Without a limit, many clients that keep their bodies for long would fill the memory.
    let is_large = body
        .size_hint()
        .upper()
        .is_none_or(|upper| upper > SMALL_BODY);
    let _permit = match is_large.then(|| shared.large_bodies.try_acquire()) {
        Some(Err(_)) => return Ok(whole(refused(503, "too many large bodies at once"))),
        Some(Ok(permit)) => Some(permit),
        None => None,
    };
    let body = match timeout(PATIENCE, Limited::new(body, MAX_BODY).collect()).await {
        Ok(Ok(body)) => body.to_bytes().to_vec(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            return Ok(whole(too_large()));
        }
        // The client is gone, or keeps its body.
        Ok(Err(_)) => return Err(io::Error::other("the body breaks off")),
        Err(_) => return Ok(whole(refused(408, "the body did not arrive in time"))),
    };
    if !is_own(&parts.headers, shared.address) {
        let reason = "the header Host names another host than the mock's";
        let status = StatusCode::MISDIRECTED_REQUEST.as_u16();
        return Ok(whole(refused(status, reason)));
    }
    let Some(uri) = uri(&parts, secure.is_some()) else {
        return Ok(whole(refused(400, "the header Host is not a host")));
    };
    parts.uri = uri;
    if let Some(certificate) = secure.and_then(|secure| secure.certificate) {
        parts.extensions.insert(certificate);
    }
    let request = Request::from_parts(parts, body);
    let Reply {
        mut response,
        delay,
        delivery,
    } = match certificate(&request, shared) {
        Some(response) => response.into(),
        None => shared.provider.respond(&request),
    };
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    match delivery {
        Delivery::Whole => Ok(whole(response)),
        Delivery::Lost => Err(io::Error::other("the response is lost")),
        Delivery::Truncated(bytes) => {
            let length = response.body().len().to_string();
            set(&mut response, header::CONTENT_LENGTH.as_str(), &length);
            Ok(response.map(|body| broken_off::body(body, bytes)))
        }
    }
}

fn too_large() -> Response<Vec<u8>> {
    refused(413, &format!("the body has more than {MAX_BODY} bytes"))
}

/// Responds to a request for the certificate that clients have to trust.
fn certificate(request: &Request<Vec<u8>>, shared: &Shared) -> Option<Response<Vec<u8>>> {
    if request.method() != Method::GET || request.uri().path() != "/.mock/certificate" {
        return None;
    }
    if let Some(refused) = origin::refuse_foreign(request.headers()) {
        return Some(refused);
    }
    Some(match shared.tls() {
        Ok(tls) => respond(200, "application/x-pem-file", tls.authority.as_str()),
        Err(error) => refused(503, &format!("there is no certificate: {error}")),
    })
}

/// The URL as the core reads it: absolute if it was sent over TLS.
fn uri(parts: &http::request::Parts, is_secure: bool) -> Option<Uri> {
    let path = parts.uri.path_and_query().cloned();
    let path = path.unwrap_or_else(|| http::uri::PathAndQuery::from_static("/"));
    if !is_secure {
        return Some(Uri::from(path));
    }
    let host = parts.headers.get(header::HOST)?;
    let mut uri = http::uri::Parts::default();
    uri.scheme = Some(Scheme::HTTPS);
    uri.authority = Some(Authority::try_from(host.as_bytes()).ok()?);
    uri.path_and_query = Some(path);
    Uri::from_parts(uri).ok()
}

/// Whether a request names this machine: a name of somebody else's that leads here may be an attack
/// on the browser. Of a mock that others can reach, nobody knows the names.
fn is_own(headers: &http::HeaderMap, address: SocketAddr) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let Some(host) = host else { return false };
    let name = origin::name(host);
    let is_loopback = name
        .parse::<std::net::IpAddr>()
        .is_ok_and(|ip| ip.is_loopback());
    !address.ip().is_loopback()
        || is_loopback
        || name == "localhost"
        || name.ends_with(".localhost")
}

fn whole(response: Response<Vec<u8>>) -> Response<Body> {
    response.map(|body| {
        Full::new(Bytes::from(body))
            .map_err(|never| match never {})
            .boxed()
    })
}
