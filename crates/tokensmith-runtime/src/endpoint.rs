//! What a document says of one endpoint.
//!
//! All of it is `Copy` and borrows: a `static` of a generated crate, or a view of a document read at run time.

use crate::{ClientAuth, Parameter};

/// What an endpoint is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndpointKind {
    /// Issues tokens (RFC 6749 section 3.2).
    Token,
    /// Takes them back (RFC 7009).
    Revocation,
}

/// How the parameters in a request's body are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyFormat {
    /// `application/x-www-form-urlencoded`, as RFC 6749 has it.
    Form,
    /// `application/json`: one object, in which numbers, booleans and lists keep their type.
    Json,
}

impl BodyFormat {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Form => "application/x-www-form-urlencoded",
            Self::Json => "application/json",
        }
    }
}

/// An endpoint: where it is, what it takes and what its answers look like.
///
/// Built by `const` methods, so that it can be a `static`; where nothing is said, RFC 6749 holds.
///
/// ```
/// use tokensmith_runtime::{ClientAuth, Endpoint, EndpointKind, Operation, Parameter};
///
/// static CLIENT_CREDENTIALS: Operation<'static> =
///     Operation::grant("client_credentials").with_parameters(&[Parameter::new("scope")]);
/// static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/oauth2/token"])
///     .with_client_auth(ClientAuth::Basic)
///     .with_access_token(&["/data/access_token"])
///     .with_operations(&[&CLIENT_CREDENTIALS]);
/// assert_eq!(TOKEN.paths(), ["/oauth2/token"]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Endpoint<'a> {
    kind: EndpointKind,
    paths: &'a [&'a str],
    formats: &'a [BodyFormat],
    client_auth: ClientAuth,
    access_token: &'a [&'a str],
    scope_separator: &'a str,
    error_code: &'a [&'a str],
    error_description: &'a [&'a str],
    operations: &'a [&'a Operation<'a>],
}

impl<'a> Endpoint<'a> {
    /// An endpoint at the paths where it may be found, relative to the server's URL; the first is the default.
    pub const fn new(kind: EndpointKind, paths: &'a [&'a str]) -> Self {
        Self {
            kind,
            paths,
            formats: &[BodyFormat::Form],
            client_auth: ClientAuth::Auto,
            access_token: &["/access_token"],
            scope_separator: " ",
            error_code: &[],
            error_description: &[],
            operations: &[],
        }
    }

    /// Sets the body formats it takes; the first is the default.
    #[must_use]
    pub const fn with_formats(mut self, formats: &'a [BodyFormat]) -> Self {
        self.formats = formats;
        self
    }

    /// Sets how clients authenticate.
    #[must_use]
    pub const fn with_client_auth(mut self, client_auth: ClientAuth) -> Self {
        self.client_auth = client_auth;
        self
    }

    /// Sets where the access token is: JSON Pointers (RFC 6901), of which the first that leads to one counts. The
    /// object that holds it also holds everything else that belongs to the token.
    #[must_use]
    pub const fn with_access_token(mut self, pointers: &'a [&'a str]) -> Self {
        self.access_token = pointers;
        self
    }

    /// Sets what stands between two scopes, in requests and answers; a space where RFC 6749 is followed.
    #[must_use]
    pub const fn with_scope_separator(mut self, separator: &'a str) -> Self {
        self.scope_separator = separator;
        self
    }

    /// Sets where else an error code may be: JSON Pointers tried after the standard places, which are `error` and,
    /// where `error` is an object, its `code`.
    #[must_use]
    pub const fn with_error_code(mut self, pointers: &'a [&'a str]) -> Self {
        self.error_code = pointers;
        self
    }

    /// Sets where else an error's description may be: JSON Pointers tried after the standard places, which are
    /// `error_description` and, where `error` is an object, its `message`.
    #[must_use]
    pub const fn with_error_description(mut self, pointers: &'a [&'a str]) -> Self {
        self.error_description = pointers;
        self
    }

    /// Sets what can be asked of it.
    #[must_use]
    pub const fn with_operations(mut self, operations: &'a [&'a Operation<'a>]) -> Self {
        self.operations = operations;
        self
    }

    /// What it is for.
    pub const fn kind(&self) -> EndpointKind {
        self.kind
    }

    /// The paths where it may be found; the first is the default.
    pub const fn paths(&self) -> &'a [&'a str] {
        self.paths
    }

    /// The body formats it takes; the first is the default.
    pub const fn formats(&self) -> &'a [BodyFormat] {
        self.formats
    }

    /// How clients authenticate.
    pub const fn client_auth(&self) -> ClientAuth {
        self.client_auth
    }

    /// JSON Pointers to the access token.
    pub const fn access_token(&self) -> &'a [&'a str] {
        self.access_token
    }

    /// What stands between two scopes.
    pub const fn scope_separator(&self) -> &'a str {
        self.scope_separator
    }

    /// JSON Pointers to an error code, beside the standard places.
    pub const fn error_code(&self) -> &'a [&'a str] {
        self.error_code
    }

    /// JSON Pointers to an error's description, beside the standard places.
    pub const fn error_description(&self) -> &'a [&'a str] {
        self.error_description
    }

    /// What can be asked of it.
    pub const fn operations(&self) -> &'a [&'a Operation<'a>] {
        self.operations
    }
}

/// One grant of a token endpoint, or the one operation of another endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'a> {
    grant: Option<&'a str>,
    parameters: &'a [Parameter<'a>],
    one_time: bool,
}

impl<'a> Operation<'a> {
    /// The operation of an endpoint that knows no grants.
    #[allow(clippy::new_without_default)] // an operation without anything is rarely meant
    pub const fn new() -> Self {
        Self {
            grant: None,
            parameters: &[],
            one_time: false,
        }
    }

    /// A grant, by the `grant_type` it is sent as.
    pub const fn grant(grant_type: &'a str) -> Self {
        Self {
            grant: Some(grant_type),
            parameters: &[],
            one_time: false,
        }
    }

    /// Sets the parameters. `grant_type`, `client_id` and `client_secret` are not among them.
    #[must_use]
    pub const fn with_parameters(mut self, parameters: &'a [Parameter<'a>]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Says that it carries a credential that can be used once (a code, a refresh token, a device code): it is sent
    /// again only when the first request provably never left.
    #[must_use]
    pub const fn one_time(mut self) -> Self {
        self.one_time = true;
        self
    }

    /// The `grant_type`, where there is one.
    pub const fn grant_type(&self) -> Option<&'a str> {
        self.grant
    }

    /// The parameters it takes.
    pub const fn parameters(&self) -> &'a [Parameter<'a>] {
        self.parameters
    }

    /// Whether it carries a credential that can be used once.
    pub const fn is_one_time(&self) -> bool {
        self.one_time
    }
}
