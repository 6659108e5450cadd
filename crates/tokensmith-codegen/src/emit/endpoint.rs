//! `src/endpoint.rs`: the provider as the runtime reads it.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Mentioned, endpoint_static, ident, operation_static, parameters_static};
use super::docs;
use crate::model::{
    Audience, Authentication, BodyFormat, ClientAuth, CodeChallengeMethod, Endpoint, EndpointKind,
    Expiry, ExpiryFormat, FailureMark, Location, Method, Model, Operation, Parameter,
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
    let names = Mentioned::in_code(&body).among(&NAMES);
    quote! {
        #title

        use tokensmith_runtime::{#(#names),*};

        #body
    }
}

/// What of the runtime the tables may mention.
const NAMES: [&str; 17] = [
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
    "ServerDescription",
    "ServerVariable",
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
            let pattern = variable
                .pattern
                .as_ref()
                .map(|pattern| quote!(.with_pattern(#pattern)));
            quote!(ServerVariable::new(#wire) #default #values #pattern)
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
    let kind = ident(endpoint.kind.noun());
    let paths = endpoint.paths.iter().map(|choice| &choice.path);
    let servers = (!endpoint.servers.is_empty()).then(|| {
        let pairs = endpoint.servers.iter().map(|own| {
            let (server, url) = (&own.server, &own.url);
            quote!((#server, #url))
        });
        quote!(.with_servers(&[#(#pairs),*]))
    });
    let method = match endpoint.method {
        Method::Post => None,
        Method::Get => Some(quote!(.with_method(Method::Get))),
        Method::Put => Some(quote!(.with_method(Method::Put))),
        Method::Delete => Some(quote!(.with_method(Method::Delete))),
    };
    let formats = (endpoint.method.has_body()).then(|| {
        let formats = endpoint.formats.iter().map(|format| match format {
            BodyFormat::Form => quote!(BodyFormat::Form),
            BodyFormat::Json => quote!(BodyFormat::Json),
            BodyFormat::Multipart => quote!(BodyFormat::Multipart),
        });
        quote!(.with_formats(&[#(#formats),*]))
    });
    let json_media_type = endpoint
        .json_media_type
        .as_ref()
        .map(|media| quote!(.with_json_media_type(#media)));
    let accept = endpoint
        .accept
        .as_ref()
        .map(|media| quote!(.with_accept(#media)));
    let authentication = authentication(endpoint);
    let grant_type = grant_type(endpoint);
    let copies = copies(endpoint);
    let code_challenge = match endpoint.code_challenge {
        CodeChallengeMethod::S256 => None,
        CodeChallengeMethod::Plain => {
            Some(quote!(.with_code_challenge(CodeChallengeMethod::Plain)))
        }
        CodeChallengeMethod::None => Some(quote!(.with_code_challenge(CodeChallengeMethod::None))),
    };
    let access_token = (endpoint.kind == EndpointKind::Token
        && endpoint.access_token != ["/access_token"])
    .then(|| pointers("with_access_token", &endpoint.access_token));
    let fields = (!endpoint.fields.is_empty()).then(|| {
        let pairs = endpoint
            .fields
            .iter()
            .map(|(name, pointer)| quote!((#name, #pointer)));
        quote!(.with_fields(&[#(#pairs),*]))
    });
    let expiry = (endpoint.expiry != Expiry::STANDARD).then(|| expiry(&endpoint.expiry));
    let failures = failures(&endpoint.failures);
    let separator = (endpoint.scope_separator != " ").then(|| {
        let separator = &endpoint.scope_separator;
        quote!(.with_scope_separator(#separator))
    });
    let code = pointers("with_error_code", &endpoint.error_code);
    let error_description = pointers("with_error_description", &endpoint.error_description);
    let operations = endpoint.operations.iter().map(operation_static);
    quote! {
        pub(crate) static #name: Endpoint<'static> = Endpoint::new(EndpointKind::#kind, &[#(#paths),*])
            #servers
            #method
            #formats
            #json_media_type
            #accept
            #authentication
            #grant_type
            #copies
            #code_challenge
            #access_token
            #fields
            #expiry
            #failures
            #separator
            #code
            #error_description
            .with_operations(&[#(&#operations),*]);
    }
}

fn authentication(endpoint: &Endpoint) -> TokenStream {
    let Authentication {
        method,
        scheme,
        client_id,
        client_secret,
        audience,
        certificate: _,
    } = &endpoint.authentication;
    let method = endpoint.is_called().then(|| {
        let method = ident(match method {
            ClientAuth::Auto => "Auto",
            ClientAuth::Basic => "Basic",
            ClientAuth::BasicRaw => "BasicRaw",
            ClientAuth::Body => "Body",
            ClientAuth::Query => "Query",
            ClientAuth::Header => "Header",
            ClientAuth::Secret => "Secret",
            ClientAuth::None => "None",
            ClientAuth::ClientSecretJwt => "ClientSecretJwt",
            ClientAuth::PrivateKeyJwt => "PrivateKeyJwt",
            ClientAuth::TlsClientAuth => "TlsClientAuth",
        });
        quote!(.with_client_auth(ClientAuth::#method))
    });
    let scheme = (scheme != "Basic").then(|| quote!(.with_auth_scheme(#scheme)));
    let names = match client_id.as_str() {
        "" => Some(quote!(.without_client_id())),
        _ if endpoint.authentication.has_standard_names() => None,
        _ => Some(quote!(.with_client_names(#client_id, #client_secret))),
    };
    let audience = match audience {
        Audience::Url => None,
        Audience::Issuer => Some(quote!(.with_audience(Audience::Issuer))),
        Audience::Fixed(text) => Some(quote!(.with_audience(Audience::Fixed(#text)))),
    };
    quote!(#method #scheme #names #audience)
}

fn grant_type(endpoint: &Endpoint) -> Option<TokenStream> {
    let (name, location) = &endpoint.grant_type;
    let is_standard = (name.as_str(), *location) == ("grant_type", Location::Body);
    let location = location_of(*location);
    (!is_standard).then(|| quote!(.with_grant_type(#name, #location)))
}

fn copies(endpoint: &Endpoint) -> Option<TokenStream> {
    let copies = endpoint.copies.iter().map(|(name, location)| {
        let location = location_of(*location);
        quote!((#name, #location))
    });
    (!endpoint.copies.is_empty()).then(|| quote!(.with_copies(&[#(#copies),*])))
}

fn location_of(location: Location) -> TokenStream {
    let variant = ident(match location {
        Location::Body => "Body",
        Location::Query => "Query",
        Location::Header => "Header",
        Location::Path => "Path",
    });
    quote!(Location::#variant)
}

fn expiry(expiry: &Expiry) -> TokenStream {
    let format = ident(match expiry.format {
        ExpiryFormat::Seconds => "Seconds",
        ExpiryFormat::Milliseconds => "Milliseconds",
        ExpiryFormat::Minutes => "Minutes",
        ExpiryFormat::UnixSeconds => "UnixSeconds",
        ExpiryFormat::UnixMilliseconds => "UnixMilliseconds",
        ExpiryFormat::DateTime => "DateTime",
        ExpiryFormat::Duration => "Duration",
    });
    let pointer = expiry
        .pointer
        .as_ref()
        .map(|pointer| quote!(.with_pointer(#pointer)));
    let lifetime = expiry
        .lifetime
        .map(plain)
        .map(|seconds| quote!(.with_lifetime(#seconds)));
    quote!(.with_expiry(Expiry::new(ExpiryFormat::#format) #pointer #lifetime))
}

fn failures(failures: &[FailureMark]) -> Option<TokenStream> {
    let marks = failures.iter().map(|mark| {
        let (pointer, values) = (&mark.pointer, &mark.values);
        let new = ident(if mark.negated { "unless" } else { "when" });
        quote!(FailureMark::#new(#pointer, &[#(#values),*]))
    });
    (!failures.is_empty()).then(|| quote!(.with_failures(&[#(#marks),*])))
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
    let location = (parameter.location != Location::Body).then(|| {
        let location = location_of(parameter.location);
        quote!(.with_location(#location))
    });
    let prefix = parameter
        .prefix
        .as_ref()
        .map(|prefix| quote!(.with_prefix(#prefix)));
    let kind = match &parameter.kind {
        ParameterKind::Text | ParameterKind::Scopes { list: false } | ParameterKind::Assertion => {
            None
        }
        ParameterKind::Json => Some(quote!(.with_kind(ParameterKind::Json))),
        ParameterKind::Integer => Some(quote!(.with_kind(ParameterKind::Integer))),
        ParameterKind::Number => Some(quote!(.with_kind(ParameterKind::Number))),
        ParameterKind::Boolean => Some(quote!(.with_kind(ParameterKind::Boolean))),
        ParameterKind::TextList | ParameterKind::Scopes { list: true } => {
            Some(quote!(.with_kind(ParameterKind::TextList)))
        }
        ParameterKind::Enum(def) => {
            let wires: Vec<String> = def
                .variants
                .iter()
                .map(|variant| variant.wire.clone())
                .collect();
            values(&wires)
        }
    };
    let separator = parameter
        .separator
        .as_ref()
        .map(|separator| quote!(.with_separator(#separator)));
    let numbers = values(&parameter.values);
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
    quote!(Parameter::new(#wire) #required #secret #location #prefix #kind #separator #numbers #min_length #max_length #pattern #default)
}

fn plain(number: u32) -> proc_macro2::Literal {
    proc_macro2::Literal::u32_unsuffixed(number)
}
