//! What distinguishes an endpoint from the one of RFC 6749, read from a document.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::{
    Audience, BodyFormat, ClientAuth, CodeChallengeMethod, Endpoint, Expiry, Location, Method,
    OwnedFailureMark, PushedRequests, Rotation, Shelves, TokenUse,
};

/// How an endpoint wants its requests, and how it responds: an [`Endpoint`] without its place and
/// its operations that owns its texts.
///
/// The code generator infers it from a document. Where nothing is said, RFC 6749 holds, as in
/// [`Endpoint::new`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    /// The HTTP method of requests.
    pub method: Method,
    /// Body formats, preferred first.
    pub formats: Vec<BodyFormat>,
    /// The media type of JSON bodies, where it is not `application/json`.
    pub json_media_type: Option<String>,
    /// The media types of responses to ask for, where it is not JSON.
    pub accept: Option<String>,
    /// How the client authenticates.
    pub authentication: Authentication,
    /// The name of the parameter that says which grant it is, and where it is sent.
    pub grant_type: (String, Location),
    /// Parameters that are sent in a second place as well, and where.
    pub copies: Vec<(String, Location)>,
    /// How an authorization code is bound to the client.
    pub code_challenge: CodeChallengeMethod,
    /// JSON Pointers to the access token; the first that fits counts, and the empty one means the
    /// whole response. None where the endpoint issues no tokens.
    pub access_token: Vec<String>,
    /// Fields that are elsewhere or have other names: the name in the RFC, and a JSON Pointer.
    pub fields: Vec<(String, String)>,
    /// How the response says when the token expires.
    pub expiry: Expiry<String>,
    /// What makes a response a failure whatever its status.
    pub failures: Vec<OwnedFailureMark>,
    /// What separates scopes.
    pub scope_separator: String,
    /// What separates scopes in responses, where it is not what separates them in requests.
    pub response_scope_separator: Option<String>,
    /// JSON Pointers to an error's code, in the order in which they are tried.
    pub error_code: Vec<String>,
    /// JSON Pointers to an error's description, in the order in which they are tried.
    pub error_description: Vec<String>,
    /// What the provider's own error codes mean, by the code.
    pub error_codes: Vec<(String, String)>,
    /// JSON Pointers to the identifier that the provider gives a request.
    pub request_id: Vec<String>,
    /// Where requests to the API carry the token.
    pub token_use: TokenUse<String>,
    /// Scopes that every request asks for.
    pub required_scopes: Vec<String>,
    /// What stands after `#` in the URL of an authorization; empty for nothing.
    pub fragment: String,
    /// What a refresh does to the refresh token, where that is known.
    pub rotation: Option<Rotation>,
    /// Parameters that a redirect with a code must have.
    pub required_in_redirect: Vec<String>,
    /// Parameters of a redirect that name the server, each with the form of its value: the name of
    /// a server variable in braces, and what stands around it.
    pub server_in_redirect: Vec<(String, String)>,
    /// The parameter of a redirect that signs the others; empty for none.
    pub signature_in_redirect: String,
    /// Whether `state` is sent within `redirect_uri`.
    pub state_in_redirect_uri: bool,
    /// Whether authorization requests are pushed (RFC 9126).
    pub pushed_requests: PushedRequests,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            method: Method::Post,
            formats: vec![BodyFormat::Form],
            json_media_type: None,
            accept: None,
            authentication: Authentication::standard(ClientAuth::Auto),
            grant_type: ("grant_type".to_owned(), Location::Body),
            copies: Vec::new(),
            code_challenge: CodeChallengeMethod::S256,
            access_token: Vec::new(),
            fields: Vec::new(),
            expiry: Expiry::STANDARD,
            failures: Vec::new(),
            scope_separator: " ".to_owned(),
            response_scope_separator: None,
            error_code: Vec::new(),
            error_description: Vec::new(),
            error_codes: Vec::new(),
            request_id: Vec::new(),
            token_use: TokenUse::standard(),
            required_scopes: Vec::new(),
            fragment: String::new(),
            rotation: None,
            required_in_redirect: Vec::new(),
            server_in_redirect: Vec::new(),
            signature_in_redirect: String::new(),
            state_in_redirect_uri: false,
            pushed_requests: PushedRequests::Taken,
        }
    }
}

impl Attributes {
    /// Describes an endpoint by the attributes, for as long as `shelves` keeps its lists.
    pub fn describe<'a>(
        &'a self,
        endpoint: Endpoint<'a>,
        shelves: &'a Shelves<'a>,
    ) -> Endpoint<'a> {
        let Self {
            method,
            formats,
            json_media_type,
            accept,
            authentication,
            grant_type,
            copies,
            code_challenge,
            access_token,
            fields,
            expiry,
            failures,
            scope_separator,
            response_scope_separator,
            error_code,
            error_description,
            error_codes,
            request_id,
            token_use,
            required_scopes,
            fragment,
            rotation,
            required_in_redirect,
            server_in_redirect,
            signature_in_redirect,
            state_in_redirect_uri,
            pushed_requests,
        } = self;
        let mut endpoint = endpoint
            .with_method(*method)
            .with_formats(formats)
            .with_client_auth(authentication.method)
            .with_auth_scheme(&authentication.scheme)
            .with_client_names(&authentication.client_id, &authentication.client_secret)
            .with_audience(authentication.audience.lend())
            .with_grant_type(&grant_type.0, grant_type.1)
            .with_copies(shelves.places(copies))
            .with_code_challenge(*code_challenge)
            .with_fields(shelves.pairs(fields))
            .with_expiry(expiry.lend())
            .with_failures(shelves.failures(failures))
            .with_scope_separator(scope_separator)
            .with_error_code(shelves.texts(error_code))
            .with_error_description(shelves.texts(error_description))
            .with_error_codes(shelves.pairs(error_codes))
            .with_request_id(shelves.texts(request_id))
            .with_token_use(token_use.lend())
            .with_required_scopes(shelves.texts(required_scopes))
            .with_fragment(fragment)
            .with_required_in_redirect(shelves.texts(required_in_redirect))
            .with_server_in_redirect(shelves.pairs(server_in_redirect))
            .with_signature_in_redirect(signature_in_redirect)
            .with_pushed_requests(*pushed_requests);
        if let Some(separator) = response_scope_separator {
            endpoint = endpoint.with_response_scope_separator(separator);
        }
        if let Some(rotation) = rotation {
            endpoint = endpoint.with_rotation(*rotation);
        }
        if *state_in_redirect_uri {
            endpoint = endpoint.with_state_in_redirect_uri();
        }
        if authentication.public_by_basic {
            endpoint = endpoint.with_public_by_basic();
        }
        if let Some(location) = authentication.id_location {
            endpoint = endpoint.with_client_id_location(location);
        }
        if let Some(media_type) = json_media_type {
            endpoint = endpoint.with_json_media_type(media_type);
        }
        if let Some(media_types) = accept {
            endpoint = endpoint.with_accept(media_types);
        }
        if !access_token.is_empty() {
            endpoint = endpoint.with_access_token(shelves.texts(access_token));
        }
        endpoint
    }
}

/// How a client proves who it is to an endpoint, and under which names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// The method, unless the caller takes another.
    pub method: ClientAuth,
    /// The scheme of the `Authorization` header.
    pub scheme: String,
    /// The name of the parameter `client_id`; empty where the client is not named.
    pub client_id: String,
    /// The name of the parameter `client_secret`.
    pub client_secret: String,
    /// Whom a client assertion is for.
    pub audience: Audience<String>,
    /// Whether a client without a secret authenticates by HTTP Basic, with an empty password.
    pub public_by_basic: bool,
    /// Where the identifier stands if not in the body, which has the secret.
    pub id_location: Option<Location>,
}

impl Authentication {
    /// Creates the authentication by a method, with everything else as in RFC 6749.
    pub fn standard(method: ClientAuth) -> Self {
        Self {
            method,
            scheme: "Basic".to_owned(),
            client_id: "client_id".to_owned(),
            client_secret: "client_secret".to_owned(),
            audience: Audience::Url,
            public_by_basic: false,
            id_location: None,
        }
    }

    /// Returns whether the parameters of the client have the names of RFC 6749.
    pub fn has_standard_names(&self) -> bool {
        self.client_id == "client_id" && self.client_secret == "client_secret"
    }
}
