//! What is known of one issuer does not count for another one.

use serde_json::{Value, json};

use crate::protocol::{PushedAuthorizationRequest, Settings, authorize};
use crate::testing::{now, settings};
use crate::{
    Any, Credentials, Description, Environment, PlainHttpHosts, Redirect, ServerChoice,
    ServerDescription, ServerMetadata, ServerVariable, TokenRequest,
};

const A: &str = "https://a.example";
const B: &str = "https://b.example";

fn metadata(members: Value) -> ServerMetadata {
    serde_json::from_value(members).unwrap()
}

/// A server that decides as much as its metadata can.
fn strict() -> ServerMetadata {
    metadata(json!({
        "issuer": A,
        "authorization_endpoint": "https://a.example/authorize",
        "jwks_uri": "https://a.example/keys",
        "authorization_response_iss_parameter_supported": true,
        "pushed_authorization_request_endpoint": "https://a.example/par",
        "require_pushed_authorization_requests": true,
    }))
}

fn request() -> TokenRequest<'static> {
    let request = strict().authorization_request().unwrap();
    request.parameter("redirect_uri", "https://app.example/cb")
}

fn pushes(settings: &Settings) -> bool {
    let pushed = PushedAuthorizationRequest::<Any>::new(settings, &request());
    pushed.unwrap().is_some()
}

/// Its keys would speak for the other one, and requests with the client's credentials go to it.
#[test]
fn another_issuer_has_nothing_of_the_former_server() {
    let mut settings = settings();
    settings.set_server(&strict());
    settings.set_issuer(A);
    assert!(pushes(&settings) && settings.openid.facts().is_some());
    settings.set_issuer(B);
    assert!(!pushes(&settings));
    assert!(settings.openid.facts().is_none());
    let pending = authorize(&settings, &request()).unwrap().pending;
    assert_eq!(pending.issuer(), Some(B));
    assert!(!pending.requires_issuer());
}

#[test]
fn another_server_promises_what_its_own_metadata_say() {
    let mut settings = settings();
    settings.set_server(&strict());
    settings.set_server(&metadata(json!({"issuer": B})));
    let pending = authorize(&settings, &request()).unwrap().pending;
    assert!(!pushes(&settings) && !pending.requires_issuer());
}

#[test]
fn the_server_of_a_redirect_has_keys_of_its_own() {
    static VARIABLES: [ServerVariable<'static>; 1] = [ServerVariable::new("region")];
    let at = |issuer, region: &str| {
        let servers = [
            ServerDescription::new("Region", "https://{region}.example.com")
                .with_issuer(issuer)
                .with_variables(&VARIABLES),
        ];
        let description = Description::new("example", "Example").with_servers(&servers);
        let choice = ServerChoice::named("Region").with_value("region", "eu");
        let environment = Environment::new(&description, &choice).unwrap();
        let credentials = Credentials::new("client", "secret");
        let hosts = PlainHttpHosts::default();
        let settings = Settings::for_environment(environment, credentials, hosts).unwrap();
        let facts = metadata(json!({"issuer": A, "jwks_uri": "https://a.example/keys"}));
        assert!(settings.openid.learn_metadata(Ok(facts), now()).is_none());
        let redirect = Redirect {
            code: "c0de".into(),
            extra: crate::Extra::default(),
            server_values: vec![("region".to_owned(), region.to_owned())],
        };
        settings.at_redirect(&description, &redirect).unwrap()
    };
    let elsewhere = at("https://{region}.example.com", "us");
    assert_eq!(elsewhere.known_issuer(), Some("https://us.example.com"));
    assert!(elsewhere.openid.facts().is_none());
    // The same issuer has the same keys.
    for same in [at("https://{region}.example.com", "eu"), at(A, "us")] {
        assert!(same.openid.facts().is_some());
    }
}
