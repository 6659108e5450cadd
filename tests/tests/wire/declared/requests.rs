//! `repeatable-grants` and `client-auth`: how requests are sent, and how often.

use tokensmith_runtime::{ClientAuth, Credentials, EndpointKind, ErrorKind, Token};
use tokensmith_tests::endpoint::{CLIENT_ID, CLIENT_SECRET};
use tokensmith_tests::strict_server::ServerResponse;

use super::World;

const TOKEN: EndpointKind = EndpointKind::Token;

fn good() -> ServerResponse {
    ServerResponse::json(200, r#"{"access_token":"t"}"#)
}

#[test]
fn a_grant_that_may_be_repeated_is_retried() {
    for (grant, is_repeated) in [
        ("client_credential", true),
        ("https://example.com/grants/installed_client", true),
        ("vendor_code", false),
    ] {
        let world = World::new("grant-repeatable", [ServerResponse::new(503), good()]);
        let sent = world.send::<Token>(&world.settings(), (TOKEN, Some(grant)), |request| request);
        assert_eq!(sent.outcome.is_ok(), is_repeated, "{grant}");
        let count = if is_repeated { 2 } else { 1 };
        assert_eq!(
            (world.requests().len(), sent.waited.len()),
            (count, count - 1),
            "{grant}"
        );
    }
}

/// How the only request authenticated: the header, and the body.
fn authentication(world: &World) -> (Option<String>, String) {
    let requests = world.requests();
    let [request] = requests.as_slice() else {
        panic!("one request: {requests:?}");
    };
    let header = request.header("authorization").map(str::to_owned);
    (header, request.text().to_owned())
}

#[test]
fn a_public_client_may_authenticate_by_basic() {
    let grant = (TOKEN, Some("refresh_token"));
    let send = |credentials: Credentials, auth: Option<ClientAuth>| {
        let world = World::new("client-auth-public-basic", [good()]);
        let mut settings = world.settings_of(credentials);
        if let Some(auth) = auth {
            settings.set_client_auth(auth);
        }
        let sent = world.send::<Token>(&settings, grant, |request| {
            request.secret_parameter("refresh_token", "r")
        });
        sent.outcome.expect("a token");
        authentication(&world)
    };
    let body = "grant_type=refresh_token&refresh_token=r";
    // `app:` and `app:s` by base64 of another program.
    let basic = |pair: &str| (Some(format!("Basic {pair}")), body.to_owned());
    assert_eq!(send(Credentials::public("app"), None), basic("YXBwOg=="));
    assert_eq!(send(Credentials::new("app", ""), None), basic("YXBwOg=="));
    assert_eq!(send(Credentials::new("app", "s"), None), basic("YXBwOnM="));
    // The caller's own choice counts.
    let in_body = (None, format!("{body}&client_id=app"));
    assert_eq!(
        send(Credentials::public("app"), Some(ClientAuth::Body)),
        in_body
    );
    assert_eq!(
        send(Credentials::public("app"), Some(ClientAuth::None)),
        in_body
    );
}

#[test]
fn a_secret_may_be_the_user_name_of_basic() {
    let world = World::new(
        "client-auth-public-basic",
        [ServerResponse::json(
            401,
            r#"{"error":"invalid_client","error_description":"bad c2tfMTIzOg=="}"#,
        )],
    );
    let settings = world.settings_of(Credentials::new("app", "sk_123"));
    let sent = world.send::<()>(&settings, (EndpointKind::Revocation, None), |request| {
        request.secret_parameter("token", "t")
    });
    let error = sent.outcome.expect_err("a refusal");
    assert_eq!(error.kind(), ErrorKind::Provider);
    assert!(!error.to_string().contains("c2tfMTIzOg"), "{error}");
    let expected = (Some("Basic c2tfMTIzOg==".to_owned()), "token=t".to_owned());
    assert_eq!(authentication(&world), expected);
}

#[test]
fn an_identifier_in_a_header_is_not_in_the_body_as_well() {
    for (credentials, body) in [
        (
            Credentials::new(CLIENT_ID, CLIENT_SECRET),
            serde_json::json!({"client_secret": CLIENT_SECRET, "code": "c", "grant_type": "authorization_code"}),
        ),
        (
            Credentials::public(CLIENT_ID),
            serde_json::json!({"code": "c", "grant_type": "authorization_code"}),
        ),
    ] {
        let world = World::new("client-auth-id-in-header", [good()]);
        let settings = world.settings_of(credentials);
        let grant = (TOKEN, Some("authorization_code"));
        let sent = world.send::<Token>(&settings, grant, |request| {
            request.secret_parameter("code", "c")
        });
        sent.outcome.expect("a token");
        let requests = world.requests();
        assert_eq!(requests[0].header("client-id"), Some(CLIENT_ID));
        let sent: serde_json::Value = serde_json::from_str(requests[0].text()).expect("is JSON");
        assert_eq!(sent, body);
    }
}

#[test]
fn an_assertion_may_be_the_secret() {
    for (credentials, secret) in [
        (
            Credentials::with_assertion("app", "header.claims.signature"),
            "&client_secret=header.claims.signature",
        ),
        (
            Credentials::new("app", "made.before.signed"),
            "&client_secret=made.before.signed",
        ),
        (Credentials::public("app"), ""),
    ] {
        let world = World::new("refresh-token-kept", [good()]);
        let grant = (TOKEN, Some("refresh_token"));
        let sent = world.send::<Token>(&world.settings_of(credentials), grant, |request| {
            request.secret_parameter("refresh_token", "r")
        });
        sent.outcome.expect("a token");
        let body = "grant_type=refresh_token&refresh_token=r&client_id=app";
        assert_eq!(authentication(&world), (None, format!("{body}{secret}")));
    }
}
