//! The tests of requests.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::{Names, mark, noun};
use crate::emit::code_names::{Mentioned, allow_deprecated, ident, library, provider, text};
use crate::emit::{docs, shown_request};
use crate::model::example::{CLIENT_ID, CLIENT_SECRET};
use crate::model::sample;
use crate::model::{
    BodyFormat, Client, ClientAuth, Endpoint, Location, Model, Operation, Parameter, ParameterKind,
    RequestExample, Scalar,
};

/// What of the runtime the tests may mention.
const RUNTIME: [&str; 5] = [
    "BodyFormat",
    "ClientAuth",
    "Credentials",
    "MockTransport",
    "Untyped",
];

/// The tests of all requests; nothing where there are none.
pub(super) fn module(model: &Model, endpoints: &[&Endpoint]) -> Option<TokenStream> {
    let mut names = Names::default();
    let mut tests = Vec::new();
    for endpoint in endpoints {
        for example in &endpoint.examples.requests {
            tests.extend(test(model, endpoint, example, &mut names));
        }
    }
    if tests.is_empty() {
        return None;
    }
    let docs = docs::inner("What is sent for a request is the example.");
    let library = library(model);
    let provider = provider(model);
    let server = shown_request::server(model, &quote!(#library::Server));
    let items = quote! {
        /// A client whose requests reach nobody.
        fn client(credentials: Credentials) -> Client<#library::#provider, MockTransport> {
            Client::with_transport(MockTransport::new(), #server, credentials)
                .expect("the server is valid")
        }

        #(#tests)*
    };
    let runtime = Mentioned::in_code(&items, &RUNTIME).among(&RUNTIME);
    let allowed = allow_deprecated(model);
    Some(quote! {
        #docs
        #allowed

        use #library::request;
        use tokensmith_runtime::blocking::Client;
        use tokensmith_runtime::{#(#runtime),*};

        #items
    })
}

fn test(
    model: &Model,
    endpoint: &Endpoint,
    example: &RequestExample,
    names: &mut Names,
) -> Option<TokenStream> {
    let noun = noun(model, endpoint);
    let operation = &endpoint.operations[example.operation];
    let is_other = endpoint.attributes.formats.first() != Some(&example.format);
    let format = if is_other {
        example.format.as_str()
    } else {
        ""
    };
    let label = match example.name.as_str() {
        "" => operation.ident.as_str(),
        name => name,
    };
    let name = ident(&names.free(&["sends", mark(endpoint, &noun), label, format]));
    let docs = docs::outer(&match example.name.as_str() {
        "" => format!("The example of a request to the {noun} endpoint."),
        name => format!(
            "The example {} of a request to the {noun} endpoint.",
            docs::code(name)
        ),
    });
    let credentials = credentials(&example.client);
    let auth = client_auth(endpoint, &example.client);
    let format = is_other.then(|| {
        let format = ident(match example.format {
            BodyFormat::Form => "Form",
            BodyFormat::Json => "Json",
            BodyFormat::Multipart => "Multipart",
        });
        quote!(.format(BodyFormat::#format))
    });
    let request = request(endpoint, operation, example)?;
    let assertion = match example.format {
        _ if !endpoint.attributes.method.has_body() => {
            let pairs = form(endpoint, operation, &example.body);
            let pairs = pairs.iter().map(|pair| text(pair));
            quote!(.assert_query(&[#(#pairs),*]))
        }
        BodyFormat::Form | BodyFormat::Multipart => {
            let fields = form(endpoint, operation, &example.body);
            let fields = fields.iter().map(|field| text(field));
            let assert = ident(match example.format {
                BodyFormat::Multipart => "assert_parts",
                _ => "assert_form",
            });
            quote!(.#assert(&[#(#fields),*]))
        }
        BodyFormat::Json => {
            let json = text(&Value::Object(example.body.clone()).to_string());
            quote!(.assert_json(#json))
        }
    };
    let sent_to = sent_to(endpoint);
    let basic = basic(endpoint, &example.client);
    Some(quote! {
        #docs
        #[test]
        fn #name() {
            client(#credentials) #auth #format .sent(#request) #sent_to #basic #assertion;
        }
    })
}

/// The check of where a request goes, if the document says it without variables.
fn sent_to(endpoint: &Endpoint) -> Option<TokenStream> {
    let path = endpoint.paths.first()?.path.as_str();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if path.is_empty() || path.contains(['{', ':']) {
        return None;
    }
    let (method, path) = (endpoint.attributes.method.as_str(), text(path));
    Some(quote!(.assert_sent_to(#method, #path)))
}

/// The check of the credentials in the header, where the client authenticates so.
fn basic(endpoint: &Endpoint, client: &Client) -> Option<TokenStream> {
    let authentication = &endpoint.attributes.authentication;
    let is_basic = matches!(client, Client::Elsewhere)
        && authentication.scheme == "Basic"
        && matches!(
            authentication.method,
            ClientAuth::Auto | ClientAuth::Basic | ClientAuth::BasicRaw
        );
    is_basic.then(|| {
        let pair = text(&format!("{CLIENT_ID}:{CLIENT_SECRET}"));
        quote!(.assert_basic(#pair))
    })
}

/// Credentials with what an example says of them.
pub(super) fn credentials(client: &Client) -> TokenStream {
    match client {
        Client::Elsewhere => quote!(Credentials::new(#CLIENT_ID, #CLIENT_SECRET)),
        Client::Secret { id, secret } => {
            let (id, secret) = (text(id), text(secret));
            quote!(Credentials::new(#id, #secret))
        }
        Client::Public { id } => {
            let id = text(id);
            quote!(Credentials::public(#id))
        }
        Client::Assertion { id, assertion } => {
            let (id, assertion) = (text(id), text(assertion));
            quote!(Credentials::with_assertion(#id, #assertion))
        }
    }
}

/// The client authentication that the example shows, where that is not the endpoint's own or is one of its two.
fn client_auth(endpoint: &Endpoint, client: &Client) -> Option<TokenStream> {
    let method = endpoint.attributes.authentication.method;
    let wanted = match client {
        Client::Elsewhere if method == ClientAuth::Auto => "Basic",
        Client::Secret { .. } if method != ClientAuth::Body => "Body",
        Client::Assertion { .. } if method != ClientAuth::PrivateKeyJwt => "PrivateKeyJwt",
        _ => return None,
    };
    let wanted = ident(wanted);
    Some(quote!(.client_auth(ClientAuth::#wanted)))
}

/// The typed request; nothing where it has to have a value and none is known.
pub(super) fn request(
    endpoint: &Endpoint,
    operation: &Operation,
    example: &RequestExample,
) -> Option<TokenStream> {
    let value = |parameter: &Parameter| {
        let mut given = example.parameters.iter();
        let given =
            given.find(|(name, _)| *name == parameter.wire && is_of_example(endpoint, parameter));
        given.map(|(_, value)| value.clone())
    };
    let extra = example.extra.iter().map(|(name, value)| {
        let (name, value) = (text(name), text(value));
        quote!(.extra(#name, #value))
    });
    let request = typed(operation, value)?;
    Some(quote!(#request #(#extra)*))
}

/// Whether an example of a request has a value of the parameter: in its body, or where there is none in its query.
fn is_of_example(endpoint: &Endpoint, parameter: &Parameter) -> bool {
    endpoint.has_in_body(parameter)
        || !endpoint.attributes.method.has_body() && parameter.location == Location::Query
}

/// A request that nobody means: it has what it must have.
pub(super) fn any_request(operation: &Operation) -> Option<TokenStream> {
    typed(operation, |_| None)
}

fn typed(
    operation: &Operation,
    value: impl Fn(&Parameter) -> Option<Value>,
) -> Option<TokenStream> {
    let name = ident(&operation.ident);
    let mut arguments = Vec::new();
    let mut setters = Vec::new();
    for parameter in &operation.parameters {
        let given = value(parameter);
        let setter = ident(&parameter.ident);
        if parameter.is_argument() {
            let given = given.or_else(|| sample::value(parameter))?;
            let mut values = expressions(parameter, &given).into_iter();
            arguments.extend(values.next());
            setters.extend(values.map(|value| quote!(.#setter(#value))));
        } else if let Some(given) = given {
            let values = expressions(parameter, &given);
            setters.extend(values.into_iter().map(|value| quote!(.#setter(#value))));
        }
    }
    Some(quote!(request::#name::new(#(#arguments),*) #(#setters)*))
}

/// A value as the arguments that set it: one, but for scopes, of which each is set by itself.
fn expressions(parameter: &Parameter, value: &Value) -> Vec<TokenStream> {
    let texts = |value: &Value| match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(text).collect(),
        other => other.as_str().map(text).into_iter().collect::<Vec<_>>(),
    };
    let one = match &parameter.kind {
        ParameterKind::Scopes { .. } => {
            let texts = texts(value);
            return texts.into_iter().map(|text| quote!(#text)).collect();
        }
        ParameterKind::Text | ParameterKind::Assertion => {
            let text = text(value.as_str().unwrap_or_default());
            quote!(#text)
        }
        ParameterKind::TextList => {
            let texts = texts(value);
            quote!([#(#texts),*])
        }
        ParameterKind::ScalarList { item, .. } => {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            let items = items.iter().map(|value| scalar(*item, value));
            quote!([#(#items),*])
        }
        ParameterKind::Integer | ParameterKind::Number if parameter.secret => {
            let text = text(&value.to_string());
            quote!(#text)
        }
        ParameterKind::Integer => scalar(Scalar::Integer, value),
        ParameterKind::Number => scalar(Scalar::Number, value),
        ParameterKind::Boolean => scalar(Scalar::Boolean, value),
        ParameterKind::Json { .. } => {
            let json = text(&value.to_string());
            quote!(#json.parse::<Untyped>().expect("the example is JSON"))
        }
        ParameterKind::Enum(def) => {
            let wire = value.as_str().unwrap_or_default();
            let variant = def.variants.iter().find(|variant| variant.wire == wire);
            let variant = ident(
                variant
                    .or(def.variants.first())
                    .map_or("Empty", |variant| &variant.ident),
            );
            let ty = ident(&def.ident);
            quote!(request::#ty::#variant)
        }
    };
    vec![one]
}

/// A value that is no text, as a literal.
fn scalar(kind: Scalar, value: &Value) -> TokenStream {
    match kind {
        Scalar::Integer => {
            let number = proc_macro2::Literal::i64_unsuffixed(value.as_i64().unwrap_or_default());
            quote!(#number)
        }
        Scalar::Number => {
            let number = proc_macro2::Literal::f64_unsuffixed(value.as_f64().unwrap_or_default());
            quote!(#number)
        }
        Scalar::Boolean => {
            let boolean = value.as_bool().unwrap_or_default();
            quote!(#boolean)
        }
    }
}

/// The fields of the form as `name=value`, sorted.
fn form(endpoint: &Endpoint, operation: &Operation, body: &Map<String, Value>) -> Vec<String> {
    let mut fields = Vec::new();
    for (name, value) in body {
        let parameter = operation
            .parameters
            .iter()
            .find(|parameter| parameter.wire == *name);
        let separator = match parameter.map(|parameter| &parameter.kind) {
            Some(ParameterKind::Scopes { list: false }) => {
                Some(endpoint.attributes.scope_separator.as_str())
            }
            _ => parameter.and_then(|parameter| parameter.separator.as_deref()),
        };
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let is_list = !matches!(
            parameter.map(|parameter| &parameter.kind),
            Some(ParameterKind::Json { .. })
        );
        match (value, separator) {
            (Value::Array(items), Some(separator)) if is_list => {
                let texts: Vec<String> = items.iter().map(text).collect();
                fields.push(format!("{name}={}", texts.join(separator)));
            }
            (Value::Array(items), None) if is_list => {
                fields.extend(items.iter().map(|item| format!("{name}={}", text(item))));
            }
            _ => fields.push(format!("{name}={}", text(value))),
        }
    }
    fields.sort();
    fields
}
