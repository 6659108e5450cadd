//! What is described of an endpoint, for who sends requests to it.

use super::{Endpoint, EndpointKind, Method};
use crate::{
    Audience, BodyFormat, ClientAuth, CodeChallengeMethod, Expiry, FailureMark, Location,
    Operation, PushedRequests, Rotation, TokenUse,
};

impl<'a> Endpoint<'a> {
    /// What it is for.
    pub const fn kind(&self) -> EndpointKind {
        self.kind
    }

    /// The HTTP method of its requests.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The paths where it may be found; the first is the default.
    pub const fn paths(&self) -> &'a [&'a str] {
        self.paths
    }

    /// The base URLs, by the name of the server, of an endpoint that is on other hosts than the
    /// servers' own.
    pub const fn servers(&self) -> &'a [(&'a str, &'a str)] {
        self.servers
    }

    /// The body formats it takes; the first is the default.
    pub const fn formats(&self) -> &'a [BodyFormat] {
        self.formats
    }

    /// The media type that JSON bodies are sent with.
    pub const fn json_media_type(&self) -> &'a str {
        self.json_media_type
    }

    /// How clients authenticate.
    pub const fn client_auth(&self) -> ClientAuth {
        self.client_auth
    }

    /// The media types of the response that are asked for.
    pub const fn accept(&self) -> &'a str {
        self.accept
    }

    /// The scheme of the `Authorization` header that the client authenticates by.
    pub const fn auth_scheme(&self) -> &'a str {
        self.auth_scheme
    }

    /// The name of the parameter `client_id`; empty where there is none.
    pub const fn client_id(&self) -> &'a str {
        self.client_id
    }

    /// The name of the parameter `client_secret`.
    pub const fn client_secret(&self) -> &'a str {
        self.client_secret
    }

    /// Whom a client assertion is for.
    pub const fn audience(&self) -> Audience<&'a str> {
        self.audience
    }

    /// Whether a client without a secret authenticates by HTTP Basic as well.
    pub const fn public_by_basic(&self) -> bool {
        self.public_by_basic
    }

    /// Where the identifier of the client stands, where the body has the secret or the client has
    /// none.
    pub const fn client_id_location(&self) -> Location {
        self.client_id_location
    }

    /// The name of the parameter that says which grant it is.
    pub const fn grant_type(&self) -> &'a str {
        self.grant_type
    }

    /// Where the parameter stands that says which grant it is.
    pub const fn grant_location(&self) -> Location {
        self.grant_location
    }

    /// The parameters that are sent in a second place as well, and where.
    pub const fn copies(&self) -> &'a [(&'a str, Location)] {
        self.copies
    }

    /// How an authorization code is bound to the client.
    pub const fn code_challenge(&self) -> CodeChallengeMethod {
        self.code_challenge
    }

    /// JSON Pointers to the access token.
    pub const fn access_token(&self) -> &'a [&'a str] {
        self.access_token
    }

    /// The fields that are elsewhere or have other names: the name of the RFC, and a JSON Pointer.
    pub const fn fields(&self) -> &'a [(&'a str, &'a str)] {
        self.fields
    }

    /// How the response says when the token expires.
    pub const fn expiry(&self) -> Expiry<&'a str> {
        self.expiry
    }

    /// What makes a response an error, beside an `error` in it.
    pub const fn failures(&self) -> &'a [FailureMark<'a>] {
        self.failures
    }

    /// What stands between two scopes, in requests.
    pub const fn scope_separator(&self) -> &'a str {
        self.scope_separator
    }

    /// What stands between two scopes in responses.
    pub const fn response_scope_separator(&self) -> &'a str {
        match self.response_scope_separator {
            Some(separator) => separator,
            None => self.scope_separator,
        }
    }

    /// JSON Pointers to an error code; see [`with_error_code`](Self::with_error_code).
    pub const fn error_code(&self) -> &'a [&'a str] {
        self.error_code
    }

    /// JSON Pointers to an error's description; see
    /// [`with_error_description`](Self::with_error_description).
    pub const fn error_description(&self) -> &'a [&'a str] {
        self.error_description
    }

    /// What the provider's own error codes mean.
    pub const fn error_codes(&self) -> &'a [(&'a str, &'a str)] {
        self.error_codes
    }

    /// JSON Pointers to the identifier that the provider gives a request.
    pub const fn request_id(&self) -> &'a [&'a str] {
        self.request_id
    }

    /// Where requests to the provider's API carry the token.
    pub const fn token_use(&self) -> TokenUse<&'a str> {
        self.token_use
    }

    /// Scopes that every request asks for.
    pub const fn required_scopes(&self) -> &'a [&'a str] {
        self.required_scopes
    }

    /// What stands after `#` in the URL of an authorization; empty for nothing.
    pub const fn fragment(&self) -> &'a str {
        self.fragment
    }

    /// What a refresh does to the refresh token, where that is known.
    pub const fn rotation(&self) -> Option<Rotation> {
        self.rotation
    }

    /// The parameters that a redirect with a code must have beside it.
    pub const fn required_in_redirect(&self) -> &'a [&'a str] {
        self.required_in_redirect
    }

    /// The parameters of a redirect that name the server, each with the form of its value: the name of
    /// a server variable in braces, and what stands around it.
    pub const fn server_in_redirect(&self) -> &'a [(&'a str, &'a str)] {
        self.server_in_redirect
    }

    /// The parameter of a redirect that signs the others with the client secret; empty for none.
    pub const fn signature_in_redirect(&self) -> &'a str {
        self.signature_in_redirect
    }

    /// Whether an authorization request has its `state` in the query of its `redirect_uri`.
    pub const fn state_in_redirect_uri(&self) -> bool {
        self.state_in_redirect_uri
    }

    /// How the provider takes pushed authorization requests (RFC 9126).
    pub const fn pushed_requests(&self) -> PushedRequests {
        self.pushed_requests
    }

    /// What can be asked of it.
    pub const fn operations(&self) -> &'a [&'a Operation<'a>] {
        self.operations
    }
}
