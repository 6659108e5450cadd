//! Request parameters, wherever a document puts them.

use std::collections::BTreeMap;

use openapiv3::{
    OpenAPI, Operation, Parameter as ApiParameter, ParameterSchemaOrContent, PathItem, ReferenceOr,
    RequestBody,
};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::client_auth::Seen;
use crate::model::schema::{Kind, SchemaRef, Schemas, Shape};
use crate::model::server::template_names;
use crate::model::types::{enum_def, type_name, unusable};
use crate::model::{BodyFormat, Location, Parameter, ParameterKind, name, rfc};
use crate::pointer;
use crate::prune::Site;
use crate::reference::component_name;

/// A parameter as the document has it, before it is given to grants.
#[derive(Debug, Clone)]
pub(crate) struct Declared<'a> {
    pub(crate) shape: Shape<'a>,
    pub(crate) location: Location,
    pub(crate) required: bool,
    pub(crate) description: Option<&'a str>,
}

/// All that an operation takes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Declarations<'a> {
    /// Parameters of every request, by name.
    pub(crate) common: BTreeMap<&'a str, Declared<'a>>,
    /// What one of several request bodies adds: the values of `grant_type` that it is for, and its parameters.
    pub(crate) branches: Vec<Branch<'a>>,
    pub(crate) formats: Vec<BodyFormat>,
    pub(crate) seen: Seen,
}

/// A `oneOf` branch of a request body.
#[derive(Debug, Clone)]
pub(crate) struct Branch<'a> {
    pub(crate) grants: Vec<String>,
    pub(crate) description: Option<&'a str>,
    pub(crate) parameters: BTreeMap<&'a str, Declared<'a>>,
}

/// Collects what an operation takes from its parameters and its request body.
pub(crate) fn declarations<'a>(
    api: &'a OpenAPI,
    item: &'a PathItem,
    operation: &'a Operation,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Declarations<'a> {
    let schemas = Schemas { api };
    let mut found = Declarations::default();
    let item_at = at.rsplit_once('/').map_or(at, |(item, _)| item);
    // The first of a name counts: an operation's own parameters override its path's.
    for (owner, parameters) in [(at, &operation.parameters), (item_at, &item.parameters)] {
        for (index, parameter) in parameters.iter().enumerate() {
            let place = pointer::join_all(owner, &["parameters", &index.to_string()]);
            if let Some((parameter, place)) = resolve_parameter(api, parameter, place) {
                found.parameter(parameter, &place, schemas, diagnostics);
            }
        }
    }
    if let Some(body) = &operation.request_body {
        let place = pointer::join(at, "requestBody");
        if let Some((body, place)) = resolve_body(api, body, place) {
            found.body(body, &place, schemas, diagnostics);
        }
    } else {
        found.formats = vec![BodyFormat::Form];
    }
    found
}

fn resolve_parameter<'a>(
    api: &'a OpenAPI,
    parameter: &'a ReferenceOr<ApiParameter>,
    at: String,
) -> Option<(&'a ApiParameter, String)> {
    match parameter {
        ReferenceOr::Item(parameter) => Some((parameter, at)),
        ReferenceOr::Reference { reference } => {
            let name = component_name(reference, "parameters")?;
            let target = api.components.as_ref()?.parameters.get(&name)?;
            resolve_parameter(api, target, pointer::join("/components/parameters", &name))
        }
    }
}

fn resolve_body<'a>(
    api: &'a OpenAPI,
    body: &'a ReferenceOr<RequestBody>,
    at: String,
) -> Option<(&'a RequestBody, String)> {
    match body {
        ReferenceOr::Item(body) => Some((body, at)),
        ReferenceOr::Reference { reference } => {
            let name = component_name(reference, "requestBodies")?;
            let target = api.components.as_ref()?.request_bodies.get(&name)?;
            resolve_body(
                api,
                target,
                pointer::join("/components/requestBodies", &name),
            )
        }
    }
}

/// How a body of this media type is written; `None` when it is neither form nor JSON.
pub(crate) fn body_format(media_type: &str) -> Option<BodyFormat> {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" | "*/*" | "application/*" => Some(BodyFormat::Form),
        "application/json" | "text/json" => Some(BodyFormat::Json),
        _ if essence.ends_with("+json") => Some(BodyFormat::Json),
        _ => None,
    }
}

impl<'a> Declarations<'a> {
    fn parameter(
        &mut self,
        parameter: &'a ApiParameter,
        at: &str,
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) {
        let data = parameter.parameter_data_ref();
        let location = match parameter {
            ApiParameter::Query { .. } => Location::Query,
            ApiParameter::Header { .. } => Location::Header,
            ApiParameter::Path { .. } => Location::Path,
            ApiParameter::Cookie { .. } => {
                diagnostics.push(
                    Diagnostic::new(Rule::Unsupported, at, "a token request sends no cookies")
                        .help("remove the parameter"),
                );
                return;
            }
        };
        if location == Location::Header && self.engine_header(&data.name) {
            return;
        }
        let shape = match &data.format {
            ParameterSchemaOrContent::Schema(schema) => schemas.shape(
                &SchemaRef::new(schema, pointer::join(at, "schema")),
                diagnostics,
            ),
            ParameterSchemaOrContent::Content(_) => Shape {
                pointer: at.to_owned(),
                ..Shape::default()
            },
        };
        // A path is not whole without its parameters.
        let required = data.required || location == Location::Path;
        let declared = Declared {
            shape,
            location,
            required,
            description: data.description.as_deref(),
        };
        self.add(&data.name, declared);
    }

    /// Headers that the engine writes by itself.
    fn engine_header(&mut self, name: &str) -> bool {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        self.seen.authorization_header |= is("authorization");
        is("authorization") || is("content-type") || is("accept") || is("content-length")
    }

    fn body(
        &mut self,
        body: &'a RequestBody,
        at: &str,
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) {
        let mut media: Vec<_> = body
            .content
            .iter()
            .filter_map(|(media_type, media)| Some((body_format(media_type)?, media_type, media)))
            .collect();
        // Form first, as RFC 6749 asks: the order of keys in a document means nothing.
        media.sort_by_key(|(format, media_type, _)| (*format, media_type.as_str()));
        if media.is_empty() {
            let types: Vec<&str> = body.content.keys().map(String::as_str).collect();
            diagnostics.push(
                Diagnostic::new(
                    Rule::UnknownMediaType,
                    pointer::join(at, "content"),
                    format!(
                        "a token request cannot be written as `{}`",
                        types.join("`, `")
                    ),
                )
                .help(
                    "declare `application/x-www-form-urlencoded` (RFC 6749) or `application/json`",
                ),
            );
        }
        for (format, media_type, media) in media {
            if !self.formats.contains(&format) {
                self.formats.push(format);
            }
            if let Some(schema) = &media.schema {
                let place = pointer::join_all(at, &["content", media_type, "schema"]);
                let shape = schemas.shape(&SchemaRef::new(schema, place), diagnostics);
                self.body_schema(shape, schemas, diagnostics);
            }
        }
    }

    fn body_schema(
        &mut self,
        shape: Shape<'a>,
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) {
        for (name, declared) in properties(&shape, schemas, diagnostics) {
            self.add(name, declared);
        }
        for branch in &shape.branches {
            let parameters = properties(branch, schemas, diagnostics);
            let mut grants = parameters
                .get("grant_type")
                .map(|declared| grant_values(&declared.shape))
                .unwrap_or_default();
            if grants.is_empty() && shape.discriminator == Some("grant_type") {
                grants = shape.discriminating_values(branch);
            }
            for (name, declared) in &parameters {
                self.note(name, declared);
            }
            self.branches.push(Branch {
                grants,
                description: branch.description,
                parameters,
            });
        }
    }

    /// A name between braces in the path is a parameter, whether the document declares it or not.
    pub(crate) fn complete_path(&mut self, site: &'a Site) {
        for name in template_names(&site.path) {
            let shape = Shape {
                pointer: site.pointer.clone(),
                kind: Kind::Text,
                ..Shape::default()
            };
            let undeclared = Declared {
                shape,
                location: Location::Path,
                required: true,
                description: None,
            };
            self.common.entry(name).or_insert(undeclared);
        }
    }

    fn add(&mut self, name: &'a str, declared: Declared<'a>) {
        self.note(name, &declared);
        self.common.entry(name).or_insert(declared);
    }

    fn note(&mut self, name: &str, declared: &Declared<'_>) {
        self.seen.id |= name == "client_id";
        self.seen.secret |= name == "client_secret";
        self.seen.secret_required |= name == "client_secret" && declared.required;
        self.seen.assertion |= name == "client_assertion";
    }
}

fn properties<'a>(
    shape: &Shape<'a>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<&'a str, Declared<'a>> {
    let declared = |name: &'a str, schema: &SchemaRef<'a>, diagnostics: &mut Diagnostics| {
        let property = schemas.shape(schema, diagnostics);
        let description = property.description;
        Declared {
            shape: property,
            location: Location::Body,
            required: shape.required.contains(name),
            description,
        }
    };
    shape
        .properties
        .iter()
        .map(|(name, schema)| (*name, declared(name, schema, diagnostics)))
        .collect()
}

/// The values that a `grant_type` schema allows: enum or const, default, single example, or a literal pattern.
pub(crate) fn grant_values(shape: &Shape<'_>) -> Vec<String> {
    let shape = shape.clone().united();
    if !shape.values.is_empty() {
        let mut values = shape.values;
        values.sort();
        values.dedup();
        return values;
    }
    let literal = shape.pattern.and_then(literal_alternatives);
    literal
        .or_else(|| Some(vec![shape.default.or(shape.example)?]))
        .unwrap_or_default()
}

/// `^a$` and `^(a|b)$` allow a fixed set of values.
fn literal_alternatives(pattern: &str) -> Option<Vec<String>> {
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let inner = inner
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(inner);
    let is_literal = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-:/".contains(c))
    };
    let alternatives: Vec<String> = inner.split('|').map(str::to_owned).collect();
    alternatives
        .iter()
        .all(|text| is_literal(text))
        .then_some(alternatives)
}

/// The model of one parameter as a grant takes it.
pub(crate) fn parameter(
    wire: &str,
    declared: &Declared<'_>,
    required: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Parameter> {
    let shape = &declared.shape;
    let Some(ident) = name::snake(wire) else {
        diagnostics.push(unusable(wire, &shape.pointer));
        return None;
    };
    let reserved = ["extra", "path", "new"].contains(&ident.as_str());
    let kind = kind(wire, declared, diagnostics)?;
    Some(Parameter {
        wire: wire.to_owned(),
        ident: if reserved {
            format!("{ident}_parameter")
        } else {
            ident
        },
        description: declared
            .description
            .or(shape.description)
            .map(str::to_owned),
        location: declared.location,
        required,
        secret: matches!(kind, ParameterKind::Text)
            && (shape.is_password || rfc::is_secret_parameter(wire)),
        min_length: shape
            .min_length
            .and_then(|length| u32::try_from(length).ok())
            .filter(|length| *length > 0),
        max_length: shape
            .max_length
            .and_then(|length| u32::try_from(length).ok()),
        pattern: pattern(shape, diagnostics),
        default: shape
            .default
            .clone()
            .filter(|_| matches!(kind, ParameterKind::Text | ParameterKind::Enum(_))),
        kind,
    })
}

fn kind(
    wire: &str,
    declared: &Declared<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ParameterKind> {
    let shape = &declared.shape;
    Some(match shape.kind {
        Kind::Text | Kind::Any if wire == "scope" => ParameterKind::Scopes,
        Kind::Text if !shape.values.is_empty() => {
            let ident = type_name(shape.name.unwrap_or(wire), &shape.pointer, diagnostics)?;
            ParameterKind::Enum(enum_def(shape, ident, wire, diagnostics))
        }
        Kind::Text | Kind::Any => ParameterKind::Text,
        Kind::Integer => ParameterKind::Integer,
        Kind::Number => ParameterKind::Number,
        Kind::Boolean => ParameterKind::Boolean,
        Kind::List => ParameterKind::TextList,
        Kind::Object => {
            if declared.required {
                diagnostics.push(
                    Diagnostic::new(
                        Rule::Unsupported,
                        &shape.pointer,
                        format!("the parameter `{wire}` is an object, which is not supported yet"),
                    )
                    .help("where the provider takes it as a string, write `type: string`"),
                );
            }
            return None;
        }
    })
}

/// A pattern, if the runtime can check it.
fn pattern(shape: &Shape<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let pattern = shape.pattern?;
    match regex_lite::Regex::new(pattern) {
        Ok(_) => Some(pattern.to_owned()),
        Err(error) => {
            diagnostics.push(
                Diagnostic::new(
                    Rule::Pattern,
                    pointer::join(&shape.pointer, "pattern"),
                    format!("the pattern is not checked before sending: {error}"),
                )
                .help("write it without look-around, back-references and Unicode classes"),
            );
            None
        }
    }
}
