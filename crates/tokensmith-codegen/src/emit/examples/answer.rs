//! The test of an answer: what is read of it is what the example says.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::request::{any_request, credentials, request};
use super::{Names, mark, noun};
use crate::emit::code::{ident, library, text};
use crate::emit::docs;
use crate::model::example::{CLIENT_ASSERTION, CLIENT_ID};
use crate::model::{
    AnswerExample, Client, ClientAuth, Endpoint, Expiry, Field, FieldType, Meaning, Model, Success,
    TypeDef,
};

pub(super) fn test(
    model: &Model,
    endpoint: &Endpoint,
    example: &AnswerExample,
    names: &mut Names,
) -> Option<TokenStream> {
    let noun = noun(model, endpoint);
    let status = example.status.to_string();
    let name = ident(&names.free(&["reads", mark(endpoint, &noun), &status, &example.name]));
    let docs = docs::outer(&match example.name.as_str() {
        "" => format!("The example of an answer {status} of the {noun} endpoint."),
        name => format!(
            "The example {} of an answer {status} of the {noun} endpoint.",
            docs::code(name)
        ),
    });
    let (credentials, request) = asked(model, endpoint)?;
    let (code, media_type) = (
        proc_macro2::Literal::u16_unsuffixed(example.status),
        text(&example.media_type),
    );
    let body = text(&example.body);
    let checks = checks(model, endpoint, &example.meaning, &code);
    Some(quote! {
        #docs
        #[test]
        fn #name() -> Outcome {
            let body = #body;
            let server = MockTransport::new().respond(#code, #media_type, body);
            let client = client(&server, #credentials)?;
            let request = #request;
            #checks
            Ok(())
        }
    })
}

/// Who asks for what: an example's request, or else any.
fn asked(model: &Model, endpoint: &Endpoint) -> Option<(TokenStream, TokenStream)> {
    let of_example = endpoint.examples.requests.iter().find_map(|example| {
        let operation = &endpoint.operations[example.operation];
        let request = request(model, endpoint, operation, example)?;
        Some((credentials(&example.client), request))
    });
    of_example.or_else(|| {
        let mut operations = endpoint.operations.iter();
        let request = operations.find_map(|operation| any_request(model, operation))?;
        Some((credentials(&anybody(endpoint)), request))
    })
}

/// A client that has what the endpoint's own method asks for.
fn anybody(endpoint: &Endpoint) -> Client {
    match endpoint.attributes.authentication.method {
        ClientAuth::PrivateKeyJwt | ClientAuth::ClientSecretJwt => Client::Assertion {
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
) -> TokenStream {
    match meaning {
        Meaning::Token {
            access_token,
            members,
        } => {
            let access_token = text(access_token);
            let fields = fields(model, endpoint, members);
            let lifetime = lifetime(endpoint, members);
            quote! {
                let token = client.send(request)?;
                assert_eq!(token.access_token.expose(), #access_token);
                #(#fields)*
                #lifetime
            }
        }
        Meaning::Introspection { active } => {
            let active = if *active {
                quote!(introspection.active)
            } else {
                quote!(!introspection.active)
            };
            quote! {
                let introspection = client.send(request)?;
                assert!(#active);
            }
        }
        Meaning::DeviceAuthorization {
            device_code,
            user_code,
        } => {
            let (device_code, user_code) = (text(device_code), text(user_code));
            quote! {
                let device = client.send(request)?;
                assert_eq!(device.device_code.expose(), #device_code);
                assert_eq!(device.user_code, #user_code);
            }
        }
        Meaning::Nothing => quote!(client.send(request)?;),
        Meaning::Refusal { code, case } => {
            let code = code.as_ref().map(|code| {
                let code = text(code);
                quote!(assert_eq!(error.code().map(tokensmith_runtime::ErrorCode::as_str), Some(#code));)
            });
            let body = case.map(|case| {
                let case = &endpoint.errors[case];
                let library = library(model);
                let (ty, variant) = (ident(&endpoint.error), ident(&case.ident));
                let held = case.body.is_some().then(|| quote!((_)));
                quote!(assert!(matches!(error.body(), Some(#library::error::#ty::#variant #held)));)
            });
            quote! {
                let error = client.send(request).err().ok_or("a refusal is no success")?;
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
        .filter(|field| field.ident != "access_token" && !is_elsewhere(field));
    beside
        .filter_map(|field| self::field(model, field, members.get(&field.wire)?))
        .collect()
}

/// A check of a field, where the example's value has the type that the document declares.
fn field(model: &Model, field: &Field, value: &Value) -> Option<TokenStream> {
    let (library, name) = (library(model), ident(&field.ident));
    let (got, expected) = match (&field.ty, value) {
        (FieldType::Text, Value::String(value)) => {
            let value = text(value);
            (quote!(token.#name.as_deref()), quote!(#value))
        }
        (FieldType::Secret, Value::String(value)) => {
            let value = text(value);
            (
                quote!(token.#name.as_ref().map(tokensmith_runtime::Secret::expose)),
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
                quote!(token.#name.as_ref().map(#library::response::#ty::as_str)),
                quote!(#value),
            )
        }
        _ => return None,
    };
    Some(quote!(assert_eq!(#got, Some(#expected));))
}

/// The lifetime, where it is what RFC 6749 has.
fn lifetime(endpoint: &Endpoint, members: &Map<String, Value>) -> Option<TokenStream> {
    /// Greater numbers are times (rule R6).
    const TEN_YEARS: u64 = 315_360_000;
    let seconds = members.get("expires_in")?.as_u64()?;
    let is_standard =
        endpoint.attributes.expiry == Expiry::STANDARD && endpoint.attributes.fields.is_empty();
    (is_standard && (1..TEN_YEARS).contains(&seconds)).then(|| {
        let seconds = proc_macro2::Literal::u64_unsuffixed(seconds);
        quote! {
            let lifetime = std::time::Duration::from_secs(#seconds);
            assert_eq!(token.metadata.expires_in, Some(lifetime));
        }
    })
}
