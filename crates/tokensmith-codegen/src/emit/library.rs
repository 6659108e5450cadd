//! `src/lib.rs`: the client, and what the crate is about.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{ident, provider, request_types};
use super::{docs, package};
use crate::model::{
    ClientAuth, Endpoint, EndpointKind, Model, Operation, Parameter, ParameterKind, Success,
};

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
        .collect::<BTreeSet<_>>();
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
    let exports = exports(model).into_iter().map(ident);
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
        pub use tokensmith_runtime::{#(#exports),*};

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
            pub type Client<T = DefaultBlockingTransport> = tokensmith_runtime::blocking::Client<super::#provider, T>;
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
            docs::inline(url)
        ));
    }
    text
}

/// What of the runtime a user of the crate has to name.
fn exports(model: &Model) -> BTreeSet<&'static str> {
    let mut exports = BTreeSet::from(["ClientAuth", "Credentials", "Error", "ErrorKind", "Secret"]);
    let endpoints = || model.endpoints.iter();
    exports.extend(endpoints().filter_map(|endpoint| match endpoint.response {
        Success::Introspection => Some("Introspection"),
        Success::DeviceAuthorization => Some("DeviceAuthorization"),
        Success::Token(_) | Success::Nothing => None,
    }));
    let parameters = endpoints()
        .flat_map(|endpoint| &endpoint.operations)
        .flat_map(|operation| &operation.parameters);
    exports.extend(parameters.filter_map(|parameter| match parameter.kind {
        ParameterKind::Assertion => Some("Assertion"),
        ParameterKind::Json => Some("Untyped"),
        _ => None,
    }));
    if endpoints()
        .any(|endpoint| endpoint.attributes.authentication.method == ClientAuth::PrivateKeyJwt)
    {
        exports.insert("Assertion");
    }
    exports
}

/// What the examples show.
pub(crate) struct Shown<'a> {
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
        operation,
        is_free: free.is_some(),
        credentials: match endpoint.attributes.authentication.method {
            ClientAuth::PrivateKeyJwt => Proof::Assertion,
            ClientAuth::None | ClientAuth::TlsClientAuth => Proof::Nothing,
            _ => Proof::Secret,
        },
    })
}

/// The body of the example in the crate's documentation.
pub(crate) fn async_example(model: &Model) -> String {
    let library = package(&model.name).replace('-', "_");
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
