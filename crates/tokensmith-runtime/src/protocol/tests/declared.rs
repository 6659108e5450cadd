//! What a document may say of an endpoint beside what RFC 6749 says.

use std::time::Duration;

use super::BASIC;
use crate::testing::{Played, form, play, response, settings, with_headers};
use crate::{
    ClientAuth, Endpoint, EndpointKind, ErrorCode, ErrorKind, Expiry, ExpiryFormat, FailureMark,
    Location, Method, Operation, Parameter, ParameterKind, Token, TokenRequest,
};

static CLIENT_CREDENTIALS: Operation<'static> = Operation::grant("client_credentials");
static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

fn ask(
    endpoint: &Endpoint<'_>,
    operation: &Operation<'_>,
    body: &str,
) -> Played<TokenRequest<'static>> {
    let request = TokenRequest::new(endpoint, operation).scope("a b");
    let played = play(&settings(), &request, [response(200, body)]);
    Played {
        sent: played.sent,
        waited: played.waited,
        outcome: played.outcome,
    }
}

fn sent(endpoint: &Endpoint<'_>) -> http::Request<Vec<u8>> {
    ask(endpoint, &CLIENT_CREDENTIALS, r#"{"access_token":"t"}"#)
        .sent
        .remove(0)
}

fn read(endpoint: &Endpoint<'_>, body: &str) -> Token {
    ask(endpoint, &CLIENT_CREDENTIALS, body).outcome.unwrap()
}

#[test]
fn a_get_has_everything_in_the_query() {
    let request = sent(
        &TOKEN
            .with_method(Method::Get)
            .with_client_auth(ClientAuth::Query),
    );
    assert_eq!(request.method(), "GET");
    assert_eq!(
        request.uri().query(),
        Some(
            "grant_type=client_credentials&scope=a+b&client_id=client&client_secret=S3cret%2Fcanary%2Bvalue"
        )
    );
    assert!(request.body().is_empty() && !request.headers().contains_key("content-type"));
    let request = sent(
        &TOKEN
            .with_method(Method::Get)
            .with_client_auth(ClientAuth::Basic),
    );
    assert_eq!(request.headers()["authorization"], BASIC);
    assert_eq!(
        request.uri().query(),
        Some("grant_type=client_credentials&scope=a+b")
    );
}

#[test]
fn a_post_may_have_its_parameters_in_the_query() {
    let parameters = [Parameter::new("scope").with_location(Location::Query)];
    let operation = CLIENT_CREDENTIALS.with_parameters(&parameters);
    let endpoint = TOKEN
        .with_grant_type("type", Location::Query)
        .with_client_auth(ClientAuth::Query)
        .with_client_names("app_id", "app_secret");
    let request = ask(&endpoint, &operation, r#"{"access_token":"t"}"#)
        .sent
        .remove(0);
    assert_eq!(
        request.uri().query(),
        Some("type=client_credentials&scope=a+b&app_id=client&app_secret=S3cret%2Fcanary%2Bvalue")
    );
    assert!(request.body().is_empty());
}

#[test]
fn a_code_that_the_document_lists_is_shown_whole() {
    let codes = [("unverified_user_email", "access_denied")];
    let endpoint = TOKEN.with_error_codes(&codes);
    // A part of it looks like a part of the verifier.
    let request = TokenRequest::new(&endpoint, &CLIENT_CREDENTIALS)
        .secret_parameter("code_verifier", "an-example-verifier-of-someone");
    let refusal = |code: &str| {
        let body = format!(r#"{{"error":"{code}"}}"#);
        play(&settings(), &request, [response(400, &body)])
            .outcome
            .unwrap_err()
    };
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
    // A part of it looks like a part of the verifier.
    let request = TokenRequest::new(&endpoint, &operation)
        .secret_parameter("code_verifier", "an-example-verifier-of-someone");
    let refusal = |code: &str| {
        let body = format!(r#"{{"error":"{code}"}}"#);
        play(&settings(), &request, [response(400, &body)])
            .outcome
            .unwrap_err()
    };
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
fn required_scopes_stand_beside_a_default() {
    let with_scope = |scope| {
        let parameters = [scope];
        let operation = CLIENT_CREDENTIALS.with_parameters(&parameters);
        let endpoint = TOKEN.with_required_scopes(&["offline", "read"]);
        let request = TokenRequest::new(&endpoint, &operation);
        let body = r#"{"access_token":"t"}"#;
        let mut played = play(&settings(), &request, [response(200, body)]);
        form(&played.sent.remove(0))
    };
    let text = Parameter::new("scope").with_default("read write");
    let scope = ("scope".to_owned(), "read write offline".to_owned());
    assert!(with_scope(text).contains(&scope));
    let list = text.with_kind(ParameterKind::TextList).with_default("read");
    let sent = with_scope(list);
    for scope in ["read", "offline"] {
        let scope = ("scope".to_owned(), scope.to_owned());
        assert!(sent.contains(&scope), "{sent:?}");
    }
}

#[test]
fn the_client_may_authenticate_under_other_names() {
    let body = TOKEN
        .with_client_auth(ClientAuth::Body)
        .with_client_names("client_key", "secret");
    let parameters = form(&sent(&body));
    assert_eq!(
        parameters[2],
        ("client_key".to_owned(), "client".to_owned())
    );
    assert_eq!(parameters[3].0, "secret");

    let scheme = TOKEN
        .with_client_auth(ClientAuth::Basic)
        .with_auth_scheme("ID");
    let value = sent(&scheme).headers()["authorization"].clone();
    assert_eq!(value, BASIC.replace("Basic", "ID"));
    let secret = TOKEN
        .with_client_auth(ClientAuth::Secret)
        .with_auth_scheme("Client");
    let request = sent(&secret);
    assert_eq!(
        request.headers()["authorization"],
        "Client S3cret/canary+value"
    );
    assert!(request.headers()["authorization"].is_sensitive());
    assert!(
        form(&request)
            .iter()
            .all(|(name, _)| !name.starts_with("client"))
    );
}

#[test]
fn the_accept_header_is_the_documents_or_the_callers() {
    let endpoint = TOKEN.with_accept("application/vnd.github+json");
    assert_eq!(
        sent(&endpoint).headers()["accept"],
        "application/vnd.github+json"
    );
    let mut settings = settings();
    settings.set_header("Accept", "text/plain").unwrap();
    let request = TokenRequest::new(&endpoint, &CLIENT_CREDENTIALS);
    let sent = play(
        &settings,
        &request,
        [response(200, r#"{"access_token":"t"}"#)],
    )
    .sent;
    assert_eq!(sent[0].headers()["accept"], "text/plain");
}

#[test]
fn lists_may_be_joined_and_values_nested() {
    static OPERATION: Operation<'static> = Operation::grant("g").with_parameters(&[
        Parameter::new("resource").with_kind(ParameterKind::TextList),
        Parameter::new("audiences")
            .with_kind(ParameterKind::TextList)
            .with_separator("|"),
        Parameter::new("details").with_kind(ParameterKind::Json),
        Parameter::new("fresh").with_kind(ParameterKind::Boolean),
    ]);
    let request = |format| {
        let endpoint = TOKEN
            .with_formats(format)
            .with_client_auth(ClientAuth::Basic);
        let request = TokenRequest::new(&endpoint, &OPERATION)
            .parameter("resource", "https://a")
            .parameter("resource", "https://b")
            .parameter("audiences", "x")
            .parameter("audiences", "y")
            .parameter("details", r#"[{"type": "payment", "amount": 1.50}]"#)
            .parameter("fresh", "true");
        play(
            &settings(),
            &request,
            [response(200, r#"{"access_token":"t"}"#)],
        )
        .sent
        .remove(0)
    };
    let pairs = form(&request(&[crate::BodyFormat::Form]));
    let values = |name: &str| -> Vec<String> {
        let named = pairs.iter().filter(|(other, _)| other == name);
        named.map(|(_, value)| value.clone()).collect()
    };
    assert_eq!(values("resource"), ["https://a", "https://b"]);
    assert_eq!(values("audiences"), ["x|y"]);
    assert_eq!(values("details"), [r#"[{"amount":1.5,"type":"payment"}]"#]);
    let json: serde_json::Value =
        serde_json::from_slice(request(&[crate::BodyFormat::Json]).body()).unwrap();
    assert_eq!(json["audiences"], serde_json::json!(["x", "y"]));
    assert_eq!(json["details"][0]["type"], "payment");
    assert_eq!(json["fresh"], true);
}

#[test]
fn what_is_not_json_is_refused_where_json_is_declared() {
    static OPERATION: Operation<'static> = Operation::grant("g")
        .with_parameters(&[Parameter::new("details").with_kind(ParameterKind::Json)]);
    let request = TokenRequest::new(&TOKEN, &OPERATION).parameter("details", "canary{");
    let error = play(&settings(), &request, []).outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(
        error.to_string().contains("`details` is not JSON")
            && !error.to_string().contains("canary")
    );
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
fn what_the_url_says_is_not_said_again() {
    let grant = Endpoint::new(
        EndpointKind::Token,
        &["/token?grant_type=client_credentials&v=1"],
    );
    let request = sent(&grant);
    assert_eq!(
        request.uri().query(),
        Some("grant_type=client_credentials&v=1")
    );
    assert!(form(&request).iter().all(|(name, _)| name != "grant_type"));

    for (path, kind) in [
        ("/token?client_secret=x", ErrorKind::Config),
        ("/token?client_id=x", ErrorKind::Config),
        ("/token?scope=x", ErrorKind::Request),
    ] {
        let paths = [path];
        let endpoint = Endpoint::new(EndpointKind::Token, &paths);
        let request = TokenRequest::new(&endpoint, &CLIENT_CREDENTIALS).scope("a");
        assert_eq!(
            play(&settings(), &request, []).outcome.unwrap_err().kind(),
            kind,
            "{path}"
        );
    }
}

#[test]
fn a_header_is_not_replaced_by_a_parameter() {
    static OPERATION: Operation<'static> = Operation::grant("g")
        .with_parameters(&[Parameter::new("x-api-key").with_location(Location::Header)]);
    let mut settings = settings();
    settings.set_header("X-Api-Key", "one").unwrap();
    let request = TokenRequest::new(&TOKEN, &OPERATION).parameter("x-api-key", "two");
    let error = play(&settings, &request, []).outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}

#[test]
fn a_password_is_not_tried_again() {
    static PASSWORD: Operation<'static> = Operation::grant("password");
    let request = TokenRequest::new(&TOKEN, &PASSWORD);
    let played = play(&settings(), &request, [with_headers(503, &[], "")]);
    assert!(!played.outcome.unwrap_err().is_retryable());
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
