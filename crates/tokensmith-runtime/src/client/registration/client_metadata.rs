//! What a client says of itself to be registered.

use std::fmt;

use serde_json::Value;

use crate::{ClientAuth, Parameters, Secret, Untyped, response::server_metadata};

/// What a client says of itself to be registered (RFC 7591 section 2, OpenID Connect Dynamic Client
/// Registration 1.0 section 2).
///
/// ```
/// use tokensmith_runtime::{ApplicationType, ClientAuth, ClientMetadata};
///
/// let client = ClientMetadata::new(["http://127.0.0.1:8080/callback"])
///     .with_name("Example")
///     .with_application_type(ApplicationType::Native)
///     .with_client_auth(ClientAuth::None)
///     .with_grant_types(["authorization_code", "refresh_token"])
///     .with_member("client_name#de", "Beispiel");
/// ```
///
/// `Debug` shows the names of its members only.
#[derive(Clone, Default)]
pub struct ClientMetadata {
    members: Vec<(String, Untyped)>,
    software_statement: Option<Secret>,
}

/// What kind of application a client is: it decides which redirect URIs a server takes (OpenID
/// Connect Dynamic Client Registration 1.0 section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApplicationType {
    /// Its redirect URIs are `https`.
    Web,
    /// It runs on the machine of its user: its redirect URIs are on a loopback address or have a
    /// scheme of their own.
    Native,
}

impl ClientMetadata {
    /// Creates the metadata of a client to which users come back at these URIs; none for a client
    /// that has no users. Unless it is set otherwise, servers take it for a web application that
    /// uses the grant `authorization_code` and authenticates by `client_secret_basic`.
    pub fn new<U: Into<String>>(redirect_uris: impl IntoIterator<Item = U>) -> Self {
        Self::default().with_list("redirect_uris", redirect_uris)
    }

    /// Sets the name that users are shown: `client_name`.
    #[must_use]
    pub fn with_name(self, name: impl Into<String>) -> Self {
        self.with_member("client_name", name.into())
    }

    /// Sets the page about the client: `client_uri`.
    #[must_use]
    pub fn with_uri(self, uri: impl Into<String>) -> Self {
        self.with_member("client_uri", uri.into())
    }

    /// Sets which kind of application it is. It should be set, since a server that has OpenID
    /// Connect takes a loopback redirect URI of native applications only.
    #[must_use]
    pub fn with_application_type(self, kind: ApplicationType) -> Self {
        let kind = match kind {
            ApplicationType::Web => "web",
            ApplicationType::Native => "native",
        };
        self.with_member("application_type", kind)
    }

    /// Sets how the client authenticates at the token endpoint: `token_endpoint_auth_method`. A
    /// public client is one of [`ClientAuth::None`]. Methods without a registered name, such as
    /// [`ClientAuth::Auto`], are left to the server.
    #[must_use]
    pub fn with_client_auth(self, auth: ClientAuth) -> Self {
        match server_metadata::registered_name(auth) {
            Some(name) => self.with_member("token_endpoint_auth_method", name),
            None => self,
        }
    }

    /// Sets the grants that the client uses: `grant_types`.
    #[must_use]
    pub fn with_grant_types<G: Into<String>>(self, grants: impl IntoIterator<Item = G>) -> Self {
        self.with_list("grant_types", grants)
    }

    /// Sets the scopes that the client may ask for: `scope`.
    #[must_use]
    pub fn with_scopes<S: AsRef<str>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        let scopes: Vec<_> = scopes.into_iter().collect();
        let scopes: Vec<_> = scopes.iter().map(AsRef::as_ref).collect();
        self.with_member("scope", scopes.join(" "))
    }

    /// Sets where the server finds the client's public keys: `jwks_uri`.
    #[must_use]
    pub fn with_jwks_uri(self, uri: impl Into<String>) -> Self {
        self.with_member("jwks_uri", uri.into())
    }

    /// Sets where users come back to after the provider has signed them out:
    /// `post_logout_redirect_uris`.
    #[must_use]
    pub fn with_post_logout_redirect_uris<U: Into<String>>(
        self,
        uris: impl IntoIterator<Item = U>,
    ) -> Self {
        self.with_list("post_logout_redirect_uris", uris)
    }

    /// Sets a JWT in which somebody whom the server trusts vouches for the client (RFC 7591 section
    /// 2.3).
    #[must_use]
    pub fn with_software_statement(mut self, statement: impl Into<Secret>) -> Self {
        self.software_statement = Some(statement.into());
        self
    }

    /// Sets any other member, such as `contacts`, `jwks` or `logo_uri`. It takes the place of one
    /// that was set before.
    #[must_use]
    pub fn with_member(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let (name, value) = (name.into(), Untyped::from(value.into()));
        self.members.retain(|(other, _)| *other != name);
        self.members.push((name, value));
        self
    }

    fn with_list<T: Into<String>>(self, name: &str, texts: impl IntoIterator<Item = T>) -> Self {
        let texts: Vec<Value> = texts.into_iter().map(|text| text.into().into()).collect();
        self.with_member(name, texts)
    }

    pub(super) fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        for (name, value) in &self.members {
            parameters.push(name, value);
        }
        parameters.push_optional(SOFTWARE_STATEMENT, self.software_statement.as_ref());
    }
}

const SOFTWARE_STATEMENT: &str = "software_statement";

impl fmt::Debug for ClientMetadata {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.members.iter().map(|(name, _)| name);
        formatter.debug_set().entries(names).finish()
    }
}
