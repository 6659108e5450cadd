//! What a document says of an endpoint.

use crate::model::{
    ClientAuth, EndpointServer, ErrorCase, Examples, ExpiryFormat, Location, Operation, Parameter,
    name,
};

/// What an endpoint is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndpointKind {
    /// Issues tokens (RFC 6749, section 3.2).
    Token,
    /// Revokes tokens (RFC 7009).
    Revocation,
    /// Says what a token is good for (RFC 7662).
    Introspection,
    /// Starts the grant of a device without a browser (RFC 8628, section 3.1).
    DeviceAuthorization,
    /// Where a user's browser is sent (RFC 6749, section 3.1).
    Authorization,
}

impl EndpointKind {
    /// Every kind, in the order in which endpoints are listed.
    pub(crate) const ALL: [Self; 5] = [
        Self::Token,
        Self::Revocation,
        Self::Introspection,
        Self::DeviceAuthorization,
        Self::Authorization,
    ];

    /// The RFCs' word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Revocation => "revocation",
            Self::Introspection => "introspection",
            Self::DeviceAuthorization => "device authorization",
            Self::Authorization => "authorization",
        }
    }

    /// The word as a type's name has it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Token => "Token",
            Self::Revocation => "Revocation",
            Self::Introspection => "Introspection",
            Self::DeviceAuthorization => "DeviceAuthorization",
            Self::Authorization => "Authorization",
        }
    }
}

/// The HTTP method of an endpoint's requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// As RFC 6749 has it.
    Post,
    /// Without a body.
    Get,
    /// With a body.
    Put,
    /// Without a body.
    Delete,
}

impl Method {
    /// The method of this name, if requests can be sent by it.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "post" => Self::Post,
            "get" => Self::Get,
            "put" => Self::Put,
            "delete" => Self::Delete,
            _ => return None,
        })
    }

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether requests have a body.
    pub fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put)
    }
}

/// An OAuth endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// What it is for.
    pub kind: EndpointKind,
    /// Name of its `static`.
    pub ident: String,
    /// How it is called.
    pub method: Method,
    /// Paths below a server's URL, or whole URLs; the first is the default.
    pub paths: Vec<PathChoice>,
    /// Its base URLs, where it is on other hosts than the servers' own. It is not on a server that is missing here.
    pub servers: Vec<EndpointServer>,
    /// Body formats, preferred first.
    pub formats: Vec<BodyFormat>,
    /// Media type of JSON bodies, where it is not `application/json`.
    pub json_media_type: Option<String>,
    /// Media types of the answer to ask for, where it is not JSON.
    pub accept: Option<String>,
    /// How the client authenticates.
    pub authentication: Authentication,
    /// Whether it takes proofs of possession (RFC 9449).
    pub dpop: bool,
    /// Name of the parameter that says which grant it is, and where it stands.
    pub grant_type: (String, Location),
    /// Parameters that are sent in a second place as well, and where; sorted.
    pub copies: Vec<(String, Location)>,
    /// How an authorization code is bound to the client.
    pub code_challenge: CodeChallengeMethod,
    /// JSON Pointers to the access token; the first that fits counts, and the empty one means the whole answer.
    pub access_token: Vec<String>,
    /// Fields that are elsewhere or called otherwise: the name in the RFC, and a JSON Pointer. Sorted by name.
    pub fields: Vec<(String, String)>,
    /// How the answer says when the token expires.
    pub expiry: Expiry,
    /// What makes an answer a failure whatever its status.
    pub failures: Vec<FailureMark>,
    /// What stands between scopes.
    pub scope_separator: String,
    /// JSON Pointers to an error's code, beside the standard places.
    pub error_code: Vec<String>,
    /// JSON Pointers to an error's description, beside the standard places.
    pub error_description: Vec<String>,
    /// One operation per grant; other endpoints than a token endpoint have one.
    pub operations: Vec<Operation>,
    /// What a success holds.
    pub response: Success,
    /// Type of the refusals, by name.
    pub error: String,
    /// The refusals that the document declares, by status.
    pub errors: Vec<ErrorCase>,
    /// Whole requests and answers that the document gives as examples.
    pub examples: Examples,
}

impl Endpoint {
    /// Name of the enum of the endpoint's paths, where it has several.
    pub fn path_type(&self) -> Option<String> {
        let name = name::pascal(&self.ident)?;
        (self.paths.len() > 1).then(|| format!("{name}Path"))
    }

    /// The grants that it takes; none for an endpoint that issues no tokens.
    pub fn grants(&self) -> impl Iterator<Item = &str> {
        let operations = match self.kind {
            EndpointKind::Token => self.operations.as_slice(),
            _ => &[],
        };
        operations
            .iter()
            .filter_map(|operation| operation.grant.as_deref())
    }

    /// Whether a parameter is in the body: there alone, or there as well.
    pub(crate) fn has_in_body(&self, parameter: &Parameter) -> bool {
        parameter.location == Location::Body || self.is_copied(&parameter.wire, Location::Body)
    }

    /// Whether a parameter is sent there beside its own place.
    pub(crate) fn is_copied(&self, name: &str, location: Location) -> bool {
        let mut copies = self.copies.iter();
        copies.any(|(other, place)| (other.as_str(), *place) == (name, location))
    }

    /// Whether a client's request goes there, rather than a user's browser.
    pub fn is_called(&self) -> bool {
        self.kind != EndpointKind::Authorization
    }
}

/// What a success of an endpoint holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Success {
    /// Nothing that counts.
    Nothing,
    /// A token: the name of its type.
    Token(String),
    /// What a token is good for (RFC 7662, section 2.2).
    Introspection,
    /// What a device shows its user (RFC 8628, section 3.2).
    DeviceAuthorization,
}

/// How a client proves who it is to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// The method, unless the caller takes another.
    pub method: ClientAuth,
    /// Scheme of the `Authorization` header.
    pub scheme: String,
    /// Name of the parameter `client_id`; empty where the client is not named.
    pub client_id: String,
    /// Name of the parameter `client_secret`.
    pub client_secret: String,
    /// Whom a client assertion is for.
    pub audience: Audience,
    /// Whether the connection has the client's certificate (RFC 8705).
    pub certificate: bool,
}

impl Authentication {
    /// The method, with all else as RFC 6749 has it.
    pub(crate) fn standard(method: ClientAuth) -> Self {
        Self {
            method,
            scheme: "Basic".to_owned(),
            client_id: "client_id".to_owned(),
            client_secret: "client_secret".to_owned(),
            audience: Audience::Url,
            certificate: method == ClientAuth::TlsClientAuth,
        }
    }

    /// Whether the parameters of the client have the names of RFC 6749.
    pub fn has_standard_names(&self) -> bool {
        self.client_id == "client_id" && self.client_secret == "client_secret"
    }
}

/// Whom a client assertion is for: the `aud` of a JWT (RFC 7523, section 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// The URL of the endpoint.
    Url,
    /// The issuer identifier of the authorization server.
    Issuer,
    /// This text.
    Fixed(String),
}

/// How an authorization code is bound to the client that asked for it (RFC 7636, section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeChallengeMethod {
    /// By the SHA-256 of the verifier.
    S256,
    /// By the verifier itself.
    Plain,
    /// Not at all.
    None,
}

/// How an answer says when its token expires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiry {
    /// The form of the value.
    pub format: ExpiryFormat,
    /// JSON Pointer to it, where it is not `expires_in` beside the access token.
    pub pointer: Option<String>,
    /// Lifetime in seconds of a token whose answer does not say.
    pub lifetime: Option<u32>,
}

impl Expiry {
    /// `expires_in` in seconds, as RFC 6749 has it.
    pub(crate) const STANDARD: Self = Self {
        format: ExpiryFormat::Seconds,
        pointer: None,
        lifetime: None,
    };
}

/// A value that tells a failure from a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureMark {
    /// JSON Pointer to the value.
    pub pointer: String,
    /// The values that count, without quotes.
    pub values: Vec<String>,
    /// Whether it is the other values that mean failure.
    pub negated: bool,
}

/// One of several paths of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathChoice {
    /// The path, with its query string.
    pub path: String,
    /// Variant of the endpoint's path enum.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
}

/// How a request body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BodyFormat {
    /// `application/x-www-form-urlencoded`
    Form,
    /// `application/json`
    Json,
    /// `multipart/form-data`
    Multipart,
}

impl BodyFormat {
    /// The name that the command line uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Json => "json",
            Self::Multipart => "multipart",
        }
    }
}
