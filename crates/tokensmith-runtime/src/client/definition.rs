//! What both clients share: all but sending.

/// Defines everything about a client that does not depend on how it sends.
macro_rules! client {
    ($name:literal, $feature:literal, $transport:ident) => {
        #[cfg(feature = $feature)]
        impl<P: Provider> Client<P> {
            /// Creates a client of the provider's default server.
            ///
            /// # Errors
            ///
            /// Of the kind `config` if the server's URL is invalid, `tls` if the operating system's
            /// certificates cannot be read.
            pub fn new(credentials: Credentials) -> Result<Self, Error>
            where
                P::Server: Default,
            {
                Self::for_server(P::Server::default(), credentials)
            }

            /// Creates a client of one of the provider's servers.
            ///
            /// # Errors
            ///
            /// As for [`new`](Self::new).
            pub fn for_server(
                server: impl Into<P::Server>,
                credentials: Credentials,
            ) -> Result<Self, Error> {
                Self::with_transport($crate::$transport::new()?, server, credentials)
            }
        }

        #[cfg(feature = $feature)]
        impl<P> Client<P> {
            /// Limits how long a request may take. Connections that are open already are not used
            /// for it. A transport of the caller's own has its own limits.
            #[must_use]
            pub fn timeouts(self, timeouts: $crate::Timeouts) -> Self {
                Self {
                    transport: self.transport.timeouts(timeouts),
                    ..self
                }
            }
        }

        #[cfg(feature = $feature)]
        impl Client<$crate::Any> {
            /// Creates a client with the settings of a connector.
            ///
            /// # Errors
            ///
            /// As for [`new`](Self::new), and of the kind `config` if a setting is invalid.
            pub fn for_connector(connector: &$crate::OAuth2) -> Result<Self, Error> {
                Ok(Self::with_settings(
                    $crate::$transport::new()?,
                    connector.settings()?,
                ))
            }
        }

        impl<P: Provider, T> Client<P, T> {
            /// Creates a client with a transport of the caller's own.
            ///
            /// # Errors
            ///
            /// Of the kind `config` if the server's URL is invalid, or neither `https` nor a loopback host's.
            /// A host that may be reached over plain http is named in [`Settings::with_plain_http`].
            pub fn with_transport(
                transport: T,
                server: impl Into<P::Server>,
                credentials: Credentials,
            ) -> Result<Self, Error> {
                let server = server.into();
                let environment = Environment::new(P::DESCRIPTION, &server.choice())?;
                let settings =
                    Settings::for_environment(environment, credentials, PlainHttpHosts::default())?;
                Ok(Self::with_settings(transport, settings))
            }

            /// Creates a client with settings of the caller's own, such as those of a
            /// [`Connector`]($crate::Connector).
            pub fn with_settings(transport: T, settings: Settings) -> Self {
                Self {
                    settings: Arc::new(settings),
                    transport,
                    provider: PhantomData,
                }
            }
        }

        impl<P, T> Client<P, T> {
            /// Sends requests to another URL than the server's: a test's, a gateway's. Its query string is kept.
            ///
            /// # Errors
            ///
            /// Of the kind `config` if it is invalid, neither `https` nor a loopback host's, or holds a
            /// password.
            pub fn base_url(mut self, url: impl AsRef<str>) -> Result<Self, Error> {
                Arc::make_mut(&mut self.settings).set_base_url(url.as_ref())?;
                Ok(self)
            }

            /// Names the provider in errors, where the requests are of no generated crate.
            #[must_use]
            pub fn provider(mut self, name: impl Into<String>) -> Self {
                Arc::make_mut(&mut self.settings).set_provider(name);
                self
            }

            /// Allows plain http to one host: see
            /// [`PlainHttpHosts::allow`]($crate::PlainHttpHosts::allow). It holds for what is set
            /// afterwards.
            ///
            /// # Errors
            ///
            /// Of the kind `config` if the text is not a host.
            pub fn allow_plain_http(mut self, host: &str) -> Result<Self, Error> {
                Arc::make_mut(&mut self.settings).allow_plain_http(host)?;
                Ok(self)
            }

            /// Authenticates the client by another method than the document's.
            #[must_use]
            pub fn client_auth(mut self, client_auth: $crate::ClientAuth) -> Self {
                Arc::make_mut(&mut self.settings).set_client_auth(client_auth);
                self
            }

            /// Names the authorization server (RFC 8414 section 2), where client assertions are for it
            /// and not for a URL. What metadata said of another server is forgotten.
            #[must_use]
            pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
                Arc::make_mut(&mut self.settings).set_issuer(issuer);
                self
            }

            /// Sets the audience of assertions (RFC 7523 section 3), whatever the document says. Without
            /// it, no assertion is made for an audience that is not a URL on the host that it is sent
            /// to.
            ///
            /// Requests by `ServerMetadata` have assertions for the URL of their endpoint, as Okta
            /// requires. Where the server takes its issuer only (FAPI 2.0 Security Profile), set that.
            #[must_use]
            pub fn audience(mut self, audience: impl Into<String>) -> Self {
                Arc::make_mut(&mut self.settings).set_audience(audience);
                self
            }

            /// Takes over from an authorization server's metadata who it is, whether its redirects
            /// have to say so (RFC 9207 section 3), and whether authorization requests are pushed
            /// (RFC 9126 section 5).
            #[cfg(feature = "discovery")]
            #[must_use]
            pub fn server(mut self, metadata: &$crate::ServerMetadata) -> Self {
                Arc::make_mut(&mut self.settings).set_server(metadata);
                self
            }

            /// Refuses redirects of authorizations that do not name their issuer (RFC 9207 section
            /// 2.4): for servers that are known to name themselves.
            #[cfg(feature = "authorization")]
            #[must_use]
            pub fn require_issuer(mut self) -> Self {
                Arc::make_mut(&mut self.settings).require_issuer();
                self
            }

            /// Makes authorization requests only if they are pushed (RFC 9126): for providers that take
            /// them where somebody has switched that on, and for clients that are registered so.
            #[cfg(feature = "authorization")]
            #[must_use]
            pub fn require_pushed_authorization(mut self) -> Self {
                Arc::make_mut(&mut self.settings).require_pushed_authorization();
                self
            }

            /// Writes bodies in another format than the document's first.
            #[must_use]
            pub fn format(mut self, format: $crate::BodyFormat) -> Self {
                Arc::make_mut(&mut self.settings).set_format(format);
                self
            }

            /// Sends a header with every request. `Accept` takes the place of the endpoint's, and
            /// `Accept-Encoding` that of `identity`: for a transport that decompresses. Requests in
            /// which the client does not authenticate itself, such as those for metadata, keys and
            /// userinfo, carry other headers only if they go to the host of one of the client's
            /// servers.
            ///
            /// # Errors
            ///
            /// Of the kind `config` if it is not a valid header, or one that the client itself has to set.
            pub fn header(mut self, name: &str, value: &str) -> Result<Self, Error> {
                Arc::make_mut(&mut self.settings).set_header(name, value)?;
                Ok(self)
            }

            /// Binds the tokens to a key (RFC 9449): each request carries a proof of it, with the
            /// nonce that the server asks for. Requests for metadata and keys, and registrations,
            /// carry none.
            #[cfg(feature = "dpop")]
            #[must_use]
            pub fn dpop(mut self, key: $crate::DpopKey) -> Self {
                Arc::make_mut(&mut self.settings).set_dpop(key);
                self
            }

            /// Makes the URL to send a user's browser to (RFC 6749 section 4.1.1), with a random
            /// `state` and, unless the document says otherwise, a code challenge (RFC 7636). Nothing is
            /// sent: where the provider takes pushed requests, prefer `authorize`.
            ///
            /// # Errors
            ///
            /// Of the kind `request` if a parameter is missing, given twice or outside its limits;
            /// `config` if the URL is invalid, or the provider takes pushed requests only.
            #[cfg(feature = "authorization")]
            pub fn authorization_url<R>(&self, request: &R) -> Result<$crate::Authorization, Error>
            where
                R: $crate::AuthorizationRequest<Provider = P>,
            {
                $crate::protocol::authorize(&self.settings, request)
            }

            /// Makes the URL to send a user's browser to, for the provider to sign them out (OpenID
            /// Connect RP-Initiated Logout 1.0), with a random `state`. Nothing is sent. The request
            /// is `EndSession` of a generated crate, or a [`LogoutRequest`]($crate::LogoutRequest).
            ///
            /// # Errors
            ///
            /// Of the kind `config` if the URL is invalid; `request` if a parameter is missing, given
            /// twice or outside its limits, or if the parameters are too long for a URL.
            #[cfg(feature = "authorization")]
            pub fn logout_url<R>(&self, request: &R) -> Result<$crate::Logout, Error>
            where
                R: $crate::EndSessionRequest<P>,
            {
                $crate::protocol::logout(&self.settings, request)
            }

            /// Checks the ID token of a token response, but not its signature, and returns what it
            /// says. OpenID Connect Core section 3.1.3.7 (6) allows this for a response that came
            /// from the token endpoint over TLS. Nothing is sent.
            ///
            /// The response is the one that a client of this issuer received from the token
            /// endpoint that the issuer's metadata or the document name, or from the issuer's host
            /// where none is named: the response knows which ID token came with it, and how. For
            /// one that was stored and read again, or that came in another way, use `id_token`.
            ///
            /// # Errors
            ///
            /// Of the kind `malformed`, with the claim that is wrong, if the ID token is missing or
            /// wrong; `config` if the issuer is not known, or the ID token did not come from its
            /// token endpoint over TLS, or on this machine.
            #[cfg(feature = "oidc")]
            pub fn id_token_by_tls<R: $crate::TokenResponse>(
                &self,
                response: &R,
                expected: impl Into<$crate::ExpectedIdToken>,
            ) -> Result<$crate::IdToken<$crate::ByTls>, Error>
            where
                P: Provider,
            {
                let expected = expected.into();
                $crate::client::openid::id_token_by_tls::<P, R>(&self.settings, response, &expected)
            }

            /// Returns a client of the server that a redirect names, where the document says how: Zoho's
            /// region, Shopify's shop. The code is exchanged there, and the token refreshed.
            ///
            /// # Errors
            ///
            /// Of the kind `config` if a variable of the server's URL does not take the value.
            #[cfg(feature = "authorization")]
            pub fn at_redirect(&self, redirect: &$crate::Redirect) -> Result<Self, Error>
            where
                P: Provider,
                T: Clone,
            {
                let settings = self.settings.at_redirect(P::DESCRIPTION, redirect)?;
                Ok(Self::with_settings(self.transport.clone(), settings))
            }

            /// Replaces the rules for trying again.
            #[must_use]
            pub fn retry(mut self, retry: $crate::Retry) -> Self {
                Arc::make_mut(&mut self.settings).set_retry(retry);
                self
            }

            /// Returns what the client does with every request.
            pub fn settings(&self) -> &Settings {
                &self.settings
            }

            /// Returns what moves the bytes.
            pub fn transport(&self) -> &T {
                &self.transport
            }
        }

        impl<P, T: Clone> Clone for Client<P, T> {
            fn clone(&self) -> Self {
                Self {
                    settings: Arc::clone(&self.settings),
                    transport: self.transport.clone(),
                    provider: PhantomData,
                }
            }
        }

        impl<P, T> fmt::Debug for Client<P, T> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.debug_tuple($name).field(&self.settings).finish()
            }
        }
    };
}
pub(super) use client;
