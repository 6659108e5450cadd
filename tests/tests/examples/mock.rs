//! The mocks of all providers give the generated crates tokens for the requests of the examples.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use tokensmith_mock::{
    Fault, MockClient, MockProvider, MockServer, Options, Provider, REFUSAL_HEADER,
};
use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::{Audience, ClientAuth, Credentials, Endpoint, TokenResponse as _};
use tokensmith_tests::parameters::{Format, form};
use tokensmith_tests::strict_server::{Received, Server, ServerResponse};

use super::document::{self, RequestExample, ResponseExample};
use super::{Case, Place, for_each, operation, send_as, text};

/// Starts the mock of a provider.
pub(super) fn mock(case: &Case) -> MockServer {
    mock_with(case, Options::new())
}

fn mock_with(case: &Case, options: Options) -> MockServer {
    let name = &case.document.provider;
    let mut entries = PROVIDERS.iter();
    let entry = entries.find(|entry| entry.description.name() == name);
    let entry = entry.expect("every document has a crate");
    let provider = Provider::of(entry, options);
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

/// The documents' client assertions are texts; the mock asks for JWTs for the server at a URL.
pub(super) fn with_jwt(
    mut example: RequestExample,
    endpoint: &Endpoint<'_>,
    url: &str,
) -> RequestExample {
    if let Some(assertion) = example.body.get_mut("client_assertion") {
        let audience = match endpoint.audience() {
            Audience::Fixed(text) => text,
            Audience::Url | Audience::Issuer => url,
        };
        let claims = json!({"iss": "i", "sub": "i", "aud": audience, "exp": 4_000_000_000_u64});
        let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
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
                let example = with_jwt(example, endpoint, &mock.url());
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
                let example = &with_jwt(example, endpoint, LOCALHOST);
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
    // A provider may have nothing that is required; most have.
    let refused = refused.lock().expect("no panic").len();
    assert!(document::only().is_some() || refused > 50);
}

/// A refusal has a status and an envelope of the document's own examples.
#[test]
fn the_mock_refuses_as_the_document_shows_it() {
    let compared = AtomicUsize::new(0);
    for_each(|case| {
        let options = Options::new().client(MockClient::new("somebody-else", "s"));
        let mock = mock_with(case, options);
        for place in case.places() {
            let shown: Vec<(u16, BTreeSet<String>)> = place
                .responses
                .iter()
                .filter(|response| is_refusal(place.endpoint, response))
                .map(|response| (response.status, keys(&response.value)))
                .collect();
            let requests = place.requests.iter();
            for example in requests.filter(|example| client(place.endpoint, example).1.id() != "") {
                let sent = sent(place.endpoint, place.path, example);
                let response = mock
                    .provider()
                    .respond(&without(&sent, "", example))
                    .response;
                let seen = mock.provider().requests().pop().expect("the request");
                if seen.refused.is_none() {
                    // A request without a client is not refused for its client.
                    continue;
                }
                let refusal = response.headers().get(REFUSAL_HEADER);
                assert!(refusal.is_some(), "{}: {response:?}", example.name);
                let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
                let found = (response.status().as_u16(), keys(&body));
                let is_bare = response.body().is_empty() && place.bare.contains(&found.0);
                assert!(
                    shown.is_empty() && place.defaults.is_empty()
                        || is_bare
                        || shown.contains(&found)
                        || place.defaults.iter().any(|value| keys(value) == found.1),
                    "{}: {refusal:?} as {found:?} is not among {shown:?}",
                    example.name
                );
                compared.fetch_add(usize::from(!shown.is_empty()), Ordering::Relaxed);
            }
        }
    });
    let compared = compared.into_inner();
    assert!(document::only().is_some() || compared > 100, "{compared}");
}

/// Whether the document shows a refusal: by its status, or because it has no token.
fn is_refusal(endpoint: &Endpoint<'_>, response: &ResponseExample) -> bool {
    let mut tokens = endpoint.access_token().iter();
    response.status >= 400
        || !tokens.any(|at| response.value.pointer(at).is_some_and(Value::is_string))
}

/// The members of an envelope, by where they are.
fn keys(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![(String::new(), value)];
    while let Some((at, value)) = open.pop() {
        let inner: Vec<(String, &Value)> = match value {
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), value))
                .collect(),
            Value::Array(items) => items.iter().map(|item| ("0".to_owned(), item)).collect(),
            _ => Vec::new(),
        };
        for (name, value) in inner {
            let at = format!("{at}/{name}");
            found.insert(at.clone());
            open.push((at, value));
        }
    }
    found
}

/// Where a request without a host is taken to go.
const LOCALHOST: &str = "http://localhost";

const FORM: &str = "application/x-www-form-urlencoded";

/// What three providers are known for.
#[test]
fn refusals_are_those_that_the_providers_are_known_for() {
    let refused = |name: &str, path: &str, media_type: &str, body: &str| {
        let mut entries = PROVIDERS.iter();
        let entry = entries.find(|entry| entry.description.name() == name);
        let provider = Provider::of(entry.expect("is built in"), Options::new());
        let request = http::Request::post(path)
            .header("content-type", media_type)
            .body(body.as_bytes().to_vec());
        let response = provider.respond(&request.expect("a request")).response;
        let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
        (response.status().as_u16(), body)
    };
    let form = "grant_type=client_credentials";
    let (status, body) = refused("ups", "/security/v1/oauth/token", FORM, form);
    let code = &body["response"]["errors"][0]["code"];
    assert_eq!((status, code), (401, &"10401".into()));
    let form = "grant_type=refresh_token&refresh_token=x&client_id=i&client_secret=s";
    let (status, body) = refused("slack", "/api/oauth.v2.access", FORM, form);
    let code = (&body["ok"], &body["error"]);
    assert_eq!(
        (status, code),
        (200, (&false.into(), &"invalid_refresh_token".into()))
    );
    let json = r#"{"grant_type": "client_credentials"}"#;
    let (status, body) = refused("moveworks", "/oauth/v1/token", "application/json", json);
    assert_eq!((status, body), (401, Value::Null));
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
    for (name, value) in sent
        .headers
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("host"))
    {
        request = request.header(name, value);
    }
    request.body(body.into_bytes()).expect("a request")
}

/// A test of a user's, with the generated crate.
#[tokio::test]
async fn a_generated_crate_is_tested_by_its_mock() {
    use tokensmith_moov::{ClientCredentials, ErrorCode, Moov, RefreshToken};
    let busy = Fault::status(503).grant("client_credentials").times(1);
    let mock = MockProvider::<Moov>::with_options(Options::new().fault(busy));
    let mock = mock.expect("a free port");
    let client = mock.client(Credentials::new("id", "secret"));
    let client = client.expect("the URL is valid");
    // The client sends it again.
    let token = client
        .send(ClientCredentials::new().scope("/ping.read"))
        .await;
    let token = token.expect("a token");
    assert_eq!(token.scopes(), Some(&["/ping.read".to_owned()][..]));
    let refresh_token = token.refresh_token.expect("a refresh token");
    let next = client.send(RefreshToken::new(&refresh_token)).await;
    assert!(mock.is_active(next.expect("the next").access_token.expose()));
    mock.set_faults(vec![Fault::refuse("invalid_grant")]);
    let error = client.send(RefreshToken::new(&refresh_token)).await;
    let error = error.expect_err("refused");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidGrant));
    let grants: Vec<_> = mock
        .requests()
        .into_iter()
        .filter_map(|seen| seen.grant)
        .collect();
    assert_eq!(grants.len(), 4, "{grants:?}");
    assert_eq!(mock.counts()["client_credentials"].faults, 1);
}
