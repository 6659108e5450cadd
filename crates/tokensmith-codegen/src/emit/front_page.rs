//! The examples on the first page of a crate's documentation.

mod mock;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::code_names::{ident, library};
use super::shown_request::{self, Proof, Shown, is_free, needs_server, shown};
use super::sign_in::id_token;
use super::snippet::{framed, program as printed};
use super::{docs, sign_in};
use crate::model::{ErrorCase, Model, ParameterKind};

/// The whole programs among the examples: the README has them too.
pub(crate) struct Programs {
    /// What the first one shows.
    pub(crate) title: &'static str,
    pub(crate) first: String,
    /// That in which a user signs in, where it is not the first one.
    pub(crate) sign_in: Option<String>,
}

impl Programs {
    pub(crate) fn of(model: &Model) -> Self {
        match (sign_in::program(model), sign_in::is_main(model)) {
            (Some(program), true) => Self {
                title: SIGN_IN,
                first: program,
                sign_in: None,
            },
            (sign_in, _) => Self {
                title: "Get a token",
                first: token_program(model),
                sign_in,
            },
        }
    }
}

/// What the program shows in which a user signs in.
pub(crate) const SIGN_IN: &str = "Sign a user in";

fn token_program(model: &Model) -> String {
    let library = library(model);
    let shown = shown(model);
    let proof = shown
        .as_ref()
        .map_or(Proof::Secret, |shown| shown.credentials);
    let credentials = proof.credentials();
    let (imported, statement, request) = match &shown {
        None => (None, None, quote!(request)),
        Some(Shown { operation, .. }) => {
            let name = ident(&operation.ident);
            let request = shown_request::request(&quote!(#library), operation);
            match is_free(operation) {
                true => (Some(name), None, request),
                false => (
                    Some(name),
                    Some(quote!(let request = #request;)),
                    quote!(request),
                ),
            }
        }
    };
    let (server_import, server, new) = match needs_server(model) {
        true => {
            let server = shown_request::server(model, &quote!(Server));
            let server = quote!(let server = #server;);
            let new = quote!(Client::for_server(server, credentials)?);
            (Some(ident("Server")), Some(server), new)
        }
        false => (None, None, quote!(Client::new(credentials)?)),
    };
    let plain_http = shown
        .as_ref()
        .and_then(|shown| shown_request::plain_http(model, shown.endpoint));
    let mut names = vec![ident("Client"), ident("Credentials")];
    names.extend(imported.into_iter().chain(server_import));
    names.sort_by_key(ToString::to_string);
    let import = printed(quote!(use #library::{#(#names),*};));
    let function = printed(quote! {
        async fn get_token() -> Result<(), Box<dyn std::error::Error>> {
            let credentials = #credentials;
            #server
            let client = #new #plain_http;
            #statement
            let token = client.send(#request).await?;
            println!("valid for {:?}", token.expires_in());
            Ok(())
        }
    });
    format!("{import}\n{function}")
}

/// The sections that follow the first example. A provider that is listed has a mock, which is made of the list.
pub(crate) fn sections(model: &Model, programs: &Programs, is_listed: bool) -> String {
    let Some(shown) = shown(model) else {
        return String::new();
    };
    let page = Page {
        model,
        library: library(model),
        shown,
    };
    let mut text = String::new();
    if let Some(program) = &programs.sign_in {
        text.push_str(&format!("\n# {SIGN_IN}\n\n```no_run\n{program}```\n"));
    }
    let features = match id_token::is_checked(model) {
        true => format!("{FEATURES}{ID_TOKENS}"),
        false => FEATURES.to_owned(),
    };
    for (heading, section) in [
        ("Check who has signed in", id_token::section(model)),
        ("Ask for a scope", page.scope()),
        ("Match an error", Some(page.error())),
        ("Set timeouts, a server and retries", Some(page.settings())),
        ("Keep tokens", Some(CACHE.to_owned())),
        ("Test with a mock", Some(page.mocks(is_listed))),
        ("Features", Some(features)),
    ] {
        if let Some(section) = section {
            text.push_str(&format!("\n# {heading}\n\n{section}"));
        }
    }
    text
}

const FEATURES: &str = "- `hyper` (default): the asynchronous client.\n\
                        - `blocking`: the client for programs that do not use `async`.\n";

const ID_TOKENS: &str =
    "- `oidc`: checks ID tokens, and asks for userinfo (OpenID Connect Core).\n";

const CACHE: &str = "[tokensmith-cache](https://docs.rs/tokensmith-cache) keeps a valid token at hand\n\
     for all tasks of a program, gets the next one before it expires, and stores refresh tokens. The\n\
     first page of its documentation has samples.\n";

struct Page<'a> {
    model: &'a Model,
    library: Ident,
    shown: Shown<'a>,
}

impl Page<'_> {
    /// The expression of the request.
    fn request(&self) -> TokenStream {
        let library = &self.library;
        let request = shown_request::request(&quote!(#library), self.shown.operation);
        quote!(#library::#request)
    }

    /// How a request asks for a scope, unless the first example does that already.
    fn scope(&self) -> Option<String> {
        let mut parameters = self.shown.operation.parameters.iter();
        let parameter =
            parameters.find(|parameter| matches!(parameter.kind, ParameterKind::Scopes { .. }))?;
        if parameter.is_argument() {
            return None;
        }
        let library = &self.library;
        let module = quote!(#library::scope);
        let scope = shown_request::scope(self.model, self.shown.endpoint, parameter, &module)?;
        let (request, setter) = (self.request(), ident(&parameter.ident));
        let head = self.sending();
        let body = quote! {
            let request = #request.#setter(#scope);
            let token = client.send(request).await?;
            println!("granted: {:?}", token.scopes());
            Ok(())
        };
        Some(framed(&TokenStream::new(), &head, &body))
    }

    /// The head of a function that sends a request.
    fn sending(&self) -> TokenStream {
        let library = &self.library;
        quote!(async fn example(client: #library::Client) -> Result<(), Box<dyn std::error::Error>>)
    }

    fn error(&self) -> String {
        let library = &self.library;
        let endpoint = self.shown.endpoint;
        let error = ident(&endpoint.error);
        let case = telling(&endpoint.errors);
        let refused = match case {
            None => quote!(Err(error) => println!("{:?}: {error}", error.code()),),
            Some(case) => {
                let name = ident(&case.ident);
                let arm = match &case.body {
                    Some(_) => {
                        quote!(Some(#error::#name(_)) => println!("refused: {:?}", error.code()))
                    }
                    None => {
                        let text = format!("HTTP {}", case.statuses.0);
                        quote!(Some(#error::#name) => println!(#text))
                    }
                };
                quote! {
                    Err(error) => match error.body() {
                        #arm,
                        _ => println!("{error}"),
                    },
                }
            }
        };
        let import = case.map(|_| quote!(use #library::error::#error;));
        let request = self.request();
        let body = quote! {
            let request = #request;
            match client.send(request).await {
                Ok(token) => println!("valid for {:?}", token.expires_in()),
                #refused
            }
            Ok(())
        };
        framed(&import.unwrap_or_default(), &self.sending(), &body)
    }

    /// The head of a function that makes a client.
    fn making(&self, mark: Option<TokenStream>) -> TokenStream {
        let library = &self.library;
        quote! {
            #mark fn example(
                credentials: #library::Credentials
            ) -> Result<(), Box<dyn std::error::Error>>
        }
    }

    fn settings(&self) -> String {
        let library = &self.library;
        let server = shown_request::server(self.model, &quote!(Server));
        let plain_http = shown_request::plain_http(self.model, self.shown.endpoint);
        let imports = quote! {
            use std::time::Duration;
            use #library::{Client, Retry, Server, Timeouts};
        };
        let body = quote! {
            let server = #server;
            let timeouts = Timeouts::default().with_total(Duration::from_secs(10));
            let client = Client::for_server(server, credentials)?
                #plain_http
                .timeouts(timeouts)
                .retry(Retry::default().with_attempts(2));
            let _ = client;
            Ok(())
        };
        framed(&imports, &self.making(None), &body)
    }
}

/// The refusal that tells most of an endpoint: of a request or a client, and with a body.
fn telling(cases: &[ErrorCase]) -> Option<&ErrorCase> {
    let rank = |case: &&ErrorCase| {
        let (first, last) = case.statuses;
        let status = match first {
            400 => 0,
            401 => 1,
            402..=499 => 2,
            500..=599 => 3,
            _ => 4,
        };
        let is_redirect = last < 400;
        (is_redirect, case.body.is_none(), status, first, last)
    };
    cases.iter().min_by_key(rank)
}

/// Says that a request is sent over plain http, where the first example does that.
pub(crate) fn plain_http(model: &Model) -> Option<String> {
    let shown = shown(model)?;
    let host = shown_request::plain_http_host(model.servers.first()?, shown.endpoint)?;
    Some(format!(
        "The document has {} without TLS: requests to it are refused, unless `allow_plain_http` names it.",
        docs::code(&host)
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::Source;

    /// The model of a token endpoint whose grants are branches of its body.
    fn model(branches: &[Value]) -> Model {
        with_scopes(branches, json!({"first": "", "second": ""}))
    }

    fn with_scopes(branches: &[Value], scopes: Value) -> Model {
        let schema = json!({"oneOf": branches});
        let document = json!({
            "openapi": "3.1.0",
            "info": {},
            "servers": [{"url": "https://a.example"}],
            "paths": {"/token": {"post": {
                "security": [{"basic": []}],
                "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}},
                "responses": {}
            }}},
            "components": {"securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "flow": {"type": "oauth2", "flows": {"clientCredentials": {
                    "tokenUrl": "https://a.example/token", "scopes": scopes
                }}}
            }}
        });
        let text = document.to_string();
        let reading = crate::read("acme", Source::new("a.json", text.as_bytes()), None);
        let model = reading.model;
        model.unwrap_or_else(|| panic!("{:?}", reading.diagnostics))
    }

    fn branch(grant: &str, name: &str, schema: Value, required: &[&str]) -> Value {
        json!({
            "type": "object",
            "required": required,
            "properties": {"grant_type": {"const": grant}, name: schema}
        })
    }

    #[test]
    fn the_scope_of_the_sample_is_that_of_the_example() {
        let sections_of = |scope: Value, required: &[&str]| {
            let branch = branch("client_credentials", "scope", scope, required);
            let model = model(&[branch]);
            sections(&model, &Programs::of(&model), false)
        };
        let own = sections_of(json!({"type": "string", "example": "second first"}), &[]);
        assert!(
            own.contains(".scope(tokensmith_acme::scope::SECOND)"),
            "{own}"
        );
        let unknown = sections_of(json!({"type": "string", "example": "third"}), &[]);
        assert!(unknown.contains(".scope(\"third\")"), "{unknown}");
        let none = sections_of(json!({"type": "string"}), &[]);
        assert!(
            none.contains(".scope(tokensmith_acme::scope::FIRST)"),
            "{none}"
        );
        // The first example has it.
        let required = sections_of(json!({"type": "string"}), &["grant_type", "scope"]);
        assert!(!required.contains("Ask for a scope"), "{required}");
    }

    #[test]
    fn a_sample_has_no_scope_that_the_document_does_not_name() {
        let sections_of = |scope: Value, scopes: Value| {
            let branch = branch("client_credentials", "scope", scope, &[]);
            let model = with_scopes(&[branch], scopes);
            sections(&model, &Programs::of(&model), false)
        };
        let text = json!({"type": "string"});
        for scopes in [json!({}), json!({"/accounts/{id}": "One account."})] {
            let shown = sections_of(text.clone(), scopes);
            assert!(!shown.contains("Ask for a scope"), "{shown}");
        }
        let example = json!({"type": "string", "example": "third"});
        let shown = sections_of(example, json!({}));
        assert!(shown.contains(".scope(\"third\")"), "{shown}");
    }

    #[test]
    fn the_first_sample_is_of_the_grant_that_most_look_for() {
        let text = json!({"type": "string"});
        let code = branch(
            "authorization_code",
            "code",
            text.clone(),
            &["grant_type", "code"],
        );
        let own = branch("own", "note", text.clone(), &["grant_type"]);
        let client = branch(
            "client_credentials",
            "account",
            text,
            &["grant_type", "account"],
        );
        let first = |branches: &[Value]| Programs::of(&model(branches)).first;
        let shown = first(&[own.clone(), code.clone(), client]);
        assert!(shown.contains("ClientCredentials::new("), "{shown}");
        let shown = first(&[own.clone(), code]);
        assert!(shown.contains("AuthorizationCode::new("), "{shown}");
        let shown = first(&[own]);
        assert!(shown.contains("Own::new()"), "{shown}");
    }
}
