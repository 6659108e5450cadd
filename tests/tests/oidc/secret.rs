//! Clients with a secret.

use serde_json::json;
use tokensmith_runtime::{ClientAuth, Credentials, ErrorCode, ErrorKind, TokenRequest};
use tokensmith_tests::oidc_provider::OidcProvider;

use crate::{CLIENT_CREDENTIALS, PROVIDER, RESOURCE, TOKEN, at, client};

fn request() -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS)
        .scope("read")
        .scope("write")
        .parameter("resource", RESOURCE)
}

#[test]
fn in_the_header_and_in_the_body() {
    for (id, auth) in [
        ("basic", ClientAuth::Basic),
        ("post", ClientAuth::Body),
        ("secret-jwt", ClientAuth::ClientSecretJwt),
    ] {
        let token = client(id, auth).send(request()).expect(id);
        assert!(!token.access_token.is_empty());
        assert_eq!(token.metadata.token_type, "Bearer");
        assert_eq!(
            token.metadata.scopes.as_deref(),
            Some(&["read".to_owned(), "write".to_owned()][..])
        );
        assert_eq!(
            token.metadata.expires_in.map(|lifetime| lifetime.as_secs()),
            Some(600)
        );
    }
}

#[test]
fn auto_finds_the_way_that_the_server_takes() {
    for id in ["basic", "post"] {
        let client = client(id, ClientAuth::Auto);
        client.send(request()).expect(id);
        // What was learnt holds for the next one.
        client.send(request()).expect(id);
    }
}

#[test]
fn the_wrong_way_and_the_wrong_secret_are_refused() {
    let error = client("secret-jwt", ClientAuth::Basic)
        .send(request())
        .expect_err("a refusal");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidClient));
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Provider, Some(401))
    );
    let stranger = at(PROVIDER.issuer(), Credentials::new("basic", "wrong"));
    let error = stranger.send(request()).expect_err("a refusal");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidClient));
    // Both ways were tried, and both refusals are told; this server takes either of any client with a secret.
    assert_eq!(
        error.previous().and_then(|error| error.code()),
        Some(&ErrorCode::InvalidClient)
    );
    assert!(!error.to_string().contains("wrong"));
}

#[test]
fn several_resources_repeat_the_parameter() {
    // This server takes one resource at a time and says so of two: both have arrived.
    let error = client("basic", ClientAuth::Basic)
        .send(request().parameter("resource", "https://other.example/"))
        .expect_err("a refusal");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidTarget));
    assert!(
        error
            .description()
            .is_some_and(|text| text.contains("single resource")),
        "{error}"
    );
}

#[test]
fn a_secret_may_hold_any_character() {
    let printable: String = (' '..='~').collect();
    // RFC 6749 appendix A has ASCII only; this server takes no client whose secret holds anything else.
    let cases = [
        (printable.as_str(), "client_secret_basic"),
        (printable.as_str(), "client_secret_post"),
        ("a:b:c", "client_secret_basic"),
        ("100%25 + 1&x=y", "client_secret_basic"),
    ];
    let id = |index: usize| format!("client {index}: %2B+&=");
    let clients: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(index, (secret, method))| {
            json!({
                "client_id": id(index),
                "client_secret": secret,
                "token_endpoint_auth_method": method,
                "grant_types": ["client_credentials"],
                "response_types": [],
                "redirect_uris": [],
            })
        })
        .collect();
    let provider = OidcProvider::start(&clients, None);
    for (index, (secret, method)) in cases.into_iter().enumerate() {
        let auth = match method {
            "client_secret_basic" => ClientAuth::Basic,
            _ => ClientAuth::Body,
        };
        let client = at(provider.issuer(), Credentials::new(id(index), secret)).client_auth(auth);
        let token = client.send(request());
        assert!(token.is_ok(), "{secret} by {method}: {token:?}");
    }
}
