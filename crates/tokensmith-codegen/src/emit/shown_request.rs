//! What the examples in the documentation show, and what they write where a program has values of its own.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::code_names::{ident, text};
use crate::lint::is_plain_http;
use crate::model::sample::{self, fits};
use crate::model::{
    ClientAuth, Endpoint, EndpointKind, Model, Operation, Parameter, ParameterKind, Scalar, Scope,
    Server, rfc,
};

/// What the examples show.
pub(crate) struct Shown<'a> {
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) operation: &'a Operation,
    pub(crate) credentials: Proof,
}

/// What a client has to prove who it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    Secret,
    Assertion,
    /// Nothing, or something that the connection has.
    Nothing,
    /// Nothing, not even an identifier.
    Nobody,
}

/// The request that the examples send: for a token of the client itself, else for one of a user, else any. Of several,
/// it is the first that needs nothing but credentials, or else the first. What is deprecated comes last.
pub(crate) fn shown(model: &Model) -> Option<Shown<'_>> {
    let operations = || {
        let endpoints = model.endpoints.iter();
        let tokens = endpoints.filter(|endpoint| endpoint.kind == EndpointKind::Token);
        tokens.flat_map(|endpoint| {
            let operations = endpoint.operations.iter();
            operations.map(move |operation| (endpoint, operation))
        })
    };
    let (endpoint, operation) = operations().min_by_key(|(endpoint, operation)| {
        (endpoint.deprecated, rank(operation), !is_free(operation))
    })?;
    Some(Shown {
        endpoint,
        operation,
        credentials: proof(endpoint),
    })
}

/// What a client proves who it is by at an endpoint.
pub(crate) fn proof(endpoint: &Endpoint) -> Proof {
    match endpoint.attributes.authentication.method {
        method if method.is_signed_with_key() => Proof::Assertion,
        ClientAuth::None if endpoint.attributes.authentication.client_id.is_empty() => {
            Proof::Nobody
        }
        method if method.sends_identifier_only() => Proof::Nothing,
        _ => Proof::Secret,
    }
}

/// How far a request is from what most readers look for.
fn rank(operation: &Operation) -> usize {
    const WANTED: [&str; 2] = ["client_credentials", "authorization_code"];
    let grant = operation.grant.as_deref().and_then(rfc::grant);
    let place = grant.and_then(|grant| WANTED.iter().position(|wanted| *wanted == grant.value));
    place.unwrap_or(WANTED.len())
}

/// Whether a request needs nothing but credentials.
pub(crate) fn is_free(operation: &Operation) -> bool {
    !operation.parameters.iter().any(Parameter::is_argument)
}

/// Whether a client has to be told where to go.
pub(crate) fn needs_server(model: &Model) -> bool {
    let first = model.servers.first();
    first.is_none_or(|server| !server.variables.is_empty())
}

impl Proof {
    /// Credentials of a client.
    pub(crate) fn credentials(self) -> TokenStream {
        match self {
            Self::Secret => quote!(Credentials::new("id", "secret")),
            Self::Assertion => quote!(Credentials::with_assertion("id", "a signed JWT")),
            Self::Nothing => quote!(Credentials::public("id")),
            Self::Nobody => quote!(Credentials::public("")),
        }
    }
}

/// A request with what it must have; `library` is the crate that has it.
pub(crate) fn request(library: &TokenStream, operation: &Operation) -> TokenStream {
    let name = ident(&operation.ident);
    let required = operation.parameters.iter();
    let required = required.filter(|parameter| parameter.is_argument());
    let arguments = required.map(|parameter| argument(library, parameter));
    quote!(#name::new(#(#arguments),*))
}

pub(crate) fn argument(library: &TokenStream, parameter: &Parameter) -> TokenStream {
    let text = text(&value(parameter));
    match &parameter.kind {
        ParameterKind::Integer | ParameterKind::Number if parameter.secret => quote!(#text),
        ParameterKind::Text | ParameterKind::Scopes { .. } | ParameterKind::Assertion => {
            quote!(#text)
        }
        ParameterKind::TextList => quote!([#text]),
        ParameterKind::ScalarList { item, .. } => match item {
            Scalar::Integer => quote!([1]),
            Scalar::Number => quote!([1.0]),
            Scalar::Boolean => quote!([true]),
        },
        ParameterKind::Json { .. } => quote!("{}".parse::<#library::Untyped>()?),
        ParameterKind::Integer => {
            let number = sample::sample(parameter).parse().unwrap_or(1);
            let number = Literal::i64_unsuffixed(number);
            quote!(#number)
        }
        ParameterKind::Number => {
            let number = sample::sample(parameter).parse().ok();
            let number = number.filter(|number: &f64| number.is_finite());
            let number = Literal::f64_unsuffixed(number.unwrap_or(1.0));
            quote!(#number)
        }
        ParameterKind::Boolean => quote!(true),
        ParameterKind::Enum(def) => {
            let wire = sample::sample(parameter);
            let mut variants = def.variants.iter();
            let wanted = variants.find(|variant| variant.wire == wire);
            let variant = wanted.or(def.variants.first());
            let variant = variant.map(|variant| ident(&variant.ident));
            let ty = ident(&def.ident);
            quote!(#library::request::#ty::#variant)
        }
    }
}

/// A text in the place of a value: the parameter's own name, unless the document says what values look like.
fn value(parameter: &Parameter) -> String {
    const LONGEST: usize = 60;
    let is_short =
        |text: &String| text.len() <= LONGEST && text.chars().all(|letter| !letter.is_control());
    let sample = Some(sample::sample(parameter)).filter(is_short);
    let name = Some(parameter.wire.clone()).filter(is_short);
    let is_known = |text: &String| text != sample::PLAIN && !parameter.secret;
    let told = sample.clone().filter(is_known);
    let named = name.clone().filter(|name| fits(parameter, name));
    told.or(named).or(sample).or(name).unwrap_or_default()
}

/// A scope of the parameter's own example, or the first of those that allow the least; `None` where the document names no
/// scope that a sample can have. `module` is the path of the constants.
pub(crate) fn scope(
    model: &Model,
    endpoint: &Endpoint,
    parameter: &Parameter,
    module: &TokenStream,
) -> Option<TokenStream> {
    let separator = &endpoint.attributes.scope_separator;
    let example = parameter.example.as_deref().and_then(|example| {
        let mut scopes = example.split(|letter: char| letter.is_whitespace());
        scopes.next()?.split(separator.as_str()).next()
    });
    let wanted = example
        .filter(|scope| is_scope(scope))
        .or(parameter.values.first().map(String::as_str));
    let is_wanted = |scope: &&Scope| wanted.is_none_or(|wanted| scope.wire == wanted);
    let scopes = model.scopes.iter();
    let constants = scopes.filter(|scope| scope.parameters.is_empty());
    match constants.filter(is_wanted).min_by_key(power) {
        Some(scope) => {
            let name = ident(&scope.ident);
            Some(quote!(#module::#name))
        }
        None => {
            let scope = text(wanted?);
            Some(quote!(#scope))
        }
    }
}

/// How much a scope allows, by its words: nobody should copy a sample that asks for an administrator's rights.
fn power(scope: &&Scope) -> u8 {
    const LITTLE: [&str; 3] = ["read", "readonly", "profile"];
    const MUCH: [&str; 10] = [
        "admin", "all", "create", "delete", "full", "manage", "sudo", "update", "upload", "write",
    ];
    let wire = scope.wire.to_ascii_lowercase();
    let has = |wanted: &[&str]| {
        let mut words = wire.split(|letter: char| !letter.is_ascii_alphanumeric());
        words.any(|word| wanted.contains(&word))
    };
    match (has(&MUCH), has(&LITTLE)) {
        (true, _) => 2,
        (false, true) => 0,
        (false, false) => 1,
    }
}

/// Whether a text is a scope as RFC 6749, section 3.3 writes it.
fn is_scope(text: &str) -> bool {
    /// Characters of a scope that is shown.
    const LONGEST: usize = 60;
    let is_of_scope = |byte: u8| byte.is_ascii_graphic() && !b"\"\\".contains(&byte);
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_of_scope)
}

/// The first server of a `Server` enum; variables have values that their document allows.
pub(crate) fn server(model: &Model, server_type: &TokenStream) -> TokenStream {
    let Some(server) = model.servers.first() else {
        let url = example_url(model);
        return quote!(#server_type::new(#url));
    };
    let name = ident(&server.ident);
    if server.variables.is_empty() {
        return quote!(#server_type::#name);
    }
    let fields = server.variables.iter().map(|variable| {
        let name = ident(&variable.ident);
        let value = &variable.sample;
        quote!(#name: #value.into())
    });
    quote!(#server_type::#name { #(#fields),* })
}

/// What the URL of a server may be, where the document names none.
pub(crate) fn example_url(model: &Model) -> String {
    let path = model.base_path.as_deref().unwrap_or_default();
    format!("https://auth.example.com{path}")
}

/// `.allow_plain_http("host")?`, where a request of the examples would be refused without it.
pub(crate) fn plain_http(model: &Model, endpoint: &Endpoint) -> Option<TokenStream> {
    let host = plain_http_host(model.servers.first()?, endpoint)?;
    Some(quote!(.allow_plain_http(#host)?))
}

/// The host of an endpoint on a server, if it is reached without TLS.
pub(crate) fn plain_http_host(server: &Server, endpoint: &Endpoint) -> Option<String> {
    let path = endpoint.paths.first().map(|choice| choice.path.as_str());
    let whole = path.filter(|path| path.contains("://"));
    let mut own = endpoint.servers.iter();
    let own = own.find(|own| own.server == server.ident);
    let url = whole.unwrap_or_else(|| own.map_or(&server.url, |own| &own.url));
    let mut url = url.to_owned();
    for variable in &server.variables {
        url = url.replace(&format!("{{{}}}", variable.wire), &variable.sample);
    }
    let (_, rest) = url.split_once("://").filter(|_| is_plain_http(&url))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    (!host.is_empty() && host.bytes().all(is_host)).then(|| host.to_owned())
}
