//! `src/client.rs`: the client, and what its methods take and return.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::code_names::{allow_deprecated, ident, provider, request_types};
use super::docs;
use super::manifest::runtime_features;
use super::sign_in::id_token::{self, FEATURE};
use crate::model::{Endpoint, EndpointKind, Model, ParameterKind, Success};

pub(crate) fn module(model: &Model) -> TokenStream {
    let title = docs::inline(&model.title);
    let docs = docs::inner(&format!(
        "The client of {title}, and what its methods take and return."
    ));
    let provider = provider(model);
    let provider_docs = docs::outer(&format!("Marker type for clients of {title}."));
    let client_docs = docs::outer(&format!(
        "A client for {title}. Cloning is cheap: clones share the connection pool and the remembered\n\
         client authentication."
    ));
    let requests = requests(model);
    let exports = exports(model).into_iter().map(ident);
    let token = token(model).map(|name| {
        let name = ident(name);
        let docs = docs::outer(&format!("The token response of {title}."));
        quote!(#docs pub type Token = super::response::#name;)
    });
    let id_tokens = id_token::is_checked(model).then(|| {
        quote! {
            #[cfg(feature = #FEATURE)]
            pub use tokensmith_runtime::{ExpectedIdToken, IdToken, UserInfo};
        }
    });
    let allowed = allow_deprecated(model);
    quote! {
        #docs
        #allowed

        use tokensmith_runtime as runtime;

        #requests
        pub use super::server::Server;
        pub use tokensmith_runtime::protocol::Settings;
        pub use tokensmith_runtime::{#(#exports),*};
        #[cfg(feature = "hyper")]
        pub use tokensmith_runtime::{HyperTransport, TlsOptions};
        #id_tokens

        #provider_docs
        #[derive(Debug, Clone, Copy)]
        pub enum #provider {}

        impl runtime::Provider for #provider {
            type Server = Server;

            const DESCRIPTION: &'static runtime::Description<'static> = &super::endpoint::DESCRIPTION;
        }

        #token

        #client_docs
        pub type Client<T = runtime::DefaultTransport> = runtime::Client<#provider, T>;

        /// The client for programs that do not use `async`.
        #[cfg(feature = "blocking")]
        pub mod blocking {
            use super::#provider;
            use super::runtime::{DefaultBlockingTransport, blocking};
            pub use super::runtime::BlockingHyperTransport;

            #client_docs
            pub type Client<T = DefaultBlockingTransport> = blocking::Client<#provider, T>;
        }
    }
}

/// The type of the first token endpoint's response.
fn token(model: &Model) -> Option<&str> {
    model
        .endpoints
        .iter()
        .find_map(|endpoint| match &endpoint.response {
            Success::Token(name) => Some(name.as_str()),
            _ => None,
        })
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

/// What of the runtime the client's methods take and return, without features.
fn exports(model: &Model) -> BTreeSet<&'static str> {
    let mut exports = BTreeSet::from([
        "BodyFormat",
        "ClientAuth",
        "Credentials",
        "Error",
        "ErrorCode",
        "ErrorKind",
        "Extra",
        "Metadata",
        "Retry",
        "Secret",
        "Timeouts",
        "Untyped",
        "Warning",
    ]);
    for feature in runtime_features(model) {
        match feature {
            "authorization" => {
                exports.extend(["Authorization", "PendingAuthorization", "Redirect"]);
            }
            "dpop" => {
                exports.insert("DpopKey");
            }
            _ => {}
        }
    }
    let endpoints = || model.endpoints.iter();
    exports.extend(endpoints().filter_map(|endpoint| match endpoint.response {
        Success::Introspection => Some("Introspection"),
        Success::DeviceAuthorization => Some("DeviceAuthorization"),
        Success::PushedAuthorization => Some("PushedAuthorization"),
        Success::Registration => Some("RegisteredClient"),
        Success::Token(_) | Success::Nothing => None,
    }));
    if endpoints().any(|endpoint| endpoint.kind == EndpointKind::EndSession) {
        exports.extend(["Logout", "PendingLogout"]);
    }
    let mut parameters = endpoints()
        .flat_map(|endpoint| &endpoint.operations)
        .flat_map(|operation| &operation.parameters);
    let takes_assertion =
        parameters.any(|parameter| matches!(parameter.kind, ParameterKind::Assertion));
    let signs = |endpoint: &Endpoint| {
        let method = endpoint.attributes.authentication.method;
        method.is_signed_with_key()
    };
    if takes_assertion || endpoints().any(signs) {
        exports.insert("Assertion");
    }
    exports
}
