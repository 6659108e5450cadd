//! `src/endpoint.rs`: the provider as the runtime reads it.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{endpoint_static, ident, operation_static, parameters_static};
use super::docs;
use crate::model::{
    BodyFormat, ClientAuth, Endpoint, EndpointKind, Location, Model, Operation, Parameter,
    ParameterKind, Server,
};

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
    let imports = imports(&body);
    quote! {
        #title
        #imports
        #body
    }
}

/// Imports what the tables mention.
fn imports(body: &TokenStream) -> TokenStream {
    const NAMES: [&str; 10] = [
        "BodyFormat",
        "ClientAuth",
        "Description",
        "Endpoint",
        "EndpointKind",
        "Location",
        "Operation",
        "Parameter",
        "ParameterKind",
        "ServerDescription",
    ];
    let text = body.to_string();
    let mentioned = |name: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .any(|word| word == name)
    };
    let variable = mentioned("ServerVariable").then_some("ServerVariable");
    let names = NAMES
        .into_iter()
        .filter(|name| mentioned(name))
        .chain(variable)
        .map(ident);
    quote!(use tokensmith_runtime::{#(#names),*};)
}

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

fn server(server: &Server) -> TokenStream {
    let Server {
        ident,
        url,
        description,
        variables,
    } = server;
    let description = description
        .as_ref()
        .map(|text| quote!(.with_description(#text)));
    let variables = (!variables.is_empty()).then(|| {
        let variables = variables.iter().map(|variable| {
            let wire = &variable.wire;
            let default = variable
                .default
                .as_ref()
                .map(|default| quote!(.with_default(#default)));
            let values = values(&variable.values);
            quote!(ServerVariable::new(#wire) #default #values)
        });
        quote!(.with_variables(&[#(#variables),*]))
    });
    quote!(ServerDescription::new(#ident, #url) #description #variables)
}

fn values(values: &[String]) -> Option<TokenStream> {
    (!values.is_empty()).then(|| quote!(.with_values(&[#(#values),*])))
}

fn endpoint(endpoint: &Endpoint) -> TokenStream {
    let name = endpoint_static(endpoint);
    let kind = ident(match endpoint.kind {
        EndpointKind::Token => "Token",
        EndpointKind::Revocation => "Revocation",
    });
    let paths = endpoint.paths.iter().map(|choice| &choice.path);
    let formats = endpoint.formats.iter().map(|format| match format {
        BodyFormat::Form => quote!(BodyFormat::Form),
        BodyFormat::Json => quote!(BodyFormat::Json),
    });
    let client_auth = ident(match endpoint.client_auth {
        ClientAuth::Auto => "Auto",
        ClientAuth::Basic => "Basic",
        ClientAuth::BasicRaw => "BasicRaw",
        ClientAuth::Body => "Body",
        ClientAuth::None => "None",
    });
    let access_token = (endpoint.kind == EndpointKind::Token
        && endpoint.access_token != ["/access_token"])
    .then(|| pointers("with_access_token", &endpoint.access_token));
    let separator = (endpoint.scope_separator != " ").then(|| {
        let separator = &endpoint.scope_separator;
        quote!(.with_scope_separator(#separator))
    });
    let code = pointers("with_error_code", &endpoint.error_code);
    let error_description = pointers("with_error_description", &endpoint.error_description);
    let operations = endpoint.operations.iter().map(operation_static);
    quote! {
        pub(crate) static #name: Endpoint<'static> = Endpoint::new(EndpointKind::#kind, &[#(#paths),*])
            .with_formats(&[#(#formats),*])
            .with_client_auth(ClientAuth::#client_auth)
            #access_token
            #separator
            #code
            #error_description
            .with_operations(&[#(&#operations),*]);
    }
}

fn pointers(method: &str, pointers: &[String]) -> Option<TokenStream> {
    let method = ident(method);
    (!pointers.is_empty()).then(|| quote!(.#method(&[#(#pointers),*])))
}

fn operation(operation: &Operation) -> TokenStream {
    let name = operation_static(operation);
    let table_name = parameters_static(operation);
    let new = match &operation.grant {
        Some(grant) => quote!(Operation::grant(#grant)),
        None => quote!(Operation::new()),
    };
    let one_time = operation.one_time.then(|| quote!(.one_time()));
    let parameters = operation.parameters.iter().map(parameter);
    let table = (!operation.parameters.is_empty())
        .then(|| quote!(static #table_name: &[Parameter<'static>] = &[#(#parameters),*];));
    let with_table = table
        .is_some()
        .then(|| quote!(.with_parameters(#table_name)));
    quote! {
        pub(crate) static #name: Operation<'static> = #new #one_time #with_table;
        #table
    }
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let wire = &parameter.wire;
    let required = parameter.required.then(|| quote!(.required()));
    let secret = parameter.secret.then(|| quote!(.secret()));
    let location = match parameter.location {
        Location::Body => None,
        Location::Query => Some(quote!(.with_location(Location::Query))),
        Location::Header => Some(quote!(.with_location(Location::Header))),
        Location::Path => Some(quote!(.with_location(Location::Path))),
    };
    let kind = match &parameter.kind {
        ParameterKind::Text | ParameterKind::Scopes => None,
        ParameterKind::Integer => Some(quote!(.with_kind(ParameterKind::Integer))),
        ParameterKind::Number => Some(quote!(.with_kind(ParameterKind::Number))),
        ParameterKind::Boolean => Some(quote!(.with_kind(ParameterKind::Boolean))),
        ParameterKind::TextList => Some(quote!(.with_kind(ParameterKind::TextList))),
        ParameterKind::Enum(def) => {
            let wires: Vec<String> = def
                .variants
                .iter()
                .map(|variant| variant.wire.clone())
                .collect();
            values(&wires)
        }
    };
    let min_length = parameter
        .min_length
        .map(plain)
        .map(|length| quote!(.with_min_length(#length)));
    let max_length = parameter
        .max_length
        .map(plain)
        .map(|length| quote!(.with_max_length(#length)));
    let pattern = parameter
        .pattern
        .as_ref()
        .map(|pattern| quote!(.with_pattern(#pattern)));
    let default = parameter
        .default
        .as_ref()
        .map(|default| quote!(.with_default(#default)));
    quote!(Parameter::new(#wire) #required #secret #location #kind #min_length #max_length #pattern #default)
}

fn plain(number: u32) -> proc_macro2::Literal {
    proc_macro2::Literal::u32_unsuffixed(number)
}
