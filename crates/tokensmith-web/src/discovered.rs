//! Signing in with a provider that says of itself where its endpoints are.

use http::HeaderMap;
use tokensmith_runtime::{
    Any, Client, DefaultTransport, LogoutRequest, ServerMetadata, Token, TokenRequest, Transport,
};

use crate::{Begun, Callback, Error, ErrorKind, SignIn, SignedIn};

/// How people sign in with a provider that follows OpenID Connect, or OAuth 2.0 with metadata (RFC
/// 8414). For other providers there are generated crates and [`SignIn`].
///
/// Cheap to clone, but for the metadata.
#[derive(Debug, Clone)]
pub struct DiscoveredSignIn<T = DefaultTransport> {
    client: Client<Any, T>,
    metadata: ServerMetadata,
    sign_in: SignIn,
    scopes: Vec<String>,
    parameters: Vec<(String, String)>,
}

impl<T: Transport + Clone> DiscoveredSignIn<T> {
    /// Asks the issuer for its metadata, and lets people sign in at its endpoints, for the scope
    /// `openid` unless [`scopes`](Self::scopes) sets others. The client has the credentials; it may
    /// be made for any URL of the provider.
    ///
    /// # Errors
    ///
    /// Of the kind `Config` if the metadata cannot be had, or are another issuer's.
    pub async fn discover(
        client: Client<Any, T>,
        issuer: &str,
        sign_in: SignIn,
    ) -> Result<Self, Error> {
        let metadata = client.discover(issuer).await.map_err(|error| {
            let message = "the metadata of the provider cannot be had";
            Error::of_runtime(ErrorKind::Config, message, error)
        })?;
        let client = client.server(&metadata).client_auth(metadata.client_auth());
        Ok(Self {
            client,
            metadata,
            sign_in,
            scopes: vec!["openid".to_owned()],
            parameters: Vec::new(),
        })
    }

    /// Sets the scopes that are asked for. Without `openid`, nobody says who signed in.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a parameter to the authorization requests, such as `prompt` or `max_age`.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Returns the client, which sends other requests to the same provider.
    pub fn client(&self) -> &Client<Any, T> {
        &self.client
    }

    /// Returns the metadata, which make other requests.
    pub fn metadata(&self) -> &ServerMetadata {
        &self.metadata
    }

    /// Keeps the tokens of people who have signed in: refreshed by refresh token and, if the provider
    /// has a revocation endpoint, revoked when they sign out. They need the scope `offline_access`,
    /// or what the provider has in its place.
    ///
    /// # Errors
    ///
    /// Of the kind `Config` if the metadata name no token endpoint.
    #[cfg(feature = "cache")]
    pub fn user_tokens(&self) -> Result<tokensmith_cache::UserTokensBuilder<Any, T>, Error>
    where
        T: Send + Sync + 'static,
    {
        let grant = &tokensmith_runtime::grants::REFRESH_TOKEN;
        let refresh = self.metadata.token_request(grant)?;
        let users = tokensmith_cache::UserTokens::builder(&self.client, move |token| {
            refresh.clone().secret_parameter("refresh_token", token)
        });
        Ok(match self.metadata.revocation_request() {
            Ok(revoke) => {
                users.revoke(move |token| revoke.clone().secret_parameter("token", token))
            }
            Err(_) => users,
        })
    }

    /// Begins a sign-out at the provider, as [`sign_out`](crate::sign_out) does:
    /// `metadata().logout_request()` makes the request.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn sign_out(&self, request: &LogoutRequest) -> Result<Begun, Error> {
        crate::sign_out(&self.client, request)
    }

    /// Begins a sign-in, as [`SignIn::begin`] does.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn begin(&self, return_to: &str, headers: &HeaderMap) -> Result<Begun, Error> {
        let request = self.request()?;
        let begun = self
            .sign_in
            .begin(&self.client, &request, return_to, headers);
        begun.await
    }

    fn request(&self) -> Result<TokenRequest<'static>, Error> {
        let request = self.metadata.authorization_request()?;
        let mut request = request.parameter("redirect_uri", self.sign_in.redirect_uri());
        for scope in &self.scopes {
            request = request.scope(scope);
        }
        for (name, value) in &self.parameters {
            request = request.parameter(name, value);
        }
        Ok(request)
    }

    /// Takes a browser back, exchanges the code and checks the ID token, as [`SignIn::finish`] does.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn finish(&self, callback: &Callback) -> Result<SignedIn<Token>, Error> {
        let finished = self.sign_in.finish(&self.client, callback, |returned| {
            let verifier = returned.code_verifier.as_ref();
            self.metadata
                .code_request(&returned.redirect.code, &returned.redirect_uri, verifier)
        });
        finished.await
    }
}
