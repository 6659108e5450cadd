//! An endpoint at which clients are registered (RFC 7591), as a document has it.

use tokensmith_runtime::{EndpointKind, ErrorCode, RegisteredClient};
use tokensmith_tests::strict_server::ServerResponse;

use super::World;

const CLIENT: &str =
    r#"{"client_id": "s6BhdRkqt3", "client_secret": "hush", "client_secret_expires_at": 0}"#;

#[test]
fn a_client_is_registered_once_and_by_nobody() {
    let responses = [
        ServerResponse::json(201, CLIENT),
        ServerResponse::json(400, r#"{"error": "invalid_redirect_uri"}"#),
        ServerResponse::new(503),
    ];
    let world = World::new("registration", responses);
    let register = || {
        world.send::<RegisteredClient>(
            &world.settings(),
            (EndpointKind::Registration, None),
            |request| {
                request
                    .secret_parameter("Authorization", "initial")
                    .parameter("redirect_uris", "https://app.example/callback")
                    .parameter("client_name", "Example")
            },
        )
    };
    let client = register().outcome.expect("a client");
    assert_eq!(client.client_id, "s6BhdRkqt3");
    let url = format!("{}/oauth2/register", world.url());
    assert_eq!(client.registration_endpoint, Some(url));
    let refused = register().outcome.expect_err("refused");
    let code = refused.code().map(ErrorCode::as_str);
    assert_eq!(code, Some("invalid_redirect_uri"));
    // A second request could register a second client.
    let lost = register();
    assert_eq!(lost.outcome.expect_err("unavailable").status(), Some(503));
    assert!(lost.waited.is_empty());
    let requests = world.requests();
    assert_eq!(requests.len(), 3);
    let first = &requests[0];
    assert_eq!(first.header("authorization"), Some("Bearer initial"));
    let body: serde_json::Value = serde_json::from_slice(&first.body).expect("is JSON");
    let expected = serde_json::json!({
        "client_name": "Example",
        "redirect_uris": ["https://app.example/callback"],
    });
    assert_eq!(body, expected);
}
