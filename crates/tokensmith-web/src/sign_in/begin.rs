//! Sending a browser to a provider.

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue};
use tokensmith_runtime::protocol::PushedAuthorizationRequest;
use tokensmith_runtime::{
    Authorization, AuthorizationRequest, Client, CodeVerifier, ErrorKind as RequestErrorKind,
    PendingAuthorization, Provider, Secret, Transport,
};

use super::SignIn;
use crate::sealed::{LIFETIME, seconds};
use crate::{Begun, Error, ErrorKind, cookie, return_path};

impl SignIn {
    /// Begins a sign-in: makes the URL to send the browser to, and the cookie that it has to come
    /// back with. Where the provider has an endpoint for it, the parameters are pushed there first
    /// (RFC 9126). `return_to` is the path of the application to go on with afterwards; `headers`
    /// are those of the browser's request.
    ///
    /// # Errors
    ///
    /// Of the kind `Embedded` if a page embeds the sign-in instead of linking to it; `ReturnPath` if
    /// that may lead to another host; `Config` if the request has another redirect URI or response
    /// mode than this sign-in, or asks for `openid` of a client that does not know the issuer;
    /// `Pushed` if the provider does not take the request that is pushed; `Store` if the store
    /// fails.
    pub async fn begin<P, T, R>(
        &self,
        client: &Client<P, T>,
        request: &R,
        return_to: &str,
        headers: &HeaderMap,
    ) -> Result<Begun, Error>
    where
        P: Provider,
        T: Transport,
        R: AuthorizationRequest<Provider = P>,
    {
        self.begin_at(client, request, return_to, headers, SystemTime::now())
            .await
    }

    pub(crate) async fn begin_at<P, T, R>(
        &self,
        client: &Client<P, T>,
        request: &R,
        return_to: &str,
        headers: &HeaderMap,
        now: SystemTime,
    ) -> Result<Begun, Error>
    where
        P: Provider,
        T: Transport,
        R: AuthorizationRequest<Provider = P>,
    {
        if cookie::is_embedded(headers) {
            return Err(Error::new(
                ErrorKind::Embedded,
                "a page embeds the sign-in (`Sec-Fetch-Dest`): link to it instead",
            ));
        }
        return_path::check(return_to)?;
        let Authorization { url, pending } = self.authorize(client, request).await?;
        let name = self.cookie_name(pending.state().expose());
        let client = self.client_name(client);
        let seconds = seconds(now);
        let content = self.keep(&name, &client, &pending, return_to, seconds);
        let value = cookie::value(seconds, &content.await?);
        let cookies = self.cookies(&name, &value, headers)?;
        Ok(Begun { url, cookies })
    }

    /// Seals a sign-in, and keeps it in the store if there is one: what the cookie has to hold.
    async fn keep(
        &self,
        name: &str,
        client: &str,
        pending: &PendingAuthorization,
        return_to: &str,
        seconds: u64,
    ) -> Result<String, Error> {
        let sealing = self.sealing(name, client);
        let Some(store) = &self.store else {
            let sealed = sealing.seal(pending, return_to, None, seconds)?;
            return Ok(URL_SAFE_NO_PAD.encode(sealed));
        };
        let binding = random()?;
        let sealed = sealing.seal(pending, return_to, Some(&binding), seconds)?;
        store.put(name.to_owned(), sealed, LIFETIME).await?;
        Ok(binding.expose().to_owned())
    }

    /// The cookie of a sign-in, and the deletions of those that are too many beside it.
    fn cookies(
        &self,
        name: &str,
        value: &str,
        headers: &HeaderMap,
    ) -> Result<Vec<HeaderValue>, Error> {
        let same_site = self.same_site();
        let kept = cookie::keep(name, value, same_site, LIFETIME.as_secs())?;
        let superfluous = cookie::superfluous(headers, name.len() + value.len());
        let deleted = superfluous.iter();
        let deleted = deleted.map(|name| cookie::delete(name, same_site));
        Ok([kept].into_iter().chain(deleted).collect())
    }

    /// Makes the URL for the browser. Nothing is pushed before the authorization is checked.
    async fn authorize<P, T, R>(
        &self,
        client: &Client<P, T>,
        request: &R,
    ) -> Result<Authorization, Error>
    where
        P: Provider,
        T: Transport,
        R: AuthorizationRequest<Provider = P>,
    {
        let pushed = PushedAuthorizationRequest::<P>::new(client.settings(), request);
        let Some(pushed) = pushed.map_err(not_begun)? else {
            let authorization = client.authorization_url(request).map_err(not_begun)?;
            self.check(&authorization.pending)?;
            return Ok(authorization);
        };
        self.check(pushed.pending())?;
        let response = client.send(&pushed).await;
        let response = response.map_err(|error| not_begun(error.without_body()))?;
        pushed.into_authorization(&response).map_err(not_begun)
    }

    /// Checks an authorization before the browser is sent away for it.
    fn check(&self, pending: &PendingAuthorization) -> Result<(), Error> {
        let config = |message| Err(Error::new(ErrorKind::Config, message));
        match pending.redirect_uri() {
            Some(uri) if uri != self.redirect_uri => {
                return config(
                    "the authorization request has another `redirect_uri` than the sign-in",
                );
            }
            _ => {}
        }
        let mode = pending.response_mode().unwrap_or_default();
        if matches!(mode, "form_post" | "form_post.jwt") != self.is_form_post {
            return config(
                "the authorization request asks for `response_mode=form_post`, or the sign-in expects \
                 it (`SignIn::form_post`), but not both",
            );
        }
        if self.expected(pending).is_some() && pending.issuer().is_none() {
            return config(
                "the scope `openid` is asked for, and the issuer of ID tokens is not known: see \
                 `Client::server` and `Client::issuer`",
            );
        }
        Ok(())
    }
}

/// The kind of an authorization that no browser can be sent away for.
fn not_begun(error: tokensmith_runtime::Error) -> Error {
    match error.kind() {
        RequestErrorKind::Config | RequestErrorKind::Request => {
            let message = "the authorization request cannot be made";
            Error::of_runtime(ErrorKind::Config, message, error)
        }
        _ => {
            let message =
                "the provider does not take the authorization request that is pushed to it";
            Error::of_runtime(ErrorKind::Pushed, message, error)
        }
    }
}

/// 256 random bits as text.
fn random() -> Result<Secret, Error> {
    let verifier = CodeVerifier::random().map_err(|error| {
        Error::of_runtime(ErrorKind::Config, "the sign-in cannot be made", error)
    })?;
    Ok(verifier.as_secret().clone())
}
