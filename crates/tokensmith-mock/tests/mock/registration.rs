//! Clients that register themselves (RFC 7591).

use http::Request;
use tokensmith_mock::{MockClient, Options, Provider};

use super::acme::{basic, json, member, refusal};

fn register(server: &Provider, metadata: &str) -> http::Response<Vec<u8>> {
    let request = Request::post("http://localhost/register")
        .header("content-type", "application/json")
        .body(metadata.as_bytes().to_vec());
    server.respond(&request.unwrap()).response
}

#[test]
fn a_registered_client_has_what_it_said_and_credentials() {
    let server = Provider::standard(Options::new());
    let metadata = r#"{"redirect_uris": ["https://app.example/cb"], "client_name": "App"}"#;
    let response = register(&server, metadata);
    assert_eq!(response.status(), 201, "{}", refusal(&response));
    let client = json(&response);
    assert_eq!(client["client_name"], "App");
    assert_eq!(client["redirect_uris"][0], "https://app.example/cb");
    assert_eq!(client["client_secret_expires_at"], 0);
    let other = register(&server, metadata);
    for name in ["/client_id", "/client_secret"] {
        assert_ne!(member(&other, name), member(&response, name));
    }
    let public = register(&server, r#"{"token_endpoint_auth_method": "none"}"#);
    assert_eq!(json(&public).get("client_secret"), None);
}

#[test]
fn a_registered_client_is_known_where_others_are_refused() {
    let known = MockClient::new("first", "hush");
    let server = Provider::standard(Options::new().client(known));
    let ask = |id: &str, secret: &str| {
        let body = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        super::acme::post(&server, "/token", &body)
    };
    let response = register(&server, "{}");
    let (id, secret) = (
        member(&response, "/client_id"),
        member(&response, "/client_secret"),
    );
    assert_eq!(ask(&id, &secret).status(), 200);
    assert_eq!(ask(&id, "another").status(), 401);
    assert_eq!(
        basic(&server, "/token", "grant_type=client_credentials").status(),
        401
    );
}

#[test]
fn a_client_that_nobody_can_come_back_to_is_refused() {
    let server = Provider::standard(Options::new());
    let response = register(&server, r#"{"redirect_uris": ["javascript:alert(1)"]}"#);
    assert_eq!(response.status(), 400);
    assert_eq!(json(&response)["error"], "invalid_redirect_uri");
    assert!(refusal(&response).contains("not an absolute URI"));
}
