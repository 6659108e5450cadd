//! What a document may say of an endpoint beside what RFC 6749 says.

mod responses;

use super::BASIC;
use crate::testing::{Played, form, play, response, settings, with_headers};
use crate::{
    ClientAuth, Endpoint, EndpointKind, ErrorKind, Location, Method, Operation, Parameter,
    ParameterKind, Token, TokenRequest,
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
