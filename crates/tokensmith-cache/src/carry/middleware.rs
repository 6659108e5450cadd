//! A reqwest-middleware that puts the token on requests.

use async_trait::async_trait;
use http::{Extensions, Uri};
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};

use super::{Admission, Carrier, is_same_origin};
use crate::{Token, TokenError, TokenErrorKind, TokenSource};

/// Puts the token on requests, for the hosts that are named and no others.
///
/// Where requests carry it is what [`Options::header`](crate::Options::header) or the provider's
/// document says.
///
/// A request that gets no token is not sent, and neither is one for another host. When the API responds with 401, the token is
/// dropped and the request is sent once more with a new one, if its body can be had again.
///
/// reqwest follows redirects below its middlewares: it takes `Authorization` off where they lead to
/// another host, but no other header. Where the token goes in another one, turn redirects off.
///
/// Where the token goes in the query ([`TokenHeader::in_query`](crate::TokenHeader::in_query)):
///
/// - Turn redirects off, or `Referer` by `ClientBuilder::referer(false)`: reqwest names the URL, with
///   the token in it, to the host that a redirect leads to.
/// - Errors of the request come without their URL. `Response::url` has the token, and so has the
///   error of `Response::error_for_status`: take its `without_url` before it is logged.
///
/// ```
/// # fn example(tokens: tokensmith_cache::TokenSource) -> reqwest::Result<()> {
/// use tokensmith_cache::TokenMiddleware;
///
/// let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
///     .with(TokenMiddleware::new(tokens).host("api.example.com"))
///     .build();
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct TokenMiddleware(Carrier);

impl TokenMiddleware {
    /// A middleware that takes its tokens from a source.
    pub fn new(source: TokenSource) -> Self {
        Self(Carrier::new(source))
    }

    /// Names a host that may see the token, such as `api.example.com`, or `localhost:8080` where the port is not the scheme's.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.0.add_host(host);
        self
    }

    /// Sends the token to a host over plain http as well, which is refused unless the host is on this machine. The host has to
    /// be named by [`host`](Self::host) too.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the text is not a host: see [`PlainHttpHosts::allow`](tokensmith_runtime::PlainHttpHosts::allow).
    pub fn allow_plain_http(mut self, host: &str) -> std::result::Result<Self, TokenError> {
        self.0.allow_plain_http(host)?;
        Ok(self)
    }

    /// Sends requests for other hosts as they are, without a token.
    #[must_use]
    pub fn let_others_pass(mut self) -> Self {
        self.0.let_others_pass();
        self
    }
}

/// Puts the token on a request: into its header, or into the query of its URL.
fn put_on(carrier: &Carrier, token: &Token, request: &mut Request) {
    match carrier.query() {
        None => carrier.put(token, request.headers_mut()),
        Some(name) => {
            let mut pairs = request.url_mut().query_pairs_mut();
            pairs.append_pair(name, token.access_token());
        }
    }
}

/// Sends a request; where the token is in the URL, an error comes without the URL.
async fn send(
    carrier: &Carrier,
    request: Request,
    extensions: &mut Extensions,
    next: Next<'_>,
) -> Result<Response> {
    let sent = next.run(request, extensions).await;
    sent.map_err(|error| match error {
        Error::Reqwest(error) if carrier.query().is_some() => Error::Reqwest(error.without_url()),
        error => error,
    })
}

#[async_trait]
impl Middleware for TokenMiddleware {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let url: Uri = request.url().as_str().parse().map_err(|_| {
            Error::middleware(TokenErrorKind::Refused.because("the request URL is invalid"))
        })?;
        let admission = self.0.admit(&url, request.headers());
        if let Admission::Pass = admission.map_err(Error::middleware)? {
            return next.run(request, extensions).await;
        }
        let again = request.try_clone();
        let token = self.0.token().await.map_err(Error::middleware)?;
        put_on(&self.0, &token, &mut request);
        let response = send(&self.0, request, extensions, next.clone()).await?;
        let responded: Option<Uri> = response.url().as_str().parse().ok();
        // Where a redirect has led elsewhere, the token did not go along: its refusal there says nothing of it.
        if responded.is_none_or(|responded| !is_same_origin(&url, &responded))
            || !self.0.drop_refused(response.status(), &token)
        {
            return Ok(response);
        }
        let Some(mut again) = again else {
            return Ok(response);
        };
        let Some(token) = self.0.another(&token).await else {
            return Ok(response);
        };
        put_on(&self.0, &token, &mut again);
        send(&self.0, again, extensions, next).await
    }
}

#[cfg(test)]
mod tests;
