//! `src/endpoint.rs`: the provider as the runtime reads it.

mod operation;
mod server;

use proc_macro2::TokenStream;
use quote::quote;
use tokensmith_description::{PushedRequests, TokenUse};

use super::code_names::{Mentioned, endpoint_static, ident, operation_static, variant};
use super::docs;
use crate::model::{
    Audience, Authentication, CodeChallengeMethod, Endpoint, EndpointKind, Expiry, Location,
    Method, Model, OwnedFailureMark,
};
use operation::operation;
use server::server;

pub(crate) fn module(model: &Model) -> TokenStream {
    let title = docs::inner(&format!(
        "{} as the runtime reads it.",
        docs::inline(&model.title)
    ));
    let description = description(model);
    let endpoints = model.endpoints.iter().map(endpoint);
    let operations = model
        .endpoints
        .iter()
        .flat_map(|endpoint| &endpoint.operations)
        .map(operation);
    let body = quote! {
        #description
        #(#endpoints)*
        #(#operations)*
    };
    let names = Mentioned::in_code(&body, &NAMES).among(&NAMES);
    quote! {
        #title

        use tokensmith_runtime::{#(#names),*};

        #body
    }
}

/// What of the runtime the tables may mention.
const NAMES: [&str; 20] = [
    "Audience",
    "BodyFormat",
    "ClientAuth",
    "CodeChallengeMethod",
    "Description",
    "Endpoint",
    "EndpointKind",
    "Expiry",
    "ExpiryFormat",
    "FailureMark",
    "Location",
    "Method",
    "Operation",
    "Parameter",
    "ParameterKind",
    "PushedRequests",
    "Rotation",
    "ServerDescription",
    "ServerVariable",
    "TokenUse",
];

fn description(model: &Model) -> TokenStream {
    let (name, title) = (&model.name, &model.title);
    let endpoints = model.endpoints.iter().map(endpoint_static);
    let servers = (!model.servers.is_empty()).then(|| {
        let servers = model.servers.iter().map(server);
        quote!(static SERVERS: &[ServerDescription<'static>] = &[#(#servers),*];)
    });
    let with_servers = servers.is_some().then(|| quote!(.with_servers(SERVERS)));
    quote! {
        pub(crate) static DESCRIPTION: Description<'static> = Description::new(#name, #title)
            #with_servers
            .with_endpoints(&[#(&#endpoints),*]);
        #servers
    }
}

fn endpoint(endpoint: &Endpoint) -> TokenStream {
    let name = endpoint_static(endpoint);
    let kind = variant(endpoint.kind);
    let paths = endpoint.paths.iter().map(|choice| &choice.path);
    let servers = (!endpoint.servers.is_empty()).then(|| {
        let pairs = endpoint.servers.iter().map(|own| {
            let (server, url) = (&own.server, &own.url);
            quote!((#server, #url))
        });
        quote!(.with_servers(&[#(#pairs),*]))
    });
    let description = endpoint.own_description().map(docs::description);
    let docs = docs::outer(&description.unwrap_or_default());
    let (requests, responses) = (requests(endpoint), responses(endpoint));
    let operations = endpoint.operations.iter().map(operation_static);
    quote! {
        #docs
        pub(crate) static #name: Endpoint<'static> = Endpoint::new(EndpointKind::#kind, &[#(#paths),*])
            #servers
            #requests
            #responses
            .with_operations(&[#(&#operations),*]);
    }
}

/// How an endpoint wants its requests.
fn requests(endpoint: &Endpoint) -> TokenStream {
    let attributes = &endpoint.attributes;
    let method = (attributes.method != Method::Post).then(|| {
        let method = variant(attributes.method);
        quote!(.with_method(Method::#method))
    });
    let formats = (attributes.method.has_body()).then(|| {
        let formats = attributes.formats.iter().map(variant);
        quote!(.with_formats(&[#(BodyFormat::#formats),*]))
    });
    let media = attributes.json_media_type.as_ref();
    let json_media_type = media.map(|media| quote!(.with_json_media_type(#media)));
    let accept = attributes.accept.as_ref();
    let accept = accept.map(|media| quote!(.with_accept(#media)));
    let authentication = authentication(endpoint);
    let grant_type = grant_type(endpoint);
    let copies = copies(endpoint);
    let challenge = attributes.code_challenge;
    let code_challenge = (challenge != CodeChallengeMethod::S256).then(|| {
        let challenge = variant(challenge);
        quote!(.with_code_challenge(CodeChallengeMethod::#challenge))
    });
    quote! {
        #method
        #formats
        #json_media_type
        #accept
        #authentication
        #grant_type
        #copies
        #code_challenge
    }
}

/// Where an endpoint's responses have what.
fn responses(endpoint: &Endpoint) -> TokenStream {
    let attributes = &endpoint.attributes;
    let access_token = (endpoint.kind == EndpointKind::Token
        && attributes.access_token != ["/access_token"])
    .then(|| pointers("with_access_token", &attributes.access_token));
    let fields = pairs("with_fields", &attributes.fields);
    let expiry = (attributes.expiry != Expiry::STANDARD).then(|| expiry(&attributes.expiry));
    let failures = failures(&attributes.failures);
    let separator = (attributes.scope_separator != " ").then(|| {
        let separator = &attributes.scope_separator;
        quote!(.with_scope_separator(#separator))
    });
    let of_responses = attributes.response_scope_separator.as_ref();
    let of_responses =
        of_responses.map(|separator| quote!(.with_response_scope_separator(#separator)));
    let code = pointers("with_error_code", &attributes.error_code);
    let description = pointers("with_error_description", &attributes.error_description);
    let codes = pairs("with_error_codes", &attributes.error_codes);
    let request_id = pointers("with_request_id", &attributes.request_id);
    let token_use = token_use(&attributes.token_use);
    let required_scopes = pointers("with_required_scopes", &attributes.required_scopes);
    let rotation = attributes.rotation.map(|rotation| {
        let rotation = variant(rotation);
        quote!(.with_rotation(Rotation::#rotation))
    });
    let required_in_redirect = pointers(
        "with_required_in_redirect",
        &attributes.required_in_redirect,
    );
    let server_in_redirect = pairs("with_server_in_redirect", &attributes.server_in_redirect);
    let signature_in_redirect = (!attributes.signature_in_redirect.is_empty()).then(|| {
        let name = &attributes.signature_in_redirect;
        quote!(.with_signature_in_redirect(#name))
    });
    let state = attributes
        .state_in_redirect_uri
        .then(|| quote!(.with_state_in_redirect_uri()));
    let pushed = attributes.pushed_requests;
    let pushed = (pushed != PushedRequests::Taken).then(|| {
        let pushed = variant(pushed);
        quote!(.with_pushed_requests(PushedRequests::#pushed))
    });
    let fragment = (!attributes.fragment.is_empty()).then(|| {
        let fragment = &attributes.fragment;
        quote!(.with_fragment(#fragment))
    });
    quote! {
        #access_token
        #fields
        #expiry
        #failures
        #separator
        #of_responses
        #code
        #description
        #codes
        #request_id
        #token_use
        #required_scopes
        #fragment
        #rotation
        #required_in_redirect
        #server_in_redirect
        #signature_in_redirect
        #state
        #pushed
    }
}

fn authentication(endpoint: &Endpoint) -> TokenStream {
    let Authentication {
        method,
        scheme,
        client_id,
        client_secret,
        audience,
        public_by_basic,
        id_location,
    } = &endpoint.attributes.authentication;
    let method = endpoint.is_called().then(|| {
        let method = variant(method);
        quote!(.with_client_auth(ClientAuth::#method))
    });
    let scheme = (scheme != "Basic").then(|| quote!(.with_auth_scheme(#scheme)));
    let names = match client_id.as_str() {
        "" => Some(quote!(.without_client_id())),
        _ if endpoint.attributes.authentication.has_standard_names() => None,
        _ => Some(quote!(.with_client_names(#client_id, #client_secret))),
    };
    let audience = match audience {
        Audience::Url => None,
        Audience::Issuer => Some(quote!(.with_audience(Audience::Issuer))),
        Audience::Fixed(text) => Some(quote!(.with_audience(Audience::Fixed(#text)))),
    };
    let public = public_by_basic.then(|| quote!(.with_public_by_basic()));
    let id_location = id_location.map(|location| {
        let location = location_of(location);
        quote!(.with_client_id_location(#location))
    });
    quote!(#method #scheme #names #audience #public #id_location)
}

fn grant_type(endpoint: &Endpoint) -> Option<TokenStream> {
    let (name, location) = &endpoint.attributes.grant_type;
    let is_standard = (name.as_str(), *location) == ("grant_type", Location::Body);
    let location = location_of(*location);
    (!is_standard).then(|| quote!(.with_grant_type(#name, #location)))
}

fn copies(endpoint: &Endpoint) -> Option<TokenStream> {
    let copies = endpoint.attributes.copies.iter().map(|(name, location)| {
        let location = location_of(*location);
        quote!((#name, #location))
    });
    (!endpoint.attributes.copies.is_empty()).then(|| quote!(.with_copies(&[#(#copies),*])))
}

fn location_of(location: Location) -> TokenStream {
    let variant = variant(location);
    quote!(Location::#variant)
}

fn expiry(expiry: &Expiry<String>) -> TokenStream {
    let format = variant(expiry.format);
    let pointer = expiry
        .pointer
        .as_ref()
        .map(|pointer| quote!(.with_pointer(#pointer)));
    let lifetime = expiry
        .lifetime
        .map(unsuffixed)
        .map(|seconds| quote!(.with_lifetime(#seconds)));
    let zero = expiry.is_zero_never.then(|| quote!(.zero_is_never()));
    quote!(.with_expiry(Expiry::new(ExpiryFormat::#format) #pointer #lifetime #zero))
}

fn token_use(token_use: &TokenUse<String>) -> Option<TokenStream> {
    let token_use = token_use.lend();
    let place = match token_use {
        _ if token_use.is_standard() => return None,
        TokenUse::Header { name, pattern } => quote!(Header { name: #name, pattern: #pattern }),
        TokenUse::Query { name } => quote!(Query { name: #name }),
    };
    Some(quote!(.with_token_use(TokenUse::#place)))
}

fn failures(failures: &[OwnedFailureMark]) -> Option<TokenStream> {
    let marks = failures.iter().map(|mark| {
        let (pointer, values) = (&mark.pointer, &mark.values);
        let new = ident(if mark.negated { "unless" } else { "when" });
        quote!(FailureMark::#new(#pointer, &[#(#values),*]))
    });
    (!failures.is_empty()).then(|| quote!(.with_failures(&[#(#marks),*])))
}

fn pairs(method: &str, pairs: &[(String, String)]) -> Option<TokenStream> {
    let method = ident(method);
    let list = pairs.iter().map(|(left, right)| quote!((#left, #right)));
    (!pairs.is_empty()).then(|| quote!(.#method(&[#(#list),*])))
}

fn pointers(method: &str, pointers: &[String]) -> Option<TokenStream> {
    let method = ident(method);
    (!pointers.is_empty()).then(|| quote!(.#method(&[#(#pointers),*])))
}

fn values(values: &[String]) -> Option<TokenStream> {
    (!values.is_empty()).then(|| quote!(.with_values(&[#(#values),*])))
}

fn unsuffixed(number: u32) -> proc_macro2::Literal {
    proc_macro2::Literal::u32_unsuffixed(number)
}
