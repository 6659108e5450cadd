//! Authorization requests that are pushed (RFC 9126).

use std::time::Duration;

use tokensmith_mock::{Fault, Options, Provider};

use super::acme::{HOOLI, basic, get, json, member, post, redeem, refusal, value};

const PUSH: &str = "response_type=code&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=s&scope=a";

/// Pushes a request as the client `id`; the reference.
fn push(server: &Provider) -> String {
    let response = basic(server, "/par", PUSH);
    assert_eq!(json(&response)["expires_in"], 60);
    let reference = member(&response, "/request_uri");
    assert!(
        reference.starts_with("urn:ietf:params:oauth:request_uri:"),
        "{reference}"
    );
    reference
}

#[test]
fn a_reference_stands_for_the_request_once() {
    let server = Provider::standard(Options::new());
    let reference = push(&server);
    let open = |client: &str| {
        let uri = format!("/authorize?client_id={client}&request_uri={reference}&approve");
        get(&server, &uri)
    };
    assert_eq!(open("another").status(), 400);
    let response = open("id");
    let location = response.headers()["location"].to_str().unwrap();
    let (_, query) = location.split_once('?').unwrap();
    let back: Vec<_> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    assert_eq!(
        (value(&back, "state"), value(&back, "iss")),
        ("s", "http://localhost")
    );
    let token = basic(&server, "/token", &redeem(value(&back, "code")));
    assert_eq!(member(&token, "/scope"), "a");
    assert_eq!(open("id").status(), 400);
}

#[test]
fn what_stands_beside_a_reference_is_ignored() {
    let server = Provider::standard(Options::new());
    let reference = push(&server);
    let more = "scope=b&state=other&nonce=n&redirect_uri=https%3A%2F%2Fevil.example%2Fcb";
    let uri = format!("/authorize?client_id=id&request_uri={reference}&{more}&approve");
    let response = get(&server, &uri);
    let location = response.headers()["location"].to_str().unwrap();
    let (place, query) = location.split_once('?').unwrap();
    let back: Vec<_> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    assert_eq!(
        (place, value(&back, "state")),
        ("https://app.example/cb", "s")
    );
    let token = basic(&server, "/token", &redeem(value(&back, "code")));
    assert_eq!(member(&token, "/scope"), "a");
}

#[test]
fn a_request_with_a_bad_reference_is_no_plain_request() {
    let server = Provider::standard(Options::new());
    let reference = push(&server);
    for references in [
        "request_uri=urn:x".to_owned(),
        format!("request_uri={reference}&request_uri={reference}"),
    ] {
        let response = get(
            &server,
            &format!("/authorize?client_id=id&{PUSH}&{references}&approve"),
        );
        assert_eq!(response.status(), 400, "{references}");
        assert!(refusal(&response).contains("`request_uri`"), "{references}");
    }
}

#[test]
fn a_fault_leaves_a_reference_usable() {
    let server = Provider::standard(Options::new());
    let reference = push(&server);
    server.add_fault(Fault::status(503).times(1));
    let uri = format!("/authorize?client_id=id&request_uri={reference}&approve");
    let statuses = [(); 3].map(|()| get(&server, &uri).status().as_u16());
    assert_eq!(statuses, [503, 302, 400]);
}

#[test]
fn the_metadata_name_the_endpoint_if_they_are_told_to() {
    let named = |options| {
        let server = Provider::standard(options);
        let metadata = json(&get(&server, "/.well-known/openid-configuration"));
        metadata
            .get("pushed_authorization_request_endpoint")
            .cloned()
    };
    assert_eq!(named(Options::new()), None);
    let url = "http://localhost/par".into();
    assert_eq!(named(Options::new().push_authorization()), Some(url));
}

#[test]
fn a_reference_expires() {
    let server = Provider::standard(Options::new());
    let reference = push(&server);
    server.advance(Duration::from_secs(61));
    let response = get(
        &server,
        &format!("/authorize?client_id=id&request_uri={reference}&approve"),
    );
    assert_eq!(response.status(), 400);
}

#[test]
fn a_provider_may_take_pushed_requests_only() {
    let server = Provider::new(HOOLI, &[], Options::new());
    let plain = get(
        &server,
        &format!("/oauth/authorize?client_id=id&{PUSH}&approve"),
    );
    let location = plain.headers()["location"].to_str().unwrap();
    assert!(location.contains("error=invalid_request"), "{location}");
    assert!(refusal(&plain).contains("was not pushed"));
    let reference = push(&server);
    let uri = format!("/oauth/authorize?client_id=id&request_uri={reference}&approve");
    let location = get(&server, &uri).headers()["location"].clone();
    assert!(location.to_str().unwrap().contains("code="));
}

#[test]
fn what_cannot_be_pushed_is_refused() {
    let server = Provider::standard(Options::new());
    let refused = basic(&server, "/par", &format!("{PUSH}&request_uri=urn:x"));
    assert!(refusal(&refused).contains("`request_uri`"));
    let missing = basic(&server, "/par", "response_type=code");
    assert!(refusal(&missing).contains("`redirect_uri`"));
    assert!(refusal(&post(&server, "/par", PUSH)).contains("client"));
}
