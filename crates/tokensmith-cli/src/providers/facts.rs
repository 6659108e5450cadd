//! What `tokensmith providers` says of a provider, decided once for people and for scripts.

use serde::Serialize;
use tokensmith_providers::Entry;
use tokensmith_runtime::{
    BodyFormat, ClientAuth, CodeChallengeMethod, Description, Endpoint, EndpointKind, Environment,
};

use crate::server::select;

/// The facts of a provider. As JSON they are a contract that scripts rely on.
#[derive(Debug, Serialize)]
pub(super) struct ProviderFacts {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    #[serde(rename = "crate")]
    pub(super) package: String,
    pub(super) version: &'static str,
    /// The URL of the documentation.
    pub(super) docs: Option<&'static str>,
    pub(super) sources: Vec<Source>,
    pub(super) verified: Option<&'static str>,
    pub(super) servers: Vec<Server>,
    pub(super) endpoints: Vec<EndpointFacts>,
    /// The number of scopes that the document knows.
    pub(super) scopes: usize,
    pub(super) deviations: &'static [&'static str],
}

/// Where facts come from.
#[derive(Debug, Serialize)]
pub(super) struct Source {
    pub(super) url: &'static str,
    pub(super) date: &'static str,
    pub(super) kind: &'static str,
    pub(super) facts: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Server {
    pub(super) name: &'static str,
    pub(super) url: &'static str,
}

/// The facts of an endpoint.
#[derive(Debug, Serialize)]
pub(super) struct EndpointFacts {
    pub(super) kind: &'static str,
    pub(super) method: &'static str,
    /// Absolute, with variables in braces.
    pub(super) urls: Vec<String>,
    /// How parameters are written: the formats of the body, or `query`.
    pub(super) formats: Vec<&'static str>,
    /// The client authentications, in the order in which they are tried. Empty for an authorization
    /// endpoint, to which the browser of a user sends the request.
    pub(super) client_auth: Vec<&'static str>,
    /// The grant types of a token endpoint, each once.
    pub(super) grants: Vec<&'static str>,
    /// What stands between scopes. `None` for endpoints that take no scopes.
    pub(super) scope_separator: Option<&'static str>,
    /// What stands between scopes in responses, where it is something else. The page shows it; the
    /// members of the JSON are fixed.
    #[serde(skip)]
    pub(super) response_scope_separator: Option<&'static str>,
    /// The code challenge method of an authorization endpoint.
    pub(super) pkce: Option<&'static str>,
    /// A JSON Pointer to the access token in a token response.
    pub(super) access_token_pointer: Option<&'static str>,
    /// How a token response says when the token expires.
    pub(super) expiry: Option<ExpiryFacts>,
}

#[derive(Debug, Serialize)]
pub(super) struct ExpiryFacts {
    /// A JSON Pointer to the value. `None` if the whole response is the access token.
    pub(super) pointer: Option<String>,
    pub(super) format: &'static str,
    /// The lifetime in seconds of a token whose response does not say it.
    pub(super) lifetime: Option<u32>,
    pub(super) zero_is_never: bool,
}

impl ProviderFacts {
    pub(super) fn new(entry: &Entry) -> Self {
        let (description, about) = (entry.description, entry.about);
        let sources = about.sources().iter().map(|source| Source {
            url: source.url(),
            date: source.date(),
            kind: source.kind().as_str(),
            facts: unless_empty(source.facts()),
        });
        let servers = description.servers().iter().map(|server| Server {
            name: server.name(),
            url: server.url(),
        });
        let endpoints = description.endpoints().iter();
        let endpoints = endpoints.map(|endpoint| EndpointFacts::new(description, endpoint));
        Self {
            name: description.name(),
            title: description.title(),
            package: format!("tokensmith-{}", description.name()),
            version: about.version(),
            docs: unless_empty(about.documentation()),
            sources: sources.collect(),
            verified: about.verified().map(|kind| kind.as_str()),
            servers: servers.collect(),
            endpoints: endpoints.collect(),
            scopes: about.scopes().len(),
            deviations: about.deviations(),
        }
    }
}

impl ProviderFacts {
    /// Returns the grant types of all endpoints.
    pub(super) fn grants(&self) -> impl Iterator<Item = &'static str> {
        self.endpoints
            .iter()
            .flat_map(|endpoint| endpoint.grants.iter().copied())
    }
}

impl EndpointFacts {
    pub(super) fn new(description: &Description<'static>, endpoint: &Endpoint<'static>) -> Self {
        let kind = endpoint.kind();
        let is_token = kind == EndpointKind::Token;
        let takes_scopes = kind.takes_scopes();
        let formats = endpoint.formats().iter().copied().map(BodyFormat::as_str);
        Self {
            kind: kind.as_str(),
            method: endpoint.method().as_str(),
            urls: Environment::url_templates(description, endpoint),
            formats: match endpoint.method().has_body() {
                true => formats.collect(),
                false => vec!["query"],
            },
            client_auth: client_auth(endpoint),
            grants: match is_token {
                true => grants(endpoint),
                false => Vec::new(),
            },
            scope_separator: takes_scopes.then(|| endpoint.scope_separator()),
            response_scope_separator: Some(endpoint.response_scope_separator())
                .filter(|separator| *separator != endpoint.scope_separator()),
            pkce: match endpoint.code_challenge() {
                _ if kind != EndpointKind::Authorization => None,
                CodeChallengeMethod::None => None,
                method => Some(method.as_str()),
            },
            access_token_pointer: endpoint
                .access_token()
                .first()
                .copied()
                .filter(|_| is_token),
            expiry: is_token.then(|| ExpiryFacts::new(endpoint)),
        }
    }
}

impl ExpiryFacts {
    fn new(endpoint: &Endpoint<'static>) -> Self {
        let expiry = endpoint.expiry();
        let beside_token = || {
            let token = endpoint.access_token().first()?;
            let (object, _) = token.rsplit_once('/')?;
            Some(format!("{object}/expires_in"))
        };
        Self {
            pointer: expiry.pointer.map(str::to_owned).or_else(beside_token),
            format: expiry.format.as_str(),
            lifetime: expiry.lifetime,
            zero_is_never: expiry.is_zero_never,
        }
    }
}

fn client_auth(endpoint: &Endpoint<'_>) -> Vec<&'static str> {
    match endpoint.client_auth() {
        _ if endpoint.kind().is_for_browsers() => Vec::new(),
        ClientAuth::Auto => vec![ClientAuth::Basic.as_str(), ClientAuth::Body.as_str()],
        method => vec![method.as_str()],
    }
}

/// Returns the last part of a grant type that is a URN or a URL: `device_code` for
/// `urn:ietf:params:oauth:grant-type:device_code`.
pub(super) fn short_grant(grant: &str) -> &str {
    grant.rsplit([':', '/']).next().unwrap_or(grant)
}

/// Returns the grant types of a token endpoint, each once.
fn grants(endpoint: &Endpoint<'static>) -> Vec<&'static str> {
    let mut grants: Vec<&str> = Vec::new();
    for grant in endpoint
        .operations()
        .iter()
        .filter_map(|operation| select::grant_type(operation))
    {
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    grants
}

/// Returns a text, or `None` for an empty one.
fn unless_empty(text: &'static str) -> Option<&'static str> {
    Some(text).filter(|text| !text.is_empty())
}
