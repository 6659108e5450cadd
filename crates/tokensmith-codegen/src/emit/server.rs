//! `src/server.rs`: where the provider can be reached.

use proc_macro2::TokenStream;
use quote::quote;

use super::code_names::ident;
use super::docs;
use super::shown_request::example_url;
use crate::model::{Model, Server, ServerVariable};

pub(crate) fn module(model: &Model) -> TokenStream {
    let title = docs::inline(&model.title);
    let docs = docs::inner(&format!("Where {title} can be reached."));
    let body = if model.servers.is_empty() {
        unknown(model, &title)
    } else {
        declared(model, &title)
    };
    quote! {
        #docs
        use tokensmith_runtime::ServerChoice;

        #body
    }
}

/// The document names no server: the caller does.
fn unknown(model: &Model, title: &str) -> TokenStream {
    let docs = docs::outer(&format!(
        "Where {title} can be reached. The document does not say: every client has to be told."
    ));
    let url = docs::code(&example_url(model));
    let path = model.base_path.as_deref().map_or_else(String::new, |path| {
        format!(" The document says that it ends with {}.", docs::code(path))
    });
    let new_docs = docs::outer(&format!(
        "Returns the server with this base URL, such as {url}.{path}"
    ));
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct Server(String);

        impl Server {
            #new_docs
            pub fn new(url: impl Into<String>) -> Self {
                Self(url.into())
            }
        }

        impl tokensmith_runtime::Server for Server {
            fn choice(&self) -> ServerChoice<'_> {
                ServerChoice::at(&self.0)
            }
        }
    }
}

fn declared(model: &Model, title: &str) -> TokenStream {
    let servers = &model.servers;
    let docs = docs::outer(&format!("A server of {title}."));
    // The first is the default, unless it cannot be named without being told a variable.
    let has_default = servers[0].variables.is_empty();
    let is_plain = servers.iter().all(|server| server.variables.is_empty());
    let copy = is_plain.then(|| quote!(, Copy));
    let default = has_default.then(|| quote!(, Default));
    let variants = servers.iter().enumerate().map(|(index, server)| {
        let default = (index == 0 && has_default).then(|| quote!(#[default]));
        variant(model, server, default)
    });
    let arms = servers.iter().map(arm);
    quote! {
        #docs
        #[derive(Debug, Clone #copy #default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Server { #(#variants),* }

        impl tokensmith_runtime::Server for Server {
            fn choice(&self) -> ServerChoice<'_> {
                match self { #(#arms)* }
            }
        }
    }
}

fn variant(model: &Model, server: &Server, default: Option<TokenStream>) -> TokenStream {
    let name = ident(&server.ident);
    let mut text = variant_docs(server);
    if let Some(sentence) = any_base(server) {
        text.push_str(&format!("\n\n{sentence}"));
    }
    text.push_str(&elsewhere(model, server));
    let docs = docs::outer(&text);
    if server.variables.is_empty() {
        return quote!(#docs #default #name);
    }
    let variables = server.variables.iter().map(|variable| {
        let name = ident(&variable.ident);
        let mut text = variable
            .description
            .as_deref()
            .map(docs::description)
            .unwrap_or_default();
        if text.is_empty() {
            text = format!("{} in the URL.", docs::code(&variable.wire));
        }
        if variable.default.as_deref() == Some("") {
            text.push_str("\n\nUsually empty.");
        } else if let Some(default) = variable
            .default
            .as_ref()
            .filter(|text| is_told(variable, text))
        {
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
        if let Some(pattern) = &variable.pattern {
            text.push_str(&format!("\n\nMatches {} as a whole.", docs::code(pattern)));
        }
        let docs = docs::outer(&text);
        quote!(#docs #name: String)
    });
    quote!(#docs #name { #(#variables),* })
}

/// How a caller has another base URL, where the document has no more than a default.
pub(crate) fn any_base(server: &Server) -> Option<String> {
    let variable = docs::code(&format!("{{{}}}", server.default_of.as_ref()?));
    let text = "is whatever base URL the provider has, and this is its default: \
        `Client::base_url` takes another, with the path behind it.";
    Some(format!(
        "{variable} in the document's URL {}",
        docs::markdown(text)
    ))
}

/// Whether a default is a value that somebody may have, rather than one that stands for it.
fn is_told(variable: &ServerVariable, default: &str) -> bool {
    const PLACEHOLDERS: [&str; 6] = ["", "default", "none", "string", "unknown", "value"];
    let default = default.trim().to_lowercase();
    let is_name = default == variable.wire.to_lowercase();
    let is_example = ["example", "your"]
        .iter()
        .any(|word| default.contains(word));
    !is_name && !is_example && !PLACEHOLDERS.contains(&default.as_str())
}

/// The endpoints that are on other hosts than the server, or that it lacks.
fn elsewhere(model: &Model, server: &Server) -> String {
    let mut text = String::new();
    for endpoint in model
        .endpoints
        .iter()
        .filter(|endpoint| !endpoint.servers.is_empty())
    {
        let own = endpoint
            .servers
            .iter()
            .find(|own| own.server == server.ident);
        let path = endpoint
            .paths
            .first()
            .map_or("", |choice| choice.path.as_str());
        let (kind, path) = (endpoint.kind.as_str(), docs::code(path));
        text.push_str(&match own {
            Some(own) => format!(
                "\n\nThe {kind} endpoint {path} is on {}.",
                docs::code(&own.url)
            ),
            None => format!("\n\nThere is no {kind} endpoint {path}."),
        });
    }
    text
}

/// `name: URL`, or the URL above a longer description.
fn variant_docs(server: &Server) -> String {
    let url = docs::code(&server.url);
    let text = server
        .description
        .as_deref()
        .map(docs::description)
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
    let (name, wire) = (ident(&server.ident), &server.ident);
    if server.variables.is_empty() {
        return quote!(Self::#name => ServerChoice::named(#wire),);
    }
    let fields = server
        .variables
        .iter()
        .map(|variable| ident(&variable.ident));
    let values = server.variables.iter().map(|variable| {
        let (wire, name) = (&variable.wire, ident(&variable.ident));
        quote!(.with_value(#wire, #name))
    });
    quote!(Self::#name { #(#fields),* } => ServerChoice::named(#wire) #(#values)*,)
}
