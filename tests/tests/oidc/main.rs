//! oidc-provider, a certified authorization server that is none of ours, and what it takes.

mod assertion;
mod certificate;
mod code;
mod details;
mod device;
mod dpop;
mod endpoint;
mod fapi;
mod form_post;
mod id_token;
mod logout;
mod mcp;
mod pushed;
mod registration;
mod secret;
mod service;
mod sign_out;
mod signed_response;
mod web;

use std::sync::LazyLock;

use serde_json::{Value, json};
use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::{
    Any, ClientAuth, Credentials, Endpoint, EndpointKind, Operation, Parameter,
};
use tokensmith_tests::oidc_provider::OidcProvider;

static CLIENT_CREDENTIALS: Operation<'static> = Operation::grant("client_credentials");
static REFRESH_TOKEN: Operation<'static> = Operation::grant("refresh_token")
    .one_time()
    .with_parameters(&[Parameter::new("refresh_token").required().secret()]);
static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);
static BY_TOKEN: Operation<'static> =
    Operation::new().with_parameters(&[Parameter::new("token").required().secret()]);
static INTROSPECTION: Endpoint<'static> =
    Endpoint::new(EndpointKind::Introspection, &["/token/introspection"]);

const SECRET: &str = "a secret of at least thirty-two bytes, for HS256";
const CALLBACK: &str = "https://app.example/callback";
const SIGNED_OUT: &str = "https://app.example/signed-out";
const RESOURCE: &str = "https://api.example/";

/// The server of all tests that need no clients of their own.
static PROVIDER: LazyLock<OidcProvider> = LazyLock::new(|| {
    let machine = |id: &str, method: &str| {
        json!({
            "client_id": id,
            "client_secret": SECRET,
            "token_endpoint_auth_method": method,
            "grant_types": ["client_credentials"],
            "response_types": [],
            "redirect_uris": [],
        })
    };
    let signed = |algorithm: &str| {
        let mut client = person(&format!("signed-{algorithm}"), "client_secret_basic");
        client["id_token_signed_response_alg"] = algorithm.into();
        client
    };
    let signs_responses = |algorithm: &str| {
        let mut client = person(&format!("responses-{algorithm}"), "client_secret_basic");
        client["authorization_signed_response_alg"] = algorithm.into();
        client
    };
    let detailed = |mut client: Value| {
        client["authorization_details_types"] = json!(["account_information"]);
        client
    };
    let clients = [
        detailed(person("details", "client_secret_basic")),
        detailed(machine("machine-details", "client_secret_basic")),
        signs_responses("RS256"),
        signs_responses("PS256"),
        signs_responses("ES256"),
        signs_responses("EdDSA"),
        signs_responses("HS256"),
        person("nonce-web", "client_secret_basic"),
        person("web-post", "client_secret_post"),
        person("web-jwt", "client_secret_jwt"),
        signed("RS256"),
        signed("PS256"),
        signed("ES256"),
        signed("EdDSA"),
        signed("HS256"),
        machine("basic", "client_secret_basic"),
        machine("post", "client_secret_post"),
        machine("secret-jwt", "client_secret_jwt"),
        machine("nonce-basic", "client_secret_basic"),
        person("web", "client_secret_basic"),
        person("app", "none"),
        json!({
            "client_id": "television",
            "token_endpoint_auth_method": "none",
            "grant_types": ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
            "response_types": [],
            "redirect_uris": [],
        }),
    ];
    OidcProvider::start(&clients, None)
});

/// A client that people sign in to.
fn person(id: &str, method: &str) -> Value {
    let mut client = json!({
        "client_id": id,
        "token_endpoint_auth_method": method,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": [SIGNED_OUT],
    });
    if method != "none" {
        client["client_secret"] = SECRET.into();
    }
    client
}

fn client(id: &str, auth: ClientAuth) -> Client<Any> {
    at(PROVIDER.issuer(), Credentials::new(id, SECRET)).client_auth(auth)
}

fn at(url: &str, credentials: Credentials) -> Client<Any> {
    Client::for_server(url, credentials).expect("a client")
}
