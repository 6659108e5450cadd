//! An invented provider, and requests to it.

use http::{Request, Response};
use serde_json::Value;
use tokensmith_mock::{Options, Provider, REFUSAL_HEADER};
use tokensmith_runtime::{
    ClientAuth, Description, Endpoint, EndpointKind, FailureMark, Location, Method, Operation,
    Parameter, ParameterKind, PushedRequests, Rotation, SampleResponse,
};

pub(crate) static CLIENT_CREDENTIALS: Operation<'static> = Operation::grant("client_credentials")
    .with_parameters(&[
        Parameter::new("scope"),
        Parameter::new("tenant")
            .with_max_length(4)
            .with_pattern("^[a-z]+$"),
        Parameter::new("lifetime").with_kind(ParameterKind::Integer),
        Parameter::new("x-region")
            .with_location(Location::Header)
            .with_values(&["eu", "us"]),
    ]);
static CODE: Operation<'static> = Operation::grant("authorization_code")
    .one_time()
    .with_parameters(&[
        Parameter::new("code").required().secret(),
        Parameter::new("redirect_uri").required(),
        Parameter::new("code_verifier").secret(),
    ]);
static REFRESH: Operation<'static> = Operation::grant("refresh_token")
    .one_time()
    .with_parameters(&[
        Parameter::new("refresh_token").required().secret(),
        Parameter::new("scope"),
    ]);
static DEVICE_CODE: Operation<'static> =
    Operation::grant("urn:ietf:params:oauth:grant-type:device_code")
        .one_time()
        .with_parameters(&[Parameter::new("device_code").required().secret()]);
static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/oauth/token"])
    .with_rotation(Rotation::Always)
    .with_operations(&[&CLIENT_CREDENTIALS, &CODE, &REFRESH, &DEVICE_CODE]);

static ABOUT_TOKEN: Operation<'static> =
    Operation::new().with_parameters(&[Parameter::new("token").required().secret()]);
static REVOCATION: Endpoint<'static> =
    Endpoint::new(EndpointKind::Revocation, &["/oauth/revoke"]).with_operations(&[&ABOUT_TOKEN]);
static INTROSPECTION: Endpoint<'static> =
    Endpoint::new(EndpointKind::Introspection, &["/oauth/introspect"])
        .with_operations(&[&ABOUT_TOKEN]);
static AUTHORIZE_DEVICE: Operation<'static> =
    Operation::new().with_parameters(&[Parameter::new("scope")]);
static DEVICE: Endpoint<'static> =
    Endpoint::new(EndpointKind::DeviceAuthorization, &["/oauth/device"])
        .with_client_auth(ClientAuth::None)
        .with_operations(&[&AUTHORIZE_DEVICE]);
static AUTHORIZE: Operation<'static> = Operation::grant("code").with_parameters(&[
    Parameter::new("redirect_uri")
        .required()
        .with_location(Location::Query),
    Parameter::new("scope").with_location(Location::Query),
]);
static AUTHORIZATION: Endpoint<'static> =
    Endpoint::new(EndpointKind::Authorization, &["/oauth/authorize"])
        .with_method(Method::Get)
        .with_grant_type("response_type", Location::Query)
        .with_required_in_redirect(&["shop"])
        .with_operations(&[&AUTHORIZE]);

/// Acme follows the RFCs.
pub(crate) static ACME: Description<'static> = Description::new("acme", "Acme").with_endpoints(&[
    &TOKEN,
    &REVOCATION,
    &INTROSPECTION,
    &DEVICE,
    &AUTHORIZATION,
]);

static SIGNED_AUTHORIZATION: Endpoint<'static> = AUTHORIZATION.with_signature_in_redirect("hmac");
/// Initech is Acme, and signs its redirects.
pub(crate) static INITECH: Description<'static> =
    Description::new("initech", "Initech").with_endpoints(&[&TOKEN, &SIGNED_AUTHORIZATION]);

static PUSHED_ONLY: Endpoint<'static> =
    AUTHORIZATION.with_pushed_requests(PushedRequests::Required);
static PUSH: Operation<'static> = Operation::new().with_parameters(&[
    Parameter::new("redirect_uri").required(),
    Parameter::new("scope"),
]);
static PUSHED_AUTHORIZATION: Endpoint<'static> =
    Endpoint::new(EndpointKind::PushedAuthorization, &["/par"]).with_operations(&[&PUSH]);
/// Hooli is Acme, and takes no authorization requests but pushed ones.
pub(crate) static HOOLI: Description<'static> = Description::new("hooli", "Hooli")
    .with_endpoints(&[&TOKEN, &PUSHED_AUTHORIZATION, &PUSHED_ONLY]);

static PUBLIC_TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/oauth/token"])
    .with_client_auth(ClientAuth::Body)
    .with_public_by_basic()
    .with_operations(&[&CLIENT_CREDENTIALS, &REFRESH]);
/// Umbrella takes secrets in the body, and clients without one by HTTP Basic.
pub(crate) static UMBRELLA: Description<'static> =
    Description::new("umbrella", "Umbrella").with_endpoints(&[&PUBLIC_TOKEN]);

/// Globex has errors in a list of its own, with numbers, and marks failures in the body.
static GLOBEX_TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"])
    .with_client_auth(ClientAuth::Body)
    .with_access_token(&["/data/token"])
    .with_fields(&[("refresh_token", "/refresh")])
    .with_failures(&[FailureMark::when("/ok", &["false"])])
    .with_error_code(&["/errors/0/code"])
    .with_error_description(&["/errors/0/message"])
    .with_error_codes(&[("17", "invalid_client"), ("18", "invalid_grant")])
    .with_operations(&[&CLIENT_CREDENTIALS, &REFRESH]);
pub(crate) static GLOBEX: Description<'static> =
    Description::new("globex", "Globex").with_endpoints(&[&GLOBEX_TOKEN]);

/// Examples of Globex's document.
pub(crate) const GLOBEX_SAMPLES: &[SampleResponse<'static>] = &[
    SampleResponse::new(&[0], 200).with_body(
        "application/json",
        r#"{"ok":true,"data":{"token":"t","expires_in":"3599"},"refresh":"r","plan":"free"}"#,
    ),
    SampleResponse::new(&[0], 200).with_body(
        "application/vnd.globex+json",
        r#"{"ok":false,"errors":[{"code":17,"message":"Who are you?"}]}"#,
    ),
    SampleResponse::new(&[0], 403),
];

pub(crate) fn acme(options: Options) -> Provider {
    Provider::new(ACME, &[], options)
}

pub(crate) fn globex(options: Options) -> Provider {
    Provider::new(GLOBEX, GLOBEX_SAMPLES, options)
}

/// Sends a form.
pub(crate) fn post(provider: &Provider, path: &str, form: &str) -> Response<Vec<u8>> {
    post_as(provider, path, form, &[])
}

/// `id:secret`.
pub(crate) const BASIC: (&str, &str) = ("authorization", "Basic aWQ6c2VjcmV0");

/// Sends a form by HTTP Basic, as `id` with `secret`.
pub(crate) fn basic(provider: &Provider, path: &str, form: &str) -> Response<Vec<u8>> {
    post_as(provider, path, form, &[BASIC])
}

/// Sends a form with headers.
pub(crate) fn post_as(
    provider: &Provider,
    path: &str,
    form: &str,
    headers: &[(&str, &str)],
) -> Response<Vec<u8>> {
    let mut request =
        Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(form.as_bytes().to_vec()).unwrap();
    provider.respond(&request).response
}

pub(crate) fn get(provider: &Provider, uri: &str) -> Response<Vec<u8>> {
    let request = Request::get(uri).body(Vec::new()).unwrap();
    provider.respond(&request).response
}

pub(crate) fn json(response: &Response<Vec<u8>>) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_else(|_| panic!("no JSON: {response:?}"))
}

/// A member of a JSON response, as text.
pub(crate) fn member(response: &Response<Vec<u8>>, pointer: &str) -> String {
    let json = json(response);
    let text = json.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_else(|| panic!("no {pointer}: {json}"))
        .to_owned()
}

/// What the mock says was wrong.
pub(crate) fn refusal(response: &Response<Vec<u8>>) -> &str {
    let refusal = response.headers().get(REFUSAL_HEADER);
    refusal.map_or("", |refusal| refusal.to_str().unwrap())
}

/// Signs in, and returns what the browser is sent back with.
pub(crate) fn signed_in(provider: &Provider, more: &str) -> Vec<(String, String)> {
    let uri = format!(
        "/oauth/authorize?response_type=code&client_id=id&redirect_uri=https%3A%2F%2Fapp.example%2Fcb\
         &state=s&approve{more}"
    );
    let response = get(provider, &uri);
    let location = response.headers().get("location");
    let location = location.unwrap_or_else(|| panic!("no redirect: {response:?}"));
    let query = location
        .to_str()
        .unwrap()
        .strip_prefix("https://app.example/cb?");
    form_urlencoded::parse(query.unwrap().as_bytes())
        .into_owned()
        .collect()
}

/// A value that the browser is sent back with.
pub(crate) fn value<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    let mut pairs = pairs.iter();
    pairs
        .find(|(other, _)| other == name)
        .map_or("", |(_, value)| value)
}

/// The form that redeems a code.
pub(crate) fn redeem(code: &str) -> String {
    format!("grant_type=authorization_code&code={code}&redirect_uri=https%3A%2F%2Fapp.example%2Fcb")
}
