//! Which requests carry the token.

#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "reqwest-middleware")]
mod middleware;

use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use tokensmith_runtime::PlainHttpHosts;
use tokensmith_runtime::protocol::has_in_query;
#[cfg(feature = "tower")]
use tokensmith_runtime::protocol::with_query;

#[cfg(feature = "tower")]
pub use self::layer::{CloneBody, Replay, TokenLayer, TokenService};
#[cfg(feature = "reqwest-middleware")]
pub use self::middleware::TokenMiddleware;
use crate::{Token, TokenError, TokenErrorKind, TokenSource};

/// A source, and the hosts that may see its tokens.
#[derive(Debug, Clone)]
pub(crate) struct Carrier {
    source: TokenSource,
    hosts: Vec<String>,
    plain_http: PlainHttpHosts,
    lets_others_pass: bool,
}

/// What is to be done with a request.
pub(crate) enum Admission {
    /// It is for a host that may see the token.
    Carry,
    /// It is for another host, and goes there as it is.
    Pass,
}

impl Carrier {
    pub(crate) fn new(source: TokenSource) -> Self {
        Self {
            source,
            hosts: Vec::new(),
            plain_http: PlainHttpHosts::default(),
            lets_others_pass: false,
        }
    }

    pub(crate) fn add_host(&mut self, host: impl Into<String>) {
        self.hosts.push(host.into());
    }

    pub(crate) fn allow_plain_http(&mut self, host: &str) -> Result<(), TokenError> {
        self.plain_http.allow(host).map_err(|error| {
            TokenErrorKind::Config
                .because("`allow_plain_http` takes a host, and perhaps a port")
                .with_source(error)
        })
    }

    pub(crate) fn let_others_pass(&mut self) {
        self.lets_others_pass = true;
    }

    /// Whether a request may carry the token, and has none yet.
    pub(crate) fn admit(&self, uri: &Uri, headers: &HeaderMap) -> Result<Admission, TokenError> {
        let refuse = |message: &'static str| Err(TokenErrorKind::Refused.because(message));
        if !self.hosts.iter().any(|host| is_for(uri, host)) {
            if self.lets_others_pass {
                return Ok(Admission::Pass);
            }
            return refuse(
                "the request was not sent: its host is not among those that may see the token",
            );
        }
        let is_plain = uri.scheme_str() != Some("https");
        if is_plain && !self.plain_http.contains(uri) {
            return refuse(
                "the request was not sent: the token would be carried in plain text; use https or, if the network is \
                 trusted, name the host in `allow_plain_http`",
            );
        }
        match self.source.header().query() {
            Some(name) if has_in_query(uri, name) => {
                return refuse(
                    "the request was not sent: its URL has the parameter of the token already",
                );
            }
            None if headers.contains_key(self.source.header_name()) => {
                return refuse("the request was not sent: it has the header of the token already");
            }
            _ => {}
        }
        Ok(Admission::Carry)
    }

    pub(crate) async fn token(&self) -> Result<Token, TokenError> {
        self.source.token().await
    }

    /// The parameter that carries the token in the query, where one does.
    pub(crate) fn query(&self) -> Option<&str> {
        self.source.header().query()
    }

    pub(crate) fn put(&self, token: &Token, headers: &mut HeaderMap<HeaderValue>) {
        headers.insert(self.source.header_name(), token.header_value().clone());
    }

    /// Puts the token on a request: into its header, or into the query of its URL.
    #[cfg(feature = "tower")]
    pub(crate) fn put_on<B>(
        &self,
        token: &Token,
        request: &mut http::Request<B>,
    ) -> Result<(), TokenError> {
        match self.query() {
            None => self.put(token, request.headers_mut()),
            Some(name) => {
                let with_token = with_query(request.uri(), [(name, token.access_token())]);
                *request.uri_mut() = with_token.map_err(|_| {
                    TokenErrorKind::Refused.because("the token does not fit in the request URL")
                })?;
            }
        }
        Ok(())
    }

    /// Drops the token if the API has refused it; whether it has.
    pub(crate) fn drop_refused(&self, status: StatusCode, token: &Token) -> bool {
        let is_refused = status == StatusCode::UNAUTHORIZED;
        if is_refused {
            self.source.invalidate(token);
        }
        is_refused
    }

    /// Another token to try once more with.
    pub(crate) async fn another(&self, refused: &Token) -> Option<Token> {
        let token = self.source.token().await.ok()?;
        (token.access_token() != refused.access_token()).then_some(token)
    }
}

/// Whether two URLs are on the same host, by the same scheme: who follows a redirect elsewhere leaves the token behind.
#[cfg(feature = "reqwest-middleware")]
pub(crate) fn is_same_origin(one: &Uri, other: &Uri) -> bool {
    one.scheme() == other.scheme()
        && one
            .authority()
            .is_some_and(|authority| is_for(other, authority.as_str()))
}

/// Whether a URL is on a host: its name, and its port where that is not the scheme's own.
fn is_for(uri: &Uri, host: &str) -> bool {
    let Some(authority) = uri.authority() else {
        return false;
    };
    let default = match uri.scheme_str() {
        Some("https") => Some(443),
        Some("http") => Some(80),
        _ => None,
    };
    let port = authority.port_u16().or(default);
    let named: Option<http::uri::Authority> = host.parse().ok();
    named.is_some_and(|named| {
        named.host().eq_ignore_ascii_case(authority.host())
            && named.port_u16().or(default) == port
            // A user name before the host is somebody else's password.
            && !authority.as_str().contains('@')
    })
}
