//! The tests of responses.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::request::{any_request, credentials, request};
use super::{Names, mark, noun};
use crate::emit::code_names::{Mentioned, allow_deprecated, ident, library, text};
use crate::emit::response::is_normalized;
use crate::emit::{docs, shown_request};
use crate::model::example::{CLIENT_ASSERTION, CLIENT_ID};
use crate::model::{
    Client, Endpoint, Field, FieldType, Meaning, Model, ResponseExample, Success, TypeDef,
};

/// What of the runtime the tests may mention.
const RUNTIME: [&str; 10] = [
    "Credentials",
    "DeviceAuthorization",
    "Error",
    "ErrorCode",
    "Introspection",
    "MockTransport",
    "PushedAuthorization",
    "RegisteredClient",
    "Secret",
    "Untyped",
];

/// The tests of all responses; nothing where there are none.
pub(super) fn module(model: &Model, endpoints: &[&Endpoint]) -> Option<TokenStream> {
    let mut names = Names::default();
    let mut items = Vec::new();
    for endpoint in endpoints {
        let reader = Reader::new(model, endpoint, &mut names);
        let Some(reader) = reader else {
            continue;
        };
        items.push(reader.emit());
        let examples = endpoint.examples.responses.iter();
        items.extend(examples.map(|example| reader.test(example, &mut names)));
    }
    if items.is_empty() {
        return None;
    }
    let docs = docs::inner("What is read of a response is what the example says.");
    let library = library(model);
    let items = quote!(#(#items)*);
    const OWN: [&str; 3] = ["error", "request", "response"];
    let wanted = [&OWN[..], &RUNTIME, &["Duration"]].concat();
    let mentioned = Mentioned::in_code(&items, &wanted);
    let own = mentioned.among(&OWN);
    let runtime = mentioned.among(&RUNTIME);
    let duration = mentioned.has("Duration").then(|| {
        quote!(
            use std::time::Duration;
        )
    });
    let allowed = allow_deprecated(model);
    Some(quote! {
        #docs
        #allowed

        #duration
        use #library::{#(#own),*};
        use tokensmith_runtime::blocking::Client;
        use tokensmith_runtime::{#(#runtime),*};

        #items
    })
}

/// The function through which the tests of an endpoint read its responses.
struct Reader<'a> {
    model: &'a Model,
    endpoint: &'a Endpoint,
    noun: String,
    name: proc_macro2::Ident,
    /// The media type of all examples, unless they have several.
    media_type: Option<&'a str>,
    credentials: TokenStream,
    request: TokenStream,
}

impl<'a> Reader<'a> {
    fn new(model: &'a Model, endpoint: &'a Endpoint, names: &mut Names) -> Option<Self> {
        let examples = &endpoint.examples.responses;
        let first = examples.first()?;
        let noun = noun(model, endpoint);
        let (credentials, request) = asked(endpoint)?;
        let is_same = |example: &ResponseExample| example.media_type == first.media_type;
        Some(Self {
            name: ident(&names.free(&[&noun, "response"])),
            media_type: examples
                .iter()
                .all(is_same)
                .then_some(first.media_type.as_str()),
            model,
            endpoint,
            noun,
            credentials,
            request,
        })
    }

    fn emit(&self) -> TokenStream {
        let docs = docs::outer(&format!("Reads a response of the {} endpoint.", self.noun));
        let (name, credentials, request) = (&self.name, &self.credentials, &self.request);
        let (argument, media_type) = match self.media_type {
            Some(media_type) => (None, quote!(#media_type)),
            None => (Some(quote!(media_type: &str,)), quote!(media_type)),
        };
        let response = match &self.endpoint.response {
            Success::Nothing => quote!(()),
            Success::Token(ty) => {
                let ty = ident(ty);
                quote!(response::#ty)
            }
            Success::Introspection => quote!(Introspection),
            Success::DeviceAuthorization => quote!(DeviceAuthorization),
            Success::PushedAuthorization => quote!(PushedAuthorization),
            Success::Registration => quote!(RegisteredClient),
        };
        let error = ident(&self.endpoint.error);
        let library = library(self.model);
        let server = shown_request::server(self.model, &quote!(#library::Server));
        quote! {
            #docs
            fn #name(status: u16, #argument body: &str) -> Result<#response, Error<error::#error>> {
                let provider = MockTransport::new().respond(status, #media_type, body);
                Client::with_transport(provider, #server, #credentials)
                    .expect("the server is valid")
                    .send(#request)
            }
        }
    }

    fn test(&self, example: &ResponseExample, names: &mut Names) -> TokenStream {
        let noun = &self.noun;
        let status = example.status.to_string();
        let mark = mark(self.endpoint, noun);
        let name = ident(&names.free(&["reads", mark, &status, &example.name]));
        let docs = docs::outer(&match example.name.as_str() {
            "" => format!("The example of a response {status} of the {noun} endpoint."),
            name => format!(
                "The example {} of a response {status} of the {noun} endpoint.",
                docs::code(name)
            ),
        });
        let (body, read) = (text(&example.body), &self.name);
        let status = proc_macro2::Literal::u16_unsuffixed(example.status);
        let media_type = self.media_type.is_none().then(|| {
            let media_type = text(&example.media_type);
            quote!(#media_type,)
        });
        let read = quote!(#read(#status, #media_type body));
        let checks = checks(self.model, self.endpoint, &example.meaning, &status, &read);
        quote! {
            #docs
            #[test]
            fn #name() {
                let body = #body;
                #checks
            }
        }
    }
}

/// Who asks for what: an example's request, or else any.
fn asked(endpoint: &Endpoint) -> Option<(TokenStream, TokenStream)> {
    let of_example = endpoint.examples.requests.iter().find_map(|example| {
        let operation = &endpoint.operations[example.operation];
        let request = request(endpoint, operation, example)?;
        Some((credentials(&example.client), request))
    });
    of_example.or_else(|| {
        let mut operations = endpoint.operations.iter();
        let request = operations.find_map(any_request)?;
        Some((credentials(&anybody(endpoint)), request))
    })
}

/// A client that has what the endpoint's own method asks for.
fn anybody(endpoint: &Endpoint) -> Client {
    match endpoint.attributes.authentication.method {
        method if method.sends_client_assertion() => Client::Assertion {
            id: CLIENT_ID.to_owned(),
            assertion: CLIENT_ASSERTION.to_owned(),
        },
        _ => Client::Elsewhere,
    }
}

fn checks(
    model: &Model,
    endpoint: &Endpoint,
    meaning: &Meaning,
    status: &proc_macro2::Literal,
    read: &TokenStream,
) -> TokenStream {
    match meaning {
        Meaning::Token {
            access_token,
            members,
            lifetime,
            scopes,
        } => {
            let access_token = text(access_token);
            let fields = fields(model, endpoint, members);
            let lifetime = lifetime.map(lifetime_check);
            let scopes = scopes_check(scopes);
            quote! {
                let token = #read.expect("the response has a token");
                assert_eq!(token.access_token.expose(), #access_token);
                #(#fields)*
                #lifetime
                #scopes
            }
        }
        Meaning::Introspection { active } => {
            let active = if *active {
                quote!(introspection.active)
            } else {
                quote!(!introspection.active)
            };
            quote! {
                let introspection = #read.expect("the response is an introspection");
                assert!(#active);
            }
        }
        Meaning::DeviceAuthorization {
            device_code,
            user_code,
        } => {
            let (device_code, user_code) = (text(device_code), text(user_code));
            quote! {
                let device = #read.expect("the response has codes");
                assert_eq!(device.device_code.expose(), #device_code);
                assert_eq!(device.user_code, #user_code);
            }
        }
        Meaning::PushedAuthorization { request_uri } => {
            let request_uri = text(request_uri);
            quote! {
                let pushed = #read.expect("the response has a reference");
                assert_eq!(pushed.request_uri.expose(), #request_uri);
            }
        }
        Meaning::Registration { client_id } => {
            let client_id = text(client_id);
            quote! {
                let client = #read.expect("the response is a client");
                assert_eq!(client.client_id, #client_id);
            }
        }
        Meaning::Nothing => quote!(#read.expect("the response is a success");),
        Meaning::Refusal { code, case } => {
            let code = code.as_ref().map(|code| {
                let code = text(code);
                quote!(assert_eq!(error.code().map(ErrorCode::as_str), Some(#code));)
            });
            let body = case.map(|case| {
                let case = &endpoint.errors[case];
                let (ty, variant) = (ident(&endpoint.error), ident(&case.ident));
                let held = case.body.is_some().then(|| quote!((_)));
                quote!(assert!(matches!(error.body(), Some(error::#ty::#variant #held)));)
            });
            quote! {
                let error = #read.expect_err("the response is an error");
                assert_eq!(error.status(), Some(#status));
                #code
                #body
            }
        }
    }
}

/// What stands beside the token, as its fields have it.
fn fields(model: &Model, endpoint: &Endpoint, members: &Map<String, Value>) -> Vec<TokenStream> {
    let Success::Token(ty) = &endpoint.response else {
        return Vec::new();
    };
    let Some(TypeDef::Struct(def)) = model.type_def(ty) else {
        return Vec::new();
    };
    let is_elsewhere = |field: &&Field| {
        endpoint
            .attributes
            .fields
            .iter()
            .any(|(name, _)| *name == field.wire)
    };
    let beside = def
        .fields
        .iter()
        .filter(|field| field.ident != "access_token" && !is_normalized(field))
        .filter(|field| !is_elsewhere(field));
    beside
        .filter_map(|field| self::field(model, field, members.get(&field.wire)?))
        .collect()
}

/// A check of a field, where the example's value has the type that the document declares.
fn field(model: &Model, field: &Field, value: &Value) -> Option<TokenStream> {
    let name = ident(&field.ident);
    let (got, expected) = match (&field.ty, value) {
        (FieldType::Text, Value::String(value)) => {
            let value = text(value);
            (quote!(token.#name.as_deref()), quote!(#value))
        }
        (FieldType::Secret, Value::String(value)) => {
            let value = text(value);
            (
                quote!(token.#name.as_ref().map(Secret::expose)),
                quote!(#value),
            )
        }
        (FieldType::Integer, Value::Number(value)) => {
            let value = proc_macro2::Literal::i64_unsuffixed(value.as_i64()?);
            (quote!(token.#name), quote!(#value))
        }
        (FieldType::Boolean, Value::Bool(value)) => (quote!(token.#name), quote!(#value)),
        (FieldType::List(_), Value::Array(items)) if !items.is_empty() => {
            return Some(quote!(assert!(token.#name.is_some());));
        }
        (FieldType::Named(ty), Value::String(value)) => {
            let Some(TypeDef::Enum(def)) = model.type_def(ty) else {
                return None;
            };
            let known = def.variants.iter().find(|variant| match def.ignore_case {
                true => variant.wire.eq_ignore_ascii_case(value),
                false => variant.wire == *value,
            });
            let (ty, value) = (
                ident(ty),
                text(known.map_or(value.as_str(), |variant| &variant.wire)),
            );
            (
                quote!(token.#name.as_ref().map(response::#ty::as_str)),
                quote!(#value),
            )
        }
        _ => return None,
    };
    Some(quote!(assert_eq!(#got, Some(#expected));))
}

fn lifetime_check(seconds: u64) -> TokenStream {
    let seconds = proc_macro2::Literal::u64_unsuffixed(seconds);
    quote! {
        assert_eq!(token.expires_in(), Some(Duration::from_secs(#seconds)));
    }
}

fn scopes_check(scopes: &[String]) -> Option<TokenStream> {
    let texts = scopes.iter().map(|scope| text(scope));
    (!scopes.is_empty()).then(|| {
        quote! {
            assert_eq!(token.scopes().unwrap_or_default(), [#(#texts),*]);
        }
    })
}
