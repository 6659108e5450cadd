//! What an authorization server says of itself (RFC 8414).

use serde::Deserialize;
use serde_json::Value;

use crate::{ClientAuth, Extra, Received, Response, Unusable};

/// The metadata of an authorization server (RFC 8414 section 2), as far as a client needs it.
///
/// ```no_run
/// # #[cfg(feature = "hyper")] async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use tokensmith_runtime::{Any, Client, Credentials, Endpoint, EndpointKind, Operation, TokenRequest};
///
/// static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &[""]);
/// static CLIENT_CREDENTIALS: Operation<'static> = Operation::grant("client_credentials");
///
/// let issuer = "https://auth.example.com/tenant";
/// let client = Client::<Any>::for_server(issuer, Credentials::new("id", "secret"))?;
/// let server = client.discover(issuer).await?;
/// let token_endpoint = server.token_endpoint.as_deref().ok_or("no token endpoint")?;
/// let token = client
///     .server(&server)
///     .client_auth(server.client_auth())
///     .send(TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS).path(token_endpoint))
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct ServerMetadata {
    /// The identifier of the server, which was found to be the one asked for.
    pub issuer: String,
    /// The URL of the authorization endpoint.
    pub authorization_endpoint: Option<String>,
    /// The URL of the token endpoint.
    pub token_endpoint: Option<String>,
    /// The URL of the revocation endpoint (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// The URL of the registration endpoint (RFC 7591).
    pub registration_endpoint: Option<String>,
    /// The URL of the introspection endpoint (RFC 7662).
    pub introspection_endpoint: Option<String>,
    /// The URL of the provider's keys (RFC 7517), which ID tokens are signed with.
    pub jwks_uri: Option<String>,
    /// The URL of the userinfo endpoint (OpenID Connect Discovery section 3).
    pub userinfo_endpoint: Option<String>,
    /// The URL that a browser is sent to, for the provider to sign its user out (OpenID Connect
    /// RP-Initiated Logout 1.0 section 2.1).
    pub end_session_endpoint: Option<String>,
    /// The algorithms that ID tokens are signed by (OpenID Connect Discovery section 3).
    pub id_token_signing_alg_values_supported: Option<Vec<String>>,
    /// The algorithms that authorization responses are signed by (JARM section 4).
    pub authorization_signing_alg_values_supported: Option<Vec<String>>,
    /// The URL of the device authorization endpoint (RFC 8628 section 4).
    pub device_authorization_endpoint: Option<String>,
    /// The grants that the server takes; `None` where it does not say.
    pub grant_types_supported: Option<Vec<String>>,
    /// The scopes that the server tells of.
    pub scopes_supported: Option<Vec<String>>,
    /// The types of `authorization_details` that the server knows (RFC 9396 section 10).
    pub authorization_details_types_supported: Option<Vec<String>>,
    /// How clients authenticate at the token endpoint: see [`client_auth`](Self::client_auth).
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// The ways to bind an authorization code to its client (RFC 7636); `None` where the server
    /// does not say.
    pub code_challenge_methods_supported: Option<Vec<String>>,
    /// Whether the identifier of a client may be the URL of its metadata (OAuth Client ID Metadata
    /// Document), so that it need not be registered.
    #[serde(default)]
    pub client_id_metadata_document_supported: bool,
    /// The URL that authorization requests are pushed to (RFC 9126 section 5).
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Whether the server takes no other authorization requests (RFC 9126 section 5).
    #[serde(default)]
    pub require_pushed_authorization_requests: bool,
    /// Whether redirects carry `iss` (RFC 9207 section 3).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    /// What else there is.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ServerMetadata {
    /// Whether the server says that it binds codes to their client by `S256` (RFC 7636 section
    /// 4.2). A client that talks to servers it does not know should refuse those that do not (OAuth
    /// 2.1).
    pub fn supports_s256(&self) -> bool {
        let methods = self.code_challenge_methods_supported.as_ref();
        methods.is_some_and(|methods| methods.iter().any(|method| method == "S256"))
    }

    /// How a client with a secret authenticates at the token endpoint. Where the server says
    /// nothing it is Basic (RFC 8414 section 2); where it takes the secret in both places, or in
    /// ways that are not known here, they are tried in turn.
    pub fn client_auth(&self) -> ClientAuth {
        let Some(methods) = &self.token_endpoint_auth_methods_supported else {
            return ClientAuth::Basic;
        };
        let has = |name: &str| methods.iter().any(|method| method == name);
        match (has("client_secret_basic"), has("client_secret_post")) {
            (true, false) => ClientAuth::Basic,
            (false, true) => ClientAuth::Body,
            (true, true) => ClientAuth::Auto,
            (false, false) => {
                let found = REGISTERED_NAMES.iter().find(|(name, _)| has(name));
                found.map_or(ClientAuth::Auto, |(_, auth)| *auth)
            }
        }
    }
}

impl ServerMetadata {
    /// All that requests and browsers are sent to, with the name of the member. One that is empty
    /// counts as omitted.
    pub(crate) fn urls(&self) -> impl Iterator<Item = (&str, &str)> {
        let urls = [
            ("authorization_endpoint", &self.authorization_endpoint),
            ("token_endpoint", &self.token_endpoint),
            ("revocation_endpoint", &self.revocation_endpoint),
            ("registration_endpoint", &self.registration_endpoint),
            ("introspection_endpoint", &self.introspection_endpoint),
            ("jwks_uri", &self.jwks_uri),
            ("userinfo_endpoint", &self.userinfo_endpoint),
            ("end_session_endpoint", &self.end_session_endpoint),
            (
                "device_authorization_endpoint",
                &self.device_authorization_endpoint,
            ),
            (
                "pushed_authorization_request_endpoint",
                &self.pushed_authorization_request_endpoint,
            ),
        ];
        let aliases = self.extra.get(ALIASES).and_then(Value::as_object);
        let aliases = aliases.into_iter().flatten();
        let aliases = aliases.filter_map(|(_, url)| Some((ALIASES, url.as_str()?)));
        let urls = urls
            .into_iter()
            .filter_map(|(name, url)| Some((name, url.as_deref()?)));
        urls.chain(aliases).filter(|(_, url)| !url.is_empty())
    }
}

/// Where other URLs are for clients that have a certificate (RFC 8705 section 5).
const ALIASES: &str = "mtls_endpoint_aliases";

/// The methods of client authentication as they are registered, those first that prove more.
const REGISTERED_NAMES: [(&str, ClientAuth); 7] = [
    ("private_key_jwt", ClientAuth::PrivateKeyJwt),
    ("client_secret_jwt", ClientAuth::ClientSecretJwt),
    ("tls_client_auth", ClientAuth::TlsClientAuth),
    ("self_signed_tls_client_auth", ClientAuth::TlsClientAuth),
    ("client_secret_basic", ClientAuth::Basic),
    ("client_secret_post", ClientAuth::Body),
    ("none", ClientAuth::None),
];

/// The method of a registered name.
pub(crate) fn by_registered_name(name: &str) -> ClientAuth {
    let mut known = REGISTERED_NAMES.iter();
    let found = known.find(|(known, _)| *known == name);
    found.map_or(ClientAuth::Auto, |(_, auth)| *auth)
}

/// The registered name of a method.
pub(crate) fn registered_name(auth: ClientAuth) -> Option<&'static str> {
    let mut known = REGISTERED_NAMES.iter();
    known
        .find(|(_, known)| *known == auth)
        .map(|(name, _)| *name)
}

impl ServerMetadata {
    /// Takes the URLs for clients that have a certificate (RFC 8705 section 5), where the server has
    /// such: for a client that authenticates by its certificate, or whose tokens are bound to it.
    #[must_use]
    pub fn with_mtls_aliases(mut self) -> Self {
        let aliases = self.extra.get(ALIASES).cloned();
        let alias = |name: &str| Some(aliases.as_ref()?.get(name)?.as_str()?.to_owned());
        for (name, url) in [
            ("token_endpoint", &mut self.token_endpoint),
            ("revocation_endpoint", &mut self.revocation_endpoint),
            ("introspection_endpoint", &mut self.introspection_endpoint),
            ("userinfo_endpoint", &mut self.userinfo_endpoint),
            (
                "device_authorization_endpoint",
                &mut self.device_authorization_endpoint,
            ),
            (
                "pushed_authorization_request_endpoint",
                &mut self.pushed_authorization_request_endpoint,
            ),
        ] {
            if let Some(alias) = alias(name) {
                *url = Some(alias);
            }
        }
        self
    }
}

impl Response for ServerMetadata {
    fn read(received: Received<'_>) -> Result<Self, Unusable> {
        received.read()
    }
}
