//! A model as the runtime reads it, without code being generated.

use tokensmith_description as table;
use tokensmith_description::{Description, ServerDescription, Shelves};

use crate::model::{Endpoint, Model, Operation, Parameter, ParameterKind, Server, ServerVariable};

impl Model {
    /// Describes the provider as its generated crate would, for as long as `shelves` keeps the lists.
    pub fn describe<'a>(&'a self, shelves: &'a Shelves<'a>) -> Description<'a> {
        let servers = self.servers.iter().map(|server| server.describe(shelves));
        let endpoints = self.endpoints.iter();
        let endpoints = endpoints.map(|endpoint| endpoint.describe(shelves));
        let endpoints = shelves.endpoints.keep(endpoints);
        Description::new(&self.name, &self.title)
            .with_servers(shelves.servers.keep(servers))
            .with_endpoints(shelves.endpoint_lists.keep(endpoints))
    }
}

impl Endpoint {
    fn describe<'a>(&'a self, shelves: &'a Shelves<'a>) -> table::Endpoint<'a> {
        let paths = self.paths.iter().map(|choice| choice.path.as_str());
        let servers = self.servers.iter();
        let servers = servers.map(|own| (own.server.as_str(), own.url.as_str()));
        let operations = self.operations.iter();
        let operations = operations.map(|operation| operation.describe(shelves));
        let operations = shelves.operations.keep(operations);
        let endpoint = table::Endpoint::new(self.kind, shelves.texts.keep(paths))
            .with_servers(shelves.pairs.keep(servers))
            .with_operations(shelves.operation_lists.keep(operations));
        self.attributes.describe(endpoint, shelves)
    }
}

impl Operation {
    fn describe<'a>(&'a self, shelves: &'a Shelves<'a>) -> table::Operation<'a> {
        let parameters = self.parameters.iter();
        let parameters = parameters.map(|parameter| parameter.describe(shelves));
        let operation = match &self.grant {
            Some(grant) => table::Operation::grant(grant),
            None => table::Operation::new(),
        };
        let mut operation = operation.with_parameters(shelves.parameters.keep(parameters));
        if self.one_time {
            operation = operation.one_time();
        }
        if self.names_client {
            operation = operation.naming_client();
        }
        operation
    }
}

impl Parameter {
    fn describe<'a>(&'a self, shelves: &'a Shelves<'a>) -> table::Parameter<'a> {
        let values = match &self.kind {
            ParameterKind::Enum(def) => {
                let variants = def.variants.iter();
                shelves
                    .texts
                    .keep(variants.map(|variant| variant.wire.as_str()))
            }
            _ => shelves.texts(self.checked_values()),
        };
        let mut parameter = table::Parameter::new(&self.wire)
            .with_values(values)
            .with_location(self.location)
            .with_kind(self.kind.on_the_wire());
        if self.required {
            parameter = parameter.required();
        }
        if self.secret {
            parameter = parameter.secret();
        }
        if let Some(prefix) = &self.prefix {
            parameter = parameter.with_prefix(prefix);
        }
        if let Some(separator) = &self.separator {
            parameter = parameter.with_separator(separator);
        }
        if let Some(characters) = self.min_length {
            parameter = parameter.with_min_length(characters);
        }
        if let Some(characters) = self.max_length {
            parameter = parameter.with_max_length(characters);
        }
        if let Some(pattern) = &self.pattern {
            parameter = parameter.with_pattern(pattern);
        }
        if let Some(default) = self.sent_default() {
            parameter = parameter.with_default(default);
        }
        if self.random_uuid {
            parameter = parameter.with_random_uuid();
        }
        parameter
    }
}

impl ParameterKind {
    /// Returns the type that the runtime knows: it sends scopes, assertions and the values of an enum
    /// as what they are made of.
    pub(crate) fn on_the_wire(&self) -> table::ParameterKind {
        match self {
            Self::Text | Self::Scopes { list: false } | Self::Assertion | Self::Enum(_) => {
                table::ParameterKind::Text
            }
            Self::Integer => table::ParameterKind::Integer,
            Self::Number => table::ParameterKind::Number,
            Self::Boolean => table::ParameterKind::Boolean,
            Self::TextList | Self::ScalarList { json: false, .. } | Self::Scopes { list: true } => {
                table::ParameterKind::TextList
            }
            Self::Json { list: false } => table::ParameterKind::Json,
            Self::Json { list: true } | Self::ScalarList { json: true, .. } => {
                table::ParameterKind::JsonList
            }
        }
    }
}

impl Server {
    fn describe<'a>(&'a self, shelves: &'a Shelves<'a>) -> ServerDescription<'a> {
        let variables = self.variables.iter();
        let variables = variables.map(|variable| variable.describe(shelves));
        let server = ServerDescription::new(&self.ident, &self.url)
            .with_description(self.description.as_deref().unwrap_or_default())
            .with_variables(shelves.server_variables.keep(variables));
        match &self.issuer {
            Some(issuer) => server.with_issuer(issuer),
            None => server,
        }
    }
}

impl ServerVariable {
    fn describe<'a>(&'a self, shelves: &'a Shelves<'a>) -> table::ServerVariable<'a> {
        let variable = table::ServerVariable::new(&self.wire)
            .with_values(shelves.texts(&self.values))
            .with_pattern(self.pattern.as_deref().unwrap_or_default());
        match &self.default {
            Some(default) => variable.with_default(default),
            None => variable,
        }
    }
}
