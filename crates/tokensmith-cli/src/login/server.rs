//! Whom a person signs in with: a described provider, or a server that is known by its URLs.

use serde_json::json;
use tokensmith_runtime::protocol::Settings;
use tokensmith_runtime::{
    ClientAuth, Credentials, Description, DeviceAuthorizationRequest, Endpoint, EndpointKind,
    Operation, Parameter, PlainHttpHosts, Redirect, Request as _, ServerMetadata, TokenRequest,
    TokenUse, grants,
};

use crate::args::{LoginArgs, SourceArgs};
use crate::failure::Failure;
use crate::secrets::Secrets;
use crate::select::{self, Target};
use crate::{credentials, exchange};

/// What the person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Comes back with a code (RFC 6749 section 4.1).
    Browser,
    /// Types in a code elsewhere (RFC 8628).
    Device,
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
        }
    }

    /// The operation of a description that the token is asked for by.
    pub(super) fn operation<'a>(
        self,
        description: &'a Description<'a>,
        path: Option<&str>,
    ) -> Result<(&'a Endpoint<'a>, &'a Operation<'a>), Failure> {
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
static OF_DEVICE: Operation<'static> = Operation::new().with_parameters(&[Parameter::new("scope")]);

/// What is known of a server.
pub(super) enum Server<'a> {
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
    /// By two URLs of the caller's.
    Urls(Box<ServerMetadata>),
}

impl<'a> Server<'a> {
    /// Asks an issuer for its metadata. No credentials are sent.
    pub(super) fn discover(issuer: &str, way: Way, args: &LoginArgs) -> Result<Self, Failure> {
        let nobody = Credentials::public("");
        let settings = Settings::with_plain_http(issuer, nobody, plain_http(&args.source)?)?;
        let show = args.show();
        let secrets = Secrets::new(&show);
        let transport = credentials::transport(&args.client)?;
        let client = exchange::client(settings, transport, &show, &secrets);
        let metadata = client.discover(issuer).map_err(exchange::failure)?;
        Ok(Self::Discovered(Box::new(metadata), way))
    }

    /// A server that follows the RFCs at these endpoints.
    pub(super) fn at(authorization_url: &str, token_url: &str) -> Result<Self, Failure> {
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
    pub(super) fn client_auth(&self) -> Result<ClientAuth, Failure> {
        Ok(match self {
            Self::Described { .. } => self
                .token_endpoint()?
                .map_or(ClientAuth::Auto, |(it, _)| it.client_auth()),
            Self::Discovered(metadata, _) => metadata.client_auth(),
            Self::Urls(_) => ClientAuth::Auto,
        })
    }

    /// The settings of a client of this server.
    pub(super) fn settings(
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
            Self::Urls(metadata) => of_url(metadata, credentials)?,
        })
    }

    /// The request that the browser takes to the provider, without parameters.
    pub(super) fn authorization_request(&self) -> Result<TokenRequest<'_>, Failure> {
        match self {
            Self::Described { description, .. } => {
                let (endpoint, operation) = authorization_endpoint(description)?;
                Ok(TokenRequest::new(endpoint, operation))
            }
            Self::Discovered(metadata, _) | Self::Urls(metadata) => {
                Ok(metadata.authorization_request()?)
            }
        }
    }

    /// The request for the codes of a device, without parameters.
    pub(super) fn device_request(&self) -> Result<DeviceAuthorizationRequest<'_>, Failure> {
        match self {
            Self::Described { description, .. } => {
                let mut endpoints = description.endpoints().iter();
                let endpoint = endpoints.find(|it| it.kind() == EndpointKind::DeviceAuthorization);
                let found = endpoint.and_then(|it| Some((*it, *it.operations().first()?)));
                let (endpoint, operation) = found.ok_or_else(|| {
                    Failure::Usage(format!(
                        "{} has no device authorization endpoint in its document: sign in without --device",
                        description.title()
                    ))
                })?;
                Ok(DeviceAuthorizationRequest::new(endpoint, operation))
            }
            Self::Discovered(metadata, _) | Self::Urls(metadata) => {
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

    /// The request for the token, without parameters.
    pub(super) fn token_request(&self) -> Result<TokenRequest<'_>, Failure> {
        match (self, self.token_endpoint()?) {
            (Self::Described { path, .. }, Some((endpoint, operation))) => {
                let request = TokenRequest::new(endpoint, operation);
                Ok(match path {
                    Some(path) => request.path(*path),
                    None => request,
                })
            }
            (Self::Discovered(metadata, _) | Self::Urls(metadata), _) => {
                let grant = match self {
                    Self::Discovered(_, Way::Device) => &grants::DEVICE_CODE,
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
    pub(super) fn at_redirect(
        &self,
        settings: Settings,
        redirect: &Redirect,
    ) -> Result<Settings, Failure> {
        match self {
            Self::Described { description, .. } => Ok(settings.at_redirect(description, redirect)?),
            Self::Discovered(..) | Self::Urls(_) => Ok(settings),
        }
    }

    /// Where requests carry the token.
    pub(super) fn token_use(&self) -> Result<TokenUse<String>, Failure> {
        let request = self.token_request()?;
        Ok(request.endpoint().token_use().to_owned())
    }

    /// Whether ID tokens can be checked: it is known who issues them, and where the keys are.
    pub(super) fn has_known_issuer(&self) -> bool {
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
            Self::Discovered(..) | Self::Urls(_) => Ok(None),
        }
    }
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
pub(super) fn plain_http(source: &SourceArgs) -> Result<PlainHttpHosts, Failure> {
    let mut hosts = PlainHttpHosts::default();
    for host in &source.allow_plain_http {
        hosts.allow(host)?;
    }
    Ok(hosts)
}
