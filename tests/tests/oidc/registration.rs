//! Registering clients with oidc-provider (RFC 7591), and reading and deleting them (RFC 7592).

use serde_json::json;
use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::{
    Any, ApplicationType, ClientAuth, ClientMetadata, Credentials, ErrorCode, ErrorKind,
    RegisteredClient, ServerMetadata, grants,
};
use tokensmith_tests::oidc_provider::OidcProvider;

use crate::{PROVIDER, RESOURCE, at};

const LOOPBACK: &str = "http://127.0.0.1:49152/callback";

fn nobody(issuer: &str) -> (Client<Any>, ServerMetadata) {
    let client = at(issuer, Credentials::public(""));
    let server = client.discover(issuer).expect("metadata");
    (client, server)
}

fn registered(server: &ServerMetadata, client: &RegisteredClient) -> Client<Any> {
    at(&server.issuer, client.credentials())
        .server(server)
        .client_auth(client.client_auth())
}

#[test]
fn a_native_client_is_registered_used_read_and_deleted() {
    let (nobody, server) = nobody(PROVIDER.issuer());
    let metadata = ClientMetadata::new([LOOPBACK])
        .with_name("A test")
        .with_application_type(ApplicationType::Native)
        .with_client_auth(ClientAuth::None)
        .with_grant_types(["authorization_code", "refresh_token"])
        .with_scopes(["openid", "offline_access"]);
    let request = server.registration_request(metadata).expect("an endpoint");
    let client = nobody.send(request).expect("registered");
    assert!(client.client_secret.is_none() && client.issued_at().is_some());
    assert_eq!(
        client.redirect_uris.as_deref(),
        Some(&[LOOPBACK.to_owned()][..])
    );
    assert_eq!(client.extra.get("client_name"), Some(&json!("A test")));

    let own = registered(&server, &client);
    let request = server.authorization_request().expect("an endpoint");
    let request = request.parameter("redirect_uri", LOOPBACK).scope("openid");
    let authorization = own.authorization_url(&request).expect("a URL");
    let back = PROVIDER.sign_in(&authorization.url, "alice");
    let redirect = authorization.pending.redirect(&back).expect("a code");
    let verifier = authorization.pending.code_verifier();
    let request = server.code_request(&redirect.code, LOOPBACK, verifier);
    let token = own.send(request.expect("an endpoint")).expect("a token");
    let id_token = own.id_token(&token, &authorization.pending);
    assert_eq!(id_token.expect("an ID token").subject(), "alice");

    let read = nobody.send(client.read_request().expect("a URL"));
    assert_eq!(read.expect("the same").client_id, client.client_id);
    let delete = client.delete_request().expect("a URL");
    nobody.send(delete).expect("deleted");
    let error = nobody.send(client.read_request().expect("a URL"));
    let error = error.expect_err("it is gone");
    assert_eq!(error.status(), Some(401));
}

#[test]
fn a_client_with_a_secret_gets_a_token() {
    let (nobody, server) = nobody(PROVIDER.issuer());
    for auth in [ClientAuth::Basic, ClientAuth::Body] {
        let metadata = ClientMetadata::new::<String>([])
            .with_client_auth(auth)
            .with_grant_types(["client_credentials"])
            .with_member("response_types", json!([]));
        let request = server.registration_request(metadata).expect("an endpoint");
        let client = nobody.send(request).expect("registered");
        assert_eq!(client.client_auth(), auth);
        assert_eq!(client.secret_expires_at(), None);
        let request = server.token_request(&grants::CLIENT_CREDENTIALS);
        let request = request
            .expect("an endpoint")
            .scope("read")
            .resource(RESOURCE);
        let token = registered(&server, &client).send(request);
        assert!(!token.expect("a token").access_token.is_empty());
    }
}

#[test]
fn what_is_wrong_has_a_code() {
    let (nobody, server) = nobody(PROVIDER.issuer());
    let refused = |metadata: ClientMetadata| {
        let request = server.registration_request(metadata).expect("an endpoint");
        let error = nobody.send(request).expect_err("a refusal");
        assert_eq!(error.kind(), ErrorKind::Provider);
        error.code().cloned()
    };
    let away = ClientMetadata::new(["http://app.example/callback"]);
    assert_eq!(
        refused(away.with_application_type(ApplicationType::Native)),
        Some(ErrorCode::InvalidRedirectUri)
    );
    let odd = ClientMetadata::new([LOOPBACK]).with_grant_types(["nonsense"]);
    assert_eq!(
        refused(odd.with_application_type(ApplicationType::Native)),
        Some(ErrorCode::InvalidClientMetadata)
    );
}

#[test]
fn who_may_register_clients_shows_a_token() {
    let options = json!({"clients": [], "initialAccessToken": "canary-initial-token"});
    let provider = OidcProvider::start_with(&options);
    let (nobody, server) = nobody(provider.issuer());
    let metadata = ClientMetadata::new(["https://app.example/callback"]);
    let request = server.registration_request(metadata).expect("an endpoint");
    let error = nobody.send(request.clone()).expect_err("no token");
    assert!(matches!(error.status(), Some(400 | 401)), "{error}");
    let wrong = request
        .clone()
        .with_initial_access_token("canary-wrong-token");
    let error = nobody.send(wrong).expect_err("another token");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidToken));
    assert!(!error.to_string().contains("canary"), "{error}");
    let right = request.with_initial_access_token("canary-initial-token");
    assert!(
        nobody
            .send(right)
            .expect("registered")
            .client_secret
            .is_some()
    );
}
