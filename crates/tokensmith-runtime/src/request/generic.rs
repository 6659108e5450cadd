//! Requests for documents and settings that are read at run time.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::Deserialize;

use crate::response::authorization_details::AUTHORIZATION_DETAILS;
use crate::{
    Assertion, AuthorizationDetails, AuthorizationRequest, Description, DeviceAuthorization,
    EndSessionRequest, Endpoint, Extra, Introspection, Metadata, NoBody, Operation, Parameters,
    Provider, Request, Response, Scopes, Secret, Server, ServerChoice, TokenResponse, Untyped,
};

/// The provider of requests that no crate was generated for.
#[derive(Debug, Clone, Copy)]
pub enum Any {}

impl Provider for Any {
    type Server = BaseUrl;
    const DESCRIPTION: &'static Description<'static> = &Description::new("", "Any provider");
}

/// A server by its base URL, or an endpoint by its whole URL where the path is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl Server for BaseUrl {
    fn choice(&self) -> ServerChoice<'_> {
        ServerChoice::at(&self.0)
    }
}

impl From<String> for BaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl From<&str> for BaseUrl {
    fn from(url: &str) -> Self {
        Self(url.to_owned())
    }
}

/// A request for a token.
pub type TokenRequest<'a> = GenericRequest<'a, Token>;
/// A request to revoke a token (RFC 7009).
pub type RevocationRequest<'a> = GenericRequest<'a, ()>;
/// A request to be told what a token stands for (RFC 7662).
pub type IntrospectionRequest<'a> = GenericRequest<'a, Introspection>;
/// A request for the codes of a device (RFC 8628 section 3.1).
pub type DeviceAuthorizationRequest<'a> = GenericRequest<'a, DeviceAuthorization>;

/// A request whose parameters are given by name, and whose response is read as an `R`.
///
/// Parameters that the operation declares are checked against its limits; others are sent as they
/// are.
#[must_use = "a request does nothing until a client sends it"]
pub struct GenericRequest<'a, R> {
    response: PhantomData<fn() -> R>,
    endpoint: &'a Endpoint<'a>,
    operation: &'a Operation<'a>,
    path: Option<Cow<'a, str>>,
    scopes: Scopes,
    parameters: Vec<(String, SuppliedValue)>,
}

#[derive(Clone)]
enum SuppliedValue {
    Texts(Vec<String>),
    Secret(Secret),
    Json(Untyped),
    Assertion(Assertion),
}

impl fmt::Debug for SuppliedValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

impl<'a, R> GenericRequest<'a, R> {
    /// A request of an operation.
    pub fn new(endpoint: &'a Endpoint<'a>, operation: &'a Operation<'a>) -> Self {
        Self {
            response: PhantomData,
            endpoint,
            operation,
            path: None,
            scopes: Scopes::default(),
            parameters: Vec::new(),
        }
    }

    /// Takes another path than the endpoint's first.
    pub fn path(mut self, path: impl Into<Cow<'a, str>>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Asks for a scope. Several in one text, as in `"read write"`, are sent as they were written.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope);
        self
    }

    /// Gives a parameter. Given again it becomes a list: repeated in a form, an array in JSON.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        for (given, values) in &mut self.parameters {
            if let (true, SuppliedValue::Texts(texts)) = (*given == name, values) {
                texts.push(value);
                return self;
            }
        }
        self.parameters
            .push((name, SuppliedValue::Texts(vec![value])));
        self
    }

    /// Names the resource that the token is for (RFC 8707 section 2). Given again it adds another
    /// one. The authorization request and the requests for tokens each name it. It has to be an
    /// absolute URI without a fragment, which the server checks: it is sent as it is.
    pub fn resource(self, uri: impl Into<String>) -> Self {
        self.parameter("resource", uri)
    }

    /// Gives a parameter that is never to be seen.
    pub fn secret_parameter(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        let given = SuppliedValue::Secret(value.into());
        self.parameters.push((name.into(), given));
        self
    }

    /// Asks for more than scopes can say (RFC 9396): in an authorization, device authorization or
    /// token request. The token response has what was granted in
    /// [`Metadata::authorization_details`].
    pub fn authorization_details(mut self, details: impl Into<AuthorizationDetails>) -> Self {
        let given = SuppliedValue::Json(details.into().into());
        self.parameters
            .push((AUTHORIZATION_DETAILS.to_owned(), given));
        self
    }

    /// Gives an assertion, which is made anew for each try unless it is a text.
    pub fn assertion(mut self, name: impl Into<String>, assertion: impl Into<Assertion>) -> Self {
        let given = SuppliedValue::Assertion(assertion.into());
        self.parameters.push((name.into(), given));
        self
    }
}

impl<R> GenericRequest<'_, R> {
    /// What the document calls the scopes: some providers have `scopes`.
    fn scope_name(&self) -> &'static str {
        let declares = |name| {
            let mut declared = self.operation.parameters().iter();
            declared.any(|parameter| parameter.name() == name)
        };
        if declares("scopes") && !declares("scope") {
            "scopes"
        } else {
            "scope"
        }
    }
}

impl<R: Response> Request for GenericRequest<'_, R> {
    type Provider = Any;
    type Response = R;
    type Error = NoBody;

    fn endpoint(&self) -> &Endpoint<'_> {
        self.endpoint
    }

    fn operation(&self) -> &Operation<'_> {
        self.operation
    }

    fn path(&self) -> &str {
        match &self.path {
            Some(path) => path,
            None => self.endpoint.paths().first().copied().unwrap_or_default(),
        }
    }

    fn parameters<'p>(&'p self, parameters: &mut Parameters<'p>) {
        parameters.scopes(self.scope_name(), &self.scopes);
        for (name, given) in &self.parameters {
            match given {
                SuppliedValue::Secret(secret) => parameters.push(name, secret),
                SuppliedValue::Json(value) => parameters.push(name, value),
                SuppliedValue::Assertion(assertion) => parameters.push(name, assertion),
                SuppliedValue::Texts(texts) => match texts.as_slice() {
                    [text] => parameters.push(name, text),
                    texts => parameters.push(name, texts),
                },
            }
        }
    }
}

impl<R: Response> AuthorizationRequest for GenericRequest<'_, R> {
    type Provider = Any;

    fn endpoint(&self) -> &Endpoint<'_> {
        self.endpoint
    }

    fn operation(&self) -> &Operation<'_> {
        self.operation
    }

    fn path(&self) -> &str {
        Request::path(self)
    }

    fn parameters<'p>(&'p self, parameters: &mut Parameters<'p>) {
        Request::parameters(self, parameters);
    }
}

impl<R: Response> EndSessionRequest<Any> for GenericRequest<'_, R> {
    fn endpoint(&self) -> &Endpoint<'_> {
        self.endpoint
    }

    fn operation(&self) -> &Operation<'_> {
        self.operation
    }

    fn path(&self) -> &str {
        Request::path(self)
    }

    fn parameters<'p>(&'p self, parameters: &mut Parameters<'p>) {
        Request::parameters(self, parameters);
    }
}

impl<R> Clone for GenericRequest<'_, R> {
    fn clone(&self) -> Self {
        Self {
            response: PhantomData,
            endpoint: self.endpoint,
            operation: self.operation,
            path: self.path.clone(),
            scopes: self.scopes.clone(),
            parameters: self.parameters.clone(),
        }
    }
}

impl<R> fmt::Debug for GenericRequest<'_, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("GenericRequest")
            .field("operation", &self.operation)
            .field("scopes", &self.scopes)
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

/// A token as RFC 6749 section 5.1 has it, with whatever else came beside it.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Token {
    /// The access token.
    pub access_token: Secret,
    /// A token to get the next access token with.
    pub refresh_token: Option<Secret>,
    /// The ID token of OpenID Connect.
    pub id_token: Option<Secret>,
    /// What kind of token it is, most often `Bearer`; see also [`Metadata::token_type`].
    pub token_type: Option<String>,
    /// What else came beside the token.
    #[serde(flatten, deserialize_with = "Extra::beside_metadata")]
    pub extra: Extra,
    /// What is known of the token beside its own fields.
    #[serde(skip)]
    pub metadata: Metadata,
}

impl Token {
    /// Returns how long the token is valid, counted from when the response was received; `None` if
    /// that is unknown.
    pub fn expires_in(&self) -> Option<Duration> {
        self.metadata.expires_in
    }

    /// Returns the granted scopes; `None` if the response names none, which means those that were
    /// asked for (RFC 6749 section 5.1).
    pub fn scopes(&self) -> Option<&[String]> {
        self.metadata.scopes.as_deref()
    }
}

impl TokenResponse for Token {
    fn access_token(&self) -> &Secret {
        &self.access_token
    }

    fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }

    fn id_token(&self) -> Option<&Secret> {
        self.id_token.as_ref()
    }

    fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    fn metadata_mut(&mut self) -> &mut Metadata {
        &mut self.metadata
    }
}
