use std::time::Duration;

use super::{Exchange, Settings, Step};
use crate::testing::{
    Answer, CLIENT_CREDENTIALS, ID, REFRESH_TOKEN, SECRET, TOKEN, TOKEN_BODY, answer, form, now,
    play, settings, with_headers,
};
use crate::{
    BodyFormat, ClientAuth, Credentials, Endpoint, EndpointKind, ErrorCode, ErrorKind, Operation,
    Parameter, ParameterKind, Request, Scopes, Secret, TokenRequest, TransportError,
    TransportErrorKind,
};
use crate::{Location, Parameters};

const BASIC: &str = "Basic Y2xpZW50OlMzY3JldCUyRmNhbmFyeSUyQnZhbHVl";

fn client_credentials() -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS)
}

fn refresh() -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &REFRESH_TOKEN).secret_parameter("refresh_token", "old")
}

fn refused() -> Answer {
    answer(
        401,
        r#"{"error":"invalid_client","error_description":"first"}"#,
    )
}

fn good() -> Answer {
    answer(200, TOKEN_BODY)
}

fn unreachable() -> Answer {
    Err(TransportError::new(
        TransportErrorKind::Connect,
        false,
        "refused",
    ))
}

fn with(client_auth: ClientAuth) -> Settings {
    let mut settings = settings();
    settings.set_client_auth(client_auth);
    settings
}

/// How a request authenticates, whatever else is in it.
fn authentication(request: &http::Request<Vec<u8>>) -> (Option<&str>, Vec<(String, String)>) {
    let header = request.headers().get("authorization").map(|value| {
        assert!(value.is_sensitive());
        value.to_str().unwrap()
    });
    let mut parameters = form(request);
    parameters.retain(|(name, _)| name.starts_with("client_"));
    (header, parameters)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[test]
fn writes_the_request_of_rfc_6749() {
    let request = client_credentials().scope("a").scope("b c");
    let played = play(&settings(), &request, [good()]);
    let [sent] = played.sent.as_slice() else {
        panic!()
    };
    assert_eq!(sent.method(), "POST");
    assert_eq!(sent.uri(), "https://auth.example.com/oauth2/token");
    assert_eq!(sent.headers()["accept"], "application/json");
    assert_eq!(
        sent.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(sent.headers()["authorization"], BASIC);
    assert_eq!(
        form(sent),
        pairs(&[("grant_type", "client_credentials"), ("scope", "a b c")])
    );
    assert_eq!(played.outcome.unwrap().access_token.expose(), "t0ken");
}

#[test]
fn the_id_of_a_successful_request_shows_no_secret() {
    let echoed = with_headers(200, &[("x-request-id", SECRET)], TOKEN_BODY);
    let played = play(&settings(), &client_credentials(), [echoed]);
    let metadata = played.outcome.unwrap().metadata;
    assert!(metadata.request_id.is_some());
    assert!(!format!("{metadata:?}").contains(SECRET));
}

#[test]
fn one_authentication_in_each_style() {
    let body = pairs(&[("client_id", ID), ("client_secret", SECRET)]);
    let public = pairs(&[("client_id", ID)]);
    let raw = "Basic Y2xpZW50OlMzY3JldC9jYW5hcnkrdmFsdWU=";
    let cases = [
        (ClientAuth::Auto, Some(BASIC), vec![]),
        (ClientAuth::Basic, Some(BASIC), vec![]),
        (ClientAuth::BasicRaw, Some(raw), vec![]),
        (ClientAuth::Body, None, body),
        (ClientAuth::None, None, public.clone()),
    ];
    for (auth, header, parameters) in cases {
        let played = play(&with(auth), &client_credentials(), [good()]);
        assert_eq!(
            authentication(&played.sent[0]),
            (header, parameters),
            "{auth}"
        );
        for credentials in [Credentials::public(ID), Credentials::new(ID, "")] {
            let mut settings = Settings::new("https://auth.example.com", credentials).unwrap();
            settings.set_client_auth(auth);
            let played = play(&settings, &client_credentials(), [refused()]);
            assert_eq!(
                authentication(&played.sent[0]),
                (None, public.clone()),
                "{auth}"
            );
        }
    }
}

#[test]
fn auto_goes_on_to_the_body_and_remembers() {
    let settings = with(ClientAuth::Auto);
    let shared = settings.clone();
    let played = play(&settings, &client_credentials(), [refused(), good()]);
    assert_eq!(authentication(&played.sent[0]).0, Some(BASIC));
    assert_eq!(authentication(&played.sent[1]).0, None);
    assert_eq!(authentication(&played.sent[1]).1.len(), 2);
    assert!(played.outcome.is_ok() && played.waited.is_empty());

    for request in [client_credentials(), refresh()] {
        let played = play(&shared, &request, [good()]);
        assert_eq!(authentication(&played.sent[0]).1.len(), 2);
    }
    let mut elsewhere = shared.clone();
    elsewhere.set_base_url("https://other.example.com").unwrap();
    let played = play(&elsewhere, &client_credentials(), [good()]);
    assert_eq!(authentication(&played.sent[0]).0, Some(BASIC));

    // A server that changes its mind does not lock the client out.
    let played = play(&shared, &client_credentials(), [refused(), good()]);
    assert_eq!(authentication(&played.sent[1]).0, Some(BASIC));
}

#[test]
fn auto_reports_both_refusals_the_first_one_first() {
    let second = answer(
        401,
        r#"{"error":"invalid_client","error_description":"second"}"#,
    );
    let played = play(&settings(), &client_credentials(), [refused(), second]);
    let error = played.outcome.unwrap_err();
    assert_eq!(error.description(), Some("second"));
    assert_eq!(
        error.previous().and_then(|error| error.description()),
        Some("first")
    );
    assert_eq!(
        error.to_string(),
        "with HTTP Basic authentication: provider: invalid_client: first (HTTP 401); \
         then with authentication in the body: provider: invalid_client: second (HTTP 401)"
    );
}

#[test]
fn auto_goes_on_only_when_the_client_was_refused() {
    let onward = [
        answer(401, ""),
        answer(401, r#"{"error":"invalid_request"}"#),
        answer(400, r#"{"error":"invalid_client"}"#),
        answer(200, r#"{"error":"invalid_client"}"#),
        with_headers(
            400,
            &[("www-authenticate", "Bearer error=\"invalid_client\"")],
            "",
        ),
    ];
    for first in onward {
        let played = play(&settings(), &client_credentials(), [first, good()]);
        assert!(played.outcome.is_ok());
    }
    let mut settings = settings();
    settings.set_retry(crate::Retry::never());
    let final_answers = [
        answer(401, r#"{"error":"invalid_grant"}"#),
        answer(400, r#"{"error":"invalid_grant"}"#),
        answer(400, r#"{"error":"unauthorized_client"}"#),
        answer(403, ""),
        answer(429, r#"{"error":"invalid_client"}"#),
        answer(500, r#"{"error":"invalid_client"}"#),
        answer(302, ""),
        unreachable(),
    ];
    for first in final_answers {
        let played = play(&settings, &client_credentials(), [first]);
        assert!(played.outcome.unwrap_err().previous().is_none());
    }
}

#[test]
fn a_one_time_credential_is_sent_once() {
    for first in [refused(), answer(503, ""), answer(429, ""), answer(408, "")] {
        let error = play(&settings(), &refresh(), [first]).outcome.unwrap_err();
        assert!(!error.is_retryable());
    }
    let broken = Err(TransportError::new(
        TransportErrorKind::Other,
        true,
        "reset",
    ));
    assert!(
        play(&settings(), &refresh(), [broken])
            .outcome
            .unwrap_err()
            .may_have_been_sent()
    );
    let played = play(
        &settings(),
        &refresh(),
        [unreachable(), unreachable(), good()],
    );
    assert_eq!((played.sent.len(), played.waited.len()), (3, 2));
    assert!(played.outcome.is_ok());
}

#[test]
fn retries_what_is_transient_and_waits_as_asked() {
    for status in [408, 429, 502, 503, 504] {
        let wait = with_headers(status, &[("retry-after", "2")], "");
        let played = play(
            &settings(),
            &client_credentials(),
            [wait, answer(status, ""), good()],
        );
        assert_eq!(played.waited[0], Duration::from_secs(2));
        assert!(played.waited[1] <= Duration::from_secs(1));
        assert!(played.outcome.is_ok());
    }
    let answers = [answer(503, ""), unreachable(), unreachable()];
    let error = play(&settings(), &client_credentials(), answers)
        .outcome
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.is_retryable() && error.may_have_been_sent());
}

#[test]
fn a_long_retry_after_is_for_the_caller() {
    let wait = with_headers(429, &[("retry-after", "11")], r#"{"error":"slow_down"}"#);
    let played = play(&settings(), &client_credentials(), [wait]);
    let error = played.outcome.unwrap_err();
    assert!(played.waited.is_empty() && error.is_retryable());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(11)));
    assert_eq!(error.code(), Some(&ErrorCode::SlowDown));
}

/// A request with whatever parameters.
struct Any<F>(&'static Operation<'static>, F);

impl<F: for<'a> Fn(&mut Parameters<'a>)> Request for Any<F> {
    type Provider = crate::Any;
    type Response = crate::Token;
    type Error = crate::NoBody;
    fn endpoint(&self) -> &Endpoint<'_> {
        &TOKEN
    }
    fn operation(&self) -> &Operation<'_> {
        self.0
    }
    fn path(&self) -> &str {
        "/{tenant}/token"
    }
    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        (self.1)(parameters);
    }
}

static TYPED: Operation<'static> = Operation::new().with_parameters(&[
    Parameter::new("tenant")
        .required()
        .with_location(Location::Path),
    Parameter::new("version")
        .with_location(Location::Query)
        .with_default("v 1"),
    Parameter::new("x-account")
        .with_location(Location::Header)
        .secret(),
    Parameter::new("ttl").with_kind(ParameterKind::Integer),
    Parameter::new("ratio").with_kind(ParameterKind::Number),
    Parameter::new("short").with_kind(ParameterKind::Boolean),
    Parameter::new("scopes").with_kind(ParameterKind::TextList),
    Parameter::new("size").with_values(&["s", "m"]),
    Parameter::new("pin")
        .with_min_length(2)
        .with_max_length(4)
        .secret(),
]);

#[test]
fn parameters_go_where_and_as_what_they_are_declared() {
    let request = Any(&TYPED, |parameters: &mut Parameters<'_>| {
        parameters.push("tenant", "a/b");
        parameters.push("x-account", "acc");
        parameters.push("ttl", "60");
        parameters.push("ratio", 0.5);
        parameters.push("short", true);
        parameters.push("unknown", "kept");
        parameters.push_optional("size", None::<&str>);
    });
    let played = play(&with(ClientAuth::None), &request, [good()]);
    let sent = &played.sent[0];
    assert_eq!(
        sent.uri(),
        "https://auth.example.com/a%2Fb/token?version=v+1"
    );
    assert_eq!(sent.headers()["x-account"], "acc");
    assert!(sent.headers()["x-account"].is_sensitive());
    let expected = [
        ("ttl", "60"),
        ("ratio", "0.5"),
        ("short", "true"),
        ("unknown", "kept"),
        ("client_id", ID),
    ];
    assert_eq!(form(sent), pairs(&expected));

    let mut json = with(ClientAuth::Body);
    json.set_format(BodyFormat::Json);
    let played = play(&json, &request, [good()]);
    assert_eq!(played.sent[0].headers()["content-type"], "application/json");
    let body: serde_json::Value = serde_json::from_slice(played.sent[0].body()).unwrap();
    let expected = serde_json::json!({
        "ttl": 60, "ratio": 0.5, "short": true, "unknown": "kept", "client_id": ID, "client_secret": SECRET,
    });
    assert_eq!(body, expected);
}

#[test]
fn lists_are_repeated_in_forms_and_arrays_in_json() {
    let request = TokenRequest::new(&TOKEN, &TYPED)
        .parameter("tenant", "t")
        .parameter("scopes", "a")
        .parameter("scopes", "b");
    let played = play(&with(ClientAuth::Basic), &request, [good()]);
    assert_eq!(
        form(&played.sent[0]),
        pairs(&[("scopes", "a"), ("scopes", "b")])
    );
    let mut json = settings();
    json.set_format(BodyFormat::Json);
    let scopes: Scopes = ["a", "b"].into_iter().collect();
    let played = play(&json, &request, [good()]);
    assert_eq!(played.sent[0].body(), br#"{"scopes":["a","b"]}"#);
    assert_eq!(scopes.iter().count(), 2);
}

#[test]
fn wrong_parameters_are_refused_by_name_before_anything_is_sent() {
    type Fill = fn(&mut Parameters<'_>);
    let cases: [(Fill, &str); 11] = [
        (|_| {}, "`tenant` is required"),
        (|p| p.push("ttl", "soon"), "`ttl` is not a whole number"),
        (|p| p.push("ttl", 1.5), "`ttl` is not a whole number"),
        (
            |p| p.push("ratio", f64::NAN),
            "`ratio` is not a finite number",
        ),
        (
            |p| p.push("short", "maybe"),
            "`short` is neither true nor false",
        ),
        (|p| p.push("size", "canary"), "`size` is none of: s, m"),
        (
            |p| p.push("pin", "canary"),
            "`pin` is longer than 4 characters",
        ),
        (|p| p.push("pin", "ä"), "`pin` is shorter than 2 characters"),
        (
            |p| p.push("x-account", "can\nary"),
            "`x-account` does not fit in a header",
        ),
        (
            |p| p.push("client_secret", "canary"),
            "`client_secret` cannot be given",
        ),
        (
            |p| p.push("client_assertion", "canary"),
            "`client_assertion` cannot be given",
        ),
    ];
    for (fill, message) in cases {
        let required = message.contains("tenant");
        let request = Any(&TYPED, move |parameters: &mut Parameters<'_>| {
            if !required {
                parameters.push("tenant", "t");
            }
            fill(parameters);
        });
        let error = play(&settings(), &request, []).outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{message}");
        assert!(error.to_string().contains(message), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        assert!(!error.may_have_been_sent() && !error.is_retryable());
    }
    let multibyte = Any(&TYPED, |parameters: &mut Parameters<'_>| {
        parameters.push("tenant", "t");
        parameters.push("pin", "äöüß");
    });
    assert!(play(&settings(), &multibyte, [good()]).outcome.is_ok());
}

#[test]
fn a_parameter_is_never_replaced_silently() {
    let requests = [
        client_credentials().scope("a").parameter("scope", "b"),
        client_credentials().parameter("grant_type", "password"),
        client_credentials()
            .parameter("x", "1")
            .secret_parameter("x", "2"),
    ];
    for request in requests {
        let error = play(&settings(), &request, []).outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{error}");
    }
}

#[cfg(feature = "pattern")]
#[test]
fn patterns_are_checked() {
    static PIN: Operation<'static> =
        Operation::grant("pin").with_parameters(&[Parameter::new("pin").with_pattern("^\\d{6}$")]);
    static BROKEN: Operation<'static> =
        Operation::grant("pin").with_parameters(&[Parameter::new("pin").with_pattern("(")]);
    let send = |operation, answers: Vec<Answer>| {
        let request = TokenRequest::new(&TOKEN, operation).parameter("pin", "123456");
        play(&settings(), &request, answers).outcome
    };
    assert!(send(&PIN, vec![good()]).is_ok());
    let request = TokenRequest::new(&TOKEN, &PIN).parameter("pin", "canary");
    let error = play(&settings(), &request, []).outcome.unwrap_err();
    assert_eq!(
        error.to_string(),
        "request: the parameter `pin` does not match ^\\d{6}$"
    );
    assert_eq!(send(&BROKEN, vec![]).unwrap_err().kind(), ErrorKind::Config);
}

#[test]
fn a_revocation_needs_no_answer() {
    struct Revoke(Secret);
    static ENDPOINT: Endpoint<'static> = Endpoint::new(EndpointKind::Revocation, &["/revoke"]);
    static REVOKE: Operation<'static> =
        Operation::new().with_parameters(&[Parameter::new("token").required().secret()]);
    impl Request for Revoke {
        type Provider = crate::Any;
        type Response = ();
        type Error = crate::NoBody;
        fn endpoint(&self) -> &Endpoint<'_> {
            &ENDPOINT
        }
        fn operation(&self) -> &Operation<'_> {
            &REVOKE
        }
        fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
            parameters.push("token", &self.0);
        }
    }
    let revoke = Revoke("gone".into());
    for accepted in [answer(204, ""), answer(200, "ok"), answer(200, "{}")] {
        let played = play(&settings(), &revoke, [accepted]);
        assert_eq!(form(&played.sent[0]), pairs(&[("token", "gone")]));
        assert!(played.outcome.is_ok());
    }
    let error = play(
        &settings(),
        &revoke,
        [answer(200, r#"{"error":"unsupported_token_type"}"#)],
    );
    assert_eq!(
        error.outcome.unwrap_err().code(),
        Some(&ErrorCode::UnsupportedTokenType)
    );
}

#[test]
fn headers_that_the_client_sets_are_its_own() {
    let mut settings = settings();
    for name in [
        "Authorization",
        "content-type",
        "Host",
        "Content-Length",
        "bad name",
        "",
    ] {
        let error = settings.set_header(name, "canary").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.to_string().contains("canary"));
    }
    settings.set_header("Accept", "text/html").unwrap();
    settings.set_header("X-Version", "1").unwrap();
    settings.set_header("User-Agent", "app").unwrap();
    let sent = &play(&settings, &client_credentials(), [good()]).sent[0];
    assert_eq!(sent.headers()["accept"], "text/html");
    assert_eq!(sent.headers()["user-agent"], "app");
    assert_eq!(sent.headers().get_all("x-version").iter().count(), 1);
}

#[test]
fn a_driver_that_errs_sends_nothing_twice() {
    let (settings, request) = (settings(), client_credentials());
    let mut exchange = Exchange::new(&settings, &request);
    exchange.answer(good(), now());
    let step = exchange.step(now());
    assert!(matches!(step, Step::Send(_)));
    assert_eq!(format!("{step:?}"), "Send(..)");
    assert!(matches!(exchange.step(now()), Step::Done));
    let error = exchange.finish().unwrap_err();
    assert!(error.may_have_been_sent(), "{error}");
}
