//! `examples/token.rs`: gets a token with credentials out of the environment.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::code_names::{ident, library};
use super::print::print;
use super::shown_request::{self, Proof, Shown, needs_server, shown};
use super::{docs, manifest, package};
use crate::model::{Model, Parameter, ParameterKind};

/// The environment variable of the client's identifier.
const ID: &str = "TOKENSMITH_CLIENT_ID";
/// That of the server's URL, where the document has none.
const SERVER: &str = "TOKENSMITH_SERVER";

/// The example as text.
pub(crate) fn example(model: &Model) -> String {
    const MAIN: &str = "\nfn main()";
    let text = print(module(model));
    match text.split_once(MAIN) {
        Some((head, main)) if has_long_lines(main) => {
            format!("{head}\n#[rustfmt::skip]{MAIN}{main}")
        }
        _ => text,
    }
}

fn module(model: &Model) -> TokenStream {
    let (package, example) = (package(&model.name), manifest::example_name(&model.name));
    let library = library(model);
    let shown = shown(model);
    let proof = shown
        .as_ref()
        .map_or(Proof::Secret, |shown| shown.credentials);
    let docs = docs::inner(&format!(
        "Gets a token from {} and shows what came with it, but not the token.\n\n```text\n\
         {}\
         cargo run --package {package} --features blocking --example {example}\n```",
        docs::inline(&model.title),
        exports(model, shown.as_ref()),
    ));
    let Some(Shown {
        operation,
        endpoint,
        ..
    }) = shown
    else {
        return docs;
    };
    let plain_http = shown_request::plain_http(model, endpoint);
    let variable = proof.variable();
    let credentials = match proof {
        Proof::Secret => quote! {
            let secret = env::var(#variable)?;
            let credentials = Credentials::new(id, secret);
        },
        Proof::Assertion => quote! {
            let assertion = env::var(#variable)?;
            let credentials = Credentials::with_assertion(id, assertion);
        },
        Proof::Nothing => quote!(let credentials = Credentials::public(id);),
        Proof::Nobody => quote!(let credentials = Credentials::public("");),
    };
    let id = (proof != Proof::Nobody).then(|| quote!(let id = env::var(#ID)?;));
    let request = ident(&operation.ident);
    let required = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.is_argument());
    let arguments = required.map(|parameter| argument(parameter, &library));
    let needs_server = needs_server(model);
    let server = needs_server.then(|| server(model));
    let (server_import, new) = if needs_server {
        (
            Some(quote!(use #library::Server;)),
            quote!(Client::for_server(server, credentials)?),
        )
    } else {
        (None, quote!(Client::new(credentials)?))
    };
    let main = quote! {
        #id
        #credentials
        #server
        let client = #new #plain_http;
        let request = #library::#request::new(#(#arguments),*);
        let token = client.send(request)?;
        println!("{token:#?}");
        Ok(())
    };
    let env = main.to_string().contains("env ::");
    let env = env.then(|| {
        quote!(
            use std::env;
        )
    });
    quote! {
        #docs

        #env
        use std::error::Error;
        use #library::Credentials;
        #server_import
        use #library::blocking::Client;

        fn main() -> Result<(), Box<dyn Error>> {
            #main
        }
    }
}

/// The commands that set every environment variable that the example reads.
fn exports(model: &Model, shown: Option<&Shown<'_>>) -> String {
    /// Characters of a line.
    const WIDTH: usize = 80;
    let proof = shown.map_or(Proof::Secret, |shown| shown.credentials);
    let id = Some(ID.to_owned()).filter(|_| proof != Proof::Nobody);
    let mut names: Vec<String> = id.into_iter().collect();
    names.extend(proof.variable().map(str::to_owned));
    if needs_server(model) {
        names.extend(server_variables(model));
    }
    let parameters = shown.iter().flat_map(|shown| &shown.operation.parameters);
    let arguments = parameters
        .filter(|parameter| parameter.is_argument())
        .filter(|parameter| !matches!(parameter.kind, ParameterKind::Enum(_)));
    names.extend(arguments.map(|parameter| variable(&parameter.wire)));
    let mut lines: Vec<String> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            continue;
        }
        match lines.last_mut() {
            Some(line) if line.len() + name.len() + " =...".len() <= WIDTH => {
                line.push_str(&format!(" {name}=..."));
            }
            _ => lines.push(format!("export {name}=...")),
        }
    }
    // A command follows.
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The environment variable of a parameter or a variable.
fn variable(wire: &str) -> String {
    crate::model::name::screaming(wire).unwrap_or_default()
}

/// The environment variables that say where the server is.
fn server_variables(model: &Model) -> Vec<String> {
    match model.servers.first() {
        None => vec![SERVER.to_owned()],
        Some(server) => {
            let variables = server.variables.iter();
            variables.map(|own| variable(&own.wire)).collect()
        }
    }
}

/// Whether rustfmt, which formats examples, might break lines of `main` elsewhere than prettyplease.
fn has_long_lines(main: &str) -> bool {
    /// A statement within which nothing is wider than rustfmt's narrowest widths.
    const LONGEST: usize = 66;
    // The first is what is left of the signature.
    let mut lines = main.lines().skip(1);
    lines.any(|line| line.len() > LONGEST || line.starts_with("        ") || line.contains(" { "))
}

impl Proof {
    /// The environment variable that it comes from.
    fn variable(self) -> Option<&'static str> {
        match self {
            Self::Secret => Some("TOKENSMITH_CLIENT_SECRET"),
            Self::Assertion => Some("TOKENSMITH_CLIENT_ASSERTION"),
            Self::Nothing | Self::Nobody => None,
        }
    }
}

/// A required parameter comes from the environment under its own name.
fn argument(parameter: &Parameter, library: &Ident) -> TokenStream {
    let variable = variable(&parameter.wire);
    match &parameter.kind {
        ParameterKind::Text | ParameterKind::Scopes { .. } | ParameterKind::Assertion => {
            quote!(env::var(#variable)?)
        }
        ParameterKind::Json { .. } => {
            quote!(env::var(#variable)?.parse::<tokensmith_runtime::Untyped>()?)
        }
        ParameterKind::TextList => quote!([env::var(#variable)?]),
        ParameterKind::ScalarList { .. } => quote!([env::var(#variable)?.parse()?]),
        ParameterKind::Integer | ParameterKind::Number | ParameterKind::Boolean => {
            quote!(env::var(#variable)?.parse()?)
        }
        ParameterKind::Enum(def) => {
            let first = def.variants.first().map(|variant| ident(&variant.ident));
            let ty = ident(&def.ident);
            quote!(#library::request::#ty::#first)
        }
    }
}

fn server(model: &Model) -> TokenStream {
    match model.servers.first() {
        None => quote!(let server = Server::new(env::var(#SERVER)?);),
        Some(server) => {
            let name = ident(&server.ident);
            let fields = server.variables.iter().map(|variable| {
                let (name, key) = (ident(&variable.ident), self::variable(&variable.wire));
                quote!(#name: env::var(#key)?)
            });
            quote!(let server = Server::#name { #(#fields),* };)
        }
    }
}
