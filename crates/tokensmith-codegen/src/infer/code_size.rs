//! How much code a model becomes.

use crate::model::{
    Endpoint, EnumDef, Examples, Model, Operation, Parameter, ParameterKind, TypeDef,
};

/// Bytes of code that stand around each part whatever it is called: more than any part of its kind has.
const TYPE: usize = 2_500;
const FIELD: usize = 500;
const VARIANT: usize = 300;
const OPERATION: usize = 4_000;
const PARAMETER: usize = 1_500;
const SERVER: usize = 500;
const SCOPE: usize = 500;
const EXAMPLE: usize = 3_000;

/// About as many bytes as the files of the crate have, and rarely fewer.
pub(super) fn code_size(model: &Model) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, |text| 2 * text.len());
    let types = model.types.iter().map(|def| match def {
        TypeDef::Struct(def) => {
            let fields = def.fields.iter();
            let fields =
                fields.map(|field| FIELD + 8 * field.wire.len() + text(&field.description));
            TYPE + text(&def.description) + fields.sum::<usize>()
        }
        TypeDef::Enum(def) => of_enum(def) + text(&def.description),
    });
    let servers = model.servers.iter().map(|server| {
        let variables = server.variables.iter().map(|variable| {
            let values = variable.values.iter().map(|value| 2 * value.len() + 8);
            SERVER + text(&variable.description) + values.sum::<usize>()
        });
        SERVER + 4 * server.url.len() + text(&server.description) + variables.sum::<usize>()
    });
    let scopes = model.scopes.iter().map(|scope| {
        SCOPE * (1 + scope.parameters.len()) + 4 * scope.wire.len() + text(&scope.description)
    });
    types.sum::<usize>()
        + servers.sum::<usize>()
        + scopes.sum::<usize>()
        + model.endpoints.iter().map(of_endpoint).sum::<usize>()
        + 2 * text(&model.description)
}

fn of_enum(def: &EnumDef) -> usize {
    let variants = def.variants.iter();
    TYPE + variants
        .map(|variant| VARIANT + 5 * variant.wire.len())
        .sum::<usize>()
}

fn of_endpoint(endpoint: &Endpoint) -> usize {
    let operations = endpoint.operations.iter().map(of_operation);
    let paths = endpoint
        .paths
        .iter()
        .map(|path| SERVER + 4 * path.path.len());
    let errors = endpoint
        .errors
        .iter()
        .map(|error| FIELD + error.description.as_ref().map_or(0, |text| 2 * text.len()));
    let pointers = endpoint.attributes.access_token.iter().map(String::len);
    let failures = endpoint
        .attributes
        .failures
        .iter()
        .flat_map(|failure| &failure.values);
    let description = endpoint.description.as_ref();
    OPERATION
        + description.map_or(0, |text| 4 * text.len())
        + operations.sum::<usize>()
        + paths.sum::<usize>()
        + errors.sum::<usize>()
        + pointers.map(|length| FIELD + length).sum::<usize>()
        + failures.map(|value| FIELD + value.len()).sum::<usize>()
        + of_examples(&endpoint.examples)
}

fn of_operation(operation: &Operation) -> usize {
    let description = operation
        .description
        .as_ref()
        .map_or(0, |text| 3 * text.len());
    OPERATION + description + operation.parameters.iter().map(of_parameter).sum::<usize>()
}

fn of_parameter(parameter: &Parameter) -> usize {
    let texts = [
        &parameter.description,
        &parameter.example,
        &parameter.default,
        &parameter.pattern,
    ];
    let texts = texts.into_iter().flatten().map(|text| 3 * text.len());
    let values = parameter.values.iter().map(|value| 3 * value.len() + 8);
    let variants = match &parameter.kind {
        ParameterKind::Enum(def) => of_enum(def),
        _ => 0,
    };
    PARAMETER + 12 * parameter.wire.len() + texts.sum::<usize>() + values.sum::<usize>() + variants
}

fn of_examples(examples: &Examples) -> usize {
    let requests = examples.requests.iter().map(|request| {
        let body = request
            .body
            .iter()
            .map(|(name, value)| 100 + 3 * name.len() + length(value));
        EXAMPLE + body.sum::<usize>()
    });
    let responses = examples
        .responses
        .iter()
        .map(|response| EXAMPLE + 4 * response.body.len());
    requests.sum::<usize>() + responses.sum::<usize>()
}

/// About as many bytes as a value has as JSON.
pub(super) fn length(value: &serde_json::Value) -> usize {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            let members = members.iter();
            members
                .map(|(name, member)| name.len() + 8 + length(member))
                .sum()
        }
        Value::Array(items) => items.iter().map(|item| 4 + length(item)).sum(),
        Value::String(text) => 3 * text.len(),
        _ => 20,
    }
}
