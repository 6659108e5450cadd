//! A plain server of RFC 6749 and OpenID Connect: what no provider has of its own.

use serde_json::{Value, json};
use tokensmith_runtime::{
    BodyFormat, ClientAuth, Description, Endpoint, EndpointKind, Location, Method, Operation,
    Parameter, ParameterKind, SampleResponse,
};

const SCOPE: Parameter<'static> = Parameter::new("scope");
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

static CLIENT_CREDENTIALS: Operation<'static> =
    Operation::grant("client_credentials").with_parameters(&[SCOPE]);
static AUTHORIZATION_CODE: Operation<'static> = Operation::grant("authorization_code")
    .one_time()
    .with_parameters(&[
        Parameter::new("code").required().secret(),
        Parameter::new("redirect_uri").required(),
        Parameter::new("code_verifier").secret(),
    ]);
static REFRESH_TOKEN: Operation<'static> = Operation::grant("refresh_token")
    .one_time()
    .with_parameters(&[Parameter::new("refresh_token").required().secret(), SCOPE]);
static PASSWORD: Operation<'static> = Operation::grant("password").with_parameters(&[
    Parameter::new("username").required(),
    Parameter::new("password").required().secret(),
    SCOPE,
]);
static DEVICE: Operation<'static> = Operation::grant(DEVICE_CODE)
    .one_time()
    .with_parameters(&[Parameter::new("device_code").required().secret()]);
static TOKEN: Endpoint<'static> =
    Endpoint::new(EndpointKind::Token, &["/token"]).with_operations(&[
        &CLIENT_CREDENTIALS,
        &AUTHORIZATION_CODE,
        &REFRESH_TOKEN,
        &PASSWORD,
        &DEVICE,
    ]);

static OF_TOKEN: Operation<'static> = Operation::new().with_parameters(&[
    Parameter::new("token").required().secret(),
    Parameter::new("token_type_hint"),
]);
static REVOCATION: Endpoint<'static> =
    Endpoint::new(EndpointKind::Revocation, &["/revoke"]).with_operations(&[&OF_TOKEN]);
static INTROSPECTION: Endpoint<'static> =
    Endpoint::new(EndpointKind::Introspection, &["/introspect"]).with_operations(&[&OF_TOKEN]);

static OF_DEVICE: Operation<'static> = Operation::new().with_parameters(&[SCOPE]);
static DEVICE_AUTHORIZATION: Endpoint<'static> =
    Endpoint::new(EndpointKind::DeviceAuthorization, &["/device"])
        .with_client_auth(ClientAuth::Auto)
        .with_operations(&[&OF_DEVICE]);

static PUSH: Operation<'static> = Operation::new().with_parameters(&[
    Parameter::new("response_type").required(),
    Parameter::new("redirect_uri").required(),
    SCOPE,
]);
static PUSHED_AUTHORIZATION: Endpoint<'static> =
    Endpoint::new(EndpointKind::PushedAuthorization, &["/par"]).with_operations(&[&PUSH]);

static AUTHORIZE: Operation<'static> = Operation::grant("code").with_parameters(&[
    Parameter::new("redirect_uri")
        .required()
        .with_location(Location::Query),
    SCOPE.with_location(Location::Query),
]);
static AUTHORIZATION: Endpoint<'static> =
    Endpoint::new(EndpointKind::Authorization, &["/authorize"])
        .with_method(Method::Get)
        .with_grant_type("response_type", Location::Query)
        .with_operations(&[&AUTHORIZE]);

const IN_QUERY: Location = Location::Query;
static LOG_OUT: Operation<'static> = Operation::new().with_parameters(&[
    Parameter::new("id_token_hint")
        .secret()
        .with_location(IN_QUERY),
    Parameter::new("logout_hint").with_location(IN_QUERY),
    Parameter::new("post_logout_redirect_uri").with_location(IN_QUERY),
    Parameter::new("ui_locales").with_location(IN_QUERY),
]);
static END_SESSION: Endpoint<'static> = Endpoint::new(EndpointKind::EndSession, &["/end_session"])
    .with_method(Method::Get)
    .with_operations(&[&LOG_OUT]);

const fn list(name: &'static str) -> Parameter<'static> {
    Parameter::new(name).with_kind(ParameterKind::TextList)
}

static REGISTER: Operation<'static> = Operation::new().one_time().with_parameters(&[
    list("redirect_uris"),
    list("grant_types"),
    list("response_types"),
    list("post_logout_redirect_uris"),
    Parameter::new("application_type"),
    Parameter::new("client_name"),
    Parameter::new("client_uri"),
    Parameter::new("jwks").with_kind(ParameterKind::Json),
    Parameter::new("scope"),
    Parameter::new("token_endpoint_auth_method"),
]);
static REGISTRATION: Endpoint<'static> = Endpoint::new(EndpointKind::Registration, &["/register"])
    .with_formats(&[BodyFormat::Json])
    .with_operations(&[&REGISTER]);

/// The server as a description.
pub(crate) static DESCRIPTION: Description<'static> =
    Description::new("standard", "RFC 6749 and OpenID Connect").with_endpoints(&[
        &TOKEN,
        &REVOCATION,
        &INTROSPECTION,
        &DEVICE_AUTHORIZATION,
        &PUSHED_AUTHORIZATION,
        &AUTHORIZATION,
        &END_SESSION,
        &REGISTRATION,
    ]);

/// What its responses look like.
pub(crate) const SAMPLES: &[SampleResponse<'static>] = &[
    SampleResponse::new(&[0], 200).with_body(
        "application/json",
        r#"{"access_token":"x","token_type":"Bearer","expires_in":3600,"scope":"default","refresh_token":"x","id_token":"x"}"#,
    ),
    SampleResponse::new(&[0], 200).with_body(
        "application/json",
        r#"{"access_token":"x","token_type":"Bearer","expires_in":3600,"scope":"default"}"#,
    ),
];

/// The algorithms of proofs of possession.
pub(crate) const PROOF_ALGORITHMS: [&str; 5] = ["ES256", "ES384", "EdDSA", "RS256", "PS256"];

/// Returns the metadata (RFC 8414, OpenID Connect Discovery) of the server at a base URL.
pub(crate) fn metadata(base: &str, pushes: bool) -> Value {
    let at = |path: &str| format!("{base}{path}");
    let is_secure = base.starts_with("https:");
    let mut methods = vec![
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "none",
    ];
    // RFC 8705 section 2.2.
    methods.extend(is_secure.then_some("self_signed_tls_client_auth"));
    let algorithms = ["ES256", "ES384", "EdDSA", "RS256", "PS256", "HS256"];
    let mut metadata = json!({
        "issuer": base,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "revocation_endpoint": at("/revoke"),
        "introspection_endpoint": at("/introspect"),
        "device_authorization_endpoint": at("/device"),
        "end_session_endpoint": at("/end_session"),
        "registration_endpoint": at("/register"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/jwks"),
        "scopes_supported": ["openid"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": [
            "authorization_code", "client_credentials", "password", "refresh_token", DEVICE_CODE,
        ],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": PROOF_ALGORITHMS,
        "tls_client_certificate_bound_access_tokens": is_secure,
        "authorization_response_iss_parameter_supported": true,
    });
    if let (true, Some(members)) = (pushes, metadata.as_object_mut()) {
        // RFC 9126 section 5.
        let name = "pushed_authorization_request_endpoint".to_owned();
        members.insert(name, at("/par").into());
    }
    metadata
}
