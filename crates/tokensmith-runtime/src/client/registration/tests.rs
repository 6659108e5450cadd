use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};

use super::{ApplicationType, ClientMetadata, RegisteredClient, RegistrationRequest};
use crate::testing::{Played, play, response, settings};
use crate::{BodyFormat, ClientAuth, ErrorCode, ErrorKind};

const ENDPOINT: &str = "https://auth.example.com/register";

fn metadata() -> ClientMetadata {
    ClientMetadata::new(["http://127.0.0.1:1/cb"])
        .with_name("First")
        .with_name("Example")
        .with_application_type(ApplicationType::Native)
        .with_client_auth(ClientAuth::None)
        .with_grant_types(["authorization_code", "refresh_token"])
        .with_scopes(["read", "write"])
        .with_member("jwks", json!({"keys": []}))
        .with_software_statement("eyJjYW5hcnk.eyJjYW5hcnk.c2lnbmF0dXJl")
}

fn register(status: u16, body: &Value) -> Played<RegistrationRequest> {
    let request = RegistrationRequest::new(ENDPOINT, metadata());
    let request = request.with_initial_access_token("canary-initial-token");
    assert!(!format!("{request:?}").contains("canary"));
    let mut settings = settings();
    // For token requests: a registration is JSON whatever they are.
    settings.set_format(BodyFormat::Form);
    settings.set_client_auth(ClientAuth::Basic);
    play(&settings, &request, [response(status, &body.to_string())])
}

#[test]
fn the_request_is_json_with_the_initial_access_token() {
    let played = register(201, &json!({"client_id": "c1"}));
    let sent = &played.sent[0];
    assert_eq!(
        (sent.method().as_str(), sent.uri()),
        ("POST", &ENDPOINT.parse().unwrap())
    );
    assert_eq!(
        sent.headers()["authorization"],
        "Bearer canary-initial-token"
    );
    assert!(sent.headers()["authorization"].is_sensitive());
    assert_eq!(sent.headers()["content-type"], "application/json");
    let body: Value = serde_json::from_slice(sent.body()).unwrap();
    assert_eq!(
        body,
        json!({
            "redirect_uris": ["http://127.0.0.1:1/cb"],
            "client_name": "Example",
            "application_type": "native",
            "token_endpoint_auth_method": "none",
            "grant_types": ["authorization_code", "refresh_token"],
            "scope": "read write",
            "jwks": {"keys": []},
            "software_statement": "eyJjYW5hcnk.eyJjYW5hcnk.c2lnbmF0dXJl",
        })
    );
    assert_eq!(played.outcome.unwrap().client_id, "c1");
}

/// The response of RFC 7591 section 3.2.1, with the members of RFC 7592 section 3.
#[test]
fn credentials_come_out() {
    let played = register(
        201,
        &json!({
            "client_id": "s6BhdRkqt3",
            "client_secret": "canary-secret",
            "client_id_issued_at": 2_893_256_800_u64,
            "client_secret_expires_at": 2_893_276_800_u64,
            "registration_access_token": "canary-access-token",
            "registration_client_uri": "https://server.example.com/register/s6BhdRkqt3",
            "redirect_uris": ["https://client.example.org/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": "client_secret_post",
            "example_extension_parameter": "example_value"
        }),
    );
    let client = played.outcome.unwrap();
    assert!(!format!("{client:?}").contains("canary"));
    let credentials = client.credentials();
    assert_eq!(credentials.id(), "s6BhdRkqt3");
    assert_eq!(credentials.secret().unwrap().expose(), "canary-secret");
    assert_eq!(client.client_auth(), ClientAuth::Body);
    let at = |seconds| Some(UNIX_EPOCH + Duration::from_secs(seconds));
    assert_eq!(client.issued_at(), at(2_893_256_800));
    assert_eq!(client.secret_expires_at(), at(2_893_276_800));
    assert!(client.extra.get("example_extension_parameter").is_some());

    let stored = serde_json::to_string(&client.expose()).unwrap();
    let again: RegisteredClient = serde_json::from_str(&stored).unwrap();
    assert_eq!(again.client_secret, client.client_secret);
    assert_eq!(again.secret_expires_at(), client.secret_expires_at());
    assert_eq!(serde_json::to_string(&again.expose()).unwrap(), stored);

    let read = play(
        &settings(),
        &client.read_request().unwrap(),
        [response(
            200,
            r#"{"client_id": "s6BhdRkqt3", "client_secret": "new"}"#,
        )],
    );
    let sent = &read.sent[0];
    assert_eq!(sent.method(), "GET");
    assert_eq!(sent.uri(), "https://server.example.com/register/s6BhdRkqt3");
    assert_eq!(
        sent.headers()["authorization"],
        "Bearer canary-access-token"
    );
    assert_eq!(read.outcome.unwrap().client_secret.unwrap().expose(), "new");

    let delete = client.delete_request().unwrap();
    let deleted = play(&settings(), &delete, [response(204, "")]);
    assert_eq!(deleted.sent[0].method(), "DELETE");
    assert!(deleted.sent[0].body().is_empty());
    assert!(deleted.outcome.is_ok());
}

#[test]
fn what_is_left_out_has_its_meaning_of_rfc_7591() {
    let client = |body: Value| register(201, &body).outcome.unwrap();
    let public = client(json!({"client_id": "c", "client_secret": ""}));
    assert_eq!(public.client_auth(), ClientAuth::None);
    assert!(public.credentials().secret().is_none());
    assert_eq!(public.read_request().unwrap_err().kind(), ErrorKind::Config);
    let basic = json!({"client_id": "c", "client_secret": "s", "client_secret_expires_at": 0});
    let basic = client(basic);
    assert_eq!(basic.client_auth(), ClientAuth::Basic);
    assert_eq!(basic.secret_expires_at(), None);
}

#[test]
fn a_refusal_has_its_code_and_is_not_sent_again() {
    for (code, expected) in [
        ("invalid_redirect_uri", ErrorCode::InvalidRedirectUri),
        ("invalid_client_metadata", ErrorCode::InvalidClientMetadata),
        (
            "invalid_software_statement",
            ErrorCode::InvalidSoftwareStatement,
        ),
        (
            "unapproved_software_statement",
            ErrorCode::UnapprovedSoftwareStatement,
        ),
    ] {
        let body = json!({"error": code, "error_description": "no: canary-initial-token"});
        let error = register(400, &body).outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Provider);
        assert_eq!(error.code(), Some(&expected));
        assert!(!error.to_string().contains("canary"), "{error}");
    }
    let error = register(503, &json!({})).outcome.unwrap_err();
    assert!(!error.is_retryable());
}

#[test]
fn a_response_without_an_identifier_is_of_no_use() {
    for body in [json!({}), json!({"client_id": ""}), json!([])] {
        let outcome: Result<RegisteredClient, _> = register(201, &body).outcome;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Malformed, "{body}");
    }
}
