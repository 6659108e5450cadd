//! The mocks of all providers give the generated crates tokens for the requests of the examples.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use tokensmith_mock::{MockServer, Options, Provider, REFUSAL_HEADER};
use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::{ClientAuth, Credentials, Endpoint, TokenResponse as _};
use tokensmith_tests::parameters::{Format, form};
use tokensmith_tests::strict_server::{Received, Server, ServerResponse};

use super::document::RequestExample;
use super::{Case, Place, for_each, operation, send_as, text};

/// Starts the mock of a provider.
pub(super) fn mock(case: &Case) -> MockServer {
    let name = &case.document.provider;
    let mut entries = PROVIDERS.iter();
    let entry = entries.find(|entry| entry.description.name() == name);
    let entry = entry.expect("every document has a crate");
    let provider = Provider::of(entry, Options::new());
    MockServer::start(provider, (Ipv4Addr::LOCALHOST, 0).into()).expect("a free port")
}

/// How the client of an example authenticates. Where it would be in the body and is not, the grant is
/// one without a client.
pub(super) fn client(
    endpoint: &Endpoint<'_>,
    example: &RequestExample,
) -> (ClientAuth, Credentials) {
    let is_named = example.member(endpoint.client_id()).is_some();
    match endpoint.client_auth() {
        ClientAuth::Body if !is_named => (ClientAuth::None, Credentials::public("")),
        _ => super::client(endpoint, example),
    }
}

/// The documents' client assertions are texts; the mock asks for JWTs.
pub(super) fn with_jwt(mut example: RequestExample) -> RequestExample {
    if let Some(assertion) = example.body.get_mut("client_assertion") {
        let claims = r#"{"iss":"i","sub":"i","aud":"a","exp":4000000000}"#;
        let claims = URL_SAFE_NO_PAD.encode(claims);
        *assertion = Value::from(format!("e30.{claims}.c2lnbmF0dXJl"));
    }
    example
}

/// Makes the credentials of an example ones that the mock has issued.
pub(super) fn accept(provider: &Provider, example: &RequestExample) {
    let member = |name: &str| example.member(name).map(text);
    if let Some(code) = member("code") {
        provider.accept_code(code);
    }
    if let Some(token) = member("refresh_token") {
        provider.accept_refresh_token(token);
    }
    if let Some(code) = member("device_code") {
        provider.accept_device_code(code);
    }
}

#[test]
fn the_mock_gives_a_token_for_every_example() {
    for_each(|case| {
        let mock = mock(case);
        for Place {
            endpoint,
            path,
            requests,
            ..
        } in case.places()
        {
            for example in requests {
                let example = with_jwt(example);
                accept(mock.provider(), &example);
                let outcome = send_as(
                    client(endpoint, &example),
                    endpoint,
                    path,
                    &example,
                    &mock.url(),
                );
                let seen = mock.provider().requests();
                let token =
                    outcome.unwrap_or_else(|error| panic!("{}: {error}: {seen:#?}", example.name));
                let token = token.access_token().expose();
                assert!(
                    mock.provider().is_active(token),
                    "{}: {token}",
                    example.name
                );
            }
        }
    });
}

/// A mock that takes everything would be no test: from each request one required member is taken out.
#[test]
fn the_mock_refuses_every_example_with_a_required_member_missing() {
    let refused = Mutex::new(BTreeSet::new());
    for_each(|case| {
        let mock = mock(case);
        for Place {
            endpoint,
            path,
            requests,
            ..
        } in case.places()
        {
            for example in requests {
                let example = &with_jwt(example);
                let sent = sent(endpoint, path, example);
                let operation = operation(endpoint, example).expect("the crate takes it");
                let declared = operation.parameters().iter();
                let names = declared.filter(|parameter| parameter.is_required());
                let names = names.map(|parameter| parameter.name());
                for name in names.filter(|name| example.body.contains_key(*name)) {
                    accept(mock.provider(), example);
                    let reply = mock.provider().respond(&without(&sent, name, example));
                    let refusal = reply.response.headers().get(REFUSAL_HEADER);
                    let refusal = refusal.and_then(|refusal| refusal.to_str().ok());
                    let is_named = refusal.is_some_and(|refusal| refusal.contains(name));
                    assert!(is_named, "{} without {name}: {reply:?}", example.name);
                    refused
                        .lock()
                        .expect("no panic")
                        .insert(case.document.provider.clone());
                }
            }
        }
    });
    assert!(refused.lock().expect("no panic").len() > 50);
}

/// The request of an example, as it arrives.
fn sent(
    endpoint: &'static Endpoint<'static>,
    path: &'static str,
    example: &RequestExample,
) -> Received {
    let server = Server::start(|_| ServerResponse::json(200, r#"{"access_token": "t"}"#));
    drop(send_as(
        client(endpoint, example),
        endpoint,
        path,
        example,
        &server.url(),
    ));
    server.requests().pop().expect("one request")
}

/// The same request without one member of its body.
fn without(sent: &Received, name: &str, example: &RequestExample) -> http::Request<Vec<u8>> {
    let body = match example.format {
        Some(Format::Json) => {
            let mut members: Map<String, Value> =
                serde_json::from_slice(&sent.body).expect("a JSON object");
            members.remove(name);
            Value::Object(members).to_string()
        }
        _ => {
            let mut pairs = form(&sent.body).expect("a form");
            pairs.retain(|(other, _)| other != name);
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(pairs).finish()
        }
    };
    let mut request = http::Request::builder()
        .method(sent.method.as_str())
        .uri(&sent.target);
    for (name, value) in &sent.headers {
        request = request.header(name, value);
    }
    request.body(body.into_bytes()).expect("a request")
}
