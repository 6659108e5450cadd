//! Rich authorization requests (RFC 9396).

use serde_json::json;

use crate::testing::{CLIENT_CREDENTIALS, TOKEN, form, play, response, settings};
use crate::{
    AuthorizationDetail, AuthorizationDetails, BodyFormat, ErrorCode, ErrorKind, Operation,
    Parameter, ParameterKind, TokenRequest,
};

fn details() -> AuthorizationDetails {
    AuthorizationDetail::new("account_information")
        .with_action("list_accounts")
        .with_location("https://example.com/accounts")
        .into()
}

const TEXT: &str = r#"[{"actions":["list_accounts"],"locations":["https://example.com/accounts"],"type":"account_information"}]"#;

fn parsed(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_form_has_one_text_and_json_the_list() {
    // A document may declare a list, which forms have several parameters of otherwise.
    static DECLARED: Operation<'static> =
        Operation::grant("client_credentials")
            .with_parameters(&[
                Parameter::new("authorization_details").with_kind(ParameterKind::JsonList)
            ]);
    for operation in [&CLIENT_CREDENTIALS, &DECLARED] {
        let request = || TokenRequest::new(&TOKEN, operation);
        for request in [
            request().authorization_details(details()),
            request().parameter("authorization_details", TEXT),
        ] {
            let played = play(&settings(), &request, [response(400, "{}")]);
            let sent = form(&played.sent[0]);
            let mut sent = sent
                .iter()
                .filter(|(name, _)| name == "authorization_details");
            let (_, text) = sent.next().unwrap();
            assert_eq!(parsed(text), parsed(TEXT));
            assert!(sent.next().is_none());
        }
    }
    let mut settings = settings();
    settings.set_format(BodyFormat::Json);
    let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS).authorization_details(details());
    let played = play(&settings, &request, [response(400, "{}")]);
    let body: serde_json::Value = serde_json::from_slice(played.sent[0].body()).unwrap();
    assert_eq!(body["authorization_details"], parsed(TEXT));

    let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS);
    let request = request.parameter("authorization_details", "[{canary");
    let error = play(&settings, &request, []).outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[cfg(feature = "authorization")]
#[test]
fn the_url_for_the_browser_has_them() {
    use crate::protocol::authorize;
    use crate::{Endpoint, EndpointKind, Location, Method};

    static CODE: Operation<'static> = Operation::grant("code");
    static AUTHORIZE: Endpoint<'static> =
        Endpoint::new(EndpointKind::Authorization, &["/authorize"])
            .with_method(Method::Get)
            .with_grant_type("response_type", Location::Query);
    let request = TokenRequest::new(&AUTHORIZE, &CODE).authorization_details(details());
    let url = authorize(&settings(), &request).unwrap().url;
    let (_, query) = url.split_once('?').unwrap();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, text) = pairs
        .find(|(name, _)| name == "authorization_details")
        .unwrap();
    assert_eq!(parsed(&text), parsed(TEXT));
}

#[test]
fn what_was_granted_is_read_with_the_token() {
    let granted = |granted: serde_json::Value| {
        let body = json!({"access_token": "t0ken", "authorization_details": granted});
        let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS);
        let played = play(&settings(), &request, [response(200, &body.to_string())]);
        played.outcome.unwrap().metadata
    };
    let enriched =
        json!([{"type": "account_information", "access": {"accounts": [{"iban": "DE23"}]}}]);
    let details = granted(enriched).authorization_details.unwrap();
    let detail = details.iter().next().unwrap();
    assert_eq!(detail.kind(), "account_information");
    assert_eq!(
        detail.field("access").unwrap()["accounts"][0]["iban"],
        "DE23"
    );
    assert!(!format!("{details:?}").contains("DE23"));
    assert_eq!(granted(json!(null)).authorization_details, None);
    // The token is not thrown away for it.
    for odd in [json!("canary"), json!([{"no": "type"}]), json!({})] {
        let metadata = granted(odd.clone());
        assert_eq!(metadata.authorization_details, None);
        assert_eq!(metadata.warnings[0].pointer, "/authorization_details");
        assert_eq!(metadata.set_aside.get("/authorization_details"), Some(&odd));
    }
}

#[test]
fn a_refusal_has_a_code_of_its_own() {
    let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS).authorization_details(details());
    let body = r#"{"error": "invalid_authorization_details"}"#;
    let error = play(&settings(), &request, [response(400, body)])
        .outcome
        .unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::InvalidAuthorizationDetails));
}
