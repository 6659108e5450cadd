//! `src/lib.rs`: the client, and what the crate is about.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{ident, provider, request_types};
use super::{docs, package};
use crate::model::{EndpointKind, Model, Operation, Parameter};

pub(crate) fn library(model: &Model) -> TokenStream {
    let docs = docs::inner(&crate_docs(model));
    let provider = provider(model);
    let provider_docs = docs::outer(&format!(
        "{}, for the type of its client.",
        docs::inline(&model.title)
    ));
    let requests = request_types(model);
    let requests = model
        .endpoints
        .iter()
        .flat_map(|endpoint| {
            endpoint
                .operations
                .iter()
                .map(|operation| operation.ident.clone())
        })
        .filter(|name| requests.contains(name))
        .collect::<std::collections::BTreeSet<_>>();
    let requests: Vec<_> = requests.iter().map(|name| ident(name)).collect();
    let requests = match requests.as_slice() {
        [only] => quote!(pub use request::#only;),
        several => quote!(pub use request::{#(#several),*};),
    };
    let scope = (!model.scopes.is_empty()).then(|| {
        quote!(
            pub mod scope;
        )
    });
    quote! {
        #docs

        mod endpoint;
        pub mod error;
        pub mod request;
        pub mod response;
        #scope
        mod server;

        #requests
        pub use server::Server;
        pub use tokensmith_runtime::{ClientAuth, Credentials, Error, ErrorKind, Secret};

        #provider_docs
        #[derive(Debug, Clone, Copy)]
        pub enum #provider {}

        impl tokensmith_runtime::Provider for #provider {
            type Server = Server;

            const DESCRIPTION: &'static tokensmith_runtime::Description<'static> = &endpoint::DESCRIPTION;
        }

        /// Sends requests; clones share what they have learnt.
        pub type Client<T = tokensmith_runtime::DefaultTransport> = tokensmith_runtime::Client<#provider, T>;

        /// The client for programs that do not use `async`.
        #[cfg(feature = "blocking")]
        pub mod blocking {
            use tokensmith_runtime::DefaultBlockingTransport;

            /// Sends requests and waits for the answer; clones share what they have learnt.
            pub type Client<T = DefaultBlockingTransport> = tokensmith_runtime::blocking::Client<crate::#provider, T>;
        }
    }
}

fn crate_docs(model: &Model) -> String {
    let title = docs::inline(&model.title);
    let mut text = format!("OAuth 2.0 client for {title}.\n");
    if let Some(description) = model
        .description
        .as_deref()
        .map(docs::markdown)
        .filter(|text| !text.is_empty())
    {
        text.push_str(&format!("\n{description}\n"));
    }
    text.push_str(&format!(
        "\n# Example\n\n```no_run\n{}```\n",
        async_example(model)
    ));
    if !model.deviations.is_empty() {
        text.push_str(&format!("\n# Where {title} leaves RFC 6749\n\n"));
        for sentence in &model.deviations {
            text.push_str(&docs::markdown(&format!("- {sentence}")));
            text.push('\n');
        }
    }
    if let Some(url) = &model.docs_url {
        text.push_str(&format!(
            "\nDocumentation of the provider: {}\n",
            docs::markdown(url)
        ));
    }
    text
}

/// The request that the examples send: the first that needs nothing but credentials, or else the first.
pub(crate) fn shown(model: &Model) -> Option<(&Operation, bool)> {
    let operations: Vec<&Operation> = model
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.kind == EndpointKind::Token)
        .flat_map(|endpoint| &endpoint.operations)
        .collect();
    let required = |operation: &Operation| operation.parameters.iter().any(Parameter::is_argument);
    let free = operations.iter().find(|operation| !required(operation));
    free.map(|operation| (*operation, true))
        .or_else(|| operations.first().map(|operation| (*operation, false)))
}

/// The body of the example in the crate's documentation.
pub(crate) fn async_example(model: &Model) -> String {
    let library = package(&model.name).replace('-', "_");
    let needs_server = needs_server(model);
    let (request, arguments, parameters) = match shown(model) {
        Some((operation, true)) => (operation.ident.as_str(), "()", String::new()),
        Some((operation, false)) => (
            operation.ident.as_str(),
            "",
            format!(", request: {library}::{}", operation.ident),
        ),
        None => ("", "", String::new()),
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
         let credentials = Credentials::new(\"id\", \"secret\");\n\
         let client = {new};\n\
         let token = client.send({sent}).await?;\n\
         println!(\"valid for {{:?}}\", token.metadata.expires_in);\n\
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
