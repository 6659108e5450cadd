//! What a sign-in hands to the application, and what the application sends to the browser.

use std::fmt;

use http::{HeaderValue, Response, StatusCode, header};
use tokensmith_runtime::{IdToken, PendingAuthorization, Redirect, Secret};

use crate::error::NO_STORE;

/// A sign-in, or a sign-out, that has begun: send [`response`](Self::response) to the browser.
#[derive(Clone)]
#[must_use]
pub struct Begun {
    /// The URL to send the browser to.
    pub url: String,
    /// The values of the `Set-Cookie` headers of the response: its cookie, and
    /// deletions of the oldest ones if the browser has many.
    pub cookies: Vec<HeaderValue>,
}

/// A browser that came back with a code, which is exchanged for a token once.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Returned {
    /// The authorization code, and what else the provider sent along: QuickBooks' `realmId`.
    /// `Client::at_redirect` takes it.
    pub redirect: Redirect,
    /// What has to be sent with the code, where a code challenge was sent.
    pub code_verifier: Option<Secret>,
    /// The redirect URI, which the request for the token repeats.
    pub redirect_uri: String,
    /// The authorization that this is the response to.
    pub pending: PendingAuthorization,
    /// The path to go on with.
    pub return_to: String,
    /// The value of a `Set-Cookie` header that deletes the cookie of this sign-in.
    pub set_cookie: HeaderValue,
}

/// Somebody who has signed in: send [`to_return_path`](Self::to_return_path) to the browser.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[must_use = "the response to the browser deletes the cookie"]
pub struct SignedIn<R> {
    /// The token response.
    pub response: R,
    /// Who it is, where the scope `openid` was asked for.
    pub id_token: Option<IdToken>,
    /// What else the provider sent along: QuickBooks' `realmId`. Its code is used up.
    pub redirect: Redirect,
    /// The path to go on with.
    pub return_to: String,
    /// The value of a `Set-Cookie` header that deletes the cookie of this sign-in.
    pub set_cookie: HeaderValue,
}

impl Begun {
    /// Returns a response that sends the browser to the provider (303 See Other).
    pub fn response<B: Default>(&self) -> Response<B> {
        let mut response = redirect(&self.url);
        for cookie in &self.cookies {
            response
                .headers_mut()
                .append(header::SET_COOKIE, cookie.clone());
        }
        response
    }
}

impl<R> SignedIn<R> {
    /// Returns a response that deletes the cookie of the sign-in and sends the browser to the return
    /// path (303 See Other). The application adds the cookie of its own session.
    pub fn to_return_path<B: Default>(&self) -> Response<B> {
        let mut response = redirect(&self.return_to);
        let headers = response.headers_mut();
        headers.append(header::SET_COOKIE, self.set_cookie.clone());
        response
    }
}

fn redirect<B: Default>(url: &str) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    if let Ok(url) = HeaderValue::from_str(url) {
        headers.insert(header::LOCATION, url);
    }
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    // The URL of the callback has the code in it.
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

impl fmt::Debug for Begun {
    /// Leaves out the cookie, and the state in the URL.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split('?').next().unwrap_or_default();
        formatter
            .debug_struct("Begun")
            .field("url", &url)
            .finish_non_exhaustive()
    }
}
