mod messages;

use std::error::Error as _;
use std::time::Duration;

use serde::Deserialize;

use crate::testing::{
    CLIENT_CREDENTIALS, ID, REFRESH_TOKEN, SECRET, TOKEN, play, response, settings, with_headers,
};
use crate::{
    Body, Error, ErrorBody, ErrorCode, ErrorKind, Retry, TokenRequest, TransportError,
    TransportErrorKind,
};

fn refused(response: crate::testing::Outcome) -> Error {
    let mut settings = settings();
    settings.set_retry(Retry::never());
    settings.set_client_auth(crate::ClientAuth::Body);
    let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS);
    play(&settings, &request, [response]).outcome.unwrap_err()
}

#[test]
fn every_status_has_its_kind() {
    let cases = [
        (301, ErrorKind::Redirect, false),
        (307, ErrorKind::Redirect, false),
        (400, ErrorKind::Provider, false),
        (404, ErrorKind::Provider, false),
        (408, ErrorKind::Provider, true),
        (429, ErrorKind::RateLimited, true),
        (500, ErrorKind::Server, false),
        (502, ErrorKind::Server, true),
        (503, ErrorKind::Server, true),
        (504, ErrorKind::Server, true),
        (700, ErrorKind::Malformed, false),
    ];
    for (status, kind, retryable) in cases {
        let error = refused(response(status, r#"{"access_token":"t"}"#));
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (kind, retryable),
            "{status}"
        );
        assert_eq!(error.status(), Some(status));
        assert!(error.may_have_been_sent());
    }
}

#[test]
fn says_what_the_server_said() {
    let error = refused(with_headers(
        400,
        &[("x-request-id", "r-1"), ("retry-after", "7")],
        r#"{"error":"invalid_scope","error_description":"no \u001b[31mred","error_uri":"/docs"}"#,
    ));
    assert_eq!(error.code(), Some(&ErrorCode::InvalidScope));
    assert_eq!(error.description(), Some("no \\u{1b}[31mred"));
    assert_eq!(error.uri(), Some("/docs"));
    assert_eq!(error.request_id(), Some("r-1"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(
        error.to_string(),
        "HTTP 400 from POST auth.example.com/oauth2/token: invalid_scope: no \\u{1b}[31mred \
         (retry after 7 s, see /docs, request id r-1)"
    );
}

#[test]
fn the_body_of_a_success_is_not_shown() {
    for body in [
        r#"{"access_token":{"value":"swordfish"}}"#,
        r#"{"data":["swordfish"]}"#,
        r#"{"error":"denied","access_token":["swordfish"]}"#,
        "swordfish swordfish",
    ] {
        let error = refused(response(200, body));
        assert_eq!(error.masked_body(), None, "{body}");
        assert_eq!(error.raw_body(), body.as_bytes());
        assert!(!format!("{error} {error:?}").contains("swordfish"));
    }
    let refusal = r#"{"hint":"no such scope"}"#;
    assert_eq!(refused(response(400, refusal)).masked_body(), Some(refusal));
}

#[test]
fn an_error_in_any_shape() {
    let cases = [
        (
            200,
            r#"{"error":"invalid_grant","access_token":"t"}"#,
            Some("invalid_grant"),
            None,
        ),
        (
            200,
            "error=bad&error_description=sometext",
            Some("bad"),
            Some("sometext"),
        ),
        (
            400,
            r#"{"error":{"code":"invalid_grant","message":"x"}}"#,
            Some("invalid_grant"),
            Some("x"),
        ),
        (
            400,
            r#"{"error":{"code":400,"message":"x","status":"INVALID"}}"#,
            Some("INVALID"),
            Some("x"),
        ),
        (400, r#"{"error":{"code":42}}"#, Some("42"), None),
        (
            400,
            r#"{"error":"","error_description":"only this"}"#,
            None,
            Some("only this"),
        ),
        (
            401,
            r#"{"error":"Unauthorized","message":"m"}"#,
            Some("Unauthorized"),
            Some("m"),
        ),
        (400, "", None, None),
        (400, "<html lang=en>", None, None),
    ];
    for (status, body, code, description) in cases {
        let error = refused(response(status, body));
        assert_eq!(error.kind(), ErrorKind::Provider, "{body}");
        assert_eq!(error.code().map(ErrorCode::as_str), code, "{body}");
        assert_eq!(error.description(), description, "{body}");
    }
}

#[test]
fn declared_places_are_tried_before_the_standard_ones() {
    let endpoint = TOKEN
        .with_error_code(&["/errors/0/code", "/code"])
        .with_error_description(&["/errors/0/message", "/message"]);
    let cases = [
        (
            400,
            r#"{"code":"slow_down","message":"m"}"#,
            ErrorKind::Provider,
            "slow_down",
        ),
        (
            400,
            r#"{"errors":[{"code":10,"message":"m"}],"code":"x"}"#,
            ErrorKind::Provider,
            "10",
        ),
        (
            400,
            r#"{"error":"invalid_client","code":"x","message":"m"}"#,
            ErrorKind::Provider,
            "x",
        ),
        (
            400,
            r#"{"error":"invalid_client","message":"m"}"#,
            ErrorKind::Provider,
            "invalid_client",
        ),
        (
            200,
            r#"{"code":"failed","message":"m"}"#,
            ErrorKind::Provider,
            "failed",
        ),
    ];
    for (status, body, kind, code) in cases {
        let mut settings = settings();
        settings.set_client_auth(crate::ClientAuth::Body);
        let request = TokenRequest::new(&endpoint, &CLIENT_CREDENTIALS);
        let error = play(&settings, &request, [response(status, body)])
            .outcome
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.code().map(ErrorCode::as_str)),
            (kind, Some(code)),
            "{body}"
        );
        assert_eq!(error.description(), Some("m"), "{body}");
    }
}

#[test]
fn a_body_that_names_no_error_leaves_it_to_the_header() {
    let header = r#"Bearer realm="r", error="invalid_client", error_description="from the header""#;
    let read = |status, body| refused(with_headers(status, &[("www-authenticate", header)], body));
    let error = read(401, "");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidClient));
    assert_eq!(error.description(), Some("from the header"));
    let error = read(401, r#"{"error":"invalid_grant"}"#);
    assert_eq!(
        (error.code(), error.description()),
        (Some(&ErrorCode::InvalidGrant), None)
    );
    let error = read(401, r#"{"error_description":"from the body"}"#);
    assert_eq!(error.code(), Some(&ErrorCode::InvalidClient));
    assert_eq!(error.description(), Some("from the body"));
}

#[test]
fn what_can_be_read_of_a_header_counts() {
    let read = |headers: &[&str]| {
        let named: Vec<_> = headers
            .iter()
            .map(|header| ("www-authenticate", *header))
            .collect();
        let error = refused(with_headers(401, &named, ""));
        let code = error.code().map(|code| code.as_str().to_owned());
        (code, error.description().map(str::to_owned))
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(read(&["Bearer error=\"x"]), (None, None));
    let broken = r#"Bearer error="x", error_description="d", scope=(a)"#;
    assert_eq!(read(&[broken]), (text("x"), text("d")));
    let undescribed = r#"Bearer error_description="d""#;
    assert_eq!(read(&[undescribed]), (None, text("d")));
    assert_eq!(
        read(&[undescribed, r#"Basic error="x""#]),
        (text("x"), None)
    );
}

#[test]
fn transport_errors_keep_their_kind_and_cause() {
    let cases = [
        (
            TransportErrorKind::Connect,
            false,
            ErrorKind::Transport,
            true,
        ),
        (TransportErrorKind::Timeout, false, ErrorKind::Timeout, true),
        (TransportErrorKind::Timeout, true, ErrorKind::Timeout, false),
        (TransportErrorKind::Tls, false, ErrorKind::Tls, false),
        (
            TransportErrorKind::TooLarge,
            true,
            ErrorKind::TooLarge,
            false,
        ),
        (TransportErrorKind::Other, true, ErrorKind::Transport, false),
    ];
    for (transport, sent, kind, retryable) in cases {
        let error = refused(Err(TransportError::new(transport, sent, "the cause")));
        assert_eq!((error.kind(), error.is_retryable()), (kind, retryable));
        assert_eq!(error.may_have_been_sent(), sent);
        assert_eq!(error.status(), None);
        assert_eq!(
            error.source().unwrap().source().unwrap().to_string(),
            "the cause"
        );
    }
}

#[test]
fn a_transport_that_reads_too_much_is_caught() {
    let error = refused(response(200, &" ".repeat(crate::MAX_BODY + 1)));
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.raw_body().is_empty());
}

/// Every place where a server could echo what it was sent.
#[test]
fn no_secret_shows_even_when_the_server_echoes_it() {
    const REFRESH: &str = "refresh canary/9";
    const KEY: &str = "api-key-canary";
    let basic = "Y2xpZW50OlMzY3JldCUyRmNhbmFyeSUyQnZhbHVl";
    let form = "S3cret%2Fcanary%2Bvalue";
    let echo = format!("{SECRET} {form} {basic} {REFRESH} refresh+canary%2F9 {KEY}");
    let body = serde_json::json!({
        "error": format!("e {echo}"), "error_description": echo, "error_uri": echo, "deep": [{"er": echo}],
    });
    let mut settings = settings();
    settings.set_header("x-api-key", KEY).unwrap();
    let request =
        TokenRequest::new(&TOKEN, &REFRESH_TOKEN).secret_parameter("refresh_token", REFRESH);
    let responses = [with_headers(
        400,
        &[("x-request-id", SECRET)],
        &body.to_string(),
    )];
    let error = play(&settings, &request, responses).outcome.unwrap_err();
    let texts = [
        format!("{error} {error:?} {error:#?} {settings:?} {request:?}"),
        format!(
            "{:?} {:?} {:?}",
            error.code(),
            error.description(),
            error.uri()
        ),
        format!("{:?}", error.request_id()),
    ];
    for text in texts {
        for secret in [SECRET, form, basic, REFRESH, "refresh+canary", KEY] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    assert!(error.to_string().contains("[redacted]"));
    assert!(format!("{settings:?}").contains(ID));
}

#[derive(Debug)]
enum Declared {
    BadRequest(Reason),
    TooMany,
}

#[derive(Debug, Deserialize)]
struct Reason {
    scope: Option<String>,
}

impl ErrorBody for Declared {
    fn read(status: u16, body: &Body) -> Option<Self> {
        match status {
            400 => body.read().map(Self::BadRequest),
            429 => Some(Self::TooMany),
            _ => None,
        }
    }
}

#[test]
fn the_declared_body_is_typed() {
    struct Typed<'a>(TokenRequest<'a>);
    impl crate::Request for Typed<'_> {
        type Provider = crate::Any;
        type Response = crate::Token;
        type Error = Declared;
        fn endpoint(&self) -> &crate::Endpoint<'_> {
            self.0.endpoint()
        }
        fn operation(&self) -> &crate::Operation<'_> {
            self.0.operation()
        }
        fn parameters<'a>(&'a self, parameters: &mut crate::Parameters<'a>) {
            self.0.parameters(parameters);
        }
    }
    let mut settings = settings();
    settings.set_retry(Retry::never());
    let request = Typed(TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS));
    let send = |status, body| {
        play(&settings, &&request, [response(status, body)])
            .outcome
            .unwrap_err()
    };
    let error = send(400, r#"{"scope":"is unknown"}"#);
    assert!(
        matches!(error.body(), Some(Declared::BadRequest(Reason { scope: Some(scope) })) if scope == "is unknown")
    );
    assert!(matches!(send(429, "").body(), Some(Declared::TooMany)));
    assert!(send(418, "").body().is_none());
    assert_eq!(error.without_body().status(), Some(400));
}
