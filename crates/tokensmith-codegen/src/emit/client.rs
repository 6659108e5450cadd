//! `src/client.rs`: the client, and what its methods take and return.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{ident, provider, request_types};
use super::docs;
use crate::model::{ClientAuth, Model, ParameterKind, Success};

pub(crate) fn module(model: &Model) -> TokenStream {
    let title = docs::inline(&model.title);
    let docs = docs::inner(&format!(
        "The client of {title}, and what its methods take and return."
    ));
    let provider = provider(model);
    let provider_docs = docs::outer(&format!("{title}, for the type of its client."));
    let requests = requests(model);
    let exports = exports(model).into_iter().map(ident);
    quote! {
        #docs

        use tokensmith_runtime as runtime;

        #requests
        pub use super::server::Server;
        pub use tokensmith_runtime::{#(#exports),*};

        #provider_docs
        #[derive(Debug, Clone, Copy)]
        pub enum #provider {}

        impl runtime::Provider for #provider {
            type Server = Server;

            const DESCRIPTION: &'static runtime::Description<'static> = &super::endpoint::DESCRIPTION;
        }

        /// Sends requests; clones share what they have learnt.
        pub type Client<T = runtime::DefaultTransport> = runtime::Client<#provider, T>;

        /// The client for programs that do not use `async`.
        #[cfg(feature = "blocking")]
        pub mod blocking {
            use super::#provider;
            use super::runtime::{DefaultBlockingTransport, blocking};

            /// Sends requests and waits for the answer; clones share what they have learnt.
            pub type Client<T = DefaultBlockingTransport> = blocking::Client<#provider, T>;
        }
    }
}

/// The requests that operations make, without the types of their parameters.
fn requests(model: &Model) -> TokenStream {
    let types = request_types(model);
    let operations = model
        .endpoints
        .iter()
        .flat_map(|endpoint| &endpoint.operations);
    let names: BTreeSet<&str> = operations
        .map(|operation| operation.ident.as_str())
        .filter(|name| types.contains(*name))
        .collect();
    let names: Vec<_> = names.into_iter().map(ident).collect();
    match names.as_slice() {
        [only] => quote!(pub use super::request::#only;),
        several => quote!(pub use super::request::{#(#several),*};),
    }
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
