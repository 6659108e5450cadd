//! The examples of the documents are the tests of the generated crates: whoever adds a provider writes none in Rust.
//!
//! Each example of a request is made by the crate's own tables and has to arrive as it stands in the document; each example of a response has to
//! be read as what it says. Prism, which serves the same document, judges the requests too. A parameter that is a secret is one here as well.

mod document;

use serde_json::Value;
use tokensmith_providers::provider;
use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::{
    Any, BodyFormat, ClientAuth, Credentials, Endpoint, EndpointKind, Error, Operation, Token,
    TokenRequest, TokenResponse as _,
};
use tokensmith_tests::parameters::Format;
use tokensmith_tests::prism::Prism;
use tokensmith_tests::strict_server::{Server, ServerResponse};

use document::{Document, RequestExample, ResponseExample};

const ID: &str = "example-client";
const SECRET: &str = "example-secret";

/// The part of a generated crate that makes a request.
fn operation(
    document: &Document,
    path: &str,
    grant: &str,
) -> (&'static Endpoint<'static>, &'static Operation<'static>) {
    let description = provider(&document.provider).expect("every document has a crate");
    let endpoints = description.endpoints().iter().copied();
    let mut tokens = endpoints.filter(|endpoint| {
        endpoint.kind() == EndpointKind::Token
            && endpoint.paths().iter().any(|known| known.ends_with(path))
    });
    let endpoint = tokens
        .next()
        .unwrap_or_else(|| panic!("{} has no token endpoint at {path}", document.provider));
    let mut operations = endpoint.operations().iter().copied();
    let operation = operations.find(|operation| operation.grant_type() == Some(grant));
    (
        endpoint,
        operation.unwrap_or_else(|| panic!("{} takes no {grant}", document.provider)),
    )
}

/// A value as a form or an argument has it.
fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Makes the request of an example.
fn send(document: &Document, example: &RequestExample, url: &str) -> Result<Token, Error> {
    let member = |name: &str| example.members.get(name).map(text);
    let grant = member("grant_type").expect("has a grant");
    let (endpoint, operation) = operation(document, &example.path, &grant);
    let mut paths = endpoint.paths().iter().copied();
    // On a server of its own a path is a whole URL.
    let whole = paths.clone().find(|known| known.ends_with(&example.path));
    let path = paths.find(|known| *known == example.path).or(whole);
    let mut request = TokenRequest::new(endpoint, operation).path(path.unwrap_or_default());
    for (name, value) in &example.members {
        request = match name.as_str() {
            "grant_type" | "client_id" | "client_secret" => request,
            "scope" => request.scope(text(value)),
            _ => request.parameter(name, text(value)),
        };
    }
    let (auth, credentials) = match (member("client_id"), member("client_secret")) {
        (Some(id), Some(secret)) => (ClientAuth::Body, Credentials::new(id, secret)),
        (Some(id), None) => (ClientAuth::None, Credentials::public(id)),
        _ => (ClientAuth::Basic, Credentials::new(ID, SECRET)),
    };
    let format = match example.format {
        Format::Form => BodyFormat::Form,
        Format::Json => BodyFormat::Json,
    };
    let client = Client::<Any>::for_server(url, credentials).expect("the URL is right");
    client.client_auth(auth).format(format).send(request)
}

#[test]
fn every_request_arrives_as_its_example_has_it() {
    for document in document::all() {
        let examples = document.requests();
        assert!(
            !examples.is_empty() || !document.has_bodies(),
            "{} has no example of a request: give its media type an `example`",
            document.provider
        );
        for example in examples {
            let server = Server::start(|_| {
                ServerResponse::json(
                    200,
                    r#"{"access_token": "t", "data": {"access_token": "t"}}"#,
                )
            });
            send(&document, &example, &server.url())
                .unwrap_or_else(|error| panic!("{}: {error}", example.name));
            let [request] = server
                .requests()
                .try_into()
                .unwrap_or_else(|_| panic!("{}: not one request", example.name));
            assert_eq!(
                (request.method.as_str(), request.target.as_str()),
                ("POST", example.path.as_str()),
                "{}",
                example.name
            );
            let mut arrived = example
                .format
                .read(&request.body)
                .unwrap_or_else(|error| panic!("{}: {error}", example.name));
            arrived.sort();
            let mut expected: Vec<(String, String)> = example
                .members
                .iter()
                .map(|(name, value)| (name.clone(), text(value)))
                .collect();
            expected.sort();
            assert_eq!(arrived, expected, "{}", example.name);
            let is_in_body = example.members.contains_key("client_secret");
            assert_eq!(
                request.header("authorization").is_none(),
                is_in_body,
                "{}",
                example.name
            );
            assert_eq!(
                server.complaints(),
                Vec::<String>::new(),
                "{}",
                example.name
            );
        }
    }
}

#[test]
fn every_response_is_read_as_its_example_says() {
    for document in document::all() {
        let Some(request) = document.requests().pop() else {
            assert!(!document.has_bodies(), "{}", document.provider);
            continue;
        };
        let responses = document.responses();
        assert!(
            responses.iter().any(|response| response.status < 300),
            "{} has no example of a success: give its media type an `example`",
            document.provider
        );
        for response in responses {
            let (status, body) = (response.status, response.value.to_string());
            let server = Server::start(move |_| ServerResponse::json(status, body.clone()));
            judge(&response, send(&document, &request, &server.url()));
        }
    }
}

fn judge(example: &ResponseExample, outcome: Result<Token, Error>) {
    let name = &example.name;
    match outcome {
        Ok(token) if example.status < 300 => {
            let expected = find(&example.value, "access_token").and_then(Value::as_str);
            assert_eq!(Some(token.access_token().expose()), expected, "{name}");
            let expected = find(&example.value, "refresh_token").and_then(Value::as_str);
            assert_eq!(
                token.refresh_token().map(|token| token.expose()),
                expected,
                "{name}"
            );
        }
        Err(error) if example.status >= 400 => {
            assert_eq!(error.status(), Some(example.status), "{name}");
            if let Some(code) = example.value.get("error").and_then(Value::as_str) {
                assert_eq!(error.code().map(|code| code.as_str()), Some(code), "{name}");
            }
        }
        other => panic!("{name}: {other:?}"),
    }
}

/// The first member of this name, however deep.
fn find<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let members = value.as_object()?;
    members
        .get(name)
        .or_else(|| members.values().find_map(|member| find(member, name)))
}

#[test]
fn prism_has_nothing_against_any_example() {
    for document in document::all() {
        let prism = Prism::start(&document.text);
        for example in document.requests() {
            send(&document, &example, &prism.url())
                .unwrap_or_else(|error| panic!("{}: {error}", example.name));
        }
        assert_eq!(
            prism.violations(),
            Vec::<String>::new(),
            "{}",
            document.provider
        );
    }
}
