//! `src/lib.rs`: what the crate is about, and its modules.

use super::print::root;
use super::{docs, front_page, library_name};
use crate::model::{ClientAuth, Endpoint, EndpointKind, Model, Operation, Parameter};

/// The root of the crate.
pub(crate) fn library(model: &Model) -> String {
    const MODULES: [(&str, &str); 7] = [
        ("mod", "client"),
        ("mod", "endpoint"),
        ("pub mod", "error"),
        ("pub mod", "request"),
        ("pub mod", "response"),
        ("pub mod", "scope"),
        ("mod", "server"),
    ];
    let has_scopes = !model.scopes.is_empty();
    let modules = MODULES.into_iter();
    let modules = modules.filter(|(_, name)| *name != "scope" || has_scopes);
    // docs.rs says of each item which feature it needs.
    let badges = "#![cfg_attr(docsrs, feature(doc_cfg))]\n\n";
    root(&crate_docs(model), badges, modules) + "\npub use client::*;\n"
}

fn crate_docs(model: &Model) -> String {
    let title = docs::inline(&model.title);
    let mut text = format!("OAuth 2.0 client for {title}.\n");
    if let Some(description) = model
        .description
        .as_deref()
        .map(docs::description)
        .filter(|text| !text.is_empty())
    {
        text.push_str(&format!("\n{description}\n"));
    }
    text.push_str(&format!(
        "\n# Get a token\n\n```no_run\n{}```\n{}",
        async_example(model),
        front_page::sections(model)
    ));
    if !model.deviations.is_empty() {
        text.push_str("\n# Deviations from RFC 6749\n\n");
        for sentence in &model.deviations {
            text.push_str(&docs::markdown(&format!("- {sentence}")));
            text.push('\n');
        }
    }
    if let Some(url) = &model.docs_url {
        text.push_str(&format!(
            "\nDocumentation of the provider: {}\n",
            docs::inline(url)
        ));
    }
    text
}

/// What the examples show.
pub(crate) struct Shown<'a> {
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) operation: &'a Operation,
    /// Whether it needs nothing but credentials.
    pub(crate) is_free: bool,
    pub(crate) credentials: Proof,
}

/// What a client has to prove who it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    Secret,
    Assertion,
    /// Nothing, or something that the connection has.
    Nothing,
}

/// The request that the examples send: the first that needs nothing but credentials, or else the first.
pub(crate) fn shown(model: &Model) -> Option<Shown<'_>> {
    let operations: Vec<(&Endpoint, &Operation)> = model
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.kind == EndpointKind::Token)
        .flat_map(|endpoint| {
            endpoint
                .operations
                .iter()
                .map(move |operation| (endpoint, operation))
        })
        .collect();
    let is_free = |operation: &Operation| !operation.parameters.iter().any(Parameter::is_argument);
    let free = operations.iter().find(|(_, operation)| is_free(operation));
    let (endpoint, operation) = free.or(operations.first())?;
    Some(Shown {
        endpoint,
        operation,
        is_free: free.is_some(),
        credentials: match endpoint.attributes.authentication.method {
            ClientAuth::PrivateKeyJwt | ClientAuth::AssertionSecret => Proof::Assertion,
            ClientAuth::None | ClientAuth::TlsClientAuth => Proof::Nothing,
            _ => Proof::Secret,
        },
    })
}

/// The body of the example in the crate's documentation.
pub(crate) fn async_example(model: &Model) -> String {
    let library = library_name(&model.name);
    let needs_server = needs_server(model);
    let shown = shown(model);
    let (request, arguments, parameters) = match &shown {
        Some(shown) if shown.is_free => (shown.operation.ident.as_str(), "()", String::new()),
        Some(shown) => (
            shown.operation.ident.as_str(),
            "",
            format!(", request: {library}::{}", shown.operation.ident),
        ),
        None => ("", "", String::new()),
    };
    let credentials = match shown.as_ref().map(|shown| shown.credentials) {
        None | Some(Proof::Secret) => "Credentials::new(\"id\", \"secret\")",
        Some(Proof::Assertion) => "Credentials::with_assertion(\"id\", \"a signed JWT\")",
        Some(Proof::Nothing) => "Credentials::public(\"id\")",
    };
    let request_import = if arguments.is_empty() {
        String::new()
    } else {
        format!("{request}, ")
    };
    let new = if needs_server {
        "Client::for_server(server, credentials)?"
    } else {
        "Client::new(credentials)?"
    };
    let server_parameter = if needs_server {
        format!("server: {library}::Server")
    } else {
        String::new()
    };
    let parameters = format!("{server_parameter}{parameters}")
        .trim_start_matches(", ")
        .to_owned();
    let sent = if arguments.is_empty() {
        "request".to_owned()
    } else {
        format!("{request}::new()")
    };
    format!(
        "use {library}::{{Client, {request_import}Credentials}};\n\
         # async fn example({parameters}) -> Result<(), Box<dyn std::error::Error>> {{\n\
         let credentials = {credentials};\n\
         let client = {new};\n\
         let token = client.send({sent}).await?;\n\
         println!(\"valid for {{:?}}\", token.expires_in());\n\
         # Ok(())\n\
         # }}\n"
    )
}

/// Whether a client has to be told where to go.
pub(crate) fn needs_server(model: &Model) -> bool {
    model
        .servers
        .first()
        .is_none_or(|server| !server.variables.is_empty())
}
