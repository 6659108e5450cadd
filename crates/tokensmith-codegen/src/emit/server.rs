//! `src/server.rs`: where the provider can be reached.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{ident, template};
use super::docs;
use crate::model::{Model, Server};

pub(crate) fn module(model: &Model) -> TokenStream {
    let title = docs::inline(&model.title);
    let docs = docs::inner(&format!("Where {title} can be reached."));
    let body = if model.servers.is_empty() {
        unknown(&title)
    } else {
        declared(&model.servers, &title)
    };
    quote! {
        #docs
        #body
    }
}

/// The document names no server: the caller does.
fn unknown(title: &str) -> TokenStream {
    let docs = docs::outer(&format!(
        "Where {title} can be reached. The document does not say: every client has to be told."
    ));
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct Server(String);

        impl Server {
            /// The server with this base URL, such as `https://api.example.com`.
            pub fn new(url: impl Into<String>) -> Self {
                Self(url.into())
            }
        }

        impl tokensmith_runtime::Server for Server {
            fn url(&self) -> std::borrow::Cow<'_, str> {
                self.0.as_str().into()
            }
        }
    }
}

fn declared(servers: &[Server], title: &str) -> TokenStream {
    let docs = docs::outer(&format!("A server of {title}."));
    // The first is the default, unless it cannot be named without being told a variable.
    let has_default = servers[0].variables.is_empty();
    let is_plain = servers.iter().all(|server| server.variables.is_empty());
    let copy = is_plain.then(|| quote!(, Copy));
    let default = has_default.then(|| quote!(, Default));
    let variants = servers.iter().enumerate().map(|(index, server)| {
        let default = (index == 0 && has_default).then(|| quote!(#[default]));
        variant(server, default)
    });
    let arms = servers.iter().map(arm);
    quote! {
        #docs
        #[derive(Debug, Clone #copy #default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Server { #(#variants),* }

        impl tokensmith_runtime::Server for Server {
            fn url(&self) -> std::borrow::Cow<'_, str> {
                match self { #(#arms)* }
            }
        }
    }
}

fn variant(server: &Server, default: Option<TokenStream>) -> TokenStream {
    let name = ident(&server.ident);
    let docs = docs::outer(&variant_docs(server));
    if server.variables.is_empty() {
        return quote!(#docs #default #name);
    }
    let variables = server.variables.iter().map(|variable| {
        let name = ident(&variable.ident);
        let mut text = variable
            .description
            .as_deref()
            .map(docs::markdown)
            .unwrap_or_default();
        if text.is_empty() {
            text = format!("{} in the URL.", docs::code(&variable.wire));
        }
        if let Some(default) = &variable.default {
            text.push_str(&format!("\n\nUsually {}.", docs::code(default)));
        }
        if !variable.values.is_empty() {
            let values: Vec<String> = variable
                .values
                .iter()
                .map(|value| docs::code(value))
                .collect();
            text.push_str(&format!("\n\nOne of {}.", values.join(", ")));
        }
        let docs = docs::outer(&text);
        quote!(#docs #name: String)
    });
    quote!(#docs #name { #(#variables),* })
}

/// `name: URL`, or the URL above a longer description.
fn variant_docs(server: &Server) -> String {
    let url = docs::code(&server.url);
    let text = server
        .description
        .as_deref()
        .map(docs::markdown)
        .unwrap_or_default();
    if text.is_empty() {
        url
    } else if docs::is_sentence(&text) {
        format!("{}: {url}", text.trim_end_matches('.'))
    } else {
        format!("{url}\n\n{text}")
    }
}

fn arm(server: &Server) -> TokenStream {
    let (name, url) = (ident(&server.ident), &server.url);
    if server.variables.is_empty() {
        return quote!(Self::#name => #url.into(),);
    }
    let fields: Vec<_> = server
        .variables
        .iter()
        .map(|variable| ident(&variable.ident))
        .collect();
    let pairs: Vec<_> = server
        .variables
        .iter()
        .map(|variable| (variable.wire.as_str(), variable.ident.as_str()))
        .collect();
    let template = template(url, &pairs);
    quote!(Self::#name { #(#fields),* } => #template.into(),)
}
