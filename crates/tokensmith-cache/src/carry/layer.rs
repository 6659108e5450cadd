//! A tower layer that puts the token on requests.

use std::error::Error as StdError;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::{Admission, Carrier};
use crate::{TokenError, TokenSource};

/// Puts the token on requests, for the hosts that are named and no others.
///
/// Where requests carry it is what [`Options::header`](crate::Options::header) or the provider's
/// document says.
///
/// A request that gets no token is not sent, and neither is one for another host. When the API responds with 401, the token is
/// dropped and the request is sent once more with a new one, if its body can be had again. A token of the last seconds is not
/// dropped: see [`Policy::with_min_age`](crate::Policy::with_min_age).
///
/// A layer that follows redirects goes outside of this one: then each request is looked at, and none carries the token to
/// another host, or takes the refusal of another host for one of the token.
///
/// ```
/// # fn example(tokens: tokensmith_cache::TokenSource) {
/// use tokensmith_cache::TokenLayer;
///
/// let layer = TokenLayer::new(tokens).host("api.example.com");
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct TokenLayer<R = CloneBody> {
    carrier: Carrier,
    replay: R,
}

/// Bodies that are cloned to send them once more.
#[derive(Debug, Clone, Copy, Default)]
pub struct CloneBody;

/// How the body of a request is had again.
pub trait Replay<B> {
    /// The same body; `None` if it cannot be had again.
    fn replay(&self, body: &B) -> Option<B>;
}

impl<B: Clone> Replay<B> for CloneBody {
    fn replay(&self, body: &B) -> Option<B> {
        Some(body.clone())
    }
}

impl<B, F: Fn(&B) -> Option<B>> Replay<B> for F {
    fn replay(&self, body: &B) -> Option<B> {
        self(body)
    }
}

impl TokenLayer {
    /// A layer for requests whose bodies can be cloned.
    pub fn new(source: TokenSource) -> Self {
        Self {
            carrier: Carrier::new(source),
            replay: CloneBody,
        }
    }
}

impl<R> TokenLayer<R> {
    /// Names a host that may see the token, such as `api.example.com`, or `localhost:8080` where the port is not the scheme's.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.carrier.add_host(host);
        self
    }

    /// Sends the token to a host over plain http as well, which is refused unless the host is on this machine. The host has to
    /// be named by [`host`](Self::host) too.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the text is not a host: see [`PlainHttpHosts::allow`](tokensmith_runtime::PlainHttpHosts::allow).
    pub fn allow_plain_http(mut self, host: &str) -> Result<Self, TokenError> {
        self.carrier.allow_plain_http(host)?;
        Ok(self)
    }

    /// Sends requests for other hosts as they are, without a token.
    #[must_use]
    pub fn let_others_pass(mut self) -> Self {
        self.carrier.let_others_pass();
        self
    }

    /// Has bodies again otherwise than by cloning them; `|_| None` sends no request twice.
    #[must_use]
    pub fn replay<B, F: Fn(&B) -> Option<B>>(self, replay: F) -> TokenLayer<F> {
        TokenLayer {
            carrier: self.carrier,
            replay,
        }
    }
}

impl<S, R: Clone> Layer<S> for TokenLayer<R> {
    type Service = TokenService<S, R>;

    fn layer(&self, inner: S) -> Self::Service {
        TokenService {
            inner,
            carrier: Arc::new(self.carrier.clone()),
            replay: self.replay.clone(),
        }
    }
}

/// A service behind a [`TokenLayer`].
#[derive(Debug, Clone)]
pub struct TokenService<S, R = CloneBody> {
    inner: S,
    carrier: Arc<Carrier>,
    replay: R,
}

type BoxError = Box<dyn StdError + Send + Sync>;

impl<S, R, B, A> Service<Request<B>> for TokenService<S, R>
where
    S: Service<Request<B>, Response = Response<A>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    R: Replay<B> + Clone + Send + 'static,
    B: Send + 'static,
    A: Send,
{
    type Response = Response<A>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<A>, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The one that was made ready is the one to call.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let (carrier, replay) = (Arc::clone(&self.carrier), self.replay.clone());
        Box::pin(async move {
            if let Admission::Pass = carrier.admit(request.uri(), request.headers())? {
                return inner.call(request).await.map_err(Into::into);
            }
            let again = replay.replay(request.body()).map(|body| {
                let mut again = Request::new(body);
                again.method_mut().clone_from(request.method());
                again.uri_mut().clone_from(request.uri());
                *again.version_mut() = request.version();
                again.headers_mut().clone_from(request.headers());
                again.extensions_mut().clone_from(request.extensions());
                again
            });
            drop(replay);
            let token = carrier.token().await?;
            carrier.put_on(&token, &mut request)?;
            let response = inner.call(request).await.map_err(Into::into)?;
            if !carrier.drop_refused(response.status(), &token) {
                return Ok(response);
            }
            let Some(mut again) = again else {
                return Ok(response);
            };
            let Some(token) = carrier.another(&token).await else {
                return Ok(response);
            };
            carrier.put_on(&token, &mut again)?;
            poll_fn(|context| inner.poll_ready(context))
                .await
                .map_err(Into::into)?;
            inner.call(again).await.map_err(Into::into)
        })
    }
}

#[cfg(test)]
mod tests;
