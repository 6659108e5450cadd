//! A document that was never generated, as the runtime reads it.

#[cfg(test)]
mod tests;

use std::iter::zip;

use tokensmith_codegen::model::{self, Model};
use tokensmith_runtime::{
    Audience, BodyFormat, ClientAuth, CodeChallengeMethod, Description, Endpoint, EndpointKind,
    Expiry, ExpiryFormat, FailureMark, Location, Method, Operation, Parameter, ParameterKind,
    ServerDescription, ServerVariable,
};

/// Describes a document to the runtime for as long as `then` runs.
///
/// The runtime's descriptions borrow all they say, so that generated crates can hold them in a `static`. Here each layer
/// borrows from the one above it.
pub(crate) fn describe<T>(model: &Model, then: impl FnOnce(&Description<'_>) -> T) -> T {
    let marks: Vec<Vec<Vec<&str>>> = model.endpoints.iter().map(mark_values).collect();
    let lists: Vec<Lists<'_>> = zip(&model.endpoints, &marks)
        .map(|(endpoint, marks)| Lists::of(endpoint, marks))
        .collect();
    let parameters: Vec<Vec<Vec<Parameter<'_>>>> = zip(&model.endpoints, &lists)
        .map(|(endpoint, lists)| parameters(endpoint, lists))
        .collect();
    let operations: Vec<Vec<Operation<'_>>> = zip(&model.endpoints, &parameters)
        .map(|(endpoint, parameters)| operations(endpoint, parameters))
        .collect();
    let operations: Vec<Vec<&Operation<'_>>> = operations
        .iter()
        .map(|operations| operations.iter().collect())
        .collect();
    let endpoints: Vec<Endpoint<'_>> = zip(zip(&model.endpoints, &lists), &operations)
        .map(|((described, lists), operations)| endpoint(described, lists, operations))
        .collect();
    let endpoints: Vec<&Endpoint<'_>> = endpoints.iter().collect();

    let values: Vec<Vec<Vec<&str>>> = model.servers.iter().map(server_values).collect();
    let variables: Vec<Vec<ServerVariable<'_>>> = zip(&model.servers, &values)
        .map(|(server, values)| variables(server, values))
        .collect();
    let servers: Vec<ServerDescription<'_>> = zip(&model.servers, &variables)
        .map(|(described, variables)| server(described, variables))
        .collect();

    then(
        &Description::new(&model.name, &model.title)
            .with_servers(&servers)
            .with_endpoints(&endpoints),
    )
}

/// The lists that an endpoint's description borrows.
struct Lists<'m> {
    paths: Vec<&'m str>,
    servers: Vec<(&'m str, &'m str)>,
    formats: Vec<BodyFormat>,
    copies: Vec<(&'m str, Location)>,
    access_token: Vec<&'m str>,
    fields: Vec<(&'m str, &'m str)>,
    failures: Vec<FailureMark<'m>>,
    error_code: Vec<&'m str>,
    error_description: Vec<&'m str>,
    /// The values that there are, per operation and parameter.
    values: Vec<Vec<Vec<&'m str>>>,
}

impl<'m> Lists<'m> {
    fn of(endpoint: &'m model::Endpoint, marks: &'m [Vec<&'m str>]) -> Self {
        Self {
            paths: endpoint
                .paths
                .iter()
                .map(|choice| choice.path.as_str())
                .collect(),
            servers: endpoint
                .servers
                .iter()
                .map(|own| (own.server.as_str(), own.url.as_str()))
                .collect(),
            formats: endpoint.formats.iter().copied().map(format).collect(),
            copies: endpoint
                .copies
                .iter()
                .map(|(name, place)| (name.as_str(), location(*place)))
                .collect(),
            access_token: texts(&endpoint.access_token),
            fields: endpoint
                .fields
                .iter()
                .map(|(name, pointer)| (name.as_str(), pointer.as_str()))
                .collect(),
            failures: zip(&endpoint.failures, marks)
                .map(|(mark, values)| match mark.negated {
                    true => FailureMark::unless(&mark.pointer, values),
                    false => FailureMark::when(&mark.pointer, values),
                })
                .collect(),
            error_code: texts(&endpoint.error_code),
            error_description: texts(&endpoint.error_description),
            values: endpoint
                .operations
                .iter()
                .map(|operation| operation.parameters.iter().map(values).collect())
                .collect(),
        }
    }
}

fn mark_values(endpoint: &model::Endpoint) -> Vec<Vec<&str>> {
    let failures = endpoint.failures.iter();
    failures.map(|mark| texts(&mark.values)).collect()
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn format(format: model::BodyFormat) -> BodyFormat {
    match format {
        model::BodyFormat::Form => BodyFormat::Form,
        model::BodyFormat::Json => BodyFormat::Json,
        model::BodyFormat::Multipart => BodyFormat::Multipart,
    }
}

fn values(parameter: &model::Parameter) -> Vec<&str> {
    match &parameter.kind {
        model::ParameterKind::Enum(def) => def
            .variants
            .iter()
            .map(|variant| variant.wire.as_str())
            .collect(),
        _ => texts(&parameter.values),
    }
}

fn parameters<'a>(endpoint: &'a model::Endpoint, lists: &'a Lists<'_>) -> Vec<Vec<Parameter<'a>>> {
    zip(&endpoint.operations, &lists.values)
        .map(|(operation, values)| {
            zip(&operation.parameters, values)
                .map(|(described, values)| parameter(described, values))
                .collect()
        })
        .collect()
}

fn parameter<'a>(described: &'a model::Parameter, values: &'a [&'a str]) -> Parameter<'a> {
    let mut parameter = Parameter::new(&described.wire)
        .with_values(values)
        .with_location(location(described.location))
        .with_kind(match described.kind {
            model::ParameterKind::Text
            | model::ParameterKind::Scopes { list: false }
            | model::ParameterKind::Assertion
            | model::ParameterKind::Enum(_) => ParameterKind::Text,
            model::ParameterKind::Integer => ParameterKind::Integer,
            model::ParameterKind::Number => ParameterKind::Number,
            model::ParameterKind::Boolean => ParameterKind::Boolean,
            model::ParameterKind::TextList | model::ParameterKind::Scopes { list: true } => {
                ParameterKind::TextList
            }
            model::ParameterKind::Json => ParameterKind::Json,
        });
    if described.required {
        parameter = parameter.required();
    }
    if described.secret {
        parameter = parameter.secret();
    }
    if let Some(prefix) = &described.prefix {
        parameter = parameter.with_prefix(prefix);
    }
    if let Some(separator) = &described.separator {
        parameter = parameter.with_separator(separator);
    }
    if let Some(characters) = described.min_length {
        parameter = parameter.with_min_length(characters);
    }
    if let Some(characters) = described.max_length {
        parameter = parameter.with_max_length(characters);
    }
    if let Some(pattern) = &described.pattern {
        parameter = parameter.with_pattern(pattern);
    }
    if let Some(default) = &described.default {
        parameter = parameter.with_default(default);
    }
    parameter
}

fn location(location: model::Location) -> Location {
    match location {
        model::Location::Body => Location::Body,
        model::Location::Query => Location::Query,
        model::Location::Header => Location::Header,
        model::Location::Path => Location::Path,
    }
}

fn operations<'a>(
    endpoint: &'a model::Endpoint,
    parameters: &'a [Vec<Parameter<'a>>],
) -> Vec<Operation<'a>> {
    zip(&endpoint.operations, parameters)
        .map(|(described, parameters)| {
            let operation = described
                .grant
                .as_deref()
                .map_or(Operation::new(), Operation::grant);
            let operation = if described.one_time {
                operation.one_time()
            } else {
                operation
            };
            operation.with_parameters(parameters)
        })
        .collect()
}

fn endpoint<'a>(
    described: &'a model::Endpoint,
    lists: &'a Lists<'a>,
    operations: &'a [&'a Operation<'a>],
) -> Endpoint<'a> {
    let kind = match described.kind {
        model::EndpointKind::Token => EndpointKind::Token,
        model::EndpointKind::Revocation => EndpointKind::Revocation,
        model::EndpointKind::Introspection => EndpointKind::Introspection,
        model::EndpointKind::DeviceAuthorization => EndpointKind::DeviceAuthorization,
        model::EndpointKind::Authorization => EndpointKind::Authorization,
    };
    let mut endpoint = Endpoint::new(kind, &lists.paths).with_servers(&lists.servers);
    if !lists.access_token.is_empty() {
        endpoint = endpoint.with_access_token(&lists.access_token);
    }
    if let Some(media_type) = &described.json_media_type {
        endpoint = endpoint.with_json_media_type(media_type);
    }
    if let Some(media_types) = &described.accept {
        endpoint = endpoint.with_accept(media_types);
    }
    let (grant_type, grant_location) = &described.grant_type;
    authentication(&described.authentication, endpoint)
        .with_method(match described.method {
            model::Method::Post => Method::Post,
            model::Method::Get => Method::Get,
            model::Method::Put => Method::Put,
            model::Method::Delete => Method::Delete,
        })
        .with_formats(&lists.formats)
        .with_grant_type(grant_type, location(*grant_location))
        .with_copies(&lists.copies)
        .with_code_challenge(match described.code_challenge {
            model::CodeChallengeMethod::S256 => CodeChallengeMethod::S256,
            model::CodeChallengeMethod::Plain => CodeChallengeMethod::Plain,
            model::CodeChallengeMethod::None => CodeChallengeMethod::None,
        })
        .with_fields(&lists.fields)
        .with_expiry(expiry(&described.expiry))
        .with_failures(&lists.failures)
        .with_scope_separator(&described.scope_separator)
        .with_error_code(&lists.error_code)
        .with_error_description(&lists.error_description)
        .with_operations(operations)
}

fn authentication<'a>(
    described: &'a model::Authentication,
    endpoint: Endpoint<'a>,
) -> Endpoint<'a> {
    endpoint
        .with_client_auth(match described.method {
            model::ClientAuth::Auto => ClientAuth::Auto,
            model::ClientAuth::Basic => ClientAuth::Basic,
            model::ClientAuth::BasicRaw => ClientAuth::BasicRaw,
            model::ClientAuth::Body => ClientAuth::Body,
            model::ClientAuth::Query => ClientAuth::Query,
            model::ClientAuth::Header => ClientAuth::Header,
            model::ClientAuth::Secret => ClientAuth::Secret,
            model::ClientAuth::None => ClientAuth::None,
            model::ClientAuth::ClientSecretJwt => ClientAuth::ClientSecretJwt,
            model::ClientAuth::PrivateKeyJwt => ClientAuth::PrivateKeyJwt,
            model::ClientAuth::TlsClientAuth => ClientAuth::TlsClientAuth,
        })
        .with_auth_scheme(&described.scheme)
        .with_client_names(&described.client_id, &described.client_secret)
        .with_audience(match &described.audience {
            model::Audience::Url => Audience::Url,
            model::Audience::Issuer => Audience::Issuer,
            model::Audience::Fixed(text) => Audience::Fixed(text),
        })
}

fn expiry(described: &model::Expiry) -> Expiry<'_> {
    let mut expiry = Expiry::new(match described.format {
        model::ExpiryFormat::Seconds => ExpiryFormat::Seconds,
        model::ExpiryFormat::Milliseconds => ExpiryFormat::Milliseconds,
        model::ExpiryFormat::Minutes => ExpiryFormat::Minutes,
        model::ExpiryFormat::UnixSeconds => ExpiryFormat::UnixSeconds,
        model::ExpiryFormat::UnixMilliseconds => ExpiryFormat::UnixMilliseconds,
        model::ExpiryFormat::DateTime => ExpiryFormat::DateTime,
        model::ExpiryFormat::Duration => ExpiryFormat::Duration,
    });
    if let Some(pointer) = &described.pointer {
        expiry = expiry.with_pointer(pointer);
    }
    if let Some(seconds) = described.lifetime {
        expiry = expiry.with_lifetime(seconds);
    }
    expiry
}

fn server<'a>(
    described: &'a model::Server,
    variables: &'a [ServerVariable<'a>],
) -> ServerDescription<'a> {
    ServerDescription::new(&described.ident, &described.url)
        .with_description(described.description.as_deref().unwrap_or_default())
        .with_variables(variables)
}

fn server_values(server: &model::Server) -> Vec<Vec<&str>> {
    server
        .variables
        .iter()
        .map(|variable| texts(&variable.values))
        .collect()
}

fn variables<'a>(server: &'a model::Server, values: &'a [Vec<&'a str>]) -> Vec<ServerVariable<'a>> {
    zip(&server.variables, values)
        .map(|(described, values)| {
            let variable = ServerVariable::new(&described.wire)
                .with_values(values)
                .with_pattern(described.pattern.as_deref().unwrap_or_default());
            described
                .default
                .as_deref()
                .map_or(variable, |default| variable.with_default(default))
        })
        .collect()
}
