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
            "registration_client_uri": "https://auth.example.com/register/s6BhdRkqt3",
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

    assert_eq!(again.registration_endpoint.as_deref(), Some(ENDPOINT));

    let read = play(
        &settings(),
        &again.read_request().unwrap(),
        [response(
            200,
            r#"{"client_id": "s6BhdRkqt3", "client_secret": "new"}"#,
        )],
    );
    let sent = &read.sent[0];
    assert_eq!(sent.method(), "GET");
    assert_eq!(sent.uri(), "https://auth.example.com/register/s6BhdRkqt3");
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

/// The server would choose the URL, and what the request authenticates with.
#[test]
fn a_registration_is_managed_on_the_host_that_made_it() {
    let at = |url: &str| {
        let body = json!({
            "client_id": "c",
            "registration_client_uri": url,
            "registration_access_token": "t",
            // Not what was asked.
            "registration_endpoint": url,
        });
        register(201, &body).outcome.unwrap()
    };
    assert!(at("https://AUTH.example.com:443/c").read_request().is_ok());
    for elsewhere in [
        "http://127.0.0.1:9200/customers",
        "https://internal.example/x",
        "https://auth.example.com:8443/x",
        "https://user@auth.example.com/x",
        "/register/c",
        "",
    ] {
        let mut client = at(elsewhere);
        let errors = [
            client.read_request().unwrap_err(),
            client.delete_request().unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Config, "{elsewhere}");
            assert!(error.to_string().contains(ENDPOINT), "{error}");
        }
        client.registration_endpoint = None;
        assert!(client.read_request().is_err());
    }
    let mut client = at("https://manage.example.com/c");
    client.registration_endpoint = Some("https://manage.example.com".to_owned());
    assert!(client.delete_request().is_ok());
}

/// A gateway or a test takes the place of the server.
#[test]
fn a_registration_through_a_gateway_is_managed_through_it() {
    let mut settings = settings();
    settings
        .set_base_url("http://127.0.0.1:8080/gateway")
        .unwrap();
    let body = json!({
        "client_id": "c",
        "registration_client_uri": "https://auth.example.com/register/c",
        "registration_access_token": "t",
    });
    let request = RegistrationRequest::new(ENDPOINT, metadata());
    let registered = play(&settings, &request, [response(201, &body.to_string())]);
    let delete = registered.outcome.unwrap().delete_request().unwrap();
    let deleted = play(&settings, &delete, [response(204, "")]);
    assert_eq!(
        deleted.sent[0].uri(),
        "http://127.0.0.1:8080/gateway/register/c"
    );
}

#[test]
fn an_odd_expiry_is_not_known() {
    for odd in [json!(-1), json!("soon"), json!(1e300)] {
        let body = json!({"client_id": "c", "client_secret_expires_at": odd});
        let client = register(201, &body).outcome.unwrap();
        assert_eq!(client.secret_expires_at(), None, "{odd}");
    }
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
