//! Swagger 2.0 is raised to OpenAPI 3.0, as far as an OAuth operation needs it.
//!
//! [The specification](https://spec.openapis.org/oas/v2.0.html) has one body per operation, in parameters; one URL, in three parts; and
//! media types beside the schemas. What is malformed is moved as it is: it may be far from any OAuth operation.

mod body;
mod form_object;
pub(crate) mod help;
mod media_types;
mod operation;
mod parameter;
mod response;
mod schema;
mod security;

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Rule};
use crate::openapi::grammar::Part;
use crate::pointer;
use crate::source::origin::Origins;
pub(crate) use media_types::beyond;
pub(crate) use schema::{raise as raise_schemas, reference_as_written};

pub(crate) use parameter::is_of_body;
pub(crate) use security::{flow_name, raise_flow};

/// The body that parameters of it make, in a document that is not Swagger 2.0 otherwise, and what is odd about them.
///
/// `schemas` are those that references name.
pub(crate) fn body_of(parameters: Vec<Value>, schemas: Option<&Value>) -> (Value, Option<Oddity>) {
    let placed = parameters
        .into_iter()
        .map(|parameter| (parameter, String::new()));
    let (mut body, oddity) = body::body(placed.collect(), &[], schemas, "", &mut Moves::new());
    schema::raise(&mut body, Part::Body);
    (body, oddity)
}

/// How a request body is read whose parameters can be understood, and are not what Swagger 2.0 allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// Several bodies, or a body of one value, are fields of one body.
    Fields,
    /// There can be one body only.
    FirstBody,
    /// A body and fields of a form exclude each other.
    BodyAndFields,
    /// A form has no objects.
    FormObject,
}

impl Oddity {
    /// Tells it of the body at `at`.
    pub(crate) fn tell(self, at: &str) -> Diagnostic {
        let message = match self {
            Self::Fields => "the parameters of the body are read as its fields",
            Self::FirstBody => "there are several bodies; the first one counts",
            Self::BodyAndFields => {
                "there are a body and fields of a form; the fields are read as members of the body"
            }
            Self::FormObject => {
                "the object in the form is read as the form: its properties are the fields"
            }
        };
        let help = "declare each field as `in: formData`, or one object as `in: body`";
        Diagnostic::new(Rule::Repaired, at, message).help(help)
    }
}

/// Raises a parameter or header of a document that is not Swagger 2.0 otherwise.
pub(crate) fn raise_parameter(value: &mut Value) {
    parameter::raise(value, "", "", &mut Moves::new());
    schema::raise(value, Part::Parameter);
}

/// Where parts of the raised document stood: `(to, from)`.
type Moves = Vec<(String, String)>;

/// Whether the tree is a Swagger 2.0 document; an error if it is one of another version.
pub(crate) fn is_swagger(tree: &Value) -> Result<bool, Diagnostic> {
    let Some(version) = tree
        .get("swagger")
        .filter(|_| tree.get("openapi").is_none())
    else {
        return Ok(false);
    };
    let text = version
        .as_str()
        .map_or_else(|| version.to_string(), |text| text.trim().to_owned());
    if text == "2" || text == "2.0" {
        return Ok(true);
    }
    let message = format!("Swagger `{text}` is not read; 2.0 is, and OpenAPI 3.0 and 3.1 are");
    Err(
        Diagnostic::new(Rule::UnsupportedVersion, "/swagger", message)
            .help("convert it to OpenAPI 3.0 or 3.1, for example with swagger2openapi"),
    )
}

/// Rewrites a Swagger 2.0 document; `document` names it in `origins`. Returns the request bodies that are odd, by where they are now.
pub(crate) fn raise(
    tree: &mut Value,
    document: &str,
    origins: &mut Origins,
) -> Vec<(String, Oddity)> {
    let mut oddities = Vec::new();
    let Some(root) = tree.as_object_mut() else {
        return oddities;
    };
    let mut moves = Moves::new();
    root.remove("swagger");
    root.insert("openapi".to_owned(), json!("3.0.3"));
    moves.push(("/openapi".to_owned(), "/swagger".to_owned()));
    // Swagger 2.0 has no such key: who adds it means it, and an overlay may.
    let has_servers = root
        .get("servers")
        .and_then(Value::as_array)
        .is_some_and(|list| !list.is_empty());
    if let Some((servers, from)) = servers(root, root.get("schemes")).filter(|_| !has_servers) {
        root.insert("servers".to_owned(), servers);
        for part in ["/servers", "/servers/0", "/servers/0/url"] {
            moves.push((part.to_owned(), from.to_owned()));
        }
    }
    let media = operation::MediaTypes::of(root);
    let parameters = root.remove("parameters").unwrap_or_default();
    let definitions = root.remove("definitions");
    let context = operation::Context {
        media: &media,
        parameters: &parameters,
        schemas: definitions.as_ref(),
    };
    let mut paths = root.remove("paths").unwrap_or_default();
    for (path, item) in paths.as_object_mut().into_iter().flatten() {
        let at = pointer::join("/paths", path);
        oddities.extend(context.item(item, &at, root, &mut moves));
    }
    root.insert("paths".to_owned(), paths);
    if let Some(definitions) = definitions {
        root.insert("definitions".to_owned(), definitions);
    }
    let components = components(root, &media, &parameters, &mut moves);
    root.insert("components".to_owned(), components);
    schema::raise(tree, Part::Document);
    origins.moved_all(&moves, document);
    oddities
}

/// `servers` for `schemes`, `host` and `basePath`, and which of them decided.
pub(crate) fn servers(
    root: &Map<String, Value>,
    schemes: Option<&Value>,
) -> Option<(Value, &'static str)> {
    let text = |key: &str| root.get(key).and_then(Value::as_str).map(str::trim);
    let base = text("basePath").unwrap_or_default().trim_end_matches('/');
    let base = match base {
        "" => String::new(),
        base if base.starts_with('/') => base.to_owned(),
        base => format!("/{base}"),
    };
    let Some(host) = text("host").filter(|host| !host.is_empty()) else {
        return (!base.is_empty()).then(|| (json!([{ "url": base }]), "/basePath"));
    };
    // Some write the scheme there.
    let (scheme, host) = host
        .split_once("://")
        .map_or((None, host), |(scheme, host)| (Some(scheme), host));
    let only_http = schemes.and_then(Value::as_array).is_some_and(|schemes| {
        schemes.contains(&json!("http")) && !schemes.contains(&json!("https"))
    });
    let scheme = scheme.unwrap_or(if only_http { "http" } else { "https" });
    let url = format!("{scheme}://{}{base}", host.trim_end_matches('/'));
    Some((json!([{ "url": url }]), "/host"))
}

fn components(
    root: &mut Map<String, Value>,
    media: &operation::MediaTypes,
    parameters: &Value,
    moves: &mut Moves,
) -> Value {
    let mut components = Map::new();
    let mut add = |key: &str, from: &str, value: Value, moves: &mut Moves| {
        moves.push((format!("/components/{key}"), from.to_owned()));
        components.insert(key.to_owned(), value);
    };
    if let Some(schemas) = root.remove("definitions") {
        add("schemas", "/definitions", schemas, moves);
    }
    if let Some(mut responses) = root.remove("responses") {
        for (name, response) in responses.as_object_mut().into_iter().flatten() {
            let to = pointer::join("/components/responses", name);
            let from = pointer::join("/responses", name);
            let produces = &media.produces;
            response::response(response, produces, &to, &from, moves);
        }
        add("responses", "/responses", responses, moves);
    }
    if let Some(parameters) = parameters.as_object() {
        let mut raised = Map::new();
        for (name, parameter) in parameters {
            let mut value = parameter.clone();
            if !parameter::is_of_body(&value) {
                let to = pointer::join("/components/parameters", name);
                let from = pointer::join("/parameters", name);
                parameter::raise(&mut value, &to, &from, moves);
            }
            raised.insert(name.clone(), value);
        }
        add("parameters", "/parameters", Value::Object(raised), moves);
    }
    if let Some(mut schemes) = root.remove("securityDefinitions") {
        for (name, scheme) in schemes.as_object_mut().into_iter().flatten() {
            security::raise(scheme, name, moves);
        }
        add("securitySchemes", "/securityDefinitions", schemes, moves);
    }
    Value::Object(components)
}

#[cfg(test)]
mod tests;
