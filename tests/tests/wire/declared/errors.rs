//! `error`: where its code is, and what codes of the provider's own mean.

use std::time::SystemTime;

use tokensmith_description::Shelves;
use tokensmith_runtime::protocol::{Polling, Step, authorize};
use tokensmith_runtime::{
    BlockingTransport, DefaultBlockingTransport, DeviceAuthorization, EndpointKind, Error,
    ErrorCode, ErrorKind, Token, TokenRequest,
};
use tokensmith_tests::strict_server::ServerResponse;

use super::{World, find, model};

const TOKEN: EndpointKind = EndpointKind::Token;
const CLIENT_CREDENTIALS: (EndpointKind, Option<&str>) = (TOKEN, Some("client_credentials"));
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn refusal(fixture: &str, status: u16, body: &str) -> Error {
    let world = World::new(fixture, [ServerResponse::json(status, body)]);
    let sent = world.send::<Token>(&world.settings(), CLIENT_CREDENTIALS, |request| request);
    sent.outcome.expect_err("a refusal")
}

fn codes(error: &Error) -> (ErrorKind, Option<&str>, Option<&str>) {
    let code = error.code().map(ErrorCode::as_str);
    (error.kind(), code, error.provider_code())
}

#[test]
fn a_code_of_the_providers_own_is_what_the_document_says_it_means() {
    for (status, body, expected) in [
        (
            400,
            r#"{"status":"BAD_REFRESH_TOKEN","message":"m"}"#,
            (
                ErrorKind::Provider,
                Some("invalid_grant"),
                Some("BAD_REFRESH_TOKEN"),
            ),
        ),
        // The meaning counts, whatever the status is.
        (
            200,
            r#"{"status":"BAD_REFRESH_TOKEN"}"#,
            (
                ErrorKind::Provider,
                Some("invalid_grant"),
                Some("BAD_REFRESH_TOKEN"),
            ),
        ),
        (
            503,
            r#"{"status":"BAD_REFRESH_TOKEN"}"#,
            (
                ErrorKind::Provider,
                Some("invalid_grant"),
                Some("BAD_REFRESH_TOKEN"),
            ),
        ),
        // A text is looked up where the code is not known.
        (
            400,
            r#"{"message":"unknown key"}"#,
            (ErrorKind::Provider, Some("invalid_client"), None),
        ),
        (
            400,
            r#"{"status":"OTHER","message":"unknown key"}"#,
            (ErrorKind::Provider, Some("invalid_client"), Some("OTHER")),
        ),
        (
            400,
            r#"{"status":"OTHER","message":"m"}"#,
            (ErrorKind::Provider, Some("OTHER"), None),
        ),
        (
            400,
            r#"{"error":"invalid_scope"}"#,
            (ErrorKind::Provider, Some("invalid_scope"), None),
        ),
    ] {
        let error = refusal("error-codes", status, body);
        assert_eq!(codes(&error), expected, "{status} {body}");
        assert!(!error.is_retryable(), "{status} {body}");
    }
}

#[test]
fn what_means_that_the_server_is_busy_is_tried_again() {
    let busy = ServerResponse::json(200, r#"{"errcode":-1,"errmsg":"system error"}"#);
    let quota = ServerResponse::json(200, r#"{"errcode":45009}"#);
    let good = ServerResponse::json(200, r#"{"access_token":"t","errcode":0}"#);
    let world = World::new("error-codes", [busy.clone(), quota, good]);
    let sent = world.send::<Token>(&world.settings(), CLIENT_CREDENTIALS, |request| request);
    let token = sent.outcome.expect("a token");
    assert_eq!(token.access_token.expose(), "t");
    assert_eq!((world.requests().len(), sent.waited.len()), (3, 2));

    // A refresh token is sent once.
    let world = World::new("error-codes", [busy]);
    let refresh = (TOKEN, Some("refresh_token"));
    let sent = world.send::<Token>(&world.settings(), refresh, |request| {
        request.secret_parameter("refresh_token", "old")
    });
    let error = sent.outcome.expect_err("a failure");
    assert_eq!(
        codes(&error),
        (ErrorKind::Server, Some("server_error"), Some("-1"))
    );
    assert!(!error.is_retryable() && world.requests().len() == 1);
}

#[test]
fn a_quota_keeps_the_code_that_the_provider_has() {
    let quota = || ServerResponse::json(200, r#"{"errcode":45009,"message":"quota"}"#);
    let world = World::new("error-codes", [quota(), quota(), quota()]);
    let sent = world.send::<Token>(&world.settings(), CLIENT_CREDENTIALS, |request| request);
    let error = sent.outcome.expect_err("a refusal");
    assert_eq!(codes(&error), (ErrorKind::RateLimited, Some("45009"), None));
    assert!(error.is_retryable());
    assert_eq!(error.reason().to_string(), "45009 (HTTP 200): quota");

    let device = (EndpointKind::DeviceAuthorization, None);
    let world = World::new("error-codes", [quota(), quota(), quota()]);
    let sent = world.send::<DeviceAuthorization>(&world.settings(), device, |request| request);
    let error = sent.outcome.expect_err("a refusal");
    assert_eq!(codes(&error), (ErrorKind::RateLimited, Some("45009"), None));
}

#[test]
fn both_codes_are_shown() {
    let error = refusal(
        "error-codes",
        400,
        r#"{"status":"BAD_REFRESH_TOKEN","message":"missing"}"#,
    );
    let shown = error.reason().to_string();
    let expected = "invalid_grant (HTTP 400, provider code BAD_REFRESH_TOKEN): missing";
    assert_eq!(shown, expected);
}

#[test]
fn polling_goes_on_while_a_code_of_the_providers_own_means_pending() {
    let pending = || ServerResponse::json(400, r#"{"error":1101,"sub_error":20411}"#);
    let denied = ServerResponse::json(400, r#"{"error":1101,"sub_error":20414}"#);
    let world = World::new("error-codes", [pending(), pending(), denied]);
    let shelves = Shelves::default();
    let document = model("error-codes");
    let description = document.describe(&shelves);
    let (endpoint, operation) = find(&description, TOKEN, Some(DEVICE_CODE));
    let request =
        TokenRequest::new(endpoint, operation).secret_parameter("device_code", "device code");
    let device = ServerResponse::json(
        200,
        r#"{"device_code":"d","user_code":"u","verification_uri":"https://v.example","expires_in":600}"#,
    );
    let devices = World::new("error-codes", [device]);
    let kind = (EndpointKind::DeviceAuthorization, None);
    let sent = devices.send::<DeviceAuthorization>(&devices.settings(), kind, |request| request);
    let settings = world.settings();
    let mut polling = Polling::new(&settings, &request, &sent.outcome.expect("codes"));
    let transport = DefaultBlockingTransport::new().expect("a transport");
    loop {
        match polling.step(SystemTime::now()) {
            Step::Send(request) => polling.receive(transport.send(request), SystemTime::now()),
            Step::Wait(_) => {}
            Step::Done => break,
        }
    }
    let error = polling
        .finish()
        .expect_err("the user refused")
        .without_body();
    assert_eq!(
        codes(&error),
        (ErrorKind::Provider, Some("access_denied"), Some("20414"))
    );
    assert_eq!(world.requests().len(), 3);
}

#[test]
fn a_stated_place_comes_before_the_standard_one() {
    let twitch = r#"{"error":"Bad Request","status":400,"message":"invalid client"}"#;
    let error = refusal("error-places", 400, twitch);
    assert_eq!(
        codes(&error),
        (
            ErrorKind::Provider,
            Some("invalid_client"),
            Some("invalid client")
        )
    );
    // Without it, the standard place counts.
    let error = refusal("error-places", 400, r#"{"error":"invalid_scope"}"#);
    assert_eq!(
        codes(&error),
        (ErrorKind::Provider, Some("invalid_scope"), None)
    );
}

#[test]
fn a_document_may_put_the_standard_place_first() {
    let body = r#"{"error":"invalid_request","status":400,"message":"missing token"}"#;
    let revocation = (EndpointKind::Revocation, None);
    for (body, code) in [(body, "invalid_request"), (r#"{"status":400}"#, "400")] {
        let world = World::new("error-places", [ServerResponse::json(400, body)]);
        let sent = world.send::<()>(&world.settings(), revocation, |request| {
            request.secret_parameter("token", "t")
        });
        let error = sent.outcome.expect_err("a refusal");
        assert_eq!(error.code().map(ErrorCode::as_str), Some(code));
    }
}

/// What a user comes back with, as the fixture has it.
fn redirect(fixture: &str, query: &str) -> Result<String, Error> {
    let shelves = Shelves::default();
    let document = model(fixture);
    let description = document.describe(&shelves);
    let (endpoint, operation) = find(&description, EndpointKind::Authorization, None);
    let request =
        TokenRequest::new(endpoint, operation).parameter("redirect_uri", "https://app.example");
    let world = World::new(fixture, []);
    let authorization = authorize(&world.settings(), &request).expect("a URL");
    let state = authorization.pending.state().expose();
    let url = format!("https://app.example/?state={state}&{query}");
    let redirect = authorization.pending.redirect(&url)?;
    Ok(redirect.code.expose().to_owned())
}

#[test]
fn codes_of_a_redirect_have_a_meaning() {
    for code in ["user_cancelled_login", "1107"] {
        let error = redirect("error-codes", &format!("error={code}&error_description=d"))
            .expect_err("a refusal");
        assert_eq!(
            codes(&error),
            (ErrorKind::Provider, Some("access_denied"), Some(code))
        );
        assert_eq!(error.description(), Some("d"));
    }
    let code = redirect("error-codes", "code=c").expect("a code");
    assert_eq!(code, "c");
}

#[test]
fn parameters_of_a_redirect_may_have_other_names() {
    let fixture = "authorization-responses";
    let code = redirect(fixture, "spapi_oauth_code=c&invalid=False").expect("a code");
    assert_eq!(code, "c");
    // `reason` alone is a refusal as well: the document says that it is an error's code.
    for (query, code, own) in [
        (
            "invalid=True&reason=deny",
            Some("access_denied"),
            Some("deny"),
        ),
        ("reason=other", Some("other"), None),
        ("invalid=true&spapi_oauth_code=c", None, None),
        (
            "error_reason=user_denied&error_text=t",
            Some("access_denied"),
            Some("user_denied"),
        ),
        ("error=server_error", Some("server_error"), None),
    ] {
        let error = redirect(fixture, query).expect_err("a refusal");
        assert_eq!(codes(&error), (ErrorKind::Provider, code, own), "{query}");
    }
    let error = redirect(fixture, "code=c").expect_err("no code by that name");
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

#[test]
fn a_redirect_may_have_to_have_more_than_a_code() {
    let fixture = "refresh-token-kept";
    let code = redirect(fixture, "code=c&location=eu").expect("a code");
    assert_eq!(code, "c");
    for query in ["code=c", "code=c&location="] {
        let error = redirect(fixture, query).expect_err("it has no location");
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.to_string().contains("`location`"), "{error}");
    }
    // A refusal has nothing else to have.
    let error = redirect(fixture, "error=access_denied").expect_err("a refusal");
    assert_eq!(error.code(), Some(&ErrorCode::AccessDenied));
}
