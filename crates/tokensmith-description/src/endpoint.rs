//! What a document says of one endpoint.
//!
//! All of it is `Copy` and borrows: a `static` of a generated crate, or a view of a document read
//! at run time.

mod kind;
mod read;
mod responses;

pub use kind::{EndpointKind, Method};

use crate::{
    Audience, BodyFormat, ClientAuth, CodeChallengeMethod, Expiry, FailureMark, Location,
    Operation, PushedRequests, Rotation, TokenUse,
};

/// An endpoint: where it is, what it takes and what its responses look like.
///
/// Built by `const` methods, so that it can be a `static`; where nothing is said, RFC 6749 holds.
///
/// ```
/// use tokensmith_description::{ClientAuth, Endpoint, EndpointKind, Operation, Parameter};
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
    method: Method,
    paths: &'a [&'a str],
    servers: &'a [(&'a str, &'a str)],
    formats: &'a [BodyFormat],
    json_media_type: &'a str,
    accept: &'a str,
    client_auth: ClientAuth,
    auth_scheme: &'a str,
    client_id: &'a str,
    client_secret: &'a str,
    audience: Audience<&'a str>,
    public_by_basic: bool,
    client_id_location: Location,
    grant_type: &'a str,
    grant_location: Location,
    copies: &'a [(&'a str, Location)],
    code_challenge: CodeChallengeMethod,
    access_token: &'a [&'a str],
    fields: &'a [(&'a str, &'a str)],
    expiry: Expiry<&'a str>,
    failures: &'a [FailureMark<'a>],
    scope_separator: &'a str,
    response_scope_separator: Option<&'a str>,
    error_code: &'a [&'a str],
    error_description: &'a [&'a str],
    error_codes: &'a [(&'a str, &'a str)],
    request_id: &'a [&'a str],
    token_use: TokenUse<&'a str>,
    required_scopes: &'a [&'a str],
    fragment: &'a str,
    rotation: Option<Rotation>,
    required_in_redirect: &'a [&'a str],
    server_in_redirect: &'a [(&'a str, &'a str)],
    signature_in_redirect: &'a str,
    state_in_redirect_uri: bool,
    pushed_requests: PushedRequests,
    operations: &'a [&'a Operation<'a>],
}

impl<'a> Endpoint<'a> {
    /// An endpoint at the paths where it may be found, relative to the server's URL; the first is
    /// the default.
    pub const fn new(kind: EndpointKind, paths: &'a [&'a str]) -> Self {
        Self {
            kind,
            method: Method::Post,
            paths,
            servers: &[],
            formats: &[BodyFormat::Form],
            json_media_type: BodyFormat::Json.media_type(),
            accept: "application/json",
            client_auth: ClientAuth::Auto,
            auth_scheme: "Basic",
            client_id: "client_id",
            client_secret: "client_secret",
            audience: Audience::Url,
            public_by_basic: false,
            client_id_location: Location::Body,
            grant_type: "grant_type",
            grant_location: Location::Body,
            copies: &[],
            code_challenge: CodeChallengeMethod::S256,
            access_token: &["/access_token"],
            fields: &[],
            expiry: Expiry::STANDARD,
            failures: &[],
            scope_separator: " ",
            response_scope_separator: None,
            error_code: &[],
            error_description: &[],
            error_codes: &[],
            request_id: &[],
            token_use: TokenUse::STANDARD,
            required_scopes: &[],
            fragment: "",
            rotation: None,
            required_in_redirect: &[],
            server_in_redirect: &[],
            signature_in_redirect: "",
            state_in_redirect_uri: false,
            pushed_requests: PushedRequests::Taken,
            operations: &[],
        }
    }

    /// Sets the base URLs of an endpoint that is on other hosts than the servers' own: the name of
    /// a server ([`ServerDescription::name`](crate::ServerDescription::name)), and the URL there,
    /// with the server's variables in braces. On a server that is not listed there is no such
    /// endpoint.
    #[must_use]
    pub const fn with_servers(mut self, servers: &'a [(&'a str, &'a str)]) -> Self {
        self.servers = servers;
        self
    }

    /// Sets the HTTP method of its requests.
    #[must_use]
    pub const fn with_method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Sets the body formats it takes; the first is the default.
    #[must_use]
    pub const fn with_formats(mut self, formats: &'a [BodyFormat]) -> Self {
        self.formats = formats;
        self
    }

    /// Sets the media type that JSON bodies are sent with, where it is not `application/json`.
    #[must_use]
    pub const fn with_json_media_type(mut self, media_type: &'a str) -> Self {
        self.json_media_type = media_type;
        self
    }

    /// Sets how clients authenticate.
    #[must_use]
    pub const fn with_client_auth(mut self, client_auth: ClientAuth) -> Self {
        self.client_auth = client_auth;
        self
    }

    /// Sets the media types of the response that are asked for, as the `Accept` header has them.
    /// Some servers respond in a form unless JSON is asked for, some know a media type of their own
    /// only.
    #[must_use]
    pub const fn with_accept(mut self, media_types: &'a str) -> Self {
        self.accept = media_types;
        self
    }

    /// Sets the scheme of the `Authorization` header that the client authenticates by, where it is
    /// not `Basic`.
    #[must_use]
    pub const fn with_auth_scheme(mut self, scheme: &'a str) -> Self {
        self.auth_scheme = scheme;
        self
    }

    /// Sets the names of the parameters that RFC 6749 section 2.3.1 calls `client_id` and
    /// `client_secret`.
    #[must_use]
    pub const fn with_client_names(mut self, id: &'a str, secret: &'a str) -> Self {
        self.client_id = id;
        self.client_secret = secret;
        self
    }

    /// Says that the client is not named: a request has no parameter for it.
    #[must_use]
    pub const fn without_client_id(mut self) -> Self {
        self.client_id = "";
        self
    }

    /// Sets whom a client assertion is for (RFC 7523 section 3).
    #[must_use]
    pub const fn with_audience(mut self, audience: Audience<&'a str>) -> Self {
        self.audience = audience;
        self
    }

    /// Says that a client without a secret authenticates by HTTP Basic as well, with an empty
    /// password: Reddit asks that of installed applications.
    #[must_use]
    pub const fn with_public_by_basic(mut self) -> Self {
        self.public_by_basic = true;
        self
    }

    /// Sets where the identifier of the client stands, if not in the body, where the body has the
    /// secret or the client has none: Trovo has it in the header `client-id`.
    #[must_use]
    pub const fn with_client_id_location(mut self, location: Location) -> Self {
        self.client_id_location = location;
        self
    }

    /// Sets the name of the parameter that says which grant it is, and where it stands.
    #[must_use]
    pub const fn with_grant_type(mut self, name: &'a str, location: Location) -> Self {
        self.grant_type = name;
        self.grant_location = location;
        self
    }

    /// Sets which parameters are sent in a second place as well, and where: servers that read a
    /// parameter in one place may demand it in another. They are those that an operation declares,
    /// the one that says which grant it is, and those of the client: its identifier with every
    /// client authentication, its secret only where that is sent as a parameter or as a header of
    /// its own, and never in the URL.
    #[must_use]
    pub const fn with_copies(mut self, copies: &'a [(&'a str, Location)]) -> Self {
        self.copies = copies;
        self
    }

    /// Sets how an authorization code is bound to the client.
    #[must_use]
    pub const fn with_code_challenge(mut self, method: CodeChallengeMethod) -> Self {
        self.code_challenge = method;
        self
    }

    /// Sets what stands between two scopes, in requests and responses; a space where RFC 6749 is
    /// followed.
    #[must_use]
    pub const fn with_scope_separator(mut self, separator: &'a str) -> Self {
        self.scope_separator = separator;
        self
    }

    /// Sets scopes that every request asks for that names scopes, whatever the caller asks for:
    /// `offline_access`, without which many providers give no refresh token. A request with a code
    /// or a refresh token asks for what was granted, and is left alone.
    #[must_use]
    pub const fn with_required_scopes(mut self, scopes: &'a [&'a str]) -> Self {
        self.required_scopes = scopes;
        self
    }

    /// Sets what stands after `#` in the URL that a user's browser is sent to: WeChat asks for
    /// `wechat_redirect`.
    #[must_use]
    pub const fn with_fragment(mut self, fragment: &'a str) -> Self {
        self.fragment = fragment;
        self
    }

    /// Says that an authorization request has its `state` in the query of its `redirect_uri`, since the
    /// server returns no other: Mixcloud.
    #[must_use]
    pub const fn with_state_in_redirect_uri(mut self) -> Self {
        self.state_in_redirect_uri = true;
        self
    }

    /// Sets how the provider takes pushed authorization requests (RFC 9126), where it does not take
    /// them beside others. Bluesky takes no others, and Auth0 takes them where that was switched on.
    #[must_use]
    pub const fn with_pushed_requests(mut self, pushed: PushedRequests) -> Self {
        self.pushed_requests = pushed;
        self
    }

    /// Sets what can be asked of it.
    #[must_use]
    pub const fn with_operations(mut self, operations: &'a [&'a Operation<'a>]) -> Self {
        self.operations = operations;
        self
    }
}
