//! Whom requests are for: a described provider, or a server that is known by its URLs.

mod known_provider;
pub(crate) mod select;
mod wanted;
mod way;

use serde_json::json;
use tokensmith_runtime::protocol::Settings;
use tokensmith_runtime::{
    ClientAuth, Credentials, Description, DeviceAuthorizationRequest, Endpoint, EndpointKind,
    GenericRequest, Operation, Parameter, PlainHttpHosts, PushedRequests, Redirect, Request as _,
    RevocationRequest, ServerMetadata, TokenRequest, TokenUse, grants,
};

pub(crate) use self::known_provider::{Known, entry};
use self::select::Target;
pub(crate) use self::wanted::Wanted;
pub(crate) use self::way::Way;
use self::way::{Found, of_kind};
use crate::args::{ClientArgs, SourceArgs};
use crate::credentials::ClientIdentity;
use crate::failure::Failure;
use crate::secrets::Secrets;
use crate::{credentials, exchange};

static DEVICE: Endpoint<'static> = Endpoint::new(EndpointKind::DeviceAuthorization, &[""]);
static REVOCATION: Endpoint<'static> = Endpoint::new(EndpointKind::Revocation, &[""]);
static INTROSPECTION: Endpoint<'static> = Endpoint::new(EndpointKind::Introspection, &[""]);
static ABOUT_TOKEN: Operation<'static> =
    Operation::new().with_parameters(&[Parameter::new("token").required().secret()]);
static OF_DEVICE: Operation<'static> = Operation::new().with_parameters(&[Parameter::new("scope")]);

/// What is known of a server.
pub(crate) enum Server {
    /// By a document.
    Described {
        known: Known,
        target: Target,
        /// The path of the token endpoint, if the caller has chosen one.
        path: Option<String>,
    },
    /// By metadata that it was asked for.
    Discovered(Box<ServerMetadata>),
    /// By URLs of the caller's.
    Urls(Box<ServerMetadata>),
}

impl Server {
    /// Asks an issuer for its metadata. No credentials are sent.
    pub(crate) fn discover(issuer: &str, wanted: &Wanted<'_>) -> Result<Self, Failure> {
        let nobody = Credentials::public("");
        let settings = Settings::with_plain_http(issuer, nobody, plain_http(wanted.source)?)?;
        let secrets = Secrets::new(wanted.show);
        let transport = credentials::transport(wanted.client)?;
        let client = exchange::client(settings, transport, wanted.show, &secrets);
        let metadata = client.discover(issuer).map_err(exchange::failure)?;
        Ok(Self::Discovered(Box::new(metadata)))
    }

    /// A server that follows the RFCs at these endpoints.
    pub(crate) fn at(authorization_url: Option<&str>, token_url: &str) -> Result<Self, Failure> {
        let metadata = serde_json::from_value(json!({
            "issuer": "",
            "authorization_endpoint": authorization_url,
            "token_endpoint": token_url,
        }));
        let metadata =
            metadata.map_err(|error| Failure::Failed(format!("cannot use the URLs: {error}")))?;
        Ok(Self::Urls(Box::new(metadata)))
    }

    /// How the client authenticates at the token endpoint, unless the caller says otherwise.
    pub(crate) fn client_auth(&self, way: Way) -> Result<ClientAuth, Failure> {
        Ok(match self {
            Self::Described { known, path, .. } => {
                let (endpoint, _) = way.operation(known.description, path.as_deref())?;
                endpoint.client_auth()
            }
            Self::Discovered(metadata) => metadata.client_auth(),
            Self::Urls(..) => ClientAuth::Auto,
        })
    }

    /// The settings of a client of this server.
    pub(crate) fn settings(
        &self,
        credentials: Credentials,
        source: &SourceArgs,
    ) -> Result<Settings, Failure> {
        let plain_http = plain_http(source)?;
        let of_url = |metadata: &ServerMetadata, credentials| {
            let url = metadata.token_endpoint.as_deref().unwrap_or_default();
            Settings::with_plain_http(url, credentials, plain_http.clone())
        };
        Ok(match self {
            Self::Described { known, target, .. } => {
                let mut settings = target.clone().settings(credentials, plain_http)?;
                settings.set_provider(known.description.name());
                settings
            }
            Self::Discovered(metadata) => {
                let mut settings = of_url(metadata, credentials)?;
                settings.set_server(metadata);
                settings.set_client_auth(metadata.client_auth());
                settings
            }
            Self::Urls(metadata) => of_url(metadata, credentials)?,
        })
    }

    /// The request that the browser takes to the provider, without parameters.
    pub(crate) fn authorization_request(&self) -> Result<TokenRequest<'static>, Failure> {
        match self {
            Self::Described { known, .. } => {
                let (endpoint, operation) = authorization_endpoint(known.description)?;
                Ok(TokenRequest::new(endpoint, operation))
            }
            Self::Discovered(metadata) | Self::Urls(metadata) => {
                Ok(metadata.authorization_request()?)
            }
        }
    }

    /// Where a document has authorization requests pushed to (RFC 9126), unless the provider takes them
    /// only where somebody has switched that on.
    pub(crate) fn pushed_authorization_endpoint(&self) -> Option<&'static Endpoint<'static>> {
        let mut endpoints = self.known()?.description.endpoints().iter().copied();
        let is_if_enabled =
            |endpoint: &Endpoint<'_>| endpoint.pushed_requests() == PushedRequests::IfEnabled;
        if endpoints.clone().any(is_if_enabled) {
            return None;
        }
        endpoints.find(|endpoint| endpoint.kind() == EndpointKind::PushedAuthorization)
    }

    /// The request for the codes of a device, without parameters.
    pub(crate) fn device_request(&self) -> Result<DeviceAuthorizationRequest<'static>, Failure> {
        match self {
            Self::Described { known, .. } => {
                let kind = EndpointKind::DeviceAuthorization;
                let (endpoint, operation) =
                    of_kind(known.description, kind, "device authorization", None)?;
                Ok(DeviceAuthorizationRequest::new(endpoint, operation))
            }
            Self::Discovered(metadata) | Self::Urls(metadata) => {
                let url = metadata.device_authorization_endpoint.clone();
                let url = url.ok_or_else(|| {
                    Failure::Failed(
                        "the metadata of the authorization server have no `device_authorization_endpoint`: \
                         sign in without --device"
                            .to_owned(),
                    )
                })?;
                Ok(DeviceAuthorizationRequest::new(&DEVICE, &OF_DEVICE).path(url))
            }
        }
    }

    /// The request about a token that is held: to revoke it, or to be told what it stands for.
    pub(crate) fn request_about_token<R>(
        &self,
        way: Way,
    ) -> Result<GenericRequest<'static, R>, Failure> {
        let metadata = match self {
            Self::Described { known, path, .. } => {
                return described_request(known.description, path.as_deref(), way);
            }
            Self::Discovered(metadata) | Self::Urls(metadata) => metadata,
        };
        let (endpoint, url, member) = match way {
            Way::Introspect => (
                &INTROSPECTION,
                &metadata.introspection_endpoint,
                "introspection_endpoint",
            ),
            _ => (
                &REVOCATION,
                &metadata.revocation_endpoint,
                "revocation_endpoint",
            ),
        };
        let url = url.clone().ok_or_else(|| {
            Failure::Failed(format!(
                "the metadata of the authorization server have no `{member}`"
            ))
        })?;
        Ok(GenericRequest::new(endpoint, &ABOUT_TOKEN).path(url))
    }

    /// The request for the token, without parameters.
    pub(crate) fn token_request(&self, way: Way) -> Result<TokenRequest<'static>, Failure> {
        match self {
            Self::Described { known, path, .. } => {
                described_request(known.description, path.as_deref(), way)
            }
            Self::Discovered(metadata) | Self::Urls(metadata) => {
                let grant = match way {
                    Way::Device => &grants::DEVICE_CODE,
                    Way::Refresh => &grants::REFRESH_TOKEN,
                    _ => &grants::AUTHORIZATION_CODE,
                };
                Ok(metadata.token_request(grant)?)
            }
        }
    }

    /// The settings for the server that a redirect names, where a document says how.
    pub(crate) fn at_redirect(
        &self,
        settings: Settings,
        redirect: &Redirect,
    ) -> Result<Settings, Failure> {
        match self.known() {
            Some(known) => Ok(settings.at_redirect(known.description, redirect)?),
            None => Ok(settings),
        }
    }

    /// What a redirect says of the server's URL, as `--server-variable` has it.
    pub(crate) fn variables(&self, redirect: &Redirect) -> Vec<String> {
        let Some(known) = self.known() else {
            return Vec::new();
        };
        let servers = known.description.servers().iter();
        let mut variables: Vec<String> = servers
            .flat_map(|server| server.variables())
            .filter_map(|it| {
                Some(format!(
                    "{}={}",
                    it.name(),
                    redirect.server_value(it.name())?
                ))
            })
            .collect();
        variables.sort();
        variables.dedup();
        variables
    }

    /// What is known of the provider, if a document describes it.
    pub(crate) fn known(&self) -> Option<Known> {
        match self {
            Self::Described { known, .. } => Some(*known),
            Self::Discovered(_) | Self::Urls(_) => None,
        }
    }

    /// The metadata that the server was asked for.
    pub(crate) fn metadata(&self) -> Option<ServerMetadata> {
        match self {
            Self::Discovered(metadata) => Some(ServerMetadata::clone(metadata)),
            Self::Described { .. } | Self::Urls(_) => None,
        }
    }

    /// Where requests carry the token.
    pub(crate) fn token_use(&self, way: Way) -> Result<TokenUse<String>, Failure> {
        let request = self.token_request(way)?;
        Ok(request.endpoint().token_use().to_owned())
    }

    /// Who issues ID tokens, by the metadata or the document: then they can be checked.
    pub(crate) fn issuer(&self) -> Option<&str> {
        match self {
            Self::Discovered(metadata) => Some(&metadata.issuer),
            Self::Described {
                target: Target::Server(environment),
                ..
            } => environment.issuer(),
            Self::Described { .. } | Self::Urls(_) => None,
        }
    }
}

/// The request of a document's operation, without parameters.
fn described_request<R>(
    description: &'static Description<'static>,
    path: Option<&str>,
    way: Way,
) -> Result<GenericRequest<'static, R>, Failure> {
    let (endpoint, operation) = way.operation(description, path)?;
    let request = GenericRequest::new(endpoint, operation);
    Ok(match path {
        Some(path) => request.path(path.to_owned()),
        None => request,
    })
}

/// The operation that leads to a code: by its response type, or else the only one.
fn authorization_endpoint(description: &'static Description<'static>) -> Result<Found, Failure> {
    let endpoints = description.endpoints().iter().copied();
    let endpoints = endpoints.filter(|it| it.kind() == EndpointKind::Authorization);
    let operations: Vec<_> = endpoints
        .flat_map(|endpoint| {
            let operations = endpoint.operations().iter();
            operations.map(move |operation| (endpoint, *operation))
        })
        .collect();
    let mut all = operations.iter();
    let for_code = all.find(|(_, operation)| operation.grant_type() == Some("code"));
    match (for_code, operations.as_slice()) {
        (Some(found), _) | (None, [found]) => Ok(*found),
        (None, []) => Err(Failure::Usage(format!(
            "{} has no authorization endpoint in its document: if there is one, use --authorization-url \
             and --token-url",
            description.title()
        ))),
        (None, _) => Err(Failure::Usage(format!(
            "{} has several authorization endpoints, and none of them has the response type `code`",
            description.title()
        ))),
    }
}

/// The request that revokes a token, and the name of the parameter with the token, if a document has
/// a revocation endpoint.
pub(crate) fn revocation(
    description: &'static Description<'static>,
) -> Option<(RevocationRequest<'static>, String)> {
    let request = described_request(description, None, Way::Revoke).ok()?;
    let parameter = token_parameter(request.endpoint(), request.operation()).to_owned();
    Some((request, parameter))
}

/// The hosts that the caller allows plain http to.
pub(crate) fn plain_http(source: &SourceArgs) -> Result<PlainHttpHosts, Failure> {
    let mut hosts = PlainHttpHosts::default();
    for host in &source.allow_plain_http {
        hosts.allow(host)?;
    }
    Ok(hosts)
}

/// The request with the parameters that the caller gives.
pub(crate) fn with_parameters<'a, R>(
    request: GenericRequest<'a, R>,
    parameters: Vec<(&str, &str)>,
) -> GenericRequest<'a, R> {
    let parameters = parameters.into_iter();
    parameters.fold(request, |request, (name, value)| {
        request.parameter(name, value)
    })
}

/// Reads who the client of a server is, from the environment or a prompt.
pub(crate) fn identity(
    server: &Server,
    way: Way,
    client: &ClientArgs,
    secrets: &mut Secrets,
) -> Result<ClientIdentity, Failure> {
    let auth = match client.client_auth {
        Some(auth) => auth,
        None => server.client_auth(way)?,
    };
    ClientIdentity::read(auth, client, secrets)
}

/// The settings of a client of the server, with the options of the caller.
pub(crate) fn settings(
    server: &Server,
    source: &SourceArgs,
    client: &ClientArgs,
    identity: &ClientIdentity,
) -> Result<Settings, Failure> {
    let mut settings = server.settings(identity.credentials(client)?, source)?;
    credentials::apply(client, &mut settings)?;
    Ok(settings)
}

/// What the parameter with the token is called: `token`, or else what a document calls the only
/// secret that it requires.
pub(crate) fn token_parameter<'a>(endpoint: &Endpoint<'_>, operation: &Operation<'a>) -> &'a str {
    let declared = operation.parameters();
    let is_secret = |parameter: &&Parameter<'a>| {
        let name = parameter.name();
        let is_of_client = name == endpoint.client_secret() || name == endpoint.client_id();
        parameter.is_secret() && parameter.is_required() && !is_of_client
    };
    let secrets: Vec<_> = declared.iter().filter(is_secret).collect();
    match secrets.as_slice() {
        [only] if declared.iter().all(|parameter| parameter.name() != "token") => only.name(),
        _ => "token",
    }
}
