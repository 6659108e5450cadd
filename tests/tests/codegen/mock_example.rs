//! What the mock of a crate's first page responds with is a token for that crate.

use tokensmith_codegen::emit::Manifest;
use tokensmith_codegen::model::{EndpointKind, sample};
use tokensmith_description::Shelves;
use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::{
    Any, ClientAuth, Credentials, MockTransport, Token, TokenRequest, TokenResponse as _,
};

use crate::documents::{self, Document, files};

#[test]
fn the_mock_of_the_first_page_is_accepted() {
    let mut bodies = Vec::new();
    for document in documents::fixtures().iter().chain(&documents::providers()) {
        let body = check(document);
        bodies.extend(body);
    }
    assert!(bodies.len() > 40, "{} mocks", bodies.len());
    // Places and marks of which there are fixtures.
    let usual = r#"{"access_token":"abc"}"#;
    let others = bodies.iter().filter(|body| *body != usual).count();
    assert!(others > 3, "{bodies:#?}");
}

/// Has the first page's body read as a response to the first page's request; nothing where there is no mock.
fn check(document: &Document) -> Option<String> {
    let name = &document.name;
    let model = document.read_as(name).model?;
    let library = &files(&model, name, Manifest::Workspace)["src/lib.rs"];
    let (_, mock) = library.split_once("# Test with a mock")?;
    let after = |mark: &str| Some(mock.split_once(mark)?.1);
    let literal = after("let body = ")?.split_once(";\n")?.0;
    let literal: syn::LitStr = syn::parse_str(literal).expect("is a text");
    let body = literal.value();
    let call = after("let request = ")?.split_once("::new(")?.0;
    let request = call.rsplit("::").next()?;

    let shelves = Shelves::default();
    let description = model.describe(&shelves);
    let places = model.endpoints.iter().zip(description.endpoints());
    let mut operations = places
        .filter(|(endpoint, _)| endpoint.kind == EndpointKind::Token)
        .flat_map(|(endpoint, described)| {
            let operations = endpoint.operations.iter().zip(described.operations());
            operations.map(move |(operation, table)| (*described, operation, *table))
        });
    let (endpoint, operation, table) = operations
        .find(|(_, operation, _)| operation.ident == request)
        .unwrap_or_else(|| panic!("{name} has no {request}"));
    let mut wanted = TokenRequest::new(endpoint, table);
    let required = operation.parameters.iter();
    for parameter in required.filter(|parameter| parameter.is_argument()) {
        wanted = wanted.parameter(&parameter.wire, sample::sample(parameter));
    }
    let transport = MockTransport::new().respond(200, "application/json", body.as_str());
    let credentials = Credentials::new("id", "secret");
    let client = Client::<Any, _>::with_transport(&transport, "https://a.example", credentials);
    let client = client
        .expect("the server is valid")
        .client_auth(ClientAuth::Basic);
    let token: Token = client
        .send(wanted)
        .unwrap_or_else(|error| panic!("{name}: {error}\n{body}"));
    assert_eq!(token.access_token().expose(), "abc", "{name}: {body}");
    Some(body)
}
