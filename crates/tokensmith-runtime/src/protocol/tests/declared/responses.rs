//! What a document may say of responses.

use std::time::Duration;

use super::{CLIENT_CREDENTIALS, TOKEN, ask, read};
use crate::testing::{play, response, settings};
use crate::{
    Endpoint, Error, ErrorCode, ErrorKind, Expiry, ExpiryFormat, FailureMark, Operation, Parameter,
    ParameterKind, TokenRequest,
};

/// A refusal with this code of a request that carries a verifier, of which the codes of these tests look like a part.
fn refusal(endpoint: &Endpoint<'_>, operation: &Operation<'_>, code: &str) -> Error {
    let request = TokenRequest::new(endpoint, operation)
        .secret_parameter("code_verifier", "an-example-verifier-of-someone");
    let body = format!(r#"{{"error":"{code}"}}"#);
    let played = play(&settings(), &request, [response(400, &body)]);
    played.outcome.unwrap_err()
}

#[test]
fn a_code_that_the_document_lists_is_shown_whole() {
    let codes = [("unverified_user_email", "access_denied")];
    let endpoint = TOKEN.with_error_codes(&codes);
    let refusal = |code: &str| refusal(&endpoint, &CLIENT_CREDENTIALS, code);
    let error = refusal("unverified_user_email");
    assert_eq!(error.code(), Some(&ErrorCode::AccessDenied));
    assert_eq!(error.provider_code(), Some("unverified_user_email"));
    let error = refusal("unverified_user_mail");
    assert_eq!(error.code().map(ErrorCode::as_str), Some("[redacted]"));
}

#[test]
fn a_listed_code_of_a_rate_limit_is_shown_whole() {
    let codes = [("unverified_user_email_quota", "rate_limited")];
    let endpoint = TOKEN.with_error_codes(&codes);
    // It is not sent again.
    let operation = CLIENT_CREDENTIALS.one_time();
    let refusal = |code: &str| refusal(&endpoint, &operation, code);
    let error = refusal("unverified_user_email_quota");
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    let code = error.code().map(ErrorCode::as_str);
    assert_eq!(code, Some("unverified_user_email_quota"));
    assert_eq!(error.provider_code(), None);
    assert!(error.to_string().contains("unverified_user_email_quota"));
    let error = refusal("unverified_user_mail_quota");
    assert_eq!(error.kind(), ErrorKind::Provider);
    assert_eq!(error.code().map(ErrorCode::as_str), Some("[redacted]"));
}

#[test]
fn fields_are_found_wherever_they_are() {
    let endpoint = TOKEN
        .with_access_token(&["/data/accessToken"])
        .with_fields(&[
            ("refresh_token", "/data/refreshToken"),
            ("scope", "/meta/scopes"),
            ("token_type", "/kind"),
        ])
        .with_expiry(Expiry::new(ExpiryFormat::Milliseconds).with_pointer("/meta/ttl"));
    let token = read(
        &endpoint,
        r#"{"data":{"accessToken":"t","refreshToken":"r"},"meta":{"scopes":["a","b"],"ttl":60000,"tenant":7},"kind":"MAC"}"#,
    );
    assert_eq!(token.access_token.expose(), "t");
    assert_eq!(token.refresh_token.unwrap().expose(), "r");
    assert_eq!(token.metadata.expires_in, Some(Duration::from_secs(60)));
    assert_eq!(token.metadata.scopes.unwrap(), ["a", "b"]);
    assert_eq!(token.metadata.token_type, "MAC");
    assert_eq!(token.metadata.envelope.get("meta").unwrap()["tenant"], 7);
    assert!(token.metadata.warnings.is_empty());
    // What is not there is not missed.
    assert!(
        read(&endpoint, r#"{"data":{"accessToken":"t"}}"#)
            .refresh_token
            .is_none()
    );
}

#[test]
fn an_empty_refresh_or_id_token_is_absent_wherever_it_is() {
    let elsewhere = TOKEN.with_fields(&[
        ("refresh_token", "/data/refreshToken"),
        ("id_token", "/data/idToken"),
    ]);
    for (endpoint, body) in [
        (
            &TOKEN,
            r#"{"access_token":"t","refresh_token":"","id_token":""}"#,
        ),
        (
            &TOKEN,
            r#"{"access_token":"t","refresh_token":" ","id_token":" "}"#,
        ),
        (
            &TOKEN,
            r#"{"access_token":"t","refresh_token":null,"id_token":null}"#,
        ),
        (&TOKEN, "access_token=t&refresh_token=&id_token="),
        (
            &elsewhere,
            r#"{"access_token":"t","data":{"refreshToken":"","idToken":""}}"#,
        ),
    ] {
        let token = read(endpoint, body);
        assert_eq!(token.access_token.expose(), "t", "{body}");
        let is_absent = token.refresh_token.is_none() && token.id_token.is_none();
        assert!(is_absent, "{body}: {token:?}");
    }
}

#[test]
fn a_documented_lifetime_stands_in_for_one_that_is_not_there() {
    let endpoint = TOKEN.with_expiry(Expiry::new(ExpiryFormat::Seconds).with_lifetime(1_800));
    let lifetime = |body| {
        read(&endpoint, body)
            .metadata
            .expires_in
            .map(|lifetime| lifetime.as_secs())
    };
    assert_eq!(lifetime(r#"{"access_token":"t"}"#), Some(1_800));
    assert_eq!(
        lifetime(r#"{"access_token":"t","expires_in":60}"#),
        Some(60)
    );
    assert_eq!(
        lifetime(r#"{"access_token":"t","expires_in":"soon"}"#),
        None
    );
}

#[test]
fn zero_is_expired_unless_the_description_says_never() {
    let body = r#"{"access_token":"t","expires_in":0}"#;
    let metadata = read(&TOKEN, body).metadata;
    assert_eq!(metadata.expires_in, Some(Duration::ZERO));
    assert!(!metadata.never_expires);
    let endpoint = TOKEN.with_expiry(
        Expiry::new(ExpiryFormat::Seconds)
            .with_lifetime(60)
            .zero_is_never(),
    );
    let metadata = read(&endpoint, body).metadata;
    assert!(metadata.never_expires && metadata.warnings.is_empty());
    assert_eq!((metadata.expires_in, metadata.expires_at), (None, None));
    let metadata = read(&endpoint, r#"{"access_token":"t"}"#).metadata;
    assert_eq!(metadata.expires_in, Some(Duration::from_secs(60)));
    assert!(!metadata.never_expires);
}

#[test]
fn a_response_may_be_the_token_itself() {
    let endpoint = TOKEN.with_access_token(&[""]);
    for body in [
        "eyJhbGciOi.J9.sig",
        "\"eyJhbGciOi.J9.sig\"",
        " eyJhbGciOi.J9.sig\n",
    ] {
        assert_eq!(
            read(&endpoint, body).access_token.expose(),
            "eyJhbGciOi.J9.sig"
        );
    }
    assert_eq!(read(&endpoint, "YWJj=").access_token.expose(), "YWJj=");
    for body in [
        "<html>sorry</html>",
        "",
        "an error occurred",
        "\"\"",
        "7 7",
        "{}",
        "[\"t\"]",
    ] {
        let error = ask(&endpoint, &CLIENT_CREDENTIALS, body)
            .outcome
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{body}");
    }
}

#[test]
fn a_mark_makes_a_response_a_failure_at_any_status() {
    let marks = [
        FailureMark::when("/ok", &["false"]),
        FailureMark::unless("/code", &["0"]),
    ];
    let endpoint = TOKEN
        .with_failures(&marks)
        .with_error_code(&["/code"])
        .with_error_description(&["/msg"]);
    let error = ask(
        &endpoint,
        &CLIENT_CREDENTIALS,
        r#"{"code":20024,"msg":"expired","access_token":"t"}"#,
    );
    let error = error.outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Provider);
    assert_eq!(error.code(), Some(&ErrorCode::from("20024")));
    assert_eq!(error.description(), Some("expired"));
    assert_eq!(error.status(), Some(200));
    assert!(
        ask(
            &endpoint,
            &CLIENT_CREDENTIALS,
            r#"{"ok":false,"access_token":"t"}"#
        )
        .outcome
        .is_err()
    );
    assert!(
        ask(
            &endpoint,
            &CLIENT_CREDENTIALS,
            r#"{"ok":true,"code":0,"access_token":"t"}"#
        )
        .outcome
        .is_ok()
    );
}

#[test]
fn an_error_that_is_a_sentence_is_a_description_where_the_document_says_so() {
    let said = |endpoint: &Endpoint<'_>, body: &str| {
        let error = ask(endpoint, &CLIENT_CREDENTIALS, body)
            .outcome
            .unwrap_err();
        let code = error.code().map(|code| code.as_str().to_owned());
        (code, error.description().map(str::to_owned))
    };
    let text = |text: &str| Some(text.to_owned());
    let sentence = r#"{"error":"Invalid credentials"}"#;
    let described = TOKEN.with_error_description(&["/error_description", "/error"]);
    assert_eq!(
        said(&described, sentence),
        (None, text("Invalid credentials"))
    );
    let code = r#"{"error":"invalid_scope"}"#;
    assert_eq!(said(&described, code), (text("invalid_scope"), None));
    assert_eq!(said(&TOKEN, sentence).0, text("Invalid credentials"));
}

#[test]
fn scopes_have_the_name_that_the_document_gives_them() {
    let parameters = [Parameter::new("scopes").with_kind(ParameterKind::TextList)];
    let operation = CLIENT_CREDENTIALS.with_parameters(&parameters);
    let request = ask(
        &TOKEN.with_formats(&[crate::BodyFormat::Json]),
        &operation,
        r#"{"access_token":"t"}"#,
    )
    .sent
    .remove(0);
    let json: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(json["scopes"], serde_json::json!(["a b"]));
}
