//! `tests/examples`: the examples of the document, sent and read by the crate.

mod request;
mod response;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::code::{Mentioned, library, provider};
use super::print::root;
use super::{docs, shown};
use crate::model::{Endpoint, EndpointKind, Model, name};

/// The functions that the tests share, as far as they import them.
const HELPERS: [&str; 9] = [
    "assert_basic",
    "assert_form",
    "assert_json",
    "assert_parts",
    "assert_query",
    "assert_sent_to",
    "json",
    "received",
    "sent",
];

/// A program of tests.
pub(crate) struct Examples {
    /// `main.rs`.
    pub(crate) root: String,
    /// The modules that it declares, by name.
    pub(crate) modules: BTreeMap<&'static str, TokenStream>,
}

/// The tests; nothing where no example becomes one.
pub(crate) fn examples(model: &Model) -> Option<Examples> {
    let first = model.servers.first().map(|server| server.ident.as_str());
    // The tests' client is one of the first server.
    let is_there = |endpoint: &&Endpoint| {
        let mut servers = endpoint.servers.iter();
        servers.len() == 0 || servers.any(|own| Some(own.server.as_str()) == first)
    };
    let endpoints: Vec<&Endpoint> = model.endpoints.iter().filter(is_there).collect();
    let mut mentioned = Mentioned::default();
    let mut modules = BTreeMap::new();
    let tests = [
        ("requests", request::module(model, &endpoints)),
        ("responses", response::module(model, &endpoints)),
    ];
    for (name, tests) in tests {
        let Some((module, mentions)) = tests else {
            continue;
        };
        modules.insert(name, module);
        mentioned.extend(mentions);
    }
    if modules.is_empty() {
        return None;
    }
    modules.insert("support", support(model, &mentioned));
    let docs = format!(
        "The examples of {}'s document, sent and read by this crate. Nothing leaves the program.",
        docs::inline(&model.title)
    );
    let declared = modules.keys().map(|name| ("mod", *name));
    Some(Examples {
        root: root(&docs, "", declared),
        modules,
    })
}

/// What the tests share, as far as they mention it.
fn support(model: &Model, tests: &Mentioned) -> TokenStream {
    const RUNTIME: [&str; 6] = [
        "Credentials",
        "Error",
        "MockTransport",
        "Request",
        "SentRequest",
        "Untyped",
    ];
    /// In the order of a request: it is sent, checked, and what it holds is read.
    const WRITTEN: [&str; 9] = [
        "sent",
        "received",
        "assert_sent_to",
        "assert_basic",
        "assert_query",
        "assert_form",
        "assert_parts",
        "assert_json",
        "json",
    ];
    let docs = docs::inner("What the tests share.");
    let (library, provider) = (library(model), provider(model));
    let server = shown::server(model, &quote!(#library::Server));
    let helpers = WRITTEN.into_iter().filter(|helper| match *helper {
        "json" => tests.has("json") || tests.has("assert_json"),
        name => tests.has(name),
    });
    let helpers = helpers.map(|helper| self::helper(helper, &provider));
    let body = quote! {
        type Client<'a> = tokensmith_runtime::blocking::Client<#provider, &'a MockTransport>;

        fn client(transport: &MockTransport, credentials: Credentials) -> Client<'_> {
            Client::with_transport(transport, #server, credentials).expect("the server is valid")
        }

        #(#helpers)*
    };
    let runtime = Mentioned::in_code(&body, &RUNTIME).among(&RUNTIME);
    quote! {
        #docs

        use #library::#provider;
        use tokensmith_runtime::{#(#runtime),*};

        #body
    }
}

/// A function that tests share.
fn helper(name: &str, provider: &Ident) -> TokenStream {
    match name {
        "sent" => sent(provider),
        "received" => received(provider),
        "assert_sent_to" => quote! {
            /// Checks the method and the path of a request.
            pub(crate) fn assert_sent_to(sent: &SentRequest, method: &str, path: &str) {
                let url = sent.url();
                let (url, _) = url.split_once('?').unwrap_or((&url, ""));
                assert!(sent.method() == method && url.ends_with(path), "{} {url}", sent.method());
            }
        },
        "assert_basic" => quote! {
            /// Checks the credentials of HTTP Basic, `id:secret`.
            pub(crate) fn assert_basic(sent: &SentRequest, expected: &str) {
                assert_eq!(sent.basic().as_deref(), Some(expected));
            }
        },
        "assert_query" => quote! {
            /// Checks the parameters of the URL's query.
            pub(crate) fn assert_query(sent: &SentRequest, expected: &[&str]) {
                assert_eq!(sent.query(), expected);
            }
        },
        "assert_form" => quote! {
            /// Checks the fields of a form.
            pub(crate) fn assert_form(sent: &SentRequest, expected: &[&str]) {
                assert_eq!(sent.form(), expected);
            }
        },
        "assert_parts" => quote! {
            /// Checks the fields of a body in parts.
            pub(crate) fn assert_parts(sent: &SentRequest, expected: &[&str]) {
                assert_eq!(sent.parts(), expected);
            }
        },
        "assert_json" => quote! {
            /// Checks the body of a request in JSON.
            pub(crate) fn assert_json(sent: &SentRequest, expected: &str) {
                assert_eq!(sent.json().ok().as_ref(), Some(json(expected).get()));
            }
        },
        _ => quote! {
            /// Reads JSON that stands in a test.
            pub(crate) fn json(text: &str) -> Untyped {
                text.parse().expect("the test has valid JSON")
            }
        },
    }
}

fn sent(provider: &Ident) -> TokenStream {
    quote! {
        /// Sends a request to nobody, and returns what was sent.
        pub(crate) fn sent<R>(
            credentials: Credentials,
            configure: impl FnOnce(Client<'_>) -> Client<'_>,
            request: R,
        ) -> SentRequest
        where
            R: Request<Provider = #provider>,
        {
            let transport = MockTransport::new();
            let client = configure(client(&transport, credentials));
            assert!(client.send(request).is_err(), "nobody is there to respond");
            transport.only_request().expect("one request is sent")
        }
    }
}

fn received(provider: &Ident) -> TokenStream {
    quote! {
        /// Sends a request, and reads this response.
        pub(crate) fn received<R>(
            status: u16,
            media_type: &str,
            body: &str,
            credentials: Credentials,
            request: R,
        ) -> Result<R::Response, Error<R::Error>>
        where
            R: Request<Provider = #provider>,
        {
            let transport = MockTransport::new().respond(status, media_type, body);
            client(&transport, credentials).send(request)
        }
    }
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
