//! `tests/examples.rs`: the examples of the document, sent and read by the crate.

mod answer;
mod request;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{ident, library, provider};
use super::docs;
use crate::model::{Endpoint, EndpointKind, Model, name};

/// The module; nothing where no example becomes a test.
pub(crate) fn examples(model: &Model) -> Option<TokenStream> {
    let mut names = Names::default();
    let mut tests = Vec::new();
    let first = model.servers.first().map(|server| server.ident.as_str());
    // The tests' client is one of the first server.
    let is_there = |endpoint: &&Endpoint| {
        let mut servers = endpoint.servers.iter();
        servers.len() == 0 || servers.any(|own| Some(own.server.as_str()) == first)
    };
    for endpoint in model.endpoints.iter().filter(is_there) {
        for example in &endpoint.examples.requests {
            tests.extend(request::test(model, endpoint, example, &mut names));
        }
        for example in &endpoint.examples.answers {
            tests.extend(answer::test(model, endpoint, example, &mut names));
        }
    }
    if tests.is_empty() {
        return None;
    }
    let docs = docs::inner(&format!(
        "The examples of {}'s document, sent and read by this crate. Nothing leaves the program.",
        docs::inline(&model.title)
    ));
    let (library, provider, server) = (library(model), provider(model), server(model));
    Some(quote! {
        #docs

        use tokensmith_runtime::{Credentials, MockTransport};

        type Outcome = Result<(), Box<dyn std::error::Error>>;

        type Client<'a> = tokensmith_runtime::blocking::Client<#library::#provider, &'a MockTransport>;

        fn client(server: &MockTransport, credentials: Credentials) -> Result<Client<'_>, tokensmith_runtime::Error> {
            Client::with_transport(server, #server, credentials)
        }

        #(#tests)*
    })
}

/// The first server; variables have their defaults.
fn server(model: &Model) -> TokenStream {
    let library = library(model);
    let Some(server) = model.servers.first() else {
        return quote!(#library::Server::new("https://auth.example.com"));
    };
    let name = ident(&server.ident);
    if server.variables.is_empty() {
        return quote!(#library::Server::#name);
    }
    let fields = server.variables.iter().map(|variable| {
        let name = ident(&variable.ident);
        let value = &variable.sample;
        quote!(#name: #value.into())
    });
    quote!(#library::Server::#name { #(#fields),* })
}

/// The names of tests, which are those of their examples as far as these tell them apart.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// A name of these words.
    fn free(&mut self, words: &[&str]) -> String {
        let wanted = name::snake(&words.join(" ")).unwrap_or_else(|| "example".to_owned());
        let wanted = short(wanted.trim_start_matches("r#"));
        let numbered = (2_usize..).map(|number| format!("{wanted}_{number}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        let free = names
            .find(|name| !self.0.contains(name))
            .unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

/// The words of a name that fit on the line of a function's head.
fn short(name: &str) -> &str {
    const LONGEST: usize = 60;
    match name.get(..LONGEST) {
        Some(start) => start.rsplit_once('_').map_or(start, |(words, _)| words),
        None => name,
    }
}

/// The word for an endpoint in a test's name; the token endpoint, where it is the only one, needs none.
fn mark<'a>(endpoint: &Endpoint, noun: &'a str) -> &'a str {
    if noun == EndpointKind::Token.as_str() && endpoint.kind == EndpointKind::Token {
        return "";
    }
    noun
}

/// How a test's documentation calls an endpoint: one that is the only one of its kind, by its kind.
fn noun(model: &Model, endpoint: &Endpoint) -> String {
    let mut counts = BTreeMap::new();
    for other in &model.endpoints {
        *counts.entry(other.kind).or_insert(0) += 1;
    }
    match counts.get(&endpoint.kind) {
        Some(1) => endpoint.kind.as_str().to_owned(),
        _ => endpoint.ident.to_ascii_lowercase().replace('_', " "),
    }
}
