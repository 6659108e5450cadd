//! The examples of the documents are the tests of the generated crates: whoever adds a provider writes none in Rust.
//!
//! Each example of a request is made by the crate's own tables and has to arrive as it stands in the document; each example of a response has to
//! be read as what it says. Prism, which serves the same document, judges the requests too. A parameter that is a secret is one here as well.

mod document;
mod mock;
mod peers;

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Map, Value};
use tokensmith_providers::provider;
use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::{
    Any, BodyFormat, ClientAuth, Credentials, Endpoint, EndpointKind, Error, Operation, Token,
    TokenRequest, TokenResponse as _,
};
use tokensmith_tests::parameters::{Format, form, form_decode};
use tokensmith_tests::prism::Prism;
use tokensmith_tests::strict_server::{Received, Server, ServerResponse};

use document::{Document, RequestExample, ResponseExample};

const ID: &str = "example-client";
const SECRET: &str = "example-secret";

/// A provider: its document, and the token endpoints of its crate.
struct Case {
    document: Document,
    endpoints: Vec<&'static Endpoint<'static>>,
}

/// A token endpoint at one of its paths, with the examples of its operation.
struct Place {
    endpoint: &'static Endpoint<'static>,
    path: &'static str,
    /// The document, with no other operation at the path.
    served: String,
    requests: Vec<RequestExample>,
    responses: Vec<ResponseExample>,
    /// Statuses of responses without a body.
    bare: Vec<u16>,
    /// Refusals of any status.
    defaults: Vec<Value>,
}

fn cases() -> Vec<Case> {
    let cases = document::all().into_iter().map(|document| {
        let description = provider(&document.provider).expect("every document has a crate");
        let endpoints = description.endpoints().iter().copied();
        let tokens = endpoints.filter(|endpoint| endpoint.kind() == EndpointKind::Token);
        Case {
            document,
            endpoints: tokens.collect(),
        }
    });
    cases.collect()
}

impl Case {
    fn places(&self) -> impl Iterator<Item = Place> {
        let endpoints = self.endpoints.iter();
        let paths = endpoints.flat_map(|endpoint| {
            let paths = endpoint.paths().iter();
            paths.map(move |path| (*endpoint, *path))
        });
        paths.map(|(endpoint, path)| self.place(endpoint, path))
    }

    /// The operation of the document that the endpoint was made of. Several may be at one path, and
    /// differ in what stands behind `#`.
    fn place(&self, endpoint: &'static Endpoint<'static>, path: &'static str) -> Place {
        let (provider, method) = (&self.document.provider, endpoint.method().as_str());
        let mut keys = self.document.keys(path, method);
        let fits = |requests: &[RequestExample]| {
            let mut operations = requests.iter().map(|example| operation(endpoint, example));
            !requests.is_empty() && operations.all(|operation| operation.is_some())
        };
        let key = keys.find(|key| fits(&self.document.requests(key, method)));
        let key = key.unwrap_or_else(|| {
            panic!(
                "{provider} has no examples of requests at {path} that its crate takes: give the media type an `example` \
                 for each grant"
            )
        });
        let responses = self.document.responses(key, method);
        assert!(
            responses.iter().any(|response| response.status < 300),
            "{provider} has no example of a success at {path}: give its media type an `example`"
        );
        Place {
            endpoint,
            path,
            served: self.document.with_only(key),
            requests: self.document.requests(key, method),
            responses,
            bare: self.document.bare_statuses(key, method),
            defaults: self.document.default_responses(key, method),
        }
    }
}

/// Does something for each provider, and fails at the end for all for which it failed.
fn for_each(check: impl Fn(&Case)) {
    let fails = |case: &Case| catch_unwind(AssertUnwindSafe(|| check(case))).is_err();
    let failed = cases().into_iter().filter(fails);
    let failed: Vec<String> = failed.map(|case| case.document.provider).collect();
    assert!(failed.is_empty(), "see above: {}", failed.join(", "));
}

/// The part of a generated crate that makes a request.
fn operation(
    endpoint: &'static Endpoint<'static>,
    example: &RequestExample,
) -> Option<&'static Operation<'static>> {
    let grant = example.member(endpoint.grant_type()).map(text);
    let mut operations = endpoint.operations().iter().copied();
    operations.find(|operation| operation.grant_type() == grant.as_deref())
}

/// A value as a form or an argument has it.
fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// How the client of an example authenticates.
fn client(endpoint: &Endpoint<'_>, example: &RequestExample) -> (ClientAuth, Credentials) {
    let member = |name: &str| example.member(name).map(text);
    match (
        member(endpoint.client_id()),
        member(endpoint.client_secret()),
    ) {
        (Some(id), Some(secret)) => {
            let in_query = example.body.get(endpoint.client_secret()).is_none();
            let method = if in_query {
                ClientAuth::Query
            } else {
                ClientAuth::Body
            };
            (method, Credentials::new(id, secret))
        }
        (id, None) if example.member("client_assertion").is_some() => (
            ClientAuth::None,
            Credentials::public(id.unwrap_or_default()),
        ),
        (Some(id), None) => (ClientAuth::None, Credentials::public(id)),
        _ => match endpoint.client_auth() {
            ClientAuth::Auto | ClientAuth::Body => {
                (ClientAuth::Basic, Credentials::new(ID, SECRET))
            }
            method => (method, Credentials::new(ID, SECRET)),
        },
    }
}

/// Makes the request of an example.
fn send(
    endpoint: &'static Endpoint<'static>,
    path: &'static str,
    example: &RequestExample,
    url: &str,
) -> Result<Token, Error> {
    send_as(client(endpoint, example), endpoint, path, example, url)
}

/// Makes the request of an example with a client authentication of the caller's.
fn send_as(
    (auth, credentials): (ClientAuth, Credentials),
    endpoint: &'static Endpoint<'static>,
    path: &'static str,
    example: &RequestExample,
    url: &str,
) -> Result<Token, Error> {
    let operation = operation(endpoint, example).expect("the crate takes the example");
    let mut request = TokenRequest::new(endpoint, operation).path(path);
    let beside = example.beside.iter().map(|(_, name, value)| (name, value));
    for (name, value) in example.body.iter().chain(beside) {
        let own = [
            endpoint.grant_type(),
            endpoint.client_id(),
            endpoint.client_secret(),
        ];
        request = match name.as_str() {
            name if own.contains(&name) => request,
            "scope" if value.is_string() => request.scope(text(value)),
            _ => match value.as_array() {
                Some(items) => items
                    .iter()
                    .fold(request, |request, item| request.parameter(name, text(item))),
                None => request.parameter(name, text(value)),
            },
        };
    }
    let client = Client::<Any>::for_server(url, credentials).expect("the URL is right");
    let client = client.client_auth(auth);
    let client = match example.format {
        Some(Format::Form) => client.format(BodyFormat::Form),
        Some(Format::Json) => client.format(BodyFormat::Json),
        None => client,
    };
    client.send(request)
}

#[test]
fn every_request_arrives_as_its_example_has_it() {
    for_each(|case| {
        for Place {
            endpoint,
            path,
            requests,
            ..
        } in case.places()
        {
            for example in requests {
                let server =
                    Server::start(|_| ServerResponse::json(200, r#"{"access_token": "t"}"#));
                // The response is anybody's: what it is read as does not matter here.
                let outcome = send(endpoint, path, &example, &server.url());
                let [request] = server.requests().try_into().unwrap_or_else(|requests| {
                    panic!(
                        "{}: not one request: {requests:?}, {outcome:?}",
                        example.name
                    )
                });
                check(endpoint, path, &example, &request);
                assert_eq!(
                    server.complaints(),
                    Vec::<String>::new(),
                    "{}",
                    example.name
                );
            }
        }
    });
}

/// Holds a request against its example.
fn check(endpoint: &Endpoint<'_>, path: &str, example: &RequestExample, request: &Received) {
    let name = &example.name;
    assert_eq!(request.method, endpoint.method().as_str(), "{name}");
    let path = example
        .placed("path")
        .fold(path.to_owned(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), &text(value))
        });
    let (target, query) = with_query(&request.target);
    // The path may have a query of its own.
    let (path, mut expected) = with_query(&path);
    expected.extend(pairs(example.placed("query")));
    assert_eq!(target, path, "{name}");
    assert_eq!(sorted(query), sorted(expected), "{name}");
    for (header, value) in example.placed("header") {
        assert_eq!(request.header(header), Some(text(value).as_str()), "{name}");
    }
    match example.format {
        None => assert!(request.body.is_empty(), "{name}"),
        Some(Format::Form) => {
            let mut arrived = form(&request.body).unwrap_or_else(|error| panic!("{name}: {error}"));
            // A public client says who it is (RFC 6749 section 3.2.1), whether or not the example does.
            let is_public = client(endpoint, example).0 == ClientAuth::None;
            if is_public && !example.body.contains_key(endpoint.client_id()) {
                arrived.retain(|(name, _)| name != endpoint.client_id());
            }
            let expected = example
                .body
                .iter()
                .map(|(name, value)| (name.as_str(), value));
            assert_eq!(sorted(arrived), sorted(pairs(expected)), "{name}");
        }
        Some(Format::Json) => {
            let arrived: Map<String, Value> = serde_json::from_slice(&request.body)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(arrived, example.body, "{name}");
        }
    }
    let is_in_header = matches!(
        client(endpoint, example).0,
        ClientAuth::Basic | ClientAuth::BasicRaw | ClientAuth::BasicSecret | ClientAuth::Secret
    );
    assert_eq!(
        request.header("authorization").is_some(),
        is_in_header,
        "{name}"
    );
}

/// Names and values as a form has them.
fn pairs<'v>(members: impl Iterator<Item = (&'v str, &'v Value)>) -> Vec<(String, String)> {
    let pairs = members.flat_map(|(name, value)| {
        let values: Vec<String> = match value.as_array() {
            Some(items) => items.iter().map(text).collect(),
            None => vec![text(value)],
        };
        values.into_iter().map(|value| (name.to_owned(), value))
    });
    pairs.collect()
}

/// A path, and the names and values behind its `?`; a name alone has an empty value.
fn with_query(target: &str) -> (&str, Vec<(String, String)>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let decoded =
        |text: &str| form_decode(text).unwrap_or_else(|error| panic!("{target}: {error}"));
    let pairs = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    });
    (path, pairs.collect())
}

fn sorted(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.sort();
    pairs
}

#[test]
fn every_response_is_read_as_its_example_says() {
    for_each(|case| {
        for Place {
            endpoint,
            path,
            requests,
            responses,
            ..
        } in case.places()
        {
            let request = requests[0].with_secrets_without_words();
            for response in responses {
                let (status, body) = (response.status, response.value.to_string());
                let server = Server::start(move |_| ServerResponse::json(status, body.clone()));
                judge(
                    endpoint,
                    &response,
                    send(endpoint, path, &request, &server.url()),
                );
            }
        }
    });
}

fn judge(endpoint: &Endpoint<'_>, example: &ResponseExample, outcome: Result<Token, Error>) {
    let name = &example.name;
    let tokens = endpoint.access_token().iter();
    let mut tokens = tokens.filter_map(|pointer| example.value.pointer(pointer)?.as_str());
    match (outcome, tokens.next().filter(|_| example.status < 300)) {
        (Ok(token), Some(expected)) => {
            assert_eq!(token.access_token().expose(), expected, "{name}");
            let beside = example.value.get("refresh_token").and_then(Value::as_str);
            if let Some(expected) = beside.filter(|token| !token.is_empty()) {
                let refresh_token = token.refresh_token().map(|token| token.expose());
                assert_eq!(refresh_token, Some(expected), "{name}");
            }
        }
        (Err(error), None) => {
            assert_eq!(error.status(), Some(example.status), "{name}");
            // What the document has as the standard member is the code, unless it says otherwise.
            let code = example.value.get("error").and_then(Value::as_str);
            if let Some(code) = code.filter(|_| endpoint.error_code().is_empty()) {
                let codes = [
                    error.code().map(|code| code.as_str()),
                    error.provider_code(),
                ];
                assert!(codes.contains(&Some(code)), "{name}: {codes:?}");
            }
        }
        other => panic!("{name}: {other:?}"),
    }
}

/// Whether a request left and a response came, whatever it says.
fn has_response(outcome: &Result<Token, Error>) -> bool {
    match outcome {
        Ok(_) => true,
        Err(error) => error.status().is_some(),
    }
}

#[test]
fn prism_has_nothing_against_any_example() {
    // One process for all: if it refuses a document, the next case starts another.
    let running: RefCell<Option<Prism>> = RefCell::new(None);
    for_each(|case| {
        let mut served = String::new();
        for place in case.places() {
            // One document serves all that is at paths of their own.
            if served != place.served {
                let prism = match running.take() {
                    Some(prism) => prism.serve(&place.served),
                    None => Prism::start(&place.served),
                };
                running.replace(Some(prism));
                served.clone_from(&place.served);
            }
            let prism = running.borrow();
            let prism = prism.as_ref().expect("is started");
            for example in place.requests {
                let outcome = send(place.endpoint, place.path, &example, &prism.url());
                let name = &example.name;
                assert!(
                    has_response(&outcome),
                    "{name}: Prism did not respond: {outcome:?}"
                );
                assert_eq!(
                    prism.violations(),
                    Vec::<String>::new(),
                    "{name}: {outcome:?}"
                );
            }
        }
    });
}
