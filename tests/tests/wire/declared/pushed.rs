//! An endpoint for authorization requests that are pushed (RFC 9126), as a document has it.

use std::time::SystemTime;

use tokensmith_description::Shelves;
use tokensmith_runtime::protocol::{
    Exchange, PushedAuthorizationRequest, Settings, Step, authorize,
};
use tokensmith_runtime::{Any, AuthorizationDetail, Credentials, EndpointKind, TokenRequest};

use super::{find, model};

#[test]
fn the_endpoint_takes_the_request_of_the_authorization_endpoint() {
    let (document, shelves) = (model("pushed-authorization"), Shelves::default());
    let description = document.describe(&shelves);
    let (pushed, _) = find(&description, EndpointKind::PushedAuthorization, None);
    let (endpoint, operation) = find(&description, EndpointKind::Authorization, None);
    let credentials = Credentials::new("app", "secret");
    let settings = Settings::new("https://api.example.com", credentials).expect("a URL");
    let request = TokenRequest::new(endpoint, operation)
        .parameter("redirect_uri", "https://app.example/callback")
        .scope("read")
        .authorization_details(AuthorizationDetail::new("payment"));
    let error = authorize(&settings, &request).expect_err("has to be pushed");
    assert!(error.to_string().contains("have to be pushed"), "{error}");
    let request = PushedAuthorizationRequest::<Any>::at(pushed, None, &settings, &request);
    let request = request.expect("a request");
    let mut exchange = Exchange::new(&settings, &request);
    let Step::Send(sent) = exchange.step(SystemTime::now()) else {
        panic!("nothing is sent: {:?}", exchange.finish().err());
    };
    assert_eq!(sent.uri(), "https://api.example.com/oauth2/par");
    assert!(sent.headers().contains_key("authorization"));
    let pairs: Vec<_> = form_urlencoded::parse(sent.body()).into_owned().collect();
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "response_type",
            "scope",
            "redirect_uri",
            "authorization_details",
            "state",
            "code_challenge",
            "code_challenge_method",
            "client_id",
        ]
    );
    assert_eq!(pairs[3].1, r#"[{"type":"payment"}]"#);
    let response = http::Response::builder()
        .status(201)
        .body(br#"{"request_uri": "urn:example:1", "expires_in": 60}"#.to_vec());
    exchange.receive(Ok(response.expect("a response")), SystemTime::now());
    let response = exchange.finish().expect("a reference");
    let authorization = request.into_authorization(&response).expect("a URL");
    assert_eq!(
        authorization.url,
        "https://api.example.com/oauth2/authorize?client_id=app&request_uri=urn%3Aexample%3A1"
    );
}
