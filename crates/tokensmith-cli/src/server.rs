//! Whom requests are for: a described provider, or a server that is known by its URLs.

pub(crate) mod select;
mod wanted;

use serde_json::json;
use tokensmith_runtime::protocol::Settings;
use tokensmith_runtime::{
    ClientAuth, Credentials, Description, DeviceAuthorizationRequest, Endpoint, EndpointKind,
    GenericRequest, Operation, Parameter, PlainHttpHosts, Redirect, Request as _, ServerMetadata,
    TokenRequest, TokenUse, grants,
};

use self::select::Target;
pub(crate) use self::wanted::Wanted;
use crate::args::{ClientArgs, SourceArgs};
use crate::failure::Failure;
use crate::secrets::Secrets;
use crate::{credentials, exchange};

/// What the person does, or the program that holds the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Comes back with a code (RFC 6749 section 4.1).
    Browser,
    /// Types in a code elsewhere (RFC 8628).
    Device,
    /// Holds a refresh token (RFC 6749 section 6).
    Refresh,
    /// Gives a token up (RFC 7009).
    Revoke,
    /// Asks what a token stands for (RFC 7662).
    Introspect,
}

impl Way {
    /// The names of the grant, the standard's first.
    fn grants(self) -> &'static [&'static str] {
        match self {
            Self::Browser => &["authorization_code"],
            Self::Device => &[
                "urn:ietf:params:oauth:grant-type:device_code",
                "device_code",
            ],
            Self::Refresh => &["refresh_token"],
            Self::Revoke | Self::Introspect => &[],
        }
    }

    /// The operation of a description that the token is asked for by.
    pub(crate) fn operation<'a>(
        self,
        description: &'a Description<'a>,
        path: Option<&str>,
    ) -> Result<(&'a Endpoint<'a>, &'a Operation<'a>), Failure> {
        match self {
            Self::Revoke => {
                return of_kind(description, EndpointKind::Revocation, "revocation", path);
            }
            Self::Introspect => {
                return of_kind(
                    description,
                    EndpointKind::Introspection,
                    "introspection",
                    path,
                );
            }
            Self::Browser | Self::Device | Self::Refresh => {}
        }
        let named = |grant: &&str| select::operation(description, Some(grant), path);
        let grants = self.grants();
        let found = grants.iter().map(named);
        let standard = || named(grants.first().unwrap_or(&""));
        found
            .into_iter()
            .find(Result::is_ok)
            .unwrap_or_else(standard)
    }
}

static DEVICE: Endpoint<'static> = Endpoint::new(EndpointKind::DeviceAuthorization, &[""]);
static REVOCATION: Endpoint<'static> = Endpoint::new(EndpointKind::Revocation, &[""]);
static INTROSPECTION: Endpoint<'static> = Endpoint::new(EndpointKind::Introspection, &[""]);
static ABOUT_TOKEN: Operation<'static> =
    Operation::new().with_parameters(&[Parameter::new("token").required().secret()]);
static OF_DEVICE: Operation<'static> = Operation::new().with_parameters(&[Parameter::new("scope")]);

/// What is known of a server.
pub(crate) enum Server<'a> {
    /// By a document.
    Described {
        description: &'a Description<'a>,
        target: Target,
        /// The path of the token endpoint, if the caller has chosen one.
        path: Option<&'a str>,
        way: Way,
    },
    /// By metadata that it was asked for.
    Discovered(Box<ServerMetadata>, Way),
    /// By URLs of the caller's.
    Urls(Box<ServerMetadata>, Way),
}

impl<'a> Server<'a> {
    /// Asks an issuer for its metadata. No credentials are sent.
    pub(crate) fn discover(issuer: &str, wanted: &Wanted<'_>) -> Result<Self, Failure> {
        let nobody = Credentials::public("");
        let settings = Settings::with_plain_http(issuer, nobody, plain_http(wanted.source)?)?;
        let secrets = Secrets::new(wanted.show);
        let transport = credentials::transport(wanted.client)?;
        let client = exchange::client(settings, transport, wanted.show, &secrets);
        let metadata = client.discover(issuer).map_err(exchange::failure)?;
        Ok(Self::Discovered(Box::new(metadata), wanted.way))
    }

    /// A server that follows the RFCs at these endpoints.
    pub(crate) fn at(
        authorization_url: Option<&str>,
        token_url: &str,
        way: Way,
    ) -> Result<Self, Failure> {
        let metadata = serde_json::from_value(json!({
            "issuer": "",
            "authorization_endpoint": authorization_url,
            "token_endpoint": token_url,
        }));
        let metadata =
            metadata.map_err(|error| Failure::Failed(format!("cannot use the URLs: {error}")))?;
        Ok(Self::Urls(Box::new(metadata), way))
    }

    /// How the client authenticates at the token endpoint, unless the caller says otherwise.
    pub(crate) fn client_auth(&self) -> Result<ClientAuth, Failure> {
        Ok(match self {
            Self::Described { .. } => self
                .token_endpoint()?
                .map_or(ClientAuth::Auto, |(it, _)| it.client_auth()),
            Self::Discovered(metadata, _) => metadata.client_auth(),
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
            Self::Described {
                description,
                target,
                ..
            } => {
                let mut settings = target.clone().settings(credentials, plain_http)?;
                settings.set_provider(description.name());
                settings
            }
            Self::Discovered(metadata, _) => {
                let mut settings = of_url(metadata, credentials)?;
                settings.set_server(metadata);
                settings.set_client_auth(metadata.client_auth());
                settings
            }
            Self::Urls(metadata, _) => of_url(metadata, credentials)?,
        })
    }

    /// The request that the browser takes to the provider, without parameters.
    pub(crate) fn authorization_request(&self) -> Result<TokenRequest<'_>, Failure> {
        match self {
            Self::Described { description, .. } => {
                let (endpoint, operation) = authorization_endpoint(description)?;
                Ok(TokenRequest::new(endpoint, operation))
            }
            Self::Discovered(metadata, _) | Self::Urls(metadata, _) => {
                Ok(metadata.authorization_request()?)
            }
        }
    }

    /// The request for the codes of a device, without parameters.
    pub(crate) fn device_request(&self) -> Result<DeviceAuthorizationRequest<'_>, Failure> {
        match self {
            Self::Described { description, .. } => {
                let kind = EndpointKind::DeviceAuthorization;
                let (endpoint, operation) =
                    of_kind(description, kind, "device authorization", None)?;
                Ok(DeviceAuthorizationRequest::new(endpoint, operation))
            }
            Self::Discovered(metadata, _) | Self::Urls(metadata, _) => {
                let url = metadata.device_authorization_endpoint.as_deref();
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
    pub(crate) fn request_about_token<R>(&self) -> Result<GenericRequest<'_, R>, Failure> {
        let (metadata, way) = match self {
            Self::Described {
                description,
                path,
                way,
                ..
            } => {
                let (endpoint, operation) = way.operation(description, *path)?;
                let request = GenericRequest::new(endpoint, operation);
                return Ok(match path {
                    Some(path) => request.path(*path),
                    None => request,
                });
            }
            Self::Discovered(metadata, way) | Self::Urls(metadata, way) => (metadata, *way),
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
        let url = url.as_deref().ok_or_else(|| {
            Failure::Failed(format!(
                "the metadata of the authorization server have no `{member}`"
            ))
        })?;
        Ok(GenericRequest::new(endpoint, &ABOUT_TOKEN).path(url))
    }

    /// The request for the token, without parameters.
    pub(crate) fn token_request(&self) -> Result<TokenRequest<'_>, Failure> {
        match (self, self.token_endpoint()?) {
            (Self::Described { path, .. }, Some((endpoint, operation))) => {
                let request = TokenRequest::new(endpoint, operation);
                Ok(match path {
                    Some(path) => request.path(*path),
                    None => request,
                })
            }
            (Self::Discovered(metadata, _) | Self::Urls(metadata, _), _) => {
                let grant = match self {
                    Self::Discovered(_, Way::Device) => &grants::DEVICE_CODE,
                    Self::Discovered(_, Way::Refresh) | Self::Urls(_, Way::Refresh) => {
                        &grants::REFRESH_TOKEN
                    }
                    _ => &grants::AUTHORIZATION_CODE,
                };
                Ok(metadata.token_request(grant)?)
            }
            (Self::Described { .. }, None) => Err(Failure::Usage(
                "the document has no token endpoint".to_owned(),
            )),
        }
    }

    /// The settings for the server that a redirect names, where a document says how.
    pub(crate) fn at_redirect(
        &self,
        settings: Settings,
        redirect: &Redirect,
    ) -> Result<Settings, Failure> {
        match self {
            Self::Described { description, .. } => Ok(settings.at_redirect(description, redirect)?),
            Self::Discovered(..) | Self::Urls(..) => Ok(settings),
        }
    }

    /// Where requests carry the token.
    pub(crate) fn token_use(&self) -> Result<TokenUse<String>, Failure> {
        let request = self.token_request()?;
        Ok(request.endpoint().token_use().to_owned())
    }

    /// Whether ID tokens can be checked: it is known who issues them, and where the keys are.
    pub(crate) fn has_known_issuer(&self) -> bool {
        matches!(self, Self::Discovered(..))
    }

    fn token_endpoint(&self) -> Result<Option<(&'a Endpoint<'a>, &'a Operation<'a>)>, Failure> {
        match self {
            Self::Described {
                description,
                path,
                way,
                ..
            } => way.operation(description, *path).map(Some),
            Self::Discovered(..) | Self::Urls(..) => Ok(None),
        }
    }
}

/// The first operation of the first endpoint of a kind.
fn of_kind<'a>(
    description: &'a Description<'a>,
    kind: EndpointKind,
    name: &str,
    path: Option<&str>,
) -> Result<(&'a Endpoint<'a>, &'a Operation<'a>), Failure> {
    let is_at = |endpoint: &Endpoint<'_>| path.is_none_or(|path| endpoint.paths().contains(&path));
    let mut endpoints = description.endpoints().iter();
    let endpoint = endpoints.find(|endpoint| endpoint.kind() == kind && is_at(endpoint));
    let found = endpoint.and_then(|it| Some((*it, *it.operations().first()?)));
    found.ok_or_else(|| {
        let title = description.title();
        let place = path.map_or_else(String::new, |path| format!(" at `{path}`"));
        Failure::Usage(format!(
            "{title} has no {name} endpoint{place} in its document"
        ))
    })
}

/// The operation that leads to a code: by its response type, or else the only one.
fn authorization_endpoint<'a>(
    description: &'a Description<'a>,
) -> Result<(&'a Endpoint<'a>, &'a Operation<'a>), Failure> {
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

/// The settings of a client of the server, with the credentials and options of the caller.
pub(crate) fn settings(
    server: &Server<'_>,
    source: &SourceArgs,
    client: &ClientArgs,
    secrets: &mut Secrets,
) -> Result<Settings, Failure> {
    let auth = match client.client_auth {
        Some(auth) => auth,
        None => server.client_auth()?,
    };
    let credentials = credentials::credentials(auth, client, secrets)?;
    let mut settings = server.settings(credentials, source)?;
    credentials::apply(client, &mut settings)?;
    Ok(settings)
}
