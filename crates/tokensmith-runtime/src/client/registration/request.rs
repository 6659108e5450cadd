//! The requests to the registration endpoint and to what it leads to.

use std::fmt;
use std::marker::PhantomData;

use super::{ClientMetadata, RegisteredClient};
use crate::{
    Any, BodyFormat, Endpoint, EndpointKind, Location, Method, NoBody, Operation, Parameter,
    Parameters, Request, Response, Secret,
};

const AUTHORIZATION: &str = "Authorization";
const BEARER: Parameter<'static> = Parameter::new(AUTHORIZATION)
    .secret()
    .with_location(Location::Header)
    .with_prefix("Bearer ");

static REGISTRATION: Endpoint<'static> =
    Endpoint::new(EndpointKind::Registration, &[""]).with_formats(&[BodyFormat::Json]);
// A second one would register a second client.
static REGISTER: Operation<'static> = Operation::new().one_time().with_parameters(&[BEARER]);
static READ: Endpoint<'static> =
    Endpoint::new(EndpointKind::Registration, &[""]).with_method(Method::Get);
static DELETE: Endpoint<'static> =
    Endpoint::new(EndpointKind::Registration, &[""]).with_method(Method::Delete);
static MANAGE: Operation<'static> = Operation::new().with_parameters(&[BEARER]);

/// The request to register a client (RFC 7591 section 3.1). It is sent by a client that need not
/// have an identifier yet.
///
/// ```no_run
/// # #[cfg(feature = "hyper")] async fn example() -> Result<(), tokensmith_runtime::Error> {
/// use tokensmith_runtime::{Any, Client, ClientMetadata, Credentials};
///
/// let issuer = "https://auth.example.com";
/// let client = Client::<Any>::for_server(issuer, Credentials::public(""))?;
/// let server = client.discover(issuer).await?;
/// let metadata = ClientMetadata::new(["https://app.example/callback"]).with_name("Example");
/// let registered = client.send(server.registration_request(metadata)?).await?;
///
/// let client = Client::<Any>::for_server(issuer, registered.credentials())?
///     .server(&server)
///     .client_auth(registered.client_auth());
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a request does nothing until a client sends it"]
pub struct RegistrationRequest {
    url: String,
    metadata: ClientMetadata,
    initial_access_token: Option<Secret>,
}

impl RegistrationRequest {
    /// Creates a request to a registration endpoint.
    pub fn new(registration_endpoint: impl Into<String>, metadata: ClientMetadata) -> Self {
        Self {
            url: registration_endpoint.into(),
            metadata,
            initial_access_token: None,
        }
    }

    /// Sets the token that the server gives to those who may register clients (RFC 7591 section 3).
    pub fn with_initial_access_token(mut self, token: impl Into<Secret>) -> Self {
        self.initial_access_token = Some(token.into());
        self
    }
}

impl Request for RegistrationRequest {
    type Provider = Any;
    type Response = RegisteredClient;
    type Error = NoBody;

    fn endpoint(&self) -> &Endpoint<'_> {
        &REGISTRATION
    }

    fn operation(&self) -> &Operation<'_> {
        &REGISTER
    }

    fn path(&self) -> &str {
        &self.url
    }

    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        parameters.push_optional(AUTHORIZATION, self.initial_access_token.as_ref());
        self.metadata.parameters(parameters);
    }
}

impl fmt::Debug for RegistrationRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RegistrationRequest")
            .field("metadata", &self.metadata)
            .finish_non_exhaustive()
    }
}

/// A request about a client that is registered (RFC 7592 section 2), whose response is read as an
/// `R`: `RegisteredClient::read_request` and `RegisteredClient::delete_request` create it.
#[must_use = "a request does nothing until a client sends it"]
pub struct ClientConfigurationRequest<R> {
    endpoint: &'static Endpoint<'static>,
    url: String,
    registration_access_token: Secret,
    response: PhantomData<fn() -> R>,
}

impl ClientConfigurationRequest<RegisteredClient> {
    pub(super) fn read(url: String, registration_access_token: Secret) -> Self {
        Self::new(&READ, url, registration_access_token)
    }
}

impl ClientConfigurationRequest<()> {
    pub(super) fn delete(url: String, registration_access_token: Secret) -> Self {
        Self::new(&DELETE, url, registration_access_token)
    }
}

impl<R> ClientConfigurationRequest<R> {
    fn new(endpoint: &'static Endpoint<'static>, url: String, token: Secret) -> Self {
        Self {
            endpoint,
            url,
            registration_access_token: token,
            response: PhantomData,
        }
    }
}

impl<R: Response> Request for ClientConfigurationRequest<R> {
    type Provider = Any;
    type Response = R;
    type Error = NoBody;

    fn endpoint(&self) -> &Endpoint<'_> {
        self.endpoint
    }

    fn operation(&self) -> &Operation<'_> {
        &MANAGE
    }

    fn path(&self) -> &str {
        &self.url
    }

    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        parameters.push(AUTHORIZATION, &self.registration_access_token);
    }
}

impl<R> fmt::Debug for ClientConfigurationRequest<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientConfigurationRequest")
            .field("method", &self.endpoint.method())
            .finish_non_exhaustive()
    }
}
